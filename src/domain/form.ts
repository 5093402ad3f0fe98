// What was typed against what the flow asks: the same rules behind every surface.
import { parseDuration, printDuration, printGrantedFor } from './duration.ts';
import type { RequestForm } from './entries.ts';
import type { Field, FieldValue, FieldValues, Flow, GrantedFor, Scope, Target } from './flow.ts';
import type { FormProblem } from './refusals.ts';
import { checkLive, labelOfOption, notLookedAt, type LiveOptions, type Offered } from './live-options.ts';
import { isLegible } from './safe-word.ts';
import { bindSettings, bindText, boundFields } from './template.ts';
import type { RawForm } from './commands.ts';

/** The longest text of one field, in characters; an issue body holds 65,536. */
export const maxFieldLength = 4000;
const maxListItems = 100;
/** Whoever fills in a form wrongly in a thousand places is told of the first. */
const maxProblems = 20;

export type CheckedForm =
  | { readonly ok: true; readonly form: RequestForm; readonly target?: Target }
  | { readonly ok: false; readonly problems: readonly FormProblem[] };

export function checkForm(flow: Flow, raw: RawForm, live: LiveOptions = notLookedAt): CheckedForm {
  const problems: FormProblem[] = [];
  checkConfirmation(flow, raw, problems);
  const target = chooseTarget(flow, raw.target, problems);
  const duration = chooseDuration(flow, raw.duration, problems);
  const fields = readFields(flow, raw, { target, duration }, problems);
  const offered = checkLive(flow, fields, live, problems);
  const bound = target && bindTarget(flow, target, fields, problems);
  if (problems.length > 0) return { ok: false, problems: problems.slice(0, maxProblems) };
  const form: { -readonly [K in keyof RequestForm]: RequestForm[K] } = {
    fields,
    answers: answersOf(flow, fields, offered),
  };
  if (Object.keys(offered).length > 0) form.offered = offered;
  if (bound) form.target = bound;
  if (duration !== undefined) form.duration = duration;
  return target ? { ok: true, target, form } : { ok: true, form };
}

/** What can be understood of so much of a form. What is wrong does not matter yet. */
export function answersSoFar(flow: Flow, raw: RawForm): FieldValues {
  const ignored: FormProblem[] = [];
  const target = chooseTarget(flow, raw.target, ignored);
  const duration = chooseDuration(flow, raw.duration, ignored);
  return readFields(flow, raw, { target, duration }, ignored);
}

/** The fields that so much of a form asks for; one whose condition cannot be judged is asked. What is wrong does not matter yet. */
export function fieldsAsked(flow: Flow, raw: RawForm): readonly Field[] {
  const ignored: FormProblem[] = [];
  const target = chooseTarget(flow, raw.target, ignored);
  const duration = chooseDuration(flow, raw.duration, ignored);
  const scope = scopeOf(readFields(flow, raw, { target, duration }, ignored), { target, duration });
  return flow.fields.filter(({ condition }) => condition?.judge(scope) !== false);
}

function answersOf({ fields: asked }: Flow, fields: FieldValues, offered: Offered): RequestForm['answers'] {
  const answers: { readonly label: string; readonly text: string }[] = [];
  for (const field of asked) {
    const value = fields[field.name];
    if (value === undefined) continue;
    const text = offered[field.name]?.map(labelOfOption).join(', ') ?? printValue(field, value);
    answers.push({ label: field.label, text });
  }
  return answers;
}

/** The label is bound like the settings, so that people read what exactly is granted. Undefined where the problems say why. */
function bindTarget(
  flow: Flow,
  target: Target,
  fields: FieldValues,
  problems: FormProblem[],
): RequestForm['target'] {
  checkBoundValues(flow, target, fields, problems);
  if (problems.length > 0) return undefined;
  const label = bindText(target.label, fields);
  const bound = bindSettings(target.settings, fields);
  const unbound = [
    ...('unbound' in label ? label.unbound : []),
    ...('unbound' in bound ? bound.unbound : []),
  ];
  for (const name of new Set(unbound))
    problems.push({ at: name, code: 'unbound', sentence: `This target needs “${labelOf(flow, name)}”.` });
  if ('unbound' in label || 'unbound' in bound) return undefined;
  return { name: target.name, label: label.text, settings: bound.settings };
}

