import { testOutside } from '../../test/outside.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, type World } from '../../test/contracts/strategies/subject-parts.ts';
import type { Unknown } from '../domain/facts.ts';
import { deskId, group, personId } from '../domain/names.ts';
import { codeOwnersGroup } from './code-owners.ts';
import { createDirectory } from './directory.ts';
import { githubTeamGroup } from './github-team.ts';

const desk = deskId('github', 1);
const ids = { ann: 583_231, bob: 583_232, dora: 583_233, max: 583_234 };
const owned = 'codeowners:acme/app/db/migrations';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

async function belongs(name: keyof typeof ids, where: string): Promise<boolean | Unknown> {
  const { mainApp: github, parts } = world;
  const person = {
    id: personId(name),
    name,
    role: 'member',
    email: `${name}@acme.com`,
    github: { login: 'as-it-was-once', id: ids[name] },
  } as const;
  const files = {
    commit: 'c0ffee',
    people: { persons: new Map([[person.id, person]]), byAccount: new Map() },
    flows: new Map(),
    diagnostics: [],
  };
  const groups = [githubTeamGroup({ github }), codeOwnersGroup({ github })];
  const directory = createDirectory({
    desks: { desk: async () => files },
    groups,
    clock: parts.clock,
    outside: testOutside(parts),
  });
  return directory.belongs(desk, personId(name), group(where));
}

function ownersAre(text: string | null, path = '.github/CODEOWNERS'): void {
  world.sandbox.as('max-p').pushFiles({ repository: 'acme/app', message: 'Owners', files: { [path]: text } });
}

test('is being in the team that owns the folder', async () => {
  expect(await belongs('bob', owned)).toBe(true);
  expect(await belongs('ann', owned)).toBe(false);
  expect(await belongs('dora', `${owned}/0001-orders.sql`)).toBe(true);
});

test('goes by the last rule for what lies in the folder, and not by a looser one for its name', async () => {
  ownersAre('* @acme/engineering\n/db/migrations/ @dora-k\n');
  expect(await belongs('ann', owned)).toBe(false);
  expect(await belongs('dora', owned)).toBe(true);
  expect(await belongs('ann', 'codeowners:acme/app/README.md')).toBe(true);
});

test('is nobody where nobody owns it', async () => {
  ownersAre('* @acme/engineering\n/db/migrations/\n');
  expect(await belongs('ann', owned)).toBe(false);
});

test('stays with an account that was renamed, once the file follows', async () => {
  ownersAre('* @dora-k\n');
  world.sandbox.world.renamePerson('dora-k', 'dora-new');
  expect(await belongs('dora', owned)).toBe(false);
  ownersAre('* @Dora-New\n');
  expect(await belongs('dora', owned)).toBe(true);
  world.sandbox.world.renamePerson('dora-new', 'dora-k');
});

test('may be by the address in people.yml', async () => {
  ownersAre('* Bob@acme.com\n');
  expect(await belongs('bob', owned)).toBe(true);
  expect(await belongs('dora', owned)).toBe(false);
});

test('takes write access, as for a review on GitHub', async () => {
  ownersAre('* @bob-l\n');
  expect(await belongs('bob', owned)).toBe(true);
  world.sandbox.world.leaveTeam('engineering', 'bob-l');
  world.sandbox.world.leaveTeam('db-team', 'bob-l');
  expect(await belongs('bob', owned)).toBe(false);
  world.sandbox.world.joinTeam('engineering', 'bob-l');
});

test('is unknown where an owner cannot be looked up, unless another one settles it', async () => {
  ownersAre('* @acme/no-such-team @bob-l\n');
  expect(await belongs('bob', owned)).toBe(true);
  expect(await belongs('ann', owned)).toEqual({
    unknown: 'There is no team acme/no-such-team, or the app may not see it.',
  });
});

test('is unknown where the path or the file is not there', async () => {
  expect(await belongs('bob', 'codeowners:acme/app/db/migration')).toEqual({
    unknown: 'There is no db/migration in acme/app.',
  });
  ownersAre(null);
  expect(await belongs('bob', owned)).toEqual({
    unknown: 'acme/app has no CODEOWNERS file, or the app may not see it.',
  });
  ownersAre('* @bob-l\n', 'docs/CODEOWNERS');
  expect(await belongs('bob', owned)).toBe(true);
});
