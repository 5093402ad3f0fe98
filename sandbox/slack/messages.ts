// Writes, changes and removes messages, whoever asks: a method, a response URL, a person.
import { messageBody } from './bodies.ts';
import { asList, asText, isJson, type Json } from './json.ts';
import type { AppRow, ChannelRow, MessageRow, UserRow } from './rows.ts';
import { isShared } from './sight.ts';
import { messageKey } from './state.ts';
import type { World } from './world.ts';

export interface Draft {
  readonly text: string;
  readonly blocks?: readonly Json[];
  readonly thread_ts?: string | null;
  readonly reply_broadcast?: boolean;
  readonly metadata?: Json | null;
  readonly only_for?: string | null;
}

export function postAsApp(world: World, app: AppRow, channel: ChannelRow, draft: Draft): MessageRow {
  return put(world, channel, { user: app.bot_user_id, team_id: app.team_id, app_id: app.id }, draft);
}

export function postAsPerson(world: World, user: UserRow, channel: ChannelRow, draft: Draft): MessageRow {
  return put(world, channel, { user: user.id, team_id: user.team_id, app_id: null }, draft);
}

export interface MessageChange {
  readonly text?: string;
  readonly blocks?: readonly Json[];
  readonly metadata?: Json | null;
  /** Slack says "(edited)" of a changed text, and not of changed blocks. */
  readonly isMarkedAsEdited?: boolean;
}

export function changeMessage(world: World, row: MessageRow, change: MessageChange): MessageRow {
  const next = world.state.messages.put({
    ...row,
    text: change.text ?? row.text,
    blocks: change.blocks ? withIds(world, change.blocks) : row.blocks,
    metadata: change.metadata === undefined ? row.metadata : change.metadata,
    edited: change.isMarkedAsEdited ? { user: row.user, ts: world.state.newTs() } : row.edited,
  });
  if (row.only_for === null) {
    tellMessage(world, row, {
      subtype: 'message_changed',
      message: messageBody(world.state, next),
      previous_message: messageBody(world.state, row),
      hidden: true,
    });
  }
  world.changed();
  return next;
}

export function removeMessage(world: World, row: MessageRow): void {
  world.state.messages.delete(messageKey(row.channel, row.ts));
  if (row.only_for === null) {
    tellMessage(world, row, {
      subtype: 'message_deleted',
      deleted_ts: row.ts,
      previous_message: messageBody(world.state, row),
      hidden: true,
    });
  }
  world.changed();
}

const families = { public: 'channels', private: 'groups', im: 'im', mpim: 'mpim' } as const;
const channelTypes = { public: 'channel', private: 'group', im: 'im', mpim: 'mpim' } as const;

/** Apps hear of messages where they are, their own among them. */
function tellMessage(world: World, row: MessageRow, what: Json): void {
  const channel = world.state.channels.get(row.channel);
  if (!channel) return;
  const ts = world.state.newTs();
  world.tell({
    name: `message.${families[channel.kind]}`,
    team: row.team_id,
    channel,
    event: {
      type: 'message',
      ts: what['subtype'] === undefined ? row.ts : ts,
      ...what,
      channel: channel.id,
      event_ts: what['subtype'] === undefined ? row.ts : ts,
      channel_type: channelTypes[channel.kind],
    },
  });
}

/** Slack fills in what the app left out, and an app sees that in what comes back. */
export function withIds(world: World, blocks: readonly Json[]): readonly Json[] {
  const id = (): string => world.state.newSecret(3).slice(0, 5);
  const element = (value: unknown): unknown =>
    isJson(value) && isInteractive(value) && asText(value['action_id']) === undefined
      ? { ...value, action_id: id() }
      : value;
  return blocks.map((block) => ({
    ...block,
    block_id: asText(block['block_id']) ?? id(),
    ...(block['accessory'] === undefined ? {} : { accessory: element(block['accessory']) }),
    ...(block['element'] === undefined ? {} : { element: element(block['element']) }),
    ...(block['type'] === 'actions' ? { elements: asList(block['elements']).map(element) } : {}),
  }));
}

function isInteractive(element: Json): boolean {
  return element['type'] !== 'image';
}

function tellMentions(world: World, row: MessageRow, channel: ChannelRow, teams: Json): void {
  for (const app of world.state.apps.all()) {
    if (!row.text.includes(`<@${app.bot_user_id}>`) || channel.kind === 'im') continue;
    world.tell({
      name: 'app_mention',
      team: row.team_id,
      channel,
      onlyApp: app,
      event: {
        ...messageBody(world.state, row),
        ...teams,
        type: 'app_mention',
        channel: channel.id,
        event_ts: row.ts,
      },
    });
  }
}

function put(
  world: World,
  channel: ChannelRow,
  author: { readonly user: string; readonly team_id: string; readonly app_id: string | null },
  draft: Draft,
): MessageRow {
  const row = world.state.messages.put({
    channel: channel.id,
    ts: world.state.newTs(),
    ...author,
    text: draft.text,
    blocks: withIds(world, draft.blocks ?? []),
    thread_ts: draft.thread_ts ?? null,
    reply_broadcast: draft.reply_broadcast ?? false,
    metadata: draft.metadata ?? null,
    edited: null,
    only_for: draft.only_for ?? null,
  });
  if (row.only_for === null) {
    const teams = isShared(channel) ? { user_team: row.team_id, source_team: row.team_id } : {};
    tellMessage(world, row, { ...messageBody(world.state, row), ...teams });
    tellMentions(world, row, channel, teams);
  }
  world.changed();
  return row;
}
