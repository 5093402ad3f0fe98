// The open problems of one desk and those lately solved, as a value: what the error channel keeps and shows.
import { hours } from '../domain/duration.ts';
import type { Thread } from '../domain/entries.ts';
import { between, earlier, parseInstant, type Instant, type Milliseconds } from '../domain/names.ts';
import { clip } from '../domain/safe-word.ts';
import { isProblemKind, quietAfter, type Problem, type ProblemKind } from './problems.ts';

export interface OpenProblem {
  readonly key: string;
  readonly kind: ProblemKind;
  readonly what: string;
  readonly since: Instant;
  readonly times: number;
  /** When it was last heard of. */
  readonly seen: Instant;
  readonly thread?: Thread;
  /** The flow that it is in. */
  readonly flow?: string;
}

export interface SolvedProblem extends OpenProblem {
  readonly until: Instant;
}

export interface ErrorBoard {
  /** Oldest first. */
  readonly open: readonly OpenProblem[];
  /** Newest first. */
  readonly solved: readonly SolvedProblem[];
  /** Raised while there were too many, and therefore not kept. */
  readonly leftOut: number;
  /** What people have to be told of by something new. */
  readonly untold: readonly Untold[];
  /** When people were last told of a kind. */
  readonly told: { readonly [kind: string]: Instant };
  /** Counts changes. */
  readonly revision: number;
  /** What is shown, and where. */
  readonly shown?: { readonly ref: string; readonly revision: number };
  /** The channels where it is shown as well. */
  readonly rooms: readonly RoomShown[];
  /** Why a channel could not be told of what is open, in sentences. */
  readonly unreached: readonly string[];
  /** Something was raised since it was last shown: whoever closed the place sees it opened again. */
  readonly isNews: boolean;
}

/** The message of ours in a channel. */
export interface RoomShown {
  readonly room: string;
  readonly ref: string;
  /** What of the board it shows. */
  readonly revision: number;
  /** What was open and had been told there. */
  readonly kinds: readonly ProblemKind[];
}

export interface Untold {
  readonly kind: ProblemKind;
  readonly at: Instant;
}

export const emptyBoard: ErrorBoard = {
  open: [],
  solved: [],
  leftOut: 0,
  untold: [],
  told: {},
  revision: 0,
  rooms: [],
  unreached: [],
  isNews: false,
};

export const mostOpen = 200;
export const mostSolved = 50;
/** People are told of one kind at most so often. */
const toldAtMostEvery: Milliseconds = hours(1);
const longestWhat = 500;

/** The same board where nothing is new about it. */
export function raise(board: ErrorBoard, problem: Problem, now: Instant): ErrorBoard {
  const what = clip(problem.what, longestWhat);
  const known = board.open.find(({ key }) => key === problem.key);
  if (known && problem.at !== undefined && problem.at <= known.seen) return board;
  const before = known?.times ?? 0;
  const times = problem.times === 'again' ? before + 1 : (problem.times ?? Math.max(before, 1));
  if (known) {
    // What stays as it is must not be written again each time that it is looked at; only what fades has to be kept alive.
    const isSame = known.what === what && known.times === times && known.kind === problem.kind;
    if (isSame && quietAfter(problem.kind) === undefined) return board;
    const renewed = { ...known, kind: problem.kind, what, times, seen: now };
    return changed(board, { open: board.open.map((each) => (each === known ? renewed : each)) });
  }
  if (board.open.length >= mostOpen) return changed(board, { leftOut: board.leftOut + 1 });
  const { key, kind, since, thread, flow } = problem;
  const begun = {
    ...{ key, kind, what, times, since: earlier(since ?? now, now), seen: now },
    ...(thread && { thread }),
    ...(flow !== undefined && { flow }),
  };
  return changed(board, { open: [...board.open, begun], isNews: true, ...tellingOf(board, kind, now) });
}

/** A kind of which there is none yet, and of which nobody was told lately. */
function tellingOf(board: ErrorBoard, kind: ProblemKind, now: Instant): Partial<ErrorBoard> {
  const last = board.told[kind];
  if (board.open.some((each) => each.kind === kind)) return {};
  if (last !== undefined && between(last, now) < toldAtMostEvery) return {};
  return { untold: [...board.untold, { kind, at: now }], told: { ...board.told, [kind]: now } };
}

/** All whose key this holds for are over. */
export function solve(board: ErrorBoard, isOver: (key: string) => boolean, now: Instant): ErrorBoard {
  return end(board, ({ key }) => isOver(key), now);
}

/** What nobody has heard of for long enough is over. */
export function fade(board: ErrorBoard, now: Instant): ErrorBoard {
  return end(
    board,
    ({ kind, seen }) => {
      const quiet = quietAfter(kind);
      return quiet !== undefined && between(seen, now) >= quiet;
    },
    now,
  );
}

