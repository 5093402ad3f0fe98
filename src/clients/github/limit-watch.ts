// Says once for each wait that GitHub's limits are what is waited for: which one, until when, and how many wait.
import { instant, type Milliseconds } from '../../domain/names.ts';
import type { Log } from '../../engine/ports/log.ts';
import type { Budget, Waiter } from './pace.ts';

/** A shorter wait is nothing that anybody asks about. */
const worthTelling: Milliseconds = 5_000;
/** So long after a wait began it is known how many it keeps. */
const gathering: Milliseconds = 1_000;

export class LimitWatch {
  readonly #log: Log;
  readonly #budget: Budget;
  #since: Milliseconds | undefined;
  #isTold = false;

  constructor(log: Log, budget: Budget) {
    this.#log = log;
    this.#budget = budget;
  }

  /** `waiting` are all that wait; once the limits keep none of them, the next wait is told of again. */
  look(waiting: readonly Waiter[], now: Milliseconds): void {
    const { limit, until } = this.#budget.forecast(waiting, now);
    if (until <= now) [this.#since, this.#isTold] = [undefined, false];
    if (this.#isTold || until - now < worthTelling) return;
    this.#since ??= now;
    if (now - this.#since < gathering) return;
    this.#isTold = true;
    this.#log.warn("Waiting for GitHub's limits", { limit, until: instant(until), waiting: waiting.length });
  }
}
