// The checks that are wanted, until they are done: kept over a restart, one at a time, tried again, and followed by rest.
import { minutes } from '../../../domain/duration.ts';
import { later, plus, type DeskId, type Instant, type Milliseconds } from '../../../domain/names.ts';
import type { Clock } from '../../../engine/ports/clock.ts';
import type { Log } from '../../../engine/ports/log.ts';
import type { Bookmarks } from '../recover.ts';
import { parseWanted, type Wanted } from './read-check-delivery.ts';

export interface WantedChecksParts {
  readonly bookmarks: Bookmarks;
  readonly clock: Clock;
  readonly log: Log;
}

export interface WantedChecks {
  /** Durable when it resolves. */
  want(desk: DeskId, wanted: Wanted): Promise<void>;
  /** The next of a desk, if one is due. `attempt` is false where it is to be tried again. */
  doNext(desk: DeskId, attempt: Attempt): Promise<void>;
}

/** `asked`: told of each thing that GitHub is asked for. */
export type Attempt = (wanted: Wanted, tries: number, asked: () => void) => Promise<boolean>;

/** More than these are found again by reading the pull requests. */
export const mostWanted = 200;
export const maxTries = 5;
/** For each thing that GitHub is asked for: whoever pushes and pushes uses up no more of our requests than this lets them. */
const restPerCall: Milliseconds = 2000;
/** So much may be asked ahead of that. */
const restAhead: Milliseconds = 100 * restPerCall;
interface Queue {
  wanted: readonly Wanted[];
  /** When what was read is paid for by rest. */
  paidAt: Instant | undefined;
  notBefore: Instant | undefined;
  tries: number;
}

export function createWantedChecks({ bookmarks, clock, log }: WantedChecksParts): WantedChecks {
  const queues = new Map<DeskId, Promise<Queue>>();

  function queueOf(desk: DeskId): Promise<Queue> {
    const known = queues.get(desk);
    if (known) return known;
    const read = bookmarks.bookmark(bookmarkOf(desk)).then((text): Queue => ({
      wanted: parseWanted(text),
      paidAt: undefined,
      notBefore: undefined,
      tries: 0,
    }));
    queues.set(desk, read);
    read.catch(() => queues.delete(desk));
    return read;
  }

  async function want(desk: DeskId, wanted: Wanted): Promise<void> {
    const queue = await queueOf(desk);
    const others = queue.wanted.filter((each) => !isSame(each, wanted));
    if (others.length >= mostWanted) return log.warn('More checks are wanted than are kept', { desk });
    queue.wanted = [...others, wanted];
    await save(desk, queue);
  }

  async function save(desk: DeskId, queue: Queue): Promise<void> {
    await bookmarks.setBookmark(bookmarkOf(desk), JSON.stringify(queue.wanted));
  }

  async function doNext(desk: DeskId, attempt: Attempt): Promise<void> {
    const queue = await queueOf(desk);
    const [first] = queue.wanted;
    if (first === undefined || (queue.notBefore !== undefined && clock.now() < queue.notBefore)) return;
    let calls = 0;
    const isDone = await attempt(first, queue.tries + 1, () => (calls += 1));
    queue.tries = isDone ? 0 : queue.tries + 1;
    const now = clock.now();
    queue.paidAt = plus(later(queue.paidAt ?? now, now), calls * restPerCall);
    queue.notBefore = isDone
      ? plus(queue.paidAt, -restAhead)
      : plus(now, minutes(1) * 2 ** (queue.tries - 1));
    if (!isDone) return;
    // It may have been asked for again meanwhile: that is another wish.
    queue.wanted = queue.wanted.filter((each) => each !== first);
    await save(desk, queue);
  }

  return { want, doNext };
}

/** Of a pull request only what it is now is worth a look; what somebody pressed is a wish of its own. */
function isSame(a: Wanted, b: Wanted): boolean {
  const isPressed = [a, b].some(({ forms, again }) => forms ?? again);
  if (isPressed || a.pull === undefined) return JSON.stringify(a) === JSON.stringify(b);
  return a.pull === b.pull;
}

function bookmarkOf(desk: DeskId): string {
  return `flow-checks ${desk}`;
}
