import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../app/system.ts';
import { deskId, plus, requestId } from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { Ran } from '../engine/ports/actions.ts';
import { createActionCode } from './action-code.ts';
import { createCodeRooms, type CodeRooms } from './code-rooms.ts';

/** Of the same desk at two commits. */
const gate = (word: string): string => `
import { giveUp, http, output, type Action } from 'countersign/sdk';
export const tell: Action = (event) => output({ word: '${word}', heard: JSON.stringify(event), now: new Date().toISOString() });
export const nothing: Action = () => undefined;
export const never: Action = () => giveUp('There is\\nno such gate.');
export const broken: Action = () => { throw new Error('The gate is stuck.'); };
export const odd = () => ({ answer: 'approve', reason: 'x' });
export const nested: Action = () => output({ a: { b: 1 } });
export const calls: Action = async () => { await http({ url: 'https://gate.acme.com/' }); };
`;

const calls: (string | undefined)[] = [];
let rooms: CodeRooms;
beforeAll(() => {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const capabilities = {
    async http({ grants }: { readonly grants: { readonly notAfter?: string } }) {
      calls.push(grants.notAfter);
      return { status: 200, json: null, text: '' };
    },
  };
  rooms = createCodeRooms({ capabilities, clock: systemClock, log });
});
afterAll(() => rooms.stop());

const event = {
  request: requestId('01JD0000000000000000000001'),
  key: '01JD0000000000000000000001-1',
  isRepeated: false,
  input: { gate: 'north', tags: ['a', 'b'] },
};
const notAfter = plus(systemClock.now(), 3_600_000);

function run(name: string, { commit = 'old', file = 'flows/gate.ts' } = {}): Promise<Ran> {
  const code = createActionCode({
    rooms,
    clock: systemClock,
    deskAt: async (_, at) => ({ code: { 'flows/gate.ts': gate(at) } }),
    grants: async (_, hosts) => ({ calls: ['http'], hosts }),
  });
  const signal = new AbortController().signal;
  const call = { desk: deskId('github', 1), commit, notAfter, signal };
  return code.run({ ...call, file, function: name, hosts: ['gate.acme.com'], event });
}

test('it is told what the flow gives it, and its texts are kept', async () => {
  const { recorded = {} } = await run('tell');
  const { at, ...heard }: { readonly at: string } = JSON.parse(recorded['heard'] ?? '{}');
  expect(heard).toEqual(event);
  expect(recorded).toMatchObject({ word: 'old', now: at });
  expect(await run('nothing')).toEqual({});
});

test('it is the code of the commit that the request is pinned to', async () => {
  expect((await run('tell', { commit: 'new' })).recorded?.['word']).toBe('new');
  expect((await run('tell', { commit: 'old' })).recorded?.['word']).toBe('old');
});

test('no call of it leaves after the end of the approval', async () => {
  await run('calls');
  expect(calls).toEqual([notAfter]);
});

test.each([
  ['it gives up', 'never', { transient: false }, 'The code says: There is no such gate.'],
  [
    'it throws',
    'broken',
    { transient: true },
    'The code came to no end: The gate is stuck. (flows/gate.ts:6)',
  ],
  ['it answers what only a hook may', 'odd', { transient: false }, 'answered what an action may not'],
  ['it keeps what is no text', 'nested', { transient: false }, 'What the code keeps is not texts'],
  ['it is not there', 'gone', { transient: false, isUntouched: true }, 'no such export'],
])('where %s, that is said, and whether to try again', async (_, name, kind, words) => {
  const thrown: unknown = await run(name).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(Failure);
  expect(thrown).toMatchObject(kind);
  expect(String(thrown)).toContain(words);
});
