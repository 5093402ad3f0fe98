// What the embedded store needs of a disk, each step apart, so that a test can crash between any two of them.
import { mkdir, open, readdir, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { lockFolder } from './folder-lock.ts';

export interface Disk {
  /** Names in the folder. */
  list(): Promise<readonly string[]>;
  /** Undefined where there is no such file. */
  read(name: string, part?: FilePart): Promise<Uint8Array | undefined>;
  /** Bytes; 0 where there is no such file. */
  size(name: string): Promise<number>;
  /** Makes or empties the file. In the page cache only: see `sync`. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** In the page cache only: see `sync`. */
  append(name: string, bytes: Uint8Array): Promise<void>;
  /** What was written to this file survives a crash. */
  sync(name: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Names that were made, moved or removed survive a crash. */
  syncFolder(): Promise<void>;
  /** Throws where another process holds the folder. */
  lock(): Promise<Lock>;
}

export interface FilePart {
  readonly offset: number;
  readonly length: number;
}

export interface Lock {
  /** Lets go of the folder and of every open file. */
  release(): Promise<void>;
}

/** Replaces a file so that after a crash it is either the old one or the new one, whole. */
export async function replaceFile(disk: Disk, name: string, portions: Iterable<Uint8Array>): Promise<void> {
  const next = `${name}.new`;
  await disk.write(next, new Uint8Array());
  for (const bytes of portions) await disk.append(next, bytes);
  await disk.sync(next);
  await disk.rename(next, name);
  await disk.syncFolder();
}

/** A folder of the real file system. It is made at the lock, readable by its owner alone. */
export function openDisk(folder: string): Disk {
  const handles = new Map<string, FileHandle>();
  const path = (name: string): string => join(folder, name);

  async function handleOf(name: string, flags: 'a' | 'w'): Promise<FileHandle> {
    const known = handles.get(name);
    if (known && flags === 'a') return known;
    await letGo(name);
    const handle = await open(path(name), flags, 0o600);
    handles.set(name, handle);
    return handle;
  }

  async function letGo(name: string): Promise<void> {
    const handle = handles.get(name);
    handles.delete(name);
    await handle?.close();
  }

  return {
    list: () => readdir(folder),
    read: (name, part) => whereItExists(() => (part ? readPart(path(name), part) : readFile(path(name)))),
    size: async (name) => (await whereItExists(() => sizeOf(path(name)))) ?? 0,
    async write(name, bytes) {
      const handle = await handleOf(name, 'w');
      await handle.writeFile(bytes);
    },
    async append(name, bytes) {
      const handle = await handleOf(name, 'a');
      for (let written = 0; written < bytes.length;)
        written += (await handle.write(bytes, written)).bytesWritten;
    },
    async sync(name) {
      const handle = await handleOf(name, 'a');
      await handle.sync();
    },
    async rename(from, to) {
      await Promise.all([letGo(from), letGo(to)]);
      await rename(path(from), path(to));
    },
    async remove(name) {
      await letGo(name);
      await rm(path(name), { force: true });
    },
    syncFolder: () => syncFolder(folder),
    async lock() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const lock = await lockFolder(folder);
      return {
        async release() {
          await Promise.all([...handles.keys()].map(letGo));
          await lock.release();
        },
      };
    },
  };
}

async function readPart(path: string, { offset, length }: FilePart): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  const handle = await open(path, 'r');
  try {
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function whereItExists<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
