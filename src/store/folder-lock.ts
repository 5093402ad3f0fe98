// Keeps a second process out of a folder, and takes over safely from one that was killed.
import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../engine/ports/failure.ts';
import type { Lock } from './disk.ts';

/**
 * The lock is a file that names its owner, made by `link`, which fails where the name exists. A dead owner's lock
 * is never removed by somebody who wants it (two could), but followed by one named after it, made the same way:
 * of several who saw the same dead owner one alone wins. The winner then moves its own file into the first place.
 */
export async function lockFolder(folder: string): Promise<Lock> {
  const me = await describeMyself();
  const mine = join(folder, `lock.owner-${me.nonce}`);
  await writeFile(mine, JSON.stringify(me), { mode: 0o600 });
  try {
    const claimed = await claim(folder, mine, 'lock', 0);
    if (claimed !== 'lock') await rename(mine, join(folder, 'lock'));
    await removeLeftovers(folder, mine);
  } finally {
    await rm(mine, { force: true });
  }
  const beat = setInterval(() => void touch(join(folder, 'lock')), beatEvery);
  beat.unref();
  return {
    async release() {
      clearInterval(beat);
      const owner = await ownerOf(join(folder, 'lock'));
      if (owner?.nonce === me.nonce) await rm(join(folder, 'lock'), { force: true });
    },
  };
}

/** The living process that holds the folder, if any: looks, takes nothing, and is not noticed by it. */
export async function holderOf(
  folder: string,
): Promise<{ readonly pid: number; readonly host: string } | undefined> {
  const path = join(folder, 'lock');
  const owner = await ownerOf(path);
  if (owner === undefined) return undefined;
  // Nothing is written here, so that on another host the beat is judged by this machine’s clock.
  const isHeld =
    owner.host === hostname()
      ? await isAlive(owner, path, path)
      : Date.now() - (await stat(path)).mtimeMs < silentFor;
  return isHeld ? { pid: owner.pid, host: owner.host } : undefined;
}

interface Owner {
  readonly nonce: string;
  readonly pid: number;
  readonly host: string;
  /** This run of the machine's kernel; absent where it cannot be read. */
  readonly boot?: string;
  /** When the process started, in the kernel's ticks: a pid alone is used again. */
  readonly started?: string;
}

const beatEvery = 10_000;
/** On another host only the beat tells that the owner lives. */
const silentFor = 60_000;
const longestChain = 100;

/** The name that now is ours. */
async function claim(folder: string, mine: string, name: string, depth: number): Promise<string> {
  const path = join(folder, name);
  if (depth > longestChain) throw new Failure(`The lock in ${folder} cannot be read.`, { transient: false });
  if (!(await linkUnlessTaken(mine, path))) {
    const owner = await ownerOf(path);
    if (owner && (await isAlive(owner, path, mine))) throw held(folder, owner);
    return claim(folder, mine, `lock.after-${owner?.nonce ?? 'unreadable'}`, depth + 1);
  }
  // Somebody may have become the owner, and tidied up, since the first lock was read: then this name was free by mistake.
  if (name === 'lock') return name;
  if ((await readText(join(folder, 'lock'))) === undefined) {
    await rm(path, { force: true });
    return claim(folder, mine, 'lock', depth + 1);
  }
  const first = await ownerOf(join(folder, 'lock'));
  if (first === undefined || !(await isAlive(first, join(folder, 'lock'), mine))) return name;
  await rm(path, { force: true });
  throw held(folder, first);
}

function held(folder: string, { pid, host }: Owner): Failure {
  const where = host === hostname() ? '' : ` on ${host}`;
  return new Failure(
    `The folder ${folder} is in use by process ${pid}${where}. Stop that process first, or give this one a folder of its own (COUNTERSIGN_DATA).`,
    { transient: false },
  );
}

async function isAlive(owner: Owner, path: string, freshFile: string): Promise<boolean> {
  if (owner.host !== hostname()) return (await beatAge(path, freshFile)) < silentFor;
  const me = await describeMyself();
  if (owner.boot !== undefined && me.boot !== undefined && owner.boot !== me.boot) return false;
  if (!isRunning(owner.pid)) return false;
  const started = await startOf(owner.pid);
  return started === undefined || owner.started === undefined || started === owner.started;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It lives, but belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** By the file system's own clock, which both hosts share. */
async function beatAge(path: string, freshFile: string): Promise<number> {
  const [beat, now] = await Promise.all([stat(path), stat(freshFile)]);
  return now.mtimeMs - beat.mtimeMs;
}

async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => undefined);
}

async function describeMyself(): Promise<Owner> {
  const boot = await readText('/proc/sys/kernel/random/boot_id');
  const started = await startOf(process.pid);
  return {
    nonce: randomUUID(),
    pid: process.pid,
    host: hostname(),
    ...(boot !== undefined && { boot: boot.trim() }),
    ...(started !== undefined && { started }),
  };
}

/** Field 22 of the process's `stat`; its second, the command, may hold spaces and brackets. */
async function startOf(pid: number): Promise<string | undefined> {
  const text = await readText(`/proc/${pid}/stat`);
  return text
    ?.slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .at(19);
}

/** Undefined where the file is gone or was torn by a power cut: nobody who lives wrote that. */
async function ownerOf(path: string): Promise<Owner | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  try {
    const read: unknown = JSON.parse(text);
    return isOwner(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

function isOwner(read: unknown): read is Owner {
  return (
    typeof read === 'object' &&
    read !== null &&
    'nonce' in read &&
    typeof read.nonce === 'string' &&
    'pid' in read &&
    typeof read.pid === 'number' &&
    'host' in read &&
    typeof read.host === 'string'
  );
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

async function linkUnlessTaken(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Only the owner does this: the chain before it is dead, and who would still follow it looks at the first lock again. */
async function removeLeftovers(folder: string, mine: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (name.startsWith('lock.after-')) await rm(path, { force: true });
    if (!name.startsWith('lock.owner-') || path === mine) continue;
    const owner = await ownerOf(path);
    if (owner && !(await isAlive(owner, path, path))) await rm(path, { force: true });
  }
}
