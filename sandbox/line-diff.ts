// What changed between two texts, line by line: the longest common lines stay, the rest goes or comes.
export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  /** From 1; null where the line is not in that text. */
  readonly before: number | null;
  readonly after: number | null;
  readonly text: string;
}

/** Where two texts differ in more lines than this, all of them are taken to be new: comparing them takes the product. */
const mostCompared = 4_000_000;

export function diffLines(before: string, after: string): DiffLine[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  const ends = Math.min(old.length, now.length);
  let head = 0;
  while (head < ends && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < ends - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const kept = commonLines(old.slice(head, old.length - tail), now.slice(head, now.length - tail));
  const lines: DiffLine[] = [];
  let [from, to] = [0, 0];
  const same = (): void =>
    void lines.push({ kind: 'same', before: ++from, after: ++to, text: now[to - 1] ?? '' });
  const goOn = (untilOld: number, untilNow: number): void => {
    while (from < untilOld)
      lines.push({ kind: 'removed', before: ++from, after: null, text: old[from - 1] ?? '' });
    while (to < untilNow) lines.push({ kind: 'added', before: null, after: ++to, text: now[to - 1] ?? '' });
  };
  while (from < head) same();
  for (const [one, other] of kept) {
    goOn(head + one, head + other);
    same();
  }
  goOn(old.length - tail, now.length - tail);
  while (to < now.length) same();
  return lines;
}

/** The places of a longest common subsequence, in order. */
function commonLines(old: readonly string[], now: readonly string[]): Array<readonly [number, number]> {
  const width = now.length + 1;
  if (old.length * now.length > mostCompared) return [];
  const longest = new Uint32Array((old.length + 1) * width);
  const at = (one: number, other: number): number => longest[one * width + other] ?? 0;
  for (let one = old.length - 1; one >= 0; one -= 1)
    for (let other = now.length - 1; other >= 0; other -= 1)
      longest[one * width + other] =
        old[one] === now[other]
          ? at(one + 1, other + 1) + 1
          : Math.max(at(one + 1, other), at(one, other + 1));
  const kept: Array<readonly [number, number]> = [];
  for (let one = 0, other = 0; one < old.length && other < now.length;)
    if (old[one] === now[other]) kept.push([one++, other++]);
    else if (at(one + 1, other) >= at(one, other + 1)) one += 1;
    else other += 1;
  return kept;
}

/** The end of the last line begins no further one. */
function linesOf(text: string): string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
