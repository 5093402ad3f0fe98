// The one place that looks at what Slack answers: unknown until then, and a sentence where it is not what was expected.
import { SlackFailure } from './failure.ts';

/** Which workspace a token is for, and who the app is there. */
export interface SlackIdentity {
  readonly team: string;
  readonly teamName: string;
  /** `https://acme.slack.com/` */
  readonly url: string;
  /** The app’s own user. */
  readonly user: string;
  readonly bot: string;
  /** What the token may do; absent where Slack does not say it. */
  readonly scopes?: readonly string[];
}

export interface SlackChannel {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  /** With another workspace, or pending so. */
  readonly isShared: boolean;
  /** The workspaces that it is shared with, as far as Slack says; its own may be among them. */
  readonly sharedWith?: readonly string[];
  readonly isArchived: boolean;
  /** Whether the app is in it. */
  readonly isMember: boolean;
  /** A direct message, or one with several. */
  readonly isDirect: boolean;
}

export interface SlackUser {
  readonly id: string;
  /** The user’s home workspace. */
  readonly team: string;
  readonly handle: string;
  /** As people see it. */
  readonly name: string;
  /** What the user’s own workspace says; proves nothing about one of another. */
  readonly email?: string;
  readonly isEmailConfirmed: boolean;
  readonly isBot: boolean;
  readonly isDeactivated: boolean;
  /** A guest of the workspace; `isUltraRestricted`: of a single channel. */
  readonly isRestricted: boolean;
  readonly isUltraRestricted: boolean;
  /** Known from a shared channel alone. */
  readonly isStranger: boolean;
}

export interface SlackGroup {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly isDisabled: boolean;
}

/** A message as it stands in a channel. */
export interface FoundMessage {
  readonly ts: string;
  readonly thread?: string;
  readonly user?: string;
  readonly bot?: string;
  readonly metadata?: MessageMetadata;
}

export interface MessageMetadata {
  readonly event_type: string;
  readonly event_payload: { readonly [name: string]: unknown };
}

export interface PostedMessage {
  readonly channel: string;
  readonly ts: string;
}

export interface OpenedView {
  readonly id: string;
  readonly hash: string;
}

export function readIdentity(answer: unknown): SlackIdentity {
  const said = must('auth.test', answer);
  const scopes = listOf(fieldOf(answer, 'response_metadata'), 'scopes').filter(isText);
  return {
    team: said('team_id'),
    teamName: said('team'),
    url: said('url'),
    user: said('user_id'),
    bot: textOf(answer, 'bot_id') ?? '',
    ...(scopes.length > 0 && { scopes }),
  };
}

export function readPosted(method: string, answer: unknown): PostedMessage {
  const said = must(method, answer);
  return { channel: said('channel'), ts: said('ts') };
}

export function readView(method: string, answer: unknown): OpenedView {
  const view = fieldOf(answer, 'view');
  return { id: must(method, view)('id'), hash: textOf(view, 'hash') ?? '' };
}

/** One string of an answer. */
export function readText(method: string, answer: unknown, name: string): string {
  return must(method, answer)(name);
}

export function readOpened(answer: unknown): string {
  return must('conversations.open', fieldOf(answer, 'channel'))('id');
}

export function readChannels(answer: unknown): readonly SlackChannel[] {
  return listOf(answer, 'channels').map(readChannel);
}

export function readOneChannel(answer: unknown): SlackChannel {
  return readChannel(fieldOf(answer, 'channel'));
}

function readChannel(channel: unknown): SlackChannel {
  const flag = (name: string): boolean => fieldOf(channel, name) === true;
  const shared = [...listOf(channel, 'shared_team_ids'), ...listOf(channel, 'connected_team_ids')];
  const sharedWith = [...new Set(shared.filter(isText))];
  return {
    id: must('conversations', channel)('id'),
    name: textOf(channel, 'name') ?? '',
    isPrivate: flag('is_private') || flag('is_im') || flag('is_mpim'),
    isShared: flag('is_shared') || flag('is_ext_shared') || flag('is_pending_ext_shared'),
    ...(sharedWith.length > 0 && { sharedWith }),
    isArchived: flag('is_archived'),
    isMember: flag('is_member') || flag('is_im') || flag('is_mpim'),
    isDirect: flag('is_im') || flag('is_mpim'),
  };
}

