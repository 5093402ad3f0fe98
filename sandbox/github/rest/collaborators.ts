// REST: who is given what in a repository, and the invitations that wait.
import { legacyPermission, permissionFlags, roleIn, roleNamed } from '../access.ts';
import {
  collaborators,
  findInvitation,
  putCollaborator,
  removeCollaborator,
} from '../actions/repositories.ts';
import type { CollaboratorView } from '../actions/repositories.ts';
import { simpleUser } from '../bodies/account.ts';
import { minimalRepository } from '../bodies/repository.ts';
import type { Body, GitHub } from '../github.ts';
import { api, html, nodeId } from '../links.ts';
import { notFound, unprocessable } from '../problem.ts';
import type { AccountRow, InvitationRow, Permissions, Role } from '../rows.ts';
import { optionalText } from './json.ts';
import { created, noContent, ok, onRepository, page, param } from './route.ts';
import type { Answer, RepositoryCall, Route } from './route.ts';

const read: readonly Permissions[] = [{ metadata: 'read' }];
const administer: readonly Permissions[] = [{ administration: 'write' }];

export const collaboratorRoutes: readonly Route[] = [
  onRepository({
    method: 'GET',
    path: '/collaborators',
    permissions: read,
    role: 'write',
    answer: (call) => {
      const rows = collaborators(call.github, call.repository, call.query.get('affiliation') ?? 'all');
      return page(call, rows, (row) => collaboratorBody(call.github, row));
    },
  }),
  onRepository({
    method: 'GET',
    path: '/collaborators/:username',
    permissions: read,
    role: 'write',
    answer: (call) => {
      const account = userOf(call);
      const all = collaborators(call.github, call.repository, 'all');
      if (!all.some((row) => row.account.id === account.id)) throw notFound();
      return noContent();
    },
  }),
  onRepository({
    method: 'PUT',
    path: '/collaborators/:username',
    permissions: administer,
    role: 'admin',
    answer: putOne,
  }),
  onRepository({
    method: 'DELETE',
    path: '/collaborators/:username',
    permissions: administer,
    role: 'admin',
    answer: (call) => {
      removeCollaborator(call.github, call.actor, call.repository, userOf(call));
      return noContent();
    },
  }),
  onRepository({
    method: 'GET',
    path: '/collaborators/:username/permission',
    permissions: read,
    answer: (call) => {
      const account = userOf(call);
      const role = roleIn(call.github, call.repository, account);
      return ok({
        permission: legacyPermission(role),
        user: userWithRole(call.github, { account, role }),
        role_name: role,
      });
    },
  }),
  onRepository({
    method: 'GET',
    path: '/invitations',
    permissions: [{ administration: 'read' }],
    role: 'admin',
    answer: (call) =>
      page(call, call.github.state.invitations.in(call.repository.id), (row) =>
        invitationBody(call.github, row),
      ),
  }),
  onRepository({
    method: 'DELETE',
    path: '/invitations/:invitation_id',
    permissions: administer,
    role: 'admin',
    answer: (call) => {
      const row = findInvitation(call.github, call.repository, Number(call.params['invitation_id']));
      call.github.state.invitations.delete(row.id);
      return noContent();
    },
  }),
];

function userOf(call: RepositoryCall): AccountRow {
  const account = call.github.account(param(call, 'username'));
  if (!account || account.type === 'Organization') throw notFound();
  return account;
}

function putOne(call: RepositoryCall): Answer {
  const { github, actor, repository } = call;
  const name = optionalText(call.body, 'permission') ?? 'push';
  const role = roleNamed(name);
  if (!role) throw unprocessable(`Invalid permission: ${name}`);
  const change = putCollaborator(github, actor, repository, userOf(call), role);
  return change.outcome === 'invited' ? created(invitationBody(github, change.invitation)) : noContent();
}

function collaboratorBody(github: GitHub, view: CollaboratorView): Body {
  return userWithRole(github, view);
}

function userWithRole(github: GitHub, { account, role }: { account: AccountRow; role: Role | 'none' }): Body {
  return { ...simpleUser(github, account), permissions: permissionFlags(role), role_name: role };
}

function invitationBody(github: GitHub, row: InvitationRow): Body {
  const repository = github.repositoryById(row.repository_id);
  return {
    id: row.id,
    node_id: nodeId('invitation', row.id),
    repository: minimalRepository(github, repository),
    invitee: simpleUser(github, github.accountById(row.invitee_id)),
    inviter: simpleUser(github, github.accountById(row.inviter_id)),
    permissions: row.role,
    created_at: row.created_at,
    expired: false,
    url: api(github.links, `/user/repository_invitations/${row.id}`),
    html_url: html(github.links, `/${github.fullName(repository)}/invitations`),
  };
}
