// The end of the app's work: what is under way may finish within the time, and what the ledger still lacks is said.
import { between, type DeskId, type Milliseconds } from '../domain/names.ts';
import { describe } from '../engine/engine.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Log } from '../engine/ports/log.ts';
import type { Store } from '../engine/ports/store.ts';

export interface EndingParts {
  readonly store: Pick<Store, 'uncommitted' | 'deskStream' | 'close'>;
  readonly desks: readonly DeskId[];
  readonly clock: Clock;
  readonly log: Log;
  /** May hang on a service that does not answer: then it is left behind. */
  finish(): Promise<void>;
}

/** Resolves with the store closed, at most a moment after the time is up. */
export async function endWithin(grace: Milliseconds, parts: EndingParts): Promise<void> {
  const { store, clock, log, finish } = parts;
  const before = clock.now();
  const done = new AbortController();
  const finished = finish()
    .then(() => true)
    .catch((error: unknown) => {
      log.error('What was under way could not be ended in good order', { error: describe(error) });
      return true;
    });
  const isFinished = await Promise.race([finished, clock.sleep(grace, done.signal).then(() => false)]);
  done.abort();
  if (!isFinished)
    log.warn('What was under way is left behind; the next start takes it up', {
      waitedMs: between(before, clock.now()),
    });
  await sayWhatWaits(parts);
  await store.close();
}

async function sayWhatWaits({ store, desks, log }: EndingParts): Promise<void> {
  for (const desk of desks) {
    const entries = await waitingEntries(store, desk);
    if (entries > 0)
      log.warn('Entries wait for the ledger; they are safe in the store and committed at the next start', {
        desk,
        entries,
      });
  }
}

async function waitingEntries(
  store: Pick<Store, 'uncommitted' | 'deskStream'>,
  desk: DeskId,
): Promise<number> {
  const requests = await store.uncommitted(desk, Number.MAX_SAFE_INTEGER);
  const stream = await store.deskStream(desk);
  return (
    requests.reduce((sum, { lines, committed }) => sum + lines.length - committed, 0) +
    (stream ? stream.end.seq - stream.committedSeq : 0)
  );
}
