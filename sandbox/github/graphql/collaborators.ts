// Who has which role in a repository, and from where: the one thing that GitHub's REST API does not tell apart.
import { roleIn } from '../access.ts';
import type { GitHub } from '../github.ts';
import { nodeId } from '../links.ts';
import type { AccountRow, RepositoryRow, Role } from '../rows.ts';

type Node = Readonly<Record<string, unknown>>;

export interface CollaboratorsArgs {
  readonly login?: string | null;
  readonly affiliation?: 'ALL' | 'DIRECT' | 'OUTSIDE' | null;
  readonly first?: number | null;
  readonly after?: string | null;
}

export function collaboratorConnection(
  github: GitHub,
  repository: RepositoryRow,
  { login, affiliation, first, after }: CollaboratorsArgs,
): Node {
  const edges = candidates(github, repository)
    .filter((account) => !login || account.login.toLowerCase() === login.toLowerCase())
    .flatMap((account) => edgeOf(github, repository, account, affiliation ?? 'ALL'));
  const from = after ? edges.findIndex((edge) => edge['cursor'] === after) + 1 : 0;
  const page = edges.slice(from, from + (first ?? 100));
  return {
    totalCount: edges.length,
    edges: page,
    pageInfo: { hasNextPage: edges.length > from + page.length, endCursor: page.at(-1)?.['cursor'] ?? null },
  };
}

function candidates(github: GitHub, repository: RepositoryRow): AccountRow[] {
  const { state } = github;
  const ids = [
    ...state.collaborators.in(repository.id).map((row) => row.user_id),
    ...state.organizationMembers
      .in(repository.owner_id)
      .filter((row) => row.state === 'active')
      .map((row) => row.user_id),
  ];
  return [...new Set(ids)].map((id) => github.accountById(id));
}

function edgeOf(
  github: GitHub,
  repository: RepositoryRow,
  account: AccountRow,
  affiliation: 'ALL' | 'DIRECT' | 'OUTSIDE',
): Node[] {
  const { state } = github;
  const role = roleIn(github, repository, account);
  const direct = state.collaborators.get(`${repository.id}/${account.id}`);
  const membership = state.organizationMembers.get(`${repository.owner_id}/${account.id}`);
  if (role === 'none' || (affiliation !== 'ALL' && !direct)) return [];
  if (affiliation === 'OUTSIDE' && membership?.state === 'active') return [];
  const organization = organizationNode(github, repository);
  const source = (from: Node, given: Role): Node => ({
    organization,
    permission: legacy(given),
    roleName: given,
    source: from,
  });
  const fromTeams = state.teamRepositories.in(repository.id).flatMap((grant) => {
    const team = state.teams.get(grant.team_id);
    const inTeam = state.teamMembers.get(`${grant.team_id}/${account.id}`)?.state === 'active';
    return team && inTeam ? [source({ __typename: 'Team', slug: team.slug }, grant.role)] : [];
  });
  const base =
    membership?.role === 'admin'
      ? 'admin'
      : github.accountById(repository.owner_id).default_repository_permission;
  const fromOrganization =
    membership?.state === 'active' && base && base !== 'none' ? [source(organization, base)] : [];
  const given = direct ? [source({ __typename: 'Repository', name: repository.name }, direct.role)] : [];
  return [
    {
      cursor: nodeId('user', account.id),
      node: { __typename: 'User', login: account.login, databaseId: account.id },
      permission: role.toUpperCase(),
      permissionSources: [...fromOrganization, ...fromTeams, ...given],
    },
  ];
}

function organizationNode(github: GitHub, repository: RepositoryRow): Node {
  const { login, id } = github.accountById(repository.owner_id);
  return { __typename: 'Organization', login, databaseId: id };
}

function legacy(role: Role): string {
  if (role === 'triage') return 'READ';
  return role === 'maintain' ? 'WRITE' : role.toUpperCase();
}
