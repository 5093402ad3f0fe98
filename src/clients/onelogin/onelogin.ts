// Speaks to OneLogin’s API, version 2: users, and who is in a role.
import type { FromSchema } from 'json-schema-to-ts';
import { answerShape } from '../http/answer-shape.ts';
import type { Explanation } from '../http/http-client.ts';
import type { Rest } from '../http/rest.ts';
import { createTokenRest } from '../http/token-rest.ts';
import { withSecrets } from '../secret-text.ts';
import type { WaysOut } from '../ways-out.ts';
import type { OneloginIntegration } from './onelogin-integration.ts';

export interface OneloginUser {
  readonly id: string;
  readonly email: string;
  /** Whether it may sign in: neither suspended, locked for good, nor waiting for approval or a licence. */
  readonly isActive: boolean;
}

export function connectOnelogin(
  { host, client_id, client_secret }: OneloginIntegration,
  using: WaysOut,
): Rest {
  return createTokenRest({
    service: 'OneLogin',
    baseUrl: `https://${host}`,
    using,
    explain: explainLimit,
    meaning: {
      401: 'It refuses the API credentials of the integration.',
      403: 'The API credentials lack the scope “Manage All”.',
    },
    credentials: async () => [client_id, await withSecrets(client_secret, host, using)],
    ask: (plain, [id = '', secret = '']) =>
      plain.call('asking for a token', {
        method: 'POST',
        path: '/auth/oauth2/v2/token',
        form: { grant_type: 'client_credentials', client_id: id, client_secret: secret },
      }),
  });
}

/** It says in how many seconds the hour is over. */
function explainLimit({
  status,
  headers,
}: {
  readonly status: number;
  readonly headers: Headers;
}): Explanation {
  const seconds = Number(headers.get('x-ratelimit-reset') ?? NaN);
  return status === 429 && seconds >= 0 ? { retryAfter: seconds * 1000 } : {};
}

export async function hasRole(rest: Rest, role: string): Promise<boolean> {
  return (await rest.find('reading the role', { method: 'GET', path: `/api/2/roles/${role}` })) !== undefined;
}

/** Undefined where there is no such user, or no longer. */
export async function oneloginUser(rest: Rest, id: string): Promise<OneloginUser | undefined> {
  const answer = await rest.find('reading the user', { method: 'GET', path: `/api/2/users/${id}` });
  return answer && userOf(readUser(answer.json));
}

/** All with exactly this address, in whatever case: OneLogin takes a `*` for a wildcard. */
export async function oneloginUsersByEmail(rest: Rest, email: string): Promise<readonly OneloginUser[]> {
  const users: OneloginUser[] = [];
  for await (const { json } of pages(rest, 'looking up the user', { path: '/api/2/users', query: { email } }))
    users.push(...readUsers(json).map(userOf));
  return users.filter((user) => user.email.toLowerCase() === email.toLowerCase());
}

/** The ids of those in the role, page by page. A role that was deleted has nobody. */
export async function* usersOfRole(rest: Rest, role: string): AsyncGenerator<readonly string[]> {
  const path = `/api/2/roles/${role}/users`;
  for await (const { json } of pages(rest, 'listing the users of the role', { path }))
    yield readMembers(json)
      .filter(({ assigned = true }) => assigned)
      .map(({ id }) => String(id));
}

export async function addToRole(rest: Rest, role: string, user: string): Promise<void> {
  const path = `/api/2/roles/${role}/users`;
  await rest.call('adding the user to the role', { method: 'POST', path, json: [Number(user)] });
}

/** A user or a role that is gone has nothing left to take. */
export async function removeFromRole(rest: Rest, role: string, user: string): Promise<void> {
  const path = `/api/2/roles/${role}/users`;
  await rest.find('removing the user from the role', { method: 'DELETE', path, json: [Number(user)] });
}

const pageSize = '100';

async function* pages(
  rest: Rest,
  what: string,
  { path, query = {} }: { readonly path: string; readonly query?: { readonly [name: string]: string } },
): AsyncGenerator<{ readonly json: unknown }> {
  let cursor: string | undefined;
  do {
    const place = cursor === undefined ? { ...query, limit: pageSize } : { cursor };
    const answer = await rest.find(what, { method: 'GET', path, query: place });
    if (answer === undefined) return;
    yield answer;
    cursor = answer.headers.get('after-cursor') ?? undefined;
  } while (cursor !== undefined && cursor !== '');
}

const user = {
  type: 'object',
  required: ['id', 'status'],
  properties: {
    id: { type: 'integer' },
    email: { type: ['string', 'null'] },
    status: { type: 'integer' },
    state: { type: ['integer', 'null'] },
  },
} as const;
const users = { type: 'array', items: user } as const;
const members = {
  type: 'array',
  items: {
    type: 'object',
    required: ['id'],
    properties: { id: { type: 'integer' }, assigned: { type: 'boolean' } },
  },
} as const;

const readUser = answerShape<FromSchema<typeof user>>('OneLogin', user);
const readUsers = answerShape<FromSchema<typeof users>>('OneLogin', users);
const readMembers = answerShape<FromSchema<typeof members>>('OneLogin', members);

const active = 1;
const approved = 1;

function userOf({ id, email, status, state }: FromSchema<typeof user>): OneloginUser {
  return {
    id: String(id),
    email: email ?? '',
    isActive: status === active && (state ?? approved) === approved,
  };
}
