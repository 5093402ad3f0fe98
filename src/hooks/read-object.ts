// Looks into what code answered, which may be anything.
import type { Json, JsonObject } from '../sdk/json.ts';

const mostText = 500;

export function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One line that people read; undefined where there is none. */
export function textIn(answer: JsonObject, key: string): string | undefined {
  const text = answer[key];
  if (typeof text !== 'string') return undefined;
  const line = text.replaceAll(/[\s\p{Cc}\p{Cs}]+/gu, ' ').trim();
  return line === '' ? undefined : line.slice(0, mostText);
}
