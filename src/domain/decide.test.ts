import { cardOf } from './card.ts';
import { describe, expect, it } from 'vitest';
import { aField, aFlow, anApproval, anApprovalOnlyFlow, aStep } from '../../test/builders/flow.ts';
import { accountOf, noFacts } from '../../test/builders/facts.ts';
import { aDesk, aThread, History, start } from '../../test/builders/history.ts';
import { decide } from './decide.ts';
import { hours, minutes } from './duration.ts';
import type { Condition } from './flow.ts';
import { group, plus, requestId } from './names.ts';
import type { RefusalCode } from './refusals.ts';
import { statuses, type Status } from './request.ts';
import { onIssue } from './routes.ts';

const escalated = { type: 'note-escalated', verified: 'read-back' } as const;
const gone = { type: 'note-deescalated', verified: 'read-back', holds: 'none', neededBy: [] } as const;

describe('the state table', () => {
  // DESIGN.md, section 2: each cell is the status that follows, or the refusal.
  const table: { readonly [S in Status]: { readonly [command: string]: Status | RefusalCode } } = {
    pending: {
      approve: 'escalating',
      cancel: 'cancelled',
      deny: 'denied',
      revoke: 'not-active',
      extend: 'not-extendable',
    },
    approved: {
      approve: 'too-late',
      cancel: 'ended',
      deny: 'ended',
      revoke: 'ended',
      extend: 'not-extendable',
    },
    escalating: {
      approve: 'too-late',
      cancel: 'deescalating',
      deny: 'deescalating',
      revoke: 'deescalating',
      extend: 'not-extendable',
    },
    active: {
      approve: 'too-late',
      cancel: 'deescalating',
      deny: 'deescalating',
      revoke: 'deescalating',
      // A new decision; the access goes on as it was meanwhile.
      extend: 'active',
    },
    deescalating: {
      approve: 'too-late',
      cancel: 'already-ending',
      deny: 'already-ending',
      revoke: 'already-ending',
      extend: 'not-extendable',
    },
    ended: over(),
    denied: over(),
    cancelled: over(),
    lapsed: over(),
    failed: over(),
  };

  for (const status of statuses)
    for (const [command, expected] of Object.entries(table[status]))
      it(`${command} when ${status}: ${expected}`, () => {
        const history = History.in(status, { flows: [aFlow({ extend: { maxTotal: hours(2), times: 2 } })] });
        expect(history.status).toBe(status);
        expect(afterwards(history, command)).toBe(expected);
      });

  const byTime: { readonly [S in Status]: Status } = {
    pending: 'lapsed',
    approved: 'failed',
    escalating: 'deescalating',
    active: 'deescalating',
    deescalating: 'deescalating',
    ended: 'ended',
    denied: 'denied',
    cancelled: 'cancelled',
    lapsed: 'lapsed',
    failed: 'failed',
  };
  for (const status of statuses)
    it(`a week when ${status}: ${byTime[status]}`, () => {
      const history = History.in(status)
        .wait(hours(24 * 7))
        .when({ type: 'note-time' });
      expect(history.status).toBe(byTime[status]);
    });

  for (const status of statuses)
    it(`time before the deadline changes nothing when ${status}`, () => {
      const history = History.in(status);
      expect(history.decide({ type: 'note-time' })).toEqual({ entries: [] });
    });

  const byLeaving: { readonly [S in Status]: Status } = {
    ...{ pending: 'cancelled', approved: 'ended', escalating: 'deescalating', active: 'deescalating' },
    ...{ deescalating: 'deescalating', ended: 'ended', denied: 'denied', cancelled: 'cancelled' },
    ...{ lapsed: 'lapsed', failed: 'failed' },
  };
  for (const status of statuses)
    it(`whoever asked has left, when ${status}`, () => {
      const history = History.in(status).when({ type: 'note-left' });
      expect(history.status).toBe(byLeaving[status]);
      expect(history.decide({ type: 'note-left' })).toEqual({ entries: [] });
    });

  for (const status of statuses)
    it(`a request asked again when ${status} changes nothing`, () => {
      const history = History.in(status);
      const command = { type: 'request', desk: aDesk, flow: 'production', form: { fields: {} } } as const;
      expect(history.decide({ ...command, voice: history.voice('ann-o') })).toEqual({ entries: [] });
    });

  function over(): { readonly [command: string]: RefusalCode } {
    return {
      approve: 'too-late',
      cancel: 'too-late',
      deny: 'too-late',
      revoke: 'too-late',
      extend: 'too-late',
    };
  }

  function afterwards(history: History, command: string): Status | RefusalCode | 'none' {
    const says = command === 'cancel' || command === 'extend' ? 'ann-o' : 'bob-l';
    if (
      command !== 'approve' &&
      command !== 'deny' &&
      command !== 'revoke' &&
      command !== 'cancel' &&
      command !== 'extend'
    )
      throw new Error(command);
    const refusal = history.refusalOf(says, command);
    return refusal === 'none' ? history.says(says, command).status : refusal;
  }
});

