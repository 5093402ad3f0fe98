// Reads what code gave with a call: an object of texts, or a refusal that says what it takes.
import type { Json, JsonObject } from '../../sdk/json.ts';
import { OutsideRefusal } from '../capabilities.ts';

export function objectArg(call: string, args: Json | undefined): JsonObject {
  if (isObject(args)) return args;
  throw new OutsideRefusal('refused', `${call}: It takes an object.`);
}

/** Undefined where it is not given. */
export function optionalText(call: string, args: JsonObject, name: string): string | undefined {
  const value = args[name];
  if (value === undefined || typeof value === 'string') return value;
  throw new OutsideRefusal('refused', `${call}: Its ${name} is a text.`);
}

export function textArg(call: string, args: JsonObject, name: string): string {
  const value = optionalText(call, args, name);
  if (value !== undefined && value !== '') return value;
  throw new OutsideRefusal('refused', `${call}: It takes ${name}, a text.`);
}

function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
