import { describe, expect, it } from 'vitest';
import { aFlow, anApproval, aStep, aTarget } from '../../test/builders/flow.ts';
import { aWorld } from '../../test/builders/facts.ts';
import { History, start } from '../../test/builders/history.ts';
import type { Decision } from './decide.ts';
import { hours, minutes } from './duration.ts';
import type { Flow, Rule } from './flow.ts';
import { group, plus, type Milliseconds } from './names.ts';

const escalated = { type: 'note-escalated', verified: 'read-back' } as const;
const extend = { maxTotal: hours(2), times: 2 };

function flowWith(overrides: Partial<Flow> = {}): Flow {
  return aFlow({ extend, ...overrides });
}

/** Ann has access for 30 minutes. */
function active(overrides: Partial<Flow> = {}): History {
  return new History({ flows: [flowWith(overrides)] }).asks('ann-o').says('bob-l', 'approve').when(escalated);
}

function extends_(history: History, by?: Milliseconds, name = 'ann-o'): Decision {
  return history.decide({ type: 'extend', voice: history.voice(name), ...(by !== undefined && { by }) });
}

function asksForMore(history: History, by: Milliseconds): History {
  return history.when({ type: 'extend', voice: history.voice('ann-o'), by });
}

describe('an extension', () => {
  it('is a decision on the total: the access goes on until it is taken', () => {
    const history = asksForMore(active(), minutes(30));
    expect(history.request?.phase).toMatchObject({
      status: 'active',
      expiresAt: plus(start, minutes(30)),
      extension: { total: hours(1), approvals: [] },
    });
    history.wait(minutes(10)).says('bob-l', 'approve');
    expect(history.request?.phase).toMatchObject({
      status: 'active',
      expiresAt: plus(start, hours(1)),
      grant: { duration: hours(1), endBy: plus(start, minutes(15) + hours(1)) },
    });
    expect(history.request?.phase).not.toHaveProperty('extension');
    expect(history.request?.granted?.expiresAt).toBe(plus(start, hours(1)));
  });

  it('ends on time where nobody decides', () => {
    const history = asksForMore(active(), minutes(30)).wait(minutes(30)).when({ type: 'note-time' });
    expect(history.status).toBe('deescalating');
  });

  it('is not decided by the requester, nor by the approvals of the request', () => {
    const history = asksForMore(active(), minutes(30));
    expect(history.refusalOf('ann-o', 'approve')).toBe('self-approval');
    expect(history.refusalOf('max-p', 'approve')).toBe('not-an-approver');
    expect(history.request?.approvals).toHaveLength(1);
  });

  it('asks the steps of the total, which may be more than were asked at first', () => {
    const long = {
      source: 'long',
      judge: ({ duration }: { duration?: unknown }) => Number(duration) > minutes(30),
    };
    const steps = [
      aStep('data-owner', 'team:acme/data'),
      aStep('security', 'team:acme/security', { condition: long }),
    ];
    const history = asksForMore(active({ approval: anApproval({ steps }) }), minutes(30));
    expect(history.request?.policy.steps.map(({ name }) => name)).toEqual(['data-owner']);
    expect(history.says('bob-l', 'approve').request?.phase).toHaveProperty('extension');
    expect(history.says('dora-k', 'approve').request?.phase).not.toHaveProperty('extension');
  });

  it('may be denied, and then the access goes on as it was', () => {
    const history = asksForMore(active(), minutes(30)).says('bob-l', 'deny');
    expect(history.request?.phase).toMatchObject({ status: 'active', expiresAt: plus(start, minutes(30)) });
    expect(history.request?.phase).not.toHaveProperty('extension');
    expect(history.request?.notices.map(({ notice }) => notice)).toContain('extension-over-1');
  });

  it('is approved by rules, judged on the total', () => {
    const seen: unknown[] = [];
    const rule: Rule = {
      name: 'short',
      condition: {
        source: 'short',
        judge: ({ duration }) => (seen.push(duration), Number(duration) <= hours(1)),
      },
      then: { approve: ['data-owner'] },
    };
    const history = active();
    history.where({ flows: [flowWith({ rules: [rule] })] });
    expect(asksForMore(history, minutes(30)).request?.phase).toMatchObject({ grant: { duration: hours(1) } });
    expect(seen.at(-1)).toBe(hours(1));
    expect(asksForMore(history, minutes(15)).request?.phase).toHaveProperty('extension');
  });

  it('is refused by a rule that denies, and the access goes on', () => {
    const rule = {
      name: 'freeze',
      condition: { source: 'true', judge: () => true },
      then: { deny: true },
    } as const;
    const history = active().where({ flows: [flowWith({ rules: [rule] })] });
    expect(extends_(history, minutes(5))).toMatchObject({
      refusal: { code: 'denied-by-rule', rule: 'freeze' },
    });
    expect(history.status).toBe('active');
  });

  it('asks its rules about the person whose access it is, whoever their account is linked to by now', () => {
    const rule: Rule = {
      name: 'on-call',
      condition: {
        source: 'on call',
        judge: ({ circumstances }) =>
          circumstances?.belongs(group('team:acme/on-call')) ?? { unknown: 'nobody asks' },
      },
      then: { approve: ['data-owner'] },
    };
    const engineers = ['ann', 'eve'];
    const relinked = (onCall: string): History =>
      active({ rules: [rule] }).where({
        people: { 'ann-o': 'eve', 'bob-l': 'bob' },
        groups: {
          'team:acme/engineering': engineers,
          'team:acme/data': ['bob'],
          'team:acme/on-call': [onCall],
        },
      });
    expect(asksForMore(relinked('ann'), minutes(30)).entryTypes).toContain('extended');
    expect(asksForMore(relinked('eve'), minutes(30)).entryTypes).not.toContain('extended');
  });

  it('is doubled, or as much as is left, where nobody says how much', () => {
    expect(extends_(active())).toMatchObject({ entries: [{ data: { total: hours(1) } }] });
    const little = active({ extend: { maxTotal: minutes(40), times: 1 } });
    expect(extends_(little)).toMatchObject({ entries: [{ data: { total: minutes(40) } }] });
  });

  it('stays within the total that the flow allows', () => {
    expect(extends_(active(), hours(1.5))).toHaveProperty('entries');
    expect(extends_(active(), hours(1.6))).toMatchObject({
      refusal: { code: 'extension-too-long', most: hours(2) },
    });
  });

  it('comes as often as the flow allows', () => {
    const history = active({ extend: { maxTotal: hours(8), times: 1 } });
    asksForMore(history, minutes(30)).says('bob-l', 'approve');
    expect(extends_(history, minutes(30))).toMatchObject({
      refusal: { code: 'not-extendable', why: 'often-enough' },
    });
  });

  it('is offered by the flow it was asked under, and by the flow as it is now', () => {
    const now = active().where({ flows: [aFlow()] });
    expect(extends_(now)).toMatchObject({ refusal: { why: 'not-offered' } });
    const { extend: _, ...without } = flowWith();
    const then = new History({ flows: [without] }).asks('ann-o').says('bob-l', 'approve').when(escalated);
    expect(extends_(then.where({ flows: [flowWith()] }))).toMatchObject({ refusal: { why: 'not-offered' } });
    const less = active().where({ flows: [flowWith({ extend: { maxTotal: minutes(40), times: 1 } })] });
    expect(extends_(less, minutes(15))).toMatchObject({ refusal: { code: 'extension-too-long' } });
  });

  it('is for whoever asked, as long as they still may', () => {
    expect(extends_(active(), minutes(5), 'bob-l')).toMatchObject({ refusal: { code: 'not-the-requester' } });
    const left = active().where({ groups: { ...aWorld().groups, 'team:acme/engineering': ['bob'] } });
    expect(extends_(left, minutes(5))).toMatchObject({ refusal: { code: 'not-a-requester' } });
  });

  it('is one at a time', () => {
    expect(extends_(asksForMore(active(), minutes(5)), minutes(10))).toMatchObject({
      refusal: { code: 'extension-open' },
    });
  });

  it('comes too late once the time is up', () => {
    expect(extends_(active().wait(minutes(30)), minutes(5))).toMatchObject({ refusal: { code: 'too-late' } });
  });

  it('is over when the access is, though the sweep is late', () => {
    const history = asksForMore(active(), minutes(30)).wait(minutes(31));
    expect(history.refusalOf('bob-l', 'approve')).toBe('too-late');
    expect(history.refusalOf('bob-l', 'deny')).toBe('too-late');
  });

  it('was decided in time where the approval was said in time, though it is heard late', () => {
    const history = asksForMore(active(), minutes(30)).wait(minutes(29));
    const voice = history.voice('bob-l');
    expect(history.wait(minutes(5)).when({ type: 'approve', voice }).request?.phase).toMatchObject({
      expiresAt: plus(start, hours(1)),
    });
  });

  it('is not decided by what was said before it was asked, and heard late', () => {
    const history = active({ approval: anApproval({ steps: [aStep('data-owner', 'team:acme/data')] }) });
    const early = history.wait(minutes(1)).voice('bob-l');
    asksForMore(history.wait(minutes(5)), minutes(30));
    const late = history.decide({ type: 'approve', voice: early });
    expect(late).toMatchObject({ refusal: { code: 'too-late', status: 'active' } });
    expect(history.when({ type: 'deny', voice: early }).status).toBe('deescalating');
  });

  it('is for what the flow still grants', () => {
    const { access, ...without } = flowWith();
    const gone = access && { ...access, targets: [aTarget('staging')] };
    for (const flow of [without, { ...without, ...(gone && { access: gone }) }])
      expect(extends_(active().where({ flows: [flow] }), minutes(5))).toMatchObject({
        refusal: { why: 'not-offered' },
      });
  });

  it('is not approved by the account that asked for it, whoever it is linked to by then', () => {
    const groups = { ...aWorld().groups, 'team:acme/data': ['bob', 'zoe'] };
    const history = new History({
      flows: [flowWith()],
      groups,
      people: { 'ann-o': 'ann', 'ann-2': 'ann', 'bob-l': 'bob' },
    });
    history.asks('ann-o').says('bob-l', 'approve').when(escalated);
    history.when({ type: 'extend', voice: history.voice('ann-2'), by: minutes(30) });
    history.where({ people: { 'ann-o': 'ann', 'ann-2': 'zoe', 'bob-l': 'bob' } });
    expect(history.refusalOf('ann-2', 'approve')).toBe('self-approval');
    expect(history.refusalOf('bob-l', 'approve')).toBe('none');
  });

  it('has nothing to put off where access has no end', () => {
    const history = new History({ flows: [flowWith()] }).asks('ann-o', { duration: 'until-revoked' });
    history.says('bob-l', 'approve').when(escalated);
    expect(extends_(history, minutes(5))).toMatchObject({ refusal: { why: 'no-end' } });
  });

  it('is forgotten when the access is revoked meanwhile', () => {
    const history = asksForMore(active(), minutes(30)).says('ann-o', 'revoke');
    expect(history.status).toBe('deescalating');
    expect(history.refusalOf('bob-l', 'approve')).toBe('too-late');
  });

  it('tells the approvers, and then the requester', () => {
    const history = asksForMore(active(), minutes(30));
    expect(history.request?.notices.map(({ notice }) => notice)).toContain('extension-1');
    history.says('bob-l', 'approve');
    expect(history.request?.notices.map(({ notice }) => notice)).toContain('extension-over-1');
    expect(history.request?.notices.map(({ notice }) => notice)).not.toContain('extension-1');
  });
});
