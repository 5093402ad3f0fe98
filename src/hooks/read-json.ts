// Looks at JSON that comes out of the sandbox before anybody uses it: bounded in size and depth, and without keys that bend objects.
import type { Json } from '../sdk/json.ts';

export interface JsonBounds {
  readonly length: number;
  readonly depth: number;
}

/** Undefined where it is none that we take. */
export function readJson(text: string, { length, depth }: JsonBounds): Json | undefined {
  if (text.length > length) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value, depth) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Of what was parsed: it is of JSON's types, and what is left to look at are its depth and its keys. */
export function isJson(value: unknown, depth: number): value is Json {
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.every((each) => isJson(each, depth - 1));
  return Object.entries(value).every(([key, each]) => key !== '__proto__' && isJson(each, depth - 1));
}
