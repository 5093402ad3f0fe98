// Two texts as far as they differ, in every place where they do: neither length nor a harmless difference hides another.
import { longestItem, quote, short, visible } from './change-words.ts';

export interface Contrast {
  readonly was: string;
  readonly is: string;
}

/** In quotation marks. Where not all can be shown, that is said. */
export function contrast(before: string, after: string): Contrast {
  if (fits(before, after)) return { was: quote(before), is: quote(after) };
  const parts = differing(before, after);
  const differences = parts.filter((part) => part.differs).length;
  const left = new Set(parts.filter((part) => part.differs).slice(mostBegun, -1));
  const isWhole = parts.every((part) => !part.differs || fits(part.was, part.is)) && left.size === 0;
  const shown = (side: 'was' | 'is'): string =>
    `“${parts.map((part, index) => (left.has(part) ? ' … ' : show(part[side], part, index, parts.length))).join('')}”`;
  const further =
    left.size > 0
      ? ` (and differs further: ${left.size} of ${differences} differences are left out)`
      : isWhole
        ? ''
        : ' (and differs further)';
  return { was: shown('was'), is: `${shown('is')}${further}` };
}

/** The last one is shown as well: that is where something is appended. */
const mostBegun = 4;
const around = 20;

interface Part {
  readonly differs: boolean;
  readonly was: string;
  readonly is: string;
}

function fits(...texts: readonly string[]): boolean {
  return texts.every((text) => visible(text).length <= longestItem);
}

function show(text: string, { differs }: Part, index: number, count: number): string {
  if (differs) return short(text);
  const seen = [...text];
  const before = index === 0 ? 0 : around;
  const after = index === count - 1 ? 0 : around;
  if (seen.length <= before + after + 1) return short(text);
  return `${short(seen.slice(0, before).join(''))}…${short(after === 0 ? '' : seen.slice(-after).join(''))}`;
}

/** Above this many pairs of words, all between the first and the last difference is one. */
const mostPairs = 250_000;

/** By letters and signs apart, or where that is too much, by what blanks separate. */
function differing(before: string, after: string): readonly Part[] {
  const found = [/[\p{L}\p{N}_]+|\s+|[^]/gu, /\S+|\s+/g].flatMap((word) => {
    const parts = differingWords(before.match(word) ?? [], after.match(word) ?? []);
    return parts ? [parts] : [];
  })[0];
  return (found ?? [{ differs: true, was: before, is: after }]).flatMap((part) =>
    part.differs && !fits(part.was, part.is) ? trimmed(part) : [part],
  );
}

function differingWords(a: readonly string[], b: readonly string[]): readonly Part[] | undefined {
  const [start, end] = sharedEnds(a, b);
  const [was, is] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  return was.length * is.length > mostPairs
    ? undefined
    : merged([same(a.slice(0, start)), ...wordByWord(was, is), same(a.slice(a.length - end))]);
}

/** What is long and differs may differ in a character of it alone. */
function trimmed({ was, is }: Part): readonly Part[] {
  const [a, b] = [[...was], [...is]];
  const [start, end] = sharedEnds(a, b);
  const [old, now] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  return [
    same(a.slice(0, start)),
    { differs: true, was: old.join(''), is: now.join('') },
    same(a.slice(a.length - end)),
  ].filter((part) => part.was !== '' || part.is !== '');
}

/** How many are the same at the beginning and at the end. */
function sharedEnds(a: readonly string[], b: readonly string[]): readonly [start: number, end: number] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  return [start, end];
}

function same(words: readonly string[]): Part {
  const text = words.join('');
  return { differs: false, was: text, is: text };
}

/** By the longest common subsequence. */
function wordByWord(a: readonly string[], b: readonly string[]): readonly Part[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      if (row) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  const parts: Part[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [was, is] = [a[i] ?? '', b[j] ?? ''];
    if (i < a.length && j < b.length && was === is) {
      parts.push(same([was]));
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) {
      parts.push({ differs: true, was, is: '' });
      i += 1;
    } else {
      parts.push({ differs: true, was: '', is });
      j += 1;
    }
  }
  return parts;
}

/** Neighbours become one, and so do differences with little between them. */
function merged(parts: readonly Part[]): readonly Part[] {
  const runs: Part[] = [];
  for (const part of parts) {
    if (part.was === '' && part.is === '') continue;
    const last = runs.at(-1);
    if (last?.differs === part.differs) runs.splice(-1, 1, joined(last, part));
    else runs.push(part);
  }
  const found: Part[] = [];
  for (const [index, part] of runs.entries()) {
    const last = found.at(-1);
    const isBetween = !part.differs && part.was.length <= around && index < runs.length - 1;
    if (last?.differs && (part.differs || isBetween)) found.splice(-1, 1, joined(last, part));
    else found.push(part);
  }
  return found;
}

function joined(one: Part, other: Part): Part {
  return { differs: one.differs || other.differs, was: one.was + other.was, is: one.is + other.is };
}
