// Applies journalled changes to what the snapshots held: each to the shards that lack it, each request folded once at the end.
import type { Line } from '../domain/entry-line.ts';
import type { RequestId } from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';
import { readArchived } from './archive.ts';
import type { Damage } from './damage.ts';
import type { Disk } from './disk.ts';
import type { JournalChange, RawRequest } from './journal-change.ts';
import { shardOf } from './shard.ts';
import { readLines, summarize } from './summary.ts';
import { committedStream, grownStream } from './streams.ts';
import { rawOf, type Tables } from './tables.ts';

export class Replay {
  /** As last journalled; undefined where the journals say nothing of it. */
  damage: Damage | undefined;
  readonly #disk: Disk;
  readonly #tables: Tables;
  readonly #upTo: ReadonlyMap<number, number>;
  readonly #registryUpTo: number;
  readonly #changed = new Map<RequestId, RawRequest>();
  #unfit = 0;

  constructor(disk: Disk, tables: Tables, upTo: ReadonlyMap<number, number>, registryUpTo: number) {
    this.#disk = disk;
    this.#tables = tables;
    this.#upTo = upTo;
    this.#registryUpTo = registryUpTo;
  }

  async apply(n: number, change: JournalChange): Promise<void> {
    switch (change.t) {
      case 'accept':
        if (this.#lacks(change.envelope.request, n)) this.#tables.accept({ ...change.envelope, position: n });
        return;
      case 'save':
        return this.#save(n, change);
      case 'committed':
        for (const [id, seq] of change.upTo)
          await this.#change(n, id, (raw) => ({
            ...raw,
            committed: Math.max(raw.committed, Math.min(seq, raw.lines.length)),
          }));
        if (n > this.#registryUpTo) this.#noteLedger(change);
        return;
      case 'shown':
        for (const [id, seq] of change.upTo)
          await this.#change(n, id, (raw) => ({ ...raw, shown: Math.max(raw.shown, seq) }));
        return;
      case 'put':
        if (this.#lacks(change.id, n)) this.#changed.set(change.id, change.raw);
        return;
      case 'put-stream':
        if (n > this.#registryUpTo) this.#tables.streams.set(change.stream.desk, change.stream);
        return;
      case 'cursor':
        if (n > this.#registryUpTo) this.#tables.cursors.set(change.desk, change.cursor);
        return;
      case 'bookmark':
        if (n > this.#registryUpTo) this.#tables.bookmarks.set(change.name, change.value);
        return;
      case 'damage':
        if (n > this.#registryUpTo) this.damage = change.damage;
        return;
      default:
        return change satisfies never;
    }
  }

  /** Makes what was replayed findable. How many changes did not fit what is there. */
  finish(): number {
    for (const [id, raw] of this.#changed) {
      try {
        const { request, entries } = readLines(raw.lines);
        this.#tables.put(raw, summarize(request, entries, undefined), request);
      } catch {
        // Lines that make no request are no use; the ledger has the true ones.
        this.#unfit += 1;
        this.#tables.forget(id);
      }
    }
    return this.#unfit;
  }

  async #save(
    n: number,
    { settles, refuses, append, stream }: Extract<JournalChange, { t: 'save' }>,
  ): Promise<void> {
    if (stream && n > this.#registryUpTo) this.#growStream(stream);
    if (settles && this.#lacks(settles.request, n))
      this.#tables.settle(settles.position, settles.request, settles.keeps);
    if (refuses && this.#lacks(refuses.request, n)) this.#tables.refuse(refuses.position, refuses.refusal);
    if (append === undefined || !this.#lacks(append.id, n)) return;
    const raw = (await this.#rawOf(append.id)) ?? { lines: [], committed: 0, shown: 0 };
    const lines = joined(raw.lines, append.after, append.lines);
    if (lines === undefined) this.#unfit += 1;
    else this.#changed.set(append.id, { ...raw, lines });
  }

  async #change(n: number, id: RequestId, change: (raw: RawRequest) => RawRequest): Promise<void> {
    if (!this.#lacks(id, n)) return;
    const raw = await this.#rawOf(id);
    if (raw) this.#changed.set(id, change(raw));
  }

  #lacks(id: RequestId, n: number): boolean {
    return n > (this.#upTo.get(shardOf(id)) ?? 0);
  }

  async #rawOf(id: RequestId): Promise<RawRequest | undefined> {
    const changed = this.#changed.get(id);
    if (changed) return changed;
    const live = this.#tables.live.get(id);
    if (live) return rawOf(live);
    const ended = this.#tables.ended.get(id);
    if (ended === undefined) return undefined;
    try {
      const { kept, settled } = await readArchived(this.#disk, ended);
      this.#tables.keepKeys(id, settled);
      return rawOf(kept);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#unfit += 1;
      this.#tables.forget(id);
      return undefined;
    }
  }

  #growStream(added: NonNullable<Extract<JournalChange, { t: 'save' }>['stream']>): void {
    const stream = grownStream(this.#tables.streams.get(added.desk), added);
    if (stream === undefined) {
      this.#unfit += 1;
      return;
    }
    this.#tables.streams.set(added.desk, stream);
    if (added.bookmark) this.#tables.bookmarks.set(added.bookmark.name, added.bookmark.value);
  }

  #noteLedger({ desk, head, stream }: Extract<JournalChange, { t: 'committed' }>): void {
    this.#tables.cursors.set(desk, { ...this.#tables.cursors.get(desk), head });
    const known = this.#tables.streams.get(desk);
    if (known && stream !== undefined) this.#tables.streams.set(desk, committedStream(known, stream));
  }
}

/** Undefined where lines are missing in between, or others stand there. */
function joined(known: readonly Line[], after: number, added: readonly Line[]): readonly Line[] | undefined {
  if (known.length < after) return undefined;
  const rest = known.slice(after);
  const isSame = rest.every((line, index) => added[index] === undefined || added[index] === line);
  if (!isSame) return undefined;
  return rest.length >= added.length ? known : [...known.slice(0, after), ...added];
}
