// How Slack writes users, channels, messages and views in its answers and events: as full as the real ones.
import { createHash } from 'node:crypto';
import type { Json } from './json.ts';
import type { AppRow, ChannelRow, GroupRow, MessageRow, UserRow, ViewRow, WorkspaceRow } from './rows.ts';
import { acquaintance, isShared, teamsOf } from './sight.ts';
import type { State } from './state.ts';

const colors = ['9f69e7', '4bbe2e', 'e7392d', '3c989f', '674b1b', 'e96699', 'e0a729', '684b6c'];

/** As this app sees that person: without the scope there is no e-mail, and of strangers there is little. */
export function userBody(state: State, app: AppRow, user: UserRow): Json {
  const hash = createHash('md5').update(user.id).digest('hex');
  const meeting = acquaintance(state, app, user);
  const isForeign = user.team_id !== app.team_id;
  const [firstName = '', ...lastNames] = user.real_name.split(' ');
  const showsEmail = app.scopes.includes('users:read.email') && meeting === 'known' && user.email !== null;
  const picture = (size: number): string =>
    `https://secure.gravatar.com/avatar/${hash}.jpg?s=${size}&d=https%3A%2F%2Fa.slack-edge.com%2Fdefault.png`;
  const owner = state.apps.find((row) => row.bot_user_id === user.id);
  return {
    id: user.id,
    team_id: user.team_id,
    name: user.name,
    deleted: user.deleted,
    color: colors[parseInt(hash.slice(0, 4), 16) % colors.length],
    real_name: user.real_name,
    tz: user.tz,
    tz_label: user.tz,
    tz_offset: 0,
    profile: {
      title: '',
      phone: '',
      skype: '',
      real_name: user.real_name,
      real_name_normalized: user.real_name,
      display_name: user.name,
      display_name_normalized: user.name,
      fields: null,
      status_text: '',
      status_emoji: '',
      status_emoji_display_info: [],
      status_expiration: 0,
      avatar_hash: `g${hash.slice(0, 11)}`,
      ...(owner ? { api_app_id: owner.id, always_active: false, bot_id: owner.bot_id } : {}),
      ...(showsEmail ? { email: user.email } : {}),
      first_name: firstName,
      last_name: lastNames.join(' '),
      image_24: picture(24),
      image_48: picture(48),
      image_72: picture(72),
      image_192: picture(192),
      image_512: picture(512),
      status_text_canonical: '',
      team: user.team_id,
    },
    // What belongs to the workspace is not told of people of another one.
    ...(isForeign
      ? { is_stranger: meeting !== 'known' }
      : {
          is_admin: user.is_admin,
          is_owner: false,
          is_primary_owner: false,
          is_email_confirmed: user.email !== null,
        }),
    is_restricted: user.is_restricted,
    is_ultra_restricted: user.is_ultra_restricted,
    is_bot: user.is_bot,
    is_app_user: false,
    updated: user.updated,
    who_can_share_contact_card: 'EVERYONE',
  };
}

export function channelBody(state: State, app: AppRow, channel: ChannelRow): Json {
  const [other = ''] = channel.members.filter((id) => id !== app.bot_user_id);
  const shared = isShared(channel);
  if (channel.kind === 'im') {
    return {
      id: channel.id,
      created: channel.created,
      is_archived: channel.is_archived,
      is_im: true,
      is_org_shared: false,
      context_team_id: app.team_id,
      updated: channel.created * 1000,
      user: other,
      is_user_deleted: state.users.get(other)?.deleted ?? false,
      priority: 0,
    };
  }
  const note = (value: string): Json => ({
    value,
    creator: value === '' ? '' : channel.creator,
    last_set: 0,
  });
  return {
    id: channel.id,
    name: channel.name,
    is_channel: channel.kind === 'public',
    is_group: channel.kind === 'private',
    is_im: false,
    is_mpim: channel.kind === 'mpim',
    is_private: channel.kind !== 'public',
    created: channel.created,
    is_archived: channel.is_archived,
    is_general: channel.is_general,
    unlinked: 0,
    name_normalized: channel.name,
    is_shared: shared,
    is_org_shared: false,
    is_pending_ext_shared: false,
    pending_shared: [],
    context_team_id: app.team_id,
    updated: channel.created * 1000,
    parent_conversation: null,
    creator: channel.creator,
    is_ext_shared: shared,
    shared_team_ids: teamsOf(channel),
    pending_connected_team_ids: [],
    ...(shared
      ? {
          connected_team_ids: teamsOf(channel).filter((team) => team !== app.team_id),
          internal_team_ids: [],
          conversation_host_id: channel.team_id,
        }
      : {}),
    is_member: channel.members.includes(app.bot_user_id),
    topic: note(channel.topic),
    purpose: note(channel.purpose),
    previous_names: [],
  };
}

