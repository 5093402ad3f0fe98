// What the embedded store costs: fsyncs that are shared, snapshots of what changed, memory that lets go of the ended.
import { describe, expect, it } from 'vitest';
import { minutes } from '../domain/duration.ts';
import { plus } from '../domain/names.ts';
import { anEnvelope } from '../../test/builders/command.ts';
import { aQuietRequestIn, aRequest, anId, noon } from '../../test/builders/request.ts';
import { appending, settleWholly } from '../../test/contracts/store.ts';
import { openEmbeddedStore } from './embedded.ts';
import { createMemoryDisk } from './memory-disk.ts';
import { shardName, shardOf } from './shard.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('the embedded store', () => {
  it('lets a burst of 32 share one fsync, and those that come meanwhile the next', async () => {
    const disk = createMemoryDisk();
    const store = await openEmbeddedStore({ disk, log: silent });
    const before = disk.syncs;
    const burst = (from: number): Promise<unknown>[] =>
      Array.from({ length: 32 }, (_, number) =>
        store.accept(anEnvelope({ ref: `c${from + number}`, request: anId(from + number) })),
      );
    await Promise.all(burst(0));
    expect(disk.syncs - before).toBe(1);
    const first = burst(100);
    await Promise.resolve();
    await Promise.resolve();
    await Promise.all([...first, ...burst(200)]);
    expect(disk.syncs - before).toBeLessThanOrEqual(3);
    expect(await store.waiting()).toHaveLength(96);
  });

  it('promises nothing before the fsync, and shows nothing of it', async () => {
    const disk = createMemoryDisk();
    const store = await openEmbeddedStore({ disk, log: silent });
    disk.crashAt(disk.steps + 2);
    const promise = store.save(appending(aRequest()));
    await expect(promise).rejects.toThrow('disk');
    expect(await store.load(anId()).catch(() => undefined)).toBeUndefined();
    await expect(store.setBookmark('a', 'b')).rejects.toThrow('restart');
  });

  it('rewrites only the shards that changed', async () => {
    const disk = createMemoryDisk();
    const store = await openEmbeddedStore({ disk, log: silent });
    for (let number = 1; number <= 20; number += 1)
      await store.save(appending(aRequest({ id: anId(number) })));
    await store.compact();
    const changed = shardName(shardOf(anId(3)));
    const written: string[] = [];
    const spied = {
      ...disk,
      rename: (from: string, to: string) => (written.push(to), disk.rename(from, to)),
    };
    await store.close();
    const again = await openEmbeddedStore({ disk: spied, log: silent });
    await again.accept(anEnvelope({ request: anId(3) }));
    await again.compact();
    expect(written).toEqual([changed, 'registry.json']);
  });

  it('writes a large shard in portions, and reads it back whole', async () => {
    const disk = createMemoryDisk();
    const portions: number[] = [];
    const spied = {
      ...disk,
      append: (name: string, bytes: Uint8Array) => {
        if (name.endsWith('.new')) portions.push(bytes.length);
        return disk.append(name, bytes);
      },
    };
    const store = await openEmbeddedStore({ disk: spied, log: silent });
    const reason = 'Because of this. '.repeat(1_000);
    const ids = Array.from({ length: 2_000 }, (_, number) => anId(number)).filter((id) => shardOf(id) === 7);
    for (const id of ids) await store.save(appending(aRequest({ id, form: { fields: { reason } } })));
    await store.compact();
    const bytes = portions.reduce((sum, each) => sum + each, 0);
    expect(bytes).toBeGreaterThan(500_000);
    expect(Math.max(...portions)).toBeLessThan(200_000);
    await store.close();
    const again = await openEmbeddedStore({ disk, log: silent });
    expect(again.recovery).toEqual({ lostShards: [], droppedLines: 0 });
    expect(await again.open()).toEqual(ids);
    for (const id of ids) expect((await again.load(id))?.request.form.fields).toEqual({ reason });
  });

  it('folds the journal by itself, and loses nothing while it does', async () => {
    const disk = createMemoryDisk();
    const store = await openEmbeddedStore({ disk, log: silent, compactAfterBytes: 4_000 });
    for (let number = 1; number <= 60; number += 1)
      await store.save(appending(aRequest({ id: anId(number) })));
    const killed = disk.afterKill();
    expect((await killed.list()).some((name) => name.startsWith('open-'))).toBe(true);
    const again = await openEmbeddedStore({ disk: killed, log: silent });
    expect(await again.open()).toHaveLength(60);
    await store.close();
  });

  it('forgets the keys that left no entry, beyond a thousand and thirty days after the end', async () => {
    const disk = createMemoryDisk();
    const store = await openEmbeddedStore({ disk, log: silent });
    const told = aQuietRequestIn('ended');
    await store.save(appending(told));
    const say = async (ref: string): Promise<boolean> => {
      const taken = await store.accept(anEnvelope({ ref }));
      if ('accepted' in taken) await store.save({ settles: taken.accepted.position });
      return 'known' in taken;
    };
    await Promise.all(Array.from({ length: 1_001 }, (_, number) => say(`c${number}`)));
    expect(await say('c1000')).toBe(true);
    expect(await say('c0')).toBe(false);
    await store.accept(
      anEnvelope({ ref: 'later', request: anId(2), receivedAt: plus(noon, minutes(60 * 24 * 31)) }),
    );
    await store.compact();
    expect(await say('c1000')).toBe(false);
    expect(await say(`asked-${anId()}`)).toBe(true);
    await settleWholly(store, told);
  });
});
