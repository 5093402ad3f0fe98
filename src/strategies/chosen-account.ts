// Whose account it is in a service that we know nothing of: by whatever the target's setting `account` names of a person.
import type { Capabilities, Identified, Person } from './strategy.ts';

/** `chosen`: `person`, `email`, `github-id`, `github-login`, or `accounts.KEY` for what people.yml has there. */
export async function chosenAccount(
  chosen: string,
  person: Person,
  using: Pick<Capabilities, 'githubLogin' | 'account'>,
): Promise<Identified> {
  if (chosen === 'person') return { account: person.id };
  if (chosen === 'email')
    return person.email === undefined
      ? { missing: 'no-identity', why: 'people.yml has no e-mail address for this person.' }
      : { account: person.email };
  const [, key] = /^accounts\.(.+)$/.exec(chosen) ?? [];
  if (key !== undefined)
    return using.account(person, { key, name: 'The service', wants: 'their account in the service' });
  if (person.github === undefined)
    return { missing: 'no-identity', why: 'people.yml has no GitHub account for this person.' };
  if (chosen === 'github-id') return { account: String(person.github.id) };
  const login = await using.githubLogin(person.github.id);
  return login === undefined
    ? { missing: 'no-identity', why: 'GitHub shows no account with the id in people.yml.' }
    : { account: login };
}
