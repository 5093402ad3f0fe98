import { describe, expect, it } from 'vitest';
import { aFlow, anApproval, anApprovalOnlyFlow, aStep } from '../../test/builders/flow.ts';
import { History } from '../../test/builders/history.ts';
import type { Unknown } from './facts.ts';
import type { Judgement } from './entries.ts';
import type { Circumstances, Condition, Flow, Incident, Rule, Scope } from './flow.ts';
import { group, plus } from './names.ts';
import { hours } from './duration.ts';

const steps = [aStep('data-owner', 'team:acme/data'), aStep('security', 'team:acme/security')];

function when(source: string, judge: (scope: Scope) => boolean | Unknown): Condition {
  return { source, judge };
}

const always = when('true', () => true);
const never = when('false', () => false);
const unclear = when('pager', () => ({ unknown: 'PagerDuty does not answer' }));

function onFact(ask: (circumstances: Circumstances) => boolean | Unknown): Condition {
  return when('fact', ({ circumstances }) => (circumstances ? ask(circumstances) : { unknown: 'nobody' }));
}

function approves(condition: Condition, ...names: string[]): Rule {
  return { name: 'helps', condition, then: { approve: names }, reason: 'On call: ${{ requester.name }}.' };
}

function denies(condition: Condition, name = 'freeze'): Rule {
  return { name, condition, then: { deny: true }, reason: 'Nothing changes now.' };
}

function flowWith(rules: readonly Rule[], overrides: Partial<Flow> = {}): Flow {
  return aFlow({ rules, approval: anApproval({ steps }), ...overrides });
}

describe('a rule that approves', () => {
  it('stands for the steps that it names, and no others', () => {
    const history = new History({ flows: [flowWith([approves(always, 'data-owner')])] }).asks('ann-o');
    expect(history.status).toBe('pending');
    expect(history.refusalOf('bob-l', 'approve')).toBe('step-already-met');
    expect(history.says('dora-k', 'approve').status).toBe('escalating');
  });

  it('grants without a human where it stands for all that is asked, and all of it is in one transaction', () => {
    const history = new History({ flows: [flowWith([approves(always, 'data-owner', 'security')])] });
    expect(history.asks('ann-o').entryTypes).toEqual([
      'requested',
      'rule-applied',
      'approved',
      'escalation-started',
    ]);
  });

  it('fills in its reason, for people and for the ledger', () => {
    const history = new History({ flows: [flowWith([approves(always, 'data-owner')])] }).asks('ann-o');
    expect(history.request?.ruleApprovals).toEqual([
      { rule: 'helps', steps: ['data-owner'], because: 'On call: ann-o.' },
    ]);
  });

  it('records what it read of an incident, and by which name', () => {
    const condition = onFact(({ incident }) => {
      const found = incident('PINC001', 'pd-eu');
      return 'unknown' in found ? found : found.status === 'triggered';
    });
    const found = {
      status: 'triggered',
      urgency: 'high',
      service: 'PSVC001',
      assignedToRequester: true,
    } as const;
    const judgedBy = (incident: Incident | Unknown): Judgement | undefined =>
      new History({ flows: [flowWith([approves(condition, 'data-owner')])], incident }).asks('ann-o').request
        ?.judged;
    const call = "incident('PINC001', 'pd-eu')";
    expect(judgedBy(found)?.facts).toEqual({
      [`${call}.status`]: 'triggered',
      [`${call}.urgency`]: 'high',
      [`${call}.service`]: 'PSVC001',
      [`${call}.assigned_to_requester`]: true,
    });
    const away = judgedBy({ unknown: 'PagerDuty does not answer' });
    expect(away?.rules).toMatchObject([{ result: 'unknown', because: 'PagerDuty does not answer' }]);
    expect(away?.facts[`${call}.status`]).toBeNull();
  });

  it('does not fire where it cannot be judged, and that is recorded', () => {
    const history = new History({ flows: [flowWith([approves(unclear, 'data-owner', 'security')])] });
    expect(history.asks('ann-o').status).toBe('pending');
    expect(history.request?.judged?.rules).toMatchObject([
      { name: 'helps', result: 'unknown', because: 'PagerDuty does not answer' },
    ]);
    expect(history.request?.ruleApprovals).toEqual([]);
  });

  it('never stands for a step that only its own people meet', () => {
    const own = [aStep('customer', 'team:acme/data', { peopleOnly: true })];
    const flow = flowWith([approves(always, 'customer')], { approval: anApproval({ steps: own }) });
    expect(new History({ flows: [flow] }).asks('ann-o').status).toBe('pending');
  });

  it('stands for nothing any more once the flow drops it', () => {
    const history = new History({ flows: [flowWith([approves(always, 'data-owner')])] }).asks('ann-o');
    history.where({ flows: [flowWith([])] }).says('dora-k', 'approve');
    expect(history.status).toBe('pending');
    expect(history.says('bob-l', 'approve').status).toBe('escalating');
  });

  it('stands for nothing any more once the flow asks for the step’s own people', () => {
    const history = new History({ flows: [flowWith([approves(always, 'data-owner')])] }).asks('ann-o');
    const strict = [aStep('data-owner', 'team:acme/data', { peopleOnly: true }), ...steps.slice(1)];
    history.where({
      flows: [flowWith([approves(always, 'data-owner')], { approval: anApproval({ steps: strict }) })],
    });
    expect(history.says('dora-k', 'approve').status).toBe('pending');
  });

  it('stands for nothing any more once the flow asks for something else before it approves', () => {
    const history = new History({ flows: [flowWith([approves(always, 'data-owner')])] }).asks('ann-o');
    history.where({ flows: [flowWith([approves(never, 'data-owner')])] }).says('dora-k', 'approve');
    expect(history.status).toBe('pending');
    expect(history.says('bob-l', 'approve').status).toBe('escalating');
  });

  it('approves an approval-only flow too', () => {
    const flow = anApprovalOnlyFlow({ rules: [approves(always, 'data-owner')] });
    expect(new History({ flows: [flow] }).asks('ann-o').status).toBe('approved');
  });
});

