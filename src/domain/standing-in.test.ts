import { describe, expect, it } from 'vitest';
import { aFlow, anApproval, aStep } from '../../test/builders/flow.ts';
import { aWorld, type World } from '../../test/builders/facts.ts';
import { History } from '../../test/builders/history.ts';
import type { Decision } from './decide.ts';
import type { ApprovalPolicy } from './flow.ts';
import { hours, minutes } from './duration.ts';

const steps = [aStep('data-owner', 'team:acme/data'), aStep('security', 'team:acme/security')];

function asked(approval: Partial<ApprovalPolicy> = {}, world: Partial<World> = {}): History {
  return new History({ flows: [aFlow({ approval: anApproval({ steps, ...approval }) })], ...world }).asks(
    'ann-o',
  );
}

function asAdmin(history: History, name: string, message?: string): Decision {
  return history.decide({
    type: 'approve',
    as: 'admin',
    voice: history.voice(name),
    ...(message !== undefined && { message }),
  });
}

function standsIn(history: History, name: string, message = 'They are all asleep.'): History {
  return history.when({ type: 'approve', as: 'admin', voice: history.voice(name), message });
}

describe('an admin who stands in', () => {
  it('fills one step as one person, with a reason that is recorded loudly', () => {
    const history = standsIn(asked(), 'max-p');
    expect(history.entryTypes).toEqual(['requested', 'overridden']);
    expect(history.status).toBe('pending');
    expect(history.request?.approvals).toMatchObject([{ asAdmin: true, message: 'They are all asleep.' }]);
    expect(history.says('bob-l', 'approve').status).toBe('escalating');
  });

  it('counts once, however often', () => {
    expect(asAdmin(standsIn(asked(), 'max-p'), 'max-p', 'Again.')).toMatchObject({
      refusal: { code: 'already-approved' },
    });
  });

  it('needs a reason', () => {
    expect(asAdmin(asked(), 'max-p')).toMatchObject({ refusal: { code: 'message-required' } });
    expect(asAdmin(asked(), 'max-p', '  ')).toMatchObject({ refusal: { code: 'message-required' } });
  });

  it('stands in no longer once the flow asks for the step’s own people', () => {
    const history = standsIn(asked(), 'max-p');
    const strict = steps.map((step) => ({ ...step, peopleOnly: true }));
    history.where({ flows: [aFlow({ approval: anApproval({ steps: strict }) })] }).says('bob-l', 'approve');
    expect(history.status).toBe('pending');
    expect(history.says('dora-k', 'approve').status).toBe('escalating');
  });

  it('may still say it as one of the step’s own people then', () => {
    const groups = { ...aWorld().groups, 'team:acme/security': ['dora', 'max'] };
    const history = standsIn(asked({}, { groups }), 'max-p');
    const strict = steps.map((step) => ({ ...step, peopleOnly: true }));
    history.where({ flows: [aFlow({ approval: anApproval({ steps: strict }) })] }).says('bob-l', 'approve');
    expect(history.says('max-p', 'approve').status).toBe('escalating');
  });

  it('counts for a step of its own people where they are one of them', () => {
    const groups = { ...aWorld().groups, 'team:acme/security': ['dora', 'max'] };
    const strict = steps.map((step) => ({ ...step, peopleOnly: step.name === 'security' }));
    const history = standsIn(asked({ steps: strict }, { groups }), 'max-p');
    expect(history.says('bob-l', 'approve').status).toBe('escalating');
  });

  it('is an admin', () => {
    expect(asAdmin(asked(), 'dora-k', 'Please.')).toMatchObject({ refusal: { code: 'not-an-admin' } });
  });

  it('is not believed while nobody can look it up', () => {
    const groups = { ...aWorld().groups, 'role:admin': 'down' } as const;
    expect(asAdmin(asked({}, { groups }), 'max-p', 'Please.')).toMatchObject({
      refusal: { code: 'lookup-failed' },
    });
  });

  it('never does so for their own request, even where a flow lets people approve their own', () => {
    const groups = { ...aWorld().groups, 'role:admin': ['ann'] };
    const history = asked({ selfApproval: true }, { groups });
    expect(asAdmin(history, 'ann-o', 'It is urgent.')).toMatchObject({ refusal: { code: 'self-approval' } });
  });

  it('never does so for a step that only its own people meet', () => {
    const own = [aStep('customer', 'team:acme/data', { peopleOnly: true })];
    expect(asAdmin(asked({ steps: own }), 'max-p', 'Please.')).toMatchObject({
      refusal: { code: 'no-step-to-stand-in' },
    });
    const mixed = standsIn(asked({ steps: [...own, aStep('security', 'team:acme/security')] }), 'max-p');
    expect(mixed.request?.approvals).toMatchObject([{ eligible: ['security'] }]);
  });

  it('can act where a lookup is out: that alone refuses an approver', () => {
    const groups = { ...aWorld().groups, 'team:acme/data': 'down' } as const;
    const history = asked({ steps: steps.slice(0, 1) }, { groups });
    expect(history.refusalOf('bob-l', 'approve')).toBe('lookup-failed');
    expect(standsIn(history, 'max-p').status).toBe('escalating');
  });

  it('is told so where they merely approve', () => {
    const decision = asked().decide({ type: 'approve', voice: asked().voice('max-p') });
    expect(decision).toMatchObject({ refusal: { code: 'not-an-approver', mayStandIn: true } });
  });

  it('lifts what a rule that cannot be judged holds back, and that is recorded', () => {
    const rule = {
      name: 'freeze',
      condition: { source: 'pager', judge: () => ({ unknown: 'it is out' }) },
      then: { deny: true },
    } as const;
    const flow = aFlow({ rules: [rule] });
    const history = standsIn(new History({ flows: [flow] }).asks('ann-o'), 'max-p');
    expect(JSON.parse(history.lines.at(2) ?? '').data).toMatchObject({ lifts: ['freeze'] });
    expect(history.status).toBe('escalating');
  });

  it('does not lift a rule that denies', () => {
    const history = asked();
    const rule = {
      name: 'freeze',
      condition: { source: 'true', judge: () => true },
      then: { deny: true },
    } as const;
    history.where({ flows: [aFlow({ rules: [rule], approval: anApproval({ steps }) })] });
    expect(standsIn(history, 'max-p').status).toBe('denied');
  });
});

