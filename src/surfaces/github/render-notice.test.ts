import { describe, expect, it } from 'vitest';
import {
  aBrokenGlassIn,
  aRequest,
  aRequestIn,
  followedBy,
  noon,
  reviewedEntry,
  someone,
} from '../../../test/builders/request.ts';
import { minutes } from '../../domain/duration.ts';
import type { Notice } from '../../domain/entries.ts';
import { group, plus } from '../../domain/names.ts';
import { statuses, type Request } from '../../domain/request.ts';
import { noLogins } from './mention.ts';
import { renderNotice } from './render-notice.ts';

const people = { logins: noLogins, admins: [group('team:acme/platform'), group('person:eve')] };
const show = (request: Request, notice: Notice): string => renderNotice(request, notice, people) ?? 'nothing';

describe('a notice', () => {
  it('says that access is there, until when, and how to end it', () => {
    expect(show(aRequestIn('active').request, 'active')).toMatchInlineSnapshot(`
      "@ann **You have access: Production**, until **20 Nov 2026, 12:33 UTC**. Then it is taken back by itself. If you are done before, say \`/revoke\`.

      <!-- countersign:notice:01JD0000000000000000000001:active -->"
    `);
  });

  it('says it in the past where it is read late', () => {
    expect(show(aRequestIn('ended').request, 'active')).toContain('You had access');
  });

  it('never says that access is there before it was verified', () => {
    for (const status of statuses.filter((each) => each !== 'active'))
      expect(show(aRequestIn(status).request, 'active')).not.toMatch(/You have access/);
  });

  it('says for how long an approval without access holds', () => {
    const asked = aRequest();
    const { request } = followedBy(asked, [
      { type: 'approved', by: { system: 'reconciler' }, data: { validUntil: plus(noon, minutes(60)) } },
    ]);
    const { fields, answers } = request.form;
    expect(show({ ...request, form: { fields, answers } }, 'active')).toContain(
      '@ann **AWS Power User is approved**, until **20 Nov 2026, 13:00 UTC**.',
    );
  });

  it.each(['ended', 'denied', 'lapsed', 'failed'] as const)('says how it ended: %s', (status) => {
    const text = show(aRequestIn(status).request, 'over');
    expect(text).toMatch(/^@ann \*\*[A-Z].*\.\*\* .*\./);
    expect(text).toMatch(/\n\n<!-- countersign:notice:01JD\d+:over -->$/);
  });

  it('tells everybody that somebody did not wait, why, and how to end it', () => {
    expect(show(aBrokenGlassIn('escalating').request, 'break-glass')).toMatchInlineSnapshot(`
      "@acme/data, @acme/security, @acme/platform and eve 🚨 **ann broke the glass: Production, without approval.** Why: “The queue is stuck.”. To end it now, say \`/revoke\`. It is reviewed by the team acme/security, until **21 Nov 2026, 12:00 UTC**. Look at what was done, and say \`/review fine\` or \`/review concern\`, and what you found.

      <!-- countersign:notice:01JD0000000000000000000001:break_glass -->"
    `);
  });

  it('reminds of a review, and says so when it is overdue', () => {
    const told = aBrokenGlassIn('ended');
    expect(show(told.request, 'review-1')).toMatchInlineSnapshot(`
      "@acme/security, @acme/platform and eve **A review is still to be given: ann had Production without approval.** It is reviewed by the team acme/security, until **21 Nov 2026, 12:00 UTC**. Look at what was done, and say \`/review fine\` or \`/review concern\`, and what you found.

      <!-- countersign:notice:01JD0000000000000000000001:review_1 -->"
    `);
    const raised = { type: 'review-reminded', by: { system: 'sweep' }, data: { times: 2 } } as const;
    const overdue = followedBy(told, [raised]);
    expect(show(overdue.request, 'review-2')).toMatchInlineSnapshot(`
      "@acme/security, @acme/platform and eve **The review is overdue: ann had Production without approval.** Its review is overdue since **21 Nov 2026, 12:00 UTC**, and is given by the team acme/security, or by an admin. Until then ann cannot break the glass again. Look at what was done, and say \`/review fine\` or \`/review concern\`, and what you found.

      <!-- countersign:notice:01JD0000000000000000000001:review_2 -->"
    `);
  });

  it('tells the requester what came of a review', () => {
    const reviewed = followedBy(aBrokenGlassIn('active'), [reviewedEntry('dora', 'concern')]);
    expect(show(reviewed.request, 'reviewed')).toMatchInlineSnapshot(`
      "@ann @acme/platform and eve **The access that nobody approved was reviewed, with a concern: Production.** dora reviewed it on **20 Nov 2026, 12:02 UTC** and has a concern, saying “It was needed.”.

      <!-- countersign:notice:01JD0000000000000000000001:reviewed -->"
    `);
    expect(show(reviewed.request, 'review-2')).toBe('nothing');
  });

  it('warns of an end that comes', () => {
    expect(show(aRequestIn('active').request, 'expiring-1')).toContain(
      '@ann **Your access ends on 20 Nov 2026, 12:33 UTC: Production.**',
    );
    expect(show(aRequestIn('ended').request, 'expiring-1')).toBe('nothing');
  });

  it('says who denied it and what they said', () => {
    const { request } = followedBy(aRequest(), [
      { type: 'denied', by: someone('bob', 'r1'), data: { message: 'ask @everyone <b>' } },
    ]);
    expect(show(request, 'over')).toMatchInlineSnapshot(`
      "@ann **Denied: Production.** bob denied it on **20 Nov 2026, 12:01 UTC**, saying “ask @​everyone \\<b\\>”. Nothing was granted.

      <!-- countersign:notice:01JD0000000000000000000001:over -->"
    `);
  });

  it('says nothing about an end that has not come', () => {
    expect(show(aRequestIn('active').request, 'over')).toBe('nothing');
  });

  it('raises the alarm with the admins', () => {
    const { request } = followedBy(aRequestIn('deescalating'), [
      {
        type: 'deescalation-failed',
        by: { system: 'reconciler' },
        data: { error: 'AWS does not answer.', attempts: 1 },
      },
    ]);
    expect(show(request, 'overdue-2')).toMatchInlineSnapshot(`
      "@acme/platform and eve **The access of ann (Production) should be gone, and is not confirmed gone.** It is being taken back since **20 Nov 2026, 12:04 UTC**, and tried until it is. What went wrong: AWS does not answer. Please look at the target yourselves.

      <!-- countersign:notice:01JD0000000000000000000001:overdue_2 -->"
    `);
  });
});
