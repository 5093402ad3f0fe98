// One question of a flow as an input of a Slack form.
import type { InputBlock, PlainTextInput } from '@slack/web-api';
import { personId, type PersonId } from '../../domain/names.ts';
import type { Field, FieldValue } from '../../domain/flow.ts';
import { confirmation, maxFieldLength, printValue } from '../../domain/form.ts';
import { most, plain } from './blocks.ts';
import { chooseMany, chooseOne, inputAction, type Choice } from './choice.ts';
import { clip } from './escape.ts';
import type { Answer } from './filled-form.ts';

export interface FieldPlace {
  /** What was answered so far, if anything. */
  readonly answer: Answer | undefined;
  /** Whether other questions depend on the answer: then Slack tells us of it at once. */
  readonly isAwaited: boolean;
  /** How long a list may be before it is searched instead. */
  readonly listed: number;
  /** How long a help text may be. */
  readonly longest: number;
  readonly slackIds: ReadonlyMap<PersonId, string>;
}

export function fieldBlockId(name: string): string {
  return `field:${name}`;
}

/** The field of a block; undefined where the block is none. */
export function fieldOfBlock(blockId: string): string | undefined {
  return /^field:(.+)$/.exec(blockId)?.[1];
}

export function fieldInput(field: Field, place: FieldPlace): InputBlock {
  const hint = hintOf(field, place);
  return {
    type: 'input',
    block_id: fieldBlockId(field.name),
    label: plain(field.label, most.label),
    ...(hint !== '' && { hint: plain(hint, Math.min(most.hint, place.longest)) }),
    optional: isOptional(field),
    ...(place.isAwaited && { dispatch_action: true }),
    element: elementOf(field, place),
  };
}

/** Where an answer is given by leaving it out, Slack must not ask for one. What is chosen already cannot be left out. */
function isOptional(field: Field): boolean {
  if (field.options ?? field.optionsFrom) return !field.required && field.default === undefined;
  return !field.required || field.default !== undefined;
}

function elementOf(field: Field, place: FieldPlace): InputBlock['element'] {
  const { type } = field;
  if (field.optionsFrom) return searched(field, place);
  const choices = choicesOf(field);
  if (choices !== undefined) {
    const asked = { choices, chosen: answersTo(field, place), listed: place.listed };
    if (type.endsWith('-list')) return chooseMany(asked);
    return chooseOne(asked, { isOptional: isOptional(field) });
  }
  switch (type) {
    case 'int':
      return numberInput(field, place);
    case 'bool':
      return boolInput(field, place);
    case 'person':
      return personInput(field, place);
    case 'person-list':
      return peopleInput(field, place);
    case 'duration':
      return textInput(field, place, { isLong: false });
    case 'string':
      return textInput(field, place, { isLong: field.pattern === undefined });
    case 'string-list':
    case 'int-list':
      return textInput(field, place, { isLong: true });
    default:
      return type satisfies never;
  }
}

/** What is offered is read as people type; what they chose stands there by its value. */
function searched(field: Field, place: FieldPlace): InputBlock['element'] {
  const chosen = answersTo(field, place);
  const asked = { choices: chosen.map((value) => ({ value, label: value })), chosen, listed: 0 };
  if (field.type.endsWith('-list')) return chooseMany(asked);
  return chooseOne(asked, { isOptional: isOptional(field) });
}

/** The possible answers, where there is a list of them. A yes or no that has to be said is chosen, and never taken from an empty box. */
export function choicesOf(field: Field): readonly Choice[] | undefined {
  if (field.type === 'bool' && !isOptional(field)) return yesOrNo;
  return field.options?.map((value) => {
    const text = printValue(field, value);
    return { value: text, label: text };
  });
}

const yesOrNo: readonly Choice[] = [
  { value: 'yes', label: 'Yes' },
  { value: 'no', label: 'No' },
];

/** As texts: what was answered, else what is usual. */
function answersTo(field: Field, { answer, slackIds }: FieldPlace): readonly string[] {
  if (answer === undefined) return field.default === undefined ? [] : printedItems(field, field.default);
  if (typeof answer === 'string') return [answer];
  if (typeof answer === 'boolean') return [answer ? 'yes' : 'no'];
  if ('slackUsers' in answer)
    return answer.slackUsers.flatMap((user) => [...slackIds].find(([, id]) => id === user)?.[0] ?? []);
  return answer;
}

