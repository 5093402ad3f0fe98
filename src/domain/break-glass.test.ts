// Access that did not wait: who may have it, what follows, and the review that outlives it.
import { describe, expect, test } from 'vitest';
import { aFlow, aStep, anApproval, aTarget } from '../../test/builders/flow.ts';
import { aDesk, aThread, History } from '../../test/builders/history.ts';
import { accountOf, type World } from '../../test/builders/facts.ts';
import { cardOf } from './card.ts';
import type { BreakGlass } from './commands.ts';
import { nextDeadline } from './deadlines.ts';
import { hours, minutes } from './duration.ts';
import { explain } from './explain.ts';
import type { BreakGlassOffer, Flow } from './flow.ts';
import { destination, group, personId, plus, requestId } from './names.ts';
import { whyLines } from './why-lines.ts';
import type { Refusal } from './refusals.ts';
import { isSettled } from './request.ts';
import { cardPlaces } from './routes.ts';
import { factsOf } from '../../test/builders/facts.ts';

const offer: BreakGlassOffer = {
  who: [group('team:acme/on-call')],
  targets: ['prod'],
  max: hours(1),
  reviewers: [group('team:acme/security'), group('slack-channel:security')],
  reviewWithin: hours(24),
  tell: [destination('slack-channel:access')],
};

function urgent(overrides: Partial<BreakGlassOffer> = {}, more: Partial<Flow> = {}): Flow {
  return aFlow({
    access: {
      strategy: { type: 'toy' },
      targets: [aTarget('prod'), aTarget('staging')],
      durations: { options: [minutes(30), hours(1), hours(4), 'until-revoked'], default: hours(4) },
    },
    approval: anApproval({
      steps: [
        aStep('data-owner', 'team:acme/data', {
          routes: [
            { to: [destination('slack-channel:data'), destination('github')] },
            { to: [destination('person:bob')], after: minutes(15) },
          ],
        }),
        aStep('customer', 'team:acme/customer', { peopleOnly: true }),
      ],
    }),
    breakGlass: { ...offer, ...overrides },
    ...more,
  });
}

const groups = {
  'team:acme/engineering': ['ann', 'bob'],
  'team:acme/on-call': ['ann'],
  'team:acme/data': ['bob'],
  'team:acme/security': ['dora', 'ann'],
  'role:admin': ['max'],
};

function aDay(world: Partial<World> = {}, flow = urgent()): History {
  return new History({ flows: [flow], groups, ...world });
}

const meant: BreakGlass = { reason: 'The queue is stuck.', confirm: 'prod' };

interface Asked {
  readonly by?: string;
  readonly target?: string;
  readonly duration?: string;
  readonly fields?: { readonly [name: string]: unknown };
}

function asking(
  day: History,
  breakGlass: Partial<BreakGlass> = {},
  { by = 'ann-o', target = 'prod', duration, fields = {} }: Asked = {},
): Parameters<History['decide']>[0] {
  return {
    type: 'request',
    desk: aDesk,
    flow: 'production',
    form: { target, fields, ...(duration !== undefined && { duration }) },
    voice: day.voice(by),
    thread: aThread,
    breakGlass: { ...meant, ...breakGlass },
  };
}

function refusal(day: History, breakGlass: Partial<BreakGlass> = {}, asked: Asked = {}): Refusal | undefined {
  const decision = day.decide(asking(day, breakGlass, asked));
  if ('needs' in decision) throw new Error('It asks for more.');
  return 'refusal' in decision ? decision.refusal : undefined;
}

function broken(world: Partial<World> = {}, flow = urgent()): History {
  const day = aDay(world, flow);
  return day.when(asking(day));
}

const escalated = { type: 'note-escalated', verified: 'read-back' } as const;
const gone = { type: 'note-deescalated', verified: 'read-back', holds: 'none', neededBy: [] } as const;
const time = { type: 'note-time' } as const;

function review(day: History, by: string, message = 'It was needed.'): Refusal['code'] | 'given' {
  const command = { type: 'review', voice: day.voice(by), outcome: 'fine', message } as const;
  const decision = day.decide(command);
  if ('refusal' in decision) return decision.refusal.code;
  day.when(command);
  return 'given';
}

