import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  account,
  ann,
  awsHolders,
  awsParts,
  desk,
  openAwsWorld,
  type AwsWorld,
} from '../../../test/contracts/strategies/aws-double-parts.ts';
import { createVirtualClock, type VirtualClock } from '../../../test/virtual-clock.ts';
import { requestId } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { AccessControl } from '../../engine/ports/access.ts';
import { createAccessControl } from '../access-control.ts';
import type { Person } from '../strategy.ts';

const type = 'aws-iam-group';
const settings = { group_name: 'production-access' };
let world: AwsWorld;
let clock: VirtualClock;
let user: string;
let group: string;

beforeEach(async () => {
  world = await openAwsWorld({ type, service: 'iam', writing: /^(Add|Remove)/ });
  clock = createVirtualClock();
  user = world.aws.iam.addUser(account, 'ann');
  group = world.aws.iam.addGroup(account, 'production-access');
});
afterEach(() => world.close());

function partsFor(accounts: Person['accounts'] = { 'aws-iam': 'ann' }) {
  return awsParts(world, { clock, people: [{ id: ann, accounts: accounts ?? {} }] });
}

function access(accounts?: Person['accounts']): AccessControl {
  return createAccessControl(partsFor(accounts));
}

const look = (of = access()) => of.look(desk, { type, integration: 'main' }, settings, ann);

/** As the engine would, of what was looked at before. */
async function grantOf(of = access()) {
  const seen = await look(of);
  if ('missing' in seen) throw new Error(`${seen.missing}: ${'why' in seen ? seen.why : ''}`);
  const call = {
    request: requestId('01REQUEST'),
    desk,
    strategy: { type, integration: 'main' },
    settings,
    resource: seen.resource,
    account: seen.account,
    before: seen.holds,
    signal: new AbortController().signal,
    ...('integration' in seen && seen.integration && { integration: seen.integration }),
  };
  return {
    seen,
    give: (by = of) => by.settle({ ...call, purpose: 'escalate', wanted: ['member'] }),
    takeBack: (by = of) => by.settle({ ...call, purpose: 'deescalate', wanted: [] }),
  };
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const thrown: unknown = await work.catch((error: unknown) => error);
  if (!(thrown instanceof Failure)) throw new Error('It should have failed.');
  return thrown;
}

describe('the account', () => {
  test('is the id of the user whose name people.yml has', async () => {
    const { seen } = await grantOf();
    expect(seen).toMatchObject({ account: user, resource: `aws-iam-group:${account}/${group}` });
  });

  test('may be written as the id itself', async () => {
    world.aws.iam.renameUser(account, 'ann', 'ann.ortega');
    const { seen } = await grantOf(access({ 'aws-iam@main': user }));
    expect(seen.account).toBe(user);
  });

  test('of nobody is said so', async () => {
    for (const id of ['nobody', 'AIDAAAAAAAAAAAAAAAAAA'])
      expect(await look(access({ 'aws-iam': id }))).toMatchObject({
        missing: 'no-identity',
        why: expect.stringContaining('no such user'),
      });
    expect(await look(access({}))).toMatchObject({
      missing: 'no-identity',
      why: expect.stringContaining('AIDA…'),
    });
  });
});

describe('a user who was renamed', () => {
  test('gets what was approved, and loses it, whatever the name is by then', async () => {
    const grant = await grantOf();
    world.aws.iam.renameUser(account, 'ann', 'ann.ortega');
    await grant.give();
    expect(world.aws.iam.isIn(group, user)).toBe(true);
    world.aws.iam.renameUser(account, 'ann.ortega', 'ann.o');
    await grant.takeBack();
    expect(world.aws.iam.isIn(group, user)).toBe(false);
  });

  test('leaves nothing to whoever takes the name', async () => {
    const grant = await grantOf();
    world.aws.iam.renameUser(account, 'ann', 'ann.ortega');
    const stranger = world.aws.iam.addUser(account, 'ann');
    await grant.give();
    expect([user, stranger].map((each) => world.aws.iam.isIn(group, each))).toEqual([true, false]);
    world.aws.iam.join(group, stranger);
    await grant.takeBack();
    expect([user, stranger].map((each) => world.aws.iam.isIn(group, each))).toEqual([false, true]);
  });
});

describe('a user who was deleted and made anew under the same name', () => {
  test('is another, and gets nothing', async () => {
    const grant = await grantOf();
    world.aws.iam.removeUser(account, 'ann');
    const anew = world.aws.iam.addUser(account, 'ann');
    const failure = await failureOf(grant.give());
    expect(failure).toMatchObject({ transient: false });
    expect(failure.message).toContain('not there any more');
    expect(world.aws.iam.isIn(group, anew)).toBe(false);
    expect(world.writes()).toBe(0);
  });

  test('and nothing is left to take back', async () => {
    const grant = await grantOf();
    await grant.give();
    world.aws.iam.removeUser(account, 'ann');
    const anew = world.aws.iam.addUser(account, 'ann');
    world.aws.iam.join(group, anew);
    expect(await grant.takeBack()).toMatchObject({ verified: 'read-back', holds: 'none' });
    expect(world.aws.iam.isIn(group, anew)).toBe(true);
  });
});

