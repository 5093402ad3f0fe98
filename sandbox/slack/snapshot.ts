// What a page shows: workspaces, channels and messages as one person sees them, with their forms and App Home.
import { byTime, messageBody, viewBody } from './bodies.ts';
import type { Json } from './json.ts';
import { viewsOf } from './modals.ts';
import type { ChannelKind, MessageRow } from './rows.ts';
import { isShared, personSees } from './sight.ts';
import { userCalled } from './people.ts';
import type { World } from './world.ts';

export interface Snapshot {
  readonly people: readonly PersonView[];
  readonly workspaces: ReadonlyArray<{ readonly id: string; readonly name: string }>;
}

export interface PersonView {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly workspace: string;
  readonly kind: 'member' | 'guest' | 'single-channel guest' | 'app' | 'deactivated';
}

export interface ChannelView {
  readonly id: string;
  /** `general`, or whom the direct message is with. */
  readonly name: string;
  readonly kind: ChannelKind;
  readonly isShared: boolean;
  readonly isArchived: boolean;
  readonly isMember: boolean;
  readonly members: readonly string[];
  /** Of the newest message; null where there is none. */
  readonly latest: string | null;
  readonly messages: number;
}

export interface MessageView {
  /** As Slack's own methods answer it. */
  readonly body: Json;
  readonly ts: string;
  readonly by: string;
  readonly byName: string;
  readonly isApp: boolean;
  readonly isEphemeral: boolean;
  readonly thread: string | null;
  readonly replies: number;
}

export interface SeenBy {
  readonly user: PersonView;
  readonly channels: readonly ChannelView[];
  /** The lowest first: the last is on top. */
  readonly modals: readonly Json[];
  readonly home: Json | null;
}

export function snapshot(world: World): Snapshot {
  return {
    people: world.state.users.all().map((user) => personView(world, user.id)),
    workspaces: world.state.workspaces.all().map(({ id, name }) => ({ id, name })),
  };
}

export function seenBy(world: World, userId: string): SeenBy {
  const user = userCalled(world, userId);
  const views = viewsOf(world, userId);
  const [home] = viewsOf(world, userId, undefined, 'home');
  const body = (view: (typeof views)[number]): Json[] => {
    const app = world.state.apps.get(view.app_id);
    return app ? [viewBody(app, view)] : [];
  };
  return {
    user: personView(world, userId),
    channels: world.state.channels
      .all()
      .filter((channel) => personSees(user, channel))
      .map((channel) => {
        const visible = world.state.messages
          .in(channel.id)
          .filter((row) => isFor(row, userId))
          .sort(byTime);
        const others = channel.members.filter((id) => id !== userId);
        return {
          id: channel.id,
          name: channel.name || others.map((id) => world.state.users.get(id)?.name ?? id).join(', '),
          kind: channel.kind,
          isShared: isShared(channel),
          isArchived: channel.is_archived,
          isMember: channel.members.includes(userId),
          members: channel.members,
          latest: visible.at(-1)?.ts ?? null,
          messages: visible.length,
        };
      }),
    modals: views.flatMap(body),
    home: home ? (body(home)[0] ?? null) : null,
  };
}

/** Oldest first; with a thread, its root and its replies. */
export function messagesSeenBy(
  world: World,
  userId: string,
  { channel, thread }: { readonly channel: string; readonly thread?: string },
): readonly MessageView[] {
  const row = world.state.channels.get(channel);
  if (!row || !personSees(userCalled(world, userId), row)) return [];
  return world.state.messages
    .in(channel)
    .filter((message) => isFor(message, userId))
    .filter((message) =>
      thread === undefined
        ? message.thread_ts === null || message.reply_broadcast
        : message.ts === thread || message.thread_ts === thread,
    )
    .sort(byTime)
    .map((message) => {
      const body = messageBody(world.state, message);
      return {
        body,
        ts: message.ts,
        by: message.user,
        byName: world.state.users.get(message.user)?.real_name ?? message.user,
        isApp: message.app_id !== null,
        isEphemeral: message.only_for !== null,
        thread: message.thread_ts,
        replies: typeof body['reply_count'] === 'number' ? body['reply_count'] : 0,
      };
    });
}

function isFor(message: MessageRow, userId: string): boolean {
  return message.only_for === null || message.only_for === userId;
}

function personView(world: World, userId: string): PersonView {
  const user = userCalled(world, userId);
  const kind = user.deleted
    ? 'deactivated'
    : user.is_bot
      ? 'app'
      : user.is_ultra_restricted
        ? 'single-channel guest'
        : user.is_restricted
          ? 'guest'
          : 'member';
  return {
    id: user.id,
    name: user.name,
    realName: user.real_name,
    workspace: user.team_id,
    kind,
  };
}
