// The app as it is started, alone in its process: for figures that send it work and wait until that is done.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pause } from '../process/until.ts';

export interface App {
  /** How long it was still busy, in milliseconds. */
  untilIdle(): Promise<number>;
  kill(): Promise<void>;
}

/** Resolves once it is up. */
export async function startApp(environment: NodeJS.ProcessEnv): Promise<App> {
  const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', main], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      TMPDIR: process.env['TMPDIR'],
      ...environment,
      HOST: '127.0.0.1',
      // As in the container image.
      LOG_LEVEL: 'info',
      LOG_FORMAT: 'json',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for await (const line of createInterface({ input: child.stdout }))
    if (line.includes('Countersign is up')) break;
  child.stdout.resume();
  return {
    async untilIdle() {
      const startedAt = performance.now();
      let before = cpuTicks(child.pid);
      for (;;) {
        await pause(1000);
        const now = cpuTicks(child.pid);
        if (now - before < idleTicks) return performance.now() - startedAt - 1000;
        before = now;
      }
    },
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** A hundredth of a second each: the bell and a reaction a second take less than this. */
const idleTicks = 15;

function cpuTicks(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}
