// Where an app is installed, and which repositories it sees there: for setup, which offers them, and doctor, which compares.
import { Octokit } from '@octokit/rest';
import type { GitHubApp } from '../clients/github/github-app.ts';
import type { Fetch } from '../clients/http/fetch.ts';

export interface InstalledAt {
  readonly account: string;
  readonly isSuspended: boolean;
  readonly permissions: { readonly [name: string]: string };
  readonly repositories: readonly VisibleRepository[];
}

export interface VisibleRepository {
  readonly id: number;
  /** `owner/name` */
  readonly name: string;
  readonly isPrivate: boolean;
  readonly isArchived: boolean;
}

export interface InstalledParts {
  readonly app: Pick<GitHubApp, 'app'>;
  readonly baseUrl: string;
  readonly fetch: Fetch;
}

/** Throws `GitHubFailure`, or what Octokit throws for a list of repositories. */
export async function installedAt({ app, baseUrl, fetch }: InstalledParts): Promise<readonly InstalledAt[]> {
  const { rest, paginate } = app.app();
  const found: InstalledAt[] = [];
  for (const { id, account, suspended_at, permissions } of await paginate(rest.apps.listInstallations, {
    per_page: 100,
  })) {
    const isSuspended = Boolean(suspended_at);
    found.push({
      account: account && 'login' in account ? account.login : 'an enterprise',
      isSuspended,
      permissions: Object.fromEntries(
        Object.entries(permissions).map(([name, level]) => [name, String(level)]),
      ),
      repositories: isSuspended ? [] : await repositoriesOf(id, { app, baseUrl, fetch }),
    });
  }
  return found;
}

async function repositoriesOf(
  installation_id: number,
  { app, baseUrl, fetch }: InstalledParts,
): Promise<readonly VisibleRepository[]> {
  const { data } = await app.app().rest.apps.createInstallationAccessToken({ installation_id });
  const quiet = (): void => undefined;
  const octokit = new Octokit({
    auth: data.token,
    baseUrl,
    userAgent: 'countersign',
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    request: { fetch },
  });
  const all = await octokit.paginate(octokit.rest.apps.listReposAccessibleToInstallation, { per_page: 100 });
  return all.map(({ id, full_name, private: isPrivate, archived }) => ({
    id,
    name: full_name,
    isPrivate,
    isArchived: archived,
  }));
}
