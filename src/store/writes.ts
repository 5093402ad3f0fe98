// What changes the embedded store: checked against all that is said and on its way, then journalled, then seen.
import type { Line } from '../domain/entry-line.ts';
import type { RequestId } from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';
import {
  StaleChangeError,
  type Change,
  type DeskStream,
  type Envelope,
  type Restoration,
  type Store,
  type Stored,
} from '../engine/ports/store.ts';
import { readArchived } from './archive.ts';
import type { Disk } from './disk.ts';
import type { JournalChange, Settling } from './journal-change.ts';
import type { PendingChanges } from './pending-changes.ts';
import { reconcile } from './restoring.ts';
import { committedStream, grownStream, reconcileStream } from './streams.ts';
import { keysOf, readLines, summarize } from './summary.ts';
import { rawOf, type Ended, type Tables } from './tables.ts';

export type Writes = Pick<
  Store,
  'accept' | 'save' | 'noteCommitted' | 'setCursor' | 'setBookmark' | 'restore' | 'restoreStream'
>;

export interface Writing {
  readonly tables: Tables;
  readonly disk: Disk;
  readonly pending: PendingChanges;
  /** Resolves once the change is durable and applied. */
  commit(change: JournalChange, apply: (n: number) => void): Promise<void>;
  idle(): Promise<void>;
}

export function writesOf(parts: Writing): Writes {
  const { tables, commit } = parts;
  return {
    accept: (envelope) => accept(parts, envelope),
    save: (change) => save(parts, change),
    restore: (given) => restore(parts, given),
    restoreStream: (given) => restoreStream(parts, given),
    noteCommitted: (desk, head, upTo, stream) =>
      commit({ t: 'committed', desk, head, upTo: [...upTo], ...(stream !== undefined && { stream }) }, () => {
        for (const [id, seq] of upTo) tables.noteCommitted(id, seq);
        tables.cursors.set(desk, { ...tables.cursors.get(desk), head });
        const known = tables.streams.get(desk);
        if (known && stream !== undefined) tables.streams.set(desk, committedStream(known, stream));
      }),
    setCursor: (desk, cursor) =>
      commit({ t: 'cursor', desk, cursor }, () => tables.cursors.set(desk, cursor)),
    setBookmark: (name, value) =>
      commit({ t: 'bookmark', name, value }, () => tables.bookmarks.set(name, value)),
  };
}

async function accept(
  parts: Writing,
  envelope: Omit<Envelope, 'position'>,
): Promise<{ readonly accepted: Envelope } | { readonly known: RequestId }> {
  const { tables, pending, commit } = parts;
  const { key, request } = envelope;
  let searched: Ended | undefined;
  for (;;) {
    const known = tables.indexes.byKey(key);
    if (known !== undefined) return { known };
    const sooner = pending.accepted(key);
    if (sooner) {
      await sooner.durable;
      return { known: sooner.request };
    }
    const ended = tables.ended.get(request);
    if (ended === searched) break;
    searched = ended;
    if (ended && (await wasSaid(parts.disk, ended, key))) return { known: request };
  }
  let accepted: Envelope = { ...envelope, position: 0 };
  const durable = commit({ t: 'accept', envelope }, (position) => {
    accepted = { ...envelope, position };
    tables.accept(accepted);
  });
  await pending.acceptance(key, request, durable);
  return { accepted };
}

/** Of an ended request only its archive knows all that was said. */
async function wasSaid(disk: Disk, ended: Ended, key: string): Promise<boolean> {
  const { kept, settled } = await readArchived(disk, ended);
  return kept.summary.keys.includes(key) || settled.some((one) => one.key === key);
}

async function save(parts: Writing, change: Change): Promise<void> {
  const { tables, pending, commit } = parts;
  const { append, desk } = change;
  while (append && tables.ended.has(append.request.id)) await bringBack(parts, append.request.id);
  try {
    checkStillWaits(parts, change);
    if (append) checkIsNext(parts, append);
    if (desk) checkStreamIsNext(parts, desk);
  } catch (error) {
    await whoeverWasFirst(parts, change);
    throw error;
  }
  const settles = settlingOf(parts, change);
  const refused = tables.envelopes.get(change.refuses?.position ?? 0);
  const refuses =
    change.refuses && refused && !pending.isSettled(refused.position)
      ? { ...change.refuses, request: refused.request }
      : undefined;
  if (!settles && !refuses && !append && !desk) return;
  const added = addedBy(change);
  const durable = commit(
    { t: 'save', ...(settles && { settles }), ...(refuses && { refuses }), ...added },
    () => {
      if (append) applyAppend(tables, append);
      const grown = added.stream && grownStream(tables.streams.get(added.stream.desk), added.stream);
      if (grown) tables.streams.set(grown.desk, grown);
      if (grown && desk?.bookmark) tables.bookmarks.set(desk.bookmark.name, desk.bookmark.value);
      if (settles) tables.settle(settles.position, settles.request, settles.keeps);
      if (refuses) tables.refuse(refuses.position, refuses.refusal);
    },
  );
  const ends = [
    ...(append ? [{ of: append.request.id, seq: append.afterSeq + append.lines.length }] : []),
    ...(desk ? [{ of: desk.desk, seq: desk.afterSeq + desk.lines.length }] : []),
  ];
  await pending.change({ ends, ...(settles && { settles: settles.position }) }, durable);
}

function addedBy({ append, desk }: Change): Pick<Extract<JournalChange, { t: 'save' }>, 'append' | 'stream'> {
  const linesOf = (sealed: readonly { readonly line: Line }[]): readonly Line[] =>
    sealed.map(({ line }) => line);
  return {
    ...(append && {
      append: { id: append.request.id, after: append.afterSeq, lines: linesOf(append.lines) },
    }),
    ...(desk && {
      stream: {
        ...{ desk: desk.desk, after: desk.afterSeq, lines: linesOf(desk.lines) },
        ...(desk.bookmark && { bookmark: desk.bookmark }),
      },
    }),
  };
}

