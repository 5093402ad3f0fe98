// Membership of a GitHub team, through the grants app.
import type { Octokit } from '@octokit/rest';
import type { FromSchema } from 'json-schema-to-ts';
import type { Holding } from '../../domain/entries.ts';
import { Failure } from '../../engine/ports/failure.ts';
import {
  belonging,
  githubAccount,
  githubId,
  githubLogin,
  goneAccount,
  organizationObstacle,
} from '../github-account.ts';
import { demand, found, remove } from '../../clients/github/answer.ts';
import { none, type AccountCall, type Reading, type Strategy } from '../strategy.ts';

const settings = {
  type: 'object',
  additionalProperties: false,
  required: ['organization', 'team_slug'],
  properties: {
    organization: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9-]{0,38}$',
      wants: 'the login of an organisation on GitHub',
      description: 'The login of the organisation, as in github.com/ORGANISATION.',
    },
    team_slug: {
      type: 'string',
      pattern: '^[A-Za-z0-9_-]{1,100}$',
      wants: 'the slug of a team, as in the address of its page',
      description: 'The team, as in the address of its page: github.com/orgs/ORGANISATION/teams/TEAM.',
    },
    role: {
      enum: ['member', 'maintainer'],
      default: 'member',
      description: 'What the account is in the team.',
    },
  },
} as const;

type TeamSettings = FromSchema<typeof settings, { keepDefaultedPropertiesOptional: true }>;

/** Of an account, or of everybody. */
type TeamCall = Pick<AccountCall<TeamSettings>, 'settings' | 'resource' | 'using'>;

const pending = 'pending';

export const githubTeam: Strategy<TeamSettings> = {
  type: 'github-team',
  service: 'GitHub',
  settings,
  order: [none, pending, 'member', 'maintainer'],
  pending,

  wanted: roleOf,

  async identify({ person }) {
    return githubAccount(person);
  },

  async resource({ settings: { organization, team_slug }, using }) {
    const { octokit } = await using.github(organization);
    const team = await found(
      'reading the team',
      octokit.rest.teams.getByName({ org: organization, team_slug }),
    );
    return team === undefined
      ? {
          missing: 'impossible',
          why: 'The organisation has no team with the slug in `team_slug` that the grants app can see.',
        }
      : { resource: `github-team:${team.organization.id}/${team.id}` };
  },

  async obstacle(call) {
    const { octokit, org } = await locate(call);
    return organizationObstacle(octokit, org, await githubLogin(octokit, call.account));
  },

  async read(call) {
    const { octokit, org, team_slug } = await locate(call);
    if (team_slug === undefined) return { holds: none };
    const login = await githubLogin(octokit, call.account);
    if (login === undefined) return readWithoutLogin(octokit, { org, team_slug }, call.account);
    const membership = await found(
      'reading the team membership',
      octokit.rest.teams.getMembershipForUserInOrg({ org, team_slug, username: login }),
    );
    if (membership === undefined) return { holds: none };
    if (membership.state !== 'active') return { holds: pending };
    if (membership.role !== 'maintainer') return { holds: 'member' };
    // GitHub calls every owner of the organisation a maintainer: in the team, an owner has whatever was asked for.
    const isOwner = (await belonging(octokit, org, login)) === 'owner';
    return { holds: isOwner ? roleOf(call.settings) : 'maintainer' };
  },

  async holders(call) {
    const { octokit, org, team_slug } = await locate(call);
    if (team_slug === undefined) return [];
    const listed = async (role: 'all' | 'maintainer') =>
      demand(
        'listing the members of the team',
        octokit.paginate(octokit.rest.teams.listMembersInOrg, { org, team_slug, role, per_page: 100 }),
      );
    const [members, maintainers] = [await listed('all'), await listed('maintainer')];
    const holds = new Map<number, Holding>(members.map(({ id }) => [id, 'member']));
    for (const { id, login } of maintainers) {
      const isOwner = (await belonging(octokit, org, login)) === 'owner';
      holds.set(id, isOwner ? roleOf(call.settings) : 'maintainer');
    }
    return [...holds].map(([id, holding]) => ({ account: `github:${id}`, holds: holding }));
  },

  async set(call, holding) {
    const { octokit, org, team_slug } = await locate(call);
    const username = await githubLogin(octokit, call.account);
    if (team_slug === undefined || username === undefined) {
      if (holding === none) return {};
      throw new Failure(team_slug === undefined ? 'The team no longer exists.' : goneAccount, {
        transient: false,
      });
    }
    await setMembership(octokit, { org, team_slug, username }, holding);
    return {};
  },
};

function roleOf({ role }: TeamSettings): Holding {
  return role ?? 'member';
}

interface Team {
  readonly org: string;
  readonly team_slug: string;
}

/**
 * Names change, ids do not: the resource holds both, and what the organisation and the team are called now is asked.
 * Without a slug once the team was deleted, and all access with it.
 */
async function locate({
  settings: { team_slug },
  resource,
  using,
}: TeamCall): Promise<Partial<Team> & { readonly octokit: Octokit; readonly org: string }> {
  const [organization = Number.NaN, id] = resource
    .slice(resource.indexOf(':') + 1)
    .split('/')
    .map(Number);
  const { octokit, login: org } = await using.github(organization);
  const named = await found('reading the team', octokit.rest.teams.getByName({ org, team_slug }));
  if (named?.id === id) return { octokit, org, team_slug: named?.slug ?? team_slug };
  const teams = await demand(
    'listing the teams',
    octokit.paginate(octokit.rest.teams.list, { org, per_page: 100 }),
  );
  const slug = teams.find((team) => team.id === id)?.slug;
  return { octokit, org, ...(slug !== undefined && { team_slug: slug }) };
}

/** An account that GitHub no longer shows is gone from the team, or the list of its members says otherwise. */
async function readWithoutLogin(octokit: Octokit, team: Team, account: string): Promise<Reading> {
  const members = await demand(
    'listing the members of the team',
    octokit.paginate(octokit.rest.teams.listMembersInOrg, { ...team, per_page: 100 }),
  );
  if (members.some(({ id }) => id === githubId(account)))
    throw new Failure(goneAccount, { transient: false });
  return { holds: none };
}

async function setMembership(
  octokit: Octokit,
  place: { org: string; team_slug: string; username: string },
  holding: Holding,
): Promise<void> {
  const { teams } = octokit.rest;
  if (holding === none) {
    await remove('removing the account from the team', teams.removeMembershipForUserInOrg(place), refused);
    return;
  }
  if (holding !== 'member' && holding !== 'maintainer')
    throw new Failure('An invitation cannot be put back.', { transient: false });
  await demand(
    'adding the account to the team',
    teams.addOrUpdateMembershipForUserInOrg({ ...place, role: holding }),
    refused,
  );
}

const refused =
  'Either the members of the team come from an identity provider, which lets nobody else change them, or the grants app lacks the permission “Members: write”.';
