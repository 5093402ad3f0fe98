import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  accounts,
  desk,
  groupId,
  integration,
  openIdentityCenterWorld,
  permissionSet,
  userIds,
  type IdentityCenterWorld,
} from '../../../test/contracts/strategies/identity-center.ts';
import { createQuickClock } from '../../../test/contracts/strategies/subject-parts.ts';
import { testOutside } from '../../../test/outside.ts';
import { personId, requestId } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { SettleCall } from '../../engine/ports/access.ts';
import { createAccessControl, type AccessControlParts } from '../access-control.ts';

const clock = createQuickClock();
const [account, otherAccount] = accounts;
const settings = { account_id: account, permission_set_arn: permissionSet };
const strategy = { type: 'aws-sso', integration: 'main' };
let world: IdentityCenterWorld;
beforeEach(async () => {
  world = await openIdentityCenterWorld(clock, { sso: { workMs: () => 1000 } });
});
afterEach(() => world.close());

const access = (parts: Partial<AccessControlParts> = {}) => createAccessControl({ ...world.parts, ...parts });
const ofUser = (user: string, AccountId: string = account) =>
  ({ AccountId, PermissionSetArn: permissionSet, PrincipalType: 'USER', PrincipalId: user }) as const;
const byGroup = { ...ofUser(groupId), PrincipalType: 'GROUP' } as const;

function call(options: Partial<SettleCall> = {}): SettleCall {
  return {
    request: requestId('01R'),
    desk,
    strategy,
    settings,
    integration,
    resource: `aws-sso:${account} ${permissionSet}`,
    account: userIds.ann,
    before: 'none',
    wanted: ['assigned'],
    purpose: 'escalate',
    signal: new AbortController().signal,
    ...options,
  };
}
const end = (options: Partial<SettleCall> = {}) => call({ purpose: 'deescalate', wanted: [], ...options });
const cut = (options: Partial<SettleCall> = {}) =>
  end({ strategy: { ...strategy, endSessions: true }, ...options });

/** To take back, the integration is tried as it is now, and as it was. */
function failBoth(kind: 'delete' | 'provision', reason: string): void {
  for (let times = 0; times < 2; times += 1) world.aws.sso.failNext(kind, reason);
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const thrown = await work.then(String, (error: unknown) => error);
  if (thrown instanceof Failure) return thrown;
  throw new Error(`It should have failed, and gave ${String(thrown)}.`);
}

const look = (person: string) => access().look(desk, strategy, settings, personId(person));

describe('an assignment whose answer was lost', () => {
  beforeEach(async () => {
    world.aws.troubles.add({ kind: 'answer-lost' }, { operation: /^Create/, times: 1 });
    await failureOf(access().settle(call()));
    expect(world.aws.sso.isAssigned(ofUser(userIds.ann))).toBe(false);
  });

  test('is taken back although it had not arrived yet', async () => {
    expect(await access().settle(end())).toMatchObject({ verified: 'read-back', holds: 'none' });
    await clock.sleep(3000);
    expect(world.aws.sso.isAssigned(ofUser(userIds.ann))).toBe(false);
    expect(world.aws.sso.busy()).toEqual([]);
  });

  test('is found by a process that did not begin it', async () => {
    const { aws } = world;
    const keys = aws.identities.addUser({
      arn: 'arn:aws:iam::999999999999:user/countersign-app',
      policies: [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }],
    });
    const outside = testOutside({ clock, aws: { url: aws.url, keys } });
    expect(await access({ outside }).settle(end())).toMatchObject({ holds: 'none' });
    await clock.sleep(3000);
    expect(aws.sso.isAssigned(ofUser(userIds.ann))).toBe(false);
  });

  test('is not begun a second time while AWS still works on it', async () => {
    await access().settle(call());
    const [first, ...others] = world.aws.sso.work.filter(({ kind }) => kind === 'create');
    for (const { created } of others)
      expect(created.getTime()).toBeGreaterThanOrEqual(first?.ends.getTime() ?? Infinity);
  });
});