describe('an approval said again', () => {
  /** Bob has approved; then all that is left to ask is met. */
  function allButDone(): History {
    const history = asked().says('bob-l', 'approve');
    return history.where({ flows: [aFlow({ approval: anApproval({ steps: steps.slice(0, 1) }) })] });
  }

  /** The flow that is asked under has one step; the current one had two when Bob approved. */
  function loosened(): History {
    const one = aFlow({ approval: anApproval({ steps: steps.slice(0, 1) }) });
    const two = aFlow({ approval: anApproval({ steps }) });
    const history = new History({ flows: [one] }).asks('ann-o').where({ flows: [two] });
    return history.says('bob-l', 'approve').where({ flows: [one] });
  }

  it('is refused while something is left to be met', () => {
    expect(allButDone().refusalOf('bob-l', 'approve')).toBe('already-approved');
  });

  it('is recorded where it completes the request', () => {
    const history = loosened().says('bob-l', 'approve');
    expect(history.status).toBe('escalating');
    expect(history.entryTypes.filter((type) => type === 'approval-given')).toHaveLength(2);
  });

  it('may grant less, and that is recorded too', () => {
    const history = loosened().where({ access: { missing: 'unavailable', why: 'It does not answer.' } });
    history.when({ type: 'approve', voice: history.voice('bob-l'), duration: minutes(5) });
    history.where({ access: aWorld().access }).when({ type: 'start-escalation' });
    expect(history.request?.phase).toMatchObject({ grant: { duration: minutes(5) } });
  });

  it('by an admin lifts what holds it back, and says so', () => {
    const one = aFlow({ approval: anApproval({ steps: steps.slice(0, 1) }) });
    const two = aFlow({ approval: anApproval({ steps }) });
    const rule = {
      name: 'freeze',
      condition: { source: 'pager', judge: () => ({ unknown: 'it is out' }) },
      then: { deny: true },
    } as const;
    const history = new History({ flows: [one] }).asks('ann-o').where({ flows: [two] });
    standsIn(history, 'max-p').where({ flows: [{ ...one, rules: [rule] }] });
    expect(history.refusalOf('bob-l', 'approve')).toBe('held-by-rule');
    standsIn(history, 'max-p');
    expect(history.status).toBe('escalating');
    expect(history.lines.filter((line) => line.includes('"lifts":["freeze"]'))).toHaveLength(1);
  });
});

