// How fast we may go: GitHub's published limits of an installation, kept from our side so that they are rarely met.
import type { Milliseconds } from '../../domain/names.ts';
import { hours, minutes } from '../../domain/duration.ts';
import { Bucket, type Rate } from '../token-bucket.ts';
import type { Lane } from './lane.ts';
import type { RequestKind } from './request-kind.ts';

export interface Pace {
  /** Requests that make content, by the minute and by the hour. */
  readonly content: readonly Rate[];
  readonly restPoints: Rate;
  readonly graphqlPoints: Rate;
  readonly readsAtOnce: number;
  /** How long we wait for an answer. */
  readonly patience: Milliseconds;
  /** How often a request that may be repeated is sent while GitHub is down. */
  readonly tries: number;
}

/**
 * GitHub, "Rate limits for the REST API": 80 content-creating requests a minute and 500 an hour, 900 points a minute
 * REST, 2,000 GraphQL, 100 requests at once. `burst` and one period's `refill` together stay within each. People come in
 * bursts, and the hour allows but few a minute: so most of it is kept ready.
 */
export const gitHubPace: Pace = {
  content: [
    { burst: 60, refill: 20, per: minutes(1) },
    { burst: 200, refill: 300, per: hours(1) },
  ],
  restPoints: { burst: 300, refill: 600, per: minutes(1) },
  graphqlPoints: { burst: 500, refill: 1500, per: minutes(1) },
  readsAtOnce: 20,
  patience: 30_000,
  tries: 5,
};

/** The part of each budget that a lane leaves to those before it, so that a revoke finds points at once. */
const leaves = {
  revoke: 0,
  ledger: 0.05,
  escalate: 0.1,
  card: 0.1,
  answer: 0.2,
  read: 0.2,
  reaction: 0.3,
} as const satisfies Record<Lane, number>;

export interface Spending {
  readonly kind: RequestKind;
  readonly lane: Lane;
  /** It waited so long that it need not leave anything to others. */
  readonly due: boolean;
  /** What must be left over for a request that waited too long. */
  readonly keepFor?: RequestKind;
}

export type Waiter = Pick<Spending, 'kind' | 'lane'>;

export interface Forecast {
  /** `new content in 1 min` */
  readonly limit: string;
  readonly until: Milliseconds;
}

/** What may be spent now, as token buckets. */
export class Budget {
  readonly #content: readonly Bucket[];
  readonly #points: { readonly rest: Bucket; readonly graphql: Bucket };

  constructor(pace: Pace, now: Milliseconds) {
    this.#content = pace.content.map((rate) => new Bucket('new content', rate, now));
    this.#points = {
      rest: new Bucket('points of REST', pace.restPoints, now),
      graphql: new Bucket('points of GraphQL', pace.graphqlPoints, now),
    };
  }

  /** When it can be afforded; not later than `now` where that is at once. */
  affordableAt(spending: Spending, now: Milliseconds): Milliseconds {
    const share = spending.due ? 0 : leaves[spending.lane];
    const kept = new Map(spending.keepFor ? this.#costs(spending.keepFor) : []);
    const times = this.#costs(spending.kind).map(([bucket, cost]) =>
      bucket.holdsAt(cost + bucket.capacity * share + (kept.get(bucket) ?? 0), now),
    );
    return Math.max(now, ...times);
  }

  spend(kind: RequestKind, now: Milliseconds): void {
    for (const [bucket, cost] of this.#costs(kind)) bucket.take(cost, now);
  }

  /** When the last of these can leave, and which limit keeps it. */
  forecast(waiting: readonly Waiter[], now: Milliseconds): Forecast {
    const wanted = new Map<Bucket, { readonly cost: number; readonly share: number }>();
    for (const { kind, lane } of waiting)
      for (const [bucket, cost] of this.#costs(kind)) {
        const before = wanted.get(bucket) ?? { cost: 0, share: 0 };
        wanted.set(bucket, { cost: before.cost + cost, share: Math.max(before.share, leaves[lane]) });
      }
    const waits = [...wanted].map(([bucket, { cost, share }]) => ({
      limit: bucket.name,
      until: bucket.paidAt(cost + bucket.capacity * share, now),
    }));
    return waits.reduce((a, b) => (b.until > a.until ? b : a), { limit: 'none', until: now });
  }

  #costs(kind: RequestKind): readonly (readonly [Bucket, number])[] {
    const content = kind.creates ? this.#content.map((bucket) => [bucket, 1] as const) : [];
    return [[this.#points[kind.api], kind.points], ...content];
  }
}
