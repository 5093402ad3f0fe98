// Membership of a GitHub team, through the grants app.
import type { Octokit } from '@octokit/rest';
import type { FromSchema } from 'json-schema-to-ts';
import type { Holding } from '../../domain/entries.ts';
import { Failure } from '../../engine/ports.ts';
import {
  belonging,
  githubAccount,
  githubId,
  githubLogin,
  goneAccount,
  organizationObstacle,
} from '../github-account.ts';
import { demand, found, remove } from '../github-answer.ts';
import { none, type AccountCall, type Reading, type SetCall, type Strategy } from '../strategy.ts';

const settings = {
  type: 'object',
  additionalProperties: false,
  required: ['organization', 'team_slug'],
  properties: {
    organization: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9-]{0,38}$',
      description: 'The login of the organisation, as in github.com/ORGANISATION.',
    },
    team_slug: {
      type: 'string',
      pattern: '^[A-Za-z0-9_-]{1,100}$',
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
    const octokit = await using.github(organization);
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

  async obstacle({ settings: { organization }, account, using }) {
    const octokit = await using.github(organization);
    return organizationObstacle(octokit, organization, await githubLogin(octokit, account));
  },

  async read(call) {
    const { settings: target, account, using } = call;
    const octokit = await using.github(target.organization);
    const slug = await slugNow(octokit, call);
    if (slug === undefined) return { holds: none };
    const login = await githubLogin(octokit, account);
    if (login === undefined) return readWithoutLogin(octokit, call, slug);
    const place = { org: target.organization, team_slug: slug, username: login };
    const membership = await found(
      'reading the team membership',
      octokit.rest.teams.getMembershipForUserInOrg(place),
    );
    if (membership === undefined) return { holds: none };
    if (membership.state !== 'active') return { holds: pending };
    if (membership.role !== 'maintainer') return { holds: 'member' };
    // GitHub calls every owner of the organisation a maintainer: in the team, an owner has whatever was asked for.
    const isOwner = (await belonging(octokit, target.organization, login)) === 'owner';
    return { holds: isOwner ? roleOf(target) : 'maintainer' };
  },

  async set(call, holding) {
    const octokit = await call.using.github(call.settings.organization);
    const [slug, login] = [await slugNow(octokit, call), await githubLogin(octokit, call.account)];
    if (slug === undefined || login === undefined) {
      if (holding === none) return {};
      throw new Failure(slug === undefined ? 'The team no longer exists.' : goneAccount, {
        transient: false,
      });
    }
    await setMembership(octokit, call, { slug, login, holding });
    return {};
  },
};

function roleOf({ role }: TeamSettings): Holding {
  return role ?? 'member';
}

/** The slug changes with the team's name; its id does not. Undefined once the team was deleted, and all access with it. */
async function slugNow(
  octokit: Octokit,
  { settings: target, resource }: AccountCall<TeamSettings>,
): Promise<string | undefined> {
  const id = Number(resource.slice(resource.lastIndexOf('/') + 1));
  const { organization: org, team_slug } = target;
  const named = await found('reading the team', octokit.rest.teams.getByName({ org, team_slug }));
  if (named?.id === id) return named.slug;
  const teams = await demand(
    'listing the teams',
    octokit.paginate(octokit.rest.teams.list, { org, per_page: 100 }),
  );
  return teams.find((team) => team.id === id)?.slug;
}

/** An account that GitHub no longer shows is gone from the team, or the list of its members says otherwise. */
async function readWithoutLogin(
  octokit: Octokit,
  call: AccountCall<TeamSettings>,
  team_slug: string,
): Promise<Reading> {
  const members = await demand(
    'listing the members of the team',
    octokit.paginate(octokit.rest.teams.listMembersInOrg, {
      org: call.settings.organization,
      team_slug,
      per_page: 100,
    }),
  );
  if (members.some(({ id }) => id === githubId(call.account)))
    throw new Failure(goneAccount, { transient: false });
  return { holds: none };
}

async function setMembership(
  octokit: Octokit,
  { settings: { organization } }: SetCall<TeamSettings>,
  { slug, login, holding }: { readonly slug: string; readonly login: string; readonly holding: Holding },
): Promise<void> {
  const place = { org: organization, team_slug: slug, username: login };
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