describe('who may', () => {
  test('somebody who is named, with a reason and the name of the target, has access without approval', () => {
    const day = broken();
    expect(day.entryTypes).toEqual(['requested', 'approved', 'escalation-started', 'review-opened']);
    expect(day.status).toBe('escalating');
    expect(day.request).toMatchObject({
      breakGlass: { reason: 'The queue is stuck.', max: hours(1) },
      form: { duration: hours(1) },
      review: { deadline: plus(day.now, hours(24)), nextAt: plus(day.now, hours(12)), reminded: 0 },
    });
  });

  test.each<[string, Partial<World>, Flow, Partial<BreakGlass>, Asked, Refusal['code']]>([
    ['not where the flow does not offer it', {}, aFlow(), {}, {}, 'break-glass-not-offered'],
    ['not who is not named', {}, urgent(), {}, { by: 'bob-l' }, 'not-for-break-glass'],
    ['not who may not ask', {}, urgent(), {}, { by: 'dora-k' }, 'not-a-requester'],
    ['not who is nobody', {}, urgent(), {}, { by: 'eve' }, 'unlinked-account'],
    ['not without a reason', {}, urgent(), { reason: ' \u2800' }, {}, 'invalid-form'],
    ['not with a novel', {}, urgent(), { reason: 'a'.repeat(4001) }, {}, 'invalid-form'],
    ['not without a confirmation', {}, urgent(), { confirm: '' }, {}, 'invalid-form'],
    ['not with the name of another target', {}, urgent(), { confirm: 'staging' }, {}, 'invalid-form'],
    [
      'not a target that is not named',
      {},
      urgent(),
      { confirm: 'staging' },
      { target: 'staging' },
      'invalid-form',
    ],
    ['not for longer than may be', {}, urgent(), {}, { duration: '4h' }, 'invalid-form'],
    ['not without end', {}, urgent(), {}, { duration: 'until-revoked' }, 'invalid-form'],
    [
      'not while nobody can tell who is named',
      { groups: { ...groups, 'team:acme/on-call': 'down' } },
      urgent(),
      {},
      {},
      'lookup-failed',
    ],
    [
      'not while nobody can tell what is owed',
      { reviews: { unknown: 'It is out.' } },
      urgent(),
      {},
      {},
      'lookup-failed',
    ],
    [
      'not what they have already',
      { access: { resource: 'r', account: 'a', wanted: 'member', holds: 'member', covered: true, live: [] } },
      urgent(),
      {},
      {},
      'already-held',
    ],
  ])('%s', (_, world, flow, breakGlass, asked, code) => {
    expect(refusal(aDay(world, flow), breakGlass, asked)?.code).toBe(code);
  });

  test('all that is wrong is told at once', () => {
    const wrong = refusal(aDay(), { reason: '', confirm: '' }, { target: 'staging', duration: '4h' });
    expect(wrong?.code === 'invalid-form' && wrong.problems.map(({ at }) => at)).toEqual([
      'target',
      'break-glass',
      'duration',
    ]);
  });

  test('the reason answers a field of that name, and no other answer', () => {
    const field = { name: 'reason', type: 'string', label: 'Why?', required: true } as const;
    const flow = urgent({}, { fields: [field] });
    expect(broken({}, flow).request?.form.fields).toEqual({ reason: 'The queue is stuck.' });
    const day = aDay({}, flow);
    day.when(asking(day, {}, { fields: { reason: 'Order 4711' } }));
    expect(day.request?.form.fields).toEqual({ reason: 'Order 4711' });
  });

  test('a rule that denies still denies, one that cannot be judged lets nobody pass, and one that approves says nothing', () => {
    const rule = (judge: boolean | 'unknown', then: 'approve' | 'deny'): Flow =>
      urgent(
        {},
        {
          rules: [
            {
              name: 'freeze',
              condition: {
                source: 'x',
                judge: () => (judge === 'unknown' ? { unknown: 'It is out.' } : judge),
              },
              then: then === 'deny' ? { deny: true } : { approve: ['data-owner'] },
            },
          ],
        },
      );
    expect(broken({}, rule(true, 'deny')).entryTypes).toEqual(['requested', 'rule-applied', 'denied']);
    expect(refusal(aDay({}, rule('unknown', 'deny')))).toMatchObject({
      code: 'held-by-rule',
      what: 'break-glass',
    });
    expect(broken({}, rule(true, 'approve')).entryTypes).not.toContain('rule-applied');
  });
});