describe('work that fails', () => {
  test('is told by its status alone, and a 4xx is final', async () => {
    const reason = `Received a 404 status error: Account ${account} not found`;
    world.aws.sso.failNext('create', reason);
    const failure = await failureOf(access().settle(call()));
    expect(failure).toMatchObject({
      transient: false,
      message: 'IAM Identity Center reports that the assignment failed with 404.',
    });
  });

  test.each(['AWS SSO is unable to complete your request at this time.', 'Received a 503 status error: x'])(
    'may be tried again: %s',
    async (reason) => {
      world.aws.sso.failNext('create', reason);
      expect(await failureOf(access().settle(call()))).toMatchObject({ transient: true });
      expect(await access().settle(call())).toMatchObject({ holds: 'assigned' });
    },
  );

  test('to end what is there is a failure; to end what is gone is none', async () => {
    world.aws.sso.assign(ofUser(userIds.ann));
    failBoth('delete', 'Received a 500 status error');
    expect((await failureOf(access().settle(end()))).message).toContain('failed with 500');
    expect(world.aws.sso.isAssigned(ofUser(userIds.ann))).toBe(true);
    const ending = access().settle(end());
    await clock.sleep(300);
    world.aws.sso.unassign(ofUser(userIds.ann));
    expect(await ending).toMatchObject({ holds: 'none' });
  });
});

describe('what is not there', () => {
  test('a permission set that was deleted gives nothing any more', async () => {
    world.aws.sso.permissionSets.delete(permissionSet);
    expect(await access().settle(end())).toMatchObject({ holds: 'none' });
    expect(await failureOf(access().settle(call()))).toMatchObject({
      transient: false,
      message: 'IAM Identity Center has no such permission set.',
    });
  });

  test('an instance that the role does not reach proves nothing', async () => {
    await world.close();
    const instanceArn = 'arn:aws:sso:::instance/ssoins-2222222222222222';
    const policy = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    } as const;
    world = await openIdentityCenterWorld(clock, { policies: [policy], sso: { instanceArn } });
    await failureOf(access().settle(end()));
    expect(await look('ann')).toMatchObject({
      missing: 'impossible',
      why: expect.stringContaining('does not reach its instance'),
    });
  });

  test('a permission set of another instance is no target of this integration', async () => {
    const other = permissionSet.replace('1111111111111111/', '2222222222222222/');
    const seen = await access().look(
      desk,
      strategy,
      { ...settings, permission_set_arn: other },
      personId('ann'),
    );
    expect(seen).toMatchObject({ missing: 'impossible' });
  });
});

describe('whose account', () => {
  test('an e-mail address is found in small letters too, where people.yml has none', async () => {
    expect(await look('max')).toMatchObject({ account: userIds.max });
  });

  test('a disabled user is nobody to be matched, and gets nothing', async () => {
    for (const user of [userIds.max, userIds.ann]) {
      const row = world.aws.store.users.get(user);
      if (row) world.aws.store.users.set(user, { ...row, UserStatus: 'DISABLED' });
    }
    expect(await look('max')).toMatchObject({ missing: 'no-identity' });
    expect(await look('ann')).toMatchObject({
      missing: 'impossible',
      why: expect.stringContaining('disabled'),
    });
    world.aws.sso.assign(ofUser(userIds.ann));
    expect(await access().settle(end())).toMatchObject({ holds: 'none' });
  });

  test('nobody with the address is told with what to do', async () => {
    expect(await look('eve')).toMatchObject({
      missing: 'no-identity',
      why: expect.stringContaining('accounts.aws-sso'),
    });
  });
});

test('who has it through a group has it already, and keeps it', async () => {
  world.aws.sso.assign(byGroup);
  world.aws.store.join(groupId, userIds.ann);
  expect(await look('ann')).toMatchObject({ covered: true, holds: 'none', effective: 'assigned' });
  expect(await look('bob')).toMatchObject({ covered: false, holds: 'none' });
});