describe('a rule that denies', () => {
  it('beats every approval, and nothing is granted', () => {
    const rules = [approves(always, 'data-owner', 'security'), denies(always)];
    const history = new History({ flows: [flowWith(rules)] }).asks('ann-o');
    expect(history.entryTypes).toEqual(['requested', 'rule-applied', 'denied']);
    expect(history.request?.phase).toMatchObject({
      status: 'denied',
      denier: { rule: 'freeze' },
      message: 'Nothing changes now.',
    });
  });

  it('holds the request back while it cannot be judged, whatever else approves', () => {
    const rules = [approves(always, 'data-owner', 'security'), denies(unclear)];
    const history = new History({ flows: [flowWith(rules)] }).asks('ann-o');
    expect(history.status).toBe('pending');
    expect(history.request?.holds).toEqual([{ rule: 'freeze', why: 'PagerDuty does not answer' }]);
    expect(history.refusalOf('bob-l', 'approve')).toBe('held-by-rule');
  });

  it('is judged again when somebody approves: then it denies …', () => {
    const history = held();
    history.where({ flows: [flowWith([denies(when('pager', () => true))])] }).says('bob-l', 'approve');
    expect(history.status).toBe('denied');
    // Whose approval it was judged for is in the ledger as well.
    expect(history.entryTypes).toEqual(['requested', 'rule-applied', 'refused', 'rule-applied', 'denied']);
    expect(history.request?.heard).toHaveLength(2);
  });

  it('… or lets it go on', () => {
    const history = held();
    history.where({ flows: [flowWith([denies(when('pager', () => false))])] });
    history.says('bob-l', 'approve');
    expect(history.request?.holds).toEqual([]);
    expect(history.entryTypes).toEqual(['requested', 'rule-applied', 'rule-applied', 'approval-given']);
    expect(history.says('dora-k', 'approve').status).toBe('escalating');
  });

  it('lets it go on once the flow drops it', () => {
    expect(
      held()
        .where({ flows: [flowWith([])] })
        .says('bob-l', 'approve').request?.holds,
    ).toEqual([]);
  });

  it('is judged once, at the request: what held then is not asked again', () => {
    const history = new History({ flows: [flowWith([denies(never)])] }).asks('ann-o');
    history.where({ flows: [flowWith([denies(when('false', () => true))])] });
    expect(history.says('bob-l', 'approve').status).toBe('pending');
  });

  it('counts as well where the current flow has added it, or changed its condition', () => {
    const history = new History({ flows: [flowWith([denies(never)])] }).asks('ann-o');
    history.where({ flows: [flowWith([denies(always)])] }).says('bob-l', 'approve');
    expect(history.status).toBe('denied');
  });

  it('counts as well where the same rule approved before', () => {
    const history = new History({ flows: [flowWith([approves(always, 'data-owner')])] }).asks('ann-o');
    history.where({ flows: [flowWith([denies(always, 'helps')])] }).says('dora-k', 'approve');
    expect(history.status).toBe('denied');
  });

  it('that the current flow added and nobody can judge refuses the approval', () => {
    const history = new History({ flows: [flowWith([])] }).asks('ann-o');
    history.where({ flows: [flowWith([denies(unclear)])] });
    expect(history.refusalOf('bob-l', 'approve')).toBe('held-by-rule');
  });

  function held(): History {
    return new History({ flows: [flowWith([denies(unclear)])] }).asks('ann-o');
  }
});

