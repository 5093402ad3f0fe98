import { describe, expect, it } from 'vitest';
import { aFlow, anApproval, aStep } from '../../test/builders/flow.ts';
import { aDesk, History } from '../../test/builders/history.ts';
import type { Question } from './facts.ts';
import { decide } from './decide.ts';
import { explain } from './explain.ts';
import { factsOf, type World } from '../../test/builders/facts.ts';
import type { AnswerName, CodeOffer } from './hooks.ts';

function code(...answers: readonly AnswerName[]): CodeOffer {
  return { file: 'flows/production.ts', hooks: [], answers, hosts: [], vars: {} };
}

const dora = [aStep('security', 'team:acme/security')];
const answered = (world: Partial<World> = {}): History =>
  new History({ flows: [aFlow({ code: code('approval') })], approval: dora, ...world });
const refusal = (history: History, type: 'request' | 'approve', name: string) => {
  const decision = history.decide(
    type === 'request'
      ? { type, desk: aDesk, flow: 'production', form: { fields: {} }, voice: history.voice(name) }
      : { type, voice: history.voice(name) },
  );
  return 'refusal' in decision ? decision.refusal : undefined;
};

describe('approval', () => {
  it('says who is asked in the place of the flow, and is recorded as it was resolved', () => {
    const history = answered().asks('ann-o');
    expect(JSON.parse(history.lines[0] ?? '')).toMatchObject({
      data: { policy: { steps: [{ name: 'security', approvers: ['team:acme/security'] }], stepsBy: 'code' } },
    });
    expect(refusal(history, 'approve', 'bob-l')).toMatchObject({ code: 'not-an-approver' });
    expect(history.says('dora-k', 'approve').status).toBe('escalating');
  });

  it('that is none leaves it to the people whom the flow names, and is noted', () => {
    const history = answered({ approval: { unknown: 'it threw' } }).asks('ann-o');
    expect(history.entryTypes).toEqual(['requested', 'hook-failed']);
    expect(JSON.parse(history.lines[1] ?? '').data).toEqual({ hook: 'approval', problem: 'it threw' });
    expect(refusal(history, 'approve', 'dora-k')).toMatchObject({ code: 'not-an-approver' });
    expect(history.says('bob-l', 'approve').status).toBe('escalating');
  });

  it('is not asked where the flow does not say so', () => {
    const history = new History({ approval: dora }).asks('ann-o');
    expect(history.says('bob-l', 'approve').status).toBe('escalating');
  });

  it('never lets the requester approve, nor an admin stand in for people alone', () => {
    const own = answered({
      approval: [aStep('security', 'person:ann')],
      groups: { 'team:acme/engineering': ['ann'], 'person:ann': ['ann'] },
    });
    expect(refusal(own.asks('ann-o'), 'approve', 'ann-o')).toEqual({ code: 'self-approval' });
    const strict = answered({ approval: [aStep('security', 'team:acme/security', { peopleOnly: true })] });
    strict.asks('ann-o');
    const stood = strict.decide({
      type: 'approve',
      as: 'admin',
      message: 'Now.',
      voice: strict.voice('max-p'),
    });
    expect(stood).toMatchObject({ refusal: { code: 'no-step-to-stand-in' } });
  });

  it('knows the manager of whoever asks', () => {
    const history = answered({
      approval: [aStep('boss', 'manager:requester')],
      groups: { 'team:acme/engineering': ['ann'], 'manager:ann': ['bob'] },
    }).asks('ann-o');
    expect(history.says('bob-l', 'approve').status).toBe('escalating');
  });

  it('is what it was at the commit that the request is pinned to, whatever it would say now', () => {
    const history = answered()
      .asks('ann-o')
      .where({ approval: [aStep('data', 'team:acme/data')] });
    expect(history.says('dora-k', 'approve').status).toBe('escalating');
  });

  it('is asked again once the flow changed, and what it adds applies too', () => {
    const newer = aFlow({ ref: { name: 'production', commit: 'c2' }, code: code('approval') });
    const history = answered().asks('ann-o');
    history.where({ flows: [newer], approval: [...dora, aStep('data', 'team:acme/data')] });
    expect(history.says('dora-k', 'approve').status).toBe('pending');
    expect(history.says('bob-l', 'approve').status).toBe('escalating');
  });

  it('that is none once the flow changed adds the people whom the flow names', () => {
    const newer = aFlow({ ref: { name: 'production', commit: 'c2' }, code: code('approval') });
    const history = answered()
      .asks('ann-o')
      .where({ flows: [newer], approval: { unknown: 'it threw' } });
    expect(history.says('dora-k', 'approve').status).toBe('pending');
    expect(history.says('bob-l', 'approve').status).toBe('escalating');
  });

  it('that the flow took back since adds the people whom the flow names', () => {
    const history = answered()
      .asks('ann-o')
      .where({ flows: [aFlow()] });
    expect(history.says('dora-k', 'approve').status).toBe('pending');
  });
});

