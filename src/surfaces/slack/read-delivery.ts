// The one place that looks at what Slack delivers: unknown until then. Who it was is taken from the signed payload alone.
import { account, instant, type Account, type Instant } from '../../domain/names.ts';

/** A verified delivery of one of our connections. */
export interface SlackDelivery {
  /** The workspace whose app it came to. */
  readonly connection: string;
  readonly body: unknown;
  /** When Slack signed it; over a socket, when it came. */
  readonly signedAt: Instant;
  readonly retry?: { readonly num: number; readonly reason: string };
}

/** Somebody on Slack. `team` is their own workspace, which a shared channel makes another than the app's. */
export interface SlackPerson {
  readonly team: string;
  readonly user: string;
  readonly name: string;
}

/** A form, as it was when this was done in it. */
export interface SlackView {
  readonly id: string;
  readonly hash?: string;
  readonly callback: string;
  /** Its `private_metadata`. */
  readonly metadata: string;
  readonly values: unknown;
}

interface Said {
  /** The workspace whose app it came to. */
  readonly workspace: string;
  readonly who: SlackPerson;
  readonly at: Instant;
}

export type Delivered = Said &
  (
    | {
        readonly type: 'command';
        readonly word: string;
        readonly text: string;
        readonly channel: string;
        readonly trigger: string;
      }
    | {
        readonly type: 'shortcut';
        readonly trigger: string;
        /** Of a shortcut on a message. */
        readonly channel?: string;
      }
    | {
        readonly type: 'press';
        readonly action: string;
        readonly block: string;
        /** Of a button, or of what was chosen. */
        readonly value: string;
        readonly trigger: string;
        /** The signed time of the press, which tells two presses apart. */
        readonly pressed: string;
        readonly message?: { readonly channel: string; readonly ts: string };
        readonly view?: SlackView;
      }
    | { readonly type: 'submission'; readonly view: SlackView }
    | {
        readonly type: 'suggestion';
        readonly block: string;
        readonly query: string;
        readonly view?: SlackView;
      }
    | { readonly type: 'home' }
    | {
        readonly type: 'reply';
        readonly channel: string;
        /** The message below which it stands. */
        readonly thread: string;
        readonly ts: string;
        readonly text: string;
      }
  );

export type DeliveredOf<T extends Delivered['type']> = Extract<Delivered, { type: T }>;

/** `nothing`: it asks nothing of us. `unreadable`: it is not as Slack documents it. */
export function readDelivery(delivery: SlackDelivery): Delivered | 'nothing' | 'unreadable' {
  const body = membersOf(delivery.body);
  if (typeof body['command'] === 'string') return readCommand(body, delivery);
  switch (body['type']) {
    case 'shortcut':
    case 'message_action':
      return readShortcut(body, delivery);
    case 'block_actions':
      return readPress(body, delivery);
    case 'view_submission':
      return readSubmission(body, delivery);
    case 'block_suggestion':
      return readSuggestion(body, delivery);
    case 'event_callback':
      return readEvent(body, delivery);
    default:
      return 'nothing';
  }
}

export function accountOf({ team, user }: Pick<SlackPerson, 'team' | 'user'>): Account {
  return account('slack', `${team}/${user}`);
}

type Members = { readonly [name: string]: unknown };

function readCommand(body: Members, delivery: SlackDelivery): Delivered | 'unreadable' {
  const [team, user, channel, trigger] = texts(body, 'team_id', 'user_id', 'channel_id', 'trigger_id');
  if (!isId(team) || !isId(user) || channel === undefined || trigger === undefined) return 'unreadable';
  const name = textOf(body, 'user_name') ?? user;
  return {
    type: 'command',
    ...saidBy({ team, user, name }, delivery),
    word: textOf(body, 'command') ?? '',
    text: textOf(body, 'text') ?? '',
    channel,
    trigger,
  };
}

function readShortcut(body: Members, delivery: SlackDelivery): Delivered | 'unreadable' {
  const who = personOf(body);
  const trigger = textOf(body, 'trigger_id');
  if (who === undefined || trigger === undefined) return 'unreadable';
  const channel = textOf(membersOf(body['channel']), 'id');
  return {
    type: 'shortcut',
    ...saidBy(who, delivery),
    trigger,
    ...(channel !== undefined && { channel }),
  };
}

