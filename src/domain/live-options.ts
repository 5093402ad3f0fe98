// Answers whose options are read live: what is offered at this moment, held against what was answered.
import { isUnknown, type Unknown } from './facts.ts';
import { answerFor } from './fill-settings.ts';
import type { Field, FieldValues, Flow, LiveOption, OptionsSource, SettingValue } from './flow.ts';
import { nearOptions } from './near-options.ts';
import type { FormProblem } from './refusals.ts';

/** What may be answered to a field whose options are read live, given the answers that its source is told; undefined: that is not looked at now. */
export type LiveOptions = (field: LiveField, told: Told) => readonly LiveOption[] | Unknown | undefined;

/** A field whose options are read live. */
export type LiveField = Field & { readonly optionsFrom: OptionsSource };

/** The answers that a source is told, as a machine reads them. */
export type Told = { readonly [name: string]: SettingValue };

export const notLookedAt: LiveOptions = () => undefined;

/** What was chosen, by field, as it was offered. */
export type Offered = { readonly [field: string]: readonly LiveOption[] };

export function isLive(field: Field): field is LiveField {
  return field.optionsFrom !== undefined;
}

/** What the source of a field is told; or which of the fields that it reads are not answered. */
export function toldOf(
  { fields }: Flow,
  { optionsFrom: { reads } }: LiveField,
  answers: FieldValues,
): { readonly told: Told } | { readonly open: readonly Field[] } {
  const read = fields.filter(({ name }) => reads.includes(name));
  const open = read.filter(({ name }) => answers[name] === undefined);
  if (open.length > 0) return { open };
  const told = read.flatMap((field) => {
    const value = answers[field.name];
    return value === undefined ? [] : [[field.name, answerFor(field, value)] as const];
  });
  return { told: Object.fromEntries(told) };
}

/** An answer counts only if it is offered at this moment: what was on the list a while ago may be somebody else’s by now. */
export function checkLive(
  flow: Flow,
  answers: FieldValues,
  live: LiveOptions,
  problems: FormProblem[],
): Offered {
  const chosen: [field: string, options: readonly LiveOption[]][] = [];
  for (const field of flow.fields.filter(isLive)) {
    const { name, optionsFrom: source } = field;
    const value = answers[name];
    // What it depends on has to be right first.
    if (value === undefined || source.reads.some((read) => problems.some(({ at }) => at === read))) continue;
    const found = offeredFor(flow, field, answers, live);
    if (found === undefined) continue;
    const parts = [value].flat().map(String);
    if ('problem' in found) problems.push(found.problem);
    else if (parts.every((part) => found.options.some((option) => option.value === part)))
      chosen.push([name, found.options.filter((option) => parts.includes(option.value))]);
    else problems.push(notOffered(field, parts, found.options));
  }
  return Object.fromEntries(chosen);
}

function offeredFor(
  flow: Flow,
  field: LiveField,
  answers: FieldValues,
  live: LiveOptions,
): { readonly options: readonly LiveOption[] } | { readonly problem: FormProblem } | undefined {
  const { name: at, label } = field;
  const asked = toldOf(flow, field, answers);
  if ('open' in asked) {
    const open = asked.open.map((each) => each.label).join(', ');
    const sentence = `“${label}” depends on what was not answered: ${open}.`;
    return { problem: { at, code: 'unbound', sentence } };
  }
  const options = live(field, asked.told);
  if (options === undefined) return undefined;
  if (!isUnknown(options)) return { options };
  const sentence = `What may be answered to “${label}” cannot be read now: ${ended(options.unknown)} Try again in a few minutes; if it stays so, ask an admin of this desk.`;
  return { problem: { at, code: 'no-options', sentence } };
}

function ended(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** What people read of an option. */
export function labelOfOption({ value, label }: LiveOption): string {
  return label === value ? value : `${label} (${value})`;
}

const mostNamed = 10;

/** What was typed is not repeated; what is near to it is named. */
function notOffered(
  { name: at, label }: LiveField,
  parts: readonly string[],
  options: readonly LiveOption[],
): FormProblem {
  const code = 'not-an-option';
  if (options.length === 0) return { at, code, sentence: `“${label}” has no possible answer at the moment.` };
  const wrong = parts.filter((part) => !options.some(({ value }) => value === part));
  const near = [...new Set(wrong.flatMap((part) => nearOptions(part, options)))].slice(0, mostNamed);
  if (near.length > 0)
    return {
      at,
      code,
      sentence: `“${label}” must be one of those that are offered now. Did you mean ${near.join(', ')}?`,
    };
  const named = options.slice(0, mostNamed).map(({ value }) => value);
  const more = options.length > mostNamed ? ` and ${options.length - mostNamed} others` : '';
  return {
    at,
    code,
    sentence: `“${label}” must be one of those that are offered now: ${named.join(', ')}${more}.`,
  };
}
