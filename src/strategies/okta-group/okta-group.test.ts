import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { oktaIds, openOkta, type OktaWorld } from '../../../test/contracts/strategies/okta-subject.ts';
import { holdersOf } from '../../../test/contracts/strategies/service-parts.ts';
import { accessControl } from '../../../test/contracts/strategies/subject-parts.ts';
import { deskId, personId, requestId } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { SettleCall } from '../../engine/ports/access.ts';

const desk = deskId('github', 1);
const ref = { type: 'okta-group', integration: 'okta' };
const settings = { group_id: oktaIds.group };
const ann = personId('ann');

const open: OktaWorld[] = [];
afterEach(async () => {
  for (const { okta } of open.splice(0)) {
    await okta.stop();
    expect(okta.strangers).toEqual([]);
  }
});

async function world(...overrides: Parameters<typeof openOkta>): Promise<OktaWorld> {
  const opened = await openOkta(...overrides);
  open.push(opened);
  return opened;
}

const look = ({ service }: OktaWorld) => accessControl(service.parts).look(desk, ref, settings, ann);

async function grantOf(at: OktaWorld): Promise<SettleCall> {
  const seen = await look(at);
  if ('missing' in seen) throw new Error(JSON.stringify(seen));
  const { resource, account, holds: before, wanted } = seen;
  const signal = new AbortController().signal;
  const common = { desk, strategy: ref, settings, resource, account, before, signal };
  return { ...common, request: requestId('01R'), wanted: [wanted], purpose: 'escalate' };
}

const settle = ({ service }: OktaWorld, call: SettleCall) => accessControl(service.parts).settle(call);
const ending = (call: SettleCall): SettleCall => ({ ...call, purpose: 'deescalate', wanted: [] });

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const thrown = await work.then(String, (error: unknown) => error);
  if (thrown instanceof Failure) return thrown;
  throw new Error(`It should have failed, and gave ${String(thrown)}.`);
}

function addUser({ okta }: OktaWorld, name: string, row: { status?: string; email?: string } = {}): string {
  const id = `00u${name.padEnd(17, '0')}`;
  okta.state.users.set(id, { id, status: 'ACTIVE', login: name, email: `${name}@acme.com`, ...row });
  return id;
}

test('names group and user by their ids', async () => {
  expect(await look(await world())).toMatchObject({
    resource: `okta-group:${oktaIds.group}`,
    account: oktaIds.ann,
    holds: 'none',
  });
});

test('waits until Okta shows what was set', async () => {
  const at = await world();
  at.okta.state.visibleAfterMs = 600;
  const call = await grantOf(at);
  expect(await settle(at, call)).toMatchObject({ verified: 'read-back', holds: 'member' });
  expect(await settle(at, ending(call))).toMatchObject({ verified: 'read-back', holds: 'none' });
});

test('finds a membership on a later page, and lists members over pages', async () => {
  const at = await world();
  const { state } = at.okta;
  state.pageSize = 2;
  for (const count of [1, 2, 3, 4, 5]) {
    const id = `00g${String(count).padStart(17, '0')}`;
    state.groups.set(id, { id, type: 'OKTA_GROUP', name: `group ${count}` });
    // Before the one that is asked for.
    state.setMember(id, oktaIds.ann, true);
    state.setMember(oktaIds.group, addUser(at, `user${count}`), true);
  }
  state.groups.delete(oktaIds.group);
  state.groups.set(oktaIds.group, { id: oktaIds.group, type: 'OKTA_GROUP', name: 'Last' });
  state.setMember(oktaIds.group, oktaIds.ann, true);
  expect(await look(at)).toMatchObject({ holds: 'member', covered: true });
  expect(await holdersOf(at.service.parts, ref, settings)).toHaveLength(6);
});

test('is to be tried again once the limit ends, which Okta says as a second of the clock', async () => {
  const at = await world();
  const call = await grantOf(at);
  at.okta.state.limit = 0;
  const failure = await failureOf(settle(at, call));
  expect(failure.transient).toBe(true);
  expect(failure.retryAfter).toBeGreaterThan(0);
  expect(failure.retryAfter).toBeLessThanOrEqual(61_000);
});

