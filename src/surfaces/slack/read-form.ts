// What a person filled in on Slack, as the product reads forms; and what was wrong with it, at the questions that it is about.
import type { Field, Flow, Target } from '../../domain/flow.ts';
import { confirmation } from '../../domain/form.ts';
import type { FormProblem } from '../../domain/refusals.ts';
import { chosenValue, inputAction, type Choice } from './choice.ts';
import { clip, oneLine } from './escape.ts';
import { choicesOf, fieldBlockId, fieldOfBlock } from './field-input.ts';
import type { Answer, FilledForm, SlackUsers } from './filled-form.ts';
import type { Place } from './place.ts';
import { durationBlock, durationChoices, targetBlock, targetChoices } from './request-form.ts';

export interface FilledView {
  readonly flow: Flow;
  readonly targets: readonly Target[];
  /** The `state.values` of the view, at which nobody has looked yet. */
  readonly values: unknown;
  /** What the view carried along. */
  readonly place: Place;
}

export function readForm({ flow, targets, values, place }: FilledView): FilledForm {
  const fields: [string, Answer][] = [];
  const chosen: { target?: string; duration?: string } = {};
  put(chosen, 'target', place['target']);
  put(chosen, 'duration', place['duration']);
  for (const [blockId, input] of inputsOf(values)) {
    const name = fieldOfBlock(blockId);
    const field = flow.fields.find((each) => each.name === name);
    if (blockId === targetBlock) put(chosen, 'target', choiceIn(input, targetChoices(targets)));
    else if (blockId === durationBlock) put(chosen, 'duration', choiceIn(input, durationChoices(flow)));
    else if (field) {
      const answer = answerIn(field, input);
      if (answer !== undefined) fields.push([field.name, answer]);
    } else if (name === confirmation && typeof input['value'] === 'string')
      fields.push([confirmation, input['value'].trim()]);
  }
  return { ...chosen, fields: Object.fromEntries(fields) };
}

function put<K extends string>(into: { [key in K]?: string }, key: K, value: string | undefined): void {
  if (value !== undefined) into[key] = value;
}

type Input = { readonly [key: string]: unknown };

function inputsOf(values: unknown): readonly (readonly [string, Input])[] {
  if (!isObject(values)) return [];
  return Object.entries(values).flatMap(([blockId, actions]) => {
    const input = isObject(actions) ? actions[inputAction] : undefined;
    return isObject(input) ? [[blockId, input] as const] : [];
  });
}

/** Of a list that has changed since, what was chosen is passed on as it is: it is then said to be no option. */
function choiceIn(input: Input, choices: readonly Choice[]): string | undefined {
  const value = optionValueOf(input['selected_option']);
  return value === undefined ? undefined : (chosenValue(value, choices) ?? value);
}

function optionValueOf(option: unknown): string | undefined {
  return isObject(option) && typeof option['value'] === 'string' ? option['value'] : undefined;
}

function answerIn(field: Field, input: Input): Answer | undefined {
  const choices = choicesOf(field) ?? [];
  switch (input['type']) {
    case 'radio_buttons':
    case 'static_select':
    case 'external_select':
      return choiceIn(input, choices);
    case 'multi_static_select':
    case 'multi_external_select':
      return listOf(input['selected_options'])
        .flatMap((each) => optionValueOf(each) ?? [])
        .map((value) => chosenValue(value, choices) ?? value);
    case 'checkboxes':
      return listOf(input['selected_options']).length > 0;
    case 'users_select':
      return usersOf([input['selected_user']]);
    case 'multi_users_select':
      return usersOf(listOf(input['selected_users']));
    default: {
      const value = input['value'];
      return typeof value === 'string' ? value : undefined;
    }
  }
}

function usersOf(users: readonly unknown[]): SlackUsers | undefined {
  const slackUsers = users.filter((user) => typeof user === 'string');
  return slackUsers.length === 0 ? undefined : { slackUsers };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * By block, where Slack can show every problem at a question that the person sees. Undefined where it cannot: then the form
 * is shown anew, with what is wrong above it.
 */
export function errorsAtFields(
  problems: readonly FormProblem[],
  values: unknown,
): { readonly [blockId: string]: string } | undefined {
  const shown = new Set(inputsOf(values).map(([blockId]) => blockId));
  const errors = new Map<string, string>();
  for (const { at, code, sentence } of problems) {
    const blockId = at === 'target' ? targetBlock : at === 'duration' ? durationBlock : fieldBlockId(at);
    // A question that is not asked any more goes away when the form is shown anew.
    if (code === 'not-asked' || !shown.has(blockId)) return undefined;
    errors.set(blockId, clip(oneLine([errors.get(blockId) ?? '', sentence].join(' ')), longestError));
  }
  return errors.size === 0 ? undefined : Object.fromEntries(errors);
}

const longestError = 300;