describe('facts of rules', () => {
  it('are recorded as they were used, and no others', () => {
    const rule = approves(
      onFact(
        (facts) =>
          facts.role() === 'guest' &&
          facts.belongs(group('team:acme/engineering')) === true &&
          facts.history(hours(24)) !== undefined,
      ),
      'data-owner',
    );
    const history = new History({ flows: [flowWith([rule])] }).asks('ann-o');
    expect(history.request?.judged?.facts).toEqual({
      'requester.role': 'guest',
      "requester.belongs_to('team:acme/engineering')": true,
      "requester.requests('1d')": 0,
      "requester.granted('1d')": 0,
      "requester.denied('1d')": 0,
    });
  });

  it('are null where they could not be had', () => {
    const rule = denies(onFact((facts) => facts.belongs(group('team:acme/data'))));
    const history = new History({ flows: [flowWith([rule])], groups: world({ 'team:acme/data': 'down' }) });
    expect(history.asks('ann-o').request?.judged?.facts).toEqual({
      "requester.belongs_to('team:acme/data')": null,
    });
  });

  it('say when it was asked as its surface signed it, at every look', () => {
    const times: unknown[] = [];
    const rule = denies(onFact(({ at }) => (times.push(at), { unknown: 'x' })));
    const history = new History({ flows: [flowWith([rule])] }).asks('ann-o');
    const asked = history.now;
    history.wait(hours(2)).refusalOf('bob-l', 'approve');
    expect(new Set(times)).toEqual(new Set([asked]));
  });

  it('count what the requester did before this request', () => {
    const seen: unknown[] = [];
    const rule = approves(
      onFact((facts) => (seen.push(facts.history(hours(24))), false)),
      'data-owner',
    );
    const history = new History({
      flows: [flowWith([rule])],
      history: { requests: 3, granted: 2, denied: 1 },
    });
    history.asks('ann-o');
    expect(seen.at(-1)).toEqual({ requests: 3, granted: 2, denied: 1 });
    expect(history.request?.judged?.facts).toMatchObject({ "requester.granted('1d')": 2 });
    expect(plus(history.now, 0)).toBe(history.now);
  });

  function world(groups: { readonly [name: string]: readonly string[] | 'down' }): {
    readonly [name: string]: readonly string[] | 'down';
  } {
    return { 'team:acme/engineering': ['ann', 'bob'], 'role:admin': ['max'], ...groups };
  }
});

describe('the manager of whoever asked', () => {
  const managed = aFlow({
    approval: anApproval({
      steps: [
        aStep('manager', 'manager:requester'),
        aStep('security', 'team:acme/security', { needs: ['manager'] }),
      ],
    }),
  });
  const groups = { ...new History().world.groups, 'manager:ann': ['bob'] };

  it('is settled with the request, and who that is, is judged when they decide', () => {
    const history = new History({ flows: [managed], groups }).asks('ann-o');
    expect(history.request?.policy.steps.map(({ approvers }) => approvers)).toEqual([
      ['manager:ann'],
      ['team:acme/security'],
    ]);
    history.where({ groups: { ...groups, 'manager:ann': ['max'] } });
    expect(history.refusalOf('bob-l', 'approve')).toBe('not-an-approver');
    expect(history.says('max-p', 'approve').says('dora-k', 'approve').status).toBe('escalating');
  });

  it('is the same under the pinned and the current flow, and not under one that asks somebody else', () => {
    const history = new History({ flows: [managed], groups }).asks('ann-o');
    const others = aFlow({
      approval: anApproval({
        steps: [aStep('manager', 'team:acme/data'), aStep('security', 'team:acme/security')],
      }),
    });
    history.where({ flows: [others], groups: { ...groups, 'team:acme/data': ['max'] } });
    expect(history.refusalOf('bob-l', 'approve')).toBe('not-an-approver');
  });
});
