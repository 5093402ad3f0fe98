// `people.yml`: who is who. An account belongs to one person only.
import { account, personId, type Account, type PersonId } from '../domain/names.ts';
import type { People, Person } from './desk.ts';
import type { Report } from './diagnostic.ts';
import { nearest } from './nearest.ts';
import { pointerTo } from './positions.ts';
import type { PeopleFile } from './schema/people-schema.ts';

export function compilePeople(file: PeopleFile, report: Report): People {
  const persons = new Map<PersonId, Person>();
  const byAccount = new Map<Account, PersonId>();
  const owners = new Map<string, string>();
  for (const [name, entry] of Object.entries(file.people)) {
    const at = pointerTo('people', name);
    const person = toPerson(name, entry);
    persons.set(person.id, person);
    claim(`The e-mail address ${entry.email}`, entry.email, at + pointerTo('email'));
    if (person.github) {
      const { id, login } = person.github;
      if (claim(`The GitHub id ${id}`, id, at + pointerTo('github', 'id')))
        byAccount.set(account('github', id), person.id);
      claim(`The GitHub login ${login}`, login, at + pointerTo('github', 'login'));
    }
    if (person.slack) {
      const { workspace, user } = person.slack;
      claim(`The Slack user ${user}`, `${workspace ?? ''}/${user}`, at + pointerTo('slack'));
    }

    function claim(what: string, value: string | number | undefined, place: string): boolean {
      if (value === undefined) return false;
      const key = `${what.split(' ')[2] ?? ''} ${String(value).toLowerCase()}`;
      const owner = owners.get(key);
      if (owner === undefined) owners.set(key, name);
      else report.add({ at: place }, 'duplicate-account', what, owner);
      return owner === undefined;
    }
  }
  checkManagers(persons, report);
  return { persons, byAccount };
}

function toPerson(name: string, entry: PeopleFile['people'][string]): Person {
  const { email, github, slack, manager } = entry;
  return {
    id: personId(name),
    name: entry.name,
    role: entry.role ?? 'member',
    ...(email !== undefined && { email }),
    ...(github && { github: { login: github.login, id: github.id } }),
    ...(slack !== undefined && { slack: typeof slack === 'string' ? { user: slack } : slack }),
    ...(manager !== undefined && { manager: personId(manager) }),
  };
}

function checkManagers(persons: ReadonlyMap<PersonId, Person>, report: Report): void {
  for (const { id, manager } of persons.values()) {
    if (manager === undefined) continue;
    const at = pointerTo('people', id, 'manager');
    if (!persons.has(manager))
      report.add({ at, suggestion: nearest(manager, persons.keys()) }, 'unknown-person', manager);
    else if (isInOwnChain(id, persons))
      report.add({ at }, 'manager-circle', chainOf(id, persons).join(' → '));
  }
}

function isInOwnChain(id: PersonId, persons: ReadonlyMap<PersonId, Person>): boolean {
  return chainOf(id, persons).slice(1).includes(id);
}

/** From a person up, until the top or the first repetition. */
function chainOf(id: PersonId, persons: ReadonlyMap<PersonId, Person>): readonly PersonId[] {
  const chain: PersonId[] = [];
  const seen = new Set<PersonId>();
  let next: PersonId | undefined = id;
  while (next !== undefined && !seen.has(next)) {
    seen.add(next);
    chain.push(next);
    next = persons.get(next)?.manager;
  }
  return next === undefined ? chain : [...chain, next];
}
