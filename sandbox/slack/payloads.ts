// What Slack sends when somebody does something: the shapes, for members, guests and people of other workspaces.
import { messageBody, viewBody } from './bodies.ts';
import type { Json } from './json.ts';
import type { AppRow, ChannelRow, MessageRow, UserRow, ViewRow } from './rows.ts';
import { isShared } from './sight.ts';
import type { World } from './world.ts';

/** Who, and through which app. Over Slack Connect, `user.team_id` is the person's own workspace, and `team` the app's. */
function actor(world: World, app: AppRow, user: UserRow): Json {
  const team = world.state.workspaces.get(app.team_id);
  return {
    user: { id: user.id, username: user.name, name: user.name, team_id: user.team_id },
    api_app_id: app.id,
    token: app.verification_token,
    team: { id: app.team_id, domain: team?.domain ?? '' },
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** A channel as interactivity names it. */
function place(channel: ChannelRow): Json {
  const names = { im: 'directmessage', private: 'privategroup', public: channel.name, mpim: channel.name };
  return { id: channel.id, name: names[channel.kind] };
}

export function commandPayload(
  world: World,
  { app, user, channel }: { readonly app: AppRow; readonly user: UserRow; readonly channel: ChannelRow },
  [command, text]: readonly [string, string],
): Json {
  const team = world.state.workspaces.get(app.team_id);
  return {
    token: app.verification_token,
    team_id: app.team_id,
    team_domain: team?.domain ?? '',
    channel_id: channel.id,
    channel_name: place(channel)['name'],
    user_id: user.id,
    user_name: user.name,
    command,
    text,
    api_app_id: app.id,
    is_enterprise_install: 'false',
    response_url: responseUrl(world, app, { user, channel, message: null }),
    trigger_id: world.triggers.give(app.id, user.id),
  };
}

export function shortcutPayload(world: World, app: AppRow, user: UserRow, callback_id: string): Json {
  return {
    type: 'shortcut',
    action_ts: world.state.newTs(),
    ...actor(world, app, user),
    // Of all payloads this one alone has no `name`.
    user: { id: user.id, username: user.name, team_id: user.team_id },
    callback_id,
    trigger_id: world.triggers.give(app.id, user.id),
  };
}

export interface OnMessage {
  readonly app: AppRow;
  readonly user: UserRow;
  readonly channel: ChannelRow;
  readonly message: MessageRow;
}

export function messageActionPayload(world: World, on: OnMessage, callback_id: string): Json {
  const { app, user, channel, message } = on;
  return {
    type: 'message_action',
    action_ts: world.state.newTs(),
    ...actor(world, app, user),
    channel: place(channel),
    callback_id,
    trigger_id: world.triggers.give(app.id, user.id),
    response_url: responseUrl(world, app, on),
    message_ts: message.ts,
    message: messageBody(world.state, message),
  };
}

/** Somebody pressed or chose something in a message. */
export function messageActionsPayload(world: World, on: OnMessage, action: Json, values: Json): Json {
  const { app, user, channel, message } = on;
  return {
    type: 'block_actions',
    ...actor(world, app, user),
    container: messageContainer(on),
    trigger_id: world.triggers.give(app.id, user.id),
    channel: place(channel),
    message: {
      ...messageBody(world.state, message),
      ...(message.only_for === null ? {} : { is_ephemeral: true }),
    },
    state: { values },
    response_url: responseUrl(world, app, on),
    actions: [action],
  };
}

export interface InView {
  readonly app: AppRow;
  readonly user: UserRow;
  readonly view: ViewRow;
}

/** Somebody pressed or chose something in a form or in App Home: there is no channel and no response URL. */
export function viewActionsPayload(world: World, { app, user, view }: InView, action: Json): Json {
  return {
    type: 'block_actions',
    ...actor(world, app, user),
    container: { type: 'view', view_id: view.id },
    trigger_id: world.triggers.give(app.id, user.id, view.id),
    view: viewBody(app, view),
    actions: [action],
  };
}

export function submissionPayload(world: World, { app, user, view }: InView): Json {
  return {
    type: 'view_submission',
    ...actor(world, app, user),
    trigger_id: world.triggers.give(app.id, user.id, view.id),
    view: viewBody(app, view),
    response_urls: [],
  };
}

export function closedPayload(world: World, { app, user, view }: InView, is_cleared: boolean): Json {
  return { type: 'view_closed', ...actor(world, app, user), view: viewBody(app, view), is_cleared };
}

export function suggestionPayload(
  world: World,
  on: OnMessage | InView,
  asked: { readonly action_id: string; readonly block_id: string; readonly value: string },
): Json {
  return {
    type: 'block_suggestion',
    ...actor(world, on.app, on.user),
    container: 'view' in on ? { type: 'view', view_id: on.view.id } : messageContainer(on),
    ...asked,
    ...('view' in on
      ? { view: viewBody(on.app, on.view) }
      : { channel: place(on.channel), message: messageBody(world.state, on.message) }),
  };
}

function messageContainer({ channel, message }: OnMessage): Json {
  return {
    type: 'message',
    message_ts: message.ts,
    channel_id: channel.id,
    is_ephemeral: message.only_for !== null,
    ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}),
  };
}

function responseUrl(
  world: World,
  app: AppRow,
  {
    user,
    channel,
    message,
  }: { readonly user: UserRow; readonly channel: ChannelRow; readonly message: MessageRow | null },
): string {
  const path = world.responseUrls.give({
    team: app.team_id,
    app: app.id,
    user: user.id,
    channel: channel.id,
    ts: message?.ts ?? null,
    thread_ts: message?.thread_ts ?? null,
  });
  return `${world.origin}${path}`;
}

/** An event in its envelope, as this app receives it: `team_id` is where it came from, `context_team_id` the app's own. */
export function eventEnvelope(
  world: World,
  app: AppRow,
  {
    event,
    team,
    channel,
  }: { readonly event: Json; readonly team: string; readonly channel?: ChannelRow | undefined },
): Json {
  return {
    token: app.verification_token,
    team_id: team,
    context_team_id: app.team_id,
    context_enterprise_id: null,
    api_app_id: app.id,
    event,
    type: 'event_callback',
    event_id: world.state.newId('Ev'),
    event_time: Math.floor(world.now().getTime() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: app.team_id,
        user_id: app.bot_user_id,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: channel !== undefined && isShared(channel),
    event_context: `4-${Buffer.from(JSON.stringify({ et: event['type'], aid: app.id })).toString('base64url')}`,
  };
}
