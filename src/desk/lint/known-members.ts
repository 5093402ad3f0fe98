// Who belongs to a group, as far as a desk's own files tell.
import { personId, type Group, type PersonId } from '../../domain/names.ts';
import type { DeskSettings, People, Person } from '../desk.ts';

/** Undefined where only somebody else knows, such as GitHub of its teams. Guests are in no group. */
export type Members = (group: Group) => ReadonlySet<PersonId> | undefined;

export function knownMembers(people: People | undefined, settings: DeskSettings | undefined): Members {
  if (people === undefined) return () => undefined;
  let all: ReadonlySet<PersonId> | undefined;
  const everybody = (): ReadonlySet<PersonId> =>
    (all ??= new Set([...people.persons.values()].filter(isMember).map(({ id }) => id)));
  const members: Members = (group) => {
    if (group === 'role:member') return everybody();
    // A role that were made of itself would add nobody.
    if (group === 'role:admin')
      return (
        settings &&
        membersOfAll(
          settings.admins.filter((each) => each !== group),
          members,
        )
      );
    if (group.startsWith('manager:')) return managersOf(group.slice('manager:'.length), people);
    const person = personNamed(group, people);
    if (person === undefined) return undefined;
    return new Set(isMember(person) ? [person.id] : []);
  };
  return members;
}

/** `requester` is anybody: each request asks one of these. */
function managersOf(name: string, people: People): ReadonlySet<PersonId> {
  const led = [...people.persons.values()].filter(({ id }) => name === 'requester' || id === name);
  return new Set(
    led.flatMap(({ manager = '' }) => {
      const found = people.persons.get(personId(manager));
      return found && isMember(found) ? [found.id] : [];
    }),
  );
}

/** Everybody of some groups; undefined where one of them is not known. */
export function membersOfAll(groups: readonly Group[], members: Members): ReadonlySet<PersonId> | undefined {
  const all = new Set<PersonId>();
  for (const group of groups) {
    const known = members(group);
    if (known === undefined) return undefined;
    for (const person of known) all.add(person);
  }
  return all;
}

/** Undefined where the group is no single person, or one that nobody knows. */
export function personNamed(group: Group, people: People): Person | undefined {
  return group.startsWith('person:')
    ? people.persons.get(personId(group.slice('person:'.length)))
    : undefined;
}

function isMember({ role }: Person): boolean {
  return role === 'member';
}
