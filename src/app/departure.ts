// How the process ends when it is told to: in good order within a bound that nothing can stretch; told twice, at once.
import type { Milliseconds } from '../domain/names.ts';
import { describe } from '../engine/engine.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Log } from '../engine/ports/log.ts';

export interface DepartureParts {
  readonly clock: Pick<Clock, 'sleep'>;
  readonly log: Log;
  /** Takes nothing new, ends what is under way. */
  leave(): Promise<void>;
  exit(code: number): void;
}

/** Orchestrators kill after ten. */
export const longestDeparture: Milliseconds = 9_500;

/** Called with each signal. */
export function createDeparture({ clock, log, leave, exit }: DepartureParts): (signal: string) => void {
  let isLeaving = false;

  async function depart(signal: string): Promise<void> {
    log.info('Countersign is stopping', { signal });
    const gone = leave().then(
      () => true,
      (error: unknown) => {
        log.error('Countersign did not stop in good order', { error: describe(error) });
        return false;
      },
    );
    const late = clock.sleep(longestDeparture).then(() => {
      log.error('Countersign did not stop in time and is ended now; the next start goes on from here', {});
      return false;
    });
    const isInOrder = await Promise.race([gone, late]);
    if (isInOrder) log.info('Countersign has stopped');
    exit(isInOrder ? 0 : 1);
  }

  return (signal) => {
    if (isLeaving) return exit(1);
    isLeaving = true;
    void depart(signal);
  };
}
