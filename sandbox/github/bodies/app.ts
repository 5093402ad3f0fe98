// Apps and their installations as GitHub's API shows them.
import type { Body, GitHub } from '../github.ts';
import { api, html, nodeId } from '../links.ts';
import type { AppRow, InstallationRow } from '../rows.ts';
import { simpleUser } from './account.ts';

/** What issues and comments carry of the app that wrote them. */
export function app(github: GitHub, row: AppRow): Body {
  return {
    id: row.id,
    slug: row.slug,
    node_id: nodeId('app', row.id),
    owner: simpleUser(github, github.accountById(row.owner_id)),
    name: row.name,
    description: row.description ?? `${row.name} in the sandbox`,
    external_url: row.external_url ?? html(github.links, '/'),
    html_url: html(github.links, `/apps/${row.slug}`),
    created_at: row.created_at,
    updated_at: row.created_at,
    permissions: row.permissions,
    events: row.events,
  };
}

export function fullApp(github: GitHub, row: AppRow): Body {
  const installations = github.state.installations.all().filter((one) => one.app_id === row.id);
  return { ...app(github, row), client_id: row.client_id, installations_count: installations.length };
}

export function installation(github: GitHub, row: InstallationRow): Body {
  const { links } = github;
  const owner = github.appById(row.app_id);
  const account = github.accountById(row.account_id);
  return {
    id: row.id,
    account: simpleUser(github, account),
    repository_selection: row.repository_ids === null ? 'all' : 'selected',
    access_tokens_url: api(links, `/app/installations/${row.id}/access_tokens`),
    repositories_url: api(links, '/installation/repositories'),
    html_url: html(links, `/organizations/${account.login}/settings/installations/${row.id}`),
    app_id: row.app_id,
    app_slug: owner.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: owner.permissions,
    events: owner.events,
    created_at: row.created_at,
    updated_at: row.created_at,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: row.suspended_at,
  };
}

export function installationLite(row: InstallationRow): Body {
  return { id: row.id, node_id: nodeId('installation', row.id) };
}
