// The one calculation behind granting, revoking, restoring and overlapping grants: what an account should hold.
import type { Holding } from '../domain/entries.ts';

/** From least to most. */
export type Order = readonly Holding[];

/** The greatest of them; the least of all where there are none. */
export function join(order: Order, holdings: readonly Holding[]): Holding {
  return holdings.reduce(
    (most, holding) => (covers(order, holding, most) ? holding : most),
    order[0] ?? 'none',
  );
}

export function covers(order: Order, holds: Holding, wanted: Holding): boolean {
  return rank(order, holds) >= rank(order, wanted);
}

export function isKnown(order: Order, holding: Holding): boolean {
  return order.includes(holding);
}

export interface Situation {
  /** What the account holds now. */
  readonly now: Holding;
  /** What this grant asks for. */
  readonly ours: Holding;
  /** What it held before the first of the live grants. */
  readonly before: Holding;
  /** What the live grants want; on escalation this one is among them. */
  readonly wanted: readonly Holding[];
}

/**
 * A grant raises to what was asked and never lowers: more than that was given by somebody else, and stays.
 */
export function aimOfGrant(order: Order, { now, ours }: Situation): Holding {
  return join(order, [now, ours]);
}

/**
 * Taking back lowers to the join of what was there before and what live grants want, and never raises: whoever
 * took more away meanwhile did so on purpose. More than any of these was given by somebody else meanwhile: it stays.
 */
export function aimOfRevoke(order: Order, { now, ours, before, wanted }: Situation): Holding {
  const target = join(order, [before, ...wanted]);
  if (covers(order, target, now)) return now;
  return covers(order, join(order, [target, ours]), now) ? target : now;
}

/** What is not in the order never counts as enough. */
function rank(order: Order, holding: Holding): number {
  return order.indexOf(holding);
}