function readPress(body: Members, delivery: SlackDelivery): Delivered | 'unreadable' | 'nothing' {
  const who = personOf(body);
  const pressed = membersOf(listOf(body['actions'])[0]);
  const [action, block, time] = texts(pressed, 'action_id', 'block_id', 'action_ts');
  const trigger = textOf(body, 'trigger_id');
  if (who === undefined || action === undefined || time === undefined || trigger === undefined)
    return 'unreadable';
  const container = membersOf(body['container']);
  const [channel, ts] = [
    textOf(container, 'channel_id') ?? textOf(membersOf(body['channel']), 'id'),
    textOf(container, 'message_ts'),
  ];
  const view = viewOf(body['view']);
  return {
    type: 'press',
    ...saidBy(who, delivery),
    at: timeOf(time) ?? delivery.signedAt,
    action,
    block: block ?? '',
    value: textOf(pressed, 'value') ?? textOf(membersOf(pressed['selected_option']), 'value') ?? '',
    trigger,
    pressed: time,
    ...(channel !== undefined && ts !== undefined && { message: { channel, ts } }),
    ...(view && { view }),
  };
}

function readSubmission(body: Members, delivery: SlackDelivery): Delivered | 'unreadable' {
  const who = personOf(body);
  const view = viewOf(body['view']);
  if (who === undefined || view === undefined) return 'unreadable';
  return { type: 'submission', ...saidBy(who, delivery), view };
}

function readSuggestion(body: Members, delivery: SlackDelivery): Delivered | 'unreadable' {
  const who = personOf(body);
  if (who === undefined) return 'unreadable';
  const view = viewOf(body['view']);
  return {
    type: 'suggestion',
    ...saidBy(who, delivery),
    block: textOf(body, 'block_id') ?? '',
    query: textOf(body, 'value') ?? '',
    ...(view && { view }),
  };
}

function readEvent(body: Members, delivery: SlackDelivery): Delivered | 'nothing' | 'unreadable' {
  const event = membersOf(body['event']);
  const user = textOf(event, 'user');
  if (event['type'] === 'app_home_opened') {
    if (!isId(user) || event['tab'] !== 'home') return 'nothing';
    return { type: 'home', ...saidBy({ team: delivery.connection, user, name: user }, delivery) };
  }
  if (event['type'] !== 'message') return 'nothing';
  // Edited, deleted, joined; or an app's own words, ours among them.
  const subtype = textOf(event, 'subtype');
  if (subtype !== undefined && !saying.has(subtype)) return 'nothing';
  if (textOf(event, 'bot_id') !== undefined || !isId(user)) return 'nothing';
  const [channel, thread, ts, text] = texts(event, 'channel', 'thread_ts', 'ts', 'text');
  if (channel === undefined || thread === undefined || ts === undefined || thread === ts) return 'nothing';
  const team = textOf(event, 'user_team') ?? textOf(event, 'team') ?? delivery.connection;
  return {
    type: 'reply',
    ...saidBy({ team, user, name: user }, delivery),
    at: timeOf(ts) ?? delivery.signedAt,
    ...{ channel, thread, ts, text: text ?? '' },
  };
}

/** Messages like any other: with a file, or shown in the channel too. */
const saying: ReadonlySet<string> = new Set(['file_share', 'thread_broadcast']);

function saidBy(who: SlackPerson, { connection, signedAt }: SlackDelivery): Said {
  return { workspace: connection, who, at: signedAt };
}

/** A person of another workspace says so in `team_id`; whoever says nothing is of the workspace that it happened in. */
function personOf(body: Members): SlackPerson | undefined {
  const user = membersOf(body['user']);
  const id = textOf(user, 'id');
  const team = textOf(user, 'team_id') ?? textOf(membersOf(body['team']), 'id');
  if (!isId(id) || !isId(team)) return undefined;
  return { team, user: id, name: textOf(user, 'username') ?? textOf(user, 'name') ?? id };
}

function viewOf(value: unknown): SlackView | undefined {
  const view = membersOf(value);
  const id = textOf(view, 'id');
  if (id === undefined) return undefined;
  const hash = textOf(view, 'hash');
  return {
    id,
    ...(hash !== undefined && { hash }),
    callback: textOf(view, 'callback_id') ?? '',
    metadata: textOf(view, 'private_metadata') ?? '',
    values: membersOf(view['state'])['values'],
  };
}

/** Slack's `1732093202.004200`: seconds since 1970. */
function timeOf(stamp: string): Instant | undefined {
  const seconds = Number(stamp);
  if (!Number.isFinite(seconds) || seconds <= 0 || seconds > 1e11) return undefined;
  return instant(Math.floor(seconds * 1000));
}

function isId(text: string | undefined): text is string {
  return text !== undefined && /^[A-Z][A-Z0-9]{2,30}$/.test(text);
}

function texts(members: Members, ...names: readonly string[]): readonly (string | undefined)[] {
  return names.map((name) => textOf(members, name));
}

function textOf(members: Members, name: string): string | undefined {
  const value = members[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
