import { afterEach, describe, expect, test } from 'vitest';
import { failureOf, oneGrant, type OneGrant } from '../../../test/contracts/strategies/one-grant.ts';
import { stopStrictly } from '../../../test/contracts/strategies/onelogin-subject.ts';
import { ann, holdersOf } from '../../../test/contracts/strategies/service-parts.ts';
import {
  groupIn,
  openTailscale,
  policyFile,
  tailscaleIds,
  tailscaleRef,
  tailscaleTarget,
  type TailscaleWorld,
} from '../../../test/contracts/strategies/tailscale-subject.ts';

const byEmail = { people: [ann], trustedDomains: ['acme.com'] };

const opened: TailscaleWorld[] = [];
afterEach(async () => {
  for (const { tailscale } of opened.splice(0)) await stopStrictly(tailscale.double);
});

async function world(...how: Parameters<typeof openTailscale>): Promise<TailscaleWorld & OneGrant> {
  const open = await openTailscale(...how);
  opened.push(open);
  return { ...open, ...oneGrant(open.service, tailscaleRef, tailscaleTarget) };
}

function setAnn({ tailscale }: TailscaleWorld, row: object): void {
  const { ann: id } = tailscaleIds;
  tailscale.users.set(id, { id, loginName: 'ann@acme.com', status: 'active', type: 'member', ...row });
}

test('names the group by tailnet and name, and the user by id and login', async () => {
  expect(await (await world()).look()).toMatchObject({
    resource: 'tailscale-group:acme.com/group:prod-admins',
    account: 'uAnn1CNTRL/ann@acme.com',
    holds: 'none',
  });
});

test('writes one line into the policy file, and at the end leaves the file as it was, to the last comment', async () => {
  const at = await world();
  const call = await at.call();
  await at.give(call);
  expect(at.tailscale.policy).toBe(
    policyFile.replace('"group:prod-admins": [\n', '"group:prod-admins": [\n      "ann@acme.com",\n'),
  );
  await at.end(call);
  expect(at.tailscale.policy).toBe(policyFile);
});

describe('where somebody else changes the file meanwhile', () => {
  const another = (policy: string): string => policy.replace('"root"', '"root", "deploy"');

  test('it is read again, and nobody’s change is lost', async () => {
    const at = await world();
    const call = await at.call();
    // The first look of the grant itself is not the one that is written.
    at.tailscale.meanwhile.push(
      (policy) => policy,
      (policy) => policy,
      another,
    );
    expect(await at.give(call)).toMatchObject({ holds: 'member' });
    expect(groupIn(at.tailscale.policy)).toEqual(['ann@acme.com', 'bob@acme.com']);
    expect(at.tailscale.policy).toContain('"root", "deploy"');
    const written = at.tailscale.double.asked.filter(
      ({ method, path }) => method === 'POST' && path.endsWith('/acl'),
    );
    expect(written).toHaveLength(2);
  });

  test('each time, it is given up for now', async () => {
    const at = await world();
    const call = await at.call();
    let round = 0;
    for (let count = 0; count < 20; count += 1)
      at.tailscale.meanwhile.push((policy) => policy.replace(/^.*\n/, `// Round ${(round += 1)}\n`));
    const failure = await failureOf(at.give(call));
    expect(failure).toMatchObject({ transient: true, message: expect.stringContaining('Others changed') });
    expect(groupIn(at.tailscale.policy)).toEqual(['bob@acme.com']);
  });

  test('by us, at the same moment, nobody is lost', async () => {
    const at = await world();
    const call = await at.call();
    const names = ['ann', 'cleo', 'dan'];
    for (const name of names) {
      const loginName = `${name}@acme.com`;
      at.tailscale.users.set(`u${name}`, { id: `u${name}`, loginName, status: 'active', type: 'member' });
    }
    const calls = names.map((name) => ({ ...call, account: `u${name}/${name}@acme.com` }));
    await Promise.all(calls.map(at.give));
    expect(groupIn(at.tailscale.policy)).toHaveLength(4);
    await Promise.all(calls.map(at.end));
    expect(at.tailscale.policy).toBe(policyFile);
  });
});

