// A disk in memory that can crash between any two steps, and then holds what a real one might: for tests and simulation.
import { Failure } from '../engine/ports/failure.ts';
import type { Disk } from './disk.ts';

export interface MemoryDisk extends Disk {
  /** Steps taken so far that change something: the places where it can crash. */
  readonly steps: number;
  /** How many times a file was fsynced. */
  readonly syncs: number;
  /** The given step, counted from the first ever, and all after it throw. */
  crashAt(step: number): void;
  /** The disk after a power cut: what was not synced is lost, torn at any byte, or there; by the seed. */
  afterCrash(seed: number): MemoryDisk;
  /** The disk after the process alone was killed: all that was written is there. */
  afterKill(): MemoryDisk;
  /** Changes bytes behind the store's back. */
  tamper(name: string, change: (bytes: Uint8Array) => Uint8Array | undefined): void;
}

/** The disk was told to crash here. */
export class CrashError extends Error {
  override readonly name = 'CrashError';
}

interface Content {
  bytes: Buffer;
  length: number;
  synced: number;
}
type Names = Map<string, Content>;

export function createMemoryDisk(): MemoryDisk {
  return diskOf(new Map());
}

function diskOf(durable: Names): MemoryDisk {
  let names: Names = new Map(durable);
  let unsynced: ((names: Names) => void)[] = [];
  let locked = false;
  const count = { steps: 0, syncs: 0, crashAt: Number.POSITIVE_INFINITY };

  const alive = (): void => {
    if (count.steps >= count.crashAt) throw new CrashError(`Crashed at step ${count.crashAt}.`);
  };
  const step = (): void => {
    count.steps += 1;
    alive();
  };
  const rename = (change: (names: Names) => void): void => {
    change(names);
    unsynced.push(change);
  };
  const contentOf = (name: string): Content => {
    const known = names.get(name);
    if (known) return known;
    const content = { bytes: Buffer.alloc(256), length: 0, synced: 0 };
    rename((all) => all.set(name, content));
    return content;
  };

  return {
    get steps() {
      return count.steps;
    },
    get syncs() {
      return count.syncs;
    },
    crashAt: (at) => void (count.crashAt = at),
    async list() {
      alive();
      return [...names.keys()];
    },
    async read(name, part) {
      alive();
      const content = names.get(name);
      if (content === undefined) return undefined;
      const { offset, length } = part ?? { offset: 0, length: content.length };
      return Buffer.from(content.bytes.subarray(offset, Math.min(content.length, offset + length)));
    },
    async size(name) {
      alive();
      return names.get(name)?.length ?? 0;
    },
    async write(name, bytes) {
      step();
      const content = { bytes: Buffer.from(bytes), length: bytes.length, synced: 0 };
      rename((all) => all.set(name, content));
    },
    async append(name, bytes) {
      alive();
      // Before the step: a crash in the middle of a write leaves any part of it.
      addBytes(contentOf(name), bytes);
      step();
    },
    async sync(name) {
      step();
      count.syncs += 1;
      const content = contentOf(name);
      content.synced = content.length;
    },
    async rename(from, to) {
      step();
      const content = names.get(from);
      if (content === undefined) throw new Error(`There is no file ${from}.`);
      rename((all) => {
        all.delete(from);
        all.set(to, content);
      });
    },
    async remove(name) {
      step();
      rename((all) => all.delete(name));
    },
    async syncFolder() {
      step();
      durable = new Map(names);
      unsynced = [];
    },
    async lock() {
      if (locked)
        throw new Failure('The memory disk is in use. Close the other store first.', { transient: false });
      locked = true;
      return {
        async release() {
          locked = false;
        },
      };
    },
    afterCrash(seed) {
      const chance = chanceFrom(seed);
      const after: Names = new Map(durable);
      // File systems journal names in order: some first part of the changes is there.
      for (const change of unsynced.slice(0, Math.floor(chance() * (unsynced.length + 1)))) change(after);
      return diskOf(mapValues(after, (content) => tear(content, chance)));
    },
    afterKill: () => diskOf(mapValues(names, (content) => tear(content, () => 1))),
    tamper(name, change) {
      const content = names.get(name);
      if (content === undefined) throw new Error(`There is no file ${name}.`);
      const bytes = change(Buffer.from(content.bytes.subarray(0, content.length)));
      names = new Map(names);
      if (bytes === undefined) names.delete(name);
      else names.set(name, { bytes: Buffer.from(bytes), length: bytes.length, synced: bytes.length });
      durable = new Map(names);
      unsynced = [];
    },
  };
}

function addBytes(content: Content, bytes: Uint8Array): void {
  const needed = content.length + bytes.length;
  if (needed > content.bytes.length) {
    const larger = Buffer.alloc(needed * 2);
    content.bytes.copy(larger, 0, 0, content.length);
    content.bytes = larger;
  }
  content.bytes.set(bytes, content.length);
  content.length = needed;
}

/** What was synced, and some of the rest: cut at any byte, and now and then with a hole of zeros before the cut. */
function tear({ bytes, length, synced }: Content, chance: () => number): Content {
  const kept = synced + Math.round(chance() * (length - synced));
  const left = Buffer.from(bytes.subarray(0, kept));
  if (kept > synced && chance() < 0.25) left.fill(0, synced, synced + Math.ceil((kept - synced) / 3));
  return { bytes: left, length: kept, synced: kept };
}

function mapValues(names: Names, change: (content: Content) => Content): Names {
  return new Map([...names].map(([name, content]) => [name, change(content)]));
}

/** Mulberry32: the same numbers for the same seed. */
function chanceFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
