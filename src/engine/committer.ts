// Brings what was recorded into the ledger: one commit at a time for a desk, holding whatever waits (group commit).
import { deskChainEnd } from '../domain/desk-entry-line.ts';
import { between, type DeskId, type Milliseconds, type RequestId } from '../domain/names.ts';
import { createBackOff } from './back-off.ts';
import { hasteOf, hasteOfStream, type Haste } from './company.ts';
import { createDeskRecorder } from './desk-recorder.ts';
import { describe } from './engine.ts';
import { judgeHistory } from './judge-history.ts';
import { Failure } from './ports/failure.ts';
import type { Clock, Ids } from './ports/clock.ts';
import type { DeskStream, LedgerCursor, Store, Uncommitted } from './ports/store.ts';
import type { Ledger, LedgerScribe } from './ports/ledger.ts';
import type { Log } from './ports/log.ts';

export interface CommitterParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly scribe: LedgerScribe;
  readonly ledger: (desk: DeskId) => Ledger;
  /** Told which requests the ledger has caught up with. */
  readonly committed: (requests: readonly RequestId[]) => void;
}

export interface Committer {
  poke(desk: DeskId): void;
  /** Tries again what failed, and looks whether a diverged ledger is whole again. */
  wake(desks: readonly DeskId[]): void;
  /** Commits also what may wait. Resolves once it is done, or cannot be done now. */
  flush(desks: readonly DeskId[]): Promise<void>;
  stop(): void;
  idle(): Promise<void>;
}

/** A commit that was sent and whose answer has not been seen: it is sent again, the same, until it is known to be there. */
interface Sent {
  readonly batch: string;
  readonly upTo: Readonly<Record<string, number>>;
  /** Of the desk's own stream; absent where the commit holds nothing of it. */
  readonly streamUpTo?: number;
}

/** What the ledger lacks. */
interface Waiting {
  /** Those first that somebody waits for. */
  readonly requests: readonly Uncommitted[];
  readonly stream?: DeskStream;
  /** Whether any of it has to go now. */
  readonly isDue: boolean;
}

/** So many are looked at for one commit; what a commit takes of them, the scribe says. */
const mostLookedAt = 2000;
/** How long what nothing waits for waits for something that it can go along with. */
const companyWithin: Milliseconds = 10_000;