describe('granting less', () => {
  function approveFor(history: History, duration: number): Decision {
    return history.decide({ type: 'approve', voice: history.voice('bob-l'), duration });
  }

  it('shortens what is granted, from that approval on', () => {
    const history = new History().asks('ann-o', { duration: '1h' });
    history.when({ type: 'approve', voice: history.voice('bob-l'), duration: minutes(10) });
    expect(history.request?.phase).toMatchObject({ status: 'escalating', grant: { duration: minutes(10) } });
  });

  it('holds for approvals that follow: nobody makes it longer again', () => {
    const history = asked({ steps });
    history.when({ type: 'approve', voice: history.voice('bob-l'), duration: minutes(10) });
    const longer = { type: 'approve', voice: history.voice('dora-k'), duration: minutes(20) } as const;
    expect(history.decide(longer)).toMatchObject({ refusal: { code: 'not-less', most: minutes(10) } });
    expect(history.says('dora-k', 'approve').request?.phase).toMatchObject({
      grant: { duration: minutes(10) },
    });
  });

  it('is never more, and never as much', () => {
    const history = new History().asks('ann-o', { duration: '30m' });
    for (const duration of [minutes(30), hours(1)])
      expect(approveFor(history, duration)).toMatchObject({ refusal: { code: 'not-less' } });
  });

  it('puts an end to what was asked without one', () => {
    const history = new History().asks('ann-o', { duration: 'until-revoked' });
    history.when({ type: 'approve', voice: history.voice('bob-l'), duration: hours(2) });
    expect(history.request?.phase).toMatchObject({ grant: { duration: hours(2) } });
  });
});

describe('decision messages', () => {
  function says(history: History, type: 'approve' | 'deny', message?: string): Decision {
    return history.decide({ type, voice: history.voice('bob-l'), ...(message !== undefined && { message }) });
  }

  it('are required of both where the flow says so, and of nobody else', () => {
    const history = asked({ decisionMessage: 'required' });
    expect(says(history, 'approve')).toMatchObject({ refusal: { code: 'message-required' } });
    expect(says(history, 'deny', ' ')).toMatchObject({ refusal: { code: 'message-required' } });
    expect(says(history, 'deny', 'Not today.')).toHaveProperty('entries');
    expect(says(asked(), 'approve')).toHaveProperty('entries');
  });

  it.each(['\u200b', '\u2060 \ufeff', '\u3164', '\u2800', '\u00ad\n\u200d'])(
    'are not what nobody can read: %j',
    (nothing) => {
      const history = asked({ decisionMessage: 'required' });
      expect(says(history, 'approve', nothing)).toMatchObject({ refusal: { code: 'message-required' } });
      expect(says(history, 'deny', nothing)).toMatchObject({ refusal: { code: 'message-required' } });
      expect(asAdmin(asked(), 'max-p', nothing)).toMatchObject({ refusal: { code: 'message-required' } });
    },
  );

  it('are required where the current flow says so since', () => {
    const history = asked();
    history.where({ flows: [aFlow({ approval: anApproval({ steps, decisionMessage: 'required' }) })] });
    expect(says(history, 'approve')).toMatchObject({ refusal: { code: 'message-required' } });
  });

  it('are not kept where the flow wants none', () => {
    const decision = says(asked({ decisionMessage: 'off' }), 'deny', 'Gossip.');
    expect(decision).toMatchObject({ entries: [{ data: {} }] });
    expect(JSON.stringify(decision)).not.toContain('Gossip');
    expect(JSON.stringify(says(asked({ decisionMessage: 'off' }), 'approve', 'Gossip.'))).not.toContain(
      'Gossip',
    );
  });
});
