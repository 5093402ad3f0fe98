// Submitting and closing forms, and what the app wants done with them.
import { asJson, asList, asText, isJson, type Json } from './json.ts';
import { throwIfWrong } from './api/views.ts';
import { choose, isEmpty, type Choice } from './choices.ts';
import { find, offerKey } from './interactions.ts';
import { closeModals, elementsOf, keepValue, pushModal, replaceView, viewsOf } from './modals.ts';
import { failureOf, notDone, type NotDone, type Outcome } from './outcome.ts';
import { closedPayload, submissionPayload, type InView } from './payloads.ts';
import type { Hands } from './people.ts';
import { SlackProblem } from './problem.ts';
import type { ViewRow } from './rows.ts';

export interface Submitted {
  readonly then: 'closed' | 'updated' | 'pushed' | 'cleared';
}

/** `state`: what to fill in first, by block id or action id; the rest stays as it is. */
export async function submitView(
  hands: Hands,
  userId: string,
  { view: viewId, state = {} }: { readonly view: string; readonly state?: Readonly<Record<string, Choice>> },
): Promise<Outcome<Submitted>> {
  const spot = find(hands, userId, { view: viewId });
  if (!spot.ok) return spot;
  if (!('view' in spot.on) || spot.on.view.type !== 'modal')
    return notDone('no_such_view', 'There is no form.');
  const { on } = spot;
  if (viewsOf(hands.world, userId).at(-1)?.id !== viewId) {
    return notDone('not_on_top', 'Another form lies on top of this one.');
  }
  if (on.view.content['submit'] == null || on.view.content['submit_disabled'] === true) {
    return notDone('no_submit', 'There is no button to submit this.');
  }
  const filled = fill(hands, on.view, state);
  if (!filled.ok) return filled;
  const now = { ...on, view: filled.view };
  const payload = submissionPayload(hands.world, now);
  const delivered = await hands.delivery.deliver(on.app, { kind: 'interactive', payload });
  if (!delivered.ok) return notDone(failureOf(delivered), 'We had some trouble connecting. Try again?');
  if (delivered.text === '') {
    closeModals(hands.world, [filled.view]);
    return { ok: true, then: 'closed' };
  }
  return answered(hands, now, asJson(delivered.answer));
}

/** The cross of a form; `all` for the one that closes the whole stack. */
export async function closeView(
  hands: Hands,
  userId: string,
  { view: viewId, all = false }: { readonly view: string; readonly all?: boolean },
): Promise<Outcome> {
  const { world } = hands;
  const spot = find(hands, userId, { view: viewId });
  if (!spot.ok) return spot;
  if (!('view' in spot.on)) return notDone('no_such_view', 'There is no form.');
  const { app, user, view } = spot.on;
  const isCleared = all || view.content['clear_on_close'] === true;
  const gone = isCleared ? viewsOf(world, userId, app.id) : [view];
  closeModals(world, gone);
  for (const each of gone) {
    if (each.content['notify_on_close'] !== true) continue;
    const payload = closedPayload(world, { app, user, view: each }, isCleared);
    await hands.delivery.deliver(app, { kind: 'interactive', payload });
  }
  return { ok: true };
}

type Filled = { readonly ok: true; readonly view: ViewRow } | NotDone;

function fill(hands: Hands, before: ViewRow, state: Readonly<Record<string, Choice>>): Filled {
  const errors: Record<string, string> = {};
  const unknown = new Set(Object.keys(state));
  let view = before;
  for (const block of asList(view.content['blocks'])) {
    const block_id = asText(block['block_id']) ?? '';
    for (const element of elementsOf(block)) {
      const action_id = asText(element['action_id']) ?? '';
      const key = Object.hasOwn(state, block_id) ? block_id : action_id;
      unknown.delete(key);
      const choice = state[key];
      if (choice !== undefined) {
        const offered = hands.offered.get(offerKey({ view: view.id }, { block_id, action_id })) ?? [];
        const chosen = choose(element, choice, offered);
        if ('wrong' in chosen) errors[block_id] = chosen.wrong;
        else view = keepValue(hands.world, view, [block_id, action_id], chosen.value);
      }
      const isNeeded = block['type'] === 'input' && block['optional'] !== true;
      if (isNeeded && isEmpty(view.values[block_id]?.[action_id])) {
        errors[block_id] ??= 'Please complete this required field.';
      }
    }
  }
  const [stray] = unknown;
  if (stray !== undefined) return notDone('no_such_element', `The form has no field ${stray}.`);
  if (Object.keys(errors).length > 0) {
    return notDone('invalid_input', 'Some fields are not filled in rightly.', errors);
  }
  return { ok: true, view };
}

/** What the app wants done with a form that was submitted. */
function answered(hands: Hands, { app, user, view }: InView, answer: Json): Outcome<Submitted> {
  const { world } = hands;
  const invalidAnswer = (why: string): NotDone =>
    notDone('invalid_answer', `We had some trouble connecting. Try again? (${why})`);
  const content = isJson(answer['view']) ? answer['view'] : {};
  try {
    switch (answer['response_action']) {
      case 'clear':
        closeModals(world, viewsOf(world, user.id, app.id));
        return { ok: true, then: 'cleared' };
      case 'update':
        throwIfWrong(world, app, { content, type: 'modal', replaces: view });
        replaceView(world, view, content);
        return { ok: true, then: 'updated' };
      case 'push':
        throwIfWrong(world, app, { content, type: 'modal' });
        pushModal(world, app, user.id, content);
        return { ok: true, then: 'pushed' };
      case 'errors':
        return errorsOf(view, asJson(answer['errors'])) ?? invalidAnswer('errors for no input block');
      default:
        return invalidAnswer('an answer without a response_action');
    }
  } catch (problem) {
    if (!(problem instanceof SlackProblem)) throw problem;
    const messages = asJson(problem.extra['response_metadata'])['messages'];
    return invalidAnswer([problem.error, ...(Array.isArray(messages) ? messages : [])].join(' '));
  }
}

/** Errors go to input blocks of the form that was submitted; anything else Slack does not understand. */
function errorsOf(view: ViewRow, errors: Json): NotDone | undefined {
  const inputs = asList(view.content['blocks'])
    .filter((block) => block['type'] === 'input')
    .map((block) => block['block_id']);
  const entries = Object.entries(errors);
  const texts = entries.flatMap(([block, text]): [string, string][] =>
    inputs.includes(block) && typeof text === 'string' && text !== '' ? [[block, text]] : [],
  );
  if (texts.length === 0 || texts.length < entries.length) return undefined;
  return notDone('errors', texts.map(([, text]) => text).join(' '), Object.fromEntries(texts));
}