function end(board: ErrorBoard, isOver: (problem: OpenProblem) => boolean, now: Instant): ErrorBoard {
  const over = board.open.filter(isOver);
  if (over.length === 0) return board;
  const solved = [...over.map((each) => ({ ...each, until: now })).reverse(), ...board.solved];
  const open = board.open.filter((each) => !over.includes(each));
  return changed(board, { open, solved: solved.slice(0, mostSolved), leftOut: 0 });
}

/** Why channels could not be told: shown where everything is shown. */
export function noteUnreached(board: ErrorBoard, why: readonly string[]): ErrorBoard {
  const isSame = why.length === board.unreached.length && why.every((each) => board.unreached.includes(each));
  return isSame ? board : changed(board, { unreached: why });
}

/** What became of one channel. */
export function noteRoom(board: ErrorBoard, room: string, shown: RoomShown | undefined): ErrorBoard {
  const others = board.rooms.filter((each) => each.room !== room);
  return { ...board, rooms: [...others, ...(shown ? [shown] : [])] };
}

function changed(board: ErrorBoard, to: Partial<ErrorBoard>): ErrorBoard {
  return { ...board, ...to, revision: board.revision + 1 };
}

export function isShown({ revision, shown }: ErrorBoard): boolean {
  // A desk that never had a problem has nothing to show.
  return revision === (shown?.revision ?? 0);
}

/** What was kept, as far as it can be read: a problem that is lost is found again by whoever raises it. */
export function parseBoard(text: string | undefined): ErrorBoard {
  let read: unknown;
  try {
    read = JSON.parse(text ?? '{}');
  } catch {
    return emptyBoard;
  }
  const { open, solved, leftOut, untold, told, revision, shown, rooms, isNews } = membersOf(read);
  const { ref, revision: shownRevision } = membersOf(shown);
  return {
    open: listOf(open).flatMap((each) => readOpen(each) ?? []),
    solved: listOf(solved).flatMap((each) => readSolved(each) ?? []),
    leftOut: countOf(leftOut),
    untold: listOf(untold).flatMap((each) => readUntold(each) ?? []),
    told: Object.fromEntries(
      Object.entries(membersOf(told)).flatMap(([kind, at]) => {
        const read = instantOf(at);
        return read === undefined ? [] : [[kind, read] as const];
      }),
    ),
    revision: countOf(revision),
    rooms: listOf(rooms).flatMap((each) => readRoom(each) ?? []),
    unreached: listOf(membersOf(read)['unreached']).filter((each) => typeof each === 'string'),
    isNews: isNews === true,
    ...(typeof ref === 'string' && { shown: { ref, revision: countOf(shownRevision) } }),
  };
}

function readRoom(value: unknown): RoomShown | undefined {
  const { room, ref, revision, kinds } = membersOf(value);
  if (typeof room !== 'string' || typeof ref !== 'string') return undefined;
  const known = listOf(kinds).flatMap((kind) =>
    typeof kind === 'string' && isProblemKind(kind) ? [kind] : [],
  );
  return { room, ref, revision: countOf(revision), kinds: known };
}

function readOpen(value: unknown): OpenProblem | undefined {
  const { key, kind, what, since, times, seen, thread: place, flow } = membersOf(value);
  const thread = readThread(place);
  const [begun, last] = [instantOf(since), instantOf(seen)];
  if (typeof key !== 'string' || typeof kind !== 'string' || typeof what !== 'string') return undefined;
  if (!isProblemKind(kind) || begun === undefined || last === undefined) return undefined;
  return {
    ...{ key, kind, what, since: begun, times: countOf(times), seen: last },
    ...(thread && { thread }),
    ...(typeof flow === 'string' && { flow }),
  };
}

function readThread(value: unknown): Thread | undefined {
  const { surface, repository, issue } = membersOf(value);
  return surface === 'github' && typeof repository === 'string' && typeof issue === 'number'
    ? { surface, repository, issue }
    : undefined;
}

function readSolved(value: unknown): SolvedProblem | undefined {
  const [open, until] = [readOpen(value), instantOf(membersOf(value)['until'])];
  return open && until && { ...open, until };
}

function readUntold(value: unknown): Untold | undefined {
  const { kind, at } = membersOf(value);
  const when = instantOf(at);
  return typeof kind === 'string' && isProblemKind(kind) && when ? { kind, at: when } : undefined;
}

function membersOf(value: unknown): { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function countOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

function instantOf(value: unknown): Instant | undefined {
  return typeof value === 'string' ? parseInstant(value) : undefined;
}
