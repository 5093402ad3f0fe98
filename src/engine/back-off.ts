// When to try again: doubled with each failure, never given up. Kept in memory, since what is owed is derived from state.
import { plus, type Instant, type Milliseconds } from '../domain/names.ts';

const firstWait: Milliseconds = 1000;
const longestWait: Milliseconds = 60_000;

export interface BackOff {
  /** How often it failed in a row, this time included. */
  failed(key: string, now: Instant, atLeast?: Milliseconds): number;
  succeeded(key: string): void;
  isWaiting(key: string, now: Instant): boolean;
}

export function createBackOff(): BackOff {
  const failures = new Map<string, { readonly times: number; readonly until: Instant }>();
  return {
    failed(key, now, atLeast = 0) {
      const times = (failures.get(key)?.times ?? 0) + 1;
      const wait = Math.min(firstWait * 2 ** (times - 1), longestWait);
      failures.set(key, { times, until: plus(now, Math.max(wait, atLeast)) });
      return times;
    },
    succeeded: (key) => void failures.delete(key),
    isWaiting(key, now) {
      const failure = failures.get(key);
      return failure !== undefined && now < failure.until;
    },
  };
}
