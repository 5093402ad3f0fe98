// Carries what people say beside a request to where else it is talked about: in order, once, and so much of it that nobody is flooded.
import { between, type Account, type Instant, type Milliseconds, type RequestId } from '../domain/names.ts';
import { minutes } from '../domain/duration.ts';
import { Failure } from './ports/failure.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import { createTurnstile } from './turnstile.ts';

/** Something that a person said, and that asks nothing of us. */
export interface Remark {
  readonly request: RequestId;
  /** The signed id of what was said: the same for the same words. */
  readonly key: string;
  readonly account: Account;
  /** As the surface calls them. */
  readonly name: string;
  readonly text: string;
  readonly at: Instant;
  /** Where on its page it stands: `#issuecomment-4711`. */
  readonly anchor?: string;
}

export interface Carrier {
  /** Nobody waits for it: what fails is tried a few times, logged, and let go. */
  carry(remark: Remark): void;
  /** Resolves once nothing is under way. */
  idle(): Promise<void>;
}

export interface CarrierParts {
  /** Where to. */
  readonly to: 'GitHub' | 'Slack';
  /** May be asked for again: what was written before is found again. */
  readonly write: (remark: Remark) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Of one request. */
const mostPerMinute = 10;
/** What was said longer ago has been read where it was said. */
const longest: Milliseconds = minutes(60);
const waits: readonly Milliseconds[] = [2_000, 10_000];
const keysKept = 5_000;

export function createCarrier({ to, write, clock, log }: CarrierParts): Carrier {
  const turnstile = createTurnstile();
  const taken = new Set<string>();
  const lately = new Map<RequestId, readonly Instant[]>();
  const running = new Set<Promise<void>>();

  function isTooMuch(request: RequestId, now: Instant): boolean {
    for (const [id, times] of lately)
      if (times.every((at) => between(at, now) >= minutes(1))) lately.delete(id);
    const times = (lately.get(request) ?? []).filter((at) => between(at, now) < minutes(1));
    if (times.length >= mostPerMinute) return true;
    lately.set(request, [...times, now]);
    return false;
  }

  async function tryToWrite(remark: Remark): Promise<void> {
    for (const wait of [...waits, undefined]) {
      try {
        return await write(remark);
      } catch (error) {
        if (!(error instanceof Failure) || !error.transient || wait === undefined) throw error;
        await clock.sleep(wait);
      }
    }
  }

  return {
    carry(remark) {
      const { request, key, at } = remark;
      const now = clock.now();
      if (taken.has(key) || between(at, now) > longest) return;
      if (isTooMuch(request, now))
        return log.warn('More is said beside a request than is carried over', { request, to });
      taken.add(key);
      const [oldest] = taken;
      if (taken.size > keysKept && oldest !== undefined) taken.delete(oldest);
      const run = turnstile
        .pass(request, () => tryToWrite(remark))
        .catch((error: unknown) => {
          const why = error instanceof Error ? error.message : 'unknown';
          log.warn('What was said beside a request could not be carried over', { request, to, error: why });
        })
        .finally(() => running.delete(run));
      running.add(run);
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
