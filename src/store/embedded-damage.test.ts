// Damage: files that are torn, garbled or gone are recovered from as far as can be, and what is lost is said, until it is rebuilt.
import { describe, expect, it } from 'vitest';
import { anEnvelope } from '../../test/builders/command.ts';
import {
  aQuietRequestIn,
  aRequest,
  aRequestIn,
  anId,
  approvalEntry,
  aThread,
  followedBy,
} from '../../test/builders/request.ts';
import { appending, linesOf, settleWholly, storedAs } from '../../test/contracts/store.ts';
import type { Log } from '../engine/ports/log.ts';
import { noDamage } from './damage.ts';
import { openEmbeddedStore, type EmbeddedStore } from './embedded.ts';
import { createMemoryDisk, type MemoryDisk } from './memory-disk.ts';
import { archiveName, shardName, shardOf } from './shard.ts';

function logbook(): Log & { readonly errors: string[] } {
  const errors: string[] = [];
  return {
    errors,
    info: () => undefined,
    warn: () => undefined,
    error: (message) => void errors.push(message),
  };
}

async function open(disk: MemoryDisk, log: Log = logbook()): Promise<EmbeddedStore> {
  return openEmbeddedStore({ disk, log });
}

/** A store with bookmarks `1` to `count`, each a journal line of its own, that was killed. */
async function withBookmarks(count: number): Promise<MemoryDisk> {
  const disk = createMemoryDisk();
  const store = await open(disk);
  for (let number = 1; number <= count; number += 1) await store.setBookmark(`${number}`, 'there');
  return disk.afterKill();
}

async function bookmarks(store: EmbeddedStore, count: number): Promise<readonly boolean[]> {
  const numbers = Array.from({ length: count }, (_, index) => `${index + 1}`);
  return Promise.all(numbers.map(async (name) => (await store.bookmark(name)) === 'there'));
}

/** Flips one bit in the middle of the given line. */
function garble(line: number): (bytes: Uint8Array) => Uint8Array {
  return (bytes) => {
    const lines = Buffer.from(bytes).toString('latin1').split('\n');
    const text = lines[line] ?? '';
    const place = Math.floor(text.length / 2);
    lines[line] = `${text.slice(0, place)}\u0001${text.slice(place + 1)}`;
    return Buffer.from(lines.join('\n'), 'latin1');
  };
}

const journal = 'journal-1.jsonl';

describe('a damaged journal', () => {
  it('loses its torn last line, wherever it is torn, and nothing else', async () => {
    const disk = await withBookmarks(3);
    const whole = (await disk.read(journal)) ?? new Uint8Array();
    const lastLine = Buffer.from(whole).lastIndexOf(10, whole.length - 2) + 1;
    for (let cut = lastLine; cut < whole.length; cut += 7) {
      const torn = disk.afterKill();
      torn.tamper(journal, (bytes) => bytes.subarray(0, cut));
      const store = await open(torn);
      expect(await bookmarks(store, 3)).toEqual([true, true, false]);
      expect(store.recovery).toEqual(noDamage);
      await store.setBookmark('3', 'there');
      expect(await bookmarks(await open(torn.afterKill()), 3)).toEqual([true, true, true]);
    }
  });

  it('loses a garbled last line, of which nobody can tell whether it was promised', async () => {
    const disk = await withBookmarks(3);
    disk.tamper(journal, garble(2));
    expect(await bookmarks(await open(disk), 3)).toEqual([true, true, false]);
  });

  it('says loudly that a line in the middle is gone, goes on after it, and says so until it is rebuilt', async () => {
    const disk = await withBookmarks(4);
    disk.tamper(journal, garble(1));
    const log = logbook();
    const store = await open(disk, log);
    expect(await bookmarks(store, 4)).toEqual([true, false, true, true]);
    expect(store.recovery).toEqual({ lostShards: [], droppedLines: 1 });
    expect(log.errors).toHaveLength(1);
    const again = await open(disk.afterKill());
    expect(again.recovery).toEqual({ lostShards: [], droppedLines: 1 });
    expect(await bookmarks(again, 4)).toEqual([true, false, true, true]);
    const third = disk.afterKill();
    await (await open(third)).noteRebuilt();
    expect((await open(third.afterKill())).recovery).toEqual(noDamage);
  });

  it('says how many lines a missing journal held', async () => {
    const disk = await withBookmarks(3);
    const store = await open(disk);
    await store.setBookmark('4', 'there');
    const killed = disk.afterKill();
    killed.tamper(journal, () => undefined);
    const reopened = await open(killed);
    expect(reopened.recovery).toEqual({ lostShards: [], droppedLines: 3 });
    expect(await bookmarks(reopened, 4)).toEqual([false, false, false, true]);
  });

  it('applies no entries that follow a lost one', async () => {
    const disk = createMemoryDisk();
    const store = await open(disk);
    const asked = aRequest();
    const approved = followedBy(asked, [approvalEntry()]);
    const more = followedBy(approved, [approvalEntry('cleo')]);
    await store.save(appending(asked));
    await store.save(appending(approved, 1));
    await store.save(appending(more, 2));
    await store.save(appending(aRequest({ id: anId(2) })));
    const killed = disk.afterKill();
    killed.tamper(journal, garble(1));
    const reopened = await open(killed);
    expect(await reopened.load(anId())).toEqual(storedAs(asked));
    expect(await reopened.load(anId(2))).toBeDefined();
    expect(reopened.recovery.droppedLines).toBe(2);
    expect(await reopened.restore(storedAs(more, { committedSeq: 3 }))).toBe('put');
    expect((await reopened.load(anId()))?.lines).toEqual(linesOf(more));
  });
});

