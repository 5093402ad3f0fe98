// Turns what Ajv says into what an author understands: one good sentence instead of four noisy ones.
import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Report } from '../diagnostic.ts';
import { nearest } from '../nearest.ts';
import { pathOf, pointerTo } from '../yaml/positions.ts';

/** What other tools call it. */
const synonyms: Readonly<Record<string, string>> = {
  when: 'if',
  condition: 'if',
  title: 'label',
  choices: 'options',
  enum: 'options',
  allowed_values: 'options',
  values: 'options',
  regex: 'pattern',
  optional: 'required',
  ttl: 'duration',
  durations: 'duration',
  timeout: 'lapse_after',
  expires_after: 'lapse_after',
  required_approvals: 'count',
  depends_on: 'needs',
  users: 'approvers',
  params: 'settings',
  with: 'settings',
  boolean: 'bool',
  integer: 'int',
  number: 'int',
  text: 'string',
  user: 'person',
  users_list: 'person-list',
  list: 'string-list',
  mandatory: 'required',
  forever: 'until-revoked',
  none: 'until-revoked',
};

export interface Validated {
  /** The pointer of what was validated. */
  readonly base: string;
  readonly report: Report;
  /** Values may be secrets that somebody pasted: no sentence repeats one. */
  readonly discreet: boolean;
}

export function reportProblems(errors: readonly ErrorObject[], validated: Validated): void {
  const blind = new Set(
    errors.filter(({ keyword }) => keyword === 'type').map(({ instancePath }) => instancePath),
  );
  for (const error of errors) {
    if (validated.report.isFull) return;
    if (error.propertyName !== undefined) continue; // told by `propertyNames` itself
    if (error.keyword !== 'type' && blind.has(error.instancePath)) continue;
    if (error.keyword === 'discriminator' && error.params['tagValue'] === undefined) continue;
    if (isMistyped(error, errors)) continue;
    reportOne(error, validated.base + error.instancePath, validated);
  }
}

/** What is missing because it is mistyped is told where it stands. */
function isMistyped({ keyword, instancePath, params }: ErrorObject, errors: readonly ErrorObject[]): boolean {
  return (
    keyword === 'required' &&
    errors.some(
      (other) =>
        other.instancePath === instancePath &&
        other.keyword === 'additionalProperties' &&
        unknownKeyOf(other).suggestion === params['missingProperty'],
    )
  );
}

function reportOne(error: ErrorObject, at: string, { report, discreet }: Validated): void {
  const clip = discreet ? () => 'this value' : clipped;
  const data: unknown = error.data;
  const params: Readonly<Record<string, unknown>> = error.params;
  const limit = Number(params['limit']);
  switch (error.keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return reportUnknownKey(error, at, report);
    case 'required':
      return report.add({ at }, 'missing-key', String(params['missingProperty']));
    case 'type':
      if (wantsOf(error.parentSchema) === 'duration') return report.add({ at }, 'bad-duration', clip(data));
      return reportWrongType({ data, wanted: params['type'], discreet }, at, report);
    case 'enum':
    case 'const':
    case 'discriminator':
      return reportNotAnOption(error, { at, discreet }, report);
    case 'notBuilt':
      return report.add({ at, on: 'key' }, 'not-built', `“${pathOf(at).at(-1) ?? ''}”`);
    case 'propertyNames': {
      const name = String(params['propertyName']);
      return report.add(
        { at: at + pointerTo(name), on: 'key' },
        'bad-name',
        name,
        wantsOf(error.schema) ?? 'a letter, then letters, digits, - and _',
      );
    }
    case 'pattern': {
      const wants = wantsOf(error.parentSchema);
      if (wants === 'duration') return report.add({ at }, 'bad-duration', clip(data));
      return wants?.startsWith('a letter')
        ? report.add({ at }, 'bad-name', clip(data), wants)
        : report.add({ at }, 'bad-value', wants ?? `text that matches ${String(params['pattern'])}`);
    }
    case 'minItems':
    case 'minProperties':
      return report.add({ at }, 'too-few', limit);
    case 'maxItems':
    case 'maxProperties':
      return report.add({ at }, 'too-many', limit);
    case 'minimum':
      return report.add({ at }, 'too-small', limit);
    case 'maximum':
      return report.add({ at }, 'too-large', limit);
    case 'minLength':
      return report.add({ at }, 'too-short');
    case 'maxLength':
      return report.add({ at }, 'too-long', limit);
    case 'uniqueItems': {
      const again = Math.max(Number(params['i']), Number(params['j']));
      const item: unknown = Array.isArray(data) ? data[again] : data;
      return report.add({ at: at + pointerTo(again) }, 'repeated', clip(item));
    }
    default:
      return report.add({ at }, 'bad-value', error.message?.replace(/^must (be )?/, '') ?? 'something else');
  }
}

function unknownKeyOf(error: ErrorObject): {
  readonly key: string;
  readonly known: readonly string[];
  readonly suggestion: string | undefined;
} {
  const key = String(error.params['additionalProperty'] ?? error.params['unevaluatedProperty']);
  const known = Object.keys(propertyOf(error.parentSchema, 'properties') ?? {});
  return { key, known, suggestion: suggest(key, known) };
}

