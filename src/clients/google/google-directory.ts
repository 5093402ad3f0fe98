// The users and groups of a Google Workspace directory, by the ids that outlive their addresses.
import type { FromSchema } from 'json-schema-to-ts';
import { Failure } from '../../engine/ports/failure.ts';
import { answerShape } from '../http/answer-shape.ts';
import { RestFailure, type Rest } from '../http/rest.ts';
import type { FoundAccount, KnownPerson, WaysOut } from '../ways-out.ts';

const user = {
  type: 'object',
  required: ['id', 'primaryEmail'],
  properties: {
    id: { type: 'string' },
    primaryEmail: { type: 'string' },
    suspended: { type: 'boolean' },
    archived: { type: 'boolean' },
    aliases: { type: 'array', items: { type: 'string' } },
  },
} as const;
export type GoogleUser = FromSchema<typeof user>;

const group = { type: 'object', required: ['id'], properties: { id: { type: 'string' } } } as const;

const member = {
  type: 'object',
  required: ['role', 'type'],
  properties: { id: { type: 'string' }, role: { type: 'string' }, type: { type: 'string' } },
} as const;
export type GoogleMember = FromSchema<typeof member>;

const members = {
  type: 'object',
  properties: { members: { type: 'array', items: member }, nextPageToken: { type: 'string' } },
} as const;

const belonging = {
  type: 'object',
  required: ['isMember'],
  properties: { isMember: { type: 'boolean' } },
} as const;

const readUser = answerShape<GoogleUser>('Google', user);
const readGroup = answerShape<FromSchema<typeof group>>('Google', group);
const readMember = answerShape<GoogleMember>('Google', member);
const readMembers = answerShape<FromSchema<typeof members>>('Google', members);
const readBelonging = answerShape<FromSchema<typeof belonging>>('Google', belonging);

/** By id, by address or by alias; whoever needs the id compares it. */
export async function googleUser(google: Rest, key: string): Promise<GoogleUser | undefined> {
  const answer = await google.find('reading the user', { method: 'GET', path: `/users/${segment(key)}` });
  return answer && readUser(answer.json);
}

export function isActiveUser({ suspended = false, archived = false }: GoogleUser): boolean {
  return !suspended && !archived;
}

/** The id of the group with this address, alias or id. */
export async function googleGroupId(google: Rest, key: string): Promise<string | undefined> {
  const answer = await google.find('reading the group', { method: 'GET', path: `/groups/${segment(key)}` });
  return answer && readGroup(answer.json).id;
}

/** What they are in the group directly. */
export async function googleMember(
  google: Rest,
  groupKey: string,
  userId: string,
): Promise<GoogleMember | undefined> {
  const answer = await google.find('reading the membership', {
    method: 'GET',
    path: memberPath(groupKey, userId),
  });
  return answer && readMember(answer.json);
}

export function memberPath(groupKey: string, userId: string): string {
  return `/groups/${segment(groupKey)}/members/${segment(userId)}`;
}

/** Directly, or by a group within it. Undefined where Google knows no such group, or nobody of that id. */
export async function isGoogleMember(
  google: Rest,
  groupKey: string,
  userId: string,
): Promise<boolean | undefined> {
  const path = `/groups/${segment(groupKey)}/hasMember/${segment(userId)}`;
  try {
    const answer = await google.find('asking who is a member', { method: 'GET', path });
    return answer && readBelonging(answer.json).isMember;
  } catch (error) {
    // Of whoever is not in this directory, Google says that the question is invalid.
    if (error instanceof RestFailure && error.status === 400) return undefined;
    throw error;
  }
}

/** Two hundred a page is all that Google gives. */
const pageSize = '200';
const mostPages = 1000;

/** Those who are in it directly. */
export async function googleMembers(google: Rest, groupKey: string): Promise<readonly GoogleMember[]> {
  const found: GoogleMember[] = [];
  let pageToken: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const query = { maxResults: pageSize, ...(pageToken !== undefined && { pageToken }) };
    const path = `/groups/${segment(groupKey)}/members`;
    const { json } = await google.call('listing the members of the group', { method: 'GET', path, query });
    const { members: some = [], nextPageToken } = readMembers(json);
    found.push(...some);
    if (nextPageToken === undefined || nextPageToken === '') return found;
    pageToken = nextPageToken;
  }
  throw new Failure('Google lists more than this version reads.', { transient: false });
}

const userId = /^[0-9]{10,30}$/;

export async function googleAccount(
  google: Rest,
  person: KnownPerson,
  integrationName: string | undefined,
  using: WaysOut,
): Promise<FoundAccount> {
  const found = await using.account(person, {
    key: 'google',
    name: 'Google',
    wants: 'the id of the user, a number of 21 digits,',
    ...(integrationName !== undefined && { integration: integrationName }),
    match: (email) => userByEmail(google, email),
  });
  if ('missing' in found || userId.test(found.account)) return found;
  return {
    missing: 'no-identity',
    why: 'What people.yml has as `accounts.google` for this person is no id of a user, which is a number. An address will not do: it may be given to somebody else.',
  };
}

/** In a directory an address belongs to one user alone, as the first one or as an alias. */
async function userByEmail(google: Rest, email: string): Promise<string | undefined> {
  const found = await googleUser(google, email);
  if (found === undefined || !isActiveUser(found)) return undefined;
  const addresses = [found.primaryEmail, ...(found.aliases ?? [])].map((each) => each.toLowerCase());
  return addresses.includes(email.toLowerCase()) ? found.id : undefined;
}

function segment(key: string): string {
  return encodeURIComponent(key);
}
