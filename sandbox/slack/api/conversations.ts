// The conversations methods: channels as an app sees them, who is in them, and what was said.
import type { Json } from '../json.ts';
import { byTime, channelBody, messageBody, repliesOf } from '../bodies.ts';
import { SlackProblem } from '../problem.ts';
import type { AppRow, ChannelKind, ChannelRow, MessageRow } from '../rows.ts';
import { acquaintance, appSees, conversationOf, openConversation } from '../sight.ts';
import { messageKey } from '../state.ts';
import { paged, type Arguments } from './arguments.ts';
import { channelById } from './chat.ts';
import { needScope, tier2, tier3, tier4, type Call, type Method } from './method.ts';

const MOST_OTHERS = 8;

const open: Method = {
  name: 'conversations.open',
  scopes: [],
  token: 'bot',
  rate: tier3,
  run(call) {
    const { world, app, args } = call;
    const known = args.text('channel');
    if (known !== undefined) {
      const channel = channelById(world, app, known);
      if (channel.kind !== 'im' && channel.kind !== 'mpim') {
        throw new SlackProblem('method_not_supported_for_channel_type');
      }
      return opened(call, channel, true);
    }
    const ids = [...new Set(args.names('users'))];
    if (ids.length === 0) throw new SlackProblem('users_list_not_supplied');
    if (ids.length > MOST_OTHERS) throw new SlackProblem('too_many_users');
    needScope(app, ids.length === 1 ? 'im:write' : 'mpim:write');
    const people = ids.map((id) => {
      const user = world.state.users.get(id);
      if (!user || acquaintance(world.state, app, user) === 'unknown') {
        throw new SlackProblem('user_not_found');
      }
      if (user.deleted) throw new SlackProblem('user_disabled');
      if (user.is_bot) throw new SlackProblem('cannot_dm_bot');
      return user;
    });
    const isThere = conversationOf(world.state, [app.bot_user_id, ...ids]) !== undefined;
    return opened(call, openConversation(world.state, app, people), isThere);
  },
};

function opened({ world, app, args }: Call, channel: ChannelRow, isThere: boolean): Json {
  const body = args.flag('return_im') ? channelBody(world.state, app, channel) : { id: channel.id };
  return { ...(isThere ? { no_op: true, already_open: true } : {}), channel: body };
}

const info: Method = {
  name: 'conversations.info',
  scopes: [],
  token: 'bot',
  rate: tier3,
  run({ world, app, args }) {
    const channel = readable(world.state.channels.get(args.needed('channel')), app);
    const members = args.flag('include_num_members') ? { num_members: channel.members.length } : {};
    return { channel: { ...channelBody(world.state, app, channel), ...members } };
  },
};

const list: Method = {
  name: 'conversations.list',
  scopes: [],
  token: 'bot',
  rate: tier2,
  run({ world, app, args }) {
    const kinds = kindsOf(args, app);
    const all = world.state.channels
      .all()
      .filter((row) => kinds.includes(row.kind) && appSees(app, row))
      .filter((row) => !(args.flag('exclude_archived') && row.is_archived));
    const page = paged(all, args.page(1000));
    return {
      channels: page.items.map((row) => channelBody(world.state, app, row)),
      response_metadata: page.response_metadata,
    };
  },
};

const members: Method = {
  name: 'conversations.members',
  scopes: [],
  token: 'bot',
  rate: tier4,
  run({ world, app, args }) {
    const channel = readable(world.state.channels.get(args.needed('channel')), app);
    const page = paged(channel.members, args.page(1000));
    return { members: page.items, response_metadata: page.response_metadata };
  },
};

const history: Method = {
  name: 'conversations.history',
  scopes: [],
  token: 'bot',
  rate: tier3,
  run({ world, app, args }) {
    const channel = readable(world.state.channels.get(args.needed('channel')), app, 'history');
    mustBeIn(channel, app);
    const rows = world.state.messages
      .in(channel.id)
      .filter((row) => row.only_for === null && (row.thread_ts === null || row.reply_broadcast))
      .filter(within(args))
      .sort(byTime)
      .reverse();
    return messagePage({ world, app, args }, rows);
  },
};

const replies: Method = {
  name: 'conversations.replies',
  scopes: [],
  token: 'bot',
  rate: tier3,
  run({ world, app, args }) {
    const channel = readable(world.state.channels.get(args.needed('channel')), app, 'history');
    mustBeIn(channel, app);
    const asked = world.state.messages.get(messageKey(channel.id, args.needed('ts')));
    const root =
      asked?.thread_ts == null ? asked : world.state.messages.get(messageKey(channel.id, asked.thread_ts));
    if (!root || root.only_for !== null) throw new SlackProblem('thread_not_found');
    // The root comes first on every page's beginning, whatever `oldest` says.
    const rows = [root, ...repliesOf(world.state, root).filter(within(args))];
    return messagePage({ world, app, args }, rows);
  },
};

export const conversationMethods: readonly Method[] = [open, info, list, members, history, replies];

export function kindsOf(args: Arguments, app: AppRow): readonly ChannelKind[] {
  const asked = args.names('types');
  const names = asked.length === 0 ? ['public_channel'] : asked;
  return names.map((name) => {
    const found = kindNames[name];
    if (!found) throw new SlackProblem('invalid_types');
    needScope(app, scopeOf(found, 'read'));
    return found;
  });
}

const kindNames: Readonly<Record<string, ChannelKind>> = {
  public_channel: 'public',
  private_channel: 'private',
  im: 'im',
  mpim: 'mpim',
};

function scopeOf(kind: ChannelKind, what: 'read' | 'history'): string {
  const family = { public: 'channels', private: 'groups', im: 'im', mpim: 'mpim' }[kind];
  return `${family}:${what}`;
}

function readable(
  channel: ChannelRow | undefined,
  app: AppRow,
  what: 'read' | 'history' = 'read',
): ChannelRow {
  if (!channel || !appSees(app, channel)) throw new SlackProblem('channel_not_found');
  needScope(app, scopeOf(channel.kind, what));
  return channel;
}

function mustBeIn(channel: ChannelRow, app: AppRow): void {
  if (!channel.members.includes(app.bot_user_id)) throw new SlackProblem('not_in_channel');
}

function within(args: Arguments): (row: MessageRow) => boolean {
  const oldest = args.text('oldest') ?? '0';
  const latest = args.text('latest');
  for (const [name, ts] of [['oldest', oldest] as const, ['latest', latest ?? '0'] as const]) {
    if (!/^\d+(\.\d+)?$/.test(ts)) throw new SlackProblem(`invalid_ts_${name}`);
  }
  const inclusive = args.flag('inclusive');
  return ({ ts }) => {
    const isAfter = inclusive ? Number(ts) >= Number(oldest) : Number(ts) > Number(oldest);
    if (latest === undefined) return isAfter;
    return isAfter && (inclusive ? Number(ts) <= Number(latest) : Number(ts) < Number(latest));
  };
}

function messagePage({ world, args }: Call, rows: readonly MessageRow[]): Json {
  const page = paged(rows, args.page(1000));
  const withMetadata = args.flag('include_all_metadata');
  return {
    messages: page.items.map((row) => messageBody(world.state, row, withMetadata)),
    has_more: page.has_more,
    response_metadata: page.response_metadata,
  };
}
