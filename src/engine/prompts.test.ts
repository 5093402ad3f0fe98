import { expect, it } from 'vitest';
import { silentCode } from '../../test/builders/code.ts';
import { aFlow } from '../../test/builders/flow.ts';
import { createVirtualClock } from '../../test/virtual-clock.ts';
import type { HookAnswer, HookName } from '../domain/hooks.ts';
import type { Unknown } from '../domain/facts.ts';
import { deskId, personId } from '../domain/names.ts';
import type { DeskCode } from './ports/desk-code.ts';
import { createPrompts, type Prompt } from './prompts.ts';

const clock = createVirtualClock();
const flow = aFlow({
  code: {
    file: 'flows/production.ts',
    hooks: ['on_prompt', 'after_prompt'],
    answers: ['available'],
    hosts: [],
    vars: {},
  },
});
const prompt: Prompt = { desk: deskId('github', 1), flow, person: personId('ann'), source: 'slack' };

function promptsWith(code: Partial<DeskCode>) {
  return createPrompts({ code: { ...silentCode, ...code }, clock });
}

async function opening(answer: HookAnswer | Unknown, afterMs = 0): Promise<string | undefined> {
  const { opening } = promptsWith({
    async hook() {
      await clock.sleep(afterMs);
      return answer;
    },
  });
  return clock.settle(opening(prompt), 60_000);
}

it('shows what the code says in place of the form, as long as it says it in time', async () => {
  const no = { answer: 'ignore', message: 'Do the training first.' } as const;
  expect(await opening(no, 4_900)).toBe('Do the training first.');
  expect(await opening(no, 5_100)).toBeUndefined();
  expect(await opening({ answer: 'go-on' })).toBeUndefined();
  expect(await opening({ unknown: 'it threw' })).toBeUndefined();
});

it('holds a flow for open unless its code says within a second that it is not', async () => {
  const available = async (answer: { readonly why: string } | Unknown, afterMs: number) =>
    clock.settle(
      promptsWith({
        async available() {
          await clock.sleep(afterMs);
          return answer;
        },
      }).available(prompt),
      60_000,
    );
  expect(await available({ why: 'A freeze.' }, 900)).toEqual({ why: 'A freeze.' });
  expect(await available({ why: 'A freeze.' }, 1_100)).toBe('open');
  expect(await available({ unknown: 'it threw' }, 0)).toBe('open');
});

it('asks of a long list a few at a time, and none that nobody waits for any more', async () => {
  let asked = 0;
  const { available } = promptsWith({
    async available() {
      asked += 1;
      await clock.sleep(400);
      return { why: 'A freeze.' };
    },
  });
  const list = await clock.settle(Promise.all(Array.from({ length: 60 }, () => available(prompt))), 60_000);
  expect(list.filter((answer) => answer !== 'open')).toHaveLength(6);
  await clock.advance(60_000);
  expect(asked).toBe(9);
});

it('tells the code who opens which form, and asks nothing of a flow without such code', async () => {
  const asked: (readonly [HookName | 'available', string, string])[] = [];
  const prompts = promptsWith({
    async hook({ hook, event: { request } }) {
      asked.push([hook, request.status, request.requester]);
      return { answer: 'go-on' };
    },
    async available({ event: { request } }) {
      asked.push(['available', request.status, request.requester]);
      return 'open';
    },
  });
  for (const each of [prompt, { ...prompt, flow: aFlow() }]) {
    await prompts.available(each);
    await prompts.opening(each);
    await prompts.opened(each);
  }
  expect(asked).toEqual([
    ['available', 'prompted', 'ann'],
    ['on_prompt', 'prompted', 'ann'],
    ['after_prompt', 'prompted', 'ann'],
  ]);
});

it('lets nobody who opens forms again and again fill the places of code that decides', async () => {
  let running = 0;
  let most = 0;
  let asked = 0;
  const prompts = promptsWith({
    async hook() {
      asked += 1;
      running += 1;
      most = Math.max(most, running);
      await clock.sleep(10_000);
      running -= 1;
      return { answer: 'go-on' };
    },
  });
  const opened = Promise.all(
    Array.from({ length: 60 }, () => Promise.all([prompts.opening(prompt), prompts.opened(prompt)])),
  );
  await clock.settle(opened, 3_600_000);
  expect(most).toBe(3);
  expect(asked).toBeLessThan(30);
});
