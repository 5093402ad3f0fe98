// Who is who, before and after a change: above all which account would act as another person.
import type { PersonId } from '../../domain/names.ts';
import type { People, Person } from '../desk.ts';
import type { Change, Place } from './change.ts';
import { quote } from './change-words.ts';
import { contrast } from './contrast.ts';
import { compareParts, saidElsewhere, type Parts } from './compare-parts.ts';

interface PersonPlace extends Place {
  readonly person: PersonId;
}

const personParts: Parts<Person, PersonPlace> = {
  id: saidElsewhere,
  name: {
    compare: (before, after, place) => {
      const { was, is } = contrast(before, after);
      return [place.change('text', 'other', `${place.person} is called ${is} instead of ${was}.`)];
    },
  },
  role: {
    compare: (_, after, place) => [
      after === 'member'
        ? place.change(
            'role',
            'easier',
            `${place.person} becomes a member: groups count for them that did not count for a guest.`,
            'loud',
          )
        : place.change('role', 'harder', `${place.person} becomes a guest, who is in no internal group.`),
    ],
  },
  email: {
    compare: (before, after, place) => {
      const now = after === undefined ? 'no e-mail address' : `the e-mail address ${quote(after)}`;
      const then = before === undefined ? '' : ` instead of ${quote(before)}`;
      return [
        place.change(
          'email',
          'other',
          `${place.person} has ${now}${then}: where a service knows people by it, what is granted goes there.`,
          'loud',
        ),
      ];
    },
  },
  accounts: {
    compare: (before = {}, after = {}, place) =>
      [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((service) => {
        const [was, is] = [before[service], after[service]];
        if (was === is) return [];
        const now = is === undefined ? `no account in ${service}` : `the account ${quote(is)} in ${service}`;
        const then = was === undefined ? '' : ` instead of ${quote(was)}`;
        return [
          place.change(
            'service-account',
            'other',
            `${place.person} has ${now}${then}: what is granted to them there goes to it.`,
            'loud',
          ),
        ];
      }),
  },
  // Accounts that people act by are compared over all people: they move from one to another.
  github: saidElsewhere,
  slack: saidElsewhere,
  manager: {
    compare: (before, after, place) => [
      place.change(
        'manager',
        'other',
        `${after ?? 'Nobody'} is the manager of ${place.person}${before === undefined ? '' : ` instead of ${before}`}.`,
      ),
    ],
  },
};

/** Undefined: there were none that could be read. */
export function comparePeople(before: People | undefined, after: People, place: Place): readonly Change[] {
  const was: ReadonlyMap<PersonId, Person> = before?.persons ?? new Map();
  return [
    ...[...was.values()].flatMap(({ id }) =>
      after.persons.has(id)
        ? []
        : [
            place.change(
              'person-removed',
              'harder',
              `${id} is no longer a person of this desk, and decides nothing.`,
            ),
          ],
    ),
    ...[...after.persons.values()].flatMap((person) => {
      const old = was.get(person.id);
      return old
        ? compareParts(personParts, old, person, { ...place, person: person.id })
        : [added(person, place)];
    }),
    ...compareAccounts(was, after.persons, place),
  ];
}

function added({ id, name, role, manager }: Person, place: Place): Change {
  const under = manager === undefined ? '' : `, under ${manager}`;
  return place.change(
    'person-added',
    'easier',
    `${id}, ${quote(name)}, is newly a ${role} of this desk${under}.`,
  );
}

function compareAccounts(
  before: ReadonlyMap<PersonId, Person>,
  after: ReadonlyMap<PersonId, Person>,
  place: Place,
): readonly Change[] {
  const [was, is] = [ownersOf(before), ownersOf(after)];
  const gained = [...is].flatMap(([key, { owner, shown }]): Change[] => {
    const old = was.get(key)?.owner;
    if (old === owner) return [];
    if (old !== undefined)
      return [
        place.change(
          'account-moved',
          'other',
          `The account ${shown} would act as ${owner}; until now it acts as ${old}.`,
          'loud',
        ),
      ];
    const isNew = !before.has(owner);
    const kind = key.slice(0, key.indexOf(':'));
    const replaced = [...was].find(
      ([other, { owner: whose }]) => whose === owner && other.startsWith(`${kind}:`),
    )?.[1];
    const instead = replaced ? ` instead of ${replaced.shown}` : '';
    return [
      place.change(
        'account-added',
        isNew ? 'easier' : 'other',
        `The account ${shown} would act as ${owner}${instead}.`,
        isNew ? undefined : 'loud',
      ),
    ];
  });
  const lost = [...was].flatMap(([key, { owner, shown }]) =>
    is.has(key) || !after.has(owner)
      ? []
      : [place.change('account-removed', 'harder', `The account ${shown} no longer acts as ${owner}.`)],
  );
  const renamed = [...is].flatMap(([key, { owner, shown }]) => {
    const old = was.get(key);
    return old === undefined || old.owner !== owner || old.shown === shown
      ? []
      : [
          place.change(
            'text',
            'other',
            `The account of ${owner} is written ${shown} instead of ${old.shown}.`,
          ),
        ];
  });
  return [...gained, ...lost, ...renamed];
}

/** By an id that never changes hands; the login is for people to read. */
export function accountsOf({
  github,
  slack,
}: Person): readonly { readonly key: string; readonly shown: string }[] {
  const workspace = slack?.workspace === undefined ? '' : `${slack.workspace}/`;
  return [
    ...(github ? [{ key: `github:${github.id}`, shown: `${github.id} (${github.login}) on GitHub` }] : []),
    ...(slack
      ? [{ key: `slack:${workspace}${slack.user}`, shown: `${workspace}${slack.user} on Slack` }]
      : []),
  ];
}

function ownersOf(
  persons: ReadonlyMap<PersonId, Person>,
): ReadonlyMap<string, { readonly owner: PersonId; readonly shown: string }> {
  return new Map(
    [...persons.values()].flatMap((person) =>
      accountsOf(person).map(({ key, shown }) => [key, { owner: person.id, shown }] as const),
    ),
  );
}