function reportUnknownKey(error: ErrorObject, at: string, report: Report): void {
  const { key, known, suggestion } = unknownKeyOf(error);
  const place = { at: at + pointerTo(key), on: 'key', suggestion } as const;
  if (suggestion === undefined) report.add(place, 'unknown-key', key, listOf(known));
  else report.add(place, 'unknown-key', key);
}

function reportNotAnOption(
  error: ErrorObject,
  { at, discreet }: { readonly at: string; readonly discreet: boolean },
  report: Report,
): void {
  const tagged = error.keyword === 'discriminator';
  const found: unknown = tagged ? error.params['tagValue'] : error.data;
  const options = tagged ? tagsOf(error.parentSchema) : optionsOf(error);
  const place = tagged ? at + pointerTo(String(error.params['tag'])) : at;
  if (found === null) return report.add({ at: place }, 'wrong-type', `one of ${listOf(options)}`, 'empty');
  report.add(
    { at: place, suggestion: suggest(String(found), options) },
    'not-an-option',
    discreet ? 'this value' : clipped(found),
    listOf(options),
  );
}

function optionsOf(error: ErrorObject): readonly string[] {
  const values: unknown = error.params['allowedValues'] ?? [error.params['allowedValue']];
  return Array.isArray(values) ? values.map(String) : [];
}

function tagsOf(schema: unknown): readonly string[] {
  const branches = propertyOf(schema, 'oneOf');
  return Array.isArray(branches)
    ? branches.map((branch) =>
        String(propertyOf(propertyOf(propertyOf(branch, 'properties'), 'type'), 'const')),
      )
    : [];
}

function reportWrongType(
  {
    data,
    wanted,
    discreet,
  }: { readonly data: unknown; readonly wanted: unknown; readonly discreet: boolean },
  at: string,
  report: Report,
): void {
  const types = Array.isArray(wanted) ? wanted.map(String) : [String(wanted)];
  if (types.includes('string') && typeof data === 'number')
    return report.add(
      { at, suggestion: discreet ? undefined : quoted(at, report, data) },
      'number-needs-quotes',
    );
  if (types.includes('boolean') && typeof data === 'string' && /^(yes|no|on|off|y|n)$/i.test(data))
    return report.add(
      { at, suggestion: /^(y|yes|on)$/i.test(data) ? 'true' : 'false' },
      'yaml-boolean',
      data,
    );
  const pair = types.includes('string') && !discreet ? onlyPair(data) : undefined;
  if (pair)
    return report.add(
      {
        at,
        suggestion: /\s/.test(pair[1]) ? JSON.stringify(`${pair[0]}: ${pair[1]}`) : `${pair[0]}:${pair[1]}`,
      },
      'colon-needs-quotes',
    );
  const suggestion = discreet ? undefined : suggestValue(types, data);
  report.add({ at, suggestion }, 'wrong-type', types.map(kindOf).join(' or '), kindOfValue(data));
}

function suggestValue(types: readonly string[], data: unknown): string | undefined {
  if (types.includes('array') && typeof data === 'string' && data.length < 80) return `[${data}]`;
  if (types.includes('string') && typeof data === 'boolean') return `"${String(data)}"`;
  if (types.includes('integer') && typeof data === 'string' && /^[0-9]{1,15}$/.test(data)) return data;
  return undefined;
}

/** As it was typed, leading zeros and all. */
function quoted(at: string, report: Report, data: number): string | undefined {
  const typed = report.typed(at) ?? String(data);
  return typed.includes('${{') ? undefined : JSON.stringify(typed); // quotes do not change what a variable is
}

/** `team: acme/data`, where `team:acme/data` was meant. */
function onlyPair(data: unknown): readonly [string, string] | undefined {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined;
  const [first, ...more] = Object.entries(data);
  const value: unknown = first?.[1];
  return first && more.length === 0 && typeof value === 'string' ? [first[0], value] : undefined;
}

function kindOf(type: string): string {
  switch (type) {
    case 'string':
      return 'text';
    case 'object':
      return 'a map';
    case 'array':
      return 'a list';
    case 'boolean':
      return 'true or false';
    case 'integer':
      return 'a whole number';
    default:
      return `a ${type}`;
  }
}

function kindOfValue(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' ? 'a number' : 'text';
}

function suggest(word: string, known: readonly string[]): string | undefined {
  const synonym = Object.hasOwn(synonyms, word) ? synonyms[word] : undefined;
  return synonym !== undefined && known.includes(synonym) ? synonym : nearest(word, known);
}

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, 20).join(', ');
  return names.length > 20 ? `${shown} and ${names.length - 20} more` : shown || 'nothing';
}

function wantsOf(schema: unknown): string | undefined {
  const wants = propertyOf(schema, 'wants');
  return typeof wants === 'string' ? wants : undefined;
}

function propertyOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}

function clipped(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
