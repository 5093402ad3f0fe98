// The sandbox's clock, as the app reads it: the machine's time, moved by what a file says, so that a visitor can push both.
import { readFileSync } from 'node:fs';
import { instant, type Milliseconds } from '../domain/names.ts';
import type { Clock } from '../engine/ports/clock.ts';

export interface SandboxClock extends Clock {
  /** Calls back each time the clock was pushed. */
  onPush(listener: () => void): void;
}

/** So soon a push is felt by whoever sleeps. `now` feels it at once. */
const lookEveryMs = 20;
/** What was just begun takes its real time: a push must not end the wait for an answer that is on its way. */
const untouchedMs = 1000;

/** The file holds `{"offset": MILLISECONDS}` and is replaced as a whole. Throws where it cannot be read at the start. */
export function createSandboxClock(file: string): SandboxClock {
  let offset = readOffset(file);
  if (offset === undefined)
    throw new Error(
      'COUNTERSIGN_SANDBOX_CLOCK names no clock of a sandbox. Leave it out: npm start sets it.',
    );
  let last = 0;
  let seen = offset;
  const listeners = new Set<() => void>();

  function nowMs(): Milliseconds {
    offset = readOffset(file) ?? offset ?? 0;
    // Whatever happens to the file or to the machine's clock: time never goes back.
    last = Math.max(last, Date.now() + offset);
    return last;
  }

  function look(): void {
    nowMs();
    if (offset === seen || offset === undefined) return;
    seen = offset;
    for (const listener of [...listeners]) listener();
  }

  // Ends with the process, and does not keep it.
  setInterval(look, lookEveryMs).unref();

  return {
    now: () => instant(nowMs()),
    onPush: (listener) => void listeners.add(listener),
    async sleep(ms, signal) {
      await nap(Math.min(ms, untouchedMs), signal, new Set());
      const until = nowMs() + ms - untouchedMs;
      while (signal?.aborted !== true && nowMs() < until) await nap(until - nowMs(), signal, listeners);
    },
  };

  function nap(ms: Milliseconds, signal: AbortSignal | undefined, pushes: Set<() => void>): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        pushes.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.max(1, ms));
      if (signal?.aborted === true) return wake();
      pushes.add(wake);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }
}

function readOffset(file: string): Milliseconds | undefined {
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof read !== 'object' || read === null || !('offset' in read)) return undefined;
    return typeof read.offset === 'number' && Number.isFinite(read.offset) ? read.offset : undefined;
  } catch {
    return undefined;
  }
}
