// The Slack half of the page, as one person sees it.
import type { Sandbox } from '../server.ts';
import type { AppRow, UserRow } from '../slack/rows.ts';
import type { ChannelView, MessageView, SeenBy } from '../slack/snapshot.ts';
import { slackUserOf } from './persons.ts';

export interface SlackUserView {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  /** `elsewhere`: of another workspace than whoever looks. */
  readonly kind: 'member' | 'guest' | 'app' | 'elsewhere';
}

export interface SlackAppView {
  readonly id: string;
  readonly name: string;
  readonly user: string;
  /** None for guests of a single channel: Slack lets them use none. */
  readonly commands: readonly string[];
  readonly shortcuts: AppRow['shortcuts'];
  /** The direct message with it; null before it is opened. */
  readonly channel: string | null;
}

export interface SlackMeView extends SeenBy {
  readonly workspace: string;
  readonly isDown: boolean;
  /** Of the person's own workspace. */
  readonly app: SlackAppView | null;
  readonly users: readonly SlackUserView[];
  readonly groups: ReadonlyArray<{ readonly id: string; readonly handle: string }>;
  /** What is looked at. */
  readonly open: SlackPlaceView | null;
}

export interface SlackPlaceView {
  readonly channel: ChannelView;
  readonly messages: readonly MessageView[];
  /** How many older ones are left out. */
  readonly older: number;
  readonly thread: readonly MessageView[] | null;
}

interface Wish {
  readonly as: string;
  readonly channel?: string;
  readonly thread?: string;
  /** How many messages at most. */
  readonly most: number;
}

/** Null for who is not on Slack, and where there is none. */
export function slackView(sandbox: Sandbox, wish: Wish): SlackMeView | null {
  const { slack } = sandbox;
  const user = slackUserOf(sandbox, wish.as);
  if (!slack || !user) return null;
  const { state } = slack;
  const seen = slack.seenBy(user.id);
  const app = state.apps.find((row) => row.installed && row.team_id === user.team_id);
  const open = seen.channels.find(({ id }) => id === wish.channel);
  return {
    ...seen,
    workspace: state.workspaces.get(user.team_id)?.name ?? '',
    isDown: slack.weather.isDown,
    app: app ? appView(app, user, seen) : null,
    users: state.users.all().map((each) => userView(each, user.team_id)),
    groups: state.groups.all().map(({ id, handle }) => ({ id, handle })),
    open: open ? placeView(sandbox, user.id, open, wish) : null,
  };
}

function placeView(
  sandbox: Sandbox,
  user: string,
  channel: ChannelView,
  { thread, most }: Wish,
): SlackPlaceView {
  const seen = (place: { readonly channel: string; readonly thread?: string }): readonly MessageView[] =>
    sandbox.slack?.messagesSeenBy(user, place) ?? [];
  const messages = seen({ channel: channel.id });
  return {
    channel,
    messages: messages.slice(-most),
    older: Math.max(0, messages.length - most),
    thread: thread === undefined ? null : seen({ channel: channel.id, thread }),
  };
}

function appView(app: AppRow, user: UserRow, { channels }: SeenBy): SlackAppView {
  const isLimited = user.is_ultra_restricted;
  return {
    id: app.id,
    name: app.name,
    user: app.bot_user_id,
    commands: isLimited ? [] : app.commands,
    shortcuts: isLimited ? [] : app.shortcuts,
    channel:
      channels.find(({ kind, members }) => kind === 'im' && members.includes(app.bot_user_id))?.id ?? null,
  };
}

function userView(user: UserRow, home: string): SlackUserView {
  return {
    id: user.id,
    name: user.name,
    realName: user.real_name,
    kind: user.is_bot ? 'app' : user.is_restricted ? 'guest' : user.team_id === home ? 'member' : 'elsewhere',
  };
}
