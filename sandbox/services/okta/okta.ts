// An Okta on this machine, as far as groups go: paths, errors, paging, limits and sign-in as Okta documents them.
import { createHash } from 'node:crypto';
import { startDouble, type Double } from '../double.ts';
import { createTokenEndpoint } from './okta-tokens.ts';
import { createOktaState, type OktaGroupRow, type OktaState, type OktaUserRow } from './okta-state.ts';

export interface Okta extends Double {
  readonly state: OktaState;
}

/** `domain`: by which its addresses begin, whoever redirects there. */
export async function startOkta({
  domain,
  now,
}: {
  readonly domain: string;
  readonly now: () => Date;
}): Promise<Okta> {
  const state = createOktaState(now);
  const tokens = createTokenEndpoint({ domain, now, state });
  const window = { start: 0, used: 0 };

  async function answer(request: Request, stranger: (what: string) => void): Promise<Response> {
    const url = new URL(request.url);
    if (url.pathname === '/oauth2/v1/token' && request.method === 'POST') return tokens.give(request);
    const limits = spend();
    if (limits.isOver) return problem(429, 'E0000047', limits.headers);
    const may = allowed(request.headers.get('authorization') ?? '');
    const response =
      may === undefined
        ? problem(401, 'E0000011')
        : route({ method: request.method, url, may, stranger, state, domain });
    for (const [name, value] of Object.entries(limits.headers)) response.headers.set(name, value);
    return response;
  }

  function allowed(given: string): 'read' | 'manage' | undefined {
    const [scheme, token = ''] = given.split(' ');
    if (scheme === 'SSWS') return state.tokens.get(token);
    return scheme === 'Bearer' ? tokens.allows(token) : undefined;
  }

  function spend(): { readonly isOver: boolean; readonly headers: Record<string, string> } {
    const at = now().getTime();
    if (at - window.start >= 60_000) Object.assign(window, { start: at, used: 0 });
    window.used += 1;
    return {
      isOver: window.used > state.limit,
      headers: {
        'x-rate-limit-limit': String(state.limit),
        'x-rate-limit-remaining': String(Math.max(0, state.limit - window.used)),
        'x-rate-limit-reset': String(Math.ceil((window.start + 60_000) / 1000)),
      },
    };
  }

  return Object.assign(await startDouble({ answer }), { state });
}

interface Turn {
  readonly method: string;
  readonly url: URL;
  readonly may: 'read' | 'manage';
  readonly stranger: (what: string) => void;
  readonly state: OktaState;
  readonly domain: string;
}

function route(turn: Turn): Response {
  const { method, url, stranger } = turn;
  const [, api, version, kind, id, what, inner, ...rest] = url.pathname.split('/').map(decodeURIComponent);
  if (api !== 'api' || version !== 'v1' || rest.length > 0) return unknown();
  if (inner !== undefined && kind === 'groups' && what === 'users') return membership(turn, id, inner);
  if (inner !== undefined) return unknown();
  if (method !== 'GET') return unknown();
  switch (`${kind}${id === undefined ? '' : '/…'}${what === undefined ? '' : `/${what}`}`) {
    case 'users':
      return byFilter(turn);
    case 'users/…': {
      const user = userBy(turn.state, id ?? '');
      return user ? Response.json(shownUser(user)) : missing(id);
    }
    case 'users/…/groups': {
      const user = userBy(turn.state, id ?? '');
      if (user === undefined) return missing(id);
      const groups = [...turn.state.groups.values()];
      const theirs = groups.filter((group) => turn.state.showsMember(group.id, user.id));
      return page(turn, theirs.map(shownGroup), ['after']);
    }
    case 'groups/…':
      if (id === 'rules') return page(turn, turn.state.rules.map(shownRule), ['limit', 'after']);
      return groupById(turn, id ?? '', (group) => Response.json(shownGroup(group)));
    case 'groups/…/users':
      return groupById(turn, id ?? '', (group) => {
        const users = [...turn.state.users.values()];
        const members = users.filter((user) => turn.state.showsMember(group.id, user.id));
        return page(turn, members.map(shownUser), ['limit', 'after']);
      });
    default:
      return unknown();
  }

  function unknown(): Response {
    stranger(`${method} ${url.pathname}`);
    return problem(404, 'E0000008');
  }
}

