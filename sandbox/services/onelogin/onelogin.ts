// A OneLogin for tests: tokens, users and roles by version 2 of its API, with its pages, its limit and its delays.
import { startDouble, type Double } from '../double.ts';
import { fieldsOf, jsonOf, plainAnswers, type Answer, type AskedWhole } from '../plain-answers.ts';

export interface OneloginUserRow {
  readonly id: number;
  readonly email: string | null;
  /** 1: active, 2: suspended, 3: locked … */
  readonly status: number;
  /** 0: unapproved, 1: approved, 2: rejected, 3: unlicensed. */
  readonly state: number;
}

export interface OneloginSettings {
  readonly clientId: string;
  readonly clientSecret: string;
  /** As the scope of the credentials is named in OneLogin. */
  readonly scope: 'Manage All' | 'Read All';
  readonly pageSize?: number;
  /** After a change, lists show the old for so many more looks: they are only in the end consistent. */
  readonly staleLooks?: number;
}

export interface Onelogin {
  readonly double: Double;
  readonly users: Map<number, OneloginUserRow>;
  /** Who is in which role. */
  readonly roles: Map<number, Set<number>>;
  /** The tokens that were given end now. */
  endTokens(): void;
  /** How many calls may follow before the hourly limit. */
  callsLeft: number;
  readonly secondsToReset: number;
}

const hourlyLimit = 5000;

