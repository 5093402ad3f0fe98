// Who is who, and who belongs where, as it is now. Nothing is remembered: an answer holds for the decision that asked.
import { slackAccount } from '../desk/compile/compile-people.ts';
import type { Desk, People, Person } from '../desk/desk.ts';
import { addressOf, isDeclaredGuest, type SlackIdentity } from '../desk/guests.ts';
import type { Unknown } from '../domain/facts.ts';
import type { Links } from '../domain/links.ts';
import {
  account,
  personId,
  type Account,
  type DeskId,
  type Group,
  type Milliseconds,
  type PersonId,
} from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Directory } from '../engine/ports/directory.ts';
import { withinTime } from '../engine/time-limit.ts';
import type { KnownBy } from '../engine/linking.ts';
import type { Outside } from '../clients/outside.ts';
import type { GroupKind } from './group-kind.ts';
import { isInForce, linkedAccount, slackIdentityOf } from './link.ts';
import { lookUpIncident } from './pagerduty-incident.ts';
import { ownWorkspace } from './own-workspace.ts';
import type { SlackLookups } from './slack-lookups.ts';
import { isColleague, personByEmail } from './slack-person.ts';

export interface DirectoryParts {
  /** The files of the default branch as they are now. Throws `Failure`. */
  readonly desks: { desk(id: DeskId): Promise<Desk> };
  /** Whoever answers for a kind of group. */
  readonly groups: readonly GroupKind[];
  readonly clock: Clock;
  readonly outside: Outside;
  /** Absent where Slack is not set up. */
  readonly slack?: SlackLookups;
  /** What people proved themselves: an account of theirs, said on both sides. */
  readonly links?: (desk: DeskId) => Promise<Links>;
}

/** Who has an account, and what says so. */
export interface Identified {
  readonly person: PersonId;
  readonly by: KnownBy;
}

export interface IdentifyingDirectory extends Directory {
  /** As `person`, with what says so. */
  identify(desk: DeskId, account: Account): Promise<Identified | null>;
}

const lookupMs: Milliseconds = 5_000;

/**
 * `person` throws a transient `Failure` where the desk's people cannot be read, or Slack not asked: whoever spoke is then
 * neither known nor unknown, and is heard once they can. `belongs` never throws for an outage: it says what it does not
 * know.
 */
export function createDirectory({
  desks,
  groups,
  clock,
  outside,
  slack,
  links,
}: DirectoryParts): IdentifyingDirectory {
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
        kind.belongs({ desk, person, id, files, signal, using: outside.of(desk, { signal }), ask }),
      ),
    );
  }

  /** By people.yml, then as a declared guest, then by e-mail, then by what they proved. */
  async function identifyOnSlack(
    desk: DeskId,
    account: Account,
    files: Desk & { readonly people: People },
  ): Promise<Identified | null> {
    const user = slackIdentityOf(account);
    if (user === undefined) return null;
    const own = await ownWorkspace(desk, files, slack);
    const isOwn = user.workspace === own;
    const known = isOwn ? files.people.byAccount.get(slackAccount(undefined, user.user)) : undefined;
    if (known !== undefined) return { person: known, by: 'people' };
    const guests = [...(files.settings?.guests.values() ?? [])];
    if (guests.some((group) => isDeclaredGuest(group, { slack: user }, own)))
      return { person: personId(account), by: 'guests' };
    if (!isOwn) return null;
    const mailed = await byEmail(desk, user, files);
    if (mailed !== undefined) return { person: mailed, by: 'e-mail' };
    const linked = await byLink(desk, account, files.people);
    return linked === undefined ? null : { person: linked, by: 'link' };
  }

  /** A link is worth as much as both of its ends are now: a full member there, and the same person's account on GitHub. */
  async function byLink(desk: DeskId, account: Account, people: People): Promise<PersonId | undefined> {
    const link = (await links?.(desk))?.get(account);
    const user = slackIdentityOf(account);
    const workspace = link && (await slack?.of(desk));
    if (link === undefined || user === undefined || workspace === undefined) return undefined;
    if (!isInForce(link, people, workspace.workspace)) return undefined;
    const found = await withinTime({ clock, ms: lookupMs, who: 'Slack' }, (signal) =>
      workspace.lookUps.user(user.user, signal),
    );
    return found && isColleague(found, workspace) ? link.person : undefined;
  }

  /** Whoever holds a link proves an address: it is nobody's unless it is declared of guests, and a member has other accounts. */
  function personAt(
    address: string,
    { people, settings }: Desk & { readonly people: People },
  ): PersonId | null {
    const groups = [...(settings?.guests.values() ?? [])];
    if (!groups.some(({ emails }) => emails.includes(address))) return null;
    const known = [...people.persons.values()].find(({ email }) => email?.toLowerCase() === address);
    if (known !== undefined) return known.role === 'guest' ? known.id : null;
    return personId(account('email', address));
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
  async function withLink(desk: DeskId, person: Person, people: People): Promise<Person> {
    if (person.slack || links === undefined) return person;
    const workspace = await slack?.of(desk);
    const account = workspace && linkedAccount(await links(desk), person.id, people, workspace.workspace);
    return account ? { ...person, slack: account } : person;
  }

  async function identify(desk: DeskId, asked: Account): Promise<Identified | null> {
    const files = await desks.desk(desk);
    const { people } = files;
    if (people === undefined)
      throw new Failure('The file people.yml of the desk is missing or broken.', { transient: true });
    const known = people.byAccount.get(asked);
    if (known !== undefined) return { person: known, by: 'people' };
    const address = addressOf(asked);
    const guest = address === undefined ? null : personAt(address, { ...files, people });
    if (guest !== null) return { person: guest, by: 'guests' };
    return asked.startsWith('slack:') ? identifyOnSlack(desk, asked, { ...files, people }) : null;
  }

  return {
    identify,
    person: async (desk, account) => (await identify(desk, account))?.person ?? null,
    async incident(desk, { person: id, ...asked }) {
      return orUnknown(
        desks.desk(desk).then(async (files) => {
          const person = files.people?.persons.get(id);
          if (person === undefined) return { unknown: 'Whoever asks is not in people.yml.' };
          return withinTime({ clock, ms: lookupMs, who: 'PagerDuty' }, (signal) =>
            lookUpIncident(asked, { person, files, using: outside.of(desk, { signal }) }),
          );
        }),
      );
    },
    async belongs(desk, id, group) {
      return orUnknown(
        desks.desk(desk).then(async (files) => {
          if (files.people === undefined) return { unknown: 'The file people.yml is missing or broken.' };
          const person = files.people.persons.get(id) ?? guestOf(id);
          if (person === undefined) return false;
          // Guests are in no internal group, whatever team somebody put them in, and nobody else is among guests.
          if (group.startsWith('guest:') !== (person.role === 'guest')) return false;
          return belongs(files, desk, await withLink(desk, person, files.people), group);
        }),
      );
    },
  };
}

function partsOf(group: Group): readonly [kind: string, id: string] {
  const colon = group.indexOf(':');
  return [group.slice(0, colon), group.slice(colon + 1)];
}

/** A guest who is in no file by name is called by their account. */
function guestOf(id: PersonId): Person | undefined {
  const email = addressOf(id);
  if (email !== undefined) return { id, name: email, role: 'guest', email };
  const slack = slackIdentityOf(id);
  return slack && { id, name: slack.user, role: 'guest', slack };
}

async function orUnknown<T>(answer: Promise<T | Unknown>): Promise<T | Unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Failure) return { unknown: error.message };
    throw error;
  }
}
