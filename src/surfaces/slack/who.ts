// Who somebody on Slack is: in each desk that is served, by the links as they are now.
import { group, type Account, type DeskId, type PersonId } from '../../domain/names.ts';
import type { Directory } from '../../engine/ports/directory.ts';
import { accountOf, type SlackPerson } from './read-delivery.ts';

export interface Known {
  readonly desk: DeskId;
  readonly person: PersonId;
}

export interface WhoParts {
  readonly desks: readonly DeskId[];
  readonly directory: Pick<Directory, 'person' | 'belongs'>;
}

export interface Who {
  /** The desks that know them, in the order of the operator; only those of `of`, where it is given. Throws `Failure` where a desk cannot be read now. */
  known(who: SlackPerson, of?: readonly DeskId[]): Promise<readonly Known[]>;
  /** Whether they are one of the desk's own people, and no guest. */
  isColleague(desk: DeskId, who: SlackPerson): Promise<boolean>;
  /** Whom one desk knows these Slack users of a workspace as; who is not known is left out. */
  among(desk: DeskId, team: string, users: readonly string[]): Promise<ReadonlyMap<string, PersonId>>;
}

export function createWho({ desks, directory }: WhoParts): Who {
  return {
    async known(who, of = desks) {
      const account: Account = accountOf(who);
      const found = await Promise.all(
        of.map(async (desk) => ({ desk, person: await directory.person(desk, account) })),
      );
      return found.flatMap(({ desk, person }) => (person === null ? [] : [{ desk, person }]));
    },
    async isColleague(desk, who) {
      const person = await directory.person(desk, accountOf(who));
      return person !== null && (await directory.belongs(desk, person, group('role:member'))) === true;
    },
    async among(desk, team, users) {
      const found = await Promise.all(
        users.map(async (user) => [user, await directory.person(desk, accountOf({ team, user }))] as const),
      );
      return new Map(found.flatMap(([user, person]) => (person === null ? [] : [[user, person]])));
    },
  };
}