export async function startOnelogin(settings: OneloginSettings): Promise<Onelogin> {
  const { clientId, clientSecret, scope, pageSize = 100, staleLooks = 0 } = settings;
  let token = { text: 'onelogin-token-1', number: 1 };
  const shown = new Map<number, { readonly users: ReadonlySet<number>; looks: number }>();

  function answer(asked: AskedWhole): Answer | undefined {
    const { method, path } = asked;
    if (method === 'POST' && path === '/auth/oauth2/v2/token') return giveToken(asked);
    if (asked.headers.get('authorization')?.toLowerCase() !== `bearer ${token.text}`) return refusal(401);
    if (onelogin.callsLeft <= 0) return refusal(429);
    onelogin.callsLeft -= 1;
    const given = route(asked);
    return given && { ...given, headers: { ...limits(), ...given.headers } };
  }

  function giveToken({ headers, body }: AskedWhole): Answer {
    if (!/^application\/x-www-form-urlencoded\b/.test(headers.get('content-type') ?? '')) return refusal(400);
    const form = new URLSearchParams(body);
    if (form.get('grant_type') !== 'client_credentials') return refusal(400);
    if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret) return refusal(401);
    // The same pair gets the same token until it ends.
    const json = { access_token: token.text, created_at: '2026-11-20T09:00:00.000Z', expires_in: 36_000 };
    return { status: 200, json: { ...json, refresh_token: 'r', token_type: 'bearer', account_id: 4711 } };
  }

  function route(asked: AskedWhole): Answer | undefined {
    const { method, path, query } = asked;
    const [, ofUser] = /^\/api\/2\/users\/([^/]+)$/.exec(path) ?? [];
    const [, ofRole, users] = /^\/api\/2\/roles\/([^/]+)(\/users)?$/.exec(path) ?? [];
    if (method === 'GET' && path === '/api/2/users') return page(found(query.get('email')), query);
    if (method === 'GET' && ofUser !== undefined) {
      const row = onelogin.users.get(Number(ofUser));
      return row ? { status: 200, json: full(row) } : refusal(404);
    }
    if (ofRole === undefined) return undefined;
    const role = onelogin.roles.get(Number(ofRole));
    if (method === 'GET' && users === undefined)
      return role
        ? { status: 200, json: { id: Number(ofRole), name: 'A role', apps: [], admins: [] } }
        : refusal(404);
    if (users === undefined) return undefined;
    if (method === 'GET') return role ? page(members(Number(ofRole), role), query) : refusal(404);
    return method === 'POST' || method === 'DELETE' ? change(asked, Number(ofRole), role) : undefined;
  }

  function change(asked: AskedWhole, id: number, role: Set<number> | undefined): Answer {
    if (scope !== 'Manage All') return refusal(403);
    if (role === undefined) return refusal(404);
    const ids = jsonOf(asked);
    if (!isIds(ids)) return refusal(422);
    if (!ids.every((each) => onelogin.users.has(each))) return refusal(asked.method === 'POST' ? 422 : 404);
    if (staleLooks > 0) shown.set(id, { users: new Set(role), looks: staleLooks });
    if (asked.method === 'DELETE') {
      for (const each of ids) role.delete(each);
      return { status: 204 };
    }
    for (const each of ids) role.add(each);
    return { status: 200, json: ids.map((each) => ({ id: each })) };
  }

  function members(id: number, role: ReadonlySet<number>): readonly unknown[] {
    const stale = shown.get(id);
    if (stale && stale.looks > 0) stale.looks -= 1;
    const users = stale && stale.looks >= 0 && !isOver(id, stale.looks) ? stale.users : role;
    return [...users].map((each) => ({
      ...{ id: each, name: 'Somebody', username: onelogin.users.get(each)?.email ?? '' },
      ...{ added_by: { id: 1, name: 'Somebody else' }, added_at: '2026-11-20T09:00:00Z', assigned: true },
    }));
  }

  function isOver(id: number, looks: number): boolean {
    if (looks > 0) return false;
    shown.delete(id);
    return true;
  }

  /** `*` stands for anything. */
  function found(email: string | null): readonly unknown[] {
    const pattern = (email ?? '*').replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
    const isLike = new RegExp(`^${pattern}$`, 'i');
    return [...onelogin.users.values()].filter((row) => isLike.test(row.email ?? '')).map(full);
  }

  function page(rows: readonly unknown[], query: URLSearchParams): Answer {
    const cursor = query.get('cursor');
    const asked = cursor === null ? query : new URLSearchParams(Buffer.from(cursor, 'base64').toString());
    const limit = Number(asked.get('limit') ?? '50');
    if (!Number.isInteger(limit) || limit < 1 || limit > 100) return refusal(422);
    const size = Math.min(limit, pageSize);
    const number = Number(asked.get('page') ?? '1');
    const pages = Math.max(1, Math.ceil(rows.length / size));
    const at = (wanted: number): string => Buffer.from(`limit=${limit}&page=${wanted}`).toString('base64');
    return {
      status: 200,
      json: rows.slice((number - 1) * size, number * size),
      headers: {
        ...{ 'current-page': String(number), 'page-items': String(size) },
        ...{ 'total-count': String(rows.length), 'total-pages': String(pages) },
        ...(number < pages && { 'after-cursor': at(number + 1) }),
        ...(number > 1 && { 'before-cursor': at(number - 1) }),
      },
    };
  }

  function limits(): { readonly [name: string]: string } {
    return {
      'x-ratelimit-limit': String(hourlyLimit),
      'x-ratelimit-remaining': String(Math.max(0, onelogin.callsLeft)),
      'x-ratelimit-reset': String(onelogin.secondsToReset),
    };
  }

  function refusal(status: number): Answer {
    const [name, message] = refusals[status] ?? ['InternalServerError', 'Something went wrong'];
    return {
      status,
      json: { message, statusCode: status, name },
      ...(status === 429 && { headers: limits() }),
    };
  }

  const onelogin: Onelogin = {
    double: await startDouble(plainAnswers(answer)),
    users: new Map(),
    roles: new Map(),
    endTokens() {
      token = { text: `onelogin-token-${token.number + 1}`, number: token.number + 1 };
    },
    callsLeft: hourlyLimit,
    secondsToReset: 832,
  };
  return onelogin;
}

const refusals: { readonly [status: number]: readonly [name: string, message: string] } = {
  400: ['BadRequestError', 'The request could not be understood'],
  401: ['UnauthorizedError', 'Unauthorized'],
  403: ['ForbiddenError', 'Insufficient Permission'],
  404: ['NotFoundError', 'The resource with the given id could not be found'],
  422: ['UnprocessableEntityError', 'Validation failed'],
  429: ['TooManyRequestsError', 'Rate limit exceeded'],
};

function isIds(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => Number.isInteger(each));
}

function full({ id, email, status, state }: OneloginUserRow): unknown {
  const names = { username: email, firstname: 'Some', lastname: 'Body', directory_id: null, group_id: null };
  return { ...names, ...(fieldsOf({ id, email, status, state }) ?? {}), invalid_login_attempts: 0 };
}