/** A strategy fills in places of its own, written in double braces: nobody types one into a setting. */
function checkBoundValues(flow: Flow, target: Target, fields: FieldValues, problems: FormProblem[]): void {
  const bound = boundFields(target.settings);
  if (bound.length === 0) return;
  for (const name of new Set(bound)) {
    const value = fields[name];
    if (typeof value !== 'string' || !/\{\{|\}\}/.test(value)) continue;
    const sentence = `“${labelOf(flow, name)}” may not hold double braces.`;
    problems.push({ at: name, code: 'no-match', sentence });
  }
}

/** What is typed to confirm travels with the fields, under this name; a flow that asks for it has no such field. */
export const confirmation = 'confirm';

/** What the requester has to type: the target's name, or an approval-only flow's own. */
function checkConfirmation(flow: Flow, raw: RawForm, problems: FormProblem[]): void {
  if (flow.confirm !== 'typed') return;
  const [only, ...others] = flow.access?.targets ?? [];
  const named = flow.access?.targets.find(({ name, label }) => name === raw.target || label === raw.target);
  const target = named ?? (others.length === 0 ? only : undefined);
  const word = flow.access ? target?.name : flow.ref.name;
  // Without a target there is nothing to confirm, and that is said of the target.
  if (word === undefined || raw.fields[confirmation] === word) return;
  const sentence = `To confirm, type ${word}; in a comment, ${confirmation}=${word}.`;
  problems.push({
    at: confirmation,
    code: raw.fields[confirmation] === undefined ? 'required' : 'no-match',
    sentence,
  });
}

function labelOf(flow: Flow, name: string): string {
  return flow.fields.find((field) => field.name === name)?.label ?? name;
}

function chooseTarget(flow: Flow, raw: string | undefined, problems: FormProblem[]): Target | undefined {
  if (flow.access === undefined) {
    if (raw !== undefined)
      problems.push({ at: 'target', code: 'not-asked', sentence: 'This flow has no targets.' });
    return undefined;
  }
  const { targets } = flow.access;
  const [only] = targets;
  if (raw === undefined && targets.length === 1) return only;
  const named = targets.find(({ name, label }) => name === raw || label === raw);
  if (named) return named;
  const choices = targets.map(({ name }) => name).join(', ');
  problems.push(
    raw === undefined
      ? { at: 'target', code: 'required', sentence: `Say which target: ${choices}.` }
      : {
          at: 'target',
          code: 'not-an-option',
          sentence: `There is no target of that name. Choose one of ${choices}.`,
        },
  );
  return undefined;
}

function chooseDuration(
  flow: Flow,
  raw: string | undefined,
  problems: FormProblem[],
): GrantedFor | undefined {
  if (flow.access === undefined) {
    if (raw !== undefined)
      problems.push({
        at: 'duration',
        code: 'not-asked',
        sentence: 'This flow grants nothing that could end.',
      });
    return undefined;
  }
  const { durations } = flow.access;
  if (raw === undefined) return durations.default;
  const wanted = /^until[ _-]revoked$/.test(raw.trim()) ? 'until-revoked' : parseDuration(raw);
  if (wanted !== undefined && durations.options.includes(wanted)) return wanted;
  const choices = durations.options.map(printGrantedFor).join(', ');
  problems.push({
    at: 'duration',
    code: 'not-an-option',
    sentence: `The duration must be one of ${choices}.`,
  });
  return undefined;
}

/** In the flow's order, so that a condition can read what was asked before it. */
function readFields(
  flow: Flow,
  raw: RawForm,
  chosen: { readonly target: Target | undefined; readonly duration: GrantedFor | undefined },
  problems: FormProblem[],
): FieldValues {
  for (const name of Object.keys(raw.fields))
    if (!isKnown(flow, name))
      problems.push({ at: name, code: 'unknown-field', sentence: `This flow has no field “${name}”.` });
  const values: Record<string, FieldValue> = {};
  for (const field of flow.fields) {
    const given = Object.hasOwn(raw.fields, field.name) ? raw.fields[field.name] : undefined;
    if (field.condition?.judge(scopeOf(values, chosen)) === false) {
      if (!isBlank(given))
        problems.push({
          at: field.name,
          code: 'not-asked',
          sentence: `“${field.label}” is asked only if ${field.condition.source}.`,
        });
      continue;
    }
    const read = isBlank(given) ? fallback(field) : readValue(field, given);
    if (read === undefined) continue;
    if ('problem' in read) problems.push(read.problem);
    else values[field.name] = read.value;
  }
  return values;
}

function scopeOf(
  fields: FieldValues,
  { target, duration }: { readonly target: Target | undefined; readonly duration: GrantedFor | undefined },
): Scope {
  return {
    fields,
    ...(target && { target: target.name }),
    ...(duration !== undefined && { duration }),
  };
}

