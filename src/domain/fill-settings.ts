// Fills answers into what a service is called with: as data, or percent-encoded into a path.
import { printDuration } from './duration.ts';
import type { Field, FieldValue, Settings, SettingValue } from './flow.ts';

/** What stands in a place, by its name. A field without an answer is not here. */
export type Answers = ReadonlyMap<string, SettingValue>;

/** `encoded`: the keys whose texts are paths. */
export function fillSettings(
  settings: Settings,
  { answers, encoded: paths }: { readonly answers: Answers; readonly encoded: readonly string[] },
): Settings {
  const filled = Object.entries(settings).flatMap(([key, value]) => {
    const inner = paths.includes(key) ? fillPath(value, answers) : fill(value, answers);
    return inner === undefined ? [] : [[key, inner] as const];
  });
  return Object.fromEntries(filled);
}

/** As a machine reads it: a duration as it is written, all else as JSON has it. */
export function answerFor({ type }: Field, value: FieldValue): SettingValue {
  if (type === 'duration' && typeof value === 'number') return printDuration(value);
  return typeof value === 'object' ? value.map(String) : value;
}

const place = /\$\{\{\s*((?:fields|request|requester|action)\.[A-Za-z][A-Za-z0-9_]*)\s*\}\}/g;
const onlyPlace = /^\$\{\{\s*((?:fields|request|requester|action)\.[A-Za-z][A-Za-z0-9_]*)\s*\}\}$/;

/** A text that is nothing but one field keeps its type; undefined where that has no answer: then there is nothing to say. */
function fill(value: SettingValue, answers: Answers): SettingValue | undefined {
  if (typeof value === 'string') {
    const [, only] = onlyPlace.exec(value) ?? [];
    return only === undefined ? fillText(value, answers) : answers.get(only);
  }
  if (typeof value !== 'object') return value;
  if (isList(value)) return value.map((text) => fillText(text, answers));
  return fillMap(value, answers);
}

function fillMap(map: Settings, answers: Answers): Settings {
  return Object.fromEntries(
    Object.entries(map).flatMap(([key, inner]) => {
      const filled = fill(inner, answers);
      return filled === undefined ? [] : [[key, filled] as const];
    }),
  );
}

/** What people typed is put in once, and never read as a place itself. */
function fillText(text: string, answers: Answers): string {
  return text.replace(place, (_, name: string) => print(answers.get(name)));
}

function fillPath(value: SettingValue, answers: Answers): SettingValue {
  if (typeof value !== 'string') return value;
  return value.replace(place, (_, name: string) => encoded(print(answers.get(name))));
}

/** Half a character cannot be encoded, and is none. */
function encoded(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Cs}/gu, '\u{FFFD}'));
}

function print(value: SettingValue = ''): string {
  return typeof value === 'object' && isList(value) ? value.join(',') : String(value);
}

function isList(value: object): value is readonly string[] {
  return Array.isArray(value);
}
