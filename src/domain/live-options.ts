// Answers whose options are read live: what is offered at this moment, held against what was answered.
import { isUnknown, type Unknown } from './facts.ts';
import type { Field, FieldValues, Flow, LiveOption, OptionsSource } from './flow.ts';
import type { FormProblem } from './refusals.ts';

/** What may be answered to a field whose options are read live, given the answers so far; undefined: that is not looked at now. */
export type LiveOptions = (
  field: LiveField,
  values: FieldValues,
) => readonly LiveOption[] | Unknown | undefined;

/** A field whose options are read live. */
export type LiveField = Field & { readonly optionsFrom: OptionsSource };

export const notLookedAt: LiveOptions = () => undefined;

/** By field, then by value: what people read in the place of a value. */
export type LiveLabels = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** An answer counts only if it is offered at this moment: what was on the list a while ago may be somebody else's by now. */
export function checkLive(
  flow: Flow,
  fields: FieldValues,
  live: LiveOptions,
  problems: FormProblem[],
): LiveLabels {
  const labels = new Map<string, ReadonlyMap<string, string>>();
  for (const field of flow.fields) {
    const value = fields[field.name];
    const { optionsFrom: source } = field;
    if (source === undefined || value === undefined) continue;
    // What it depends on has to be right first.
    if (source.reads.some((name) => problems.some(({ at }) => at === name))) continue;
    const open = source.reads.filter((name) => fields[name] === undefined);
    if (open.length > 0) {
      const sentence = `“${field.label}” depends on what was not answered: ${open.join(', ')}.`;
      problems.push({ at: field.name, code: 'unbound', sentence });
      continue;
    }
    const options = live({ ...field, optionsFrom: source }, pick(fields, source.reads));
    if (options === undefined) continue;
    if (isUnknown(options)) {
      const sentence = `What may be answered to “${field.label}” cannot be read now: ${options.unknown}`;
      problems.push({ at: field.name, code: 'no-options', sentence });
      continue;
    }
    labels.set(field.name, new Map(options.map((option) => [option.value, labelOfOption(option)])));
    const missing = [value].flat().find((part) => !options.some((option) => option.value === part));
    if (missing !== undefined)
      problems.push({ at: field.name, code: 'not-an-option', sentence: notOffered(field, options) });
  }
  return labels;
}

function pick(fields: FieldValues, names: readonly string[]): FieldValues {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = fields[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

function labelOfOption({ value, label }: LiveOption): string {
  return label === value ? value : `${label} (${value})`;
}

const mostNamed = 10;

function notOffered({ label }: Field, options: readonly LiveOption[]): string {
  if (options.length === 0) return `“${label}” has no possible answer at the moment.`;
  const named = options.slice(0, mostNamed).map(({ value }) => value);
  const more = options.length > mostNamed ? ` and ${options.length - mostNamed} others` : '';
  return `“${label}” must be one of ${named.join(', ')}${more}.`;
}
