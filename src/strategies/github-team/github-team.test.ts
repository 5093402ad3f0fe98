import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { accessControl, openWorld, type World } from '../../../test/contracts/strategies/subject-parts.ts';
import { deskId, personId, requestId } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { AccessControl, AccessReports, SettleCall } from '../../engine/ports/access.ts';

const desk = deskId('github', 1);
const ref = { type: 'github-team' };
const slug = 'production-access';
const settings = { organization: 'acme', team_slug: slug };

let world: World;
let access: AccessControl & AccessReports;
beforeAll(async () => {
  world = await openWorld();
  access = accessControl(world.parts);
});
afterAll(() => world.close());
beforeEach(() => world.wire.trouble(undefined));

function members(): readonly string[] {
  const { state, accountById } = {
    state: world.sandbox.github.state,
    accountById: (id: number) => world.sandbox.github.accountById(id),
  };
  return state.teamMembers.in(8_100_005).map(({ user_id }) => accountById(user_id).login);
}

async function callFor(person: string, target = settings): Promise<SettleCall> {
  const seen = await access.look(desk, ref, target, personId(person));
  if ('missing' in seen) throw new Error(seen.missing);
  const { resource, account, holds: before, wanted } = seen;
  const signal = new AbortController().signal;
  return {
    request: requestId('01R'),
    desk,
    strategy: ref,
    settings: target,
    resource,
    account,
    before,
    wanted: [wanted],
    purpose: 'escalate',
    signal,
  };
}

const ending = (call: SettleCall): SettleCall => ({ ...call, purpose: 'deescalate', wanted: [] });

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const thrown = await work.then(String, (error: unknown) => error);
  if (thrown instanceof Failure) return thrown;
  throw new Error(`It should have failed, and gave ${String(thrown)}.`);
}

test('names team and account by ids that outlive renames', async () => {
  const { resource, account } = await callFor('ann', {
    organization: 'ACME',
    team_slug: 'Production-Access',
  });
  expect({ resource, account }).toEqual({
    resource: 'github-team:9919001/8100005',
    account: 'github:583231',
  });
});

test('takes a renamed account back, and leaves alone the stranger who took its login', async () => {
  const call = await callFor('ann');
  await access.settle(call);
  world.sandbox.world.renamePerson('ann-o', 'ann-ortega');
  world.sandbox.world.renamePerson('eve-s', 'ann-o');
  world.sandbox.world.joinTeam(slug, 'ann-o');
  await access.settle(ending(call));
  expect(members()).toEqual(['ann-o']);
  world.sandbox.world.leaveTeam(slug, 'ann-o');
  world.sandbox.world.renamePerson('ann-o', 'eve-s');
  world.sandbox.world.renamePerson('ann-ortega', 'ann-o');
});

test('takes access back from a team that was renamed, though its old name is another team now', async () => {
  const call = await callFor('bob');
  await access.settle(call);
  const { teams } = world.sandbox.github.state;
  const team = teams.get(8_100_005);
  if (team === undefined) throw new Error('There is such a team.');
  teams.put({ ...team, slug: 'prod' });
  const other = world.sandbox.world.addTeam(slug);
  await access.settle(ending(call));
  expect(members()).toEqual([]);
  teams.delete(other.id);
  teams.put(team);
});

test('takes access back from an organisation that was renamed, though its old name is another organisation now', async () => {
  const call = await callFor('bob');
  await access.settle(call);
  const { accounts } = world.sandbox.github.state;
  const acme = world.sandbox.github.organization('acme');
  accounts.put({ ...acme, login: 'acme-group' });
  accounts.put({ ...acme, id: 9_919_777, login: 'acme' });
  await access.settle(ending(call));
  expect(members()).toEqual([]);
  accounts.delete(9_919_777);
  accounts.put(acme);
});

test('counts a deleted team as gone', async () => {
  const row = world.sandbox.world.addTeam('short-lived');
  const call = await callFor('bob', { organization: 'acme', team_slug: 'short-lived' });
  await access.settle(call);
  world.sandbox.world.removeTeam(row.slug);
  expect(await access.settle(ending(call))).toMatchObject({ verified: 'read-back', holds: 'none' });
});

