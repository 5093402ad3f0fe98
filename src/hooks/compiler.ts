// Has a desk's TypeScript read: in threads of their own, one at a time for each task, with little memory and little time.
import type { DeskId } from '../domain/names.ts';
import type { CodeProblem } from './code-problem.ts';
import { atTop, boundProblems } from './code-bounds.ts';
import type { CodeFiles, Compiled, CompileWork } from './compile-messages.ts';
import { createCompileThread } from './compile-thread.ts';
import { createFairQueue } from './fair-queue.ts';
import type { CodeLimits } from './limits.ts';
import { plainWords } from './plain-words.ts';

export interface Compiler {
  /** Never rejects: what went wrong is a problem like any other. */
  compile(task: CompileWork['task'], desk: DeskId, files: CodeFiles): Promise<Compiled>;
  stop(): Promise<void>;
}

export function createCompiler(limits: CodeLimits): Compiler {
  const lanes = { transpile: createLane(limits), check: createLane(limits) };
  return {
    async compile(task, desk, files) {
      const tooMuch = boundProblems(files, limits);
      if (tooMuch.length > 0) return { ...empty, problems: tooMuch };
      if (Object.keys(files).length === 0) return empty;
      const compiled = await lanes[task].read(desk, { task, files, problems: limits.problems });
      if (typeof compiled !== 'string') return cleaned(compiled);
      return { ...empty, problems: [atTop(Object.keys(files)[0] ?? 'flows', compiled)] };
    },
    async stop() {
      await Promise.all([lanes.transpile.stop(), lanes.check.stop()]);
    },
  };
}

const empty: Compiled = { modules: {}, sourceMaps: {}, exports: {}, problems: [] };

function cleaned(compiled: Compiled): Compiled {
  const problems = compiled.problems.map((problem): CodeProblem => ({
    ...problem,
    message: plainWords(problem.message, 500),
  }));
  return { ...compiled, problems };
}

interface Lane {
  read(desk: DeskId, work: CompileWork): Promise<Compiled | string>;
  stop(): Promise<void>;
}

interface Waiting {
  readonly work: CompileWork;
  resolve(answer: Compiled | string): void;
}

/** One after the other, desks in turn. */
function createLane(limits: CodeLimits): Lane {
  const waiting = createFairQueue<Waiting>(limits.waitingPerDesk);
  const thread = createCompileThread(limits);
  let isBusy = false;
  let isStopped = false;

  async function pump(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    for (let next = waiting.take(() => true); next; next = waiting.take(() => true))
      next.resolve(isStopped ? 'Countersign is stopping.' : await thread.read(next.work));
    isBusy = false;
  }

  return {
    read: (desk, work) =>
      new Promise((resolve) => {
        if (!waiting.add(desk, { work, resolve }))
          return resolve('Too much code of this desk waits to be read.');
        void pump();
      }),
    async stop() {
      isStopped = true;
      await thread.end();
    },
  };
}
