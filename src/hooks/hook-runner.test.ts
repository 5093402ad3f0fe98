import { afterAll, expect, test } from 'vitest';
import { systemClock } from '../app/system.ts';
import type { Desk } from '../desk/desk.ts';
import type { HookName, HookQuestion } from '../domain/hooks.ts';
import { deskId, instant, personId, requestId } from '../domain/names.ts';
import { Failure } from '../engine/ports.ts';
import { createCodeRooms } from './code-rooms.ts';
import { createHookRunner } from './hook-runner.ts';

const file = 'flows/production.ts';
const code = `
import { approve, deny, ignore, output, type AfterHook, type OnHook } from 'countersign/sdk';

export const on_request: OnHook<'request'> = ({ request, flow }) => {
  if (request.fields['how'] === 'approve') return approve({ steps: ['data-owner'], reason: \`\${request.requester.name} of \${flow.vars['team']}\` });
  if (request.fields['how'] === 'ignore') return ignore('Train first,\\n' + request.requester.email);
  if (request.fields['how'] === 'deny') return deny({ reason: request.requester.role });
  if (request.fields['how'] === 'throw') throw new Error('no luck');
  if (request.fields['how'] === 'nonsense') return { answer: 'open sesame' } as any;
  return output({ at: new Date().toISOString(), account: request.requester.accounts['okta'] ?? '' });
};
export const after_approve: AfterHook<'approve'> = (event) => event.request.fields['how'] === 'deny' ? (deny({ reason: 'too late' }) as any) : undefined;
`;
const person = {
  id: personId('ann'),
  name: 'Ann Ortega',
  role: 'member',
  email: 'ann@acme.com',
  accounts: { okta: '00u1' },
} as const;
const files: Desk = {
  commit: 'c0ffee',
  flows: new Map(),
  diagnostics: [],
  code: { [file]: code },
  people: { persons: new Map([[person.id, person]]), byAccount: new Map() },
};
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const rooms = createCodeRooms({ capabilities: {}, clock: systemClock, log });
afterAll(() => rooms.stop());

let outage: Failure | undefined;
const runner = createHookRunner({
  rooms,
  desk: async () => {
    if (outage) throw outage;
    return files;
  },
  deskAt: async () => files,
  belongs: async (_desk, _person, asked) => asked === 'role:admin',
  grants: async () => ({ calls: [], hosts: [] }),
});

function question(hook: HookName, how: string): HookQuestion & { desk: ReturnType<typeof deskId> } {
  const at = instant(Date.UTC(2026, 10, 20, 9));
  return {
    desk: deskId('github', 1),
    flow: { name: 'production', commit: 'c0ffee' },
    code: { file, hooks: [hook], hosts: [], vars: { team: 'data' } },
    hook,
    event: {
      at,
      flow: { name: 'production', label: 'Production' },
      request: {
        id: requestId('01R'),
        status: 'pending',
        requester: person.id,
        source: 'github',
        requestedAt: at,
        fields: { how },
        approvals: [],
      },
      outputs: {},
    },
  };
}

test.each([
  ['approve', { answer: 'approve', steps: ['data-owner'], reason: 'Ann Ortega of data' }],
  ['ignore', { answer: 'ignore', message: 'Train first, ann@acme.com' }],
  ['deny', { answer: 'deny', reason: 'admin' }],
  ['keep', { answer: 'go-on', values: { at: '2026-11-20T09:00:00.000Z', account: '00u1' } }],
])('a hook that is to %s says so, and knows who asks', async (how, answer) => {
  expect(await runner.hook(question('on_request', how))).toEqual(answer);
});

test.each([
  ['throws', 'on_request', 'throw', 'no luck'],
  ['answers nonsense', 'on_request', 'nonsense', 'none of the answers'],
  ['would decide after the step', 'after_approve', 'deny', 'may not answer'],
  ['is not there', 'on_deny', 'keep', 'no such export'],
] as const)('a hook that %s comes to no answer', async (_, hook, how, why) => {
  expect(await runner.hook(question(hook, how))).toEqual({ unknown: expect.stringContaining(why) });
});

test('an outage of the desk’s files is no answer, and no error', async () => {
  outage = new Failure('GitHub does not answer.', { transient: true });
  expect(await runner.hook(question('on_request', 'approve'))).toEqual({
    unknown: 'GitHub does not answer.',
  });
  outage = undefined;
});