describe('debts', () => {
  const debt = (overdueSince: number, of: { readonly person?: string; readonly account?: string }) => ({
    reviews: [
      {
        request: requestId('01JC0000000000000000000000'),
        flow: 'production',
        person: personId(of.person ?? 'gus'),
        account: accountOf(of.account ?? 'gus-g'),
        deadline: plus(new History().now, -overdueSince),
      },
    ],
  });

  test.each([
    ['their own, overdue', debt(0, { person: 'ann' }), 'review-overdue'],
    ['by an account that is theirs by now', debt(0, { account: 'ann-o' }), 'review-overdue'],
    ['their own, in time', debt(-1, { person: 'ann' }), undefined],
    ["another's", debt(minutes(5), { person: 'bob' }), undefined],
  ])('%s', (_, world, code) => {
    expect(refusal(aDay(world))?.code).toBe(code);
  });

  test('keep nobody from an ordinary request', () => {
    const day = aDay(debt(0, { person: 'ann' }));
    expect(day.asks('ann-o', { target: 'prod' }).status).toBe('pending');
  });
});

describe('who is told', () => {
  test('everybody who would have been asked, the environment and the reviewers, at once', () => {
    const places = cardPlaces(broken().request ?? fail());
    expect(places).toEqual([
      'github',
      'slack-channel:data',
      'person:bob',
      'slack-channel:access',
      'slack-channel:security',
    ]);
  });

  test('aloud, as soon as it is there', () => {
    expect(broken().request?.notices).toContainEqual({ notice: 'break-glass', to: 'github' });
  });

  test('the card says so, and asks nobody', () => {
    const card = cardOf(broken().when(escalated).request ?? fail());
    expect(card).toMatchObject({
      statusTitle: 'Break-glass, access is there',
      breakGlass: { reason: 'The queue is stuck.', review: { state: 'open' } },
      actions: ['revoke', 'review'],
      steps: [{ state: 'closed' }, { state: 'closed' }],
    });
    expect(card.next.flat()[0]).toBe(
      'ann-o (ann) broke the glass, so nobody had to approve it: “The queue is stuck.”.',
    );
  });
});

describe('its end', () => {
  test('comes on time, whatever became of the review', () => {
    const day = broken().when(escalated).wait(hours(1)).when(time);
    expect(day.status).toBe('deescalating');
    expect(day.when(gone).status).toBe('ended');
    expect(isSettled(day.request ?? fail())).toBe(false);
    expect(nextDeadline(day.request ?? fail())).toBe(day.request?.review?.nextAt);
  });

  test.each([
    ['ann-o', true],
    ['bob-l', true],
    ['dora-k', true],
    ['max-p', true],
    ['eve', false],
  ])('comes early if %s says so: %s', (name, may) => {
    const flow = urgent({}, { allowRevoke: [] });
    const day = broken({ people: { ...new History().world.people, eve: 'eve' } }, flow).when(escalated);
    expect(day.refusalOf(name, 'revoke')).toBe(may ? 'none' : 'not-allowed-to-revoke');
  });

  test('is never put off beyond what may be without approval, and others decide that', () => {
    const flow = urgent({ max: minutes(30) }, { extend: { maxTotal: hours(8), times: 3 } });
    const whole = broken({}, flow).when(escalated);
    expect(whole.refusalOf('ann-o', 'extend')).toBe('not-extendable');
    expect(cardOf(whole.request ?? fail()).actions).not.toContain('extend');

    const day = aDay({}, urgent({}, { extend: { maxTotal: hours(8), times: 3 } }));
    day.when(asking(day, {}, { duration: '30m' })).when(escalated);
    expect(day.decide({ type: 'extend', voice: day.voice('ann-o'), by: hours(1) })).toMatchObject({
      refusal: { code: 'extension-too-long', most: hours(1) },
    });
    day.says('ann-o', 'extend');
    expect(day.request?.phase).toMatchObject({ extension: { total: hours(1) } });
    expect(day.refusalOf('ann-o', 'approve')).toBe('self-approval');
    expect(day.says('bob-l', 'approve').request?.phase).toMatchObject({
      extension: { approvals: [{ name: 'bob-l' }] },
    });
  });
});

