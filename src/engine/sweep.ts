// Finds what time has made due. Deadlines are state: nothing here remembers anything.
import { setImmediate } from 'node:timers/promises';
import type { Instant, RequestId } from '../domain/names.ts';
import { describe, type Engine, type EngineParts } from './engine.ts';
import { createBackOff } from './back-off.ts';

export interface Sweep {
  /** Looks at everything due by now; resolves when each of them was decided or put off. */
  run(now: Instant): Promise<void>;
}

const perRun = 10_000;
/** Whoever else waits for this thread is let in between so many: the first are ended before the last are looked at. */
const perBreath = 100;

export function createSweep({ store, surface, log, clock }: EngineParts, engine: Engine): Sweep {
  const looking = new Set<RequestId>();
  const backOff = createBackOff();

  async function look(id: RequestId): Promise<void> {
    looking.add(id);
    try {
      const stored = await store.load(id);
      if (stored === undefined) return;
      const { phase } = stored.request;
      if (phase.status !== 'pending' || clock.now() < phase.lapseAt)
        await engine.submit(id, { type: 'note-time' });
      else {
        // Nobody's answer may be lost to an outage of ours: before it lapses, what was said of it is read once more.
        await surface.reread(stored.request);
        await engine.submitInTurn(id, { type: 'note-time' });
      }
      backOff.succeeded(id);
    } catch (error) {
      const times = backOff.failed(id, clock.now());
      log.warn('What is due could not be decided now', { request: id, times, error: describe(error) });
    } finally {
      looking.delete(id);
    }
  }

  return {
    async run(now) {
      const due = await store.due(now, perRun);
      const begun: Promise<void>[] = [];
      for (const id of due) {
        if (looking.has(id) || backOff.isWaiting(id, now)) continue;
        begun.push(look(id));
        if (begun.length % perBreath === 0) await setImmediate();
      }
      await Promise.all(begun);
    },
  };
}
