// `${{ … }}` in the texts of a flow: settings are bound to fields once, when the request is made; texts for people are filled in.
import { printDuration } from './duration.ts';
import type { FieldValue, FieldValues, GrantedFor, Settings, SettingValue, Template } from './flow.ts';
import { clip } from './safe-word.ts';

const placeholder = /\$\{\{\s*fields\.([A-Za-z][A-Za-z0-9_]*)\s*\}\}/g;

/** The fields that a setting's value names. */
export function boundFields(value: SettingValue): readonly string[] {
  if (typeof value === 'string' && !value.includes('${{')) return [];
  if (typeof value === 'string') return [...value.matchAll(placeholder)].map(([, name]) => name ?? '');
  if (typeof value !== 'object') return [];
  return Object.values(value).flatMap((inner: SettingValue) => boundFields(inner));
}

export type Bound = { readonly settings: Settings } | { readonly unbound: readonly string[] };

/** The same for one text. */
export function bindText(
  text: string,
  fields: FieldValues,
): { readonly text: string } | { readonly unbound: readonly string[] } {
  const missing = boundFields(text).filter((name) => !Object.hasOwn(fields, name));
  return missing.length > 0 ? { unbound: missing } : { text: fillIn(text, fields) };
}

/** Fills every placeholder; a field without a value leaves the setting unbound, which is a refusal and never an empty text. */
export function bindSettings(settings: Settings, fields: FieldValues): Bound {
  const bound = Object.values(settings).flatMap(boundFields);
  if (bound.length === 0) return { settings };
  const missing = bound.filter((name) => !Object.hasOwn(fields, name));
  if (missing.length > 0) return { unbound: [...new Set(missing)] };
  return {
    settings: Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [name, bind(value, fields)]),
    ),
  };
}

function bind(value: SettingValue, fields: FieldValues): SettingValue {
  if (typeof value === 'string') return fillIn(value, fields);
  if (Array.isArray(value)) return value.map((text: string) => fillIn(text, fields));
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, bind(inner, fields)]));
}

function fillIn(text: string, fields: FieldValues): string {
  if (!text.includes('${{')) return text;
  return text.replace(placeholder, (_, name: string) => print(fields[name]));
}

function print(value: FieldValue | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'object' ? value.join(',') : String(value);
}

/** What the texts of a request may say, as people read it. Nothing here is escaped: surfaces do that. */
export interface TemplateValues {
  /** By name, as printed on cards. A field without an answer is not here. */
  readonly fields: { readonly [name: string]: string };
  /** The label of the target. */
  readonly target?: string;
  readonly duration?: GrantedFor;
  /** The name of the requester. */
  readonly requester: string;
}

/** The longest that a template is, and the longest text that it becomes, in characters. */
export const maxFilledLength = 300;

const places =
  /\$\{\{\s*(?:fields\.([A-Za-z][A-Za-z0-9_]*)|(request\.target|request\.duration|requester\.name))\s*\}\}/g;
const nothing = '—';

/**
 * One line of plain text. What people typed is put in once and never read as a template itself; what they did not
 * answer reads as a dash.
 */
export function fillTemplate(template: Template, values: TemplateValues): string {
  const filled = template.replace(places, (_, field: string | undefined, other: string | undefined) =>
    oneLine(field === undefined ? valueOf(other, values) : answerOf(field, values)),
  );
  return clip(oneLine(filled), maxFilledLength);
}

function answerOf(field: string, { fields }: TemplateValues): string | undefined {
  return Object.hasOwn(fields, field) ? fields[field] : undefined;
}

function valueOf(other: string | undefined, values: TemplateValues): string | undefined {
  switch (other) {
    case 'request.target':
      return values.target;
    case 'request.duration':
      if (values.duration === undefined) return undefined;
      return values.duration === 'until-revoked' ? 'until revoked' : printDuration(values.duration);
    default:
      return values.requester;
  }
}

/** Most texts are one line of plain characters, and stay as they are. */
const plainLine = /^[!-~]+(?: [!-~]+)*$/;

/** Cut before it is searched: an answer may be long, and a text may hold it often. */
function oneLine(text: string | undefined): string {
  if (text !== undefined && text.length <= maxFilledLength && plainLine.test(text)) return text;
  const line = (text ?? '')
    .slice(0, 8 * maxFilledLength)
    .replace(/[\s\p{Cc}\p{Cs}]+/gu, ' ')
    .trim();
  return line === '' ? nothing : clip(line, maxFilledLength);
}
