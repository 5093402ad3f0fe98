// Aptible’s Auth API for tests: tokens for a name and a password, roles, memberships and users, as HAL with its pages.
import { randomUUID } from 'node:crypto';
import { startDouble, type Double } from '../double.ts';
import { fieldsOf, jsonOf, plainAnswers, type Answer, type AskedWhole } from '../plain-answers.ts';

export interface AptibleUserRow {
  readonly id: string;
  readonly email: string;
  readonly verified: boolean;
}

export interface AptibleRoleRow {
  readonly id: string;
  readonly organization: string;
}

export interface AptibleMembershipRow {
  readonly id: string;
  readonly role: string;
  readonly user: string;
}

export interface AptibleSettings {
  readonly username: string;
  readonly password: string;
  /** Whether the robot may manage roles: owners of the account may. */
  readonly isOwner?: boolean;
  /** With it, the password alone gives no token. */
  readonly secondFactor?: boolean;
  readonly pageSize?: number;
}

export interface Aptible {
  readonly double: Double;
  readonly users: Map<string, AptibleUserRow>;
  readonly roles: Map<string, AptibleRoleRow>;
  readonly memberships: Map<string, AptibleMembershipRow>;
  join(role: string, user: string): void;
  /** The tokens that were given end now. */
  endTokens(): void;
}

/** What its links say, wherever it is reached. */
const home = 'https://auth.aptible.com';
const longestToken = 7 * 24 * 3600;

export async function startAptible(settings: AptibleSettings): Promise<Aptible> {
  const { username, password, isOwner = true, secondFactor = false, pageSize = 40 } = settings;
  let tokens = new Set<string>();

  function answer(asked: AskedWhole): Answer | undefined {
    if (asked.method === 'POST' && asked.path === '/tokens') return giveToken(asked);
    const [, token = ''] = /^Bearer (.+)$/.exec(asked.headers.get('authorization') ?? '') ?? [];
    if (!tokens.has(token)) return refusal(401);
    return route(asked);
  }

  function giveToken(asked: AskedWhole): Answer {
    const body = fieldsOf(jsonOf(asked));
    if (body?.['grant_type'] !== 'password' || body['scope'] !== 'manage') return refusal(422);
    const seconds = body['expires_in'];
    if (typeof seconds !== 'number' || seconds <= 0 || seconds > longestToken) return refusal(422);
    if (body['username'] !== username || body['password'] !== password)
      return { status: 401, json: { code: 401, error: 'invalid_credentials', message: 'Invalid password' } };
    if (secondFactor && body['otp_token'] === undefined)
      return { status: 401, json: { code: 401, error: 'otp_token_required', message: 'OTP token required' } };
    const access_token = randomUUID();
    tokens.add(access_token);
    const json = {
      id: randomUUID(),
      access_token,
      token_type: 'bearer',
      scope: 'manage',
      expires_in: seconds,
    };
    return { status: 201, json };
  }

  function route({ method, path, ...asked }: AskedWhole): Answer | undefined {
    const [, kind = '', id = '', part] = /^\/(\w+)\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? [];
    switch (`${method} ${kind}${part === undefined ? '' : `/${part}`}`) {
      case 'GET roles': {
        const role = aptible.roles.get(id);
        return role ? { status: 200, json: roleBody(role) } : refusal(404);
      }
      case 'GET roles/memberships': {
        if (!aptible.roles.has(id)) return refusal(404);
        const rows = [...aptible.memberships.values()].filter(({ role }) => role === id);
        return page('memberships', rows.map(membershipBody), { path, query: asked.query });
      }
      case 'GET organizations/users': {
        const rows = [...aptible.users.values()].map(userBody);
        const isThere = [...aptible.roles.values()].some(({ organization }) => organization === id);
        return isThere ? page('users', rows, { path, query: asked.query }) : refusal(404);
      }
      case 'POST roles/memberships':
        return join({ method, path, ...asked }, id);
      case 'DELETE memberships':
        if (!isOwner) return refusal(403);
        return aptible.memberships.delete(id) ? { status: 204 } : refusal(404);
      default:
        return undefined;
    }
  }

  function join(asked: AskedWhole, role: string): Answer {
    if (!isOwner) return refusal(403);
    if (!aptible.roles.has(role)) return refusal(404);
    const url = fieldsOf(jsonOf(asked))?.['user_url'];
    const [, user = ''] = typeof url === 'string' ? (new RegExp(`^${home}/users/(.+)$`).exec(url) ?? []) : [];
    const isThere = [...aptible.memberships.values()].some((row) => row.role === role && row.user === user);
    if (!aptible.users.has(user) || isThere) return refusal(422);
    aptible.join(role, user);
    const made = [...aptible.memberships.values()].at(-1);
    return { status: 201, json: made && membershipBody(made) };
  }

  function page(
    name: string,
    rows: readonly unknown[],
    { path, query }: { readonly path: string; readonly query: URLSearchParams },
  ): Answer {
    const number = Number(query.get('page') ?? '1');
    const at = (wanted: number) => ({ href: `${home}${path}?page=${wanted}&per_page=${pageSize}` });
    const json = {
      _links: {
        self: at(number),
        ...(number * pageSize < rows.length && { next: at(number + 1) }),
        ...(number > 1 && { prev: at(number - 1) }),
      },
      ...{ total_count: rows.length, per_page: pageSize, current_page: number },
      _embedded: { [name]: rows.slice((number - 1) * pageSize, number * pageSize) },
    };
    return { status: 200, json, headers: { 'content-type': 'application/hal+json' } };
  }

  const aptible: Aptible = {
    double: await startDouble(plainAnswers(answer)),
    users: new Map(),
    roles: new Map(),
    memberships: new Map(),
    join(role, user) {
      const id = randomUUID();
      aptible.memberships.set(id, { id, role, user });
    },
    endTokens() {
      tokens = new Set();
    },
  };
  return aptible;
}

const refusals: { readonly [status: number]: string } = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  422: 'unprocessable_entity',
};

function refusal(status: number): Answer {
  const error = refusals[status] ?? 'error';
  return { status, json: { code: status, error, message: `It is ${error}.` } };
}

function roleBody({ id, organization }: AptibleRoleRow): unknown {
  const _links = {
    self: { href: `${home}/roles/${id}` },
    organization: { href: `${home}/organizations/${organization}` },
    memberships: { href: `${home}/roles/${id}/memberships` },
  };
  return { id, name: 'A role', type: 'platform_user', _links, _type: 'role' };
}

function membershipBody({ id, role, user }: AptibleMembershipRow): unknown {
  const _links = {
    self: { href: `${home}/memberships/${id}` },
    role: { href: `${home}/roles/${role}` },
    user: { href: `${home}/users/${user}` },
  };
  return { id, _links, _type: 'membership' };
}

function userBody({ id, email, verified }: AptibleUserRow): unknown {
  const _links = { self: { href: `${home}/users/${id}` }, roles: { href: `${home}/users/${id}/roles` } };
  return {
    id,
    email,
    username: email,
    name: 'Somebody',
    verified,
    otp_enabled: false,
    _links,
    _type: 'user',
  };
}
