// The users and groups of an Okta org, by ids; what is found by an address is looked at again by its id, for searches lag behind.
import type { FromSchema } from 'json-schema-to-ts';
import { Failure } from '../../engine/ports/failure.ts';
import { answerShape } from '../http/answer-shape.ts';
import type { Rest, RestRequest } from '../http/rest.ts';
import type { Service, WaysOut, KnownPerson, FoundAccount } from '../ways-out.ts';

/** As in a browser's address, and the same in every cell of Okta. */
export const oktaUserId: RegExp = /^00u[A-Za-z0-9]{17}$/;

const user = {
  type: 'object',
  required: ['id', 'status'],
  properties: {
    id: { type: 'string' },
    status: { type: 'string' },
    profile: { type: 'object', properties: { email: { type: ['string', 'null'] } } },
  },
} as const;
export type OktaUser = FromSchema<typeof user>;

const group = {
  type: 'object',
  required: ['id', 'type'],
  properties: {
    id: { type: 'string' },
    type: { type: 'string' },
    profile: { type: 'object', properties: { name: { type: 'string' } } },
  },
} as const;
export type OktaGroup = FromSchema<typeof group>;

const readUser = answerShape<OktaUser>('Okta', user);
const readUsers = answerShape<readonly OktaUser[]>('Okta', { type: 'array', items: user });
const readGroup = answerShape<OktaGroup>('Okta', group);
const readGroups = answerShape<readonly OktaGroup[]>('Okta', { type: 'array', items: group });

/** Undefined where there is none. A login in the place of an id finds a user too, who may be somebody else tomorrow. */
export async function oktaUser(okta: Rest, id: string): Promise<OktaUser | undefined> {
  const answer = await okta.find('reading the user', { method: 'GET', path: `/api/v1/users/${segment(id)}` });
  const found = answer && readUser(answer.json);
  return found?.id === id ? found : undefined;
}

export async function oktaGroup(okta: Rest, id: string): Promise<OktaGroup | undefined> {
  const answer = await okta.find('reading the group', {
    method: 'GET',
    path: `/api/v1/groups/${segment(id)}`,
  });
  const found = answer && readGroup(answer.json);
  return found?.id === id ? found : undefined;
}

/** A user who is no more is in none. */
export async function isOktaMember(okta: Rest, userId: string, groupId: string): Promise<boolean> {
  const path = `/api/v1/users/${segment(userId)}/groups`;
  const found = await pages(okta, 'listing the groups of the user', { method: 'GET', path }, (json) =>
    readGroups(json).some(({ id }) => id === groupId) ? 'enough' : undefined,
  );
  return found === 'enough';
}

/** Of all groups of a user. They are for people: whoever may rename a group chooses its name. */
export async function oktaGroupNames(okta: Rest, userId: string): Promise<readonly string[]> {
  const names: string[] = [];
  const path = `/api/v1/users/${segment(userId)}/groups`;
  await pages(okta, 'listing the groups of the user', { method: 'GET', path }, (json) => {
    for (const { profile } of readGroups(json)) if (profile?.name !== undefined) names.push(profile.name);
    return undefined;
  });
  return names;
}

export async function oktaMembers(okta: Rest, groupId: string): Promise<readonly OktaUser[]> {
  const members: OktaUser[] = [];
  const path = `/api/v1/groups/${segment(groupId)}/users`;
  const request = { method: 'GET', path, query: { limit: pageSize } } as const;
  await pages(okta, 'listing the members of the group', request, (json) => {
    members.push(...readUsers(json));
    return undefined;
  });
  return members;
}

const rules = {
  type: 'array',
  items: {
    type: 'object',
    required: ['status'],
    properties: {
      status: { type: 'string' },
      actions: {
        type: 'object',
        properties: {
          assignUserToGroups: {
            type: 'object',
            properties: { groupIds: { type: 'array', items: { type: 'string' } } },
          },
        },
      },
    },
  },
} as const;
const readRules = answerShape<FromSchema<typeof rules>>('Okta', rules);