describe('a life', () => {
  it('ends with whoever asked, and says so on the card, and what to do', () => {
    const told = (history: History): readonly string[] =>
      history.request === undefined
        ? []
        : cardOf(history.request).next.map((phrase) => phrase.map(String).join(''));
    const ending = History.in('active').when({ type: 'note-left' });
    expect(told(ending)[0]).toContain('is no longer in flows/people.yml: since');
    expect(told(ending.when(gone)).join(' ')).toContain(
      'put it right there by a pull request, and ask again',
    );
    expect(ending.request?.phase).toMatchObject({ status: 'ended', why: 'left' });
    expect(told(History.in('pending').when({ type: 'note-left' })).join(' ')).toMatch(
      /is no longer in flows\/people\.yml: it was withdrawn on .* Nothing was granted\./,
    );
    expect(told(History.in('approved').when({ type: 'note-left' })).join(' ')).toContain('so it ended');
  });

  it('walks its five steps, and each is an entry', () => {
    const history = new History().asks('ann-o').says('bob-l', 'approve').when(escalated);
    expect(history.request?.phase).toMatchObject({ status: 'active', expiresAt: plus(start, minutes(30)) });
    history.wait(minutes(30)).when({ type: 'note-time' }).when(gone);
    expect(history.request?.phase).toMatchObject({ status: 'ended', why: 'expired' });
    expect(history.entryTypes).toEqual([
      'requested',
      'approval-given',
      'approved',
      'escalation-started',
      'escalated',
      'deescalation-started',
      'deescalated',
    ]);
  });

  it('starts the clock when the access is there, and never passes end-by', () => {
    const quick = new History().asks('ann-o').says('bob-l', 'approve').wait(minutes(5)).when(escalated);
    expect(quick.request?.phase).toMatchObject({ expiresAt: plus(start, minutes(35)) });
    const late = new History().asks('ann-o').says('bob-l', 'approve').wait(minutes(40)).when(escalated);
    expect(late.request?.phase).toMatchObject({ expiresAt: plus(start, minutes(45)) });
  });

  it('until revoked has no deadline', () => {
    const history = new History()
      .asks('ann-o', { duration: 'until-revoked' })
      .says('bob-l', 'approve')
      .when(escalated);
    expect(history.request?.phase).not.toHaveProperty('expiresAt');
    expect(history.wait(hours(1000)).decide({ type: 'note-time' })).toEqual({ entries: [] });
  });

  it('an approval-only flow ends when its approval may no longer be used', () => {
    const history = new History({ flows: [anApprovalOnlyFlow()] }).asks('ann-o').says('bob-l', 'approve');
    expect(history.request?.phase).toMatchObject({ status: 'approved', validUntil: plus(start, hours(1)) });
    expect(history.wait(hours(1)).when({ type: 'note-time' }).request?.phase).toMatchObject({
      status: 'ended',
      why: 'expired',
    });
  });

  it('takes back what a failed escalation may have left', () => {
    const history = History.in('escalating').when({ type: 'note-escalation-failed', error: 'no' });
    expect(history.status).toBe('deescalating');
    expect(history.when(gone).request?.phase).toMatchObject({ status: 'failed', error: 'no' });
  });

  it('never shows access as active once it was revoked, even if the call succeeds', () => {
    const history = History.in('escalating').says('ann-o', 'revoke');
    expect(history.decide(escalated)).toEqual({ entries: [] });
    expect(history.status).toBe('deescalating');
  });

  it('repeats an overdue alarm until the access is gone', () => {
    const history = History.in('deescalating').wait(minutes(5)).when({ type: 'note-time' });
    expect(history.request?.notices.map(({ notice }) => notice)).toContain('overdue-1');
    expect(history.decide({ type: 'note-time' })).toEqual({ entries: [] });
    expect(
      history
        .wait(hours(1))
        .when({ type: 'note-time' })
        .request?.notices.map(({ notice }) => notice),
    ).toContain('overdue-2');
    expect(history.when(gone).status).toBe('ended');
  });

  it('does not owe again what could not be delivered', () => {
    const history = History.in('active').when({
      type: 'note-undelivered',
      notice: 'active',
      to: onIssue,
      error: 'no',
    });
    expect(history.request?.notices).toEqual([]);
    expect(history.says('ann-o', 'revoke').request?.notices).toEqual([]);
  });

  it('asks the facts and concludes nothing while they are missing', () => {
    const { request } = History.in('pending');
    const voice = {
      surface: 'github',
      account: accountOf('bob-l'),
      name: 'bob-l',
      ref: 'x',
      at: start,
    } as const;
    const decision = decide({ type: 'approve', voice }, request, noFacts, start);
    expect(decision).toHaveProperty('needs');
  });
});

