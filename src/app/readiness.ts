// Whether this process may be sent work: for load balancers and orchestrators, in one word and nothing more.
import type { Milliseconds } from '../domain/names.ts';

export type Readiness =
  | 'ready'
  /** The settings are read; the store is being opened, or rebuilt from the ledger. */
  | 'starting'
  /** Nobody looks for deadlines: the bell has not been heard for too long. */
  | 'bell-silent'
  | 'stopping';

export interface ReadinessWatch {
  readonly state: Readiness;
  started(): void;
  stopping(): void;
  /** The bell rang, and the main thread answered. */
  heardBell(): void;
}

/** It rings about once a second. */
export const bellSilence: Milliseconds = 30_000;

/** `elapsed` only ever goes forward, whatever happens to the clock on the wall. */
export function createReadiness(elapsed: () => Milliseconds): ReadinessWatch {
  let phase: 'starting' | 'up' | 'stopping' = 'starting';
  let heardAt = elapsed();
  return {
    get state() {
      if (phase !== 'up') return phase;
      return elapsed() - heardAt > bellSilence ? 'bell-silent' : 'ready';
    },
    started() {
      heardAt = elapsed();
      if (phase === 'starting') phase = 'up';
    },
    stopping: () => void (phase = 'stopping'),
    heardBell: () => void (heardAt = elapsed()),
  };
}
