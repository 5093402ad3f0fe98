// Pressing, choosing and typing: in messages, in forms and in App Home.
import { asJson, asList, asText, type Json } from './json.ts';
import { choose, optionsOf, type Choice } from './choices.ts';
import { checkSuggestions } from './limits/view.ts';
import { elementsOf, initialValues, keepValue } from './modals.ts';
import { failureOf, notDone, type NotDone, type Outcome } from './outcome.ts';
import {
  messageActionsPayload,
  suggestionPayload,
  viewActionsPayload,
  type InView,
  type OnMessage,
} from './payloads.ts';
import { sent, userCalled, visible, type Hands } from './people.ts';
import { messageKey } from './state.ts';

/** A message, or a form or App Home. */
export type Spot = { readonly channel: string; readonly ts: string } | { readonly view: string };

export interface Pressed {
  readonly action: string;
  /** Where an action id stands in several blocks. */
  readonly block?: string;
  /** For menus, boxes, dates and texts; a button has none. */
  readonly choose?: Choice;
}

export async function press(
  hands: Hands,
  userId: string,
  { at, ...pressed }: Pressed & { readonly at: Spot },
): Promise<Outcome> {
  const { world } = hands;
  const spot = find(hands, userId, at);
  if (!spot.ok) return spot;
  const found = elementIn(spot.blocks, pressed);
  if (!found) return notDone('no_such_element', 'There is nothing like that to press any more.');
  const { block, element } = found;
  const block_id = asText(block['block_id']) ?? '';
  const action_id = asText(element['action_id']) ?? '';
  const offered = hands.offered.get(offerKey(at, { block_id, action_id })) ?? [];
  const chosen = choiceOf(element, pressed.choose, offered);
  if ('wrong' in chosen) return notDone('not_selectable', chosen.wrong);
  const action = actionOf(element, block_id, chosen.value, world.state.newTs());
  const holdsValue = element['type'] !== 'button' && element['type'] !== 'overflow';
  if ('view' in spot.on) {
    if (holdsValue) keepValue(world, spot.on.view, [block_id, action_id], chosen.value);
    // A field of a form tells the app only where it is asked to.
    if (block['type'] === 'input' && block['dispatch_action'] !== true) return { ok: true };
    const view = world.state.views.get(spot.on.view.id) ?? spot.on.view;
    const payload = viewActionsPayload(world, { ...spot.on, view }, action);
    return sent(hands, spot.on.app, { kind: 'interactive', payload });
  }
  const initial = initialValues({ blocks: spot.blocks });
  const values = holdsValue
    ? { ...initial, [block_id]: { ...initial[block_id], [action_id]: chosen.value } }
    : initial;
  const payload = messageActionsPayload(world, spot.on, action, values);
  return sent(hands, spot.on.app, { kind: 'interactive', payload });
}

/** Types into a menu that loads its options; what comes back can be chosen. */
export async function suggest(
  hands: Hands,
  userId: string,
  {
    at,
    typed,
    ...what
  }: { readonly at: Spot; readonly action: string; readonly block?: string; readonly typed: string },
): Promise<Outcome<{ readonly options: readonly Json[]; readonly groups: readonly Json[] }>> {
  const spot = find(hands, userId, at);
  if (!spot.ok) return spot;
  const found = elementIn(spot.blocks, what);
  const type = asText(found?.element['type']) ?? '';
  if (!found || !type.endsWith('external_select')) {
    return notDone('no_such_element', 'There is no menu to type in.');
  }
  const { block, element } = found;
  const least = typeof element['min_query_length'] === 'number' ? element['min_query_length'] : 3;
  if (typed.length < least) return { ok: true, options: [], groups: [] };
  const asked = {
    action_id: asText(element['action_id']) ?? '',
    block_id: asText(block['block_id']) ?? '',
    value: typed,
  };
  const payload = suggestionPayload(hands.world, spot.on, asked);
  const delivered = await hands.delivery.deliver(spot.on.app, { kind: 'interactive', payload });
  if (!delivered.ok) return notDone(failureOf(delivered), 'Options could not be loaded.');
  const problem = checkSuggestions(delivered.answer);
  if (problem) return notDone('invalid_answer', problem.messages.join('; '));
  const answer = asJson(delivered.answer);
  hands.offered.set(offerKey(at, asked), optionsOf(answer));
  return { ok: true, options: optionsOf(answer), groups: asList(answer['option_groups']) };
}

export type Found =
  { readonly ok: true; readonly on: OnMessage | InView; readonly blocks: readonly Json[] } | NotDone;

export function find(hands: Hands, userId: string, at: Spot): Found {
  const { world } = hands;
  const user = userCalled(world, userId);
  if ('view' in at) {
    if (hands.isDown()) return notDone('slack_down', 'Slack is having trouble. Try again in a moment.');
    const view = world.state.views.get(at.view);
    const app = view ? world.state.apps.get(view.app_id) : undefined;
    if (!view || !app || view.user !== user.id) return notDone('no_such_view', 'This form is closed.');
    return { ok: true, on: { app, user, view }, blocks: asList(view.content['blocks']) };
  }
  const seen = visible(hands, user, at.channel);
  if (!seen.ok) return seen;
  const message = world.state.messages.get(messageKey(at.channel, at.ts));
  if (!message || (message.only_for !== null && message.only_for !== user.id)) {
    return notDone('no_such_message', 'This message is gone.');
  }
  const app = message.app_id === null ? undefined : world.state.apps.get(message.app_id);
  if (!app?.installed) return notDone('no_such_app', 'No app is behind this message.');
  return { ok: true, on: { app, user, channel: seen.channel, message }, blocks: message.blocks };
}

function elementIn(
  blocks: readonly Json[],
  { action, block }: { readonly action: string; readonly block?: string },
): { readonly block: Json; readonly element: Json } | undefined {
  for (const each of blocks) {
    if (block !== undefined && each['block_id'] !== block) continue;
    const element = elementsOf(each).find((one) => one['action_id'] === action);
    if (element) return { block: each, element };
  }
  return undefined;
}

function choiceOf(
  element: Json,
  choice: Choice | undefined,
  offered: readonly Json[],
): ReturnType<typeof choose> {
  const type = asText(element['type']) ?? '';
  if (type === 'button') {
    return choice === undefined ? { value: { type } } : { wrong: 'Nothing can be chosen in a button.' };
  }
  return choose(element, choice ?? null, offered);
}

/** An entry of `actions`: the element as far as Slack repeats it, and what was chosen. */
function actionOf(element: Json, block_id: string, value: Json, action_ts: string): Json {
  const { type, action_id, placeholder, confirm, text, style, url } = element;
  const initial = Object.entries(element).filter(([key]) => key.startsWith('initial_'));
  return {
    ...value,
    type,
    action_id,
    block_id,
    ...(placeholder === undefined ? {} : { placeholder }),
    ...(confirm === undefined ? {} : { confirm }),
    ...(type === 'button'
      ? { text, ...(element['value'] === undefined ? {} : { value: element['value'] }) }
      : {}),
    ...(style === undefined ? {} : { style }),
    ...(url === undefined ? {} : { url }),
    ...Object.fromEntries(initial),
    action_ts,
  };
}

/** Two menus may have one action: the block tells them apart. */
export function offerKey(
  at: Spot,
  { block_id, action_id }: { readonly block_id: string; readonly action_id: string },
): string {
  const menu = `${block_id}/${action_id}`;
  return 'view' in at ? `${at.view}/${menu}` : `${at.channel}/${at.ts}/${menu}`;
}
