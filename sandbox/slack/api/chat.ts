// The chat methods: messages that an app writes, changes and takes back.
import { isJson, type Json } from '../json.ts';
import { checkMessage, checkMetadata } from '../limits/message.ts';
import { changeMessage, postAsApp, removeMessage } from '../messages.ts';
import { SlackProblem } from '../problem.ts';
import type { AppRow, ChannelRow, MessageRow, UserRow } from '../rows.ts';
import { acquaintance, appSees, openConversation } from '../sight.ts';
import { messageKey } from '../state.ts';
import type { World } from '../world.ts';
import { messageBody } from '../bodies.ts';
import type { Arguments } from './arguments.ts';
import { tier3, tier4, type Call, type Method } from './method.ts';

const postMessage: Method = {
  name: 'chat.postMessage',
  scopes: ['chat:write'],
  token: 'bot',
  // One a second for each channel; a burst is borne as long as the average holds.
  rate: { calls: 5, perMs: 5000, by: 'channel', inAllPerMinute: 300 },
  run({ world, app, args }) {
    const channel = writable(world, app, args.text('channel'));
    const content = contentOf(args);
    const thread_ts = threadOf(world, channel, args.text('thread_ts'));
    const message = postAsApp(world, app, channel, {
      ...content,
      text: content.text ?? '',
      thread_ts,
      reply_broadcast: args.flag('reply_broadcast'),
      metadata: metadataOf(args) ?? null,
    });
    return {
      channel: channel.id,
      ts: message.ts,
      message: messageBody(world.state, message),
    };
  },
};

const update: Method = {
  name: 'chat.update',
  scopes: ['chat:write'],
  token: 'bot',
  rate: tier3,
  run({ world, app, args }) {
    const channel = channelById(world, app, args.text('channel'));
    const row = messageIn(world, channel, args.needed('ts'));
    if (row.app_id !== app.id) throw new SlackProblem('cant_update_message');
    if (channel.is_archived) throw new SlackProblem('is_inactive');
    const content = contentOf(args);
    const metadata = metadataOf(args);
    const changed = changeMessage(world, row, {
      // Text alone takes the blocks away; blocks alone leave nothing of the text.
      text: content.text ?? '',
      blocks: content.blocks ?? [],
      isMarkedAsEdited: content.blocks === undefined,
      ...(metadata === undefined ? {} : { metadata }),
    });
    return {
      channel: channel.id,
      ts: row.ts,
      text: changed.text,
      message: messageBody(world.state, changed),
    };
  },
};

const postEphemeral: Method = {
  name: 'chat.postEphemeral',
  scopes: ['chat:write'],
  token: 'bot',
  rate: tier4,
  run({ world, app, args }) {
    const channel = channelById(world, app, args.text('channel'));
    if (channel.is_archived) throw new SlackProblem('is_archived');
    if (!channel.members.includes(app.bot_user_id)) throw new SlackProblem('not_in_channel');
    const user = args.needed('user');
    if (!channel.members.includes(user)) throw new SlackProblem('user_not_in_channel');
    const content = contentOf(args);
    const message = postAsApp(world, app, channel, {
      ...content,
      text: content.text ?? '',
      thread_ts: threadOf(world, channel, args.text('thread_ts')),
      only_for: user,
    });
    return { message_ts: message.ts };
  },
};

const remove: Method = {
  name: 'chat.delete',
  scopes: ['chat:write'],
  token: 'bot',
  rate: tier3,
  run({ world, app, args }) {
    const channel = channelById(world, app, args.text('channel'));
    const row = messageIn(world, channel, args.needed('ts'));
    if (row.app_id !== app.id) throw new SlackProblem('cant_delete_message');
    removeMessage(world, row);
    return { channel: channel.id, ts: row.ts };
  },
};

