// `kind:id`, the one grammar for groups of people: which kinds there are, and what their ids look like.
import type { Place, Report } from './diagnostic.ts';
import { group, personId, type Group, type PersonId } from '../domain/names.ts';
import { nearest } from './nearest.ts';

/** The kinds that this version can look up, each with its form. */
const built: Readonly<Record<string, { readonly form: RegExp; readonly wants: string }>> = {
  person: { form: /^[A-Za-z][A-Za-z0-9._-]{0,62}$/, wants: 'person:NAME, a key of people.yml' },
  team: {
    form: /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    wants: 'team:ORG/SLUG, as in the address of the team on GitHub',
  },
  codeowners: {
    form: /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._-]{1,100}(?:\/(?!\.{1,2}(?:\/|$))[^/\s\p{Cc}]+)+$/u,
    wants: 'codeowners:ORG/REPOSITORY/PATH, of a file or folder',
  },
  role: { form: /^(admin|member)$/, wants: 'role:admin or role:member' },
};

/** Words of the language that this version cannot look up yet. */
const later: ReadonlySet<string> = new Set([
  'slack-group',
  'slack-channel',
  'pagerduty-schedule',
  'pagerduty-escalation-policy',
  'okta-group',
  'google-group',
  'guest',
  'manager',
]);

/** Words of other tools. */
const renamed: Readonly<Record<string, string>> = {
  user: 'person',
  users: 'person',
  people: 'person',
  member: 'person',
  github: 'person',
  'github-team': 'team',
  group: 'team',
  org: 'team',
};

/** Everybody of `people.yml`; undefined where that file is broken, so that names cannot be judged. */
export type KnownPeople = ReadonlySet<PersonId> | undefined;

/** The groups of a list, leaving out those that were reported. */
export function readGroups(
  list: readonly string[],
  at: string,
  people: KnownPeople,
  report: Report,
): readonly Group[] {
  return list.filter((text, index) => isGroup(text, { at: `${at}/${index}` }, people, report)).map(group);
}

/** Whether it has the form of a group that can be looked up, whoever is in it. */
export function isWellFormed(text: string): boolean {
  const colon = text.indexOf(':');
  const kind = text.slice(0, colon);
  const known = Object.hasOwn(built, kind) ? built[kind] : undefined;
  return known?.form.test(text.slice(colon + 1)) ?? false;
}

/** Whether it can be looked up; the report says why not. */
export function isGroup(text: string, place: Place, people: KnownPeople, report: Report): boolean {
  if (report.isFull) return false;
  const colon = text.indexOf(':');
  if (colon < 0) {
    report.add(
      { ...place, suggestion: guess(text, people) },
      'group-form',
      text,
      'write kind:id, such as team:acme/data',
    );
    return false;
  }
  const kind = text.slice(0, colon);
  const id = text.slice(colon + 1);
  const known = Object.hasOwn(built, kind) ? built[kind] : undefined;
  if (known === undefined) return refuseKind(kind, id, place, report);
  if (!known.form.test(id)) {
    report.add(place, 'group-form', text, `write ${known.wants}`);
    return false;
  }
  if (kind === 'person' && people !== undefined && !people.has(personId(id))) {
    const close = nearest(id, people);
    report.add(
      { ...place, offset: (place.offset ?? 0) + colon + 1, suggestion: close && `person:${close}` },
      'unknown-person',
      id,
    );
    return false;
  }
  return true;
}

function refuseKind(kind: string, id: string, place: Place, report: Report): false {
  if (later.has(kind)) {
    report.add(place, 'not-built', `The group kind “${kind}”`);
    return false;
  }
  const meant = Object.hasOwn(renamed, kind)
    ? renamed[kind]
    : nearest(kind, [...Object.keys(built), ...later]);
  report.add({ ...place, suggestion: meant && `${meant}:${id.trim()}` }, 'group-kind', kind);
  return false;
}

/** `acme/data` is a team, a name of `people.yml` is a person. */
function guess(text: string, people: KnownPeople): string | undefined {
  const name = text.replace(/^@/, '');
  if (/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/.test(name)) return `team:${name}`;
  if (people?.has(personId(name))) return `person:${name}`;
  return name === 'admin' || name === 'member' ? `role:${name}` : undefined;
}
