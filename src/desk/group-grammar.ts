// `kind:id`, the one grammar for groups of people: which kinds there are, and what their ids look like.
import type { Place, Report } from './diagnostic.ts';
import { group, personId, type Group, type PersonId } from '../domain/names.ts';
import {
  chooseIntegration,
  namesOfType,
  withoutLevel,
  type DeclaredIntegrations,
} from './group-integration.ts';
import { nearest } from './nearest.ts';

/** A channel of Slack by its name, which is in small letters, or by its id. */
export const channelForm: RegExp = /^(?:[CG][A-Z0-9]{7,20}|[\p{Ll}\p{Lo}\p{N}_-]{1,80})$/u;

interface GroupForm {
  readonly form: RegExp;
  readonly wants: string;
  /** The type of the integration that knows it. */
  readonly integration?: string;
}

/** The name of an integration may stand before the id. */
function outside(id: string): RegExp {
  return new RegExp(`^(?:[A-Za-z][A-Za-z0-9_-]{0,62}/)?${id}$`);
}

/** The kinds that this version can look up, each with its form. */
const built: Readonly<Record<string, GroupForm>> = {
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
  'slack-group': {
    form: /^(?:S[A-Z0-9]{7,20}|[\p{Ll}\p{Lo}\p{N}][\p{Ll}\p{Lo}\p{N}._-]{0,79})$/u,
    wants: 'slack-group:HANDLE, without the @, or its id, as in slack-group:S07DATA00',
  },
  'slack-channel': {
    form: channelForm,
    wants: 'slack-channel:NAME, without the #, or its id, as in slack-channel:C07ACCESS',
  },
  guest: {
    form: /^[A-Za-z][A-Za-z0-9_-]{0,62}$/,
    wants: 'guest:NAME, one of the guests of countersign.yml',
  },
  manager: {
    form: /^[A-Za-z][A-Za-z0-9._-]{0,62}$/,
    wants: 'manager:requester, or manager:NAME with a key of people.yml',
  },
  'okta-group': {
    form: outside('00g[A-Za-z0-9]{17}'),
    wants: 'okta-group:ID, as in the address of its page, 00g…, or okta-group:INTEGRATION/ID',
    integration: 'okta',
  },
  'google-group': {
    form: outside('(?:[^@\\s/,<>]{1,64}@[A-Za-z0-9.-]{1,189}|[a-z0-9]{10,30})'),
    wants: 'google-group:ADDRESS, or its id, or google-group:INTEGRATION/ADDRESS',
    integration: 'google',
  },
  'pagerduty-schedule': {
    form: outside('[A-Z0-9]{5,20}'),
    wants: 'pagerduty-schedule:ID, as in the address of its page, or pagerduty-schedule:INTEGRATION/ID',
    integration: 'pagerduty',
  },
  'pagerduty-escalation-policy': {
    form: outside('[A-Z0-9]{5,20}(?:/[1-9][0-9]?)?'),
    wants: 'pagerduty-escalation-policy:ID, or ID/LEVEL for one level alone, or INTEGRATION/ID before these',
    integration: 'pagerduty',
  },
};

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
  usergroup: 'slack-group',
  'user-group': 'slack-group',
  'slack-usergroup': 'slack-group',
  'slack-user-group': 'slack-group',
  channel: 'slack-channel',
  slack: 'slack-channel',
  guests: 'guest',
  okta: 'okta-group',
  google: 'google-group',
  'workspace-group': 'google-group',
  pagerduty: 'pagerduty-schedule',
  schedule: 'pagerduty-schedule',
  'on-call': 'pagerduty-schedule',
  oncall: 'pagerduty-schedule',
  'pagerduty-policy': 'pagerduty-escalation-policy',
  'escalation-policy': 'pagerduty-escalation-policy',
};

/** Everybody of `people.yml`; undefined where that file is broken, so that names cannot be judged. */
export type KnownPeople = ReadonlySet<PersonId> | undefined;

/** What only those groups may be who decide. */
export interface Deciding {
  /** Declared in `countersign.yml`; undefined where that file is broken. */
  readonly guests: ReadonlySet<string> | undefined;
}

/** Where groups are named. */
export interface GroupContext {
  readonly people: KnownPeople;
  /** Undefined where `countersign.yml` is broken, and where what is named there is not judged. */
  readonly integrations: DeclaredIntegrations | undefined;
  readonly report: Report;
  /** Absent where they ask, or are admins: guests and the requester's manager do neither. */
  readonly deciding?: Deciding;
}

/** The groups of a list, leaving out those that were reported. */
export function readGroups(list: readonly string[], at: string, context: GroupContext): readonly Group[] {
  return list.filter((text, index) => isGroup(text, { at: `${at}/${index}` }, context)).map(group);
}

/** Whether it has the form of a group that can be looked up, whoever is in it. */
export function isWellFormed(text: string): boolean {
  const colon = text.indexOf(':');
  const kind = text.slice(0, colon);
  const known = Object.hasOwn(built, kind) ? built[kind] : undefined;
  return known?.form.test(text.slice(colon + 1)) ?? false;
}

