// People, bots, organisations and teams as GitHub's API shows them.
import type { Body, GitHub } from '../github.ts';
import { api, html, nodeId } from '../links.ts';
import type { AccountRow, OrganizationMemberRow, TeamRow } from '../rows.ts';

export function simpleUser(github: GitHub, account: AccountRow): Body {
  const { links } = github;
  const path = `/users/${encodeURIComponent(account.login)}`;
  const kind = account.type === 'Organization' ? 'organization' : account.type === 'Bot' ? 'bot' : 'user';
  const page = account.app_slug ? `/apps/${account.app_slug}` : `/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(kind, account.id),
    avatar_url: html(links, `/avatars/u/${account.id}?v=4`),
    gravatar_id: '',
    url: api(links, path),
    html_url: html(links, page),
    followers_url: api(links, `${path}/followers`),
    following_url: api(links, `${path}/following{/other_user}`),
    gists_url: api(links, `${path}/gists{/gist_id}`),
    starred_url: api(links, `${path}/starred{/owner}{/repo}`),
    subscriptions_url: api(links, `${path}/subscriptions`),
    organizations_url: api(links, `${path}/orgs`),
    repos_url: api(links, `${path}/repos`),
    events_url: api(links, `${path}/events{/privacy}`),
    received_events_url: api(links, `${path}/received_events`),
    type: account.type,
    site_admin: false,
  };
}

export function fullUser(github: GitHub, account: AccountRow): Body {
  return {
    ...simpleUser(github, account),
    name: account.name,
    company: null,
    blog: '',
    location: null,
    email: account.email,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: account.created_at,
    updated_at: account.updated_at,
  };
}

export function simpleOrganization(github: GitHub, account: AccountRow): Body {
  const { links } = github;
  const path = `/orgs/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId('organization', account.id),
    url: api(links, path),
    repos_url: api(links, `${path}/repos`),
    events_url: api(links, `${path}/events`),
    hooks_url: api(links, `${path}/hooks`),
    issues_url: api(links, `${path}/issues`),
    members_url: api(links, `${path}/members{/member}`),
    public_members_url: api(links, `${path}/public_members{/member}`),
    avatar_url: html(links, `/avatars/u/${account.id}?v=4`),
    description: account.name,
  };
}

export function organizationMembership(github: GitHub, row: OrganizationMemberRow): Body {
  const organization = github.accountById(row.organization_id);
  const user = github.accountById(row.user_id);
  return {
    url: api(github.links, `/orgs/${organization.login}/memberships/${user.login}`),
    state: row.state,
    role: row.role,
    organization_url: api(github.links, `/orgs/${organization.login}`),
    user: simpleUser(github, user),
  };
}

export function team(github: GitHub, row: TeamRow): Body {
  const { links } = github;
  const organization = github.accountById(row.organization_id);
  const path = `/organizations/${organization.id}/team/${row.id}`;
  return {
    name: row.name,
    id: row.id,
    node_id: nodeId('team', organization.id, row.id),
    slug: row.slug,
    description: row.description,
    privacy: row.privacy,
    notification_setting: 'notifications_enabled',
    url: api(links, path),
    html_url: html(links, `/orgs/${organization.login}/teams/${row.slug}`),
    members_url: api(links, `${path}/members{/member}`),
    repositories_url: api(links, `${path}/repos`),
    permission: 'pull',
    parent: null,
  };
}

/** The API says of what kind a team is; webhooks do not. */
export function listedTeam(github: GitHub, row: TeamRow): Body {
  return { ...team(github, row), type: 'organization', organization_id: row.organization_id };
}

export function fullTeam(github: GitHub, row: TeamRow): Body {
  const organization = github.accountById(row.organization_id);
  return {
    ...listedTeam(github, row),
    created_at: row.created_at,
    updated_at: row.updated_at,
    members_count: github.state.teamMembers.in(row.id).filter((member) => member.state === 'active').length,
    repos_count: github.state.teamRepositories.all().filter((grant) => grant.team_id === row.id).length,
    organization: {
      ...simpleOrganization(github, organization),
      html_url: html(github.links, `/${organization.login}`),
      name: organization.name,
      public_repos: 0,
      public_gists: 0,
      followers: 0,
      following: 0,
      created_at: organization.created_at,
      updated_at: organization.updated_at,
      has_organization_projects: true,
      has_repository_projects: true,
      type: 'Organization',
      archived_at: null,
    },
  };
}
