// With the store gone or damaged, everything that matters comes back from the ledger: open requests, live grants, deadlines.
import type { DeskEntry } from '../domain/desk-entries.ts';
import { identitiesAfter } from '../domain/identities.ts';
import { linksAfter } from '../domain/links.ts';
import { parseDeskLine } from '../domain/desk-entry-line.ts';
import type { DeskId } from '../domain/names.ts';
import { rebuiltBookmark } from '../engine/engine.ts';
import { createDeskRecorder } from '../engine/desk-recorder.ts';
import { identitiesBookmark, printIdentities } from '../engine/identity-book.ts';
import { linksBookmark, printLinks } from '../engine/link-book.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { Clock, Ids } from '../engine/ports/clock.ts';
import type { DeskStream, LedgerCursor, Store } from '../engine/ports/store.ts';
import type { Ledger, Strangers } from '../engine/ports/ledger.ts';
import type { Log } from '../engine/ports/log.ts';
import type { ReadStream } from '../ledger/read-stream.ts';
import { rebuild as readLedger, type RebuiltRequest, type RequestFile } from '../ledger/rebuild.ts';

export interface RebuildParts {
  readonly store: Store;
  /** Whether the store could not read all of itself. */
  readonly isDamaged: boolean;
  readonly ledger: (desk: DeskId) => Ledger;
  readonly desks: readonly DeskId[];
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** Before the first command is taken. Throws `Failure` where the ledger cannot be read now: the start is tried again. */
export async function rebuild(parts: RebuildParts): Promise<void> {
  const { store, isDamaged, desks, log } = parts;
  for (const desk of desks) {
    const cursor = await store.cursor(desk);
    const isLost = cursor === undefined || isDamaged;
    if (!isLost && !cursor.isBroken) continue;
    try {
      await rebuildDesk(parts, desk, cursor);
    } catch (error) {
      // All is here, but for the hope that somebody has mended the ledger: access is taken back meanwhile.
      if (isLost || !(error instanceof Failure)) throw error;
      log.warn('A broken ledger could not be read again', { desk, error: error.message });
    }
  }
}

async function rebuildDesk(
  { store, ledger, clock, ids, log }: RebuildParts,
  desk: DeskId,
  cursor: LedgerCursor | undefined,
): Promise<void> {
  const head = await ledger(desk).head();
  if (head === undefined) return;
  const doubts = await doubtsOf(ledger(desk), head, knownHead(cursor), desk, log);
  const believed = doubts ? believedPart(ledger(desk), doubts) : ledger(desk);
  const { count, problems } = await restoreAll(store, believed, head, desk, log);
  const [problem] = problems;
  await store.setBookmark(rebuiltBookmark(desk), clock.now());
  // Where the ledger itself is broken, nothing new is decided until somebody has looked; what was granted is taken back.
  const divergedAt = cursor?.divergedAt ?? clock.now();
  if (problem !== undefined)
    await store.setCursor(desk, { head, diverged: problem, divergedAt, isBroken: true });
  else if (doubts) await store.setCursor(desk, { ...standing(doubts, head), divergedAt });
  else if (cursor?.diverged === undefined) await store.setCursor(desk, { head });
  // What had otherwise diverged is for the committer to find whole again, and to say so.
  else if (cursor.isBroken) {
    await store.setCursor(desk, { head, diverged: cursor.diverged, divergedAt });
    await createDeskRecorder({ store, clock, ids }).healed(desk, { why: cursor.diverged, since: divergedAt });
    await store.setCursor(desk, { head });
  }
  log.info('A desk was rebuilt from its ledger', { desk, requests: count, problems: problems.length });
}

/** What a broken ledger was read up to has never been believed. */
function knownHead(cursor: LedgerCursor | undefined): string | undefined {
  return cursor?.isBroken ? undefined : cursor?.head;
}

/** Somebody who writes lines like ours can link them like ours: only the host knows whose commits they are. */
async function doubtsOf(
  ledger: Ledger,
  head: string,
  known: string | undefined,
  desk: DeskId,
  log: Log,
): Promise<Strangers | undefined> {
  if (ledger.strangers === undefined) return undefined;
  const found = await ledger.strangers(head, {
    ...(known !== undefined && { known }),
    progress(done, all) {
      if (done % progressEvery === 0)
        log.info('Looking whose the commits of a ledger are', { desk, done, all });
    },
  });
  log.info('It is known whose the commits of a ledger are', { desk, commits: found.asked });
  if (found.isUnsigned)
    log.warn('This GitHub signs no commits: whose the commits of a ledger are cannot be told', { desk });
  const [oldest] = found.commits;
  if (oldest === undefined) return undefined;
  log.error(
    'The ledger holds commits that are not ours: this desk stops deciding and granting, and goes on revoking',
    {
      desk,
      commit: oldest.oid,
      commits: found.commits.length,
    },
  );
  return found;
}

const progressEvery = 1000;

/** What they touched as it was before them, the rest as it is now: a grant that we recorded has to be taken back. */
function believedPart(ledger: Ledger, { commits, before }: Strangers): Pick<Ledger, 'read'> {
  const touched = new Set(commits.flatMap(({ paths }) => paths));
  const isTouched = (path: string): boolean =>
    touched.has(path) || touched.has(path.slice(0, path.indexOf('/')));
  return {
    async *read(head) {
      for await (const file of ledger.read(head)) if (!isTouched(file.path)) yield file;
      if (before === undefined) return;
      for await (const file of ledger.read(before)) if (isTouched(file.path)) yield file;
    },
  };
}

/**
 * Put back to `before`, the branch is whole again, and the committer sees that by itself. Where we went on from what
 * strangers wrote, or nothing was before them, that is not so: then it is read anew at the next start.
 */
function standing({ commits, before, hasOursAfter }: Strangers, head: string): LedgerCursor {
  const diverged = `Commit ${commits[0]?.oid ?? head} touches entries and is not ours.`;
  return before === undefined || hasOursAfter
    ? { head, diverged, isBroken: true }
    : { head: before, diverged };
}

async function restoreAll(
  store: Store,
  ledger: Pick<Ledger, 'read'>,
  head: string,
  desk: DeskId,
  log: Log,
): Promise<{ readonly count: number; readonly problems: readonly string[] }> {
  const problems: string[] = [];
  let count = 0;
  for await (const file of readLedger(ledger, head, desk)) {
    if (!file.ok) {
      const { path, line, code, sentence } = file.problem;
      log.error('The ledger holds a file that cannot be believed', { desk, path, line, code });
      problems.push(`${path}:${line}: ${sentence}`);
    }
    if ('stream' in file) {
      await restoreStream(store, file, log);
      continue;
    }
    const sound = file.ok ? file : soundPartOf(file);
    if (sound === undefined) continue;
    if (sound.readOnly) {
      const { path, line, code } = sound.readOnly;
      log.error('A newer Countersign wrote part of a request: nothing is decided there', {
        desk,
        path,
        line,
        code,
      });
    }
    const { request, lines, committedSeq } = sound;
    await store.restore({ request, lines, committedSeq, shownSeq: 0 });
    count += 1;
  }
  return { count, problems };
}

function soundPartOf(file: Extract<RequestFile | ReadStream, { ok: false }>): RebuiltRequest | undefined {
  return 'soundPart' in file ? file.soundPart : undefined;
}

async function restoreStream(
  store: Store,
  { stream, links, identities }: Extract<ReadStream, { ok: true }>,
  log: Log,
): Promise<void> {
  const { desk } = stream;
  const restoration = await store.restoreStream(stream);
  const later = await recordedAfter(store, stream);
  await store.setBookmark(linksBookmark(desk), printLinks(later.reduce(linksAfter, links)));
  await store.setBookmark(
    identitiesBookmark(desk),
    printIdentities(later.reduce(identitiesAfter, identities)),
  );
  if (restoration === 'replaced')
    log.warn('What the store knew of a desk’s stream is not what the ledger holds', { desk });
}

/** What the store has recorded after what the ledger holds. */
async function recordedAfter(store: Store, { desk, end }: DeskStream): Promise<readonly DeskEntry[]> {
  const kept = (await store.deskStream(desk))?.lines ?? [];
  return kept.flatMap((line) => {
    const parsed = parseDeskLine(line);
    return 'entry' in parsed && parsed.entry.seq > end.seq ? [parsed.entry] : [];
  });
}
