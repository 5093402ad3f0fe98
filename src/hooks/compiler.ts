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
  compile(task: CompileTask, desk: DeskId, files: CodeFiles): Promise<Compiled>;
  stop(): Promise<void>;
}

/** What is needed at once does not wait behind what somebody proposes. */
type CompileTask = CompileWork['task'] | 'transpile at once';

export function createCompiler(limits: CodeLimits): Compiler {
  const lanes: { readonly [T in CompileTask]: Lane } = {
    transpile: createLane(limits),
    'transpile at once': createLane(limits),
    check: createLane(limits),
  };
  return {
    async compile(task, desk, files) {
      const tooMuch = boundProblems(files, limits);
      if (tooMuch.length > 0) return { ...empty, problems: tooMuch };
      if (Object.keys(files).length === 0) return empty;
      const work = { task: task === 'check' ? task : 'transpile', files, problems: limits.problems } as const;
      const compiled = await lanes[task].read(desk, work);
      if (typeof compiled !== 'string') return cleaned(compiled);
      return { ...empty, problems: [atTop(Object.keys(files)[0] ?? 'flows', compiled)] };
    },
    async stop() {
      await Promise.all(Object.values(lanes).map((lane) => lane.stop()));
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
