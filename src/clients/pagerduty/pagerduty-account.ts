// Whose account in PagerDuty a person's is: by its id, or the one user with the same address to sign in.
import type { FromSchema } from 'json-schema-to-ts';
import { answerShape } from '../http/answer-shape.ts';
import type { Rest } from '../http/rest.ts';
import type { FoundAccount, KnownPerson, WaysOut } from '../ways-out.ts';
import { pagerDutyPages } from './pagerduty-rest.ts';

const users = {
  type: 'object',
  required: ['users'],
  properties: {
    users: {
      type: 'array',
      items: {
        type: 'object',
        required: ['id', 'email'],
        properties: { id: { type: 'string' }, email: { type: 'string' } },
      },
    },
  },
} as const;
const readUsers = answerShape<FromSchema<typeof users>>('PagerDuty', users);

export async function pagerDutyAccount(
  rest: Rest,
  person: KnownPerson,
  integrationName: string,
  using: WaysOut,
): Promise<FoundAccount> {
  const found = await using.account(person, {
    key: 'pagerduty',
    name: 'PagerDuty',
    wants: 'the id of the user, P…',
    integration: integrationName,
    match: (email) => userByEmail(rest, email),
  });
  if ('missing' in found || /^[A-Z0-9]{5,20}$/.test(found.account)) return found;
  return {
    missing: 'no-identity',
    why: 'What people.yml has as `accounts.pagerduty` for this person is no id of a user, P….',
  };
}

/** The query finds a part of a name or an address. A user who was deleted is in no list. */
async function userByEmail(rest: Rest, email: string): Promise<string | undefined> {
  const found = new Set<string>();
  const request = { method: 'GET', path: '/users', query: { query: email } } as const;
  await pagerDutyPages(rest, 'looking for the e-mail address', request, (json) => {
    for (const user of readUsers(json).users)
      if (user.email.toLowerCase() === email.toLowerCase()) found.add(user.id);
    return undefined;
  });
  const [id, ...others] = found;
  return others.length === 0 ? id : undefined;
}
