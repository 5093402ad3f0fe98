// Who is who, and who belongs where, as it is now. Nothing is remembered: an answer holds for the decision that asked.
import type { Desk, Person } from '../desk/desk.ts';
import type { Unknown } from '../domain/facts.ts';
import type { DeskId, Group, Milliseconds } from '../domain/names.ts';
import { Failure, type Clock, type Directory } from '../engine/ports.ts';
import { withinTime } from '../engine/time-limit.ts';
import type { GroupKind } from './group-kind.ts';

export interface DirectoryParts {
  /** The files of the default branch as they are now. Throws `Failure`. */
  readonly desks: { desk(id: DeskId): Promise<Desk> };
  /** Whoever answers for a kind of group. */
  readonly groups: readonly GroupKind[];
  readonly clock: Clock;
}

const lookupMs: Milliseconds = 5_000;

/**
 * `person` throws a transient `Failure` where the desk's people cannot be read: whoever spoke is then neither known nor
 * unknown, and is heard once they can. `belongs` never throws for an outage: it says what it does not know.
 */
export function createDirectory({ desks, groups, clock }: DirectoryParts): Directory {
  const kinds = new Map(groups.map((group) => [group.kind, group]));

  async function belongs(
    files: Desk,
    desk: DeskId,
    person: Person,
    group: Group,
  ): Promise<boolean | Unknown> {
    const colon = group.indexOf(':');
    const [name, id] = [group.slice(0, colon), group.slice(colon + 1)];
    const kind = kinds.get(name);
    if (kind === undefined) return { unknown: `Groups of the kind “${name}” cannot be looked up here.` };
    const ask = (inner: Group) => belongs(files, desk, person, inner);
    return orUnknown(
      withinTime({ clock, ms: lookupMs, who: `The lookup of ${group}` }, (signal) =>
        kind.belongs({ desk, person, id, files, signal, ask }),
      ),
    );
  }

  return {
    async person(desk, account) {
      const { people } = await desks.desk(desk);
      if (people === undefined)
        throw new Failure('The file people.yml of the desk is missing or broken.', { transient: true });
      return people.byAccount.get(account) ?? null;
    },
    async belongs(desk, id, group) {
      return orUnknown(
        desks.desk(desk).then((files) => {
          if (files.people === undefined) return { unknown: 'The file people.yml is missing or broken.' };
          const person = files.people.persons.get(id);
          // Guests are in no internal group, whatever team somebody put them in.
          return person?.role === 'member' ? belongs(files, desk, person, group) : false;
        }),
      );
    },
  };
}

async function orUnknown(answer: Promise<boolean | Unknown>): Promise<boolean | Unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Failure) return { unknown: error.message };
    throw error;
  }
}
