// Who is among the people of a desk: whoever people.yml names, by name or by the account that they speak with.
import type { Desk } from '../desk/desk.ts';
import type { DeskId } from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { Directory, Roster } from '../engine/ports/directory.ts';

export interface RosterParts {
  /** The files of the default branch as they are now. Throws `Failure`. */
  readonly desks: { desk(id: DeskId): Promise<Desk> };
  readonly directory: Pick<Directory, 'person'>;
}

export function createRoster({ desks, directory }: RosterParts): Roster {
  return {
    async isHere(desk, person, account) {
      const { people } = await desks.desk(desk);
      // A file that cannot be read, or that names nobody at all, is somebody's slip and says nothing of anybody.
      if (people === undefined || people.persons.size === 0)
        throw new Failure('The file people.yml of the desk is missing, broken or empty.', {
          transient: true,
        });
      if (people.persons.has(person)) return true;
      if (account === undefined) return false;
      const now = await directory.person(desk, account);
      return now !== null && people.persons.has(now);
    },
  };
}
