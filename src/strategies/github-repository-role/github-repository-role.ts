// A role in one GitHub repository, given to the account directly, through the grants app.
import type { Octokit } from '@octokit/rest';
import type { FromSchema } from 'json-schema-to-ts';
import type { Holding } from '../../domain/entries.ts';
import { Failure } from '../../engine/ports/failure.ts';
import {
  githubAccount,
  githubId,
  githubLogin,
  goneAccount,
  organizationObstacle,
} from '../github-account.ts';
import { demand, found, remove } from '../../clients/github/answer.ts';
import { none, type AccountCall, type Capabilities, type Strategy } from '../strategy.ts';
import { listGrants, readGrants } from './collaborator-grants.ts';

const settings = {
  type: 'object',
  additionalProperties: false,
  required: ['owner', 'repository', 'role'],
  properties: {
    owner: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9-]{0,38}$',
      wants: 'the login of an organisation on GitHub',
      description: 'The organisation that owns the repository.',
    },
    repository: {
      type: 'string',
      pattern: '^(?!\\.{1,2}$)[A-Za-z0-9._-]{1,100}$',
      wants: 'the name of a repository, without its owner',
      description: 'The name of the repository, without its owner.',
    },
    role: {
      enum: ['pull', 'triage', 'push', 'maintain', 'admin'],
      description: 'The role, as GitHub’s API names it: `pull` is Read, `push` is Write.',
    },
  },
} as const;

type RepositorySettings = FromSchema<typeof settings>;
type RepositoryCall = AccountCall<RepositorySettings>;

const pending = 'pending';
/** Roles as they are read, by the name with which they are given. */
const roles = {
  pull: 'read',
  triage: 'triage',
  push: 'write',
  maintain: 'maintain',
  admin: 'admin',
} as const;

export const githubRepositoryRole: Strategy<RepositorySettings> = {
  type: 'github-repository-role',
  service: 'GitHub',
  settings,
  order: [none, pending, ...Object.values(roles)],
  pending,

  wanted: ({ role }) => roles[role],

  async identify({ person }) {
    return githubAccount(person);
  },

  async resource({ settings: { owner, repository }, using }) {
    const { octokit } = await using.github(owner);
    const repo = await found('reading the repository', octokit.rest.repos.get({ owner, repo: repository }));
    if (repo === undefined)
      return {
        missing: 'impossible',
        why: 'The owner has no repository of the name in `repository` that the grants app can see.',
      };
    if (repo.owner.type !== 'Organization')
      return {
        missing: 'impossible',
        why: 'GitHub has roles only in repositories of an organisation, and a person owns this one.',
      };
    return { resource: `github-repository:${repo.id}` };
  },

  async obstacle(call) {
    const { octokit, place, login } = await locate(call);
    if (login === undefined) return goneAccount;
    const { isCollaborator } = await readGrants(octokit, place, login);
    return isCollaborator ? undefined : organizationObstacle(octokit, place.owner, login);
  },

  async read(call) {
    const { octokit, place, login } = await locate(call);
    if (login === undefined) return { holds: (await isInvited(octokit, place, call)) ? pending : none };
    const { direct, effective, isCollaborator } = await readGrants(octokit, place, login);
    if (isCollaborator) return { holds: direct, effective };
    return { holds: (await isInvited(octokit, place, call)) ? pending : none };
  },

  async holders({ resource, using }) {
    const { octokit, place } = await repositoryAt(resource, using);
    const listed = await listGrants(octokit, place);
    return listed.map(({ id, direct }) => ({ account: `github:${id}`, holds: direct }));
  },

  async set(call, holding) {
    const { octokit, place, login } = await locate(call);
    if (holding === none) {
      for (const invitation_id of await invitations(octokit, place, call))
        await remove(
          'deleting the invitation',
          octokit.rest.repos.deleteInvitation({ ...place, invitation_id }),
          refused,
        );
      if (login !== undefined)
        await remove(
          'removing the collaborator',
          octokit.rest.repos.removeCollaborator({ ...place, username: login }),
          refused,
        );
      return {};
    }
    if (login === undefined) throw new Failure(goneAccount, { transient: false });
    const permission = permissionFor(holding);
    await demand(
      'giving the role',
      octokit.rest.repos.addCollaborator({ ...place, username: login, permission }),
      refused,
    );
    return {};
  },
};

interface Place {
  readonly owner: string;
  readonly repo: string;
}

interface Located {
  readonly octokit: Octokit;
  readonly place: Place;
  readonly login: string | undefined;
}

/** By the id, under the names that it and its owner have now: GitHub redirects old ones only until they are taken again. */
async function locate({ resource, account, using }: RepositoryCall): Promise<Located> {
  const { octokit, place } = await repositoryAt(resource, using);
  return { octokit, place, login: await githubLogin(octokit, account) };
}

async function repositoryAt(
  resource: string,
  using: Capabilities,
): Promise<Pick<Located, 'octokit' | 'place'>> {
  const id = Number(resource.slice(resource.indexOf(':') + 1));
  const { octokit, owner, name } = await using.githubRepository(id);
  return { octokit, place: { owner, repo: name } };
}

async function isInvited(octokit: Octokit, place: Place, call: RepositoryCall): Promise<boolean> {
  return (await invitations(octokit, place, call)).length > 0;
}

async function invitations(
  octokit: Octokit,
  place: Place,
  { account }: RepositoryCall,
): Promise<readonly number[]> {
  const all = await demand(
    'listing the invitations',
    octokit.paginate(octokit.rest.repos.listInvitations, { ...place, per_page: 100 }),
    refused,
  );
  return all.filter(({ invitee }) => invitee?.id === githubId(account)).map(({ id }) => id);
}

function permissionFor(holding: Holding): string {
  const named = Object.entries(roles).find(([, role]) => role === holding);
  if (named === undefined) throw new Failure('An invitation cannot be put back.', { transient: false });
  return named[0];
}

const refused =
  'The grants app needs the permission “Administration: write” on this repository, and the organisation must allow adding collaborators.';
