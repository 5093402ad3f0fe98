// A thread that reads TypeScript, kept for a while because the compiler takes long to load, and ended where it does not behave.
import { Worker } from 'node:worker_threads';
import type { Milliseconds } from '../domain/names.ts';
import type { Compiled, CompileWork } from './compile-messages.ts';
import type { CodeLimits } from './limits.ts';

export interface CompileThread {
  /** One at a time. Never rejects: a text says why there is no answer. */
  read(work: CompileWork): Promise<Compiled | string>;
  end(): Promise<void>;
}

const idleMs: Milliseconds = 30_000;

export function createCompileThread(limits: CodeLimits): CompileThread {
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;

  async function end(): Promise<void> {
    const ending = worker;
    worker = undefined;
    clearTimeout(idle);
    await ending?.terminate();
  }

  return {
    end,
    async read(work) {
      clearTimeout(idle);
      worker ??= start(limits);
      const answer = await answerOf(worker, work, limits.checkMs);
      if (typeof answer === 'string') await end();
      else idle = setTimeout(() => void end(), idleMs).unref();
      return answer;
    },
  };
}

function start(limits: CodeLimits): Worker {
  const worker = new Worker(new URL('./thread.mjs', import.meta.url), {
    workerData: { entry: 'compile-worker' },
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: limits.checkMemoryMb, maxYoungGenerationSizeMb: 32 },
  });
  // While it reads, the timer below keeps the process.
  worker.unref();
  return worker;
}

function answerOf(worker: Worker, work: CompileWork, ms: Milliseconds): Promise<Compiled | string> {
  return new Promise((resolve) => {
    const settle = (answer: Compiled | string): void => {
      clearTimeout(timer);
      worker.removeAllListeners();
      // What goes wrong later is nobody's answer any more.
      worker.on('error', () => undefined);
      resolve(answer);
    };
    // Real time, whatever clock is injected: it is a real processor that is held.
    const timer = setTimeout(() => settle(`Reading this code takes longer than ${ms} ms.`), ms);
    worker.once('message', settle);
    worker.once('error', (error) => {
      const isMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      settle(isMemory ? 'Reading this code takes too much memory.' : 'The compiler broke over this code.');
    });
    worker.once('exit', () => settle('The compiler ended over this code.'));
    worker.postMessage(work);
  });
}