export function messageBody(state: State, message: MessageRow, withMetadata = true): Json {
  const app = message.app_id === null ? undefined : state.apps.get(message.app_id);
  const replies = repliesOf(state, message);
  const [first] = replies;
  return {
    type: 'message',
    user: message.user,
    ts: message.ts,
    ...(app
      ? { bot_id: app.bot_id, app_id: app.id, bot_profile: botProfile(app) }
      : { client_msg_id: clientMessageId(message) }),
    text: message.text,
    team: message.team_id,
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(message.edited ? { edited: message.edited } : {}),
    ...(message.metadata && withMetadata ? { metadata: message.metadata } : {}),
    ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}),
    ...(message.thread_ts && message.reply_broadcast ? { subtype: 'thread_broadcast' } : {}),
    ...(message.thread_ts ? { parent_user_id: parentUser(state, message) } : {}),
    ...(first
      ? {
          thread_ts: message.ts,
          reply_count: replies.length,
          reply_users_count: new Set(replies.map((reply) => reply.user)).size,
          latest_reply: replies.at(-1)?.ts,
          reply_users: [...new Set(replies.map((reply) => reply.user))].slice(0, 5),
          is_locked: false,
          subscribed: false,
        }
      : {}),
  };
}

/** Oldest first. */
export function repliesOf(state: State, message: MessageRow): readonly MessageRow[] {
  return state.messages
    .in(message.channel)
    .filter((row) => row.thread_ts === message.ts && row.only_for === null)
    .sort(byTime);
}

export function byTime(a: MessageRow, b: MessageRow): number {
  return a.ts < b.ts ? -1 : 1;
}

export function botProfile(app: AppRow): Json {
  return {
    id: app.bot_id,
    app_id: app.id,
    user_id: app.bot_user_id,
    name: app.name,
    icons: botIcons,
    deleted: !app.installed,
    updated: 0,
    team_id: app.team_id,
  };
}

export const botIcons: Json = {
  image_36: 'https://a.slack-edge.com/80588/img/plugins/app/bot_36.png',
  image_48: 'https://a.slack-edge.com/80588/img/plugins/app/bot_48.png',
  image_72: 'https://a.slack-edge.com/80588/img/plugins/app/service_72.png',
};

export function groupBody(group: GroupRow, withUsers: boolean): Json {
  return {
    id: group.id,
    team_id: group.team_id,
    is_usergroup: true,
    is_subteam: true,
    name: group.name,
    description: '',
    handle: group.handle,
    is_external: false,
    date_create: group.date_create,
    date_update: group.date_create,
    date_delete: group.date_delete,
    auto_type: null,
    auto_provision: false,
    enterprise_subteam_id: '',
    created_by: group.users[0] ?? '',
    updated_by: group.users[0] ?? '',
    deleted_by: null,
    prefs: { channels: [], groups: [] },
    ...(withUsers ? { users: group.users } : {}),
    user_count: group.users.length,
    channel_count: 0,
  };
}

export function teamBody(workspace: WorkspaceRow): Json {
  return {
    id: workspace.id,
    name: workspace.name,
    url: `https://${workspace.domain}.slack.com/`,
    domain: workspace.domain,
    email_domain: '',
    icon: { image_default: true },
    avatar_base_url: 'https://ca.slack-edge.com/',
    is_verified: false,
  };
}

export function viewBody(app: AppRow, view: ViewRow): Json {
  const { content } = view;
  return {
    id: view.id,
    team_id: app.team_id,
    type: view.type,
    blocks: content['blocks'],
    private_metadata: content['private_metadata'] ?? '',
    callback_id: content['callback_id'] ?? '',
    state: { values: view.values },
    hash: view.hash,
    title: content['title'] ?? { type: 'plain_text', text: 'View Title', emoji: true },
    clear_on_close: content['clear_on_close'] ?? false,
    notify_on_close: content['notify_on_close'] ?? false,
    close: content['close'] ?? null,
    submit: content['submit'] ?? null,
    submit_disabled: content['submit_disabled'] ?? false,
    previous_view_id: view.previous_view_id,
    root_view_id: view.root_view_id,
    app_id: app.id,
    external_id: content['external_id'] ?? '',
    app_installed_team_id: app.team_id,
    bot_id: app.bot_id,
  };
}

function parentUser(state: State, message: MessageRow): string {
  return state.messages.get(`${message.channel}/${message.thread_ts}`)?.user ?? '';
}

function clientMessageId(message: MessageRow): string {
  const hash = createHash('md5').update(`${message.channel}/${message.ts}`).digest('hex');
  return hash.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
