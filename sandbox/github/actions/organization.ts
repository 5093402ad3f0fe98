// What happens in an organisation: members, teams and who is in them.
import { isOrganizationMember } from '../access.ts';
import { organizationMembership, simpleUser, team as teamBody } from '../bodies/account.ts';
import type { Actor, GitHub } from '../github.ts';
import { forbidden, notFound } from '../problem.ts';
import type { AccountRow, OrganizationMemberRow, TeamMemberRow, TeamRow } from '../rows.ts';

export function findTeam(github: GitHub, organization: AccountRow, slug: string): TeamRow {
  const team = github.state.teams.in(organization.id).find((one) => one.slug === slug.toLowerCase());
  if (!team) throw notFound();
  return team;
}

export function createTeam(
  github: GitHub,
  actor: Actor,
  organization: AccountRow,
  input: { readonly name: string; readonly description?: string; readonly id?: number },
): TeamRow {
  const at = github.timestamp();
  const row = github.state.teams.put({
    id: input.id ?? github.state.nextId('team'),
    organization_id: organization.id,
    slug: input.name.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
    name: input.name,
    description: input.description ?? null,
    privacy: 'closed',
    created_at: at,
    updated_at: at,
  });
  github.announce({
    event: 'team',
    action: 'created',
    actor,
    organization,
    payload: { team: teamBody(github, row) },
  });
  return row;
}

export function deleteTeam(github: GitHub, actor: Actor, row: TeamRow): void {
  for (const member of github.state.teamMembers.in(row.id)) {
    github.state.teamMembers.delete(`${row.id}/${member.user_id}`);
  }
  github.state.teams.delete(row.id);
  github.announce({
    event: 'team',
    action: 'deleted',
    actor,
    organization: github.accountById(row.organization_id),
    payload: { team: teamBody(github, row) },
  });
}

/** Outsiders are invited: their membership waits, and gives nothing until they accept. */
export function putTeamMember(
  github: GitHub,
  actor: Actor,
  team: TeamRow,
  user: AccountRow,
  role: TeamMemberRow['role'] = 'member',
): TeamMemberRow {
  if (team.synced) {
    throw forbidden('This team is externally managed, members cannot be added or removed here.');
  }
  const key = `${team.id}/${user.id}`;
  const before = github.state.teamMembers.get(key);
  const active = isOrganizationMember(github, team.organization_id, user.id);
  const row = github.state.teamMembers.put({
    team_id: team.id,
    user_id: user.id,
    role,
    state: active ? 'active' : 'pending',
  });
  if (!active && !github.state.organizationMembers.get(`${team.organization_id}/${user.id}`)) {
    inviteToOrganization(github, actor, github.accountById(team.organization_id), user);
  }
  if (active && before?.state !== 'active') announceMembership(github, actor, 'added', team, user);
  return row;
}

export function removeTeamMember(github: GitHub, actor: Actor, team: TeamRow, user: AccountRow): void {
  if (team.synced) {
    throw forbidden('This team is externally managed, members cannot be added or removed here.');
  }
  const before = github.state.teamMembers.get(`${team.id}/${user.id}`);
  if (!before) throw notFound();
  github.state.teamMembers.delete(`${team.id}/${user.id}`);
  if (before.state === 'active') announceMembership(github, actor, 'removed', team, user);
}

function inviteToOrganization(
  github: GitHub,
  actor: Actor,
  organization: AccountRow,
  user: AccountRow,
): void {
  github.state.organizationMembers.put({
    organization_id: organization.id,
    user_id: user.id,
    role: 'member',
    state: 'pending',
  });
  const { links } = github;
  github.announce({
    event: 'organization',
    action: 'member_invited',
    actor,
    organization,
    payload: {
      invitation: {
        id: github.state.nextId('invitation'),
        node_id: `OI_${user.id}`,
        login: user.login,
        email: user.email,
        role: 'direct_member',
        created_at: github.timestamp(),
        failed_at: null,
        failed_reason: null,
        inviter: simpleUser(github, actor.account),
        team_count: 0,
        invitation_teams_url: `${links.origin}/api/v3/organizations/${organization.id}/invitations/1/teams`,
      },
      user: simpleUser(github, user),
    },
  });
}

export function putOrganizationMember(
  github: GitHub,
  actor: Actor,
  organization: AccountRow,
  user: AccountRow,
  role: OrganizationMemberRow['role'] = 'member',
): OrganizationMemberRow {
  const row = github.state.organizationMembers.put({
    organization_id: organization.id,
    user_id: user.id,
    role,
    state: 'active',
  });
  github.announce({
    event: 'organization',
    action: 'member_added',
    actor,
    organization,
    payload: { membership: organizationMembership(github, row) },
  });
  for (const team of github.state.teams.in(organization.id)) {
    const waiting = github.state.teamMembers.get(`${team.id}/${user.id}`);
    if (waiting?.state !== 'pending') continue;
    github.state.teamMembers.put({ ...waiting, state: 'active' });
    announceMembership(github, actor, 'added', team, user);
  }
  return row;
}

/** A leaver loses the teams and what was given directly in the organisation's repositories. */
export function removeOrganizationMember(
  github: GitHub,
  actor: Actor,
  organization: AccountRow,
  user: AccountRow,
): void {
  const row = github.state.organizationMembers.get(`${organization.id}/${user.id}`);
  if (!row) throw notFound();
  github.state.organizationMembers.delete(`${organization.id}/${user.id}`);
  for (const team of github.state.teams.in(organization.id)) {
    const inTeam = github.state.teamMembers.get(`${team.id}/${user.id}`);
    if (!inTeam) continue;
    github.state.teamMembers.delete(`${team.id}/${user.id}`);
    if (inTeam.state === 'active') announceMembership(github, actor, 'removed', team, user);
  }
  for (const repository of github.state.repositories.all()) {
    if (repository.owner_id === organization.id) {
      github.state.collaborators.delete(`${repository.id}/${user.id}`);
    }
  }
  github.announce({
    event: 'organization',
    action: 'member_removed',
    actor,
    organization,
    payload: { membership: organizationMembership(github, row) },
  });
}

function announceMembership(
  github: GitHub,
  actor: Actor,
  action: 'added' | 'removed',
  team: TeamRow,
  user: AccountRow,
): void {
  github.announce({
    event: 'membership',
    action,
    actor,
    organization: github.accountById(team.organization_id),
    payload: { scope: 'team', member: simpleUser(github, user), team: teamBody(github, team) },
  });
}
