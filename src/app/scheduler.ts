// Rings the bell: Bree runs a thread that posts a tick, and whatever is due is found in state, never in a timer.
import { fileURLToPath } from 'node:url';
import Bree from 'bree';
import { between, type Instant, type Milliseconds } from '../domain/names.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Log } from '../engine/ports/log.ts';

export interface Chore {
  readonly name: string;
  readonly every: Milliseconds;
  run(): Promise<unknown>;
}

export interface Scheduler {
  /** Does this chore now, instead of at the next stroke. */
  ring(name: string): void;
  stop(): Promise<void>;
}

export interface SchedulerParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Each at most once at a time; the first time at once. */
  readonly chores: readonly Chore[];
}

const bell = 'bell';

export async function startScheduler({ clock, log, chores }: SchedulerParts): Promise<Scheduler> {
  const last = new Map<string, Instant>();
  const busy = new Set<string>();

  const again = new Set<string>();

  function ring(name?: string): void {
    const now = clock.now();
    if (name !== undefined && busy.has(name)) again.add(name);
    for (const chore of chores) {
      if (name !== undefined && chore.name !== name) continue;
      const before = last.get(chore.name);
      if (busy.has(chore.name) || (before !== undefined && between(before, now) < chore.every)) continue;
      last.set(chore.name, now);
      busy.add(chore.name);
      void doChore(chore).finally(() => {
        busy.delete(chore.name);
        if (again.delete(chore.name)) ring(chore.name);
      });
    }
  }

  async function doChore({ name, run }: Chore): Promise<void> {
    try {
      await run();
    } catch (error) {
      log.warn('A chore failed and will be tried again', {
        chore: name,
        error: error instanceof Error ? error.message : 'unknown',
      });
    }
  }

  const bree = new Bree({
    root: false,
    logger: false,
    jobs: [{ name: bell, path: fileURLToPath(new URL('./bell.mjs', import.meta.url)), timeout: 0 }],
    workerMessageHandler: () => {
      bree.workers.get(bell)?.postMessage('heard');
      ring();
    },
    errorHandler: (error: unknown) =>
      log.error('The bell broke', { error: error instanceof Error ? error.message : 'unknown' }),
  });
  await bree.start();
  // What was missed while nothing ran is looked for at once, not at the first stroke.
  ring();
  return {
    ring,
    async stop() {
      await bree.stop();
    },
  };
}