describe('the review', () => {
  test('is given by a second person as soon as access is there, and once', () => {
    const day = broken();
    expect(review(day, 'dora-k')).toBe('nothing-to-review');
    day.when(escalated);
    expect(review(day, 'ann-o')).toBe('own-review');
    expect(review(day, 'bob-l')).toBe('not-a-reviewer');
    expect(review(day, 'eve')).toBe('unlinked-account');
    expect(review(day, 'dora-k', ' ')).toBe('message-required');
    expect(review(day, 'dora-k')).toBe('given');
    expect(day.status).toBe('active');
    expect(review(day, 'dora-k')).toBe('nothing-to-review');
    expect(day.request?.review?.closed).toMatchObject({ outcome: 'fine', message: 'It was needed.' });
    expect(cardOf(day.request ?? fail()).actions).toEqual(['revoke']);
  });

  test('is given after the end too, and then nothing is left', () => {
    const day = broken().when(escalated).says('ann-o', 'revoke').when(gone);
    const seen = day.request?.visibleSeq ?? 0;
    expect(review(day, 'dora-k')).toBe('given');
    expect(day.status).toBe('ended');
    expect(isSettled(day.request ?? fail())).toBe(true);
    expect(nextDeadline(day.request ?? fail())).toBeUndefined();
    expect(day.request?.visibleSeq).toBeGreaterThan(seen);
    expect(day.request?.notices).toContainEqual({ notice: 'reviewed', to: 'github' });
  });

  test('is judged live, under the flow as it was and as it is', () => {
    const day = broken().when(escalated);
    day.where({ flows: [urgent({ reviewers: [group('team:acme/data')] })] });
    expect(review(day, 'dora-k')).toBe('not-a-reviewer');
    expect(review(day, 'bob-l')).toBe('not-a-reviewer');
    day.where({ flows: [urgent()], groups: { ...groups, 'team:acme/security': 'down' } });
    expect(review(day, 'dora-k')).toBe('lookup-failed');
    day.where({ flows: [], groups });
    expect(review(day, 'dora-k')).toBe('given');
  });

  test('is given by an admin only once it is overdue', () => {
    const day = broken().when(escalated);
    expect(review(day, 'max-p')).toBe('not-a-reviewer');
    day.wait(hours(24));
    expect(review(day, 'max-p')).toBe('given');
    expect(day.request?.review?.closed?.asAdmin).toBe(true);
  });

  test('is raised at half of its time, at its end, and each day after that', () => {
    const day = broken().when(escalated);
    const raised = (): readonly string[] =>
      day.request?.notices.flatMap(({ notice, to }) =>
        notice.startsWith('review-') ? [`${notice} ${to}`] : [],
      ) ?? [];
    day.wait(hours(1)).when(time).when(gone);
    expect(raised()).toEqual([]);
    day.wait(hours(11)).when(time);
    expect(raised()).toEqual([
      'review-1 github',
      'review-1 slack-channel:security',
      'review-1 slack-channel:access',
    ]);
    expect(cardOf(day.request ?? fail()).breakGlass?.review?.state).toBe('open');
    day.wait(hours(12)).when(time);
    expect(raised()[0]).toBe('review-2 github');
    expect(cardOf(day.request ?? fail()).breakGlass?.review?.state).toBe('overdue');
    expect(day.when(time).request?.review?.reminded).toBe(2);
    day.wait(hours(24)).when(time);
    day.wait(hours(24)).when(time);
    expect(raised()[0]).toBe('review-4 github');
  });

  test('is overdue at once where an outage passed over half of its time', () => {
    const day = broken().when(escalated).wait(hours(40)).when(time);
    expect(day.status).toBe('deescalating');
    expect(day.request?.review?.reminded).toBe(2);
  });

  test('may be of the manager of whoever asks', () => {
    const day = broken({}, urgent({ reviewers: [group('manager:requester')] }));
    expect(day.request?.review?.reviewers).toEqual(['manager:ann']);
  });

  test('is explained to whoever asks why', () => {
    const day = broken().when(escalated);
    const lines = (name: string): readonly string[] => {
      const explained = explain(day.request ?? fail(), day.voice(name), factsOf(day.world), day.now);
      if ('needs' in explained) throw new Error('It asks for more.');
      return whyLines(explained.why).map(({ text }) => text);
    };
    expect(lines('dora-k')).toEqual([
      'ann-o broke the glass, so nobody was asked: “The queue is stuck.”.',
      'A second person has to review it by 2026-11-21 09:00 UTC: the team acme/security or the members of the Slack channel security.',
      'You may review it now: say /review fine or /review concern, and what you found.',
    ]);
    expect(lines('ann-o')[2]).toMatch(/^If you said \/review now: This was your own access/);
  });
});

function fail(): never {
  throw new Error('There is no request.');
}
