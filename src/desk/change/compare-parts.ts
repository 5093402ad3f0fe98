// Compares two values key by key with a table that names every key: what is new does not compile until somebody says how it is compared.
import type { Change, Place } from './change.ts';

export interface Part<V, P> {
  compare(before: V, after: V, place: P): readonly Change[];
  /** In another order it is the same. */
  readonly isSet?: true;
  /** It may differ and nothing is to be said of it here. */
  readonly isSaidElsewhere?: true;
  /** Its own parts are told one by one, and some of them elsewhere: nothing to say is no gap. */
  readonly isTold?: true;
}

/** `-?`: an optional key has its entry too. */
export type Parts<T, P> = { readonly [K in keyof T]-?: Part<T[K], P> };

/** Never silent of a difference: what its own comparison has no words for is told all the same. */
export function compareParts<T extends object, P extends Place>(
  parts: Parts<T, P>,
  before: T,
  after: T,
  place: P,
): readonly Change[] {
  const found: Change[] = [];
  for (const key in parts) found.push(...comparePart(parts, key, [before, after], place));
  return found;
}

function comparePart<T extends object, K extends keyof T & string, P extends Place>(
  parts: Parts<T, P>,
  key: K,
  [before, after]: readonly [T, T],
  place: P,
): readonly Change[] {
  const part: Part<T[K], P> = parts[key];
  if (part.isSaidElsewhere || isSame(before[key], after[key], part)) return [];
  const said = part.compare(before[key], after[key], place);
  return said.length > 0 || part.isTold
    ? said
    : [place.change('otherwise', 'other', `Something else changes of ${place.of}: ${key}.`, 'loud')];
}

export const saidElsewhere = { compare: () => [], isSaidElsewhere: true } as const;

export function isSame(before: unknown, after: unknown, { isSet }: { readonly isSet?: true } = {}): boolean {
  return before === after || contentOf(before, isSet) === contentOf(after, isSet);
}

/** Of conditions and patterns that is their source; of maps and objects their keys in whatever order. */
export function contentOf(value: unknown, isSet?: true): string {
  if (value instanceof Map) return contentOf(Object.fromEntries(value), isSet);
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => contentOf(item, isSet));
    return `[${(isSet ? [...new Set(items)].sort() : items).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .filter(([, inner]: [string, unknown]) => typeof inner !== 'function' && inner !== undefined)
      .map(([key, inner]: [string, unknown]) => `${JSON.stringify(key)}:${contentOf(inner, isSet)}`)
      .sort()
      .join(',')}}`;
  return JSON.stringify(value) ?? 'undefined';
}

export interface Named {
  readonly name: string;
}

/** Pairs what has the same name. */
export function compareNamed<T extends Named>(
  before: readonly T[],
  after: readonly T[],
  say: {
    added(one: T): readonly Change[];
    removed(one: T): readonly Change[];
    kept(before: T, after: T): readonly Change[];
    /** The same ones, and nothing else to say of them. */
    reordered(): readonly Change[];
  },
): readonly Change[] {
  const was = new Map(before.map((one) => [one.name, one]));
  const is = new Map(after.map((one) => [one.name, one]));
  const found = [
    ...before.filter(({ name }) => !is.has(name)).flatMap((one) => say.removed(one)),
    ...after.flatMap((one) => {
      const old = was.get(one.name);
      return old === undefined ? say.added(one) : say.kept(old, one);
    }),
  ];
  const kept = (some: readonly T[], others: ReadonlyMap<string, T>): string =>
    contentOf(some.map(({ name }) => name).filter((name) => others.has(name)));
  return kept(before, is) === kept(after, was) ? found : [...found, ...say.reordered()];
}

/** What came and what went, of two lists that are sets. */
export function differenceOf<T>(
  before: readonly T[],
  after: readonly T[],
): { readonly added: readonly T[]; readonly removed: readonly T[] } {
  const [was, is] = [new Set(before), new Set(after)];
  return { added: [...is].filter((one) => !was.has(one)), removed: [...was].filter((one) => !is.has(one)) };
}
