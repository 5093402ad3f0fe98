// Tells what an account was given in a repository directly from what it has there through teams and the organisation.
import type { Octokit } from '@octokit/rest';
import type { Holding } from '../../domain/entries.ts';
import { Failure } from '../../engine/ports/failure.ts';
import { demand } from '../../clients/github/answer.ts';
import { none } from '../strategy.ts';

export interface CollaboratorGrants {
  /** From whichever source. */
  readonly isCollaborator: boolean;
  readonly direct: Holding;
  readonly effective: Holding;
}

/**
 * REST says only the highest role from all sources, even of those who are collaborators directly; to restore that
 * would make a team's role permanent. GraphQL tells the sources apart.
 */
const query = `query collaboratorGrants($owner: String!, $repo: String!, $login: String!) {
  repository(owner: $owner, name: $repo) {
    collaborators(login: $login, affiliation: ALL, first: 1) {
      edges {
        permission
        permissionSources { permission roleName source { __typename } }
      }
    }
  }
}`;

export async function readGrants(
  octokit: Octokit,
  { owner, repo }: { readonly owner: string; readonly repo: string },
  login: string,
): Promise<CollaboratorGrants> {
  const answer: unknown = await demand(
    'reading the role in the repository',
    octokit.graphql(query, { owner, repo, login }),
  );
  const collaborators = field(field(answer, 'repository'), 'collaborators');
  const [edge] = edgesOf(collaborators);
  if (edge === undefined) return { isCollaborator: false, direct: none, effective: none };
  return { isCollaborator: true, direct: directRole(edge), effective: roleName(field(edge, 'permission')) };
}

export interface DirectGrant {
  /** Of the account. */
  readonly id: number;
  readonly direct: Holding;
}

const listQuery = `query directGrants($owner: String!, $repo: String!, $after: String) {
  repository(owner: $owner, name: $repo) {
    collaborators(affiliation: DIRECT, first: 100, after: $after) {
      edges {
        node { databaseId }
        permission
        permissionSources { permission roleName source { __typename } }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

/** Everybody who was given a role in the repository directly. */
export async function listGrants(
  octokit: Octokit,
  { owner, repo }: { readonly owner: string; readonly repo: string },
): Promise<readonly DirectGrant[]> {
  const listed: DirectGrant[] = [];
  for (let after: string | undefined; ;) {
    const answer: unknown = await demand(
      'listing who has a role in the repository',
      octokit.graphql(listQuery, { owner, repo, after: after ?? null }),
    );
    const collaborators = field(field(answer, 'repository'), 'collaborators');
    for (const edge of edgesOf(collaborators)) {
      const [id, direct] = [field(field(edge, 'node'), 'databaseId'), directRole(edge)];
      if (typeof id === 'number' && direct !== none) listed.push({ id, direct });
    }
    const page = field(collaborators, 'pageInfo');
    const next: unknown = field(page, 'endCursor');
    if (field(page, 'hasNextPage') !== true || typeof next !== 'string') return listed;
    after = next;
  }
}

/** Null, where the app may not see who collaborates: not the same as nobody. */
function edgesOf(collaborators: unknown): readonly unknown[] {
  const edges: unknown = field(collaborators, 'edges');
  if (Array.isArray(edges)) return edges;
  throw new Failure('GitHub does not tell the grants app who has which role in the repository.', {
    transient: false,
  });
}

function directRole(edge: unknown): Holding {
  const sources = field(edge, 'permissionSources');
  if (!Array.isArray(sources))
    throw new Failure('GitHub does not tell where the account has its role from.', { transient: false });
  const direct: unknown = sources.find(
    (source) => field(field(source, 'source'), '__typename') === 'Repository',
  );
  return direct === undefined ? none : roleName(field(direct, 'roleName') ?? field(direct, 'permission'));
}

/** GitHub writes roles in capitals here and in small letters there. */
function roleName(text: unknown): Holding {
  return typeof text === 'string' ? text.toLowerCase() : 'unknown';
}

function field(read: unknown, name: string): unknown {
  return typeof read === 'object' && read !== null
    ? Object.getOwnPropertyDescriptor(read, name)?.value
    : undefined;
}
