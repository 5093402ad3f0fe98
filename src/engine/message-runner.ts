// Carries out what a request owes people's eyes: its thread, a card in each place, and notices.
import { requestId, type RequestId } from '../domain/names.ts';
import type { Effect } from '../domain/outstanding.ts';
import type { OwedNotice, Request } from '../domain/request.ts';
import { onIssue } from '../domain/routes.ts';
import { createCardPace } from './card-pace.ts';
import type { Engine } from './engine.ts';
import { Failure } from './ports/failure.ts';
import type { Clock } from './ports/clock.ts';
import type { Store } from './ports/store.ts';
import type { Surface } from './ports/surface.ts';
import { createShownCards } from './shown-cards.ts';
import { viewOf } from './view.ts';

type ShowCard = Extract<Effect, { type: 'show-card' }>;

/** Each throws what may be tried again. */
export interface MessageRunner {
  openThread(request: Request): Promise<void>;
  showCard(request: Request, effect: ShowCard): Promise<void>;
  sendNotice(request: Request, owed: OwedNotice): Promise<void>;
  /** Whoever is to be told next, if anybody, is told now. `retried`: this is still tried. */
  noteUndelivered(
    id: RequestId,
    owed: OwedNotice,
    what: { readonly error: string; readonly retried?: true },
  ): Promise<void>;
  /** A card that is there may wait a moment; what it waits for is told meanwhile. */
  isTimely(request: Request, effect: ShowCard): boolean;
  /** How far ahead of what all know some cards are. */
  aheadOf: ReturnType<typeof createShownCards>['aheadOf'];
  /** Whether somebody else changed or removed a card of it, and not every place shows it again. */
  isSpoilt(id: RequestId): boolean;
  /** Somebody did. Durable when it resolves. */
  spoil(id: RequestId): Promise<void>;
  /** What an earlier life knew to be spoilt. */
  recall(): Promise<readonly RequestId[]>;
}

export interface MessageRunnerParts {
  readonly surface: Surface;
  readonly store: Pick<Store, 'load' | 'noteShown' | 'bookmark' | 'setBookmark'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly engine: Pick<Engine, 'submit'>;
}

const spoiltBookmark = 'spoilt cards';

export function createMessageRunner({ surface, store, clock, engine }: MessageRunnerParts): MessageRunner {
  const pace = createCardPace();
  const shownCards = createShownCards();
  /** Of which somebody else changed or removed a card, each time another mark, until each place shows it again. */
  const spoilt = new Map<RequestId, symbol>();

  function spoil(id: RequestId): void {
    spoilt.set(id, Symbol(id));
    shownCards.forget(id);
  }

  async function openThread(request: Request): Promise<void> {
    const thread = await surface.openThread(request);
    await engine.submit(request.id, {
      type: 'note-notified',
      notice: 'thread',
      to: onIssue,
      thread,
      ref: `${thread.repository}#${thread.issue}`,
    });
  }

  async function showCard(request: Request, effect: ShowCard): Promise<void> {
    const { to, card: known, seq } = effect;
    const { id } = request;
    const mark = spoilt.get(id);
    const seen = { request, seq, before: 0 };
    const latest = async (): Promise<Request> => {
      const stored = await store.load(id);
      if (stored === undefined) return request;
      seen.request = viewOf(stored);
      seen.before = mark === undefined ? stored.shownSeq : 0;
      seen.seq = seen.request.visibleSeq;
      return seen.request;
    };
    try {
      const shown = await surface.showCard(request, to, { known, latest });
      pace.shown(id, to, clock.now());
      if (shown.ref !== known?.ref)
        await engine.submit(id, { type: 'note-notified', notice: 'card', to, ...shown });
    } catch (error) {
      if (!(error instanceof Failure) || error.transient) throw error;
      return noteUndelivered(id, { notice: 'card', to }, { error: error.message });
    }
    // Spoilt meanwhile: nobody knows which of the two was first.
    if (spoilt.get(id) !== mark) return;
    const all = shownCards.shown(seen.request, to, seen);
    if (all === undefined) return;
    store.noteShown(id, all);
    if (spoilt.delete(id)) await rememberSpoilt();
  }

  async function noteUndelivered(
    id: RequestId,
    { notice, to }: OwedNotice,
    { error, retried }: { readonly error: string; readonly retried?: true },
  ): Promise<void> {
    const how = { error, ...(retried && { retried }) };
    await engine.submit(id, { type: 'note-undelivered', notice, to, ...how });
    // Whoever is to be told next, if anybody, is told now.
    await engine.submit(id, { type: 'note-time' });
  }

  function rememberSpoilt(): Promise<void> {
    return store.setBookmark(spoiltBookmark, [...spoilt.keys()].join(' '));
  }

  async function sendNotice(request: Request, owed: OwedNotice): Promise<void> {
    try {
      const shown = await surface.sendNotice(request, owed);
      await engine.submit(request.id, { type: 'note-notified', ...owed, ...shown });
    } catch (error) {
      if (!(error instanceof Failure) || error.transient) throw error;
      await noteUndelivered(request.id, owed, { error: error.message });
    }
  }

  return {
    openThread,
    showCard,
    sendNotice,
    noteUndelivered,
    isTimely(request, { to, card }) {
      const isWrong = spoilt.has(request.id) && !shownCards.aheadOf(request.id).has(to);
      return card === undefined || isWrong || pace.allows(request, to, clock.now());
    },
    aheadOf: shownCards.aheadOf,
    isSpoilt: (id) => spoilt.has(id),
    async spoil(id) {
      spoil(id);
      await rememberSpoilt();
    },
    async recall() {
      const left = (await store.bookmark(spoiltBookmark)) ?? '';
      for (const id of left.split(' ').filter((word) => word !== '')) spoil(requestId(id));
      return [...spoilt.keys()];
    },
  };
}
