// Tells what an account was given in a repository directly from what it has there through teams and the organisation.
import type { Octokit } from '@octokit/rest';
import type { Holding } from '../../domain/entries.ts';
import { Failure } from '../../engine/ports.ts';
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
  const edges = field(collaborators, 'edges');
  // Null, where the app may not see who collaborates: not the same as nobody.
  if (!Array.isArray(edges))
    throw new Failure('GitHub does not tell the grants app who has which role in the repository.', {
      transient: false,
    });
  const [edge]: readonly unknown[] = edges;
  if (edge === undefined) return { isCollaborator: false, direct: none, effective: none };
  const sources = field(edge, 'permissionSources');
  if (!Array.isArray(sources))
    throw new Failure('GitHub does not tell where the account has its role from.', { transient: false });
  const direct: unknown = sources.find(
    (source) => field(field(source, 'source'), '__typename') === 'Repository',
  );
  return {
    isCollaborator: true,
    direct: direct === undefined ? none : roleName(field(direct, 'roleName') ?? field(direct, 'permission')),
    effective: roleName(field(edge, 'permission')),
  };
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
