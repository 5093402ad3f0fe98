// Fills answers into what is asked of a source of options: as data, or percent-encoded into a path.
import type { FieldValue, SettingValue } from '../domain/flow.ts';
import type { Answers } from './option-source.ts';

const places = /\$\{\{\s*(?:fields\.([A-Za-z][A-Za-z0-9_]*)|requester\.id)\s*\}\}/g;

export function fillValue(value: SettingValue, answers: Answers): SettingValue {
  if (typeof value === 'string') return fill(value, answers, (text) => text);
  if (Array.isArray(value)) return value.map((text: string) => fill(text, answers, (each) => each));
  if (typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]: [string, SettingValue]) => [name, fillValue(inner, answers)]),
  );
}

export function fillPath(path: string, answers: Answers): string {
  return fill(path, answers, encodeURIComponent);
}

function fill(text: string, { fields, requester }: Answers, shape: (text: string) => string): string {
  return text.replace(places, (_, field: string | undefined) =>
    shape(field === undefined ? requester : print(fields[field])),
  );
}

function print(value: FieldValue | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'object' ? value.join(',') : String(value);
}