describe('available', () => {
  const flows = [aFlow({ code: code('available') })];

  it('says why it is not open now, and nothing is recorded', () => {
    const history = new History({ flows, available: { why: 'Production is frozen.' } });
    expect(refusal(history, 'request', 'ann-o')).toEqual({
      code: 'not-available',
      flow: flows[0]?.label,
      why: 'Production is frozen.',
    });
  });

  it('lets nobody ask whom the flow does not', () => {
    expect(refusal(new History({ flows }), 'request', 'dora-k')).toMatchObject({ code: 'not-a-requester' });
    expect(new History({ flows }).asks('ann-o').status).toBe('pending');
  });

  it('that is none lets nobody ask, and says so', () => {
    const history = new History({ flows, available: { unknown: 'it took too long' } });
    expect(refusal(history, 'request', 'ann-o')).toEqual({
      code: 'code-unavailable',
      hook: 'available',
      why: 'it took too long',
    });
  });
});

describe('identity', () => {
  const flows = [aFlow({ code: code('identity') })];

  it('that is none lets nobody ask, and says so', () => {
    const history = new History({ flows, access: { missing: 'unanswered', why: 'it threw' } });
    expect(refusal(history, 'request', 'ann-o')).toEqual({
      code: 'code-unavailable',
      hook: 'identity',
      why: 'it threw',
    });
  });

  it('that is none at the approval is asked again, until it is too late', () => {
    const history = new History({ flows }).asks('ann-o');
    const access = history.world.access;
    history.where({ access: { missing: 'unanswered', why: 'it threw' } }).says('bob-l', 'approve');
    expect(history.status).toBe('approved');
    expect(history.where({ access }).when({ type: 'start-escalation' }).status).toBe('escalating');
  });

  it('is asked of the code that the request is pinned to, and the same each time', () => {
    const history = new History({ flows }).asks('ann-o');
    const asked: Question[] = [];
    const facts = factsOf(history.world);
    const at = { type: 'approve', voice: history.voice('bob-l') } as const;
    for (const wait of [0, 5_000])
      decide(
        at,
        history.request,
        {
          get: (question) => {
            if (question.ask === 'access') asked.push(question);
            return facts.get(question);
          },
        },
        history.wait(wait).now,
      );
    expect(asked).toHaveLength(2);
    expect(asked[0]).toEqual(asked[1]);
    expect(asked[0]).toMatchObject({ identity: { flow: history.request?.flow, code: code('identity') } });
  });
});

describe('a hook that stands for one of two steps', () => {
  const steps = [aStep('data', 'team:acme/data'), aStep('security', 'team:acme/security')];
  const approval = anApproval({ steps });
  const hooked: CodeOffer = { ...code(), hooks: ['on_request'] };
  const given = (): History =>
    new History({
      flows: [aFlow({ approval, code: hooked })],
      code: { on_request: { answer: 'approve', steps: ['security'], reason: 'Trained.' } },
    }).asks('ann-o');

  it('still does when somebody approves the other', () => {
    expect(given().says('bob-l', 'approve').status).toBe('escalating');
  });

  it('is shown by /why', () => {
    const history = given();
    const { request, now } = history;
    if (request === undefined) throw new Error('Nobody asked.');
    const explained = explain(request, history.voice('bob-l'), factsOf(history.world), now);
    expect(explained).toMatchObject({
      why: { steps: [{ state: 'open' }, { state: 'met', byRule: true }] },
    });
  });

  it('stands for nothing once the flow does not name it any more', () => {
    const history = given().where({ flows: [aFlow({ approval })] });
    expect(history.says('bob-l', 'approve').status).toBe('pending');
  });

  it('is not a rule of the same name', () => {
    const condition = { source: 'true', judge: () => true };
    const rule = { name: 'on_request', condition, then: { approve: ['security'] } };
    const history = new History({ flows: [aFlow({ approval, rules: [rule] })] }).asks('ann-o');
    history.where({ flows: [aFlow({ approval, code: hooked })] });
    expect(history.says('bob-l', 'approve').status).toBe('pending');
  });
});
