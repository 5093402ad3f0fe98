// Finds which installation of our app serves a repository or an organization, and remembers it until GitHub says otherwise.
import type { Octokit } from '@octokit/rest';
import { GitHubFailure } from './failure.ts';
import type { GitHubApp, InstalledOrganization, InstalledRepository, Installation } from './github-app.ts';

export interface InstallationFinder extends Omit<GitHubApp, 'app'> {
  /** The installation is gone: what was remembered of it is asked for anew. */
  forget(installation: number): void;
}

interface NamedRepository {
  readonly owner: string;
  readonly name: string;
  readonly private: boolean;
  readonly defaultBranch: string;
}

export function createInstallationFinder(deps: {
  readonly app: () => Octokit;
  readonly installation: (id: number) => Installation;
}): InstallationFinder {
  const { app, installation } = deps;
  /** By `repo:owner/name`, `org:login`, `id:4711` of a repository and `org-id:4711`. */
  const known = new Map<string, number>();

  async function remembered(key: string, find: () => Promise<number>): Promise<Installation> {
    const id = known.get(key) ?? (await find());
    known.set(key, id);
    return installation(id);
  }

  function forRepository(owner: string, name: string): Promise<Installation> {
    return remembered(`repo:${owner}/${name}`.toLowerCase(), async () => {
      const { data } = await app().rest.apps.getRepoInstallation({ owner, repo: name });
      return data.id;
    });
  }

  /** Any token may read a public repository, so that seeing it is no proof: the app is asked which installation has it. */
  async function search(id: number): Promise<InstalledRepository> {
    const all = await app().paginate(app().rest.apps.listInstallations, { per_page: 100 });
    for (const { id: candidate, suspended_at } of all) {
      if (suspended_at) continue;
      const found = await unlessRefused(readRepository(installation(candidate), id));
      const owner = found && (await unlessRefused(forRepository(found.owner, found.name)));
      if (!found || !owner) continue;
      known.set(`id:${id}`, owner.id);
      return { ...found, installation: owner };
    }
    throw new GitHubFailure('The app is not installed on this repository', {
      kind: 'refused',
      transient: false,
      status: 404,
    });
  }

  async function forRepositoryId(id: number): Promise<InstalledRepository> {
    const last = known.get(`id:${id}`);
    const found =
      last === undefined ? undefined : await unlessRefused(readRepository(installation(last), id));
    const now = found && (await unlessRefused(forRepository(found.owner, found.name)));
    if (found && now && now.id === last) return { ...found, installation: now };
    known.delete(`id:${id}`);
    return search(id);
  }

  async function organizationNamed(org: string): Promise<InstalledOrganization> {
    const found = await remembered(`org:${org}`.toLowerCase(), async () => {
      const { data } = await app().rest.apps.getOrgInstallation({ org });
      return data.id;
    });
    return { ...found, login: org };
  }

  /** An installation says whose it is, by id and by the login of this moment. Suspended ones count: they are still there. */
  async function organizationNumbered(org: number): Promise<InstalledOrganization> {
    const last = known.get(`org-id:${org}`);
    const seen = last === undefined ? [] : [await unlessRefused(installationNumbered(last))];
    const owner = seen.find((each) => each?.account === org) ?? (await searchOrganization(org));
    known.set(`org-id:${org}`, owner.id);
    return { ...installation(owner.id), login: owner.login };
  }

  async function installationNumbered(id: number): Promise<OwnedInstallation | undefined> {
    return readOwner((await app().rest.apps.getInstallation({ installation_id: id })).data);
  }

  async function searchOrganization(org: number): Promise<OwnedInstallation> {
    const all = await app().paginate(app().rest.apps.listInstallations, { per_page: 100 });
    const found = all.map(readOwner).find((each) => each?.account === org);
    if (found !== undefined) return found;
    throw new GitHubFailure('The app is not installed in this organisation', {
      kind: 'refused',
      transient: false,
      status: 404,
    });
  }

  return {
    forRepository,
    forRepositoryId,
    forOrganization: (org) => (typeof org === 'number' ? organizationNumbered(org) : organizationNamed(org)),
    forget(id) {
      for (const [key, value] of known) if (value === id) known.delete(key);
    },
  };
}

interface OwnedInstallation {
  readonly id: number;
  /** The id of whoever it is installed on. */
  readonly account: number;
  readonly login: string;
}

function readOwner({
  id,
  account,
}: {
  readonly id: number;
  readonly account: object | null;
}): OwnedInstallation | undefined {
  if (account === null || !('id' in account) || !('login' in account)) return undefined;
  return typeof account.id === 'number' && typeof account.login === 'string'
    ? { id, account: account.id, login: account.login }
    : undefined;
}

async function readRepository(installation: Installation, id: number): Promise<NamedRepository> {
  const { data } = await installation.at('read').request('GET /repositories/{repository_id}', {
    repository_id: id,
  });
  return parseRepository(data);
}

/** Not in Octokit's types: GitHub serves a repository by its id without describing it. */
function parseRepository(value: unknown): NamedRepository {
  const text = (name: string, from: unknown = value): string => {
    const found: unknown = typeof from === 'object' && from !== null ? Reflect.get(from, name) : undefined;
    if (typeof found !== 'string') throw new Error(`GitHub describes a repository without ${name}.`);
    return found;
  };
  const owner: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, 'owner') : undefined;
  const visible = typeof value === 'object' && value !== null && Reflect.get(value, 'private') === false;
  return {
    owner: text('login', owner),
    name: text('name'),
    // Public only where GitHub says so plainly.
    private: !visible,
    defaultBranch: text('default_branch'),
  };
}

/** Undefined where GitHub says no; an outage is still thrown. */
async function unlessRefused<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof GitHubFailure && !error.transient) return undefined;
    throw error;
  }
}
