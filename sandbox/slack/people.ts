// What people do in Slack, each as Slack lets them, and what it sends the app for it.
import type { Delivered, Delivery, Parcel } from './deliver.ts';
import type { Events } from './events.ts';
import { there } from './company.ts';
import { viewBody } from './bodies.ts';
import { isJson, type Json } from './json.ts';
import { postAsPerson } from './messages.ts';
import { viewsOf } from './modals.ts';
import { failureOf, notDone, type NotDone, type Outcome } from './outcome.ts';
import { commandPayload, messageActionPayload, shortcutPayload } from './payloads.ts';
import { respond } from './responses.ts';
import type { AppRow, ChannelRow, MessageRow, UserRow } from './rows.ts';
import { openConversation, personSees } from './sight.ts';
import { messageKey } from './state.ts';
import type { World } from './world.ts';

export interface Hands {
  readonly world: World;
  readonly delivery: Delivery;
  readonly events: Events;
  /** Whether the weather keeps everybody out. */
  isDown(): boolean;
  /** What the app suggested last, for each element of a message or form. */
  readonly offered: Map<string, readonly Json[]>;
}

const trouble = 'Slack is having trouble. Try again in a moment.';

/** A slash command: `/access production`. */
export async function command(
  hands: Hands,
  userId: string,
  [channelId, line]: readonly [string, string],
): Promise<Outcome<{ readonly message: MessageRow | null }>> {
  const { world } = hands;
  const user = userCalled(world, userId);
  const seen = visible(hands, user, channelId);
  if (!seen.ok) return seen;
  if (user.is_ultra_restricted) {
    return notDone('guest_no_commands', 'Guests of a single channel cannot use slash commands.');
  }
  const [name = '', ...words] = line.trim().split(/\s+/);
  const app = world.state.apps.find(
    (row) => row.installed && row.team_id === user.team_id && row.commands.includes(name),
  );
  if (!app) return notDone('unknown_command', `${name} is not a valid command.`);
  const text = line.trim().slice(name.length).trim();
  const payload = commandPayload(world, { app, user, channel: seen.channel }, [
    name,
    words.length > 0 ? text : '',
  ]);
  const delivered = await hands.delivery.deliver(app, { kind: 'slash_commands', payload });
  if (!delivered.ok) {
    const error = failureOf(delivered);
    return notDone(error, `${name} failed with the error "${error}"`);
  }
  if (delivered.text === '') return { ok: true, message: null };
  const answer = isJson(delivered.answer) ? delivered.answer : { text: delivered.text };
  const responded = respond(
    world,
    { app: app.id, user: user.id, channel: channelId, ts: null, thread_ts: null },
    answer,
  );
  if (!responded.ok) return notDone('invalid_answer', `${name} failed with the error "${responded.error}"`);
  return responded;
}

/** From the menu of the client: it has no channel. */
export async function shortcut(hands: Hands, userId: string, callbackId: string): Promise<Outcome> {
  const { world } = hands;
  const user = userCalled(world, userId);
  if (hands.isDown()) return notDone('slack_down', trouble);
  const app = appWithShortcut(world, user, callbackId, 'global');
  if (!app) return notDone('no_such_shortcut', 'There is no such shortcut.');
  const payload = shortcutPayload(world, app, user, callbackId);
  return sent(hands, app, { kind: 'interactive', payload });
}

/** From the menu of a message. */
export async function messageShortcut(
  hands: Hands,
  userId: string,
  at: { readonly channel: string; readonly ts: string; readonly callbackId: string },
): Promise<Outcome> {
  const { world } = hands;
  const user = userCalled(world, userId);
  const seen = visible(hands, user, at.channel);
  if (!seen.ok) return seen;
  const message = world.state.messages.get(messageKey(at.channel, at.ts));
  if (!message) return notDone('no_such_message', 'This message is gone.');
  const app = appWithShortcut(world, user, at.callbackId, 'message');
  if (!app) return notDone('no_such_shortcut', 'There is no such shortcut.');
  const payload = messageActionPayload(world, { app, user, channel: seen.channel, message }, at.callbackId);
  return sent(hands, app, { kind: 'interactive', payload });
}

