import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startOkta, type Okta } from '../../sandbox/services/okta/okta.ts';
import { createQuickClock } from '../../test/contracts/strategies/subject-parts.ts';
import { belongsIn, type ServiceDesk } from '../../test/service-directory.ts';

const groupId = '00g1emaKYZTWRYYRRTSK';
const annId = '00u1annXYZTWRYYRRTSK';
const domain = 'acme.okta.com';
const clock = createQuickClock();

let okta: Okta;
beforeAll(async () => {
  okta = await startOkta({ domain, now: () => new Date(clock.now()) });
  okta.state.tokens.set('00abc-token', 'read');
  okta.state.groups.set(groupId, { id: groupId, type: 'APP_GROUP', name: 'Engineers' });
});
afterAll(async () => {
  await okta.stop();
  expect(okta.strangers).toEqual([]);
});
beforeEach(() => {
  okta.mishap(() => undefined);
  isNow('ACTIVE');
  okta.state.setMember(groupId, annId, true);
});

function isNow(status: string): void {
  okta.state.users.set(annId, { id: annId, status, login: 'ann', email: 'ann@acme.com' });
}

function belongs(where = `okta-group:${groupId}`, overrides: Partial<ServiceDesk> = {}) {
  return belongsIn({
    double: okta,
    clock,
    from: [`https://${domain}`],
    secrets: { OKTA_TOKEN: { host: domain, value: '00abc-token' } },
    integrations: { okta: { type: 'okta', domain, token: '${{ secrets.OKTA_TOKEN }}' } },
    ann: { accounts: { okta: annId } },
    ...overrides,
  })(where);
}

test('is being in the group, whatever put them there', async () => {
  expect(await belongs()).toBe(true);
  okta.state.setMember(groupId, annId, false);
  expect(await belongs()).toBe(false);
});

test.each(['SUSPENDED', 'DEPROVISIONED', 'LOCKED_OUT', 'PASSWORD_EXPIRED', 'STAGED'])(
  'is nothing for a user who is %s',
  async (status) => {
    isNow(status);
    expect(await belongs()).toBe(false);
  },
);

test('is nothing for whoever has no account there, and by a trusted address they have', async () => {
  const ann = { email: 'ann@acme.com' };
  expect(await belongs(undefined, { ann })).toBe(false);
  expect(await belongs(undefined, { ann, trustedDomains: ['acme.com'] })).toBe(true);
});

test('is unknown for a group that is not there, whoever asks', async () => {
  const where = 'okta-group:00g9999999999999999x';
  const unknown = 'Okta has no group 00g9999999999999999x, or none that the integration may see.';
  expect(await belongs(where)).toEqual({ unknown });
  expect(await belongs(where, { ann: {} })).toEqual({ unknown });
});

test('is unknown while Okta does not answer, and says so', async () => {
  okta.mishap(() => ({ status: 503 }));
  expect(await belongs()).toEqual({ unknown: expect.stringMatching(/^Okta answered 503 to /) });
});

test('is looked up by the integration that is named, where there are several', async () => {
  const token = '${{ secrets.OKTA_TOKEN }}';
  const integrations = {
    'okta-eu': { type: 'okta', domain: 'acme.okta-emea.com', token },
    'okta-us': { type: 'okta', domain, token },
  };
  expect(await belongs(undefined, { integrations })).toEqual({
    unknown: expect.stringContaining('several integrations of type okta (okta-eu, okta-us)'),
  });
  expect(await belongs(`okta-group:okta-us/${groupId}`, { integrations })).toBe(true);
  expect(await belongs(`okta-group:nowhere/${groupId}`, { integrations })).toEqual({
    unknown: 'The file countersign.yml declares no integration nowhere of type okta.',
  });
});