export function readUser(answer: unknown): SlackUser {
  const user = fieldOf(answer, 'user');
  const profile = fieldOf(user, 'profile');
  const flag = (name: string): boolean => fieldOf(user, name) === true;
  const handle = textOf(user, 'name') ?? '';
  const names = [textOf(profile, 'display_name'), textOf(user, 'real_name'), textOf(profile, 'real_name')];
  const email = textOf(profile, 'email');
  const id = must('users.info', user)('id');
  return {
    id,
    team: textOf(user, 'team_id') ?? textOf(profile, 'team') ?? '',
    handle,
    name: names.find((name) => name !== undefined && name !== '') ?? handle,
    ...(email !== undefined && email !== '' && { email }),
    isEmailConfirmed: flag('is_email_confirmed'),
    isBot: flag('is_bot') || id === 'USLACKBOT',
    isDeactivated: flag('deleted'),
    isRestricted: flag('is_restricted') || flag('is_ultra_restricted'),
    isUltraRestricted: flag('is_ultra_restricted'),
    isStranger: flag('is_stranger'),
  };
}

export function readGroups(answer: unknown): readonly SlackGroup[] {
  return listOf(answer, 'usergroups').map((each) => ({
    id: must('usergroups.list', each)('id'),
    handle: textOf(each, 'handle') ?? '',
    name: textOf(each, 'name') ?? '',
    isDisabled: Number(fieldOf(each, 'date_delete') ?? 0) > 0,
  }));
}

/** A list of ids. */
export function readIds(method: string, answer: unknown, name: string): readonly string[] {
  const list = fieldOf(answer, name);
  if (!Array.isArray(list) || !list.every(isText)) throw unexpected(method, name);
  return list;
}

export function readMessages(answer: unknown): readonly FoundMessage[] {
  return listOf(answer, 'messages').flatMap((each) => {
    const [ts, thread, user, bot] = ['ts', 'thread_ts', 'user', 'bot_id'].map((name) => textOf(each, name));
    if (ts === undefined) return [];
    const metadata = readMetadata(fieldOf(each, 'metadata'));
    return [
      {
        ts,
        ...(thread !== undefined && { thread }),
        ...(user !== undefined && { user }),
        ...(bot !== undefined && { bot }),
        ...(metadata !== undefined && { metadata }),
      },
    ];
  });
}

function readMetadata(metadata: unknown): MessageMetadata | undefined {
  const type = textOf(metadata, 'event_type');
  const payload = fieldOf(metadata, 'event_payload');
  if (type === undefined || typeof payload !== 'object' || payload === null) return undefined;
  return { event_type: type, event_payload: Object.fromEntries(Object.entries(payload)) };
}

/** Where the next page begins; undefined on the last. */
export function nextCursor(answer: unknown): string | undefined {
  const cursor = textOf(fieldOf(answer, 'response_metadata'), 'next_cursor');
  return cursor === '' ? undefined : cursor;
}

function must(method: string, value: unknown): (name: string) => string {
  return (name) => {
    const text = textOf(value, name);
    if (text === undefined || text === '') throw unexpected(method, name);
    return text;
  };
}

function unexpected(method: string, name: string): SlackFailure {
  return new SlackFailure(`Slack, ${method}: its answer has no ${name}`, { kind: 'lost', transient: true });
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function textOf(value: unknown, name: string): string | undefined {
  const found = fieldOf(value, name);
  return typeof found === 'string' ? found : undefined;
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const found = fieldOf(value, name);
  return Array.isArray(found) ? found : [];
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
