// What a sandbox begins with: the shape of a world, and how it is built into an empty one.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createApp } from './github/actions/apps.ts';
import { createLabel } from './github/actions/issues.ts';
import { createRepository } from './github/actions/repositories.ts';
import { signatureOf, webFlow } from './github/actions/branches.ts';
import type { Actor, GitHub } from './github/github.ts';
import type { AccountRow, Permissions, RepositoryRow, Role, Rule } from './github/rows.ts';
import { GHOST_ID } from './github/rest/serve.ts';

export interface WorldPerson {
  readonly login: string;
  readonly id: number;
  readonly name: string;
  readonly email?: string;
  /** Left out: not in the organisation. */
  readonly member?: 'admin' | 'member';
}

interface WorldRepository {
  readonly name: string;
  readonly id: number;
  readonly private: boolean;
  readonly description: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly rulesets?: ReadonlyArray<{
    readonly name: string;
    readonly include: readonly string[];
    readonly rules: readonly Rule[];
    /** Logins; an app by its bot, `countersign[bot]`. */
    readonly bypass?: readonly string[];
  }>;
  readonly teams?: Readonly<Record<string, Role>>;
  readonly labels?: readonly string[];
}

interface WorldApp {
  readonly slug: string;
  readonly name: string;
  readonly id: number;
  readonly installation_id: number;
  readonly permissions: Permissions;
  readonly events: readonly string[];
}

export interface World {
  readonly organization: {
    readonly login: string;
    readonly id: number;
    readonly name: string;
    readonly default_repository_permission: Role | 'none';
  };
  readonly people: readonly WorldPerson[];
  readonly teams: ReadonlyArray<{
    readonly slug: string;
    readonly id: number;
    readonly members: readonly string[];
  }>;
  readonly repositories: readonly WorldRepository[];
  readonly apps: readonly WorldApp[];
  /** `owner/name` of the repository that gets the seed folder, and is the app's desk. */
  readonly desk: string;
}

export interface Seed {
  /** A folder whose files become the desk's `flows/`. */
  readonly flows?: string;
  /** A folder whose files become the desk's `.github/ISSUE_TEMPLATE/`. */
  readonly issueTemplates?: string;
}

export function buildWorld(github: GitHub, world: World, seed: Seed): void {
  const at = github.timestamp();
  const { state } = github;
  state.secrets.put({ name: 'personal-tokens', value: randomBytes(32).toString('hex') });
  state.secrets.put({ name: 'vault-token', value: `vault_${randomBytes(16).toString('hex')}` });
  state.secrets.put({ name: 'page-token', value: randomBytes(16).toString('hex') });
  const organization = state.accounts.put({
    id: world.organization.id,
    login: world.organization.login,
    type: 'Organization',
    name: world.organization.name,
    email: null,
    created_at: at,
    updated_at: at,
    default_repository_permission: world.organization.default_repository_permission,
  });
  addPerson(github, { login: 'ghost', id: GHOST_ID, name: 'Deleted user' });
  for (const person of world.people) addPerson(github, person, organization);
  for (const app of world.apps) addApp(github, app, organization);
  for (const team of world.teams) addTeam(github, organization, team);
  for (const repository of world.repositories) {
    const isDesk = world.desk === `${organization.login}/${repository.name}`;
    addRepository(github, organization, repository, isDesk ? seed : {});
  }
}

export function addPerson(github: GitHub, person: WorldPerson, organization?: AccountRow): AccountRow {
  const at = github.timestamp();
  const row = github.state.accounts.put({
    id: person.id,
    login: person.login,
    type: 'User',
    name: person.name,
    email: person.email ?? null,
    created_at: at,
    updated_at: at,
  });
  if (organization && person.member) {
    github.state.organizationMembers.put({
      organization_id: organization.id,
      user_id: row.id,
      role: person.member,
      state: 'active',
    });
  }
  return row;
}

function addTeam(github: GitHub, organization: AccountRow, team: World['teams'][number]): void {
  const at = github.timestamp();
  github.state.teams.put({
    id: team.id,
    organization_id: organization.id,
    slug: team.slug,
    name: team.slug,
    description: null,
    privacy: 'closed',
    created_at: at,
    updated_at: at,
  });
  for (const login of team.members) {
    const user_id = github.account(login)?.id;
    if (user_id === undefined) throw new Error(`The world's team ${team.slug} names nobody called ${login}.`);
    github.state.teamMembers.put({ team_id: team.id, user_id, role: 'member', state: 'active' });
  }
}

function addApp(github: GitHub, app: WorldApp, owner: AccountRow): void {
  const { installation_id, ...facts } = app;
  const row = createApp(github, { ...facts, owner });
  github.state.installations.put({
    id: installation_id,
    app_id: row.id,
    account_id: owner.id,
    repository_ids: null,
    created_at: row.created_at,
    suspended_at: null,
  });
}

function addRepository(
  github: GitHub,
  organization: AccountRow,
  repository: WorldRepository,
  seed: Seed,
): void {
  const row = createRepository(github, organization, repository);
  for (const [slug, role] of Object.entries(repository.teams ?? {})) {
    const team = github.state.teams.in(organization.id).find((one) => one.slug === slug);
    if (!team) throw new Error(`The world's repository ${repository.name} names no team called ${slug}.`);
    github.state.teamRepositories.put({ team_id: team.id, repository_id: row.id, role });
  }
  for (const ruleset of repository.rulesets ?? []) {
    github.state.rulesets.put({
      id: github.state.nextId('ruleset'),
      repository_id: row.id,
      name: ruleset.name,
      include: ruleset.include,
      rules: ruleset.rules,
      enforcement: 'active',
      bypass_user_ids: (ruleset.bypass ?? []).flatMap((login) => github.account(login)?.id ?? []),
    });
  }
  for (const name of repository.labels ?? []) createLabel(github, row, { name });
  firstCommit(github, row, seed, repository.files ?? {});
}

function firstCommit(
  github: GitHub,
  repository: RepositoryRow,
  seed: Seed,
  files: Readonly<Record<string, string>>,
): void {
  const git = github.git(repository);
  const contents = new Map<string, Buffer>([
    ...Object.entries(files).map(([path, text]) => [path, Buffer.from(text)] as const),
    ...filesBelow(seed.flows, 'flows'),
    ...filesBelow(seed.issueTemplates, '.github/ISSUE_TEMPLATE'),
  ]);
  const changes = new Map(
    [...contents].map(([path, content]) => [path, { sha: git.writeBlob(content), mode: '100644' }]),
  );
  const owner = firstAdmin(github, repository);
  const date = github.now();
  const sha = git.writeCommit({
    tree: git.changeTree(null, changes),
    parents: [],
    author: signatureOf(owner, date),
    committer: webFlow(date),
    message: 'Initial commit',
  });
  git.updateRef(`refs/heads/${repository.default_branch}`, sha, null);
}

function firstAdmin(github: GitHub, repository: RepositoryRow): Actor {
  const owner = github.state.organizationMembers
    .in(repository.owner_id)
    .find((member) => member.role === 'admin');
  return { account: github.accountById(owner?.user_id ?? GHOST_ID), app: null };
}

function filesBelow(folder: string | undefined, under: string): Array<readonly [string, Buffer]> {
  if (folder === undefined || !existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => [`${under}/${relative(folder, file).replaceAll('\\', '/')}`, readFileSync(file)] as const);
}