/** Whether an active group rule puts people in. */
export async function hasGroupRule(okta: Rest, groupId: string): Promise<boolean> {
  const request = { method: 'GET', path: '/api/v1/groups/rules', query: { limit: pageSize } } as const;
  const found = await pages(okta, 'listing the group rules', request, (json) => {
    const isFilled = readRules(json).some(
      ({ status, actions }) =>
        status === 'ACTIVE' && actions?.assignUserToGroups?.groupIds?.includes(groupId) === true,
    );
    return isFilled ? 'enough' : undefined;
  });
  return found === 'enough';
}

/** Whose account it is: as people.yml says, or the one active user with the same address. */
export async function oktaAccount(
  okta: Rest,
  { person, integrationName, using }: AccountQuestion,
): Promise<FoundAccount> {
  const found = await using.account(person, serviceOf(okta, integrationName));
  if ('missing' in found || oktaUserId.test(found.account)) return found;
  return {
    missing: 'no-identity',
    why: 'What people.yml has as `accounts.okta` for this person is no id of a user, 00u…. A login or an address will not do: they change hands.',
  };
}

export interface AccountQuestion {
  readonly person: KnownPerson;
  readonly integrationName: string | undefined;
  readonly using: WaysOut;
}

function serviceOf(okta: Rest, integrationName: string | undefined): Service {
  return {
    key: 'okta',
    name: 'Okta',
    wants: 'the id of the user, 00u…',
    ...(integrationName !== undefined && { integration: integrationName }),
    match: (email) => oktaUserByEmail(okta, email),
  };
}

/** The id of the one active user with this address; undefined where there is none, or more than one. */
export async function oktaUserByEmail(okta: Rest, email: string): Promise<string | undefined> {
  const spellings = [...new Set([email, email.toLowerCase()])].map(
    (each) => `profile.email eq "${each.replaceAll(/["\\]/g, String.raw`\$&`)}"`,
  );
  const ids = new Set<string>();
  const query = { filter: spellings.join(' or ') };
  await pages(
    okta,
    'looking for the e-mail address',
    { method: 'GET', path: '/api/v1/users', query },
    (json) => {
      for (const { id } of readUsers(json)) ids.add(id);
      return ids.size > mostNamesakes ? 'enough' : undefined;
    },
  );
  const users = await Promise.all([...ids].slice(0, mostNamesakes).map((id) => oktaUser(okta, id)));
  const active = users.flatMap((each) =>
    each?.status === 'ACTIVE' && each.profile?.email?.toLowerCase() === email.toLowerCase() ? [each.id] : [],
  );
  return active.length === 1 && ids.size <= mostNamesakes ? active[0] : undefined;
}

/** More than a few with one address, and it tells nobody apart. */
const mostNamesakes = 5;
const pageSize = '200';
/** Two hundred thousand members; no list of Okta's is longer that anybody grants access by. */
const mostPages = 1000;

/** Page by page until there is none, or there is enough. Okta gives an address for the next; of it, the cursor is used. */
async function pages(
  okta: Rest,
  what: string,
  request: RestRequest,
  read: (json: unknown) => 'enough' | undefined,
): Promise<'enough' | undefined> {
  let after: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const query = { ...request.query, ...(after !== undefined && { after }) };
    const answer = await okta.find(what, { ...request, query });
    if (answer === undefined || read(answer.json) === 'enough') return answer && 'enough';
    after = cursorOf(answer.headers.get('link'));
    if (after === undefined) return undefined;
  }
  throw new Failure('Okta lists more than this version reads.', { transient: false });
}

function cursorOf(link: string | null): string | undefined {
  const [, next] = /<([^>]+)>;\s*rel="next"/.exec(link ?? '') ?? [];
  if (next === undefined || !URL.canParse(next)) return undefined;
  return new URL(next).searchParams.get('after') ?? undefined;
}

function segment(id: string): string {
  return encodeURIComponent(id);
}
