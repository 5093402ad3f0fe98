// When a request has to be looked at next, because time alone changes something.
import { earlier, plus, type Instant } from './names.ts';
import { awaitedLapse } from './hooks-owed.ts';
import { isFrozen, type Request } from './request.ts';
import { reviewAt } from './review.ts';
import { nextForwardAt } from './routes.ts';

/** When the sweep has to look at it next; undefined where time changes nothing. A review may be due long after the access ended. */
export function nextDeadline(request: Request): Instant | undefined {
  return first(phaseDeadline(request), reviewAt(request));
}

/** The same of its status alone. */
export function phaseDeadline(request: Request): Instant | undefined {
  const { phase } = request;
  if (isFrozen(request)) return undefined;
  switch (phase.status) {
    case 'pending':
      return awaitedLapse(request)?.until ?? first(phase.lapseAt, nextForwardAt(request));
    case 'approved':
      return phase.startBy ?? phase.validUntil;
    case 'escalating':
      return phase.grant.startBy;
    case 'active':
      return first(phase.expiresAt, warnAt(request), nextForwardAt(request));
    case 'deescalating':
      return phase.nextAlarmAt;
    case 'ended':
    case 'denied':
    case 'cancelled':
    case 'lapsed':
    case 'failed':
      return undefined;
    default:
      return phase satisfies never;
  }
}

/** When the requester is to be warned of the end; undefined where they were, or it is no use. */
export function warnAt({ phase, policy }: Request): Instant | undefined {
  if (phase.status !== 'active' || phase.expiresAt === undefined || policy.warnBefore === undefined)
    return undefined;
  const { since, expiresAt, warnedOf } = phase;
  if (warnedOf === expiresAt) return undefined;
  const at = plus(expiresAt, -policy.warnBefore);
  // Who has had access for a shorter time than they would be warned before has not forgotten when it ends.
  return at >= plus(since, policy.warnBefore) ? at : undefined;
}

function first(...instants: readonly (Instant | undefined)[]): Instant | undefined {
  return instants.reduce((one, other) => (one && other ? earlier(one, other) : (one ?? other)), undefined);
}