describe('a change that Tailscale finds wrong is not written', () => {
  test('because a test of the file fails', async () => {
    const at = await world();
    const call = await at.call();
    at.tailscale.passesTests = (policy) => policy === policyFile;
    const failure = await failureOf(at.give(call));
    expect(failure).toMatchObject({ transient: false, message: expect.stringContaining('tests fails') });
    expect(failure.message).not.toContain('acme');
    expect(at.service.writes).toBe(0);
  });

  test('nor a file that leaves a doubt', async () => {
    const at = await world();
    const call = await at.call();
    at.tailscale.policy = policyFile.replace('"groups"', '"Groups": {}, "groups"');
    expect((await failureOf(at.give(call))).message).toContain('without doubt');
    expect(at.service.writes).toBe(0);
  });
});

describe('ends all the same', () => {
  test('for a user who was renamed: what was written is what is taken out', async () => {
    const at = await world();
    const call = await at.call();
    await at.give(call);
    setAnn(at, { loginName: 'ann.ortega@acme.com' });
    await at.end(call);
    expect(at.tailscale.policy).toBe(policyFile);
  });

  test('for a user who was deleted', async () => {
    const at = await world();
    const call = await at.call();
    await at.give(call);
    at.tailscale.users.delete(tailscaleIds.ann);
    await at.end(call);
    expect(at.tailscale.policy).toBe(policyFile);
  });

  test('in a group that was deleted', async () => {
    const at = await world();
    const call = await at.call();
    await at.give(call);
    at.tailscale.policy = '{}';
    expect(await at.end(call)).toMatchObject({ holds: 'none' });
  });

  test('with a token that ended before its time', async () => {
    const at = await world();
    const call = await at.call();
    await at.give(call);
    at.tailscale.endTokens();
    expect(await at.end(call)).toMatchObject({ holds: 'none' });
  });
});

describe('says beforehand', () => {
  test.each([
    ['that there is no such group', (at: TailscaleWorld) => void (at.tailscale.policy = '{}'), '`groups`'],
    ['that there is no such user', (at: TailscaleWorld) => void at.tailscale.users.clear(), 'no user'],
    ['that the user is suspended', (at: TailscaleWorld) => setAnn(at, { status: 'suspended' }), 'no active'],
    [
      'that the user waits for approval',
      (at: TailscaleWorld) => setAnn(at, { status: 'needs-approval' }),
      'no active',
    ],
    [
      'that the user is somebody else’s, with whom something is shared',
      (at: TailscaleWorld) => setAnn(at, { type: 'shared' }),
      'no active',
    ],
  ])('%s', async (_, change, why) => {
    const at = await world();
    change(at);
    expect(await at.look()).toMatchObject({ missing: 'impossible', why: expect.stringContaining(why) });
  });

  test('that the client lacks a scope', async () => {
    const at = await world({ scopes: ['policy_file:read', 'users:read'] });
    const failure = await failureOf(at.give(await at.call()));
    expect(failure).toMatchObject({ transient: false, message: expect.stringContaining('scope') });
  });

  test('that a user was renamed since they asked', async () => {
    const at = await world();
    const call = await at.call();
    setAnn(at, { loginName: 'ann.ortega@acme.com' });
    expect(await failureOf(at.give(call))).toMatchObject({
      transient: false,
      message: expect.stringContaining('otherwise'),
    });
  });
});

describe('by the e-mail address', () => {
  test('finds the one active user, in whatever case it is written', async () => {
    const at = await world({}, byEmail);
    setAnn(at, { loginName: 'Ann@Acme.com' });
    expect(await at.look()).toMatchObject({ account: 'uAnn1CNTRL/Ann@Acme.com' });
  });

  test('finds nobody who is suspended', async () => {
    const at = await world({}, byEmail);
    setAnn(at, { status: 'suspended' });
    expect(await at.look()).toMatchObject({ missing: 'no-identity' });
  });
});

test('lists those too whom Tailscale does not know yet', async () => {
  const at = await world();
  at.tailscale.policy = policyFile.replace('"bob@acme.com", //', '"bob@acme.com", "zoe@acme.com", //');
  expect(await holdersOf(at.service.parts, tailscaleRef, tailscaleTarget)).toEqual([
    { account: 'uBob1CNTRL/bob@acme.com', holds: 'member' },
    { account: '/zoe@acme.com', holds: 'member' },
  ]);
});
