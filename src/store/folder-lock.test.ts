// The lock: of two processes one alone has the folder, and a killed one does not keep it.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { lockFolder } from './folder-lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Another process that takes the lock and keeps it. */
async function holder(): Promise<ChildProcess> {
  const module = new URL('./folder-lock.ts', import.meta.url).href;
  const script = `import { lockFolder } from ${JSON.stringify(module)};
    await lockFolder(${JSON.stringify(folder)});
    process.stdout.write('held');
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

async function leftBy(owner: object): Promise<void> {
  await writeFile(
    join(folder, 'lock'),
    JSON.stringify({ nonce: 'left', pid: process.pid, host: hostname(), ...owner }),
  );
}

describe('the lock of a folder', () => {
  it('keeps a second process out, and says which one holds it and what to do', async () => {
    const child = await holder();
    onTestFinished(() => kill(child));
    await expect(lockFolder(folder)).rejects.toThrow(
      `is in use by process ${child.pid}. Stop that process first, or give this one a folder of its own`,
    );
    expect((await readdir(folder)).sort()).toEqual(['lock']);
    await kill(child);
    await (await lockFolder(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('keeps a second store of the same process out', async () => {
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toThrow('in use');
    await lock.release();
    await (await lockFolder(folder)).release();
  });

  it('goes to one alone of many who find it left by a dead one', async () => {
    await leftBy({ started: '1' });
    const results = await Promise.allSettled(Array.from({ length: 12 }, () => lockFolder(folder)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['lock']);
  });

  it('goes on where the one who took over died in between', async () => {
    await leftBy({ started: '1' });
    await writeFile(
      join(folder, 'lock.after-left'),
      JSON.stringify({ nonce: 'next', pid: 999_999_999, host: hostname() }),
    );
    const lock = await lockFolder(folder);
    expect(await readdir(folder)).toEqual(['lock']);
    await lock.release();
  });

  it('is taken from a process of an earlier boot, from another with the same pid, and from a torn file', async () => {
    for (const owner of [{ boot: 'earlier' }, { started: '1' }, { pid: 999_999_999 }]) {
      await leftBy(owner);
      await (await lockFolder(folder)).release();
    }
    await writeFile(join(folder, 'lock'), '{"nonce":"le');
    await (await lockFolder(folder)).release();
  });

  it('is taken from another host only once that has been silent', async () => {
    await leftBy({ host: 'elsewhere' });
    await expect(lockFolder(folder)).rejects.toThrow('on elsewhere');
    const longAgo = new Date(Date.now() - 120_000);
    await utimes(join(folder, 'lock'), longAgo, longAgo);
    const lock = await lockFolder(folder);
    expect(JSON.parse(await readFile(join(folder, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
    await lock.release();
  });
});