export function createCommitter(parts: CommitterParts): Committer {
  const { store, clock, ids, log, scribe } = parts;
  const backOff = createBackOff();
  const recorder = createDeskRecorder(parts);
  const running = new Map<DeskId, { again: boolean; done: Promise<void> }>();
  let isStopped = false;
  let isFlushing = false;

  function poke(desk: DeskId): void {
    const present = running.get(desk);
    if (present) present.again = true;
    if (present || isStopped || backOff.isWaiting(desk, clock.now())) return;
    const run = { again: false, done: Promise.resolve() };
    running.set(desk, run);
    run.done = commitAll(desk)
      .catch((error: unknown) => {
        const times = backOff.failed(desk, clock.now());
        log.warn('The ledger could not be written now', { desk, times, error: describe(error) });
      })
      .finally(() => {
        running.delete(desk);
        if (run.again) poke(desk);
      });
  }

  async function commitAll(desk: DeskId): Promise<void> {
    let cursor = await cursorOf(desk);
    if (cursor.isBroken) return;
    if (cursor.diverged !== undefined) cursor = await lookAgain(desk, cursor);
    while (cursor.diverged === undefined && !isStopped) {
      const waiting = await waitingOf(desk);
      if (!waiting.isDue) return;
      cursor = await commitOnce(desk, cursor, waiting);
      backOff.succeeded(desk);
    }
  }

  async function waitingOf(desk: DeskId): Promise<Waiting> {
    const found = await store.uncommitted(desk, mostLookedAt);
    const stream = await store.deskStream(desk);
    const hasty = new Map(found.map((each) => [each, hasteOf(each)]));
    // What somebody waits for must not wait for what nobody does.
    const requests = found.toSorted(
      (a, b) => Number(hasty.get(b) === 'now') - Number(hasty.get(a) === 'now'),
    );
    const lacking = stream && stream.committedSeq < stream.end.seq ? stream : undefined;
    const isDue = [...hasty.values(), ...(lacking ? [hasteOfStream(lacking)] : [])].some(mayGo);
    return { requests, isDue, ...(lacking && { stream: lacking }) };
  }

  /** Derived from what waits, each time anew: no crash loses a timer. */
  function mayGo(haste: Haste): boolean {
    return haste === 'now' || isFlushing || Math.abs(between(haste.since, clock.now())) >= companyWithin;
  }

  async function cursorOf(desk: DeskId): Promise<LedgerCursor> {
    const known = await store.cursor(desk);
    if (known) return known;
    const begun = { head: await parts.ledger(desk).begin() };
    await store.setCursor(desk, begun);
    return begun;
  }

  async function commitOnce(desk: DeskId, cursor: LedgerCursor, waiting: Waiting): Promise<LedgerCursor> {
    const unanswered = openSent(await sentBefore(desk), waiting);
    // Before anything else is appended, it must be known what became of the last commit.
    const known = unanswered && (await resolve(desk, cursor, unanswered));
    if (known) return known;
    const batch = unanswered?.batch ?? ids.mint(clock.now());
    const { requests, stream } = unanswered ? only(waiting, unanswered) : waiting;
    const { commit, upTo, streamUpTo } = scribe.write(batch, requests, stream);
    const sent: Sent = {
      batch,
      upTo: Object.fromEntries(upTo),
      ...(streamUpTo !== undefined && { streamUpTo }),
    };
    await store.setBookmark(sentBookmark(desk), JSON.stringify(sent));
    const answer = await parts.ledger(desk).append(commit, cursor.head);
    if ('head' in answer) return noteDone(desk, answer.head, sent);
    const resolved = await resolve(desk, cursor, sent);
    if (resolved) return resolved;
    // Another replica of the branch answered than refused: it catches up, and asking at once again would not help.
    throw new Failure('The branch has moved, but its history does not say so yet.', { transient: true });
  }

  /** What the branch says of a commit of ours; undefined where it is not there and nothing else is in the way. */
  async function resolve(desk: DeskId, cursor: LedgerCursor, sent: Sent): Promise<LedgerCursor | undefined> {
    const history = await parts.ledger(desk).since(cursor.head);
    const judgement = judgeHistory(history, sent.batch, scribe.isEntryFile);
    switch (judgement.verdict) {
      case 'done-at':
        return noteDone(desk, judgement.head, sent);
      case 'append-on-top':
        return judgement.head === undefined ? undefined : setCursor(desk, { head: judgement.head });
      case 'diverged':
        log.error('The ledger diverged: this desk stops deciding and granting, and goes on revoking', {
          desk,
          why: judgement.why,
        });
        return setCursor(desk, { head: cursor.head, diverged: judgement.why, divergedAt: clock.now() });
      default:
        return judgement satisfies never;
    }
  }

  async function lookAgain(desk: DeskId, cursor: LedgerCursor): Promise<LedgerCursor> {
    const sent = await sentBefore(desk);
    const history = await parts.ledger(desk).since(cursor.head);
    const judgement = judgeHistory(history, sent?.batch ?? '', scribe.isEntryFile);
    if (judgement.verdict === 'diverged') {
      // Until somebody mends it, there is nothing to ask for every second.
      backOff.failed(desk, clock.now());
      return cursor;
    }
    await recorder.healed(desk, { why: cursor.diverged ?? '', since: cursor.divergedAt });
    const healed = await setCursor(desk, { head: cursor.head });
    log.info('The ledger is whole again', { desk });
    return healed;
  }

  async function sentBefore(desk: DeskId): Promise<Sent | undefined> {
    const text = await store.bookmark(sentBookmark(desk));
    return text ? readSent(JSON.parse(text)) : undefined;
  }

  async function noteDone(desk: DeskId, head: string, { upTo, streamUpTo }: Sent): Promise<LedgerCursor> {
    const seqs = new Map<RequestId, number>();
    for (const { request } of await store.uncommitted(desk, Number.MAX_SAFE_INTEGER)) {
      const seq = upTo[request];
      if (seq !== undefined) seqs.set(request, seq);
    }
    await store.noteCommitted(desk, head, seqs, streamUpTo);
    await store.setBookmark(sentBookmark(desk), '');
    parts.committed([...seqs.keys()]);
    return { head };
  }

  async function setCursor(desk: DeskId, cursor: LedgerCursor): Promise<LedgerCursor> {
    await store.setCursor(desk, cursor);
    return cursor;
  }

  async function idle(): Promise<void> {
    while (running.size > 0) await Promise.all([...running.values()].map(({ done }) => done));
  }

  return {
    poke,
    wake: (desks) => desks.forEach(poke),
    async flush(desks) {
      isFlushing = true;
      desks.forEach(poke);
      await idle();
      isFlushing = false;
    },
    stop: () => void (isStopped = true),
    idle,
  };
}

function sentBookmark(desk: DeskId): string {
  return `sent ${desk}`;
}

function readSent(read: unknown): Sent | undefined {
  if (typeof read !== 'object' || read === null || !('batch' in read) || !('upTo' in read)) return undefined;
  const { batch, upTo } = read;
  const streamUpTo = 'streamUpTo' in read ? read.streamUpTo : undefined;
  if (typeof batch !== 'string' || typeof upTo !== 'object' || upTo === null) return undefined;
  return {
    batch,
    upTo: Object.fromEntries(Object.entries(upTo).filter(([, seq]) => typeof seq === 'number')),
    ...(typeof streamUpTo === 'number' && { streamUpTo }),
  };
}

/** A crash may come after the commit was noted and before this was forgotten: then it has been answered after all. */
function openSent(sent: Sent | undefined, { requests, stream }: Waiting): Sent | undefined {
  const isOpen =
    requests.some(({ request, committed }) => (sent?.upTo[request] ?? 0) > committed) ||
    (stream && (sent?.streamUpTo ?? 0) > stream.committedSeq);
  return isOpen ? sent : undefined;
}

/** The same lines as were sent, so that the same commit arrives whichever of the two is performed. */
function only({ requests, stream }: Waiting, { upTo, streamUpTo }: Sent): Omit<Waiting, 'isDue'> {
  return {
    requests: requests.flatMap((each) => {
      const seq = upTo[each.request];
      return seq === undefined ? [] : [{ ...each, lines: each.lines.slice(0, seq) }];
    }),
    ...(stream && streamUpTo !== undefined && { stream: streamEndingAt(stream, streamUpTo) }),
  };
}

function streamEndingAt(stream: DeskStream, seq: number): DeskStream {
  const lines = stream.lines.slice(0, stream.lines.length - Math.max(0, stream.end.seq - seq));
  const last = lines.at(-1);
  return last === undefined ? stream : { ...stream, lines, end: deskChainEnd(last) };
}