function groupById({ state }: Turn, id: string, use: (group: OktaGroupRow) => Response): Response {
  const group = state.groups.get(id);
  return group ? use(group) : missing(id);
}

/** By id or by login, as Okta does. */
function userBy({ users }: OktaState, key: string): OktaUserRow | undefined {
  return users.get(key) ?? [...users.values()].find(({ login }) => login === key);
}

function membership({ method, state, may, url, stranger }: Turn, groupId = '', userId: string): Response {
  if (method !== 'PUT' && method !== 'DELETE') {
    stranger(`${method} ${url.pathname}`);
    return problem(405, 'E0000022');
  }
  if (may !== 'manage') return problem(403, 'E0000006');
  const group = state.groups.get(groupId);
  const user = userBy(state, userId);
  if (group === undefined || user === undefined) return missing(group ? userId : groupId);
  if (group.type === 'BUILT_IN') return problem(501, 'E0000060');
  if (group.type === 'APP_GROUP') return problem(403, 'E0000006');
  if (method === 'PUT' && user.status === 'DEPROVISIONED') return problem(400, 'E0000001');
  state.setMember(groupId, user.id, method === 'PUT');
  return new Response(null, { status: 204 });
}

const emailIs = /^profile\.email eq "((?:[^"\\]|\\["\\])*)"$/;

function byFilter(turn: Turn): Response {
  const filter = turn.url.searchParams.get('filter') ?? '';
  const addresses = filter.split(' or ').map((part) => emailIs.exec(part)?.[1]);
  if (addresses.includes(undefined)) return problem(400, 'E0000031');
  const users = turn.state.searchable ?? [...turn.state.users.values()];
  const found = users.filter(({ email }) => addresses.includes(email));
  return page(turn, found.map(shownUser), ['filter', 'limit', 'after']);
}

/** The next page is a whole address in the header `link`, and its cursor is Okta's own business. */
function page({ url, state, stranger, domain }: Turn, items: readonly unknown[], known: string[]): Response {
  const strange = [...url.searchParams.keys()].filter((name) => !known.includes(name));
  if (strange.length > 0) stranger(`${url.pathname}?${strange.join('&')}`);
  const limit = Number(url.searchParams.get('limit') ?? state.pageSize);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) return problem(400, 'E0000001');
  const after = url.searchParams.get('after');
  const start = after === null ? 0 : Number(Buffer.from(after, 'base64url').toString('utf8'));
  if (!Number.isInteger(start)) return problem(400, 'E0000001');
  const end = start + Math.min(limit, state.pageSize);
  const headers = new Headers();
  const here = `https://${domain}${url.pathname}`;
  headers.append('link', `<${here}${url.search}>; rel="self"`);
  if (end < items.length) {
    const next = new URL(`${here}${url.search}`);
    next.searchParams.set('after', Buffer.from(String(end)).toString('base64url'));
    headers.append('link', `<${next.href}>; rel="next"`);
  }
  return Response.json(items.slice(start, end), { headers });
}

function shownUser({ id, status, login, email }: OktaUserRow): unknown {
  return { id, status, type: { id: 'oty1' }, profile: { login, email, firstName: 'A', lastName: 'B' } };
}

function shownGroup({ id, type, name }: OktaGroupRow): unknown {
  const objectClass = [type === 'APP_GROUP' ? 'okta:windows_security_principal' : 'okta:user_group'];
  return { id, type, objectClass, profile: { name, description: null } };
}

function shownRule({ id, status, groupIds }: OktaState['rules'][number]): unknown {
  return {
    type: 'group_rule',
    id,
    status,
    name: `rule ${id}`,
    conditions: { expression: { type: 'urn:okta:expression:1.0', value: 'user.department=="Data"' } },
    actions: { assignUserToGroups: { groupIds } },
  };
}

function missing(id = ''): Response {
  return problem(404, 'E0000007', {}, `Not found: Resource not found: ${id}`);
}

function problem(
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
  summary = 'As the list of errors says.',
): Response {
  const errorId = `oae${createHash('sha256').update(`${code} ${summary}`).digest('hex').slice(0, 17)}`;
  const body = { errorCode: code, errorSummary: summary, errorLink: code, errorId, errorCauses: [] };
  return Response.json(body, { status, headers });
}