describe('asking', () => {
  it('is for linked people only', () => {
    expect(refusal(new History(), 'eve-s')).toBe('unlinked-account');
  });

  it('is for requesters only, and an empty list is nobody', () => {
    expect(refusal(new History(), 'dora-k')).toBe('not-a-requester');
    expect(refusal(new History({ flows: [aFlow({ requesters: [] })] }), 'ann-o')).toBe('not-a-requester');
  });

  it('fails closed where the group cannot be looked up, and says so', () => {
    expect(refusal(new History({ groups: { 'team:acme/engineering': 'down' } }), 'ann-o')).toBe(
      'lookup-failed',
    );
  });

  it('is refused kindly for what one has already', () => {
    const access = {
      resource: 'r',
      account: 'a',
      wanted: 'member',
      holds: 'member',
      covered: true,
      live: [],
    };
    expect(refusal(new History({ access }), 'ann-o')).toBe('already-held');
  });

  it('is refused where no step applies: nothing is approved by nobody', () => {
    const never = { source: 'false', judge: () => false };
    const flow = aFlow({
      approval: anApproval({ steps: [aStep('data-owner', 'team:acme/data', { condition: never })] }),
    });
    expect(refusal(new History({ flows: [flow] }), 'ann-o')).toBe('no-step-applies');
  });

  it('asks a step whose condition cannot be judged', () => {
    const unclear: Condition = { source: '?', judge: () => ({ unknown: 'nobody knows' }) };
    const flow = aFlow({
      approval: anApproval({ steps: [aStep('data-owner', 'team:acme/data', { condition: unclear })] }),
    });
    const history = new History({ flows: [flow] }).asks('ann-o');
    expect(history.request?.policy.steps.map(({ name }) => name)).toEqual(['data-owner']);
  });

  it('respects the sources of the flow', () => {
    expect(refusal(new History({ flows: [aFlow({ sources: [] })] }), 'ann-o')).toBe('wrong-source');
  });

  it('checks the form', () => {
    expect(refusal(new History({ flows: [aFlow({ fields: [aField('reason')] })] }), 'ann-o')).toBe(
      'invalid-form',
    );
  });

  it('cannot reach a target that is narrowed to others', () => {
    const flow = aFlow();
    const targets =
      flow.access?.targets.map((target) => ({ ...target, requesters: [group('team:acme/security')] })) ?? [];
    const narrowed = aFlow({ ...(flow.access && { access: { ...flow.access, targets } }) });
    expect(refusal(new History({ flows: [narrowed] }), 'ann-o')).toBe('not-a-requester');
  });

  function refusal(history: History, name: string): RefusalCode | 'none' {
    const decision = history.decide({
      type: 'request',
      desk: aDesk,
      flow: 'production',
      form: { fields: {} },
      voice: history.voice(name),
      thread: aThread,
    });
    return 'refusal' in decision ? decision.refusal.code : 'none';
  }
});

