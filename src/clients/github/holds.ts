// Remembers that GitHub told us to wait: until when, for which of its two interfaces, and how carefully to begin again.
import { hours, minutes } from '../../domain/duration.ts';
import type { Milliseconds } from '../../domain/names.ts';
import { spent, untilReset, type Headers } from './failure.ts';
import type { RequestKind } from './request-kind.ts';

type Api = RequestKind['api'];

/** Where GitHub does not say how long, it asks for a minute at least, and longer each time. */
const firstWait = minutes(1);
const longestWait = hours(1);

export class Holds {
  readonly #until: Record<Api, Milliseconds> = { rest: 0, graphql: 0 };
  #since: Milliseconds = 0;
  #inARow = 0;
  #probing = false;

  freeAt(api: Api): Milliseconds {
    return this.#until[api];
  }

  /** After a hold one request goes alone; the rest follow once it is answered. */
  get probing(): boolean {
    return this.#probing;
  }

  /** A request was limited; how long we wait now. The primary limit holds one interface, a secondary one both. */
  hold(
    api: Api,
    limit: { readonly primary: boolean; readonly wait: Milliseconds | undefined },
    sentAt: Milliseconds,
    now: Milliseconds,
  ): Milliseconds {
    // Requests that were under way together meet one limit, not several.
    if (sentAt >= this.#since) {
      this.#inARow += 1;
      this.#since = now + 1;
    }
    const wait = limit.wait ?? Math.min(firstWait * 2 ** (this.#inARow - 1), longestWait);
    for (const held of limit.primary ? [api] : (['rest', 'graphql'] as const))
      this.#until[held] = Math.max(this.#until[held], now + wait);
    this.#probing = true;
    return wait;
  }

  /** An answer that was not a limit: we may go on, unless it was the last one of this hour. */
  pass(api: Api, headers: Headers, sentAt: Milliseconds, now: Milliseconds): void {
    if (sentAt >= this.#since) {
      this.#inARow = 0;
      this.#probing = false;
    }
    const resource = headers['x-ratelimit-resource'];
    if (!spent(headers) || (resource !== undefined && resource !== 'core' && resource !== 'graphql')) return;
    const wait = untilReset(headers, now);
    if (wait !== undefined) this.#until[api] = Math.max(this.#until[api], now + wait);
  }
}
