// The store of one process: all in memory, every change first in a journal, snapshots in shards. Deleting it is survivable.
import type { RequestId } from '../domain/names.ts';
import type { Log } from '../engine/ports/log.ts';
import type { Store } from '../engine/ports/store.ts';
import type { Compacting } from './compaction.ts';
import { compact } from './compaction.ts';
import { isDamaged, noDamage, type Damage } from './damage.ts';
import type { Disk, Lock } from './disk.ts';
import { createJournal } from './journal.ts';
import type { JournalChange } from './journal-change.ts';
import { PendingChanges } from './pending-changes.ts';
import { queriesOf } from './queries.ts';
import { recover, type Recovered } from './recovery.ts';
import { shardName } from './shard.ts';
import { Tables } from './tables.ts';
import { writesOf } from './writes.ts';

export interface EmbeddedStoreOptions {
  readonly disk: Disk;
  readonly log: Log;
  /** The journal is folded into snapshots once it is this long, and half as long as they are. Default: 8 MiB. */
  readonly compactAfterBytes?: number;
}

export interface EmbeddedStore extends Store {
  /** What could not be read, now or at an earlier start: the app rebuilds it from the ledger, then says so. */
  readonly recovery: Damage;
  /** Durable: everything that was lost is back. */
  noteRebuilt(): Promise<void>;
  /** Folds the journal into snapshots. It also does so by itself. */
  compact(): Promise<void>;
}

/** Throws `Failure` where another process holds the folder. */
export async function openEmbeddedStore(options: EmbeddedStoreOptions): Promise<EmbeddedStore> {
  const { disk, log, compactAfterBytes = 8 * 1024 * 1024 } = options;
  const lock = await disk.lock();
  try {
    const tables = new Tables();
    const recovered = await recover(disk, tables);
    report(recovered, log);
    const shards = await sizesOf(disk, recovered.shards);
    const store = createStore({ disk, log, compactAfterBytes }, tables, recovered, { shards, lock });
    // What was found bad is written anew, with the damage noted, so that it is found once; a new store writes its registry.
    if (recovered.isNew || recovered.isFirst) await store.compact();
    return store;
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function report({ damage, isNew, tornLines }: Recovered, log: Log): void {
  if (tornLines > 0)
    log.info('The last lines of the journal were cut off by a crash and dropped', { tornLines });
  if (!isDamaged(damage)) return;
  const message = isNew ? 'The store has lost something' : 'What the store lost is not rebuilt yet';
  log.error(message, { lost: damage.lostShards.join(' '), droppedLines: damage.droppedLines });
}

async function sizesOf(disk: Disk, shards: ReadonlySet<number>): Promise<Map<number, number>> {
  const sizes = new Map<number, number>();
  for (const shard of shards) sizes.set(shard, await disk.size(shardName(shard)));
  return sizes;
}

function createStore(
  { disk, log, compactAfterBytes }: Required<EmbeddedStoreOptions>,
  tables: Tables,
  recovered: Recovered,
  { shards, lock }: { readonly shards: Map<number, number>; readonly lock: Lock },
): EmbeddedStore {
  const journal = createJournal(disk, recovered);
  const pending = new PendingChanges();
  let damage = recovered.damage;
  let unsaved = new Map<RequestId, number>();
  let compacting: Promise<void> | undefined;
  let isClosed = false;
  const parts: Compacting = {
    disk,
    journal,
    tables,
    shards,
    damage: () => damage,
    isBusy: (id) => pending.isBusy(id),
  };

  function commit(change: JournalChange, apply: (n: number) => void): Promise<void> {
    if (isClosed) return Promise.reject(new Error('The store is closed.'));
    saveShown();
    return journal.append(change, (n) => {
      apply(n);
      if (journal.size > compactAfterBytes && journal.size > snapshotBytes() / 2) compactBeside();
    });
  }

  /** Rides along with the next change. Where that fails, the change itself says so. */
  function saveShown(): void {
    if (unsaved.size === 0) return;
    const upTo = [...unsaved];
    unsaved = new Map();
    journal.append({ t: 'shown', upTo }, () => undefined).catch(() => undefined);
  }

  function snapshotBytes(): number {
    return [...shards.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  /** One at a time; who asks while one runs gets the next. */
  async function compactInTurn(): Promise<void> {
    while (compacting) await compacting.catch(() => undefined);
    compacting = compact(parts).finally(() => (compacting = undefined));
    await compacting;
  }

  function compactBeside(): void {
    if (compacting || isClosed) return;
    compactInTurn().catch((error: unknown) =>
      log.error('The journal could not be folded into snapshots; it is tried again later', {
        error: error instanceof Error ? error.message : String(error),
      }),
    );
  }

  async function close(): Promise<void> {
    if (isClosed) return;
    isClosed = true;
    saveShown();
    await compacting?.catch(() => undefined);
    await journal.idle();
    await lock.release();
  }

  return {
    ...queriesOf(tables, disk),
    ...writesOf({ tables, disk, pending, commit, idle: () => journal.idle() }),
    noteShown(id, seq) {
      if (tables.noteShown(id, seq)) unsaved.set(id, seq);
    },
    get recovery() {
      return damage;
    },
    noteRebuilt: () => commit({ t: 'damage', damage: noDamage }, () => (damage = noDamage)),
    compact: compactInTurn,
    close,
  };
}
