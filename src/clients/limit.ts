// How often each of many may do something: a bucket for everybody, of whom those that came last are remembered.
import type { Clock } from '../engine/ports/clock.ts';
import { Bucket, type Rate } from './token-bucket.ts';

/** Whether this one may do it once more now; if so, it is counted. */
export type Limit = (whose: string) => boolean;

/** A crowd of senders fills no memory. */
const mostRemembered = 5_000;

export function createLimit(what: string, rate: Rate, { now }: Pick<Clock, 'now'>): Limit {
  const buckets = new Map<string, Bucket>();
  return (whose) => {
    const at = Date.parse(now());
    const bucket = buckets.get(whose) ?? new Bucket(what, rate, at);
    buckets.delete(whose);
    buckets.set(whose, bucket);
    const [oldest] = buckets.keys();
    if (buckets.size > mostRemembered && oldest !== undefined) buckets.delete(oldest);
    if (bucket.holdsAt(1, at) > at) return false;
    bucket.take(1, at);
    return true;
  };
}
