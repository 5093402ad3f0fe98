// Settings of targets and integrations: what a file may hold there, and where `${{ }}` stands in it.
import type { Settings, SettingValue } from '../../domain/flow.ts';
import type { Report } from '../diagnostic.ts';
import { pointerTo } from '../yaml/positions.ts';

/** Undefined where the report says what cannot stand there. */
export function readSettings(value: object, at: string, report: Report): Settings | undefined {
  const read = Object.entries(value).map(
    ([name, inner]) => [name, readValue(inner, at + pointerTo(name), report)] as const,
  );
  const kept = read.flatMap(([name, inner]) => (inner === undefined ? [] : [[name, inner] as const]));
  return kept.length === read.length ? Object.fromEntries(kept) : undefined;
}

function readValue(value: unknown, at: string, report: Report): SettingValue | undefined {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) {
    const texts = value.filter((item: unknown) => typeof item === 'string');
    if (texts.length === value.length) return texts;
    report.add({ at }, 'wrong-type', 'a list of texts', 'another list');
    return undefined;
  }
  if (typeof value === 'object' && value !== null) return readSettings(value, at, report);
  report.add({ at }, 'wrong-type', 'a text, a number, true, false, a list or a map', 'empty');
  return undefined;
}

export interface Placeholder {
  /** Where the text stands that holds it. */
  readonly at: string;
  readonly offset: number;
  /** What stands between the braces; undefined where they do not close. */
  readonly inner: string | undefined;
  /** The whole text. */
  readonly text: string;
}

/** Every `${{ … }}` in the texts of a value. */
export function placeholdersIn(value: SettingValue, at: string): readonly Placeholder[] {
  if (typeof value === 'string') return placeholdersOf(value, at);
  if (typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, inner]: [string, SettingValue]) =>
    placeholdersIn(inner, at + pointerTo(name)),
  );
}

function placeholdersOf(text: string, at: string): readonly Placeholder[] {
  return [...text.matchAll(/\$\{\{/g)].map(({ index }) => {
    const end = text.indexOf('}}', index);
    return { at, offset: index, text, inner: end < 0 ? undefined : text.slice(index + 3, end).trim() };
  });
}
