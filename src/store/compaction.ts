// Writes what has changed to snapshots, archives what has ended, and then lets go of the journal that said so.
import { setImmediate } from 'node:timers/promises';
import type { RequestId } from '../domain/names.ts';
import { archive } from './archive.ts';
import type { Damage } from './damage.ts';
import type { Disk } from './disk.ts';
import { generationOf, type Journal } from './journal.ts';
import { shardName } from './shard.ts';
import { writeRegistry, writeShard, type Shard } from './snapshot.ts';
import { summaryForm } from './summary.ts';
import type { Kept, Tables } from './tables.ts';

export interface Compacting {
  readonly disk: Disk;
  readonly journal: Journal;
  readonly tables: Tables;
  /** Bytes of each shard that is on the disk; grows. */
  readonly shards: Map<number, number>;
  damage(): Damage;
  /** Whether changes of this request are on their way. */
  isBusy(id: RequestId): boolean;
}

/**
 * A crash at any point loses nothing and replays nothing twice: each shard says up to which change it goes, and a
 * journal is let go only when the registry, written after all shards, says that none needs it.
 */
export async function compact(parts: Compacting): Promise<void> {
  const { disk, journal, tables, shards } = parts;
  const { generation, after } = await journal.rotate();
  const dirty = tables.takeDirty();
  try {
    for (const shard of dirty) {
      await archiveEnded(parts, shard);
      await packIdle(parts, shard);
      shards.set(shard, await writeShard(disk, shardName(shard), capture(parts, shard)));
    }
    await writeRegistry(disk, {
      upTo: journal.last,
      journal: { generation, after },
      shards: [...shards.keys()].sort((a, b) => a - b),
      cursors: [...tables.cursors],
      bookmarks: [...tables.bookmarks],
      streams: [...tables.streams.values()],
      damage: parts.damage(),
    });
  } catch (error) {
    tables.markDirty(dirty);
    throw error;
  }
  await removeJournalsBefore(disk, generation);
}

/** Oldest first, so that what is left after a crash is never older than what is gone. */
export async function removeJournalsBefore(disk: Disk, generation: number): Promise<void> {
  const names = await disk.list();
  const old = names.map(generationOf).filter((one) => one !== undefined && one < generation);
  for (const name of names) if (old.includes(generationOf(name))) await disk.remove(name);
  if (old.length > 0) await disk.syncFolder();
}

/** In small portions, so that nobody waits for a whole shard. */
async function packIdle({ tables }: Compacting, shard: number): Promise<void> {
  let packed = 0;
  for (const id of [...(tables.members[shard] ?? [])]) {
    if (!tables.pack(id)) continue;
    packed += 1;
    if (packed % portion === 0) await setImmediate();
  }
}

const portion = 100;

async function archiveEnded({ disk, tables, isBusy }: Compacting, shard: number): Promise<void> {
  const members = tables.members[shard] ?? new Set();
  const leaving = [...members].flatMap((id) => {
    tables.dropOldKeys(id);
    if (!tables.knows(id) && !tables.envelopes.isAbout(id)) members.delete(id);
    const kept = tables.live.get(id);
    return kept && isQuiet(kept) && !tables.envelopes.isAbout(id) && !isBusy(id) ? [kept] : [];
  });
  const moved = leaving.filter(({ place }) => place === undefined);
  const records = moved.map((kept) => ({ kept, settled: tables.settledKeys.get(kept.summary.id) ?? [] }));
  const places = records.length > 0 ? await archive(disk, shard, records) : [];
  const placeOf = new Map(moved.map(({ summary }, index) => [summary.id, places[index]]));
  for (const kept of leaving) {
    const { id } = kept.summary;
    const place = kept.place ?? placeOf.get(id);
    // Something may have been said about it meanwhile: then it stays, and what was archived of it is never looked up.
    const isAsArchived = tables.live.get(id) === kept && !isBusy(id) && !tables.envelopes.isAbout(id);
    if (place && isAsArchived) tables.evict(kept, place);
  }
}

/** Over, known to the ledger, and nobody is owed a word. */
export function isQuiet(kept: Kept): boolean {
  return kept.summary.over && !isOwing(kept);
}

/** Of what is not owing, only time or a new entry can make something owed. */
export function isOwing({ summary, committed, shown }: Kept): boolean {
  return summary.owes || committed < summary.seq || shown < summary.visibleSeq;
}

function capture({ tables, journal }: Compacting, shard: number): Shard {
  const ids = [...(tables.members[shard] ?? [])];
  return {
    upTo: journal.last,
    form: summaryForm,
    open: ids.flatMap((id) => tables.live.get(id) ?? []),
    ended: ids.flatMap((id) => tables.ended.get(id) ?? []),
    waiting: ids.flatMap((id) => tables.envelopes.list(id)),
    settled: ids.flatMap((id) => {
      const keys = tables.settledKeys.get(id);
      return keys ? [[id, keys] as const] : [];
    }),
  };
}
