// What a link that somebody proved is worth now: people.yml always comes first.
import type { People, Person } from '../desk/desk.ts';
import type { SlackIdentity } from '../desk/guests.ts';
import type { Link, Links } from '../domain/links.ts';
import type { PersonId } from '../domain/names.ts';

/** An account that says which workspace it is of. */
export type PlacedIdentity = SlackIdentity & { readonly workspace: string };

/** `slack:T…/U…`; undefined where it is no account on Slack. */
export function slackIdentityOf(account: string): PlacedIdentity | undefined {
  const [, workspace, user] = /^slack:([A-Z0-9]+)\/([A-Z0-9]+)$/.exec(account) ?? [];
  return workspace === undefined || user === undefined ? undefined : { workspace, user };
}

/**
 * Whether people.yml still has the person, with the account on GitHub that said so, and no other account in the desk's own
 * workspace. Somebody new of the same name has not said it.
 */
export function isInForce({ person, through }: Link, people: People, own: string): boolean {
  const found = people.persons.get(person);
  if (found === undefined || found.role === 'guest' || isIn(found, own)) return false;
  return people.byAccount.get(through) === person;
}

/** Whether people.yml gives them an account in this workspace. */
export function isIn({ slack }: Person, own: string): boolean {
  return slack !== undefined && (slack.workspace ?? own) === own;
}

/** The account in the desk's own workspace that a person has shown to be theirs. */
export function linkedAccount(
  links: Links,
  person: PersonId,
  people: People,
  own: string,
): PlacedIdentity | undefined {
  for (const [account, link] of links) {
    const user =
      link.person === person && isInForce(link, people, own) ? slackIdentityOf(account) : undefined;
    if (user?.workspace === own) return user;
  }
  return undefined;
}
