import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessControl, openWorld, type World } from '../../../test/contracts/strategies/subject-parts.ts';
import { deskId, personId, requestId } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { AccessControl, AccessReports, SettleCall } from '../../engine/ports/access.ts';

const desk = deskId('github', 1);
const ref = { type: 'github-repository-role' };
const settings = { owner: 'acme', repository: 'app', role: 'maintain' };
const annInApp = '700100003/583231';

let world: World;
let access: AccessControl & AccessReports;
beforeAll(async () => {
  world = await openWorld();
  access = accessControl(world.parts);
});
afterAll(() => world.close());

const direct = (key = annInApp): string => world.sandbox.github.state.collaborators.get(key)?.role ?? 'none';

async function look(target = settings, person = 'ann') {
  const seen = await access.look(desk, ref, target, personId(person));
  if ('missing' in seen) throw new Error(`${seen.missing} ${'why' in seen ? seen.why : ''}`);
  return seen;
}

async function callFor(target = settings): Promise<SettleCall> {
  const { resource, account, holds: before, wanted } = await look(target);
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

test('a role that comes through a team is not ours to put back', async () => {
  expect(await look()).toMatchObject({ holds: 'none', effective: 'write', covered: false });
  const call = await callFor();
  await access.settle(call);
  await access.settle(ending(call));
  expect(direct()).toBe('none');
});

test('a direct role below that of a team is put back as it was, not as the team has it', async () => {
  world.sandbox.world.addCollaborator('ann-o', 'read', 'acme/app');
  const call = await callFor();
  expect(call.before).toBe('read');
  await access.settle(call);
  expect(direct()).toBe('maintain');
  await access.settle(ending(call));
  expect(direct()).toBe('read');
  world.sandbox.world.removeCollaborator('ann-o', 'acme/app');
});

test('what a team gives already is not asked for', async () => {
  expect(await look({ ...settings, role: 'push' })).toMatchObject({
    holds: 'none',
    effective: 'write',
    covered: true,
  });
});

test('finds a repository that was renamed, though its old name is another repository now', async () => {
  world.sandbox.world.addRepository('old-name');
  const target = { ...settings, repository: 'old-name' };
  const call = await callFor(target);
  await access.settle(call);
  const row = world.sandbox.world.renameRepository('new-name', 'acme/old-name');
  world.sandbox.world.addRepository('old-name');
  expect(direct(`${row.id}/583231`)).toBe('maintain');
  await access.settle(ending(call));
  expect(direct(`${row.id}/583231`)).toBe('none');
});

test('takes a role back though the organisation was renamed, and its old name is another one now', async () => {
  const call = await callFor();
  await access.settle(call);
  const { accounts } = world.sandbox.github.state;
  const acme = world.sandbox.github.organization('acme');
  accounts.put({ ...acme, login: 'acme-group' });
  accounts.put({ ...acme, id: 9_919_777, login: 'acme' });
  await access.settle(ending(call));
  expect(direct()).toBe('none');
  accounts.delete(9_919_777);
  accounts.put(acme);
});

test('does not take a repository out of sight for an absence', async () => {
  world.sandbox.world.addRepository('short-lived');
  const call = await callFor({ ...settings, repository: 'short-lived' });
  const { repositories } = world.sandbox.github.state;
  const row = world.sandbox.github.repository('acme', 'short-lived');
  repositories.delete(row?.id ?? 0);
  expect((await failureOf(access.settle(ending(call)))).message).toContain('no longer sees the repository');
});

test('a collaborator from outside may be given more: no invitation is needed', async () => {
  const { state } = world.sandbox.github;
  state.collaborators.put({ repository_id: 700_100_003, user_id: 666_001, role: 'read' });
  expect(await look(settings, 'mallory')).toMatchObject({ holds: 'read' });
  state.collaborators.delete('700100003/666001');
});

describe('never lets a setting out of its place', () => {
  test.each(['..', '.', 'a/b', 'a?b', ''])('%s is no repository', async (repository) => {
    expect(await access.look(desk, ref, { ...settings, repository }, personId('ann'))).toMatchObject({
      missing: 'impossible',
    });
  });
});

test('lists those who were given a role directly, to the last page, and nobody who has it through a team', async () => {
  const { world: acme } = world.sandbox;
  for (let number = 0; number < 120; number += 1) {
    acme.addPerson({
      login: `many-${number}`,
      id: 920_000 + number,
      name: `Many ${number}`,
      member: 'member',
    });
    acme.addCollaborator(`many-${number}`, 'triage', 'acme/app');
  }
  const listed = await access.holders(desk, ref, { owner: 'acme', repository: 'app', role: 'admin' });
  if ('missing' in listed) throw new Error(listed.why);
  const direct = world.sandbox.github.state.collaborators.in(
    world.sandbox.github.repository('acme', 'app')?.id ?? 0,
  );
  expect(direct.length).toBeGreaterThan(100);
  expect(listed.holders.map((each) => each.account).sort()).toEqual(
    direct.map(({ user_id }) => `github:${user_id}`).sort(),
  );
  expect(listed.holders).toContainEqual({ account: 'github:920119', holds: 'triage' });
});
