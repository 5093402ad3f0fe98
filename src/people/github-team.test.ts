import { testOutside } from '../../test/outside.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, type World } from '../../test/contracts/strategies/subject-parts.ts';
import { deskId, group, personId } from '../domain/names.ts';
import { createDirectory } from './directory.ts';
import { githubTeamGroup } from './github-team.ts';

const desk = deskId('github', 1);
const ids = { ann: 583_231, bob: 583_232, mallory: 666_001, bot: 0, gone: 4 };

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

async function belongs(name: keyof typeof ids, where: string) {
  const { grantsApp, clock } = world.parts;
  if (grantsApp === undefined) throw new Error('The world has an app.');
  const id = name === 'bot' ? (world.sandbox.github.account('countersign[bot]')?.id ?? 0) : ids[name];
  const person = {
    id: personId(name),
    name,
    role: 'member',
    github: { login: 'as-it-was-once', id },
  } as const;
  const files = {
    commit: 'c0ffee',
    people: { persons: new Map([[person.id, person]]), byAccount: new Map() },
    flows: new Map(),
    diagnostics: [],
  };
  const directory = createDirectory({
    desks: { desk: async () => files },
    groups: [githubTeamGroup({ github: grantsApp })],
    clock,
    outside: testOutside({ clock }),
  });
  return directory.belongs(desk, personId(name), group(where));
}

test('is being an active member, by the numeric id', async () => {
  expect(await belongs('ann', 'team:acme/engineering')).toBe(true);
  expect(await belongs('ann', 'team:acme/data')).toBe(false);
});

test('stays with the account when its login is taken by a stranger', async () => {
  world.sandbox.world.renamePerson('bob-l', 'robert');
  world.sandbox.world.renamePerson('mallory-x', 'bob-l');
  expect(await belongs('bob', 'team:acme/data')).toBe(true);
  expect(await belongs('mallory', 'team:acme/data')).toBe(false);
});

test('is not being invited', async () => {
  world.sandbox.world.joinTeam('data', 'bob-l');
  expect(await belongs('mallory', 'team:acme/data')).toBe(false);
});

test('is nothing for a bot or an account that is no more', async () => {
  expect(await belongs('bot', 'team:acme/data')).toBe(false);
  expect(await belongs('gone', 'team:acme/data')).toBe(false);
});

test('is unknown in a team that does not exist', async () => {
  expect(await belongs('ann', 'team:acme/dta')).toEqual({
    unknown: 'There is no team acme/dta, or the app may not see it.',
  });
});

test('is unknown where the app may not look', async () => {
  world.sandbox.world.suspendInstallation('countersign-grants');
  expect(await belongs('ann', 'team:acme/engineering')).toHaveProperty('unknown');
  world.sandbox.world.resumeInstallation('countersign-grants');
});
