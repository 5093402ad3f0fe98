import { afterEach, describe, expect, test } from 'vitest';
import {
  aptibleIds,
  aptibleRef,
  aptibleTarget,
  openAptible,
  type AptibleWorld,
} from '../../../test/contracts/strategies/aptible-subject.ts';
import { failureOf, oneGrant, type OneGrant } from '../../../test/contracts/strategies/one-grant.ts';
import { stopStrictly } from '../../../test/contracts/strategies/onelogin-subject.ts';
import { ann, holdersOf } from '../../../test/contracts/strategies/service-parts.ts';

const { role } = aptibleIds;
const byEmail = { people: [ann], trustedDomains: ['acme.com'] };

const opened: AptibleWorld[] = [];
afterEach(async () => {
  for (const { aptible } of opened.splice(0)) await stopStrictly(aptible.double);
});

async function world(...how: Parameters<typeof openAptible>): Promise<AptibleWorld & OneGrant> {
  const open = await openAptible(...how);
  opened.push(open);
  return { ...open, ...oneGrant(open.service, aptibleRef, aptibleTarget) };
}

function addUser({ aptible }: AptibleWorld, number: number, row: object = {}): string {
  const id = `0d000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  aptible.users.set(id, { id, email: `user${number}@acme.com`, verified: true, ...row });
  return id;
}

test('names role and user by their ids', async () => {
  expect(await (await world()).look()).toMatchObject({
    resource: `aptible-role:${role}`,
    account: aptibleIds.ann,
    holds: 'none',
  });
});

test('follows the pages of members to the end, on our own host', async () => {
  const at = await world({ pageSize: 2 });
  for (const number of [1, 2, 3, 4]) at.aptible.join(role, addUser(at, number));
  at.aptible.join(role, aptibleIds.ann);
  expect(await at.look()).toMatchObject({ holds: 'member', covered: true });
  expect(await holdersOf(at.service.parts, aptibleRef, aptibleTarget)).toHaveLength(5);
});

test('takes every membership that the user has in the role, and nobody else’s', async () => {
  const at = await world();
  const call = await at.call();
  await at.give(call);
  at.aptible.join(role, aptibleIds.ann);
  at.aptible.join(role, addUser(at, 1));
  expect(await at.end(call)).toMatchObject({ verified: 'read-back', holds: 'none' });
  expect([...at.aptible.memberships.values()].map(({ user }) => user)).toEqual([
    '0d000000-0000-4000-8000-000000000001',
  ]);
});

test('takes it for given where Aptible refuses a second membership', async () => {
  const at = await world();
  const call = await at.call();
  // Two of us at once: it was not there when it was looked at, and is when it is asked for.
  const [strategy] = at.service.parts.strategies.filter(({ type }) => type === 'aptible-role');
  at.aptible.join(role, aptibleIds.ann);
  const [integration = {}] = await at.service.parts.integrations(call.desk, 'aptible');
  const outside = at.service.parts.outside.of(call.desk, { signal: call.signal });
  const none = async (): Promise<never> => {
    throw new Error('Nothing of this is on GitHub.');
  };
  const using = { ...outside, github: none, githubRepository: none, githubLogin: none, code: none };
  await strategy?.set({ ...call, integration, using, sealed: {} }, 'member');
  expect(at.aptible.memberships.size).toBe(1);
});

test('ends what was given in a role that was deleted meanwhile', async () => {
  const at = await world();
  const call = await at.call();
  await at.give(call);
  at.aptible.roles.delete(role);
  expect(await at.end(call)).toMatchObject({ holds: 'none' });
});

test('a token that ended before its time is asked for anew', async () => {
  const at = await world();
  const call = await at.call();
  await at.give(call);
  at.aptible.endTokens();
  expect(await at.end(call)).toMatchObject({ holds: 'none' });
});

describe('says beforehand', () => {
  test('that there is no such role', async () => {
    const at = await world();
    at.aptible.roles.delete(role);
    expect(await at.look()).toMatchObject({
      missing: 'impossible',
      why: expect.stringContaining('`role_id`'),
    });
  });

  test('that the user is not in the organisation, and invites nobody', async () => {
    const at = await world();
    at.aptible.users.delete(aptibleIds.ann);
    expect(await at.look()).toMatchObject({ missing: 'impossible', why: expect.stringContaining('invite') });
    expect(at.service.writes).toBe(0);
  });

  test('that people.yml holds no id', async () => {
    const at = await world({}, { people: [{ ...ann, accounts: { aptible: 'ann' } }] });
    expect(await at.look()).toMatchObject({ missing: 'impossible' });
  });
});

describe('by the e-mail address', () => {
  test('finds the one user who proved it, in whatever case it is written', async () => {
    const at = await world({}, byEmail);
    const row = { id: aptibleIds.ann, email: 'Ann@Acme.com', verified: true };
    at.aptible.users.set(aptibleIds.ann, row);
    expect(await at.look()).toMatchObject({ account: aptibleIds.ann });
  });

  test('an address that nobody proved is nobody’s', async () => {
    const at = await world({}, byEmail);
    at.aptible.users.set(aptibleIds.ann, { id: aptibleIds.ann, email: 'ann@acme.com', verified: false });
    expect(await at.look()).toMatchObject({ missing: 'no-identity' });
  });
});

describe('the robot user', () => {
  test('with a second factor gets no token, and is told why', async () => {
    const at = await world({ secondFactor: true });
    expect(await at.look()).toMatchObject({
      missing: 'impossible',
      why: expect.stringContaining('second factor'),
    });
  });

  test('who may not manage the role is told so', async () => {
    const at = await world({ isOwner: false });
    const failure = await failureOf(at.give(await at.call()));
    expect(failure).toMatchObject({ transient: false, message: expect.stringContaining('account owners') });
  });
});
