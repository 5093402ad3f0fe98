// When a card is edited: at once where people wait for it, but not twice in a moment, and not for what is over in a moment.
import { between, type Instant, type Milliseconds, type RequestId } from '../domain/names.ts';
import type { Request, Status } from '../domain/request.ts';

export interface CardPace {
  /** Whether an edit that is owed may be made now. Asked again each time the bell rings. */
  allows(request: Request, now: Instant): boolean;
  /** The card shows what it should, or nothing of it is known any more. */
  shown(id: RequestId, now: Instant): void;
}

/** What is recorded in a row is shown in one edit. */
const apart: Milliseconds = 2_000;
/** What lasts no longer is not shown at all: what follows it is. No card is ever further behind. */
const longest: Milliseconds = 5_000;

/** On the way from one state to another, where nobody can do anything but wait. */
const passing: ReadonlySet<Status> = new Set<Status>(['escalating', 'deescalating']);

/** Kept in memory: after a start, whatever is owed is shown. */
export function createCardPace(): CardPace {
  const edited = new Map<RequestId, Instant>();
  const behindSince = new Map<RequestId, Instant>();

  return {
    allows({ id, phase }, now) {
      const since = behindSince.get(id) ?? now;
      behindSince.set(id, since);
      if (passed(since, now) >= longest) return true;
      const isPassing =
        passing.has(phase.status) || (phase.status === 'approved' && phase.startBy !== undefined);
      const last = edited.get(id);
      return !isPassing && (last === undefined || passed(last, now) >= apart);
    },
    shown(id, now) {
      behindSince.delete(id);
      forgetBefore(edited, now);
      edited.delete(id);
      edited.set(id, now);
    },
  };
}

/** By either way: clocks are set back, too. */
function passed(from: Instant, to: Instant): Milliseconds {
  return Math.abs(between(from, to));
}

/** In the order in which they were edited; the first that still matters ends the walk. */
function forgetBefore(edited: Map<RequestId, Instant>, now: Instant): void {
  for (const [id, at] of edited) {
    if (passed(at, now) < apart) return;
    edited.delete(id);
  }
}
