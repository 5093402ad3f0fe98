import { describe, expect, it } from 'vitest';
import {
  anId,
  aRequest,
  aRequestIn,
  approvalEntry,
  followedBy,
  noon,
  someone,
} from '../../test/builders/request.ts';
import { cardOf, type Card } from './card.ts';
import { minutes } from './duration.ts';
import type { Step } from './flow.ts';
import { group, plus } from './names.ts';
import { statuses } from './request.ts';

const step = (name: string, changes: Partial<Step> = {}): Step => ({
  name,
  approvers: [group(`team:acme/${name}`)],
  count: 1,
  needs: [],
  peopleOnly: false,
  ...changes,
});

describe('the card', () => {
  it('shows what would be granted exactly as the request is pinned to it', () => {
    const { request } = aRequest({
      form: {
        target: {
          name: 'prod',
          label: 'Production',
          settings: { repository: 'acme/app', roles: ['a', 'b'] },
        },
        duration: minutes(60),
      },
    });
    expect(cardOf(request)).toMatchObject({
      subject: 'Production for 1h',
      grants: {
        duration: '1h',
        settings: [
          { name: 'repository', text: 'acme/app' },
          { name: 'roles', text: 'a, b' },
        ],
      },
    });
  });

  it('still shows, once it is granted, what it showed at the last approval', () => {
    const asked = aRequestIn('pending').request;
    for (const status of statuses)
      expect(cardOf(aRequestIn(status).request).grants).toEqual(cardOf(asked).grants);
  });

  it('never says that access is there before it was verified', () => {
    const claiming = statuses.filter((status) => {
      const card = cardOf(aRequestIn(status).request);
      return /Access is there|It is taken back by itself on|It stays until/.test(
        `${card.statusTitle} ${text(card)}`,
      );
    });
    expect(claiming).toEqual(['active']);
  });

  it('offers no action after the end', () => {
    const offered = statuses.map((status) => [status, cardOf(aRequestIn(status).request).actions]);
    expect(Object.fromEntries(offered)).toEqual({
      pending: ['approve', 'deny', 'cancel'],
      approved: ['revoke'],
      escalating: ['revoke'],
      active: ['revoke'],
      deescalating: [],
      ended: [],
      denied: [],
      cancelled: [],
      lapsed: [],
      failed: [],
    });
  });

  it('says when each state ends by itself', () => {
    expect(cardOf(aRequestIn('pending').request).endsAt).toBe(plus(noon, minutes(24 * 60)));
    expect(cardOf(aRequestIn('active').request).endsAt).toBe(plus(noon, minutes(33)));
    expect(cardOf(aRequestIn('ended').request)).not.toHaveProperty('endsAt');
  });
});

describe('the steps of a card', () => {
  const steps = [
    step('data', { count: 2 }),
    step('security'),
    step('customer', { needs: ['data', 'security'] }),
  ];

  it('say who is missing, and who comes later', () => {
    const { request } = followedBy(aRequest({ policy: { steps } }), [
      { type: 'approval-given', by: someone('bob', 'r1'), data: { eligible: ['data'], message: 'fine' } },
    ]);
    expect(cardOf(request).steps.map(({ name, state, missing, by }) => [name, state, missing, by])).toEqual([
      ['data', 'open', 1, [{ name: 'bob', at: plus(noon, minutes(1)), message: 'fine' }]],
      ['security', 'open', 1, []],
      ['customer', 'waiting', 1, []],
    ]);
  });

  it('are closed, and nobody is asked, once it was denied', () => {
    const { request } = aRequestIn('denied', { policy: { steps } });
    expect(cardOf(request).steps.map(({ state }) => state)).toEqual(['closed', 'closed', 'closed']);
  });

  it('count one person once, for one step', () => {
    const both = [step('data'), step('security')];
    const { request } = followedBy(aRequest({ policy: { steps: both } }), [
      { type: 'approval-given', by: someone('bob', 'r1'), data: { eligible: ['data', 'security'] } },
    ]);
    expect(cardOf(request).steps.map(({ state }) => state)).toEqual(['met', 'open']);
  });
});

