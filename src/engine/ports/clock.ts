// Time, and ids that follow it.
import type { Instant, Milliseconds } from '../../domain/names.ts';

export interface Clock {
  now(): Instant;
  /** Resolves after the time has passed, or at once when the signal is aborted. */
  sleep(ms: Milliseconds, signal?: AbortSignal): Promise<void>;
}

/** Mints ULIDs, increasing within a process. */
export interface Ids {
  mint(at: Instant): string;
}
