import { expect, it } from 'vitest';
import { aRequest, aRequestIn, noon, someone, followedBy } from '../../../test/builders/request.ts';
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
