// `people.yml`: who is who. An account belongs to one person only.
import { account, personId, type Account, type PersonId } from '../../domain/names.ts';
import type { People, Person } from '../desk.ts';
import type { Report } from '../diagnostic.ts';
import { nearest } from '../nearest.ts';
import { pointerTo } from '../yaml/positions.ts';
import type { PeopleFile } from '../schema/people-schema.ts';

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
      const isTheirs = claim(`The Slack user ${user}`, `${workspace ?? ''}/${user}`, at + pointerTo('slack'));
      // Which workspace is the desk's own, the files need not say.
      if (isTheirs) byAccount.set(slackAccount(workspace, user), person.id);
    }
    for (const [service, id] of Object.entries(person.accounts ?? {}))
      claim(`The ${service} account ${id}`, id, at + pointerTo('accounts', service));

    function claim(what: string, value: string | number | undefined, place: string): boolean {
      if (value === undefined) return false;
      const key = `${what.split(' ').slice(1, 3).join(' ')} ${String(value).toLowerCase()}`;
      const owner = owners.get(key);
      if (owner === undefined) owners.set(key, name);
      else report.add({ at: place }, 'duplicate-account', what, owner);
      return owner === undefined;
    }
  }
  checkManagers(persons, report);
  return { persons, byAccount };
}

/** Without a workspace: of the desk's own. */
export function slackAccount(workspace: string | undefined, user: string): Account {
  return account('slack', workspace === undefined ? user : `${workspace}/${user}`);
}

function toPerson(name: string, entry: PeopleFile['people'][string]): Person {
  const { email, github, slack, manager, accounts } = entry;
  return {
    id: personId(name),
    name: entry.name,
    role: entry.role ?? 'member',
    ...(email !== undefined && { email }),
    ...(github && { github: { login: github.login, id: github.id } }),
    ...(slack !== undefined && { slack: typeof slack === 'string' ? { user: slack } : slack }),
    ...(manager !== undefined && { manager: personId(manager) }),
    ...(accounts && { accounts }),
  };
}

function checkManagers(persons: ReadonlyMap<PersonId, Person>, report: Report): void {
  const settled = new Set<PersonId>();
  for (const { id, manager } of persons.values()) {
    if (manager === undefined || report.isFull) continue;
    if (!persons.has(manager)) {
      const at = pointerTo('people', id, 'manager');
      report.add({ at, suggestion: nearest(manager, persons.keys()) }, 'unknown-person', manager);
    }
    const circle = circleAbove(id, persons, settled);
    const [first] = circle;
    if (first !== undefined)
      report.add(
        { at: pointerTo('people', first, 'manager') },
        'manager-circle',
        [...circle, first].join(' → '),
      );
  }
}

/** Walks up to the top, or to somebody whose managers were walked before; each person is walked once. */
function circleAbove(
  id: PersonId,
  persons: ReadonlyMap<PersonId, Person>,
  settled: Set<PersonId>,
): readonly PersonId[] {
  const path: PersonId[] = [];
  let next: PersonId | undefined = id;
  while (next !== undefined && !settled.has(next)) {
    settled.add(next);
    path.push(next);
    next = persons.get(next)?.manager;
  }
  return next !== undefined && path.includes(next) ? path.slice(path.indexOf(next)) : [];
}