function isKnown({ fields, confirm }: Flow, name: string): boolean {
  return fields.some((field) => field.name === name) || (confirm === 'typed' && name === confirmation);
}

type Read = { readonly value: FieldValue } | { readonly problem: FormProblem };

function isBlank(given: unknown): boolean {
  return (
    given === undefined ||
    given === null ||
    (typeof given === 'string' && !isLegible(given)) ||
    (Array.isArray(given) && given.length === 0)
  );
}

function fallback(field: Field): Read | undefined {
  if (field.default !== undefined) return { value: field.default };
  return field.required ? no(field, 'required', `“${field.label}”${key(field)} is missing.`) : undefined;
}

function no(field: Field, code: FormProblem['code'], sentence: string): Read {
  return { problem: { at: field.name, code, sentence } };
}

function readValue(field: Field, given: unknown): Read {
  const value = field.type.endsWith('-list') ? readList(field, given) : readOne(field.type, given);
  if (value === undefined) return no(field, 'wrong-type', `“${field.label}” wants ${wanted(field)}.`);
  const parts: readonly (string | number | boolean)[] = typeof value === 'object' ? value : [value];
  if (parts.some((part) => typeof part === 'string' && part.length > maxFieldLength))
    return no(field, 'too-long', `“${field.label}” is longer than ${maxFieldLength} characters.`);
  const { options, pattern } = field;
  if (options && !parts.every((part) => options.some((option) => option === part)))
    return no(
      field,
      'not-an-option',
      `“${field.label}” must be one of ${options.map((option) => printValue(field, option)).join(', ')}.`,
    );
  if (pattern && !parts.every((part) => pattern.matches(String(part))))
    return no(field, 'no-match', `“${field.label}” must match ${pattern.source}${hint(field)}.`);
  return { value };
}

function readOne(type: string, given: unknown): string | number | boolean | undefined {
  switch (type) {
    case 'int': {
      const number =
        typeof given === 'string' && /^-?[0-9]{1,15}$/.test(given.trim()) ? Number(given) : given;
      return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
    }
    case 'bool':
      if (typeof given === 'boolean') return given;
      return typeof given === 'string' ? yesOrNo(given.trim()) : undefined;
    case 'duration':
      return typeof given === 'string' ? parseDuration(given) : undefined;
    case 'person':
      return typeof given === 'string' && /^[A-Za-z][A-Za-z0-9._-]{0,62}$/.test(given) ? given : undefined;
    default:
      return typeof given === 'string' ? given : undefined;
  }
}

/** As people type it: “Yes”, “no”. */
function yesOrNo(text: string): boolean | undefined {
  if (/^(yes|true)$/i.test(text)) return true;
  return /^(no|false)$/i.test(text) ? false : undefined;
}

/** A regular expression is no help to most people; what the flow's author says of the field is. */
function hint({ description }: Field): string {
  return description === undefined ? '' : ` (${description.trim().replace(/\.+$/, '')})`;
}

/** A comment names a field by its key, and the label need not resemble it. */
function key({ name, label }: Field): string {
  return label.toLowerCase() === name.replaceAll('_', ' ') ? '' : ` (${name})`;
}

function readList(field: Field, given: unknown): readonly string[] | readonly number[] | undefined {
  const items: readonly unknown[] | undefined = Array.isArray(given)
    ? given
    : typeof given === 'string'
      ? given
          .split(/[,\n]/)
          .map((item) => item.trim())
          .filter((item) => item !== '')
      : undefined;
  if (items === undefined || items.length > maxListItems) return undefined;
  const type = field.type.slice(0, -'-list'.length);
  const read = items.map((item) => readOne(type, item));
  if (type === 'int') return read.every((item) => typeof item === 'number') ? read : undefined;
  return read.every((item) => typeof item === 'string') ? read : undefined;
}

function wanted(field: Field): string {
  const one = {
    string: 'text',
    int: 'a whole number',
    bool: 'yes or no',
    duration: 'a duration such as 30m',
    person: 'a person of this desk',
  };
  switch (field.type) {
    case 'string-list':
      return 'a list of texts';
    case 'int-list':
      return 'a list of whole numbers';
    case 'person-list':
      return 'a list of people';
    default:
      return one[field.type];
  }
}

export function printValue(field: Field, value: FieldValue): string {
  if (field.type === 'duration' && typeof value === 'number') return printDuration(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'object' ? value.join(', ') : String(value);
}