function printedItems(field: Field, value: FieldValue): readonly string[] {
  return typeof value === 'object' ? value.map(String) : [printValue(field, value)];
}

function textInput(
  field: Field,
  place: FieldPlace,
  { isLong }: { readonly isLong: boolean },
): PlainTextInput {
  const text = answersTo(field, place).join(isLong ? '\n' : ', ');
  // Slack takes less than the product does. What does not fit is left to the default itself, which an empty box means.
  const initial = text !== '' && text.length <= most.input && { initial_value: text };
  const example = field.type === 'duration' ? { placeholder: plain('30m, 2h, 1d', most.placeholder) } : {};
  return {
    type: 'plain_text_input',
    action_id: inputAction,
    multiline: isLong,
    max_length: Math.min(most.input, maxFieldLength),
    ...initial,
    ...example,
  };
}

function numberInput(field: Field, place: FieldPlace): InputBlock['element'] {
  const [initial] = answersTo(field, place).filter((text) => /^-?\d{1,15}$/.test(text));
  return {
    type: 'number_input',
    action_id: inputAction,
    is_decimal_allowed: false,
    ...(initial !== undefined && { initial_value: initial }),
  };
}

/** One box: unticked is no. */
function boolInput(field: Field, place: FieldPlace): InputBlock['element'] {
  const yes = { text: plain('Yes', most.option), value: 'yes' };
  return {
    type: 'checkboxes',
    action_id: inputAction,
    options: [yes],
    ...(answersTo(field, place).includes('yes') && { initial_options: [yes] }),
  };
}

function personInput(field: Field, place: FieldPlace): InputBlock['element'] {
  const [initial] = usersIn(field, place);
  return {
    type: 'users_select',
    action_id: inputAction,
    placeholder: plain('Choose a person', most.placeholder),
    ...(initial !== undefined && { initial_user: initial }),
  };
}

function peopleInput(field: Field, place: FieldPlace): InputBlock['element'] {
  const initial = usersIn(field, place);
  return {
    type: 'multi_users_select',
    action_id: inputAction,
    placeholder: plain('Choose people', most.placeholder),
    ...(initial.length > 0 && { initial_users: [...initial] }),
  };
}

function usersIn(field: Field, place: FieldPlace): readonly string[] {
  const { answer, slackIds } = place;
  if (typeof answer === 'object' && 'slackUsers' in answer) return answer.slackUsers;
  return answersTo(field, place).flatMap((person) => slackIds.get(personId(person)) ?? []);
}

function hintOf(field: Field, place: FieldPlace): string {
  const { description, pattern, type } = field;
  const options = field.options ?? field.optionsFrom;
  const usual = unseenDefault(field, place);
  const notes = [
    ...(description === undefined ? [] : [description]),
    // Whoever described the field said what it looks like, in words.
    ...(pattern && description === undefined
      ? [`It has to match ${clip(pattern.source, 200).trimEnd()}.`]
      : []),
    ...(options === undefined && (type === 'string-list' || type === 'int-list')
      ? ['One in each line.']
      : []),
    ...(usual === undefined ? [] : [`Leave it empty for: ${clip(usual, 120)}`]),
  ];
  return notes.join(' ');
}

/** The usual answer, where the input cannot show it. */
function unseenDefault(field: Field, { slackIds }: FieldPlace): string | undefined {
  if (field.default === undefined || (field.options ?? field.optionsFrom) !== undefined) return undefined;
  const text = printValue(field, field.default);
  if (field.type.startsWith('person'))
    return printedItems(field, field.default).every((person) => slackIds.has(personId(person)))
      ? undefined
      : text;
  return text.length > most.input ? text : undefined;
}

/** The question by which a person confirms; the word is not known before a target is chosen. */
export function confirmInput(word: string | undefined): InputBlock {
  return {
    type: 'input',
    block_id: fieldBlockId(confirmation),
    label: plain(
      word === undefined ? 'To confirm, type the name of the target' : `To confirm, type ${clip(word, 100)}`,
      most.label,
    ),
    element: { type: 'plain_text_input', action_id: inputAction, max_length: 200 },
  };
}