test('counts a user who was deleted as gone', async () => {
  const at = await world();
  const call = await grantOf(at);
  await settle(at, call);
  at.okta.state.users.delete(oktaIds.ann);
  expect(await settle(at, ending(call))).toMatchObject({ verified: 'read-back', holds: 'none' });
});

test('takes back from a user who was deactivated meanwhile', async () => {
  const at = await world();
  const call = await grantOf(at);
  await settle(at, call);
  const row = { id: oktaIds.ann, status: 'DEPROVISIONED', login: 'ann', email: 'ann@acme.com' };
  at.okta.state.users.set(oktaIds.ann, row);
  expect(await settle(at, ending(call))).toMatchObject({ holds: 'none' });
  expect(at.okta.state.isMember(oktaIds.group, oktaIds.ann)).toBe(false);
});

describe('says beforehand', () => {
  test.each([
    ['APP_GROUP', 'come from an application or a directory'],
    ['BUILT_IN', 'a built-in one'],
  ] as const)('that nobody changes the members of a group of type %s', async (type, words) => {
    const at = await world();
    at.okta.state.groups.set(oktaIds.group, { id: oktaIds.group, type, name: 'Filled' });
    expect(await look(at)).toMatchObject({ missing: 'impossible', why: expect.stringContaining(words) });
  });

  test('that a group rule fills the group, whichever page of rules it is on', async () => {
    const at = await world();
    at.okta.state.pageSize = 1;
    at.okta.state.rules.push({ id: '0pr1', status: 'INACTIVE', groupIds: [oktaIds.group] });
    expect(await look(at)).toMatchObject({ holds: 'none' });
    at.okta.state.rules.push({ id: '0pr2', status: 'ACTIVE', groupIds: [oktaIds.group] });
    expect(await look(at)).toMatchObject({
      missing: 'impossible',
      why: expect.stringContaining('A group rule of Okta fills this group.'),
    });
  });

  test.each([
    ['SUSPENDED', 'suspended'],
    ['DEPROVISIONED', 'deactivated'],
    ['STAGED', 'not activated yet'],
  ])('that the user is %s', async (status, words) => {
    const at = await world();
    const row = { id: oktaIds.ann, status, login: 'ann', email: 'ann@acme.com' };
    at.okta.state.users.set(oktaIds.ann, row);
    expect(await look(at)).toMatchObject({
      missing: 'impossible',
      why: `The user is not active in Okta: ${words}.`,
    });
  });

  test('that there is no such group', async () => {
    const at = await world();
    at.okta.state.groups.clear();
    expect(await look(at)).toEqual({
      missing: 'impossible',
      why: 'Okta has no group with the id in `group_id`.',
    });
  });

  test('that people.yml has a login in the place of an id, though Okta would take it', async () => {
    const at = await world({ people: [{ id: ann, accounts: { okta: 'ann' } }] });
    expect(await look(at)).toMatchObject({
      missing: 'no-identity',
      why: expect.stringContaining('no id of a user'),
    });
  });
});

describe('finds the account by an e-mail address', () => {
  const people = [{ id: ann, email: 'Ann@acme.com' }];
  const trusting = { people, trustedDomains: ['acme.com'] };

  test('in whatever case it is written', async () => {
    expect(await look(await world(trusting))).toMatchObject({ account: oktaIds.ann });
  });

  test('not where the domain is not trusted', async () => {
    expect(await look(await world({ people }))).toMatchObject({ missing: 'no-identity' });
  });

  test('not where two active users have it', async () => {
    const at = await world(trusting);
    const other = addUser(at, 'other', { email: 'ann@acme.com' });
    expect(await look(at)).toMatchObject({ missing: 'no-identity' });
    const row = at.okta.state.users.get(other);
    if (row) at.okta.state.users.set(other, { ...row, status: 'DEPROVISIONED' });
    expect(await look(at)).toMatchObject({ account: oktaIds.ann });
  });

  test('not by what the search still says of a user who is somebody else by now', async () => {
    const at = await world(trusting);
    at.okta.state.searchable = [...at.okta.state.users.values()];
    const row = { id: oktaIds.ann, status: 'ACTIVE', login: 'ann', email: 'mallory@acme.com' };
    at.okta.state.users.set(oktaIds.ann, row);
    expect(await look(at)).toMatchObject({ missing: 'no-identity' });
  });
});

