// Opening: reads snapshots and journals back into memory, and says what of them could not be read.
import { addDamage, isDamaged, noDamage, type Damage } from './damage.ts';
import { removeJournalsBefore } from './compaction.ts';
import type { Disk } from './disk.ts';
import { generationOf } from './journal.ts';
import { readJournals } from './journal-reading.ts';
import { Replay } from './replay.ts';
import { archiveName, shardCount, shardName, shardOf } from './shard.ts';
import { readRegistry, readShard, registryName, type Registry } from './snapshot.ts';
import { summaryForm, summaryOf } from './summary.ts';
import { rawOf, type Kept, type Tables } from './tables.ts';

export interface Recovered {
  /** What is not yet rebuilt, from this start and earlier ones. */
  readonly damage: Damage;
  /** Whether some of it was found just now. */
  readonly isNew: boolean;
  /** Whether there was no store here before. */
  readonly isFirst: boolean;
  /** Lines after the last promise, torn by a crash: nobody was told of them. */
  readonly tornLines: number;
  readonly shards: ReadonlySet<number>;
  readonly generation: number;
  readonly last: number;
}

export async function recover(disk: Disk, tables: Tables): Promise<Recovered> {
  const names = new Set(await disk.list());
  const registry = await readRegistry(disk);
  const isRegistryLost = registry.badLines > 0 || (registry.value === undefined && isUsed(names));
  const upTo = new Map<number, number>();
  let found: Damage = isRegistryLost ? { ...noDamage, lostShards: [registryName] } : noDamage;
  if (registry.value) loadRegistry(tables, registry.value);
  const shards = new Set([...(registry.value?.shards ?? []), ...presentShards(names)]);
  for (const shard of shards) found = addDamage(found, await loadShard(disk, tables, shard, upTo));
  found = addDamage(found, await dropUnreachable(disk, tables));

  const from = isRegistryLost ? undefined : registry.value?.journal;
  await removeJournalsBefore(disk, from?.generation ?? 0);
  const durable = Math.max(registry.value?.upTo ?? 0, ...upTo.values());
  const read = await readJournals(disk, {
    durable,
    after: isRegistryLost ? undefined : (from?.after ?? 0),
  });
  const replay = new Replay(disk, tables, upTo, registry.value?.upTo ?? 0);
  for (const { n, change } of read.lines) await replay.apply(n, change);
  const unfit = replay.finish();
  found = addDamage(found, { lostShards: [], droppedLines: read.dropped + unfit });
  return {
    damage: addDamage(replay.damage ?? registry.value?.damage ?? noDamage, found),
    isNew: isDamaged(found),
    isFirst: registry.value === undefined && !isRegistryLost,
    tornLines: read.torn,
    shards,
    generation: 1 + Math.max(from?.generation ?? 0, ...[...names].map((name) => generationOf(name) ?? 0)),
    last: Math.max(read.last, durable),
  };
}

/** The registry is the first file that a new store writes. */
function isUsed(names: ReadonlySet<string>): boolean {
  return presentShards(names).length > 0 || [...names].some((name) => generationOf(name) !== undefined);
}

function presentShards(names: ReadonlySet<string>): readonly number[] {
  return Array.from({ length: shardCount }, (_, shard) => shard).filter((shard) =>
    names.has(shardName(shard)),
  );
}

function loadRegistry(tables: Tables, { cursors, bookmarks, streams = [] }: Registry): void {
  for (const [desk, cursor] of cursors) tables.cursors.set(desk, cursor);
  for (const [name, value] of bookmarks) tables.bookmarks.set(name, value);
  for (const stream of streams) tables.streams.set(stream.desk, stream);
}

async function loadShard(
  disk: Disk,
  tables: Tables,
  shard: number,
  upTo: Map<number, number>,
): Promise<Damage> {
  const name = shardName(shard);
  const { value, badLines } = await readShard(disk, name);
  let unread = badLines;
  if (value) {
    upTo.set(shard, value.upTo);
    const isOfThisForm = value.form === summaryForm;
    for (const kept of value.open)
      if (isOfThisForm) tables.load(kept);
      else unread += summarizeAnew(tables, kept);
    for (const ended of value.ended) tables.loadEnded(ended);
    for (const [id, keys] of value.settled) tables.keepKeys(id, keys);
    for (const envelope of value.waiting) tables.accept(envelope);
  }
  if (value && unread === 0) return noDamage;
  tables.markDirty([shard]);
  return { lostShards: [name], droppedLines: unread };
}

/** How many requests were lost thereby: lines that make no request are no use; the ledger has the true ones. */
function summarizeAnew(tables: Tables, kept: Kept): number {
  try {
    const summary = summaryOf(rawOf(kept).lines);
    tables.load({ ...kept, summary });
    tables.touch(summary.id);
    return 0;
  } catch {
    return 1;
  }
}

/** Ended requests whose archive is missing or too short. */
async function dropUnreachable(disk: Disk, tables: Tables): Promise<Damage> {
  const sizes = new Map<number, number>();
  const lost = new Set<string>();
  for (const { summary, place } of tables.ended.values()) {
    const shard = shardOf(summary.id);
    const size = sizes.get(shard) ?? (await disk.size(archiveName(shard)));
    sizes.set(shard, size);
    if (place.offset + place.length <= size) continue;
    lost.add(archiveName(shard));
    tables.forget(summary.id);
  }
  return { lostShards: [...lost].sort(), droppedLines: 0 };
}
