// Brings a desk's problems before its operators: kept until they are over, shown in one place, and never silently nowhere.
import { minutes } from '../domain/duration.ts';
import { between, type DeskId, type Instant, type Milliseconds } from '../domain/names.ts';
import { createBackOff } from './back-off.ts';
import { describe } from './engine.ts';
import {
  emptyBoard,
  fade,
  isShown,
  noteRoom,
  noteUnreached,
  parseBoard,
  raise,
  solve,
  type ErrorBoard,
  type Untold,
} from './error-board.ts';
import { createRoomTelling, type ErrorRooms } from './error-rooms.ts';
import { Failure } from './ports/failure.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { Store } from './ports/store.ts';
import type { Problem } from './problems.ts';

/** Where operators read. Both calls may be repeated: a lost answer is searched for before creating again. */
export interface ErrorPlace {
  /** Shows all of it; where it is from now on. */
  show(desk: DeskId, board: ErrorBoard, ref: string | undefined): Promise<string>;
  /** Says something new, which notifies people. */
  tell(desk: DeskId, ref: string, untold: Untold, board: ErrorBoard): Promise<void>;
}

export interface ErrorChannel {
  /** As often as one likes: what is known and unchanged is nothing new. Never throws. */
  raise(desk: DeskId, problem: Problem): void;
  clear(desk: DeskId, key: string): void;
  /** Of all problems whose key begins like this, these are the ones that there are. */
  standing(desk: DeskId, prefix: string, problems: readonly Problem[]): void;
  /** Somebody else changed what is shown: it is put back. */
  reshow(desk: DeskId): void;
  /** Where it is shown. */
  refOf(desk: DeskId): string | undefined;
  /** Whether nothing was remembered of this desk at the start: then its state has to be looked through for problems. */
  isNew(desk: DeskId): boolean;
  /** That was done. */
  noteLooked(desk: DeskId): void;
  /** Reads what an earlier life left behind; before anything else is asked of it. */
  start(): Promise<void>;
  /** What the bell rings for: shows what has changed, not too often. Never throws. */
  beat(): Promise<void>;
  /** Resolves once all that was raised is durable. */
  idle(): Promise<void>;
}

export interface ErrorChannelParts {
  readonly store: Pick<Store, 'bookmark' | 'setBookmark'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly desks: readonly DeskId[];
  readonly place: ErrorPlace;
  /** Where people are told first; absent where there are no channels. What cannot be told there is told in the place. */
  readonly rooms?: ErrorRooms;
}

/** GitHub takes only so many changes: a storm of problems is one edit. */
const shownAtMostEvery: Milliseconds = 30_000;
/** Which channel something belongs to may change in the files, though nothing else does. */
const roomsLookedAtEvery: Milliseconds = minutes(10);

interface Kept {
  board: ErrorBoard;
  /** The text that is durable. */
  saved: string | undefined;
  saving: Promise<void> | undefined;
  /** When it was last shown, in this life. */
  shownAt?: Instant;
  /** When the channels were last told, and of which revision. */
  roomsAt?: { readonly at: Instant; readonly revision: number };
  /** What no channel could be told: the place tells it. */
  forPlace: readonly Untold[];
}