describe('a group', () => {
  test('that was renamed is found again to take back, though the flow names the old name', async () => {
    const grant = await grantOf();
    await grant.give();
    world.aws.iam.renameGroup(account, 'production-access', 'prod');
    world.aws.identities.addRole(widened('prod'));
    await grant.takeBack();
    expect(world.aws.iam.isIn(group, user)).toBe(false);
  });

  test('that took the name of another is left alone', async () => {
    const grant = await grantOf();
    await grant.give();
    world.aws.iam.renameGroup(account, 'production-access', 'prod');
    world.aws.identities.addRole(widened('prod'));
    const other = world.aws.iam.addGroup(account, 'production-access');
    world.aws.iam.join(other, user);
    await grant.takeBack();
    expect([group, other].map((each) => world.aws.iam.isIn(each, user))).toEqual([false, true]);
    expect((await failureOf(grant.give())).transient).toBe(false);
  });

  test('that was deleted holds nobody any more', async () => {
    const grant = await grantOf();
    await grant.give();
    world.aws.iam.removeGroup(account, 'production-access');
    expect(await grant.takeBack()).toMatchObject({ verified: 'read-back', holds: 'none' });
    expect(await look()).toMatchObject({ missing: 'impossible' });
  });

  test('of another account is not what was granted', async () => {
    const grant = await grantOf();
    await grant.give();
    const elsewhere = createAccessControl({
      ...partsFor(),
      integrations: async () => [
        { type: 'aws', region: 'eu-north-1', role_arn: 'arn:aws:iam::444444444444:role/countersign' },
      ],
    });
    await grant.takeBack(elsewhere);
    expect(world.aws.iam.isIn(group, user)).toBe(false);
    expect(world.aws.calls.filter(({ caller }) => caller.includes('444444444444'))).toEqual([]);
  });

  test('of many pages is read to its end', async () => {
    for (let n = 0; n < 25; n += 1) {
      const other = world.aws.iam.addUser(account, `other-${n}`);
      if (n % 2 === 0) world.aws.iam.join(group, other);
    }
    const late = world.aws.iam.addUser(account, 'zoe');
    world.aws.iam.pageSize = 3;
    const grant = await grantOf(access({ 'aws-iam': late }));
    await grant.give();
    expect(await awsHolders(partsFor(), type, settings)).toHaveLength(14);
    await grant.takeBack();
    expect(world.aws.iam.isIn(group, late)).toBe(false);
  });
});

test('a user who is in as many groups as AWS allows is told so, and it is not tried again', async () => {
  for (let n = 0; n < 10; n += 1) world.aws.iam.join(world.aws.iam.addGroup(account, `g${n}`), user);
  const failure = await failureOf((await grantOf()).give());
  expect(failure).toMatchObject({
    transient: false,
    message: 'The user is in as many groups as AWS allows.',
  });
});

test('what IAM does not show yet is waited for, and not for ever', async () => {
  const lagging = await openAwsWorld({
    type,
    service: 'iam',
    writing: /^(Add|Remove)/,
    now: () => new Date(Date.parse(clock.now())),
  });
  await world.close();
  world = lagging;
  const { iam } = world.aws;
  user = iam.addUser(account, 'ann');
  group = iam.addGroup(account, 'production-access');
  iam.lagMs = 3_000;
  const grant = await grantOf();
  expect(await patient(grant.give())).toMatchObject({ verified: 'read-back', holds: 'member' });
  await clock.advance(60_000);
  iam.lagMs = 50_000;
  const failure = await patient(failureOf(grant.takeBack()));
  expect(failure).toMatchObject({ transient: true });
  expect(failure.message).toContain('does not show it yet');
  expect(iam.isIn(group, user)).toBe(false);
  await clock.advance(60_000);
  expect(await grant.takeBack()).toMatchObject({ holds: 'none' });
});

test('a grant that IAM does not show yet is taken back all the same', async () => {
  const { iam } = world.aws;
  const grant = await grantOf();
  iam.lagMs = 3_600_000;
  const lost = world.aws.troubles.add({ kind: 'answer-lost' }, { operation: /^Add/ });
  await failureOf(grant.give());
  lost();
  expect(iam.isIn(group, user)).toBe(true);
  expect(await look()).toMatchObject({ holds: 'none' });
  await grant.takeBack();
  expect(iam.isIn(group, user)).toBe(false);
});

/** Real calls lie between the sleeps: time passes only while somebody sleeps. */
async function patient<T>(work: Promise<T>): Promise<T> {
  let done = false;
  const mark = (): void => {
    done = true;
  };
  work.then(mark, mark);
  while (!done) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (clock.sleeping > 1) await clock.advance(250);
  }
  return work;
}

/** The operator lets the role reach the group by its new name. */
function widened(name: string) {
  const role = world.aws.identities.role(`arn:aws:iam::${account}:role/countersign`);
  if (role === undefined) throw new Error('There is no role.');
  const Action = ['iam:GetGroup', 'iam:AddUserToGroup', 'iam:RemoveUserFromGroup'];
  const Resource = `arn:aws:iam::${account}:group/${name}`;
  const more = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] } as const;
  return { ...role, policies: [...role.policies, more] };
}