test('an owner of the organisation is taken out again, though GitHub calls owners maintainers', async () => {
  const call = await callFor('max');
  const { teamMembers } = world.sandbox.github.state;
  await access.settle(call);
  const key = '8100005/583234';
  const row = teamMembers.get(key);
  if (row) teamMembers.put({ ...row, role: 'maintainer' });
  expect(await access.settle(ending(call))).toMatchObject({ holds: 'none' });
  expect(members()).toEqual([]);
});

test('says that an identity provider owns the team', async () => {
  world.sandbox.world.addTeam('synced');
  const call = await callFor('bob', { organization: 'acme', team_slug: 'synced' });
  world.sandbox.world.syncTeam('synced');
  const failure = await failureOf(access.settle(call));
  expect(failure.transient).toBe(false);
  expect(failure.message).toContain('identity provider');
});

test('does not take a suspended installation for an absence', async () => {
  const call = await callFor('bob');
  await access.settle(call);
  world.sandbox.world.suspendInstallation('countersign-grants');
  expect((await failureOf(access.settle(ending(call)))).message).toContain('GitHub answered');
  world.sandbox.world.resumeInstallation('countersign-grants');
  expect(members()).toEqual(['bob-l']);
  await access.settle(ending(call));
  expect(members()).toEqual([]);
});

describe('says beforehand', () => {
  test('that the grants app is not installed there', async () => {
    const seen = await access.look(desk, ref, { ...settings, organization: 'elsewhere' }, personId('ann'));
    expect(seen).toEqual({
      missing: 'impossible',
      why: 'The grants app is not installed in the organisation.',
    });
  });

  test('that there is no such team', async () => {
    const seen = await access.look(
      desk,
      ref,
      { organization: 'acme', team_slug: 'no-such-team' },
      personId('ann'),
    );
    expect(seen).toMatchObject({ missing: 'impossible' });
    expect(JSON.stringify(seen)).toContain('`team_slug`');
    expect(JSON.stringify(seen)).not.toContain('no-such-team');
  });

  test('that somebody has no account on GitHub', async () => {
    const parts = { ...world.parts, person: async () => ({ id: personId('zoe') }) };
    expect(await accessControl(parts).look(desk, ref, settings, personId('zoe'))).toMatchObject({
      missing: 'no-identity',
      service: 'GitHub',
    });
  });
});

test('lists everybody in the team, to the last page; an owner has whatever is asked for', async () => {
  const { world: acme, github } = world.sandbox;
  for (let number = 0; number < 120; number += 1) {
    acme.addPerson({
      login: `crowd-${number}`,
      id: 910_000 + number,
      name: `Crowd ${number}`,
      member: 'member',
    });
    acme.joinTeam('on-call', `crowd-${number}`, number === 119 ? 'maintainer' : 'member');
  }
  // An owner of the organisation, whom GitHub calls a maintainer.
  acme.joinTeam('on-call', 'max-p', 'maintainer');
  const target = { organization: 'acme', team_slug: 'on-call', role: 'member' };
  const listed = await access.holders(desk, ref, target);
  if ('missing' in listed) throw new Error(listed.why);
  const team = github.state.teams.find((each) => each.slug === 'on-call');
  const inTeam = github.state.teamMembers.in(team?.id ?? 0).filter(({ state }) => state === 'active');
  expect(inTeam.length).toBeGreaterThan(100);
  expect(listed.holders.map((each) => each.account).sort()).toEqual(
    inTeam.map(({ user_id }) => `github:${user_id}`).sort(),
  );
  expect(listed.holders).toContainEqual({ account: 'github:910119', holds: 'maintainer' });
  expect(listed.holders).toContainEqual({ account: 'github:910000', holds: 'member' });
  expect(listed.holders).toContainEqual({ account: 'github:583234', holds: 'member' });
});
