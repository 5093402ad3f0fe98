// What is wrong with that which a desk's files name on Slack, each at its place. Pure: it was looked up before.
import type { Desk, Person } from '../desk.ts';
import type { DeskFiles } from '../desk-reader.ts';
import { createReport, type Diagnostic, type Report } from '../diagnostic.ts';
import { nearest } from '../nearest.ts';
import { pathOf, pointerTo } from '../yaml/positions.ts';
import { readYaml } from '../yaml/yaml-file.ts';
import type { SeenChannel, SlackSeen } from './slack-seen.ts';

/** Where the files name none, and the app was invited to one of this name. */
export const defaultErrorChannel = 'countersign-errors';

const settingsPath = 'flows/countersign.yml';
const peoplePath = 'flows/people.yml';

/** `desk`: what the files mean. */
export function slackDiagnostics(files: DeskFiles, desk: Desk, seen: SlackSeen): readonly Diagnostic[] {
  return [...files].flatMap(([file, content]) => {
    if (!/^flows\/[^/]+\.yml$/.test(file) || file.endsWith('.test.yml')) return [];
    const yaml = readYaml(file, content);
    if (!yaml.ok) return [];
    const report = createReport(file, yaml.positions);
    const named = namedIn(file, yaml.value, desk);
    lookAt(named, { report, seen, own: ownOf(desk, seen) });
    if (file === settingsPath) lookAtSettings(named, desk, { report, seen });
    return report.diagnostics;
  });
}

interface Named {
  readonly is: 'told' | 'errors' | 'group-channel' | 'group' | 'user' | 'guests';
  /** What stands after the colon; of a user, with the workspace before it where one is written. */
  readonly name: string;
  readonly at: string;
  /** Characters into the text. */
  readonly offset: number;
  /** As people.yml has it. */
  readonly role?: Person['role'];
}

interface Around {
  readonly report: Report;
  readonly seen: SlackSeen;
}

/** The workspace that the files would have; undefined where nobody can say. */
function ownOf({ settings }: Desk, { workspace }: SlackSeen): string | undefined {
  return settings?.slack?.workspace ?? workspace;
}

function lookAt(named: readonly Named[], around: Around & { readonly own: string | undefined }): void {
  const { report, seen, own } = around;
  const [first] = named;
  if (first === undefined) return;
  const place = placeOf(first);
  if (seen.connected.length === 0)
    return seen.unanswered === undefined
      ? report.add(place, 'slack-not-connected')
      : report.add(place, 'slack-unanswered', seen.unanswered);
  if (own === undefined) return report.add(place, 'slack-workspace-needed', seen.connected.length);
  if (own !== seen.workspace) return notAsked(own, place, around);
  if (seen.unanswered !== undefined) report.add(place, 'slack-unanswered', seen.unanswered);
  for (const each of named) lookAtOne(each, around);
}

/** The change moves the desk to another workspace: what is there was not looked up. */
function notAsked(own: string, place: ReturnType<typeof placeOf>, { report, seen }: Around): void {
  if (!seen.connected.includes(own)) report.add(place, 'slack-workspace-unknown', own);
  else report.add(place, 'slack-unanswered', `the desk is in the workspace ${own} only once this is merged.`);
}

function lookAtOne(named: Named, around: Around): void {
  switch (named.is) {
    case 'told':
    case 'errors':
    case 'group-channel':
      return lookAtChannel(named, around);
    case 'group':
      return lookAtGroup(named, around);
    case 'user':
      return lookAtUser(named, around);
    case 'guests':
      return lookAtGuests(named, around);
    default:
      return named.is satisfies never;
  }
}

function lookAtChannel(named: Named, { report, seen }: Around): void {
  const { is, name } = named;
  const channel = of(seen.channels, name);
  const place = placeOf(named);
  const shown = /^[CG][A-Z0-9]{7,}$/.test(name) ? name : `#${name}`;
  if (channel === undefined) return;
  if (channel === null) {
    const close = nearest(name, seen.known.channels);
    const suggestion = close && `slack-channel:${close}`;
    return report.add({ ...place, suggestion }, 'channel-missing', shown);
  }
  if (channel.isArchived) return report.add(place, 'channel-archived', shown);
  if (is === 'group-channel' && !isClosed(channel))
    return report.add(place, channel.isPrivate ? 'channel-shared' : 'channel-open', shown);
  if (!channel.isMember) return report.add(place, 'channel-without-app', shown);
  if (is === 'errors' && channel.isShared) report.add(place, 'errors-shared', shown);
}

function isClosed({ isPrivate, isShared }: SeenChannel): boolean {
  return isPrivate && !isShared;
}

