// Choosing one of several on Slack: what fits into a list stands in it, more is searched for as people type.
import { createHash } from 'node:crypto';
import type {
  ExternalSelect,
  MultiExternalSelect,
  MultiStaticSelect,
  PlainTextOption,
  RadioButtons,
  StaticSelect,
} from '@slack/web-api';
import { most, plain } from './blocks.ts';
import { clipMiddle, oneLine } from './escape.ts';

export interface Choice {
  /** What is answered. */
  readonly value: string;
  /** What people read. */
  readonly label: string;
}

export interface Asked {
  readonly choices: readonly Choice[];
  /** The values that are chosen already. */
  readonly chosen: readonly string[];
  /** Lists longer than this are searched instead. */
  readonly listed: number;
}

/** The action of everything that is filled in: one a block. */
export const inputAction = 'answer';
/** So many can be seen at once without a list that opens. */
const mostRadios = 4;
/** Slack shows no more options in one list. */
export const mostListed = 100;

/** One of them. A button once chosen stays chosen, so what may be left out has a list. */
export function chooseOne(
  { choices, chosen, listed }: Asked,
  { isOptional }: { readonly isOptional: boolean },
): RadioButtons | StaticSelect | ExternalSelect {
  const options = choices.map(option);
  const [first] = choices.filter(({ value }) => chosen.includes(value)).map(option);
  const initial = first && { initial_option: first };
  const placeholder = plain('Choose', most.placeholder);
  if (choices.length > 0 && choices.length <= Math.min(mostRadios, listed) && !isOptional)
    return { type: 'radio_buttons', action_id: inputAction, options, ...initial };
  if (choices.length > 0 && choices.length <= listed)
    return { type: 'static_select', action_id: inputAction, placeholder, options, ...initial };
  return {
    type: 'external_select',
    action_id: inputAction,
    placeholder: typing,
    min_query_length: 0,
    ...initial,
  };
}

/** Any number of them. */
export function chooseMany({ choices, chosen, listed }: Asked): MultiStaticSelect | MultiExternalSelect {
  const first = choices.filter(({ value }) => chosen.includes(value)).map(option);
  const initial = first.length > 0 && { initial_options: first };
  if (choices.length === 0 || choices.length > listed)
    return {
      type: 'multi_external_select',
      action_id: inputAction,
      placeholder: typing,
      min_query_length: 0,
      ...initial,
    };
  return {
    type: 'multi_static_select',
    action_id: inputAction,
    placeholder: plain('Choose', most.placeholder),
    options: choices.map(option),
    ...initial,
  };
}

export const typing = plain('Type to search', most.placeholder);

/** What a list shows once somebody has typed: in the order of the flow, those that begin so first. */
export function matching(choices: readonly Choice[], query: string): PlainTextOption[] {
  const wanted = query.trim().toLowerCase();
  const found = choices.filter(({ label, value }) => `${label}\n${value}`.toLowerCase().includes(wanted));
  const begins = ({ label, value }: Choice): boolean =>
    label.toLowerCase().startsWith(wanted) || value.toLowerCase().startsWith(wanted);
  return [...found.filter(begins), ...found.filter((choice) => !begins(choice))]
    .slice(0, mostListed)
    .map(option);
}

export function option({ value, label }: Choice): PlainTextOption {
  return { text: plain(clipMiddle(oneLine(label), most.option), most.option), value: optionValue(value) };
}

/** What an option stands for, among those that there are now; undefined where it is none of them. */
export function chosenValue(value: string, choices: readonly Choice[]): string | undefined {
  return choices.find((choice) => optionValue(choice.value) === value)?.value;
}

/** Slack takes 150 characters. A longer value is known by its hash, so that no other can be taken for it. */
function optionValue(value: string): string {
  const isShort = value.length > 0 && value.length <= most.value && !value.startsWith('sha256:');
  return isShort ? value : `sha256:${createHash('sha256').update(value).digest('hex')}`;
}
