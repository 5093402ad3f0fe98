// Keeps the app's process running: starts it again when it ends, and kills it where a visitor wants to see that.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

export interface KeptRunning {
  child(): ChildProcess;
  /** How often it was started again. */
  readonly restarts: number;
  /** SIGKILL: nothing of it may say goodbye. It is started again. */
  kill(): void;
  stop(): Promise<void>;
}

export interface KeepRunningOptions {
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly print: (line: string) => void;
  readonly changed: () => void;
}

const endWithinMs = 10_000;
const longestRestMs = 10_000;
const shortRestMs = 250;
/** Long enough to be seen, after it was killed on purpose. */
const killedRestMs = 1500;

/** It rests a little longer each time that it ends on its own. */
export function keepRunning({ command, env, print, changed }: KeepRunningOptions): KeptRunning {
  const [program = '', ...args] = command;
  let stopping = false;
  let killed = false;
  let restMs = shortRestMs;
  let restarts = 0;
  let waking: ReturnType<typeof setTimeout> | undefined;
  const start = (): ChildProcess => {
    const began = Date.now();
    const child = spawn(program, args, { env, stdio: 'inherit' });
    child.on('error', (error) => print(`The app could not be started: ${error.message}`));
    child.on('exit', (code, signal) => {
      changed();
      if (stopping) return;
      restMs = Date.now() - began > 30_000 ? shortRestMs : Math.min(restMs * 2, longestRestMs);
      print(`The app ended (${signal ?? `code ${code}`}). Starting it again.`);
      waking = setTimeout(
        () => {
          restarts += 1;
          current = start();
          changed();
        },
        killed ? killedRestMs : restMs,
      );
      if (killed) restMs = shortRestMs;
      killed = false;
    });
    return child;
  };
  let current = start();
  return {
    child: () => current,
    get restarts() {
      return restarts;
    },
    kill() {
      if (!isRunning(current)) return;
      killed = true;
      current.kill('SIGKILL');
    },
    stop: async () => {
      stopping = true;
      clearTimeout(waking);
      await end(current);
    },
  };
}

export function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null && child.pid !== undefined;
}

function end(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return Promise.resolve();
  return new Promise((done) => {
    const impatient = setTimeout(() => child.kill('SIGKILL'), endWithinMs);
    child.once('exit', () => {
      clearTimeout(impatient);
      done();
    });
    child.kill('SIGTERM');
  });
}
