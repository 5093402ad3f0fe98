import { describe, expect, it } from 'vitest';
import { aRequest, aRequestIn, followedBy, noon, someone } from '../../../test/builders/request.ts';
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
