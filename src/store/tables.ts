// All that the embedded store holds in memory, and which shards have changed since they were last written.
import { minutes } from '../domain/duration.ts';
import type { Line } from '../domain/entry-line.ts';
import { later, plus, type DeskId, type Instant, type RequestId } from '../domain/names.ts';
import type { Request } from '../domain/request.ts';
import type { DeskStream, Envelope, LedgerCursor } from '../engine/ports/store.ts';
import type { Archived } from './archive.ts';
import type { RawRequest, SettledKey } from './journal-change.ts';
import { Envelopes } from './envelopes.ts';
import { createIndexes, type Indexes } from './indexes.ts';
import { packLines, unpackLines, type KeptLines } from './packed-lines.ts';
import { shardCount, shardOf } from './shard.ts';
import { createSharedWords } from './shared-words.ts';
import { forgetDetails, readEntry, readLines, type EndedSummary, type Summary } from './summary.ts';

/** An open request, or one that ended lately. */
export interface Kept extends Pick<RawRequest, 'committed' | 'shown'> {
  readonly summary: Summary;
  /** As many as `summary.seq`. */
  readonly lines: KeptLines;
  /** The time of the oldest line that the ledger lacks. */
  readonly uncommittedSince?: Instant;
  /** Where its archive holds exactly this. */
  readonly place?: Place;
}

/** A record in the archive of its shard. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

export interface Ended {
  readonly summary: EndedSummary;
  readonly place: Place;
}

/** What there is to read of an open request. */
export interface Reading {
  readonly request: Request;
  readonly lines: readonly Line[];
}

const keysPerRequest = 1_000;
/** How long keys without an entry are known after their request is over. */
const keysKeptFor = minutes(30 * 24 * 60);
const readingsKept = 1_000;

export class Tables {
  readonly indexes: Indexes = createIndexes();
  readonly cursors = new Map<DeskId, LedgerCursor>();
  readonly bookmarks = new Map<string, string>();
  readonly streams = new Map<DeskId, DeskStream>();
  readonly live = new Map<RequestId, Kept>();
  readonly ended = new Map<RequestId, Ended>();
  readonly envelopes = new Envelopes();
  readonly settledKeys = new Map<RequestId, readonly SettledKey[]>();
  /** Every request that a shard knows anything of. */
  readonly members: readonly Set<RequestId>[] = Array.from({ length: shardCount }, () => new Set());
  #dirty = new Set<number>();
  readonly #words = createSharedWords();
  readonly #readings = new Map<RequestId, Reading>();
  /** The latest moment that anything here speaks of: old keys are forgotten by it, without a clock. */
  #latest: Instant | undefined;

  summaryOf(id: RequestId): EndedSummary | undefined {
    return this.live.get(id)?.summary ?? this.ended.get(id)?.summary;
  }

  /** Whether anything is known of it beside that it was once heard of. */
  knows(id: RequestId): boolean {
    return this.live.has(id) || this.ended.has(id) || this.settledKeys.has(id);
  }

  /** Puts an open request in place, or a longer one in its place. `request` saves reading its lines again. */
  put(raw: RawRequest, summary: Summary, request?: Request): void {
    this.load({ ...raw, summary, ...since(raw, this.live.get(summary.id)) });
    this.touch(summary.id);
    this.#remember(summary.id, request && { request, lines: raw.lines });
  }

  /** The same from a snapshot, whose shard needs no writing. */
  load(kept: Kept): void {
    const summary = this.#words.open(kept.summary);
    this.#unindex(summary.id);
    this.live.set(summary.id, { ...kept, summary });
    this.ended.delete(summary.id);
    this.#enrol(summary.id);
    this.indexes.add(summary);
    this.indexes.addOpen(summary);
    this.indexes.noteUncommitted(summary, kept.uncommittedSince);
    this.#noteTime(summary.lastAt);
  }

  loadEnded(ended: Ended): void {
    const summary = this.#words.ended(ended.summary);
    this.ended.set(summary.id, { summary, place: ended.place });
    this.#enrol(summary.id);
    this.indexes.add(summary);
    this.#noteTime(summary.lastAt);
  }

  /** Leaves of a request only what finds it again. */
  evict({ summary }: Kept, place: Place): void {
    const { id } = summary;
    this.#unindex(id);
    for (const { key } of this.settledKeys.get(id) ?? []) this.indexes.removeKey(key, id);
    this.live.delete(id);
    this.settledKeys.delete(id);
    this.#readings.delete(id);
    this.loadEnded({ summary: forgetDetails(summary), place });
  }

  /** Takes an ended request back from its archive. */
  thaw({ kept, settled }: Archived): void {
    const { id } = kept.summary;
    const isAsArchived = !this.settledKeys.has(id);
    this.load(kept);
    this.keepKeys(id, settled);
    if (!isAsArchived) this.#leaveArchive(id);
  }

  forget(id: RequestId): void {
    this.#unindex(id);
    this.live.delete(id);
    this.ended.delete(id);
    this.#readings.delete(id);
    this.touch(id);
  }

  noteCommitted(id: RequestId, seq: number): void {
    const kept = this.live.get(id);
    if (kept === undefined || seq <= kept.committed) return;
    const { summary, lines, shown } = kept;
    const committed = Math.min(seq, summary.seq);
    const isWhole = committed === summary.seq;
    const lacking = isWhole ? {} : since({ ...rawOf(kept), committed }, undefined);
    this.load({ summary, lines, shown, committed, ...lacking });
    this.touch(id);
  }

