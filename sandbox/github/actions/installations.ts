// What owners do with an app's installation: suspend, resume, choose its repositories, remove it.
import { simpleUser } from '../bodies/account.ts';
import { installation as installationBody } from '../bodies/app.ts';
import type { Actor, Body, GitHub } from '../github.ts';
import type { AccountRow, AppRow, InstallationRow, RepositoryRow } from '../rows.ts';
import { repositorySummary } from './repositories.ts';

export function installationOf(github: GitHub, slug: string): InstallationRow {
  const app = github.state.apps.find((row) => row.slug === slug);
  const row = github.state.installations.find((one) => one.app_id === app?.id);
  if (!row) throw new Error(`No app called ${slug} is installed in this world.`);
  return row;
}

export function install(
  github: GitHub,
  actor: Actor,
  app: AppRow,
  where: { readonly account: AccountRow; readonly repository_ids: readonly number[] | null },
): InstallationRow {
  const row = github.state.installations.put({
    id: github.state.nextId('installation'),
    app_id: app.id,
    account_id: where.account.id,
    repository_ids: where.repository_ids,
    created_at: github.timestamp(),
    suspended_at: null,
  });
  announce(github, actor, row, {
    event: 'installation',
    action: 'created',
    payload: {
      installation: installationBody(github, row),
      repositories: summaries(github, chosen(github, row)),
      requester: null,
    },
  });
  return row;
}

export function setSuspended(
  github: GitHub,
  actor: Actor,
  before: InstallationRow,
  suspended: boolean,
): void {
  const row = github.state.installations.put({
    ...before,
    suspended_at: suspended ? github.timestamp() : null,
  });
  announce(github, actor, row, {
    event: 'installation',
    action: suspended ? 'suspend' : 'unsuspend',
    payload: {
      installation: {
        ...installationBody(github, row),
        suspended_by: suspended ? simpleUser(github, actor.account) : null,
      },
      repositories: summaries(github, chosen(github, row)),
    },
  });
}

/** Its tokens end with it. */
export function uninstall(github: GitHub, actor: Actor, row: InstallationRow): void {
  announce(github, actor, row, {
    event: 'installation',
    action: 'deleted',
    payload: {
      installation: installationBody(github, row),
      repositories: summaries(github, chosen(github, row)),
    },
  });
  github.state.installations.delete(row.id);
  for (const token of github.state.tokens.all()) {
    if (token.installation_id === row.id) github.state.tokens.delete(token.token);
  }
}

export function chooseRepositories(
  github: GitHub,
  actor: Actor,
  before: InstallationRow,
  repository_ids: readonly number[] | null,
): void {
  const had = chosen(github, before);
  const row = github.state.installations.put({ ...before, repository_ids });
  const has = chosen(github, row);
  const added = has.filter((one) => !had.includes(one));
  const removed = had.filter((one) => !has.includes(one));
  const parts = { installation: installationBody(github, row), requester: null };
  const repository_selection = repository_ids === null ? 'all' : 'selected';
  if (added.length > 0) {
    announce(github, actor, row, {
      event: 'installation_repositories',
      action: 'added',
      payload: {
        ...parts,
        repository_selection,
        repositories_added: summaries(github, added),
        repositories_removed: [],
      },
    });
  }
  if (removed.length > 0) {
    announce(github, actor, row, {
      event: 'installation_repositories',
      action: 'removed',
      payload: {
        ...parts,
        repository_selection,
        repositories_added: [],
        repositories_removed: summaries(github, removed),
      },
    });
  }
}

function chosen(github: GitHub, row: InstallationRow): RepositoryRow[] {
  return github.state.repositories
    .all()
    .filter((one) => one.owner_id === row.account_id)
    .filter((one) => row.repository_ids?.includes(one.id) ?? true);
}

function summaries(github: GitHub, rows: readonly RepositoryRow[]): Body[] {
  return rows.map((row) => repositorySummary(github, row));
}

function announce(
  github: GitHub,
  actor: Actor,
  row: InstallationRow,
  what: { readonly event: string; readonly action: string; readonly payload: Body },
): void {
  github.announce({ ...what, actor, onlyApp: row.app_id });
}
