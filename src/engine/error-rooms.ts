// The channels in which a desk's problems are told: each in that of its flow, as one message that is edited in place and a short one for each new kind.
import { minutes } from '../domain/duration.ts';
import type { DeskId, Milliseconds } from '../domain/names.ts';
import { createBackOff } from './back-off.ts';
import type { ErrorBoard, OpenProblem, RoomShown } from './error-board.ts';
import { Failure } from './ports/failure.ts';
import type { Clock } from './ports/clock.ts';
import type { ProblemKind } from './problems.ts';

/** Where problems are told, by names that mean something to whoever shows them there. */
export interface RoomPlan {
  /** Of the whole desk, and of each flow that has none of its own. */
  readonly own: string;
  /** By the name of the flow. */
  readonly ofFlow: { readonly [flow: string]: string };
}

/** All calls may be repeated: a lost answer is searched for before posting again. All throw `Failure`. */
export interface ErrorRooms {
  plan(desk: DeskId): Promise<RoomPlan>;
  /** Shows what belongs there; where it stands from now on. */
  show(desk: DeskId, room: string, board: ErrorBoard, ref: string | undefined): Promise<string>;
  /** Says that a kind is new there, which notifies people; nothing where it was said within the hour. */
  tell(
    desk: DeskId,
    shown: Pick<RoomShown, 'room' | 'ref'>,
    kind: ProblemKind,
    board: ErrorBoard,
  ): Promise<void>;
  /** Edits what stands where nothing is told any more. */
  leave(desk: DeskId, shown: Pick<RoomShown, 'room' | 'ref'>): Promise<void>;
}

export interface RoomPass {
  /** What could not be told in a channel where it belongs. */
  readonly failedKinds: ReadonlySet<ProblemKind>;
  /** Why not, in sentences. */
  readonly why: readonly string[];
}

export interface RoomPassParts {
  readonly desk: DeskId;
  /** As it was when this began. */
  readonly board: ErrorBoard;
  /** Told at once of what became of a room; undefined: it is left. */
  readonly note: (room: string, shown: RoomShown | undefined) => void;
}

/** What does not pass by itself, such as a channel that is not there, is not tried again each time. */
const lastingWait: Milliseconds = minutes(10);

/** Never rejects for a channel that fails: the others are told, and the issue has to say it. */
export function createRoomTelling({
  rooms,
  clock,
}: {
  readonly rooms: ErrorRooms;
  readonly clock: Pick<Clock, 'now'>;
}): (parts: RoomPassParts) => Promise<RoomPass> {
  const backOff = createBackOff();
  const failures = new Map<string, string>();

  /** Why not, where it failed or failed a moment ago. */
  async function attempt(key: string, work: () => Promise<void>): Promise<string | undefined> {
    if (backOff.isWaiting(key, clock.now())) return failures.get(key);
    try {
      await work();
      backOff.succeeded(key);
      failures.delete(key);
      return undefined;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      backOff.failed(key, clock.now(), error.transient ? 0 : lastingWait);
      failures.set(key, error.message);
      return error.message;
    }
  }

  return async ({ desk, board, note }) => {
    let plan: RoomPlan;
    try {
      plan = await rooms.plan(desk);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { failedKinds: kindsOf(board.open), why: [error.message] };
    }
    const roomOf = ({ flow }: OpenProblem): string =>
      (flow !== undefined && Object.hasOwn(plan.ofFlow, flow) ? plan.ofFlow[flow] : undefined) ?? plan.own;
    const wanted = new Set([plan.own, ...Object.values(plan.ofFlow)]);
    const failedKinds = new Set<ProblemKind>();
    const why = new Set<string>();
    for (const room of new Set([...wanted, ...board.rooms.map((each) => each.room)])) {
      const known = board.rooms.find((each) => each.room === room);
      const mine = boardOf(board, (problem) => roomOf(problem) === room, room === plan.own);
      const around = { rooms, desk, note };
      const problem = await attempt(`${desk} ${room}`, async () => {
        if (wanted.has(room)) await showInRoom(around, { room, board: mine, known });
        else if (known) await leave(around, known);
      });
      if (problem === undefined) continue;
      why.add(problem);
      for (const kind of kindsOf(mine.open)) failedKinds.add(kind);
    }
    return { failedKinds, why: [...why] };
  };
}

type Around = Omit<RoomPassParts, 'board'> & { readonly rooms: ErrorRooms };

async function showInRoom(
  { rooms, desk, note }: Around,
  {
    room,
    board,
    known,
  }: { readonly room: string; readonly board: ErrorBoard; readonly known: RoomShown | undefined },
): Promise<void> {
  const kinds = [...kindsOf(board.open)];
  if (known === undefined && kinds.length === 0) return;
  const isShownAlready = known?.revision === board.revision;
  const ref = isShownAlready ? known.ref : await rooms.show(desk, room, board, known?.ref);
  const { revision } = board;
  let told = (known?.kinds ?? []).filter((kind) => kinds.includes(kind));
  note(room, { room, ref, revision, kinds: told });
  for (const kind of kinds.filter((each) => !told.includes(each))) {
    await rooms.tell(desk, { room, ref }, kind, board);
    told = [...told, kind];
    note(room, { room, ref, revision, kinds: told });
  }
}

async function leave({ rooms, desk, note }: Around, known: RoomShown): Promise<void> {
  try {
    await rooms.leave(desk, known);
  } catch (error) {
    // A channel that is gone needs no last word.
    if (!(error instanceof Failure) || error.transient) throw error;
  }
  note(known.room, undefined);
}

/** What of a board belongs somewhere. */
function boardOf(board: ErrorBoard, isMine: (problem: OpenProblem) => boolean, isOwn: boolean): ErrorBoard {
  return {
    ...board,
    open: board.open.filter(isMine),
    solved: board.solved.filter(isMine),
    leftOut: isOwn ? board.leftOut : 0,
  };
}

function kindsOf(problems: readonly OpenProblem[]): ReadonlySet<ProblemKind> {
  return new Set(problems.map(({ kind }) => kind));
}
