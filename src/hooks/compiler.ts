// Has a desk's TypeScript read: in threads of their own, one at a time for each task, with little memory and little time.
import { Worker } from 'node:worker_threads';
import type { DeskId } from '../domain/names.ts';
import type { CodeProblem } from './code-problem.ts';
import { atTop, boundProblems } from './code-bounds.ts';
import type { CodeFiles, Compiled, CompileWork } from './compile-messages.ts';
import { createFairQueue, type FairQueue } from './fair-queue.ts';
import type { CodeLimits } from './limits.ts';
import { plainWords } from './plain-words.ts';

export interface Compiler {
  /** Never rejects: what went wrong is a problem like any other. */
  compile(task: CompileWork['task'], desk: DeskId, files: CodeFiles): Promise<Compiled>;
  stop(): Promise<void>;
}

interface Waiting {
  start(): Promise<void>;
}

export function createCompiler(limits: CodeLimits): Compiler {
  const lanes = { transpile: createLane(limits), check: createLane(limits) };
  const workers = new Set<Worker>();
  let isStopped = false;

  function read(work: CompileWork): Promise<Compiled> {
    if (isStopped) return Promise.resolve(nothingBut(work.files, 'The app is stopping.'));
    const worker = new Worker(new URL('./thread.mjs', import.meta.url), {
      workerData: { entry: 'compile-worker', work },
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: limits.checkMemoryMb, maxYoungGenerationSizeMb: 32 },
    });
    workers.add(worker);
    return answerOf(worker, work.files, limits).finally(async () => {
      await worker.terminate();
      workers.delete(worker);
    });
  }

  return {
    async compile(task, desk, files) {
      const tooMuch = boundProblems(files, limits);
      if (tooMuch.length > 0) return { ...empty, problems: tooMuch };
      if (Object.keys(files).length === 0) return empty;
      const work = { task, files, problems: limits.problems };
      const compiled = await lanes[task].take(desk, () => read(work));
      return compiled === 'busy'
        ? nothingBut(files, 'Too much code of this desk waits to be read.')
        : cleaned(compiled);
    },
    async stop() {
      isStopped = true;
      await Promise.all([...workers].map((worker) => worker.terminate()));
    },
  };
}

const empty: Compiled = { modules: {}, sourceMaps: {}, exports: {}, problems: [] };

function nothingBut(files: CodeFiles, message: string): Compiled {
  return { ...empty, problems: [atTop(Object.keys(files)[0] ?? 'flows', message)] };
}

function cleaned(compiled: Compiled): Compiled {
  const problems = compiled.problems.map((problem): CodeProblem => ({
    ...problem,
    message: plainWords(problem.message, 500),
  }));
  return { ...compiled, problems };
}

function answerOf(worker: Worker, files: CodeFiles, limits: CodeLimits): Promise<Compiled> {
  return new Promise((resolve) => {
    const giveUp = (message: string): void => resolve(nothingBut(files, message));
    // Real time, whatever clock is injected: it is a real processor that is held.
    const timer = setTimeout(
      () => giveUp(`Reading this code takes longer than ${limits.checkMs} ms.`),
      limits.checkMs,
    );
    worker.once('message', resolve);
    worker.once('error', (error) => {
      const isMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      giveUp(isMemory ? 'Reading this code takes too much memory.' : 'The compiler broke over this code.');
    });
    worker.once('exit', () => {
      clearTimeout(timer);
      giveUp('The compiler ended over this code.');
    });
  });
}

interface Lane {
  take<T>(desk: DeskId, work: () => Promise<T>): Promise<T | 'busy'>;
}

/** One after the other, desks in turn. */
function createLane(limits: CodeLimits): Lane {
  const waiting: FairQueue<Waiting> = createFairQueue(limits.waitingPerDesk);
  let isBusy = false;
  async function pump(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    for (let next = waiting.take(() => true); next; next = waiting.take(() => true)) await next.start();
    isBusy = false;
  }
  return {
    take: (desk, work) =>
      new Promise((resolve, reject) => {
        const isIn = waiting.add(desk, { start: () => work().then(resolve, reject) });
        if (isIn) void pump();
        else resolve('busy');
      }),
  };
}
