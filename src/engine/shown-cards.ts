// Which cards of a request show more than the store remembers: that keeps, for each request, what all of its cards show.
import type { Destination, RequestId } from '../domain/names.ts';
import type { Request } from '../domain/request.ts';
import { cardPlaces } from '../domain/routes.ts';

export interface ShownCards {
  /** Nothing is known of any card of it any more. */
  forget(id: RequestId): void;
  aheadOf(id: RequestId): ReadonlyMap<Destination, number>;
  /** This card shows so much of the request, and each at least `before`. As much as this once all of them do. */
  shown(
    request: Request,
    to: Destination,
    seqs: { readonly seq: number; readonly before: number },
  ): number | undefined;
}

const none: ReadonlyMap<Destination, number> = new Map();

/** Kept in memory: after a start, a card that was ahead of another is edited once more. */
export function createShownCards(): ShownCards {
  const ahead = new Map<RequestId, Map<Destination, number>>();
  return {
    forget: (id) => void ahead.delete(id),
    aheadOf: (id) => ahead.get(id) ?? none,
    shown(request, to, { seq, before }) {
      const places = cardPlaces(request);
      if (places.every((place) => place === to)) return seq;
      const cards = ahead.get(request.id) ?? new Map<Destination, number>();
      ahead.set(request.id, cards.set(to, Math.max(seq, cards.get(to) ?? 0)));
      const given = new Set(request.undelivered.flatMap((each) => (each.retried ? [] : [each.to])));
      const isBehind = places.some(
        (place) => !given.has(place) && Math.max(before, cards.get(place) ?? 0) < seq,
      );
      if (isBehind) return undefined;
      ahead.delete(request.id);
      return seq;
    },
  };
}
