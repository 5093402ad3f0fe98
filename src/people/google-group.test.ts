import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Google } from '../../sandbox/services/google/google.ts';
import {
  googleHosts,
  googleIds,
  googleIntegration,
  googleKey,
  startSampleGoogle,
} from '../../test/contracts/strategies/google-subject.ts';
import { createQuickClock } from '../../test/contracts/strategies/subject-parts.ts';
import { belongsIn, type ServiceDesk } from '../../test/service-directory.ts';

const { group, ann } = googleIds;
const inner = '02inner000000';
const where = `google-group:${googleIds.address}`;
const clock = createQuickClock();

let google: Google;
beforeAll(async () => {
  google = await startSampleGoogle(() => new Date(clock.now()));
  google.state.groups.set(inner, { id: inner, email: 'inner@acme.com' });
  google.state.setRole(group, inner, 'MEMBER');
});
afterAll(async () => {
  await google.stop();
  expect(google.strangers).toEqual([]);
});
beforeEach(() => {
  google.mishap(() => undefined);
  google.state.users.set(ann, { id: ann, primaryEmail: 'ann@acme.com' });
  google.state.setRole(group, ann, undefined);
  google.state.setRole(inner, ann, undefined);
});

function belongs(asked = where, overrides: Partial<ServiceDesk> = {}) {
  return belongsIn({
    double: google,
    clock,
    from: googleHosts,
    secrets: { GOOGLE_KEY: { host: 'oauth2.googleapis.com', value: googleKey } },
    integrations: { google: googleIntegration },
    ann: { accounts: { google: ann } },
    ...overrides,
  })(asked);
}

test('is being in it, by its address or its id, or in a group within it', async () => {
  expect(await belongs()).toBe(false);
  google.state.setRole(group, ann, 'MEMBER');
  expect(await belongs()).toBe(true);
  expect(await belongs(`google-group:google/${group}`)).toBe(true);
  google.state.setRole(group, ann, undefined);
  google.state.setRole(inner, ann, 'OWNER');
  expect(await belongs()).toBe(true);
});

test.each([{ suspended: true }, { archived: true }])('is nothing for a user who is %o', async (state) => {
  google.state.setRole(group, ann, 'MEMBER');
  google.state.users.set(ann, { id: ann, primaryEmail: 'ann@acme.com', ...state });
  expect(await belongs()).toBe(false);
});

test('is nothing for whoever is in another directory, or has no account', async () => {
  google.state.setRole(group, ann, 'MEMBER');
  expect(await belongs(where, { ann: { accounts: { google: '999999999999999999999' } } })).toBe(false);
  expect(await belongs(where, { ann: {} })).toBe(false);
});

test('is unknown for a group that is not there, and where Google does not answer', async () => {
  const unknown = 'Google has no group none@acme.com, or none that the integration may see.';
  expect(await belongs('google-group:none@acme.com')).toEqual({ unknown });
  expect(await belongs('google-group:none@acme.com', { ann: {} })).toEqual({ unknown });
  google.mishap(({ path }) => (path === '/token' ? undefined : { status: 500 }));
  expect(await belongs()).toEqual({ unknown: expect.stringMatching(/^Google answered 500 to /) });
});