export function say(
  hands: Hands,
  userId: string,
  said: { readonly channel: string; readonly text: string; readonly thread_ts?: string },
): Outcome<{ readonly message: MessageRow }> {
  const { world } = hands;
  const user = userCalled(world, userId);
  const seen = visible(hands, user, said.channel);
  if (!seen.ok) return seen;
  if (!seen.channel.members.includes(user.id)) {
    return notDone('not_in_channel', 'Join the channel to write in it.');
  }
  if (seen.channel.is_archived) return notDone('is_archived', 'This channel has been archived.');
  const text = asTyped(said.text);
  const message = postAsPerson(world, user, seen.channel, {
    text,
    blocks: [
      {
        type: 'rich_text',
        elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: said.text }] }],
      },
    ],
    thread_ts: said.thread_ts ?? null,
  });
  return { ok: true, message };
}

/** Slack escapes what people type, and writes mentions and links that they pick in angle brackets. */
function asTyped(text: string): string {
  return text
    .split(/(<(?:@[UW]\w+|#C\w+|https?:[^<>]*)>)/)
    .map((part, index) => (index % 2 === 1 ? part : escaped(part)))
    .join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The app's own tab; returns what it shows now, which the app may change a moment later. */
export function openHome(
  hands: Hands,
  userId: string,
  appId?: string,
): Outcome<{ readonly view: Json | null; readonly channel: string }> {
  const { world } = hands;
  const user = userCalled(world, userId);
  if (hands.isDown()) return notDone('slack_down', trouble);
  const app = world.state.apps.find(
    (row) => row.installed && row.team_id === user.team_id && (appId === undefined || row.id === appId),
  );
  if (!app) return notDone('no_such_app', 'There is no app in this workspace.');
  const channel = openConversation(world.state, app, [user]);
  const [home] = viewsOf(world, user.id, app.id, 'home');
  const view = home ? viewBody(app, home) : null;
  hands.events.tell({
    name: 'app_home_opened',
    team: app.team_id,
    onlyApp: app,
    event: {
      type: 'app_home_opened',
      user: user.id,
      channel: channel.id,
      tab: 'home',
      ...(view ? { view } : {}),
      event_ts: world.state.newTs(),
    },
  });
  world.changed();
  return { ok: true, view, channel: channel.id };
}

/** The direct message of a person with an app of their workspace, opened where there is none. */
export function directMessageWith(world: World, userId: string, app: AppRow): ChannelRow {
  return openConversation(world.state, app, [userCalled(world, userId)]);
}

export function userCalled(world: World, id: string): UserRow {
  return there(world.state.users.get(id), 'user', id);
}

export function visible(
  hands: Hands,
  user: UserRow,
  channelId: string,
): { readonly ok: true; readonly channel: ChannelRow } | NotDone {
  if (hands.isDown()) return notDone('slack_down', trouble);
  const channel = there(hands.world.state.channels.get(channelId), 'channel', channelId);
  if (!personSees(user, channel)) return notDone('not_visible', `${user.name} cannot see this channel.`);
  return { ok: true, channel };
}

/** Delivers what has no answer worth reading. */
export async function sent(hands: Hands, app: AppRow, parcel: Parcel): Promise<Outcome> {
  const delivered: Delivered = await hands.delivery.deliver(app, parcel);
  if (delivered.ok) return { ok: true };
  return notDone(failureOf(delivered), `${app.name} did not respond in time.`);
}

/** An app's shortcuts are for people of its own workspace. */
function appWithShortcut(
  world: World,
  user: UserRow,
  callbackId: string,
  type: 'global' | 'message',
): AppRow | undefined {
  return world.state.apps.find(
    (row) =>
      row.installed &&
      row.team_id === user.team_id &&
      row.shortcuts.some((each) => each.callback_id === callbackId && each.type === type),
  );
}