/** Whether it can be looked up; the report says why not. */
export function isGroup(text: string, place: Place, context: GroupContext): boolean {
  const { people, report } = context;
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
    const bare = id.trim().replace(/^[#@]/, '');
    const suggestion = bare !== id && known.form.test(bare) ? `${kind}:${bare}` : undefined;
    report.add({ ...place, suggestion }, 'group-form', text, `write ${known.wants}`);
    return false;
  }
  const inner = { ...place, offset: (place.offset ?? 0) + colon + 1 };
  switch (kind) {
    case 'person':
      return isKnownPerson(id, inner, context, []);
    case 'manager':
      return isManager(id, place, inner, context);
    case 'guest':
      return isGuestGroup(id, place, inner, context);
    default:
      return hasIntegration(text, place, context);
  }
}

/** Why a well-formed group cannot be looked up by these integrations, as a clause; undefined where it needs none, or has it. */
export function whyNoIntegration(text: string, integrations: DeclaredIntegrations): string | undefined {
  const [kind, id = ''] = splitAt(text, ':');
  const type = Object.hasOwn(built, kind) ? built[kind]?.integration : undefined;
  if (type === undefined) return undefined;
  const chosen = chooseIntegration(type, withoutLevel(id), integrations);
  return 'none' in chosen ? chosen.none : undefined;
}

/** The integrations by which the groups in a text are looked up, wherever they stand in it: in steps, in conditions. */
export function integrationsOfGroupsIn(text: string, integrations: DeclaredIntegrations): readonly string[] {
  return [...text.matchAll(/([a-z-]+):([^\s'"\\,\]}]+)/g)].flatMap(([, kind = '', id = '']) => {
    const type = Object.hasOwn(built, kind) ? built[kind]?.integration : undefined;
    const chosen = type === undefined ? undefined : chooseIntegration(type, withoutLevel(id), integrations);
    return chosen && 'name' in chosen ? [chosen.name] : [];
  });
}

/** What only its own service knows is looked up there: without the way to it, nobody could ever belong. */
function hasIntegration(text: string, place: Place, { integrations, report }: GroupContext): boolean {
  const why = integrations && whyNoIntegration(text, integrations);
  if (integrations === undefined || why === undefined) return true;
  const [kind, id = ''] = splitAt(text, ':');
  const [named, rest] = splitAt(withoutLevel(id), '/');
  const names = namesOfType(built[kind]?.integration ?? '', integrations);
  const meant = rest === undefined ? undefined : nearest(named, names);
  const suggestion = meant && `${kind}:${meant}${id.slice(named.length)}`;
  report.add({ ...place, suggestion }, 'group-integration', text, why);
  return false;
}

function splitAt(text: string, mark: string): readonly [before: string, after: string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function isKnownPerson(
  name: string,
  place: Place,
  { people, report }: GroupContext,
  others: readonly string[],
): boolean {
  if (people === undefined || people.has(personId(name))) return true;
  const close = nearest(name, [...people, ...others]);
  const kind = others.length > 0 ? 'manager' : 'person';
  report.add({ ...place, suggestion: close && `${kind}:${close}` }, 'unknown-person', name);
  return false;
}

function isManager(id: string, place: Place, inner: Place, context: GroupContext): boolean {
  if (id !== ownManager) return isKnownPerson(id, inner, context, [ownManager]);
  if (context.deciding) return true;
  context.report.add(place, 'group-place', `manager:${id}`, 'nobody is their own manager');
  return false;
}

/** In the place of a name, after `manager:`. */
const ownManager = 'requester';

function isGuestGroup(name: string, place: Place, inner: Place, { deciding, report }: GroupContext): boolean {
  if (deciding === undefined) {
    report.add(
      place,
      'group-place',
      `guest:${name}`,
      'guests decide where a step names them, and neither ask nor are admins',
    );
    return false;
  }
  const { guests } = deciding;
  if (guests === undefined || guests.has(name)) return true;
  const close = nearest(name, guests);
  report.add({ ...inner, suggestion: close && `guest:${close}` }, 'unknown-guests', name);
  return false;
}

function refuseKind(kind: string, id: string, place: Place, report: Report): false {
  const meant = Object.hasOwn(renamed, kind) ? renamed[kind] : nearest(kind, Object.keys(built));
  report.add({ ...place, suggestion: meant && `${meant}:${id.trim()}` }, 'group-kind', kind);
  return false;
}

/** `acme/data` is a team, a name of `people.yml` is a person. */
function guess(text: string, people: KnownPeople): string | undefined {
  if (text.startsWith('#'))
    return channelForm.test(text.slice(1)) ? `slack-channel:${text.slice(1)}` : undefined;
  const name = text.replace(/^@/, '');
  if (/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/.test(name)) return `team:${name}`;
  if (people?.has(personId(name))) return `person:${name}`;
  return name === 'admin' || name === 'member' ? `role:${name}` : undefined;
}
