// Fills `{{account}}` and its like into paths and bodies. Nothing filled in can leave its place.
import type { SettingValue } from '../../domain/flow.ts';
import { soundPath } from '../../clients/http/sound-path.ts';
import { Failure } from '../../engine/ports/failure.ts';

/** `account`, `request`, and `sealed.NAME` for what the grant returned. */
export type Values = { readonly [name: string]: string };

const placeholder = /\{\{\s*([A-Za-z][A-Za-z0-9_.]*)\s*\}\}/g;

export function fillPath(path: string, values: Values): string {
  const filled = path.replace(placeholder, (_, name: string) => encodeURIComponent(valueOf(name, values)));
  return soundPath(filled);
}

export function fillBody(value: SettingValue, values: Values): SettingValue {
  if (typeof value === 'string')
    return value.replace(placeholder, (_, name: string) => valueOf(name, values));
  if (typeof value !== 'object') return value;
  if (isList(value))
    return value.map((text) => text.replace(placeholder, (_, name: string) => valueOf(name, values)));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fillBody(inner, values)]));
}

function isList(value: object): value is readonly string[] {
  return Array.isArray(value);
}

function valueOf(name: string, values: Values): string {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value !== undefined && value !== '') return value;
  throw new Failure(
    name.startsWith('sealed.')
      ? 'The answer to the grant, of which a part is needed here, never arrived or lacks that part.'
      : 'A path or body of the target holds a placeholder that does not exist.',
    { transient: false },
  );
}
