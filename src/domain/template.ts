// `${{ fields.NAME }}` in a target's settings: bound settings, resolved once, when the request is made.
import type { FieldValue, FieldValues, Settings, SettingValue } from './flow.ts';

const placeholder = /\$\{\{\s*fields\.([A-Za-z][A-Za-z0-9_]*)\s*\}\}/g;

/** The fields that a setting's value names. */
export function boundFields(value: SettingValue): readonly string[] {
  if (typeof value === 'string') return [...value.matchAll(placeholder)].map(([, name]) => name ?? '');
  if (typeof value !== 'object') return [];
  return Object.values(value).flatMap((inner: SettingValue) => boundFields(inner));
}

export type Bound = { readonly settings: Settings } | { readonly unbound: readonly string[] };

/** Fills every placeholder; a field without a value leaves the setting unbound, which is a refusal and never an empty text. */
export function bindSettings(settings: Settings, fields: FieldValues): Bound {
  const missing = Object.values(settings)
    .flatMap(boundFields)
    .filter((name) => !Object.hasOwn(fields, name));
  if (missing.length > 0) return { unbound: [...new Set(missing)] };
  return {
    settings: Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [name, bind(value, fields)]),
    ),
  };
}

function bind(value: SettingValue, fields: FieldValues): SettingValue {
  if (typeof value === 'string') return value.replace(placeholder, (_, name: string) => print(fields[name]));
  if (Array.isArray(value))
    return value.map((text: string) => text.replace(placeholder, (_, name: string) => print(fields[name])));
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, bind(inner, fields)]));
}

function print(value: FieldValue | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'object' ? value.join(',') : String(value);
}
