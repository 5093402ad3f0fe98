import { expect, it } from 'vitest';
import {
  aBrokenGlassIn,
  aRequest,
  aRequestIn,
  followedBy,
  noon,
  reviewedEntry,
  someone,
} from '../../../test/builders/request.ts';
import { linesOf } from '../../../test/contracts/slack/lines-of.ts';
import { hours, minutes } from '../../domain/duration.ts';
import type { Notice } from '../../domain/entries.ts';
import { group, personId, plus } from '../../domain/names.ts';
import type { Request } from '../../domain/request.ts';
import { renderNotice } from './render-notice.ts';

const now = plus(noon, minutes(23));
const mentions = new Map([[personId('ann'), 'U07ANN000']]);
const admins = [group('team:acme/platform')];
const extendable = { policy: { extend: { maxTotal: hours(8), times: 2 } } };

function say(request: Request, notice: Notice | 'expiring'): string | undefined {
  const message = renderNotice(request, notice, { mentions, admins, now });
  return message && linesOf(message.blocks);
}

it('says that access is there, and until when', () => {
  expect(say(aRequestIn('active').request, 'active')).toMatchInlineSnapshot(
    `"@U07ANN000 *You have access: Production*, until {20 Nov 2026, 12:33 UTC}. Then it is taken back by itself. If you are done before, press *Revoke* on the card."`,
  );
});

it('warns before the end, with what can be done about it', () => {
  expect(say(aRequestIn('active', extendable).request, 'expiring')).toMatchInlineSnapshot(`
    "@U07ANN000 *Your access to Production ends in 10 minutes*: {20 Nov 2026, 12:33 UTC}. Then it is taken back by itself. If you need it for longer, ask now.

    [Extend] [Revoke]"
  `);
  expect(say(aRequestIn('active').request, 'expiring')).toMatchInlineSnapshot(`
    "@U07ANN000 *Your access to Production ends in 10 minutes*: {20 Nov 2026, 12:33 UTC}. Then it is taken back by itself.

    [Revoke]"
  `);
});

it('does not warn of an end that is past, or that there is none', () => {
  expect(say(aRequestIn('ended').request, 'expiring')).toBeUndefined();
  const active = aRequestIn('active').request;
  expect(renderNotice(active, 'expiring', { mentions, admins, now: plus(noon, hours(1)) })).toBeUndefined();
});

it('reminds of a review, says when it is overdue, and what came of it', () => {
  const ended = aBrokenGlassIn('ended');
  expect(say(ended.request, 'review-1')).toMatchInlineSnapshot(
    `"The team acme/security: *A review is still to be given: ann had Production without approval.* It is reviewed by the team acme/security, until {21 Nov 2026, 12:00 UTC}."`,
  );
  const raised = { type: 'review-reminded', by: { system: 'sweep' }, data: { times: 2 } } as const;
  expect(say(followedBy(ended, [raised]).request, 'review-2')).toMatchInlineSnapshot(
    `"The team acme/security and the team acme/platform: *A review is overdue: ann had Production without approval.* Its review is overdue since {21 Nov 2026, 12:00 UTC}, and is given by the team acme/security, or by an admin. Until then ann cannot break the glass again."`,
  );
  const reviewed = followedBy(ended, [reviewedEntry('dora', 'concern')]).request;
  expect(say(reviewed, 'reviewed')).toMatchInlineSnapshot(
    `"@U07ANN000 The team acme/platform: *The access that nobody approved was reviewed, with a concern: Production.* dora reviewed it {20 Nov 2026, 12:04 UTC} and has a concern, saying “It was needed.”."`,
  );
  expect(say(reviewed, 'review-2')).toBeUndefined();
});

it('warns under the name that the notice has', () => {
  expect(say(aRequestIn('active').request, 'expiring-1')).toContain('ends in 10 minutes');
});

it('says how it ended', () => {
  for (const status of ['ended', 'denied', 'lapsed'] as const)
    expect(say(aRequestIn(status).request, 'over')).toMatch(
      /^@U07ANN000 \*(Ended on time|Denied|Lapsed): Production\./,
    );
  expect(say(aRequestIn('active').request, 'over')).toBeUndefined();
});

it('asks for more time, and says what became of it', () => {
  const active = aRequestIn('active', extendable);
  const asked = followedBy(active, [
    {
      type: 'extension-asked',
      by: someone('ann', 'x1'),
      data: { total: hours(2), steps: active.request.policy.steps, message: 'It takes longer.' },
    },
  ]);
  expect(say(asked.request, 'extension-1')).toMatchInlineSnapshot(
    `"The team acme/data: *ann asks for more time: Production, 2h in all*, saying “It takes longer.”. Press *Approve* or *Deny* on the card; the access goes on as it is until then."`,
  );
  expect(say(active.request, 'extension-1')).toBeUndefined();
});

it('raises the alarm with the admins', () => {
  expect(say(aRequestIn('deescalating').request, 'overdue-1')).toMatchInlineSnapshot(
    `"The team acme/platform: *The access of ann (Production) should be gone, and is not confirmed gone.* It is being taken back since {20 Nov 2026, 12:04 UTC}, and tried until it is. Please look at the target yourselves."`,
  );
});

it('says nothing where the card says it', () => {
  expect(say(aRequest().request, 'card')).toBeUndefined();
});