describe('deciding', () => {
  it('refuses an approval from the requester', () => {
    const groups = { 'team:acme/engineering': ['ann'], 'team:acme/data': ['ann', 'bob'] };
    expect(new History({ groups }).asks('ann-o').refusalOf('ann-o', 'approve')).toBe('self-approval');
  });

  it('refuses the requester by their second account, also when it is linked only later', () => {
    const groups = { 'team:acme/engineering': ['ann'], 'team:acme/data': ['ann', 'bob', 'zoe'] };
    const two = aFlow({
      approval: anApproval({ steps: [aStep('data-owner', 'team:acme/data', { count: 2 })] }),
    });
    const people = { 'ann-o': 'ann', 'ann-2': 'zoe', 'bob-l': 'bob' };
    const history = new History({ groups, flows: [two], people }).asks('ann-o').says('ann-2', 'approve');
    history.where({ people: { 'ann-o': 'ann', 'ann-2': 'ann', 'bob-l': 'bob' } }).says('bob-l', 'approve');
    expect(history.status).toBe('pending');
  });

  it('allows it where the flow does', () => {
    const groups = { 'team:acme/engineering': ['ann'], 'team:acme/data': ['ann'] };
    const flows = [aFlow({ approval: anApproval({ selfApproval: true }) })];
    expect(new History({ groups, flows }).asks('ann-o').says('ann-o', 'approve').status).toBe('escalating');
  });

  it('an empty set of approvers is nobody', () => {
    const flows = [aFlow({ approval: anApproval({ steps: [aStep('nobody', 'team:acme/empty')] }) })];
    expect(new History({ flows }).asks('ann-o').refusalOf('bob-l', 'approve')).toBe('not-an-approver');
  });

  it('an account that is linked to no person decides nothing', () => {
    expect(History.in('pending').refusalOf('eve-s', 'approve')).toBe('unlinked-account');
    expect(History.in('pending').refusalOf('eve-s', 'deny')).toBe('unlinked-account');
    expect(History.in('active').refusalOf('eve-s', 'revoke')).toBe('unlinked-account');
  });

  it('one person in three groups fills one step', () => {
    const steps = ['data', 'security', 'platform'].map((name) => aStep(name, `team:acme/${name}`));
    const groups = {
      'team:acme/engineering': ['ann'],
      'team:acme/data': ['bob'],
      'team:acme/security': ['bob', 'dora'],
      'team:acme/platform': ['bob', 'max'],
    };
    const history = new History({ flows: [aFlow({ approval: anApproval({ steps }) })], groups })
      .asks('ann-o')
      .says('bob-l', 'approve');
    expect(history.status).toBe('pending');
    expect(history.refusalOf('bob-l', 'approve')).toBe('already-approved');
    expect(history.says('dora-k', 'approve').says('max-p', 'approve').status).toBe('escalating');
  });

  it('more approvals than needed do not leave it pending', () => {
    const steps = [aStep('any', 'team:acme/any', { count: 1 })];
    const groups = { 'team:acme/engineering': ['ann'], 'team:acme/any': ['bob', 'dora'] };
    const history = new History({ flows: [aFlow({ approval: anApproval({ steps }) })], groups }).asks(
      'ann-o',
    );
    expect(history.says('bob-l', 'approve').status).toBe('escalating');
    expect(history.refusalOf('dora-k', 'approve')).toBe('too-late');
  });

  it('a step that needs another is not filled before it is asked', () => {
    const steps = [
      aStep('data', 'team:acme/data'),
      aStep('security', 'team:acme/security', { needs: ['data'] }),
    ];
    const history = new History({ flows: [aFlow({ approval: anApproval({ steps }) })] }).asks('ann-o');
    expect(history.refusalOf('dora-k', 'approve')).toBe('not-yet-asked');
    expect(history.says('bob-l', 'approve').says('dora-k', 'approve').status).toBe('escalating');
  });

  it('does not accept an approval given after the deadline, even before the sweep saw it', () => {
    const history = History.in('pending').wait(hours(25));
    expect(history.refusalOf('bob-l', 'approve')).toBe('too-late');
  });

  it('accepts an approval given in time whose delivery was late', () => {
    const history = History.in('pending');
    const voice = history.voice('bob-l');
    expect(history.wait(hours(25)).when({ type: 'approve', voice }).status).toBe('escalating');
  });

  it('counts an approver only if eligible under the pinned and the current flow', () => {
    const narrowed = aFlow({ approval: anApproval({ steps: [aStep('data-owner', 'team:acme/security')] }) });
    const history = History.in('pending').where({ flows: [narrowed] });
    expect(history.refusalOf('bob-l', 'approve')).toBe('not-an-approver');
    expect(history.refusalOf('dora-k', 'approve')).toBe('not-an-approver');
  });

  it('asks also what the current flow adds', () => {
    const more = aFlow({
      approval: anApproval({
        steps: [aStep('data-owner', 'team:acme/data'), aStep('security', 'team:acme/security')],
      }),
    });
    const history = History.in('pending')
      .where({ flows: [more] })
      .says('bob-l', 'approve');
    expect(history.status).toBe('pending');
    expect(history.request?.stepsInForce.map(({ name }) => name)).toEqual(['data-owner', 'security']);
    expect(history.says('dora-k', 'approve').status).toBe('escalating');
  });

  it('what the current flow adds is recorded as plain data', () => {
    const always: Condition = { source: 'true', judge: () => true };
    const steps = [
      aStep('data-owner', 'team:acme/data'),
      aStep('security', 'team:acme/security', { condition: always }),
    ];
    const history = History.in('pending')
      .where({ flows: [aFlow({ approval: anApproval({ steps }) })] })
      .says('bob-l', 'approve');
    expect(history.request?.stepsInForce[1]).not.toHaveProperty('condition');
  });

  it('does not wait for a step that is not asked of this request', () => {
    const never: Condition = { source: 'false', judge: () => false };
    const steps = [
      aStep('security', 'team:acme/security', { condition: never }),
      aStep('data-owner', 'team:acme/data', { needs: ['security'] }),
    ];
    const history = new History({ flows: [aFlow({ approval: anApproval({ steps }) })] }).asks('ann-o');
    expect(history.says('bob-l', 'approve').status).toBe('escalating');
  });

  it('refuses the requester where the flow allowed self-approval and no longer does', () => {
    const groups = { 'team:acme/engineering': ['ann'], 'team:acme/data': ['ann', 'bob'] };
    const before = [aFlow({ approval: anApproval({ selfApproval: true }) })];
    const history = new History({ groups, flows: before }).asks('ann-o').where({ flows: [aFlow()] });
    expect(history.refusalOf('ann-o', 'approve')).toBe('self-approval');
    expect(history.says('bob-l', 'approve').status).toBe('escalating');
  });

  it('a flow that was removed approves nothing, and can still be denied', () => {
    const history = History.in('pending').where({ flows: [] });
    expect(history.refusalOf('bob-l', 'approve')).toBe('flow-unavailable');
    expect(history.says('bob-l', 'deny').status).toBe('denied');
  });

  it('a lookup outage neither opens the gate nor blames the person', () => {
    const history = History.in('pending').where({ groups: { 'team:acme/data': 'down' } });
    expect(history.refusalOf('bob-l', 'approve')).toBe('lookup-failed');
  });

  it('the requester withdraws with cancel and does not deny', () => {
    expect(History.in('pending').refusalOf('bob-l', 'cancel')).toBe('not-the-requester');
    const groups = { 'team:acme/engineering': ['ann'], 'team:acme/data': ['ann', 'bob'] };
    expect(new History({ groups }).asks('ann-o').refusalOf('ann-o', 'deny')).toBe('self-approval');
  });

  it('takes a command said again for the same one', () => {
    const history = History.in('pending');
    const voice = history.voice('bob-l');
    history.when({ type: 'approve', voice });
    expect(history.decide({ type: 'approve', voice })).toEqual({ entries: [] });
  });

  it('a denial that came first wins', () => {
    expect(History.in('pending').says('bob-l', 'deny').refusalOf('bob-l', 'approve')).toBe('too-late');
  });
});