  noteShown(id: RequestId, seq: number): boolean {
    const kept = this.live.get(id);
    if (kept === undefined || seq <= kept.shown) return false;
    this.live.set(id, { ...kept, shown: seq });
    this.#leaveArchive(id);
    this.touch(id);
    return true;
  }

  accept(envelope: Envelope): void {
    this.envelopes.put(envelope);
    this.indexes.addKey(envelope.key, envelope.request);
    this.#enrol(envelope.request);
    this.#noteTime(envelope.receivedAt);
    this.touch(envelope.request);
  }

  refuse(position: number, refusal: NonNullable<Envelope['refusal']>): void {
    const envelope = this.envelopes.get(position);
    if (envelope === undefined) return;
    this.envelopes.put({ ...envelope, refusal });
    this.touch(envelope.request);
  }

  settle(position: number, request: RequestId, keeps: SettledKey | undefined): void {
    this.envelopes.delete(position);
    this.touch(request);
    if (keeps === undefined) return;
    this.keepKeys(request, [keeps]);
    this.#leaveArchive(request);
  }

  keepKeys(id: RequestId, added: readonly SettledKey[]): void {
    const known = this.settledKeys.get(id) ?? [];
    const all = [...known, ...added.filter(({ key }) => !known.some((one) => one.key === key))];
    const kept = all.slice(-keysPerRequest);
    for (const { key } of all.slice(0, -keysPerRequest)) this.indexes.removeKey(key, id);
    for (const { key } of kept) this.indexes.addKey(key, id);
    this.settledKeys.set(id, kept);
    this.#enrol(id);
  }

  /** Drops the keys of a request that has long been over, or of which nothing ever came. */
  dropOldKeys(id: RequestId): void {
    const kept = this.live.get(id);
    if (kept && !kept.summary.over) return;
    const old = (this.settledKeys.get(id) ?? []).filter(({ at }) =>
      this.#isLongAgo(kept?.summary.lastAt ?? at),
    );
    for (const { key } of old) this.indexes.removeKey(key, id);
    const left = (this.settledKeys.get(id) ?? []).filter((key) => !old.includes(key));
    if (left.length > 0) this.settledKeys.set(id, left);
    else this.settledKeys.delete(id);
  }

  /** An open request, unpacked and folded unless that was done lately. */
  read({ summary, lines }: Kept): Reading {
    const known = this.#readings.get(summary.id);
    const reading = known?.request.seq === summary.seq ? known : readAnew(unpackLines(lines));
    this.#remember(summary.id, reading);
    return reading;
  }

  /** Makes small what nothing is owed of for the moment. Whether there was anything to do. */
  pack(id: RequestId): boolean {
    const kept = this.live.get(id);
    if (kept === undefined || typeof kept.lines === 'string' || kept.committed < kept.summary.seq)
      return false;
    this.live.set(id, { ...kept, lines: packLines(kept.lines) });
    return true;
  }

  touch(id: RequestId): void {
    this.#dirty.add(shardOf(id));
  }

  /** Shards to be written, which from now on count as written. */
  takeDirty(): readonly number[] {
    const dirty = [...this.#dirty].sort((a, b) => a - b);
    this.#dirty = new Set();
    return dirty;
  }

  markDirty(shards: readonly number[]): void {
    for (const shard of shards) this.#dirty.add(shard);
  }

  #enrol(id: RequestId): void {
    this.members[shardOf(id)]?.add(id);
  }

  /** What its archive holds is no longer all. */
  #leaveArchive(id: RequestId): void {
    const kept = this.live.get(id);
    if (kept === undefined) return;
    const { place: _, ...rest } = kept;
    this.live.set(id, rest);
  }

  #unindex(id: RequestId): void {
    const kept = this.live.get(id);
    const summary = kept?.summary ?? this.ended.get(id)?.summary;
    if (summary) this.indexes.remove(summary);
    if (kept === undefined) return;
    this.indexes.removeOpen(kept.summary);
    this.indexes.due.set(id, undefined);
    this.indexes.noteUncommitted(kept.summary, undefined);
  }

  #remember(id: RequestId, reading: Reading | undefined): void {
    this.#readings.delete(id);
    if (reading === undefined) return;
    this.#readings.set(id, reading);
    const [oldest] = this.#readings.keys();
    if (this.#readings.size > readingsKept && oldest !== undefined) this.#readings.delete(oldest);
  }

  #noteTime(at: Instant): void {
    this.#latest = this.#latest === undefined ? at : later(this.#latest, at);
  }

  #isLongAgo(at: Instant): boolean {
    return this.#latest !== undefined && plus(at, keysKeptFor) < this.#latest;
  }
}

export function rawOf({ lines, committed, shown }: Pick<Kept, 'lines' | 'committed' | 'shown'>): RawRequest {
  return { lines: unpackLines(lines), committed, shown };
}

function readAnew(lines: readonly Line[]): Reading {
  return { request: readLines(lines).request, lines };
}

/** Reads at most the one line whose time is wanted, and none where it is known from before. */
function since(raw: RawRequest, before: Kept | undefined): Pick<Kept, 'uncommittedSince'> {
  const line: Line | undefined = raw.lines[raw.committed];
  if (line === undefined) return {};
  // What is packed lacked no line.
  const isSame = before?.committed === raw.committed && before.lines[raw.committed] === line;
  const known = isSame ? before.uncommittedSince : undefined;
  return { uncommittedSince: known ?? readEntry(line).at };
}
