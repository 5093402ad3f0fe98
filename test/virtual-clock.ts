// A clock that stands still until a test moves it, so that hours pass in a millisecond and always in the same order.
import { instant, type Instant, type Milliseconds } from '../src/domain/names.ts';
import type { Clock } from '../src/engine/ports/clock.ts';

export interface VirtualClock extends Clock {
  /** Lets this much time pass. Sleepers wake in the order of their time, and what they start may sleep and wake on the way. */
  advance(ms: Milliseconds): Promise<void>;
  /** Lets time pass from sleeper to sleeper until the promise is settled; throws where it needs more than `withinMs`. */
  settle<T>(promise: Promise<T>, withinMs?: Milliseconds): Promise<T>;
  /** Real work, such as a call over a socket: time stands still until it is done. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** How many sleep now. */
  readonly sleeping: number;
}

interface Sleeper {
  readonly at: Milliseconds;
  wake(): void;
}

const aDay = 86_400_000;

/** Starts at `start`: an ISO moment or an `Instant`. */
export function createVirtualClock(start: string = '2026-11-20T09:00:00.000Z'): VirtualClock {
  let now = Date.parse(start);
  let sleepers: readonly Sleeper[] = [];
  let underWay = 0;
  const waiting: (() => void)[] = [];

  function sleep(ms: Milliseconds, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        sleepers = sleepers.filter((other) => other !== sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper: Sleeper = { at: now + Math.max(0, ms), wake };
      // Of two that wake at the same time the one that went to sleep first is first.
      const place = sleepers.findIndex(({ at }) => at > sleeper.at);
      sleepers = sleepers.toSpliced(place < 0 ? sleepers.length : place, 0, sleeper);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  async function during<T>(work: () => Promise<T>): Promise<T> {
    underWay += 1;
    try {
      return await work();
    } finally {
      underWay -= 1;
      for (const wake of waiting.splice(0)) wake();
    }
  }

  /** What comes of real work may begin more of it. */
  async function calm(): Promise<void> {
    await quiet();
    while (underWay > 0) {
      await new Promise<void>((resolve) => void waiting.push(resolve));
      await quiet();
    }
  }

  async function wakeFirst(latest: Milliseconds): Promise<boolean> {
    await calm();
    const [first] = sleepers;
    if (first === undefined || first.at > latest) return false;
    now = Math.max(now, first.at);
    first.wake();
    return true;
  }

  return {
    now: (): Instant => instant(now),
    sleep,
    during,
    get sleeping() {
      return sleepers.length;
    },
    async advance(ms) {
      const end = now + ms;
      while (await wakeFirst(end));
      now = end;
    },
    async settle(promise, withinMs = 30 * aDay) {
      const end = now + withinMs;
      let settled = false;
      const mark = (): void => {
        settled = true;
      };
      promise.then(mark, mark);
      await calm();
      while (!settled && (await wakeFirst(end))) await calm();
      if (!settled) throw new Error('The promise does not settle, whatever time passes.');
      return promise;
    },
  };
}

/** Lets everything run that waits for nothing but its turn. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
