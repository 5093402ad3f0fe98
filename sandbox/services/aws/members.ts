// Looks at what an operation was sent, as strictly as AWS does: missing members, wrong ones, and such as it does not know.
import { invalid } from './problem.ts';

export type Decoder<T> = (value: unknown, name: string) => T;
type Decoders = { readonly [name: string]: Decoder<unknown> };
export type Decoded<D extends Decoders> = { readonly [K in keyof D]: ReturnType<D[K]> };

export function members<D extends Decoders>(decoders: D): Decoder<Decoded<D>> {
  return (value, name) => {
    if (!isObject(value))
      throw invalid(`Value at '${name}' failed to satisfy constraint: Must be a structure`);
    for (const key of Object.keys(value))
      if (!(key in decoders)) throw invalid(`Unexpected field '${key}' at '${name}'`);
    return Object.fromEntries(
      Object.entries(decoders).map((entry): readonly unknown[] => {
        const [key, decode] = entry;
        return [key, decode(value[key], key)];
      }),
    );
  };
}

export function text(pattern: RegExp = /^[^]*$/, maximum = 40_000): Decoder<string> {
  return (value, name) => {
    if (typeof value !== 'string')
      throw invalid(`Value at '${name}' failed to satisfy constraint: Member must not be null`);
    if (value.length > maximum || !pattern.test(value))
      throw invalid(
        `Value '${value}' at '${name}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern.source}`,
      );
    return value;
  };
}

export function oneOf<const T extends string>(...values: readonly T[]): Decoder<T> {
  return (value, name) => {
    const found = values.find((each) => each === value);
    if (found === undefined)
      throw invalid(
        `Value '${String(value)}' at '${name}' failed to satisfy constraint: Member must satisfy enum value set: [${values.join(', ')}]`,
      );
    return found;
  };
}

export function integer(least: number, most: number): Decoder<number> {
  return (value, name) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
      throw invalid(
        `Value '${String(value)}' at '${name}' failed to satisfy constraint: Member must be between ${least} and ${most}`,
      );
    return value;
  };
}

export function listOf<T>(decode: Decoder<T>, { least = 1, most = 100 } = {}): Decoder<readonly T[]> {
  return (value, name) => {
    if (!Array.isArray(value) || value.length < least || value.length > most)
      throw invalid(
        `Value at '${name}' failed to satisfy constraint: Member must have length between ${least} and ${most}`,
      );
    return value.map((each: unknown, place) => decode(each, `${name}.${place + 1}.member`));
  };
}

export function optional<T>(decode: Decoder<T>): Decoder<T | undefined> {
  return (value, name) => (value === undefined || value === null ? undefined : decode(value, name));
}

/** Whatever it holds. */
export const anything: Decoder<unknown> = (value) => value;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