/** Whoever decides again has to find what they lost against, or they would lose again until the disk is done with it. */
async function whoeverWasFirst(
  { pending }: Writing,
  { append, desk, settles, refuses }: Change,
): Promise<void> {
  for (const one of [append?.request.id, desk?.desk, settles, refuses?.position])
    if (one !== undefined) await pending.past(one);
}

/** Entries that come of an envelope are recorded with it or not at all. */
function checkStillWaits({ tables, pending }: Writing, { append, desk, settles, refuses }: Change): void {
  if (append === undefined && desk === undefined) return;
  for (const position of [settles, refuses?.position])
    if (position !== undefined && (!tables.envelopes.has(position) || pending.isSettled(position)))
      throw new StaleChangeError(`The envelope ${position} no longer waits.`);
}

function checkIsNext(
  { tables, pending }: Writing,
  { request, lines, afterSeq }: NonNullable<Change['append']>,
): void {
  const last = pending.seqOf(request.id) ?? tables.summaryOf(request.id)?.seq ?? 0;
  if (last !== afterSeq)
    throw new StaleChangeError(`The last entry of ${request.id} is ${last}, not ${afterSeq}.`);
  const isChain =
    lines.length > 0 &&
    request.seq === afterSeq + lines.length &&
    lines.every(({ entry }, index) => entry.request === request.id && entry.seq === afterSeq + 1 + index);
  if (!isChain) throw new Error(`The entries to be saved do not follow entry ${afterSeq} of ${request.id}.`);
}

function checkStreamIsNext(
  { tables, pending }: Writing,
  { desk, lines, afterSeq }: NonNullable<Change['desk']>,
): void {
  const last = pending.seqOf(desk) ?? tables.streams.get(desk)?.end.seq ?? 0;
  if (last !== afterSeq)
    throw new StaleChangeError(`The last entry of the desk ${desk} is ${last}, not ${afterSeq}.`);
  const isChain =
    lines.length > 0 &&
    lines.every(({ entry }, index) => entry.desk === desk && entry.seq === afterSeq + 1 + index);
  if (!isChain)
    throw new Error(`The entries to be saved do not follow entry ${afterSeq} of the desk ${desk}.`);
}

/** Undefined where there is nothing to settle, or nothing any more: an envelope is settled once. */
function settlingOf({ tables, pending }: Writing, { settles, append }: Change): Settling | undefined {
  const envelope = settles === undefined ? undefined : tables.envelopes.get(settles);
  if (envelope === undefined || pending.isSettled(envelope.position)) return undefined;
  const { position, request, key, receivedAt } = envelope;
  const isRecorded =
    (append?.request.id === request && keysOf(append.lines).includes(key)) ||
    tables.live.get(request)?.summary.keys.includes(key) === true;
  return { position, request, ...(!isRecorded && { keeps: { key, at: receivedAt } }) };
}

function applyAppend(tables: Tables, { request, lines }: NonNullable<Change['append']>): void {
  const before = tables.live.get(request.id);
  const { lines: known } = before ? tables.read(before) : { lines: [] };
  const { committed, shown } = before ?? { committed: 0, shown: 0 };
  const summary = summarize(request, lines, before?.summary);
  const raw = { lines: [...known, ...lines.map(({ line }) => line)], committed, shown };
  tables.put(raw, summary, request);
}

async function restore(parts: Writing, given: Stored): Promise<Restoration> {
  const { tables, pending, commit } = parts;
  const { id } = given.request;
  do {
    await bringBack(parts, id).catch((error: unknown) => forgetUnreadable(parts, id, error));
    if (pending.isBusy(id)) await parts.idle();
  } while (pending.isBusy(id) || tables.ended.has(id));
  const known = tables.live.get(id);
  const { restoration, raw } = reconcile(known && rawOf(known), given);
  const isNews =
    !known || restoration !== 'kept' || known.committed < raw.committed || known.shown < raw.shown;
  if (!isNews) return restoration;
  const { request, entries } = readLines(raw.lines);
  const durable = commit({ t: 'put', id, raw }, () =>
    tables.put(raw, summarize(request, entries, undefined), request),
  );
  await pending.change({ ends: [{ of: id, seq: raw.lines.length }] }, durable);
  return restoration;
}

async function restoreStream(parts: Writing, given: DeskStream): Promise<Restoration> {
  const { tables, pending, commit } = parts;
  const { desk } = given;
  while (pending.isBusy(desk)) await parts.idle();
  const known = tables.streams.get(desk);
  const { restoration, stream } = reconcileStream(known, given);
  if (restoration === 'kept' && stream.committedSeq === known?.committedSeq) return restoration;
  const durable = commit({ t: 'put-stream', stream }, () => tables.streams.set(desk, stream));
  await pending.change({ ends: [{ of: desk, seq: stream.end.seq }] }, durable);
  return restoration;
}

/** What the archive cannot give back, the ledger can. */
function forgetUnreadable({ tables }: Writing, id: RequestId, error: unknown): void {
  if (!(error instanceof Failure)) throw error;
  tables.forget(id);
}

/** An ended request that something is to be said of is open again until the next compaction. */
async function bringBack({ tables, disk }: Writing, id: RequestId): Promise<void> {
  for (let ended = tables.ended.get(id); ended; ended = tables.ended.get(id)) {
    const archived = await readArchived(disk, ended);
    if (tables.ended.get(id) === ended) tables.thaw(archived);
  }
}