describe('a damaged snapshot', () => {
  const [first, second] = [aRequestIn('active', { id: anId(1) }), aRequestIn('active', { id: anId(2) })];
  const name = shardName(shardOf(anId(1)));

  async function compacted(): Promise<MemoryDisk> {
    const disk = createMemoryDisk();
    const store = await open(disk);
    for (const told of [first, second]) await store.save(appending(told));
    await store.setBookmark('1', 'there');
    await store.accept(anEnvelope({ ref: 'waits', request: anId(1) }));
    await store.compact();
    return disk.afterKill();
  }

  it('that is missing is named, and the rest is there', async () => {
    const disk = await compacted();
    disk.tamper(name, () => undefined);
    const log = logbook();
    const store = await open(disk, log);
    expect(store.recovery).toEqual({ lostShards: [name], droppedLines: 0 });
    expect(log.errors).toHaveLength(1);
    expect(await store.load(anId(1))).toBeUndefined();
    expect(await store.load(anId(2))).toEqual(storedAs(second));
    expect((await open(disk.afterKill())).recovery.lostShards).toEqual([name]);
    expect(await store.restore(storedAs(first))).toBe('put');
    await store.noteRebuilt();
    await store.compact();
    const rebuilt = await open(disk.afterKill());
    expect(rebuilt.recovery).toEqual(noDamage);
    expect(await rebuilt.load(anId(1))).toEqual(storedAs(first));
  });

  it('is as good as new where the journal still holds what was in it', async () => {
    const disk = createMemoryDisk();
    const store = await open(disk);
    await store.save(appending(first));
    const before = disk.afterKill();
    await store.compact();
    const bytes = await disk.read(name);
    before.tamper(journal, (all) => all);
    await before.write(name, (bytes ?? new Uint8Array()).subarray(0, 40));
    const reopened = await open(before);
    expect(await reopened.load(anId(1))).toEqual(storedAs(first));
    expect(reopened.recovery.lostShards).toEqual([name]);
  });

  it('that is garbled gives back every line that can be read', async () => {
    const whole = await compacted();
    const lines = Buffer.from((await whole.read(name)) ?? [])
      .toString('utf8')
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(4);
    for (let line = 0; line < lines.length; line += 1) {
      const disk = whole.afterKill();
      disk.tamper(name, garble(line));
      const store = await open(disk);
      expect(store.recovery.lostShards).toEqual([name]);
      expect((await store.load(anId(1))) !== undefined).toBe(line !== 2);
      expect(await store.waiting()).toHaveLength(line === 3 ? 0 : 1);
      expect(await store.load(anId(2))).toEqual(storedAs(second));
    }
  });

  it('of the registry is named, and requests are there', async () => {
    for (const change of [garble(1), () => undefined]) {
      const disk = await compacted();
      disk.tamper('registry.json', change);
      const store = await open(disk);
      expect(store.recovery.lostShards).toEqual(['registry.json']);
      expect(await store.load(anId(1))).toEqual(storedAs(first));
      expect(await store.bookmark('1')).toBeUndefined();
      expect((await open(disk.afterKill())).recovery.lostShards).toEqual(['registry.json']);
    }
  });

  it('written by a newer version stops the start, and harms nothing', async () => {
    const disk = await compacted();
    const { checkedLine } = await import('./checked-line.ts');
    disk.tamper(name, () => Buffer.from(checkedLine({ version: 99, lines: 0 })));
    await expect(open(disk)).rejects.toThrow('newer');
    await expect(open(disk)).rejects.toThrow('newer');
  });
});

describe('a damaged archive', () => {
  const told = aQuietRequestIn('ended', { thread: aThread(5) });
  const name = archiveName(shardOf(anId()));

  async function archived(): Promise<MemoryDisk> {
    const disk = createMemoryDisk();
    const store = await open(disk);
    await store.save(appending(told));
    await settleWholly(store, told);
    await store.compact();
    expect(await disk.size(name)).toBeGreaterThan(0);
    return disk.afterKill();
  }

  it('that is missing is named', async () => {
    const disk = await archived();
    disk.tamper(name, () => undefined);
    const store = await open(disk);
    expect(store.recovery.lostShards).toEqual([name]);
    expect(await store.byThread(aThread(5))).toBeUndefined();
    const { seq } = told.request;
    expect(await store.restore(storedAs(told, { committedSeq: seq, shownSeq: seq }))).toBe('put');
    await store.compact();
    expect((await (await open(disk.afterKill())).load(anId()))?.lines).toEqual(linesOf(told));
  });

  it('that is garbled fails the one request until it is restored', async () => {
    const disk = await archived();
    disk.tamper(name, garble(0));
    const store = await open(disk);
    await expect(store.load(anId())).rejects.toThrow('ledger');
    expect(await store.byThread(aThread(5))).toBe(anId());
    expect(await store.restore(storedAs(told))).toBe('put');
    expect(await store.load(anId())).toEqual(storedAs(told));
  });
});