function lookAtGroup(named: Named, { report, seen }: Around): void {
  const group = of(seen.groups, named.name);
  const place = placeOf(named);
  if (group === 'disabled') report.add(place, 'slack-group-disabled', named.name);
  if (group !== null) return;
  const close = nearest(named.name, seen.known.groups);
  report.add({ ...place, suggestion: close && `slack-group:${close}` }, 'slack-group-missing', named.name);
}

function lookAtUser(named: Named, { report, seen }: Around): void {
  const [id = '', workspace = seen.workspace] = named.name.split('/').reverse();
  const user = of(seen.users, id);
  const place = placeOf(named);
  if (user === undefined) return;
  if (user === null) {
    // Whoever is of another workspace is seen only from a channel that is shared with it, where Slack shows them at all.
    if (workspace === seen.workspace) report.add(place, 'slack-user-missing', id);
    return;
  }
  if (user.isDeactivated) report.add(place, 'slack-user-deactivated', id);
  else if (user.isBot) report.add(place, 'slack-user-bot', id);
  else if (user.isGuest && named.role === 'member') report.add(place, 'slack-user-guest', id);
}

function lookAtGuests(named: Named, { report, seen }: Around): void {
  const { name } = named;
  if (seen.neighbours === undefined || seen.connected.includes(name) || seen.neighbours.includes(name))
    return;
  report.add(placeOf(named), 'guests-unseen', name);
}

/** Only where the desk has anything to do with Slack. */
function lookAtSettings(named: readonly Named[], { settings }: Desk, { report, seen }: Around): void {
  const usesSlack = named.length > 0 || settings?.slack !== undefined;
  if (settings === undefined || !usesSlack || settings.errors !== undefined) return;
  if (seen.workspace === undefined || seen.unanswered !== undefined || seen.hasDefaultErrors) return;
  report.add({ at: '', on: 'key' }, 'no-error-channel', defaultErrorChannel);
}

function of<T>(all: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(all, name) ? all[name] : undefined;
}

function placeOf({ at, offset }: Named): { readonly at: string; readonly offset: number } {
  return { at, offset };
}

function namedIn(file: string, value: unknown, desk: Desk): readonly Named[] {
  const texts = textsIn(value).flatMap(({ text, at }) => namedInText(text, at));
  if (file === peoplePath) return [...texts, ...accountsOf(desk)];
  return file === settingsPath ? [...texts, ...guestsOf(desk)] : texts;
}

/** A whole text, or a group that a condition asks for. */
const mentions = /slack-(channel|group):([\p{L}\p{N}._-]+)(?![\p{L}\p{N}./_-])/gu;

function namedInText(text: string, at: string): readonly Named[] {
  const path = pathOf(at);
  const isTold = path.includes('notify');
  const isErrors = path.at(-1) === 'errors';
  const isWhole = /^slack-(?:channel|group):/.test(text);
  if (!isWhole && (isTold || isErrors || !text.includes('belongs_to('))) return [];
  return [...text.matchAll(mentions)].map((match): Named => {
    const [, kind, name = ''] = match;
    const place = { name, at, offset: match.index };
    if (kind === 'group') return { is: 'group', ...place };
    return { is: isErrors ? 'errors' : isTold ? 'told' : 'group-channel', ...place };
  });
}

/** Every text of a value, with its pointer. */
function textsIn(value: unknown, at = ''): readonly { readonly text: string; readonly at: string }[] {
  if (typeof value === 'string') return [{ text: value, at }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, at + pointerTo(key)));
}

function accountsOf({ people }: Desk): readonly Named[] {
  return [...(people?.persons.values() ?? [])].flatMap(({ id, slack, role }): readonly Named[] => {
    if (slack === undefined) return [];
    const { workspace, user } = slack;
    const at = pointerTo('people', id, 'slack') + (workspace === undefined ? '' : '/user');
    const name = workspace === undefined ? user : `${workspace}/${user}`;
    return [{ is: 'user', name, at, offset: 0, role }];
  });
}

function guestsOf({ settings }: Desk): readonly Named[] {
  return [...(settings?.guests ?? [])].flatMap(([group, { workspaces, users }]): readonly Named[] => [
    ...workspaces.map((name, index): Named => ({
      is: 'guests',
      ...{ name, at: pointerTo('guests', group, 'slack_workspaces', index), offset: 0 },
    })),
    ...users.map(({ workspace, user }, index): Named => ({
      is: 'user',
      name: workspace === undefined ? user : `${workspace}/${user}`,
      at: pointerTo('guests', group, 'slack_users', index),
      offset: 0,
    })),
  ]);
}
