// When a card is edited: at once where people wait for it, but not twice in a moment, and not for what is over in a moment.
import {
  between,
  type Destination,
  type Instant,
  type Milliseconds,
  type RequestId,
} from '../domain/names.ts';
import type { Request, Status } from '../domain/request.ts';

export interface CardPace {
  /** Whether an edit that is owed may be made now. Asked again each time the bell rings. */
  allows(request: Request, to: Destination, now: Instant): boolean;
  /** The card shows what it should, or nothing of it is known any more. */
  shown(id: RequestId, to: Destination, now: Instant): void;
}

/** What is recorded in a row is shown in one edit. */
const apart: Milliseconds = 2_000;
/** What lasts no longer is not shown at all: what follows it is. No card is ever further behind. */
const longest: Milliseconds = 5_000;

/** On the way from one state to another, where nobody can do anything but wait. */
const passing: ReadonlySet<Status> = new Set<Status>(['escalating', 'deescalating']);

/** Kept in memory: after a start, whatever is owed is shown. */
export function createCardPace(): CardPace {
  const edited = new Map<string, Instant>();
  const behindSince = new Map<string, Instant>();

  return {
    allows({ id, phase }, to, now) {
      const card = `${id} ${to}`;
      const since = behindSince.get(card) ?? now;
      behindSince.set(card, since);
      if (passed(since, now) >= longest) return true;
      const isPassing =
        passing.has(phase.status) || (phase.status === 'approved' && phase.startBy !== undefined);
      const last = edited.get(card);
      return !isPassing && (last === undefined || passed(last, now) >= apart);
    },
    shown(id, to, now) {
      const card = `${id} ${to}`;
      behindSince.delete(card);
      forgetBefore(edited, now);
      edited.delete(card);
      edited.set(card, now);
    },
  };
}

/** By either way: clocks are set back, too. */
function passed(from: Instant, to: Instant): Milliseconds {
  return Math.abs(between(from, to));
}

/** In the order in which they were edited; the first that still matters ends the walk. */
function forgetBefore(edited: Map<string, Instant>, now: Instant): void {
  for (const [card, at] of edited) {
    if (passed(at, now) < apart) return;
    edited.delete(card);
  }
}
