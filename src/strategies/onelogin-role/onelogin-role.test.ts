import { afterEach, describe, expect, test } from 'vitest';
import { failureOf, oneGrant, type OneGrant } from '../../../test/contracts/strategies/one-grant.ts';
import {
  oneloginIds,
  oneloginRef,
  oneloginTarget,
  openOnelogin,
  stopStrictly,
  type OneloginWorld,
} from '../../../test/contracts/strategies/onelogin-subject.ts';
import { ann, holdersOf } from '../../../test/contracts/strategies/service-parts.ts';
import { createVirtualClock } from '../../../test/virtual-clock.ts';

const { role } = oneloginIds;
const byEmail = { people: [ann], trustedDomains: ['acme.com'] };

const opened: OneloginWorld[] = [];
afterEach(async () => {
  for (const { onelogin } of opened.splice(0)) await stopStrictly(onelogin.double);
});

async function world(...how: Parameters<typeof openOnelogin>): Promise<OneloginWorld & OneGrant> {
  const open = await openOnelogin(...how);
  opened.push(open);
  return { ...open, ...oneGrant(open.service, oneloginRef, oneloginTarget) };
}

function addUser({ onelogin }: OneloginWorld, id: number, row: object = {}): void {
  onelogin.users.set(id, { id, email: `user${id}@acme.com`, status: 1, state: 1, ...row });
}

test('names role and user by their numbers', async () => {
  expect(await (await world()).look()).toMatchObject({
    resource: 'onelogin-role:acme.onelogin.com/370001',
    account: '52000001',
    holds: 'none',
  });
});

test('finds a member on the last of many pages, and lists them all', async () => {
  const at = await world({ pageSize: 2 });
  for (const id of [1, 2, 3, 4]) {
    addUser(at, id);
    at.onelogin.roles.get(role)?.add(id);
  }
  at.onelogin.roles.get(role)?.add(oneloginIds.ann);
  expect(await at.look()).toMatchObject({ holds: 'member', covered: true });
  const listed = await holdersOf(at.service.parts, oneloginRef, oneloginTarget);
  expect(listed.map(({ account }) => account)).toEqual(['1', '2', '3', '4', '52000001']);
});

test('waits until OneLogin shows what was changed', async () => {
  const at = await world({ staleLooks: 2 });
  const call = await at.call();
  expect(await at.give(call)).toMatchObject({ verified: 'read-back', holds: 'member' });
  expect(await at.end(call)).toMatchObject({ verified: 'read-back', holds: 'none' });
});

test('asks for one token and keeps it; one that ended before its time is asked for anew, once', async () => {
  const at = await world();
  const asked = (): number => at.onelogin.double.asked.filter(({ path }) => path.endsWith('/token')).length;
  const call = await at.call();
  await at.give(call);
  expect(asked()).toBe(1);
  at.onelogin.endTokens();
  await at.end(call);
  expect(asked()).toBe(2);
});

test('a token is asked for anew before it ends', async () => {
  const clock = createVirtualClock();
  const at = await world({}, { clock });
  await at.look();
  await clock.advance(36_000_000 - 30_000);
  await at.look();
  expect(at.onelogin.double.asked.filter(({ path }) => path.endsWith('/token'))).toHaveLength(2);
});

test('says when the hourly limit ends', async () => {
  const at = await world();
  const call = await at.call();
  at.onelogin.callsLeft = 0;
  expect(await failureOf(at.give(call))).toMatchObject({ transient: true, retryAfter: 832_000 });
});

test('ends what was given in a role that was deleted meanwhile, and of a user who was', async () => {
  const at = await world();
  const call = await at.call();
  await at.give(call);
  at.onelogin.roles.delete(role);
  expect(await at.end(call)).toMatchObject({ holds: 'none' });
  at.onelogin.roles.set(role, new Set());
  at.onelogin.users.delete(oneloginIds.ann);
  expect(await at.end(call)).toMatchObject({ holds: 'none' });
});

test('takes a suspended user out all the same', async () => {
  const at = await world();
  const call = await at.call();
  await at.give(call);
  addUser(at, oneloginIds.ann, { email: 'ann@acme.com', status: 2 });
  expect(await at.end(call)).toMatchObject({ holds: 'none' });
});

describe('says beforehand', () => {
  test.each([
    ['that there is no such role', (at: OneloginWorld) => at.onelogin.roles.delete(role), 'no role'],
    [
      'that there is no such user',
      (at: OneloginWorld) => at.onelogin.users.delete(oneloginIds.ann),
      'no user',
    ],
    [
      'that the user is suspended',
      (at: OneloginWorld) => addUser(at, oneloginIds.ann, { status: 2 }),
      'not active',
    ],
    [
      'that the user is not approved',
      (at: OneloginWorld) => addUser(at, oneloginIds.ann, { state: 0 }),
      'not active',
    ],
  ])('%s', async (_, change, why) => {
    const at = await world();
    change(at);
    expect(await at.look()).toMatchObject({ missing: 'impossible', why: expect.stringContaining(why) });
  });

  test('that people.yml holds something else than a number', async () => {
    const at = await world({}, { people: [{ ...ann, accounts: { onelogin: '../roles' } }] });
    expect(await at.look()).toMatchObject({ missing: 'impossible' });
  });
});

describe('by the e-mail address', () => {
  test('finds the one active user, in whatever case it is written', async () => {
    const at = await world({}, byEmail);
    addUser(at, oneloginIds.ann, { email: 'Ann@Acme.com' });
    addUser(at, 7, { email: 'ann@acme.com', status: 2 });
    expect(await at.look()).toMatchObject({ account: '52000001' });
  });

  test('finds nobody where two active users have it', async () => {
    const at = await world({}, byEmail);
    addUser(at, 7, { email: 'ANN@acme.com' });
    expect(await at.look()).toMatchObject({ missing: 'no-identity' });
  });

  test('takes no star for a wildcard', async () => {
    const at = await world({}, { ...byEmail, people: [{ ...ann, email: '*@acme.com' }] });
    expect(await at.look()).toMatchObject({ missing: 'no-identity' });
  });
});

describe('credentials', () => {
  test('that may only read are told so, and nothing is given', async () => {
    const at = await world({ scope: 'Read All' });
    const failure = await failureOf(at.give(await at.call()));
    expect(failure).toMatchObject({ transient: false, message: expect.stringContaining('Manage All') });
  });

  test('that are refused are tried once', async () => {
    const at = await world({ clientSecret: 'another' });
    expect(await at.look()).toMatchObject({
      missing: 'impossible',
      why: expect.stringContaining('credentials'),
    });
    expect(at.onelogin.double.asked).toHaveLength(1);
  });

  test('do not leave for a host that they were not granted for', async () => {
    const at = await world(
      {},
      { secrets: { ONELOGIN_SECRET: { host: 'other.onelogin.com', value: 's3cr3t' } } },
    );
    expect(await at.look()).toMatchObject({
      missing: 'impossible',
      why: expect.stringContaining('ONELOGIN_SECRET'),
    });
    expect(at.onelogin.double.asked).toHaveLength(0);
  });
});
