// Snapshots through lowdb, by an adapter of our own: checked lines, replaced whole, and as much as can be read of a bad file.
import { Low, type Adapter } from 'lowdb';
import type { DeskId, RequestId } from '../domain/names.ts';
import type { DeskStream, Envelope, LedgerCursor } from '../engine/ports/store.ts';
import { checkedLine, readCheckedLines } from './checked-line.ts';
import type { Damage } from './damage.ts';
import { replaceFile, type Disk } from './disk.ts';
import type { SettledKey } from './journal-change.ts';
import { keptLines, writtenLines } from './packed-lines.ts';
import type { Ended, Kept } from './tables.ts';

/** What belongs to the requests of one shard. */
export interface Shard {
  /** The last change that is in it: earlier ones are not replayed. */
  readonly upTo: number;
  /** How its summaries were worked out; absent in shards from before that was said. */
  readonly form?: string;
  readonly open: readonly Kept[];
  readonly ended: readonly Ended[];
  readonly waiting: readonly Envelope[];
  readonly settled: readonly (readonly [RequestId, readonly SettledKey[]])[];
}

/** What belongs to no request. */
export interface Registry {
  readonly upTo: number;
  /** The first journal that is still needed, and the last change before it. */
  readonly journal: { readonly generation: number; readonly after: number };
  /** The shards that must be there. */
  readonly shards: readonly number[];
  readonly cursors: readonly (readonly [DeskId, LedgerCursor])[];
  readonly bookmarks: readonly (readonly [string, string])[];
  /** Absent in registries from before there were any. */
  readonly streams?: readonly DeskStream[];
  readonly damage: Damage;
}

export interface Snapshot<T> {
  readonly value: T | undefined;
  /** Lines that could not be read; a file without its beginning counts too. */
  readonly badLines: number;
}

export const registryName = 'registry.json';

/** How many bytes it takes. */
export async function writeShard(disk: Disk, name: string, shard: Shard): Promise<number> {
  await write(disk, name, shard, shardForm);
  return disk.size(name);
}

export function readShard(disk: Disk, name: string): Promise<Snapshot<Shard>> {
  return read(disk, name, emptyShard, shardForm);
}

export async function writeRegistry(disk: Disk, registry: Registry): Promise<void> {
  await write(disk, registryName, registry, registryForm);
}

export function readRegistry(disk: Disk): Promise<Snapshot<Registry>> {
  return read(disk, registryName, emptyRegistry, registryForm);
}

const version = 1;
const portion = 128 * 1024;
const emptyShard: Shard = { upTo: 0, open: [], ended: [], waiting: [], settled: [] };
const emptyRegistry: Registry = {
  upTo: 0,
  journal: { generation: 0, after: 0 },
  shards: [],
  cursors: [],
  bookmarks: [],
  damage: { lostShards: [], droppedLines: 0 },
};

/** How a snapshot is cut into lines, the first of which tells how many follow. */
interface Form<T> {
  count(value: T): number;
  lines(value: T): Iterable<unknown>;
  value(lines: readonly string[]): T;
}

type ShardLine =
  | Pick<Shard, 'upTo' | 'form'>
  | { readonly open: Kept }
  | { readonly ended: Ended }
  | { readonly waiting: Envelope }
  | { readonly settled: Shard['settled'][number] };

const shardForm: Form<Shard> = {
  count: ({ open, ended, waiting, settled }) =>
    1 + open.length + ended.length + waiting.length + settled.length,
  *lines({ upTo, form, open, ended, waiting, settled }): Generator<ShardLine> {
    yield { upTo, ...(form !== undefined && { form }) };
    for (const kept of open) yield { open: { ...kept, lines: writtenLines(kept.lines) } };
    for (const row of ended) yield { ended: row };
    for (const envelope of waiting) yield { waiting: envelope };
    for (const keys of settled) yield { settled: keys };
  },
  value(lines) {
    const open: Kept[] = [];
    const ended: Ended[] = [];
    const waiting: Envelope[] = [];
    const settled: Shard['settled'][number][] = [];
    let head: Pick<Shard, 'upTo' | 'form'> = { upTo: 0 };
    for (const json of lines) {
      const line: ShardLine = JSON.parse(json);
      if ('open' in line) open.push({ ...line.open, lines: keptLines(line.open.lines) });
      else if ('ended' in line) ended.push(line.ended);
      else if ('waiting' in line) waiting.push(line.waiting);
      else if ('settled' in line) settled.push(line.settled);
      else head = line;
    }
    return { ...head, open, ended, waiting, settled };
  },
};

const registryForm: Form<Registry> = {
  count: () => 1,
  lines: (registry) => [registry],
  value: ([json]) => (json === undefined ? emptyRegistry : JSON.parse(json)),
};

async function write<T>(disk: Disk, name: string, value: T, form: Form<T>): Promise<void> {
  await new Low(checkedAdapter(disk, name, form), value).write();
}

async function read<T>(disk: Disk, name: string, empty: T, form: Form<T>): Promise<Snapshot<T>> {
  const adapter = checkedAdapter(disk, name, form);
  const low = new Low(adapter, empty);
  await low.read();
  const { found, badLines } = adapter.lastRead();
  return { value: found ? low.data : undefined, badLines };
}

/** Unlike lowdb's own, it fsyncs file and folder, does not fall silent in tests, and does not throw at a bad file. */
function checkedAdapter<T>(
  disk: Disk,
  name: string,
  form: Form<T>,
): Adapter<T> & { lastRead(): { readonly found: boolean; readonly badLines: number } } {
  let last = { found: false, badLines: 0 };
  return {
    lastRead: () => last,
    async read() {
      const bytes = await disk.read(name);
      last = { found: bytes !== undefined, badLines: 0 };
      if (bytes === undefined) return null;
      const { lines, badLines } = readSnapshotLines(bytes);
      last = { found: true, badLines };
      return form.value(lines);
    },
    async write(value) {
      await replaceFile(disk, name, portionsOf(value, form));
    },
  };
}

/** A whole shard as one text would weigh on memory, and its writing on whoever waits. */
function* portionsOf<T>(value: T, form: Form<T>): Generator<Uint8Array> {
  let text = checkedLine({ version, lines: form.count(value) });
  for (const line of form.lines(value)) {
    text += checkedLine(line);
    if (text.length < portion) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}

function readSnapshotLines(bytes: Uint8Array): {
  readonly lines: readonly string[];
  readonly badLines: number;
} {
  const [head, ...rest] = [...readCheckedLines(bytes)].map(({ json }) => json);
  const lines = rest.filter((json) => json !== undefined);
  if (head === undefined) return { lines, badLines: 1 + rest.length - lines.length };
  const header: { readonly version: number; readonly lines: number } = JSON.parse(head);
  if (header.version !== version)
    throw new Error(
      `A snapshot of version ${header.version} was written by a newer Countersign. Start that one.`,
    );
  return { lines, badLines: header.lines - lines.length };
}
