// A Google Workspace directory on this machine, as far as groups go: Admin SDK, Directory API v1, as Google documents it.
import { startDouble, type Double } from '../double.ts';
import {
  createGoogleState,
  type GoogleGroupRow,
  type GoogleRole,
  type GoogleState,
  type GoogleUserRow,
} from './google-state.ts';
import { createGoogleTokens } from './google-tokens.ts';

export interface Google extends Double {
  readonly state: GoogleState;
}

export async function startGoogle({ now }: { readonly now: () => Date }): Promise<Google> {
  const state = createGoogleState(now);
  const tokens = createGoogleTokens(state, now);

  async function answer(request: Request, stranger: (what: string) => void): Promise<Response> {
    const url = new URL(request.url);
    if (url.pathname === '/token' && request.method === 'POST') return tokens.give(request);
    const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '') ?? [];
    const scopes = tokens.scopesOf(token);
    if (scopes === undefined) return problem(401, 'authError');
    const text = await request.text();
    return route({ method: request.method, url, scopes, state, stranger, body: parsed(text) });
  }

  return Object.assign(await startDouble({ answer }), { state });
}

interface Turn {
  readonly method: string;
  readonly url: URL;
  readonly scopes: readonly string[];
  readonly state: GoogleState;
  readonly stranger: (what: string) => void;
  readonly body: unknown;
}

const directory = 'https://www.googleapis.com/auth/admin.directory';
const readsGroups = [`${directory}.group`, `${directory}.group.readonly`];
const readsMembers = [...readsGroups, `${directory}.group.member`, `${directory}.group.member.readonly`];
const changesMembers = [`${directory}.group`, `${directory}.group.member`];
const readsUsers = [`${directory}.user`, `${directory}.user.readonly`];

function route(turn: Turn): Response {
  const { method, url, scopes, state, stranger } = turn;
  const parts = url.pathname.split('/').map(decodeURIComponent);
  const [, admin, what, v1, kind, key = '', part, member, ...rest] = parts;
  const may = (needed: readonly string[]): boolean => needed.some((scope) => scopes.includes(scope));
  if (admin !== 'admin' || what !== 'directory' || v1 !== 'v1' || rest.length > 0) return unknown();
  const shape = `${method} ${kind}${part === undefined ? '' : `/${part}`}${member === undefined ? '' : '/…'}`;
  if (shape === 'GET users') {
    if (!may(readsUsers)) return problem(403, 'forbidden');
    const user = userBy(state, key);
    return user ? Response.json(shownUser(user)) : problem(404, 'notFound', 'Resource Not Found: userKey');
  }
  const group = groupBy(state, key);
  const inGroup = (needed: readonly string[], use: (found: GoogleGroupRow) => Response): Response => {
    if (!may(needed)) return problem(403, 'forbidden');
    return group ? use(group) : problem(404, 'notFound', 'Resource Not Found: groupKey');
  };
  switch (shape) {
    case 'GET groups':
      return inGroup(readsGroups, ({ id, email }) =>
        Response.json({ kind: 'admin#directory#group', id, email }),
      );
    case 'GET groups/members':
      return inGroup(readsMembers, (found) => list(turn, found));
    case 'GET groups/members/…':
      return inGroup(readsMembers, (found) => one(state, found, member));
    case 'GET groups/hasMember/…':
      return inGroup(readsMembers, (found) => {
        const user = userBy(state, member ?? '');
        if (user === undefined) return problem(400, 'invalid', 'Invalid Input: memberKey');
        return Response.json({ isMember: isWithin(state, found.id, user.id) });
      });
    case 'POST groups/members':
      return inGroup(changesMembers, (found) => insert(turn, found));
    case 'PATCH groups/members/…':
      return inGroup(changesMembers, (found) => patch(turn, found, member));
    case 'DELETE groups/members/…':
      return inGroup(changesMembers, (found) => {
        const id = memberId(state, found, member);
        if (id === undefined) return problem(404, 'notFound', 'Resource Not Found: memberKey');
        state.setRole(found.id, id, undefined);
        return new Response(null, { status: 204 });
      });
    default:
      return unknown();
  }

  function unknown(): Response {
    stranger(`${method} ${url.pathname}`);
    return problem(404, 'notFound');
  }
}

function userBy({ users }: GoogleState, key: string): GoogleUserRow | undefined {
  const address = key.toLowerCase();
  return (
    users.get(key) ??
    [...users.values()].find(({ primaryEmail, aliases = [] }) =>
      [primaryEmail, ...aliases].some((each) => each.toLowerCase() === address),
    )
  );
}

