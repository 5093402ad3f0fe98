// The lines of ended requests: appended to one file a shard, found again by their place in it, out of memory until somebody asks.
import type { RequestId } from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';
import { checkedLine, readCheckedLines } from './checked-line.ts';
import type { Disk } from './disk.ts';
import type { SettledKey } from './journal-change.ts';
import { archiveName, shardOf } from './shard.ts';
import { keptLines, unpackLines, writtenLines } from './packed-lines.ts';
import { summaryOf } from './summary.ts';
import type { Ended, Kept, Place } from './tables.ts';

export interface Archived {
  readonly kept: Kept;
  readonly settled: readonly SettledKey[];
}

/** Durable when it resolves. Their places, in the same order. */
export async function archive(
  disk: Disk,
  shard: number,
  records: readonly Archived[],
): Promise<readonly Place[]> {
  const name = archiveName(shard);
  let offset = await disk.size(name);
  const isNew = offset === 0;
  const lines = records.map(({ kept, settled }) =>
    Buffer.from(checkedLine({ kept: { ...kept, lines: writtenLines(kept.lines) }, settled })),
  );
  await disk.append(name, Buffer.concat(lines));
  await disk.sync(name);
  if (isNew) await disk.syncFolder();
  return lines.map(({ length }) => {
    const place = { offset, length };
    offset += length;
    return place;
  });
}

export async function readArchived(disk: Disk, { summary, place }: Ended): Promise<Archived> {
  const found = await findArchived(disk, summary.id, place);
  if (found) return found;
  throw new Failure(
    `The lines of the ended request ${summary.id} cannot be read from the store; the ledger holds them.`,
    { transient: false },
  );
}

async function findArchived(disk: Disk, id: RequestId, place: Place): Promise<Archived | undefined> {
  const bytes = await disk.read(archiveName(shardOf(id)), place);
  const [line] = bytes ? readCheckedLines(bytes) : [];
  if (line?.json === undefined) return undefined;
  const { kept, settled }: Archived = JSON.parse(line.json);
  if (kept.summary.id !== id) return undefined;
  const lines = keptLines(kept.lines);
  // Another release may have written it.
  return { kept: { ...kept, lines, summary: summaryOf(unpackLines(lines)), place }, settled };
}
