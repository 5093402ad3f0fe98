// Who is who, and who belongs where, as it is now. Nothing is remembered: an answer holds for the decision that asked.
import { slackAccount } from '../desk/compile/compile-people.ts';
import type { Desk, People, Person } from '../desk/desk.ts';
import { isDeclaredGuest, type SlackIdentity } from '../desk/guests.ts';
import type { Unknown } from '../domain/facts.ts';
import {
  personId,
  type Account,
  type DeskId,
  type Group,
  type Milliseconds,
  type PersonId,
} from '../domain/names.ts';
import { Failure, type Clock, type Directory } from '../engine/ports.ts';
import { withinTime } from '../engine/time-limit.ts';
import type { GroupKind } from './group-kind.ts';
import { ownWorkspace } from './own-workspace.ts';
import type { SlackLookups } from './slack-lookups.ts';
import { personByEmail } from './slack-person.ts';

export interface DirectoryParts {
  /** The files of the default branch as they are now. Throws `Failure`. */
  readonly desks: { desk(id: DeskId): Promise<Desk> };
  /** Whoever answers for a kind of group. */
  readonly groups: readonly GroupKind[];
  readonly clock: Clock;
  /** Absent where Slack is not set up. */
  readonly slack?: SlackLookups;
  /** What people proved themselves: an account of theirs, said on both sides. */
  readonly links?: (desk: DeskId) => ReadonlyMap<Account, PersonId>;
}

const lookupMs: Milliseconds = 5_000;

/**
 * `person` throws a transient `Failure` where the desk's people cannot be read, or Slack not asked: whoever spoke is then
 * neither known nor unknown, and is heard once they can. `belongs` never throws for an outage: it says what it does not
 * know.
 */
export function createDirectory({ desks, groups, clock, slack, links }: DirectoryParts): Directory {
  const kinds = new Map(groups.map((group) => [group.kind, group]));

  async function belongs(
    files: Desk,
    desk: DeskId,
    person: Person,
    group: Group,
  ): Promise<boolean | Unknown> {
    const [name, id] = partsOf(group);
    const kind = kinds.get(name);
    if (kind === undefined) return { unknown: `Groups of the kind “${name}” cannot be looked up here.` };
    const ask = (inner: Group) => belongs(files, desk, person, inner);
    return orUnknown(
      withinTime({ clock, ms: lookupMs, who: `The lookup of ${group}` }, (signal) =>
        kind.belongs({ desk, person, id, files, signal, ask }),
      ),
    );
  }

  function linked(desk: DeskId, account: Account, { persons }: People): PersonId | null {
    const person = links?.(desk).get(account);
    return person !== undefined && persons.has(person) ? person : null;
  }

  /** By people.yml, then as a declared guest, then by e-mail, then by what they proved. */
  async function personOnSlack(
    desk: DeskId,
    account: Account,
    files: Desk & { readonly people: People },
  ): Promise<PersonId | null> {
    const user = slackIdentityOf(account);
    if (user === undefined) return null;
    const own = await ownWorkspace(desk, files, slack);
    const isOwn = user.workspace === own;
    const known = isOwn ? files.people.byAccount.get(slackAccount(undefined, user.user)) : undefined;
    if (known !== undefined) return known;
    const guests = [...(files.settings?.guests.values() ?? [])];
    if (guests.some((group) => isDeclaredGuest(group, { slack: user }, own))) return personId(account);
    return (isOwn && (await byEmail(desk, user, files))) || linked(desk, account, files.people);
  }

  async function byEmail(desk: DeskId, { user }: SlackIdentity, files: Desk): Promise<PersonId | undefined> {
    const domains = files.settings?.domains.linkByEmail ?? [];
    const workspace = domains.length > 0 ? await slack?.of(desk) : undefined;
    if (workspace === undefined) return undefined;
    const found = await withinTime({ clock, ms: lookupMs, who: 'Slack' }, (signal) =>
      workspace.lookUps.user(user, signal),
    );
    return found && personByEmail(found, files, workspace);
  }

  /** With the account on Slack that they proved, where people.yml has none. */
  function withLink(desk: DeskId, person: Person): Person {
    if (person.slack || links === undefined) return person;
    for (const [account, owner] of links(desk)) {
      const user = owner === person.id ? slackIdentityOf(account) : undefined;
      if (user) return { ...person, slack: user };
    }
    return person;
  }

  return {
    async person(desk, account) {
      const files = await desks.desk(desk);
      const { people } = files;
      if (people === undefined)
        throw new Failure('The file people.yml of the desk is missing or broken.', { transient: true });
      const known = people.byAccount.get(account);
      if (known !== undefined) return known;
      return account.startsWith('slack:')
        ? personOnSlack(desk, account, { ...files, people })
        : linked(desk, account, people);
    },
    async belongs(desk, id, group) {
      return orUnknown(
        desks.desk(desk).then((files) => {
          if (files.people === undefined) return { unknown: 'The file people.yml is missing or broken.' };
          const person = files.people.persons.get(id) ?? guestOf(id);
          if (person === undefined) return false;
          // Guests are in no internal group, whatever team somebody put them in, and nobody else is among guests.
          if (group.startsWith('guest:') !== (person.role === 'guest')) return false;
          return belongs(files, desk, withLink(desk, person), group);
        }),
      );
    },
  };
}

function partsOf(group: Group): readonly [kind: string, id: string] {
  const colon = group.indexOf(':');
  return [group.slice(0, colon), group.slice(colon + 1)];
}

/** `slack:T…/U…`; undefined where it is no account on Slack. */
function slackIdentityOf(account: string): (SlackIdentity & { readonly workspace: string }) | undefined {
  const [, workspace, user] = /^slack:([A-Z0-9]+)\/([A-Z0-9]+)$/.exec(account) ?? [];
  return workspace === undefined || user === undefined ? undefined : { workspace, user };
}

/** A guest who is in no file by name is called by their account. */
function guestOf(id: PersonId): Person | undefined {
  const slack = slackIdentityOf(id);
  return slack && { id, name: slack.user, role: 'guest', slack };
}

async function orUnknown(answer: Promise<boolean | Unknown>): Promise<boolean | Unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Failure) return { unknown: error.message };
    throw error;
  }
}
