// Who counts as which guest, before and after a change: people from outside, who may decide where a flow lets them.
import type { GuestGroup } from '../desk.ts';
import type { Change, Effect, Place } from './change.ts';
import { names, packed, quote, short } from './change-words.ts';
import { compareParts, differenceOf, type Part, type Parts } from './compare-parts.ts';
import { contrast } from './contrast.ts';

interface GuestsPlace extends Place {
  readonly guests: string;
}

type Users = GuestGroup['users'];

/** Those who newly are guests, and those who no longer are. */
function whoPart<T>(
  words: (some: readonly T[]) => string,
  keyOf: (one: T) => string,
): Part<readonly T[], GuestsPlace> {
  return {
    isSet: true,
    compare: (before, after, place) => {
      const [was, is] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))];
      const added = after.filter((one) => !was.has(keyOf(one)));
      const removed = before.filter((one) => !is.has(keyOf(one)));
      return [
        ...added.map((one) =>
          tell(place, 'easier', `Newly among the guests ${place.guests}: ${words([one])}.`),
        ),
        ...(removed.length > 0
          ? [tell(place, 'harder', `No longer among the guests ${place.guests}: ${words(removed)}.`)]
          : []),
      ];
    },
  };
}

const guestParts: Parts<GuestGroup, GuestsPlace> = {
  label: {
    compare: (before, after, place) => {
      const { was, is } = contrast(before, after);
      return [
        place.change('text', 'other', `The guests ${place.guests} are called ${is} instead of ${was}.`),
      ];
    },
  },
  workspaces: whoPart(workspaceWords, (workspace) => workspace),
  users: whoPart(userWords, userText),
  people: whoPart(names, (person) => person),
  emails: whoPart(addressWords, (address) => address),
  emailDomains: {
    isSet: true,
    compare: (before, after, place) => {
      const of = `the guests ${place.guests}`;
      if (after.length === 0)
        return [tell(place, 'easier', `No e-mail domain narrows ${of} any more; it was ${names(before)}.`)];
      if (before.length === 0)
        return [
          tell(place, 'harder', `Of ${of} only those count with an e-mail address at ${names(after)}.`),
        ];
      const { added, removed } = differenceOf(before, after);
      return [
        ...added.map((domain) =>
          tell(place, 'easier', `Of ${of} those at ${short(domain)} newly count as well.`),
        ),
        ...(removed.length > 0
          ? [tell(place, 'harder', `Of ${of} those at ${names(removed)} no longer count.`)]
          : []),
      ];
    },
  },
};

export function compareGuests(
  before: ReadonlyMap<string, GuestGroup>,
  after: ReadonlyMap<string, GuestGroup>,
  place: Place,
): readonly Change[] {
  return [
    ...[...before.keys()]
      .filter((name) => !after.has(name))
      .map((name) => tell(place, 'harder', `There are no guests ${name} any more: they decide nothing.`)),
    ...[...after].flatMap(([name, group]) => {
      const old = before.get(name);
      if (old) return compareParts(guestParts, old, group, { ...place, guests: name });
      return whoWords(group).map((who) =>
        tell(place, 'easier', `There are new guests ${name}, ${quote(group.label)}: ${who}.`),
      );
    }),
  ];
}

function tell(place: Place, effect: Effect, sentence: string): Change {
  return place.change('guests', effect, sentence, effect === 'easier' ? 'loud' : undefined);
}

function whoWords({ workspaces, users, people, emails, emailDomains }: GuestGroup): readonly string[] {
  return packed([
    ...workspaces.map((one) => workspaceWords([one])),
    ...users.map((one) => userWords([one])),
    ...people.map((one) => short(one)),
    ...emails.map((one) => addressWords([one])),
    ...(emailDomains.length > 0 ? [`only with an e-mail address at ${names(emailDomains)}`] : []),
  ]);
}

function workspaceWords(some: readonly string[]): string {
  return `everybody of the Slack workspace ${names(some)}`;
}

function userWords(some: Users): string {
  return `the Slack user ${names(some.map(userText))}`;
}

function addressWords(some: readonly string[]): string {
  return `whoever reads the mail of ${names(some)}, by a link`;
}

function userText({ workspace, user }: Users[number]): string {
  return workspace === undefined ? user : `${workspace}/${user}`;
}