describe('ending early', () => {
  it('is for the requester and the approvers as the flow allows, and for admins always', () => {
    const flows = [aFlow({ allowRevoke: [] })];
    const history = new History({ flows }).asks('ann-o').says('bob-l', 'approve').when(escalated);
    expect(history.refusalOf('ann-o', 'revoke')).toBe('not-allowed-to-revoke');
    expect(history.refusalOf('bob-l', 'revoke')).toBe('not-allowed-to-revoke');
    expect(history.says('max-p', 'revoke').status).toBe('deescalating');
  });

  it('is not for anybody else', () => {
    expect(History.in('active').refusalOf('dora-k', 'revoke')).toBe('not-allowed-to-revoke');
  });
});

describe('overlapping grants', () => {
  it('remember what was there before the first of them', () => {
    const live = [{ request: requestId('R1'), before: 'triage' }];
    const access = { resource: 'r', account: 'a', wanted: 'admin', holds: 'write', covered: false, live };
    const history = new History({ access }).asks('ann-o').says('bob-l', 'approve');
    expect(history.request?.phase).toMatchObject({ grant: { before: 'triage', wanted: 'admin' } });
  });

  it('may be asked for although an earlier grant covers it now', () => {
    const live = [{ request: requestId('R1'), before: 'none' }];
    const access = { resource: 'r', account: 'a', wanted: 'member', holds: 'member', covered: true, live };
    expect(new History({ access }).asks('ann-o').status).toBe('pending');
  });
});

describe('a look-up that fails at the approval', () => {
  it('is tried again until start-by', () => {
    const history = History.in('approved').when({ type: 'start-escalation' });
    expect(history.status).toBe('escalating');
  });

  it('fails the request where it can never succeed, before anything was called', () => {
    const access = { missing: 'impossible', why: 'There is no such team.' } as const;
    const history = History.in('pending').where({ access }).says('bob-l', 'approve');
    expect(history.request?.phase).toMatchObject({ status: 'failed', error: 'There is no such team.' });
  });
});
