// Which changes a summary has room for: all that is loud, and of the rest what weighs most, so that no crowd of others hides it.
import { weightOf, type Change } from '../../../desk/change/change.ts';
import type { Needed } from '../../../desk/change/still-needed.ts';

export type Told = Change | Needed;

export interface FittingParts<T extends Told> {
  readonly all: readonly T[];
  /** Of what is not loud. */
  readonly room: number;
  /** What one takes of it. */
  readonly size: (told: T) => number;
}

/** What is loud takes no room here: it is never left out. */
export function fitChanges<T extends Told>({ all, room, size }: FittingParts<T>): ReadonlySet<T> {
  const fitting = new Set(all.filter(({ loud }) => loud));
  let left = room;
  for (const told of inTurn(all.filter(({ loud }) => !loud))) {
    left -= size(told);
    if (left < 0) break;
    fitting.add(told);
  }
  return fitting;
}

/** By weight, and then one of each flow after the other: many of one flow push out none of another. */
function inTurn<T extends Told>(all: readonly T[]): readonly T[] {
  const seen = new Map<string, number>();
  return all
    .map((told) => {
      const weight = 'effect' in told ? (told.effect === 'harder' ? 3 : weightOf(told)) : 1;
      const key = `${weight} ${told.file}`;
      const turn = seen.get(key) ?? 0;
      seen.set(key, turn + 1);
      return { told, weight, turn };
    })
    .sort((a, b) => a.weight - b.weight || a.turn - b.turn)
    .map(({ told }) => told);
}