describe('sessions', () => {
  const session = (user: string, AccountId: string = account) =>
    world.aws.sso.signIn({ UserId: user, AccountId, PermissionSetArn: permissionSet });
  const mayAct = (of: ReturnType<typeof session>) => world.aws.sso.mayAct(of, 's3:GetObject');
  const policy = () => world.aws.sso.permissionSets.get(permissionSet)?.inlinePolicy ?? '';

  beforeEach(() => {
    const theirs = { Sid: 'Theirs', Effect: 'Deny', Action: 'iam:*', Resource: '*' };
    const inlinePolicy = JSON.stringify({ Version: '2012-10-17', Statement: [theirs] });
    world.aws.sso.permissionSets.set(permissionSet, {
      PermissionSetArn: permissionSet,
      Name: 'PowerUser',
      inlinePolicy,
    });
    for (const user of Object.values(userIds)) world.aws.sso.assign(ofUser(user));
  });

  test('go on after the end, unless the flow asks', async () => {
    const open = session(userIds.ann);
    await access().settle(end());
    expect(mayAct(open)).toBe(true);
  });

  test('of this person in this account are over, and no others', async () => {
    world.aws.sso.assign(ofUser(userIds.ann, otherAccount));
    const [ann, bob, elsewhere] = [
      session(userIds.ann),
      session(userIds.bob),
      session(userIds.ann, otherAccount),
    ];
    expect([ann, bob, elsewhere].map(mayAct)).toEqual([true, true, true]);
    expect(await access().settle(cut())).toMatchObject({ holds: 'none' });
    expect([ann, bob, elsewhere].map(mayAct)).toEqual([false, true, true]);
    expect(policy()).toContain('"Sid":"Theirs"');
  });

  test('that are opened after it was granted anew are let through', async () => {
    await access().settle(cut());
    // Longer than our clock and AWS’s may differ.
    for (let slept = 0; slept < 32_000; slept += 4000) await clock.sleep(4000);
    await access().settle(call());
    expect(mayAct(session(userIds.ann))).toBe(true);
  });

  test('are over also where the access was gone already', async () => {
    const open = session(userIds.ann);
    world.aws.sso.unassign(ofUser(userIds.ann));
    await access().settle(cut());
    expect(mayAct(open)).toBe(false);
  });

  test('go on where something else still gives the same', async () => {
    const open = session(userIds.ann);
    await access().settle(cut({ before: 'assigned' }));
    await access().settle(cut({ wanted: ['assigned'] }));
    world.aws.sso.assign(byGroup);
    world.aws.store.join(groupId, userIds.ann);
    await access().settle(cut());
    expect(mayAct(open)).toBe(true);
    expect(policy()).not.toContain('CountersignEnd');
  });

  test('that cannot be cut now keep it from being done, until they can', async () => {
    const open = session(userIds.ann);
    failBoth('provision', 'Received a 409 status error: x');
    expect(await failureOf(access().settle(cut()))).toMatchObject({ transient: true });
    expect(mayAct(open)).toBe(true);
    await access().settle(cut());
    expect(mayAct(open)).toBe(false);
  });

  test('of two people that end at once are both over', async () => {
    const open = [session(userIds.ann), session(userIds.bob)];
    const control = access();
    await Promise.all([control.settle(cut()), control.settle(cut({ account: userIds.bob }))]);
    expect(open.map(mayAct)).toEqual([false, false]);
  });

  test('are over although somebody else writes the policy at the same moment', async () => {
    const open = session(userIds.ann);
    let kept = policy();
    let writes = 0;
    world.aws.sso.permissionSets.set(permissionSet, {
      PermissionSetArn: permissionSet,
      Name: 'PowerUser',
      get inlinePolicy() {
        return kept;
      },
      set inlinePolicy(written) {
        writes += 1;
        // The other one read before us, and writes after us.
        if (writes > 1) kept = written;
      },
    });
    await access().settle(cut());
    expect(writes).toBe(2);
    expect(mayAct(open)).toBe(false);
  });

  test('end with the role where nobody is left', async () => {
    for (const user of [userIds.bob, userIds.max]) world.aws.sso.unassign(ofUser(user));
    const open = session(userIds.ann);
    await access().settle(cut());
    expect(mayAct(open)).toBe(false);
    expect(world.aws.sso.isProvisioned(account, permissionSet)).toBe(false);
  });
});
