// Speaks to Aptible’s Auth API, which is HAL: roles, the memberships of them, and the users of an organisation.
import type { FromSchema } from 'json-schema-to-ts';
import { answerShape } from '../http/answer-shape.ts';
import { RestFailure, type Rest } from '../http/rest.ts';
import { createTokenRest } from '../http/token-rest.ts';
import { withSecrets } from '../secret-text.ts';
import type { WaysOut } from '../ways-out.ts';
import type { AptibleIntegration } from './aptible-integration.ts';

const host = 'auth.aptible.com';
const tokenSeconds = 3600;

export interface AptibleUser {
  readonly id: string;
  readonly email: string;
  /** Whether they proved that the address is theirs. */
  readonly isVerified: boolean;
}

export interface AptibleMembership {
  readonly id: string;
  readonly user: string;
}

export function connectAptible({ username, password }: AptibleIntegration, using: WaysOut): Rest {
  return createTokenRest({
    service: 'Aptible',
    baseUrl: `https://${host}`,
    using,
    meaning: {
      401: 'It refuses the name or the password of the integration, or asks for a second factor.',
      403: 'The user of the integration may not manage this role: only account owners may.',
    },
    credentials: async () => [username, await withSecrets(password, host, using)],
    ask: (plain, [name = '', secret = '']) =>
      plain.call('asking for a token', {
        method: 'POST',
        path: '/tokens',
        json: {
          grant_type: 'password',
          ...{ username: name, password: secret, scope: 'manage', expires_in: tokenSeconds },
        },
      }),
  });
}

/** The organisation that the role belongs to; undefined where there is no such role, or no longer. */
export async function organizationOfRole(rest: Rest, role: string): Promise<string | undefined> {
  const answer = await rest.find('reading the role', { method: 'GET', path: `/roles/${role}` });
  return answer && lastPart(readRole(answer.json)._links.organization.href);
}

export async function usersOfOrganization(rest: Rest, organization: string): Promise<readonly AptibleUser[]> {
  const users: AptibleUser[] = [];
  const first = `/organizations/${organization}/users`;
  for await (const page of pages(rest, 'listing the users of the organisation', first))
    for (const { id, email, verified } of readUsers(page)._embedded.users)
      users.push({ id, email, isVerified: verified });
  return users;
}

/** A role that was deleted has none. */
export async function membershipsOfRole(rest: Rest, role: string): Promise<readonly AptibleMembership[]> {
  const memberships: AptibleMembership[] = [];
  for await (const page of pages(rest, 'listing the members of the role', `/roles/${role}/memberships`))
    for (const { id, _links } of readMemberships(page)._embedded.memberships)
      memberships.push({ id, user: lastPart(_links.user.href) });
  return memberships;
}

/** Where it is refused because the user is a member already, that is a success. */
export async function addMembership(rest: Rest, role: string, user: string): Promise<void> {
  const path = `/roles/${role}/memberships`;
  const json = { user_url: `https://${host}/users/${user}` };
  try {
    await rest.call('adding the user to the role', { method: 'POST', path, json });
  } catch (error) {
    if (!(error instanceof RestFailure) || (error.status !== 409 && error.status !== 422)) throw error;
    const members = await membershipsOfRole(rest, role);
    if (!members.some((each) => each.user === user)) throw error;
  }
}

/** Of each membership that the user has in the role. What is gone already is a success. */
export async function removeMemberships(rest: Rest, role: string, user: string): Promise<void> {
  for (const membership of await membershipsOfRole(rest, role))
    if (membership.user === user)
      await rest.find('removing the user from the role', {
        method: 'DELETE',
        path: `/memberships/${membership.id}`,
      });
}

/** Follows `next` on our own host, whatever host it names: the token is for that one. */
async function* pages(rest: Rest, what: string, first: string): AsyncGenerator<unknown> {
  let path: string | undefined = first;
  while (path !== undefined) {
    const answer = await rest.find(what, { method: 'GET', path });
    if (answer === undefined) return;
    yield answer.json;
    const next = readPage(answer.json)._links?.next?.href;
    path = next === undefined ? undefined : pathOf(next);
  }
}

function pathOf(href: string): string {
  const { pathname, search } = new URL(href, `https://${host}`);
  return pathname + search;
}

function lastPart(href: string): string {
  return pathOf(href).split('?')[0]?.split('/').at(-1) ?? '';
}

const link = { type: 'object', required: ['href'], properties: { href: { type: 'string' } } } as const;
const page = {
  type: 'object',
  properties: { _links: { type: 'object', properties: { next: link } } },
} as const;
const role = {
  type: 'object',
  required: ['_links'],
  properties: {
    _links: { type: 'object', required: ['organization'], properties: { organization: link } },
  },
} as const;
const users = {
  type: 'object',
  required: ['_embedded'],
  properties: {
    _embedded: {
      type: 'object',
      required: ['users'],
      properties: {
        users: {
          type: 'array',
          items: {
            type: 'object',
            required: ['id', 'email', 'verified'],
            properties: {
              id: { type: 'string' },
              email: { type: 'string' },
              verified: { type: 'boolean' },
            },
          },
        },
      },
    },
  },
} as const;
const memberships = {
  type: 'object',
  required: ['_embedded'],
  properties: {
    _embedded: {
      type: 'object',
      required: ['memberships'],
      properties: {
        memberships: {
          type: 'array',
          items: {
            type: 'object',
            required: ['id', '_links'],
            properties: {
              id: { type: 'string' },
              _links: { type: 'object', required: ['user'], properties: { user: link } },
            },
          },
        },
      },
    },
  },
} as const;

const readPage = answerShape<FromSchema<typeof page>>('Aptible', page);
const readRole = answerShape<FromSchema<typeof role>>('Aptible', role);
const readUsers = answerShape<FromSchema<typeof users>>('Aptible', users);
const readMemberships = answerShape<FromSchema<typeof memberships>>('Aptible', memberships);