describe('signs in', () => {
  test('with no secret that was granted for another host', async () => {
    const secrets = { OKTA_TOKEN: { host: 'acme.okta-emea.com', value: '00abc-token' } };
    const at = await world({ secrets });
    expect(await look(at)).toMatchObject({
      missing: 'impossible',
      why: expect.stringContaining('OKTA_TOKEN'),
    });
    expect(at.okta.asked).toEqual([]);
  });

  test('and says what a token lacks', async () => {
    const at = await world();
    const call = await grantOf(at);
    at.okta.state.tokens.set('00abc-token', 'read');
    const failure = await failureOf(settle(at, call));
    expect(failure.transient).toBe(false);
    expect(failure.message).toContain('Okta answered 403 to adding the user to the group.');
    at.okta.state.tokens.clear();
    expect((await failureOf(settle(at, call))).message).toContain('not valid, or have expired');
  });

  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = (key: KeyObject): string => String(key.export({ type: 'pkcs8', format: 'pem' }));
  const jwk = publicKey.export({ format: 'jwk' });
  const scopes = ['okta.groups.read', 'okta.users.read', 'okta.groups.manage'];

  async function appWorld(key: string = pem(privateKey)): Promise<OktaWorld> {
    const at = await world({
      integration: {
        type: 'okta',
        domain: oktaIds.domain,
        client_id: '0oa1app',
        private_key: '${{ secrets.OKTA_KEY }}',
        key_id: 'k1',
      },
      secrets: { OKTA_KEY: { host: oktaIds.domain, value: key } },
    });
    at.okta.state.apps.set('0oa1app', { key: jwk, scopes });
    return at;
  }
  const tokensAsked = ({ okta }: OktaWorld): number =>
    okta.asked.filter(({ path }) => path === '/oauth2/v1/token').length;

  test('as a service app by its key, for what it is about to do, and keeps the tokens', async () => {
    const at = await appWorld();
    const call = await grantOf(at);
    await settle(at, call);
    expect(at.okta.state.isMember(oktaIds.group, oktaIds.ann)).toBe(true);
    const asked = tokensAsked(at);
    await settle(at, ending(call));
    expect(tokensAsked(at)).toBe(asked);
  });

  test.each([
    ['as JWK', JSON.stringify(privateKey.export({ format: 'jwk' }))],
    ['as PEM in one line', pem(privateKey).replaceAll('\n', String.raw`\n`)],
  ])('by a key that is written %s', async (_, key) => {
    expect(await look(await appWorld(key))).toMatchObject({ holds: 'none' });
  });

  test('and shows nothing of a key that cannot be read', async () => {
    const seen = await look(await appWorld('-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n'));
    expect(seen).toMatchObject({ missing: 'impossible', why: expect.stringContaining('cannot be read') });
    expect(JSON.stringify(seen)).not.toContain('c2VjcmV0');
  });

  test('and says so where the key is another, or the app demands more', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const why = expect.stringContaining('not valid, or have expired');
    expect(await look(await appWorld(pem(other)))).toMatchObject({ missing: 'impossible', why });
    const at = await appWorld();
    at.okta.state.apps.set('0oa1app', { key: jwk, scopes, demandsDpop: true });
    expect(await look(at)).toMatchObject({ missing: 'impossible', why: expect.stringContaining('DPoP') });
  });

  test('anew where a token is refused before its time', async () => {
    const at = await appWorld();
    await look(at);
    const asked = tokensAsked(at);
    let refused = 0;
    at.okta.mishap(({ path }) =>
      path.startsWith('/api/') && (refused += 1) === 1 ? { status: 401 } : undefined,
    );
    expect(await look(at)).toMatchObject({ holds: 'none' });
    expect(tokensAsked(at)).toBe(asked + 1);
  });
});
