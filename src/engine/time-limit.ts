// Bounds a call to an outside service in time: a hung one is aborted, and whoever waited for it is told.
import type { Milliseconds } from '../domain/names.ts';
import { Failure } from './ports/failure.ts';
import type { Clock } from './ports/clock.ts';

export interface TimeLimit {
  readonly clock: Clock;
  readonly ms: Milliseconds;
  /** Who is waited for, in words that may be shown: “GitHub”. */
  readonly who: string;
  /** The caller's own wish to stop. */
  readonly signal?: AbortSignal;
}

/** Settles when the work does, or with a transient `Failure` once the time is up, even if the work ignores its signal. */
export async function withinTime<T>(
  { clock, ms, who, signal }: TimeLimit,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const done = new AbortController();
  const tooLate = async (): Promise<never> => {
    await clock.sleep(ms, AbortSignal.any([done.signal, stop.signal]));
    throw new Failure(`${who} did not answer in time.`, { transient: true });
  };
  const stopped = (): Failure => new Failure(`The call to ${who} was stopped.`, { transient: true });
  if (signal?.aborted) throw stopped();
  const aborted = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(stopped()), { once: true, signal: done.signal });
  });
  try {
    return await Promise.race([work(stop.signal), tooLate(), aborted]);
  } finally {
    stop.abort();
    done.abort();
  }
}
