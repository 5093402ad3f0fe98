// How often one person is shown something: a crowd of presses must not keep forms from anybody else, nor use up what GitHub lets us ask.
import { minutes } from '../../domain/duration.ts';
import type { Account, Milliseconds } from '../../domain/names.ts';
import type { Clock } from '../../engine/ports.ts';
import { Bucket, type Rate } from '../../clients/token-bucket.ts';

/** More than anybody reads: forms, lists, answers to “Why?”, the Home. */
const rate: Rate = { burst: 12, refill: 12, per: minutes(1) };
const mostKept = 5_000;

/** Whether this person may be shown one thing more now. Deciding itself is never put off. */
export type Patience = (account: Account) => boolean;

export function createPatience({ now }: Pick<Clock, 'now'>): Patience {
  const buckets = new Map<Account, Bucket>();
  return (account) => {
    const at: Milliseconds = Date.parse(now());
    const bucket = buckets.get(account) ?? new Bucket('shown on Slack', rate, at);
    buckets.delete(account);
    buckets.set(account, bucket);
    const [oldest] = buckets.keys();
    if (buckets.size > mostKept && oldest !== undefined) buckets.delete(oldest);
    if (bucket.holdsAt(1, at) > at) return false;
    bucket.take(1, at);
    return true;
  };
}
