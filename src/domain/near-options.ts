// Which of many options somebody may have meant: by the pairs of letters that two texts share, so that half a name finds it too.
import type { LiveOption } from './flow.ts';

const mostNear = 3;
/** From 0, nothing in common, to 1, the same. */
const nearEnough = 0.4;
/** What is longer than any option was no slip. */
const longestCompared = 200;

/** The values of the nearest, nearest first; none where none is near. */
export function nearOptions(typed: string, options: readonly LiveOption[]): readonly string[] {
  if (typed.length > longestCompared) return [];
  const pairs = pairsIn(typed);
  return options
    .map(({ value, label }) => ({
      value,
      likeness: Math.max(likeness(pairs, pairsIn(value)), likeness(pairs, pairsIn(label))),
    }))
    .filter((each) => each.likeness >= nearEnough)
    .sort((one, other) => other.likeness - one.likeness)
    .slice(0, mostNear)
    .map(({ value }) => value);
}

/** Case and the kind of dash are the commonest slips: they count for nothing. The ends count as letters. */
function pairsIn(text: string): ReadonlySet<string> {
  const folded = ` ${text.trim().toLowerCase().replaceAll(/[-_ ]/g, '-')} `;
  return new Set(Array.from({ length: folded.length - 1 }, (_, at) => folded.slice(at, at + 2)));
}

/** Sørensen and Dice’s coefficient: what both share, by what both have. */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const shared = [...one].filter((pair) => other.has(pair)).length;
  return (2 * shared) / (one.size + other.size);
}
