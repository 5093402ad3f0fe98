// Who may do what in a repository: the most that the organisation, teams, an invitation taken up, or openness give.
import type { GitHub } from './github.ts';
import type { AccountRow, RepositoryRow, Role } from './rows.ts';

const order: readonly (Role | 'none')[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin'];

export function atLeast(role: Role | 'none', wanted: Role | 'none'): boolean {
  return order.indexOf(role) >= order.indexOf(wanted);
}

export function isOrganizationMember(github: GitHub, organizationId: number, userId: number): boolean {
  return github.state.organizationMembers.get(`${organizationId}/${userId}`)?.state === 'active';
}

export function roleIn(github: GitHub, repository: RepositoryRow, account: AccountRow): Role | 'none' {
  const roles: Array<Role | 'none'> = ['none'];
  if (!repository.private) roles.push('read');
  if (repository.owner_id === account.id) roles.push('admin');
  const membership = github.state.organizationMembers.get(`${repository.owner_id}/${account.id}`);
  if (membership?.state === 'active') {
    if (membership.role === 'admin') roles.push('admin');
    roles.push(github.accountById(repository.owner_id).default_repository_permission ?? 'none');
    for (const grant of github.state.teamRepositories.in(repository.id)) {
      const inTeam = github.state.teamMembers.get(`${grant.team_id}/${account.id}`);
      if (inTeam?.state === 'active') roles.push(grant.role);
    }
  }
  const direct = github.state.collaborators.get(`${repository.id}/${account.id}`);
  if (direct) roles.push(direct.role);
  return roles.reduce((most, role) => (atLeast(role, most) ? role : most));
}

/** What the API calls `permission`: triage is read, maintain is write. */
export function legacyPermission(role: Role | 'none'): 'admin' | 'write' | 'read' | 'none' {
  if (role === 'triage') return 'read';
  if (role === 'maintain') return 'write';
  return role;
}

export function permissionFlags(role: Role | 'none'): Readonly<Record<string, boolean>> {
  return {
    admin: atLeast(role, 'admin'),
    maintain: atLeast(role, 'maintain'),
    push: atLeast(role, 'write'),
    triage: atLeast(role, 'triage'),
    pull: atLeast(role, 'read'),
  };
}

/** `pull` and `push` are the older names that some calls take. */
export function roleNamed(name: string): Role | undefined {
  const roles: Readonly<Record<string, Role>> = {
    pull: 'read',
    push: 'write',
    read: 'read',
    triage: 'triage',
    write: 'write',
    maintain: 'maintain',
    admin: 'admin',
  };
  return roles[name];
}
