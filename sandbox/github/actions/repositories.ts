// What happens to repositories: created, renamed, opened up, archived, and who is given what in them.
import { isOrganizationMember, roleIn } from '../access.ts';
import { simpleUser } from '../bodies/account.ts';
import { repository as repositoryBody } from '../bodies/repository.ts';
import type { Actor, GitHub } from '../github.ts';
import { notFound } from '../problem.ts';
import type { AccountRow, InvitationRow, RepositoryRow, Role } from '../rows.ts';

export function createRepository(
  github: GitHub,
  owner: AccountRow,
  input: {
    readonly name: string;
    readonly id?: number;
    readonly private?: boolean;
    readonly description?: string;
  },
): RepositoryRow {
  const at = github.timestamp();
  return github.state.repositories.put({
    id: input.id ?? github.state.nextId('repository'),
    owner_id: owner.id,
    name: input.name,
    description: input.description ?? null,
    private: input.private ?? true,
    archived: false,
    default_branch: 'main',
    created_at: at,
    updated_at: at,
    pushed_at: at,
    next_number: 1,
  });
}

export function renameRepository(
  github: GitHub,
  actor: Actor,
  before: RepositoryRow,
  name: string,
): RepositoryRow {
  const full_name = github.fullName(before);
  github.state.formerNames.put({ full_name, repository_id: before.id });
  const row = update(github, before, { name });
  announceRepository(github, actor, 'renamed', row, {
    changes: { repository: { name: { from: before.name } } },
  });
  return row;
}

export function setVisibility(
  github: GitHub,
  actor: Actor,
  before: RepositoryRow,
  visibility: 'public' | 'private',
): RepositoryRow {
  const row = update(github, before, { private: visibility === 'private' });
  announceRepository(github, actor, visibility === 'private' ? 'privatized' : 'publicized', row);
  return row;
}

export function setArchived(
  github: GitHub,
  actor: Actor,
  before: RepositoryRow,
  archived: boolean,
): RepositoryRow {
  const row = update(github, before, { archived });
  announceRepository(github, actor, archived ? 'archived' : 'unarchived', row);
  return row;
}

export type CollaboratorChange =
  | { readonly outcome: 'added' | 'unchanged' }
  | { readonly outcome: 'invited'; readonly invitation: InvitationRow };

/** Members of the organisation get it at once; anybody else is invited and has nothing until they accept. */
export function putCollaborator(
  github: GitHub,
  actor: Actor,
  repository: RepositoryRow,
  user: AccountRow,
  role: Role,
): CollaboratorChange {
  const key = `${repository.id}/${user.id}`;
  const before = github.state.collaborators.get(key);
  if (!before && !isOrganizationMember(github, repository.owner_id, user.id)) {
    return { outcome: 'invited', invitation: invite(github, actor, repository, user, role) };
  }
  github.state.collaborators.put({ repository_id: repository.id, user_id: user.id, role });
  if (before?.role === role) return { outcome: 'unchanged' };
  announceMember(github, actor, before ? 'edited' : 'added', repository, user, {
    permission: { ...(before ? { from: before.role } : {}), to: role },
  });
  return { outcome: 'added' };
}

function invite(
  github: GitHub,
  actor: Actor,
  repository: RepositoryRow,
  user: AccountRow,
  role: Role,
): InvitationRow {
  const waiting = github.state.invitations.in(repository.id).find((one) => one.invitee_id === user.id);
  return github.state.invitations.put({
    id: waiting?.id ?? github.state.nextId('invitation'),
    repository_id: repository.id,
    invitee_id: user.id,
    inviter_id: actor.account.id,
    role,
    created_at: waiting?.created_at ?? github.timestamp(),
  });
}

export function acceptInvitation(github: GitHub, actor: Actor, invitation: InvitationRow): void {
  github.state.invitations.delete(invitation.id);
  github.state.collaborators.put({
    repository_id: invitation.repository_id,
    user_id: invitation.invitee_id,
    role: invitation.role,
  });
  const repository = github.repositoryById(invitation.repository_id);
  announceMember(github, actor, 'added', repository, github.accountById(invitation.invitee_id), {
    permission: { to: invitation.role },
  });
}

export function removeCollaborator(
  github: GitHub,
  actor: Actor,
  repository: RepositoryRow,
  user: AccountRow,
): void {
  const waiting = github.state.invitations.in(repository.id).find((one) => one.invitee_id === user.id);
  if (waiting) github.state.invitations.delete(waiting.id);
  const before = github.state.collaborators.get(`${repository.id}/${user.id}`);
  if (!before) return;
  github.state.collaborators.delete(`${repository.id}/${user.id}`);
  announceMember(github, actor, 'removed', repository, user);
}

export interface CollaboratorView {
  readonly account: AccountRow;
  readonly role: Role | 'none';
}

export function collaborators(
  github: GitHub,
  repository: RepositoryRow,
  affiliation: string,
): CollaboratorView[] {
  const direct = github.state.collaborators.in(repository.id).map((row) => row.user_id);
  const members = github.state.organizationMembers
    .in(repository.owner_id)
    .filter((row) => row.state === 'active')
    .map((row) => row.user_id);
  const ids =
    affiliation === 'direct'
      ? direct
      : affiliation === 'outside'
        ? direct.filter((id) => !members.includes(id))
        : [...new Set([...direct, ...members])];
  return ids
    .map((id) => github.accountById(id))
    .map((account) => ({ account, role: directRole(github, repository, account, affiliation) }))
    .filter(({ role }) => role !== 'none');
}

function directRole(
  github: GitHub,
  repository: RepositoryRow,
  account: AccountRow,
  affiliation: string,
): Role | 'none' {
  const direct = github.state.collaborators.get(`${repository.id}/${account.id}`)?.role ?? 'none';
  return affiliation === 'direct' ? direct : roleIn(github, repository, account);
}

export function findInvitation(github: GitHub, repository: RepositoryRow, id: number): InvitationRow {
  const row = github.state.invitations.get(id);
  if (!row || row.repository_id !== repository.id) throw notFound();
  return row;
}

function update(
  github: GitHub,
  before: RepositoryRow,
  change: Partial<Pick<RepositoryRow, 'name' | 'private' | 'archived'>>,
): RepositoryRow {
  return github.state.repositories.put({
    ...github.repositoryById(before.id),
    ...change,
    updated_at: github.timestamp(),
  });
}

function announceRepository(
  github: GitHub,
  actor: Actor,
  action: string,
  repository: RepositoryRow,
  payload: Readonly<Record<string, unknown>> = {},
): void {
  github.announce({ event: 'repository', action, actor, repository, payload });
}

function announceMember(
  github: GitHub,
  actor: Actor,
  action: 'added' | 'edited' | 'removed',
  repository: RepositoryRow,
  user: AccountRow,
  changes?: Readonly<Record<string, unknown>>,
): void {
  github.announce({
    event: 'member',
    action,
    actor,
    repository,
    payload: { member: simpleUser(github, user), ...(changes ? { changes } : {}) },
  });
}

export function repositorySummary(github: GitHub, row: RepositoryRow): Readonly<Record<string, unknown>> {
  const full = repositoryBody(github, row);
  return {
    id: full['id'],
    node_id: full['node_id'],
    name: full['name'],
    full_name: full['full_name'],
    private: full['private'],
  };
}