const getPermalink: Method = {
  name: 'chat.getPermalink',
  scopes: [],
  token: 'bot',
  rate: { calls: 300, perMs: 60_000 },
  run({ world, app, args }) {
    const channel = channelById(world, app, args.text('channel'));
    const row = messageIn(world, channel, args.needed('message_ts'));
    const domain = world.state.workspaces.get(app.team_id)?.domain ?? '';
    const place = `https://${domain}.slack.com/archives/${channel.id}/p${row.ts.replace('.', '')}`;
    return {
      channel: channel.id,
      permalink: row.thread_ts ? `${place}?thread_ts=${row.thread_ts}&cid=${channel.id}` : place,
    };
  },
};

export const chatMethods: readonly Method[] = [postMessage, update, postEphemeral, remove, getPermalink];

/** By its id, for methods that take nothing else. What the app does not see is not there. */
export function channelById(world: World, app: AppRow, id: string | undefined): ChannelRow {
  const channel = id === undefined ? undefined : world.state.channels.get(id);
  if (!channel || !appSees(app, channel)) throw new SlackProblem('channel_not_found');
  return channel;
}

/** Where a message goes: a channel's id or name, or a person's id, for a direct message. */
function writable(world: World, app: AppRow, place: string | undefined): ChannelRow {
  const user = place === undefined ? undefined : world.state.users.get(place);
  if (user) return directMessage(world, app, user);
  const name = place?.replace(/^#/, '');
  const channel =
    world.state.channels.find(
      (row) => row.name === name && row.team_id === app.team_id && appSees(app, row) && row.kind !== 'mpim',
    ) ?? channelById(world, app, place);
  if (channel.is_archived) throw new SlackProblem('is_archived');
  const mayPost = channel.members.includes(app.bot_user_id) || app.scopes.includes('chat:write.public');
  if (!mayPost) throw new SlackProblem('not_in_channel');
  return channel;
}

function directMessage(world: World, app: AppRow, user: UserRow): ChannelRow {
  if (user.deleted || acquaintance(world.state, app, user) === 'unknown') {
    throw new SlackProblem('channel_not_found');
  }
  return openConversation(world.state, app, [user]);
}

export function messageIn(world: World, channel: ChannelRow, ts: string): MessageRow {
  const row = world.state.messages.get(messageKey(channel.id, ts));
  // An ephemeral message has a ts, and nobody can do anything with it but its response URL.
  if (!row || row.only_for !== null) throw new SlackProblem('message_not_found');
  return row;
}

function threadOf(world: World, channel: ChannelRow, ts: string | undefined): string | null {
  if (ts === undefined) return null;
  const root = world.state.messages.get(messageKey(channel.id, ts));
  if (!root || root.thread_ts !== null || root.only_for !== null) {
    throw new SlackProblem('cannot_reply_to_message');
  }
  return ts;
}

function contentOf(args: Arguments): { readonly text?: string; readonly blocks?: readonly Json[] } {
  const blocks = args.json('blocks', 'invalid_blocks_format');
  const text = args.text('text');
  if (blocks !== undefined && !(Array.isArray(blocks) && blocks.every(isJson))) {
    throw new SlackProblem('invalid_blocks_format');
  }
  const problem = checkMessage({ ...(text === undefined ? {} : { text }), ...(blocks ? { blocks } : {}) });
  if (problem) throw problemOf(problem);
  return { ...(text === undefined ? {} : { text }), ...(blocks ? { blocks } : {}) };
}

function problemOf(problem: { readonly error: string; readonly messages: readonly string[] }): SlackProblem {
  const messages = problem.messages;
  if (messages.length === 0) return new SlackProblem(problem.error);
  return new SlackProblem(problem.error, {
    errors: messages,
    response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) },
  });
}

/** Null takes it away; undefined leaves what is there. */
function metadataOf(args: Call['args']): Json | null | undefined {
  const metadata = args.json('metadata', 'invalid_metadata_format');
  if (metadata === undefined) return undefined;
  if (isJson(metadata) && Object.keys(metadata).length === 0) return null;
  const problem = checkMetadata(metadata);
  if (problem) throw problemOf(problem);
  return isJson(metadata) ? metadata : null;
}
