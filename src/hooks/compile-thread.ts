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

  function running(): Worker {
    if (worker) return worker;
    const made = start(limits);
    worker = made;
    made.once('exit', () => {
      if (worker === made) worker = undefined;
    });
    return made;
  }

  return {
    end,
    async read(work) {
      clearTimeout(idle);
      const answer = await answerOf(running(), work, limits.checkMs);
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
  // What goes wrong between two jobs ends it, and the next begins anew.
  worker.on('error', () => undefined);
  // While it reads, the timer below keeps the process.
  worker.unref();
  return worker;
}

function answerOf(worker: Worker, work: CompileWork, ms: Milliseconds): Promise<Compiled | string> {
  const over = new AbortController();
  const words = {
    late: `Reading this code takes longer than ${ms} ms.`,
    memory: 'Reading this code takes too much memory.',
    broken: 'The compiler broke over this code.',
  };
  return new Promise<Compiled | string>((resolve) => {
    // Real time, whatever clock is injected: it is a real processor that is held.
    const timer = setTimeout(() => resolve(words.late), ms);
    const { signal } = over;
    signal.addEventListener('abort', () => clearTimeout(timer));
    const listen = (event: string, hear: (told: unknown) => void): void => {
      worker.once(event, hear);
      signal.addEventListener('abort', () => worker.off(event, hear));
    };
    worker.once('message', resolve);
    listen('error', (error) => resolve(isOutOfMemory(error) ? words.memory : words.broken));
    listen('exit', () => resolve(words.broken));
    worker.postMessage(work);
  }).finally(() => over.abort());
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
