import { describe, expect, test } from 'vitest';
import { aHouse, type Doubles } from '../../test/builders/house.ts';
import { aDesk } from '../../test/builders/history.ts';
import { aGrant } from '../../test/builders/request.ts';
import { silentCode } from '../../test/builders/code.ts';
import type { Answers, Question } from '../domain/facts.ts';
import type { AnswerQuestion } from '../domain/hooks.ts';
import { instant, personId, requestId } from '../domain/names.ts';
import { GatheredFacts } from './gather.ts';
import { Failure } from './ports/failure.ts';
import type { AccessControl } from './ports/access.ts';
import type { DeskCode } from './ports/desk-code.ts';
import type { Store } from './ports/store.ts';

type Live = Awaited<ReturnType<Store['live']>>;

const question = { ask: 'access', strategy: { type: 'toy' }, settings: {}, person: personId('ann') } as const;
const ours = { request: requestId('R1'), grant: aGrant({ before: 'triage' }) };

/** What is said of the access while our own grants come and go between the looks. */
async function looked(live: readonly Live[], access: Doubles['access'] = {}): Promise<Answers['access']> {
  const house = await aHouse({ access });
  let asked = 0;
  const store: Store = {
    ...house.store,
    live: async () => {
      asked += 1;
      return live[Math.min(asked, live.length) - 1] ?? [];
    },
  };
  const facts = new GatheredFacts(aDesk, { ...house.parts, store });
  await facts.answer([question]);
  const answer = facts.get(question);
  if (answer === undefined) throw new Error('It was not answered.');
  return answer;
}

describe('what an account holds', () => {
  test('is certain where our grants are the same before and after', async () => {
    expect(await looked([[ours]])).toMatchObject({
      holds: 'none',
      live: [{ request: ours.request, before: 'triage' }],
    });
    expect(await looked([[]])).toMatchObject({ live: [] });
  });

  test('is looked at again where one of ours began or ended meanwhile', async () => {
    let looks = 0;
    const look = async () => {
      looks += 1;
      return { resource: 'r', account: 'a', wanted: 'member', holds: `look ${looks}`, covered: false };
    };
    expect(await looked([[], [ours], [ours]], { look })).toMatchObject({
      holds: 'look 3',
      live: [{ before: 'triage' }],
    });
  });

  test('cannot be said while they keep changing', async () => {
    expect(await looked([[], [ours], []])).toMatchObject({ missing: 'unavailable' });
  });

  test('cannot be said where the target does not answer, and a bug is not taken for that', async () => {
    const failing = (error: Error) => ({
      look: async () => {
        throw error;
      },
    });
    expect(await looked([[]], failing(new Failure('Down.', { transient: true })))).toEqual({
      missing: 'unavailable',
      why: 'Down.',
    });
    await expect(looked([[]], failing(new TypeError('a bug')))).rejects.toThrow('a bug');
  });

  test('is said as the strategy says it where there is no such account', async () => {
    const missing = { missing: 'no-identity', service: 'okta', why: 'unknown' } as const;
    expect(await looked([[]], { look: async () => missing })).toEqual(missing);
  });
});

test('each question is answered once, and every round sees the same world', async () => {
  const house = await aHouse();
  const facts = new GatheredFacts(aDesk, house.parts);
  const account = house.asks('ann-o').voice.account;
  const asked: readonly Question[] = [
    { ask: 'person', account },
    { ask: 'flow', desk: aDesk, name: 'production' },
  ];
  expect(facts.get({ ask: 'person', account })).toBeUndefined();
  await facts.answer(asked);
  house.world = { ...house.world, people: {}, flows: [] };
  expect(facts.get({ ask: 'person', account })).toBe('ann');
  expect(facts.get({ ask: 'flow', desk: aDesk, name: 'production' })).toHaveProperty('flow');
});

describe('whose account it is', () => {
  const at = instant(0);
  const identity: AnswerQuestion = {
    flow: { name: 'production', commit: 'c1' },
    code: { file: 'flows/production.ts', hooks: [], answers: ['identity'], hosts: [], vars: {} },
    event: {
      at,
      flow: { name: 'production', label: 'Production' },
      request: {
        status: 'pending',
        requester: personId('ann'),
        source: 'github',
        requestedAt: at,
        fields: {},
        approvals: [],
      },
      outputs: {},
    },
  };
  const look: AccessControl['look'] = async (_desk, _strategy, _settings, _person, asked) => {
    const answer = await asked?.('okta').catch((error: unknown) => {
      if (error instanceof Failure) return 'failed';
      throw error;
    });
    if (typeof answer === 'object' && 'account' in answer)
      return { resource: 'r', account: answer.account, wanted: 'member', holds: 'none', covered: false };
    return { missing: 'unavailable', why: 'as the strategy says it' };
  };

  async function answered(code: Partial<DeskCode>): Promise<Answers['access'] | undefined> {
    const house = await aHouse({ access: { look } });
    const facts = new GatheredFacts(aDesk, { ...house.parts, code: { ...silentCode, ...code } });
    const asking = { ...question, identity };
    await facts.answer([asking]);
    return facts.get(asking);
  }

  test('is asked of the flow’s code by the service, and told apart where that comes to no answer', async () => {
    expect(await answered({ identity: async ({ service }) => ({ account: `${service}:7` }) })).toMatchObject({
      account: 'okta:7',
    });
    expect(await answered({ identity: async () => ({ unknown: 'it threw' }) })).toEqual({
      missing: 'unanswered',
      why: 'it threw',
    });
    expect(await answered({})).toMatchObject({ missing: 'unavailable' });
  });
});