describe('what happens next', () => {
  it.each(statuses)('is said in whole sentences: %s', (status) => {
    const sentences = cardOf(aRequestIn(status).request).next.map(print);
    expect(sentences.length).toBeGreaterThan(0);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Za-z].*\.$/);
  });

  it('reads like this along the life of a request', () => {
    expect(statuses.map((status) => `${status}: ${text(cardOf(aRequestIn(status).request))}`))
      .toMatchInlineSnapshot(`
        [
          "pending: Once this is approved, ann gets Production for 30m; then it is taken back by itself. Without a decision it lapses on 12:00.",
          "approved: All approvals are in, and access is being prepared. It is not there yet. If it is not there by 12:15, it is given up.",
          "escalating: All approvals are in, and access is being granted. It is not there yet. If it is not there by 12:17, it is given up.",
          "active: It is taken back by itself on 12:33.",
          "deescalating: Its time is up: since 12:04 access is taken back.",
          "ended: Access was there from 12:03 and was gone by 12:05.",
          "denied: bob denied it on 12:01. Nothing was granted.",
          "cancelled: ann withdrew it on 12:01. Nothing was granted.",
          "lapsed: Nobody decided by 12:01, so it lapsed. Nothing was granted.",
          "failed: It could not be granted, and was given up on 12:04. Nothing of it is left. What went wrong: It could not be granted.",
        ]
      `);
  });

  it('names who ended it early and what they said', () => {
    const { request } = followedBy(aRequestIn('active'), [
      { type: 'revoke-asked', by: someone('bob', 'r9'), data: { message: 'done here' } },
      { type: 'deescalation-started', by: { system: 'reconciler' }, data: { why: 'revoked' } },
    ]);
    expect(text(cardOf(request))).toContain('bob ended it early, saying “done here”: since');
  });

  it('says that an approval without access holds for a while', () => {
    const { request } = aRequest();
    const { fields, answers } = request.form;
    const only = cardOf({ ...request, form: { fields, answers } });
    expect(text(only)).toContain('the approval holds for 1h.');
    expect(only.subject).toBe('AWS Power User');
  });

  it('says it plainly while access is overdue', () => {
    const { request } = followedBy(aRequestIn('deescalating'), [
      {
        type: 'deescalation-failed',
        by: { system: 'sweep' },
        data: { error: 'AWS does not answer.', attempts: 0, alarm: 1 },
      },
    ]);
    expect(text(cardOf(request))).toContain('not confirmed gone yet');
  });

  it('does not mistake one approval for all of them', () => {
    const { request } = followedBy(aRequest({ policy: { steps: [step('data', { count: 2 })] } }), [
      approvalEntry('bob'),
    ]);
    expect(cardOf(request).steps[0]).toMatchObject({ state: 'open' });
  });
});

function text({ next }: Card): string {
  return next.map(print).join(' ');
}

function print(phrase: Card['next'][number]): string {
  return phrase
    .map((part) => (typeof part === 'string' ? part : 'time' in part ? part.time.slice(11, 16) : part.link))
    .join('');
}

it.each([
  [['another'], 'member', 'Another request gives the same access, and that goes on.'],
  [[], 'member', 'What was there before this request stays.'],
  [[], 'none', 'and was gone by'],
] as const)('says what is left when access ends: needed by %j, holds %s', (others, holds, said) => {
  const { request } = followedBy(aRequestIn('deescalating'), [
    {
      type: 'deescalated',
      by: { system: 'reconciler' },
      data: { verified: 'read-back', holds, neededBy: others.map(() => anId(9)) },
    },
  ]);
  const told = JSON.stringify(cardOf(request).next);
  expect(told).toContain(said);
  expect(told.includes('was gone by')).toBe(holds === 'none');
});