export function createErrorChannel({
  store,
  clock,
  log,
  desks,
  place,
  rooms,
}: ErrorChannelParts): ErrorChannel {
  const boards = new Map<DeskId, Kept>(
    desks.map((desk) => [desk, { board: emptyBoard, saved: undefined, saving: undefined, forPlace: [] }]),
  );
  const unknown = new Set<DeskId>();
  const backOff = createBackOff();
  const tellIn = rooms && createRoomTelling({ rooms, clock });

  function change(desk: DeskId, to: (board: ErrorBoard, now: Instant) => ErrorBoard): void {
    const kept = boards.get(desk);
    if (kept === undefined) return;
    const before = kept.board;
    kept.board = to(before, clock.now());
    if (kept.board === before) return;
    logChange(desk, before, kept.board);
    save(desk, kept);
  }

  /** Whatever becomes of the place, the log has it. */
  function logChange(desk: DeskId, before: ErrorBoard, after: ErrorBoard): void {
    for (const { key, kind, what } of after.open)
      if (!before.open.some((each) => each.key === key))
        log.error('Somebody has to look at this', { desk, kind, key, what });
    if (after.leftOut > before.leftOut)
      log.error('There are more problems than are kept', { desk, kept: after.open.length });
  }

  /** What comes while it is written goes with the next writing: a storm costs few of them. */
  function save(desk: DeskId, kept: Kept): void {
    kept.saving ??= saveAll(desk, kept)
      .catch((error: unknown) =>
        log.error('The problems of a desk could not be kept', { desk, error: describe(error) }),
      )
      .finally(() => (kept.saving = undefined));
  }

  async function saveAll(desk: DeskId, kept: Kept): Promise<void> {
    for (let text = JSON.stringify(kept.board); text !== kept.saved; text = JSON.stringify(kept.board)) {
      await store.setBookmark(bookmarkOf(desk), text);
      kept.saved = text;
    }
  }

  /** What a channel was told of is not told once more in the place; what it could not be told is. */
  async function tellRooms(desk: DeskId, kept: Kept): Promise<void> {
    const { board, roomsAt } = kept;
    const now = clock.now();
    if (tellIn === undefined) return;
    if (board.open.length === 0 && board.rooms.length === 0) return void (kept.forPlace = board.untold);
    if (roomsAt !== undefined) {
      const past = between(roomsAt.at, now);
      if (past < shownAtMostEvery || (roomsAt.revision === board.revision && past < roomsLookedAtEvery))
        return;
    }
    const { failedKinds, why } = await tellIn({
      ...{ desk, board },
      note(room, shown) {
        kept.board = noteRoom(kept.board, room, shown);
        save(desk, kept);
      },
    });
    if (why.length > 0) log.warn('An error channel on Slack cannot be told', { desk, why: why.join(' ') });
    // What failed is looked at again the next time.
    kept.roomsAt = { at: now, revision: why.length === 0 ? board.revision : -1 };
    kept.forPlace = board.untold.filter(({ kind }) => failedKinds.has(kind));
    const isOver = (each: Untold): boolean => board.untold.includes(each) && !kept.forPlace.includes(each);
    kept.board = { ...kept.board, untold: kept.board.untold.filter((each) => !isOver(each)) };
    save(desk, kept);
    change(desk, (each) => noteUnreached(each, why));
  }

  /** Where there are channels, only what they could not be told. */
  function untoldIn({ board, forPlace }: Kept): readonly Untold[] {
    return tellIn === undefined ? board.untold : board.untold.filter((untold) => forPlace.includes(untold));
  }

  async function show(desk: DeskId, kept: Kept): Promise<void> {
    const now = clock.now();
    change(desk, fade);
    await tellRooms(desk, kept).catch((error: unknown) => {
      log.error('The error channels on Slack could not be gone through', { desk, error: describe(error) });
      kept.forPlace = kept.board.untold;
    });
    const { board, shownAt } = kept;
    if (isShown(board) && untoldIn(kept).length === 0) return;
    if (shownAt !== undefined && between(shownAt, now) < shownAtMostEvery) return;
    if (backOff.isWaiting(desk, now)) return;
    try {
      await showNow(desk, kept);
      kept.shownAt = clock.now();
      backOff.succeeded(desk);
    } catch (error) {
      const wait = error instanceof Failure && error.transient ? 0 : shownAtMostEvery;
      const times = backOff.failed(
        desk,
        clock.now(),
        Math.max(wait, (error instanceof Failure && error.retryAfter) || 0),
      );
      log.error('The error channel cannot be written', {
        desk,
        times,
        open: board.open.length,
        error: describe(error),
      });
    }
  }

  async function showNow(desk: DeskId, kept: Kept): Promise<void> {
    const { board } = kept;
    const ref =
      isShown(board) && board.shown ? board.shown.ref : await place.show(desk, board, board.shown?.ref);
    // Raised meanwhile: that is still to be shown, and still news.
    kept.board = {
      ...kept.board,
      shown: { ref, revision: board.revision },
      isNews: kept.board.isNews && kept.board.revision !== board.revision,
    };
    save(desk, kept);
    for (const untold of untoldIn({ ...kept, board })) {
      await place.tell(desk, ref, untold, board);
      kept.board = { ...kept.board, untold: kept.board.untold.filter((each) => each !== untold) };
      save(desk, kept);
    }
  }

  return {
    raise: (desk, problem) => change(desk, (board, now) => raise(board, problem, now)),
    clear: (desk, key) => change(desk, (board, now) => solve(board, (each) => each === key, now)),
    standing(desk, prefix, problems) {
      const keys = new Set(problems.map(({ key }) => key));
      change(desk, (board, now) =>
        problems.reduce(
          (raised, problem) => raise(raised, problem, now),
          solve(board, (key) => key.startsWith(prefix) && !keys.has(key), now),
        ),
      );
    },
    reshow(desk) {
      change(desk, (board) => (board.shown ? { ...board, revision: board.revision + 1 } : board));
    },
    refOf: (desk) => boards.get(desk)?.board.shown?.ref,
    isNew: (desk) => unknown.has(desk),
    noteLooked(desk) {
      unknown.delete(desk);
      const kept = boards.get(desk);
      if (kept) save(desk, kept);
    },
    async start() {
      for (const [desk, kept] of boards) {
        const text = await store.bookmark(bookmarkOf(desk));
        if (text === undefined || text === '') unknown.add(desk);
        kept.board = parseBoard(text);
        kept.saved = text;
      }
    },
    async beat() {
      await Promise.all([...boards].map(([desk, kept]) => show(desk, kept)));
    },
    async idle() {
      await Promise.all([...boards.values()].map(({ saving }) => saving));
    },
  };
}

function bookmarkOf(desk: DeskId): string {
  return `errors ${desk}`;
}
