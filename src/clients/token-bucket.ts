// A service's limit, kept from our side: a bucket that fills by itself, so that we seldom meet the real one.
import { minutes } from '../domain/duration.ts';
import type { Milliseconds } from '../domain/names.ts';

/** So many at once after a pause, then so many in each period. */
export interface Rate {
  readonly burst: number;
  readonly refill: number;
  readonly per: Milliseconds;
}

export class Bucket {
  /** `new content in 60 min` */
  readonly name: string;
  readonly capacity: number;
  readonly #perMs: number;
  #level: number;
  #at: Milliseconds;

  constructor(what: string, { burst, refill, per }: Rate, now: Milliseconds) {
    this.name = `${what} in ${per / minutes(1)} min`;
    this.capacity = burst;
    this.#perMs = refill / per;
    this.#level = burst;
    this.#at = now;
  }

  /** When it holds this much, or is full where it can never hold so much. */
  holdsAt(amount: number, now: Milliseconds): Milliseconds {
    const missing = Math.min(amount, this.capacity) - this.#levelAt(now);
    return missing <= 1e-6 ? now : now + Math.max(1, Math.ceil(missing / this.#perMs));
  }

  /** When so much has come in, more than it can ever hold at once included. */
  paidAt(amount: number, now: Milliseconds): Milliseconds {
    return now + Math.ceil(Math.max(0, amount - this.#levelAt(now)) / this.#perMs);
  }

  take(amount: number, now: Milliseconds): void {
    this.#level = Math.max(0, this.#levelAt(now) - amount);
    this.#at = now;
  }

  #levelAt(now: Milliseconds): number {
    return Math.min(this.capacity, this.#level + Math.max(0, now - this.#at) * this.#perMs);
  }
}
