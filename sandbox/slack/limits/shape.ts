// The pieces that a check of Slack's is made of. Each takes a value and where it stands, and returns what is wrong.
import { isJson } from '../json.ts';

export interface Fault {
  readonly what: string;
  /** A JSON pointer: `/blocks/3/text/text`. */
  readonly at: string;
}

export type Check = (value: unknown, at: string) => readonly Fault[];

const fine: readonly Fault[] = [];

function wrong(what: string, at: string): readonly Fault[] {
  return [{ what, at }];
}

/** Lengths as JavaScript counts them: an emoji is two, which is never less than what Slack counts. */
export function text(most: number, least = 1): Check {
  return (value, at) => {
    if (typeof value !== 'string') return wrong('must provide a string', at);
    if (value.length > most) return wrong(`must be less than ${most + 1} characters`, at);
    return value.length < least ? wrong(`must be more than ${least - 1} characters`, at) : fine;
  };
}

export function textLike(pattern: RegExp, example: string): Check {
  return (value, at) =>
    typeof value === 'string' && pattern.test(value) ? fine : wrong(`must look like ${example}`, at);
}

export const flag: Check = (value, at) =>
  typeof value === 'boolean' ? fine : wrong('must provide a boolean', at);

export function whole(least: number, most = Number.MAX_SAFE_INTEGER): Check {
  return (value, at) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) return wrong('must provide an integer', at);
    if (value < least) return wrong(`must be greater than or equal to ${least}`, at);
    return value > most ? wrong(`must be less than or equal to ${most}`, at) : fine;
  };
}

export function oneOf(...allowed: readonly string[]): Check {
  return (value, at) =>
    typeof value === 'string' && allowed.includes(value) ? fine : wrong('must be a valid enum value', at);
}

export function list(
  each: Check,
  { least = 0, most }: { readonly least?: number; readonly most: number },
): Check {
  return (value, at) => {
    if (!Array.isArray(value)) return wrong('must be an array', at);
    if (value.length > most) return wrong(`no more than ${most} items allowed`, at);
    if (value.length < least) return wrong(`no fewer than ${least} items allowed`, at);
    return value.flatMap((item, index) => each(item, `${at}/${index}`));
  };
}

/** The keys that an object must and may have; any other is refused. */
export function shape(
  needed: Readonly<Record<string, Check>>,
  possible: Readonly<Record<string, Check>> = {},
): Check {
  return (value, at) => {
    if (!isJson(value)) return wrong('must be a valid object', at);
    const missing = Object.keys(needed).filter((key) => value[key] === undefined || value[key] === null);
    return [
      ...missing.map((key) => ({ what: `missing required field: ${key}`, at })),
      ...Object.entries(value).flatMap(([key, inside]) => {
        if (missing.includes(key)) return fine;
        const check = Object.hasOwn(needed, key)
          ? needed[key]
          : Object.hasOwn(possible, key)
            ? possible[key]
            : null;
        if (!check) return wrong(`invalid additional property: ${key}`, at);
        return inside === undefined ? fine : check(inside, `${at}/${key}`);
      }),
    ];
  };
}

/** One shape for each `type`. */
export function byType(shapes: Readonly<Record<string, Check>>): Check {
  return (value, at) => {
    if (!isJson(value)) return wrong('must be a valid object', at);
    const { type } = value;
    if (typeof type !== 'string') return wrong('missing required field: type', at);
    const check = Object.hasOwn(shapes, type) ? shapes[type] : undefined;
    return check ? check(value, at) : wrong(`unsupported type: ${type}`, `${at}/type`);
  };
}

/** All of them, one after another; the later ones see what passed the first. */
export function both(first: Check, ...later: readonly Check[]): Check {
  return (value, at) => {
    const faults = first(value, at);
    return faults.length > 0 ? faults : later.flatMap((check) => check(value, at));
  };
}

export function rule(what: string, holds: (value: Readonly<Record<string, unknown>>) => boolean): Check {
  return (value, at) => (isJson(value) && holds(value) ? fine : wrong(what, at));
}
