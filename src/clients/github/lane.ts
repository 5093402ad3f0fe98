// Who goes first when requests to GitHub have to wait.
import type { Instant } from '../../domain/names.ts';

/** In this order. `answer` is whatever else is said to people; a reaction is a courtesy that nobody waits for. */
export const lanes = ['revoke', 'ledger', 'escalate', 'card', 'answer', 'read', 'reaction'] as const;
export type Lane = (typeof lanes)[number];

export interface Call {
  /** A request that has not left by then is dropped with a `GitHubFailure` and never sent. */
  readonly notAfter?: Instant;
  /** Parameters that are looked up when it leaves, each time that it does: what waited long says what is true then. */
  readonly lastly?: () => Promise<{ readonly [parameter: string]: unknown }>;
  /** Drops a waiting request; one under way is given up as a lost answer. */
  readonly signal?: AbortSignal;
}
