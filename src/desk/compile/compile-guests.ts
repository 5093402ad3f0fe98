// The guests of `countersign.yml`: by their own ids alone, and never the desk's own people.
import { personId } from '../../domain/names.ts';
import type { GuestGroup, People } from '../desk.ts';
import type { Report } from '../diagnostic.ts';
import { nearest } from '../nearest.ts';
import { pointerTo } from '../yaml/positions.ts';
import type { SettingsFile } from '../schema/settings-schema.ts';

type GuestsFile = NonNullable<SettingsFile['guests']>;

export interface GuestsContext {
  /** Undefined where `people.yml` is broken. */
  readonly people: People | undefined;
  /** The desk's own workspace, where the file says it. */
  readonly workspace: string | undefined;
  readonly report: Report;
}

export function compileGuests(
  file: GuestsFile | undefined,
  context: GuestsContext,
): ReadonlyMap<string, GuestGroup> {
  return new Map(
    Object.entries(file ?? {}).map(([name, group]) => [
      name,
      compileGroup(group, pointerTo('guests', name), context),
    ]),
  );
}

function compileGroup(
  file: GuestsFile[string],
  at: string,
  { people, workspace: own, report }: GuestsContext,
): GuestGroup {
  const { label, slack_workspaces = [], slack_users = [], people: named = [] } = file;
  const { emails = [], email_domains = [] } = file;
  if (slack_workspaces.length + slack_users.length + named.length + emails.length === 0)
    report.add({ at, on: 'key' }, 'guests-nobody');
  for (const [index, workspace] of slack_workspaces.entries())
    if (workspace === own)
      report.add({ at: `${at}/slack_workspaces/${index}` }, 'guests-own-workspace', workspace);
  for (const [index, name] of named.entries()) {
    if (people === undefined) break;
    if (people.persons.has(personId(name))) continue;
    const place = { at: `${at}/people/${index}`, suggestion: nearest(name, people.persons.keys()) };
    report.add(place, 'unknown-person', name);
  }
  return {
    label,
    workspaces: slack_workspaces,
    users: slack_users.map(readUser),
    people: named.map(personId),
    emails: emails.map((address) => address.toLowerCase()),
    emailDomains: email_domains,
  };
}

/** `T…/U…`, or `U…` of the desk's own workspace. */
function readUser(text: string): GuestGroup['users'][number] {
  const [first = '', user] = text.split('/');
  return user === undefined ? { user: first } : { workspace: first, user };
}