function groupBy({ groups }: GoogleState, key: string): GoogleGroupRow | undefined {
  return (
    groups.get(key) ??
    [...groups.values()].find(({ email, aliases = [] }) => [email, ...aliases].includes(key.toLowerCase()))
  );
}

/** As it is, and not as it shows: who is in already cannot be put in again. */
function memberId(state: GoogleState, group: GoogleGroupRow, key = ''): string | undefined {
  const id = userBy(state, key)?.id ?? key;
  return state.role(group.id, id) === undefined ? undefined : id;
}

function isWithin(state: GoogleState, group: string, user: string, seen: readonly string[] = []): boolean {
  if (seen.includes(group)) return false;
  if (state.shown(group, user) !== undefined) return true;
  return [...state.groups.keys()].some(
    (inner) => state.shown(group, inner) !== undefined && isWithin(state, inner, user, [...seen, group]),
  );
}

function one(state: GoogleState, group: GoogleGroupRow, key = ''): Response {
  const id = userBy(state, key)?.id ?? key;
  const role = state.shown(group.id, id);
  return role === undefined
    ? problem(404, 'notFound', 'Resource Not Found: memberKey')
    : Response.json(shownMember(state, id, role));
}

function list({ url, state, stranger }: Turn, group: GoogleGroupRow): Response {
  const { searchParams } = url;
  const known = ['maxResults', 'pageToken', 'roles', 'includeDerivedMembership'];
  const strange = [...searchParams.keys()].filter((name) => !known.includes(name));
  if (strange.length > 0) stranger(`${url.pathname}?${strange.join('&')}`);
  const most = Math.min(Number(searchParams.get('maxResults') ?? 200), 200, state.pageSize);
  const start = Number(searchParams.get('pageToken') ?? 0);
  if (!(most >= 1) || !Number.isInteger(start)) return problem(400, 'invalid');
  const all = [...state.users.keys(), ...state.groups.keys()].flatMap((id) => {
    const role = state.shown(group.id, id);
    return role === undefined ? [] : [shownMember(state, id, role)];
  });
  const end = start + most;
  return Response.json({
    kind: 'admin#directory#members',
    members: all.slice(start, end),
    ...(end < all.length && { nextPageToken: String(end) }),
  });
}

function insert({ body, state, stranger }: Turn, group: GoogleGroupRow): Response {
  const { id, email, role, ...others } = fieldsOf(body);
  if (Object.keys(others).length > 0) stranger(`a member with ${Object.keys(others).join(', ')}`);
  const key = typeof id === 'string' ? id : typeof email === 'string' ? email : '';
  const user = userBy(state, key);
  if (user === undefined) return problem(404, 'notFound', 'Resource Not Found: memberKey');
  const wanted = roleOf(role ?? 'MEMBER');
  if (wanted === undefined) return problem(400, 'invalid', 'Invalid Input: role');
  if (state.role(group.id, user.id) !== undefined) return problem(409, 'duplicate', 'Member already exists.');
  state.setRole(group.id, user.id, wanted);
  return Response.json(shownMember(state, user.id, wanted));
}

function patch({ body, state }: Turn, group: GoogleGroupRow, key = ''): Response {
  const id = memberId(state, group, key);
  const role = roleOf(fieldsOf(body)['role']);
  if (id === undefined) return problem(404, 'notFound', 'Resource Not Found: memberKey');
  if (role === undefined) return problem(400, 'invalid', 'Invalid Input: role');
  state.setRole(group.id, id, role);
  return Response.json(shownMember(state, id, role));
}

function roleOf(value: unknown): GoogleRole | undefined {
  return value === 'MEMBER' || value === 'MANAGER' || value === 'OWNER' ? value : undefined;
}

function shownUser({
  id,
  primaryEmail,
  aliases,
  suspended = false,
  archived = false,
}: GoogleUserRow): unknown {
  return {
    kind: 'admin#directory#user',
    id,
    primaryEmail,
    ...(aliases && { aliases }),
    suspended,
    archived,
    isAdmin: false,
  };
}

function shownMember({ users, groups }: GoogleState, id: string, role: GoogleRole): unknown {
  const user = users.get(id);
  const email = user?.primaryEmail ?? groups.get(id)?.email;
  const type = user ? 'USER' : 'GROUP';
  const status = user?.suspended === true ? 'SUSPENDED' : 'ACTIVE';
  return { kind: 'admin#directory#member', id, email, role, type, ...(user && { status }) };
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function parsed(text: string): unknown {
  try {
    const value: unknown = text === '' ? undefined : JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** What the API says with a refusal. */
function problem(code: number, reason: string, message = 'As the documentation says.'): Response {
  return Response.json(
    { error: { code, message, errors: [{ message, domain: 'global', reason }] } },
    { status: code },
  );
}
