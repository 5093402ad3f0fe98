// How often one person is shown something: a crowd of presses must not keep forms from anybody else, nor use up what GitHub lets us ask.
import { minutes } from '../../domain/duration.ts';
import type { Account } from '../../domain/names.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import { createLimit } from '../../clients/limit.ts';
import type { Rate } from '../../clients/token-bucket.ts';

/** More than anybody reads: forms, lists, answers to “Why?”, the Home. */
const rate: Rate = { burst: 12, refill: 12, per: minutes(1) };

/** Whether this person may be shown one thing more now. Deciding itself is never put off. */
export type Patience = (account: Account) => boolean;

export function createPatience(clock: Pick<Clock, 'now'>): Patience {
  return createLimit('shown on Slack', rate, clock);
}
