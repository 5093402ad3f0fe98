// REST: organisations, their teams and members.
import { isOrganizationMember } from '../access.ts';
import { findTeam, putTeamMember, removeTeamMember } from '../actions/organization.ts';
import {
  fullTeam,
  listedTeam,
  organizationMembership,
  simpleOrganization,
  simpleUser,
} from '../bodies/account.ts';
import type { Body, GitHub } from '../github.ts';
import { required } from '../github.ts';
import { api } from '../links.ts';
import { forbidden, notFound, unprocessable } from '../problem.ts';
import type { AccountRow, Permissions, TeamMemberRow, TeamRow } from '../rows.ts';
import { optionalText } from './json.ts';
import { noContent, ok, page, param, route } from './route.ts';
import type { Answer, Call, Route } from './route.ts';

const read: readonly Permissions[] = [{ members: 'read' }];
const write: readonly Permissions[] = [{ members: 'write' }];

export const organizationRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/orgs/:org/teams',
    scope: 'token',
    permissions: read,
    answer: (call) => {
      const teams = call.github.state.teams.in(organizationOf(call).id);
      return page(call, teams, (row) => listedTeam(call.github, row));
    },
  }),
  route({
    method: 'GET',
    path: '/orgs/:org/teams/:team_slug',
    scope: 'token',
    permissions: read,
    answer: (call) => ok(fullTeam(call.github, teamOf(call))),
  }),
  route({
    method: 'GET',
    path: '/orgs/:org/teams/:team_slug/members',
    scope: 'token',
    permissions: read,
    answer: (call) => {
      const role = call.query.get('role') ?? 'all';
      const rows = call.github.state.teamMembers
        .in(teamOf(call).id)
        .filter((row) => row.state === 'active' && (role === 'all' || row.role === role));
      return page(call, rows, (row) => simpleUser(call.github, call.github.accountById(row.user_id)));
    },
  }),
  route({
    method: 'GET',
    path: '/orgs/:org/teams/:team_slug/memberships/:username',
    scope: 'token',
    permissions: read,
    answer: (call) => {
      const row = call.github.state.teamMembers.get(`${teamOf(call).id}/${userOf(call).id}`);
      return ok(membershipBody(call.github, required(row)));
    },
  }),
  route({
    method: 'PUT',
    path: '/orgs/:org/teams/:team_slug/memberships/:username',
    scope: 'token',
    permissions: write,
    answer: putMembership,
  }),
  route({
    method: 'DELETE',
    path: '/orgs/:org/teams/:team_slug/memberships/:username',
    scope: 'token',
    permissions: write,
    answer: (call) => {
      demandOwner(call);
      removeTeamMember(call.github, call.actor, teamOf(call), userOf(call));
      return noContent();
    },
  }),
  route({
    method: 'GET',
    path: '/orgs/:org/memberships/:username',
    scope: 'token',
    permissions: read,
    answer: (call) => {
      const key = `${organizationOf(call).id}/${userOf(call).id}`;
      const row = required(call.github.state.organizationMembers.get(key));
      const organization = call.github.accountById(row.organization_id);
      return ok({
        ...organizationMembership(call.github, row),
        organization: simpleOrganization(call.github, organization),
      });
    },
  }),
  route({
    method: 'GET',
    path: '/orgs/:org/members',
    scope: 'token',
    permissions: read,
    answer: (call) => {
      const role = call.query.get('role') ?? 'all';
      const rows = call.github.state.organizationMembers
        .in(organizationOf(call).id)
        .filter((row) => row.state === 'active' && (role === 'all' || row.role === role));
      return page(call, rows, (row) => simpleUser(call.github, call.github.accountById(row.user_id)));
    },
  }),
  route({
    method: 'GET',
    path: '/orgs/:org/members/:username',
    scope: 'token',
    permissions: read,
    answer: (call) => {
      const { github } = call;
      if (!isOrganizationMember(github, organizationOf(call).id, userOf(call).id)) throw notFound();
      return noContent();
    },
  }),
];

/** An installation sees its own organisation only. */
function organizationOf(call: Call): AccountRow {
  const organization = call.github.organization(param(call, 'org'));
  if (call.caller.kind === 'installation' && call.caller.installation.account_id !== organization.id) {
    throw forbidden('Resource not accessible by integration');
  }
  return organization;
}

function teamOf(call: Call): TeamRow {
  return findTeam(call.github, organizationOf(call), param(call, 'team_slug'));
}

function userOf(call: Call): AccountRow {
  const user = call.github.account(param(call, 'username'));
  if (user?.type !== 'User') throw notFound();
  return user;
}

function demandOwner(call: Call): void {
  if (call.caller.kind !== 'person') return;
  const key = `${organizationOf(call).id}/${call.actor.account.id}`;
  const row = call.github.state.organizationMembers.get(key);
  if (row?.role !== 'admin') throw forbidden('Must have admin rights to Repository.');
}

function putMembership(call: Call): Answer {
  demandOwner(call);
  const role = optionalText(call.body, 'role') ?? 'member';
  if (role !== 'member' && role !== 'maintainer') {
    throw unprocessable(
      `Invalid request.\n\n${JSON.stringify(role)} is not a member of ["member", "maintainer"].`,
    );
  }
  const row = putTeamMember(call.github, call.actor, teamOf(call), userOf(call), role);
  return ok(membershipBody(call.github, row));
}

function membershipBody(github: GitHub, row: TeamMemberRow): Body {
  const team = required(github.state.teams.get(row.team_id));
  const user = github.accountById(row.user_id);
  return {
    url: api(
      github.links,
      `/organizations/${team.organization_id}/team/${team.id}/memberships/${user.login}`,
    ),
    role: row.role,
    state: row.state,
  };
}
