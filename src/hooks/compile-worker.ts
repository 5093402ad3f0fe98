// The thread that reads a desk's TypeScript: the compiler and its memory are here alone, and end with it.
import { parentPort } from 'node:worker_threads';
import { checkTypes } from './check-types.ts';
import type { CodeFiles, Compiled, CompileWork } from './compile-messages.ts';
import { readModule } from './read-module.ts';

parentPort?.on('message', (work: CompileWork) => parentPort?.postMessage(compile(work)));

function compile({ task, files, problems: most }: CompileWork): Compiled {
  const read = Object.keys(files).map((file) => [file, readModule(file, files)] as const);
  const broken = read.flatMap(([, { problems }]) => problems);
  // What cannot be read is not worth a look at its types.
  const problems = broken.length === 0 && task === 'check' ? checkTypes(files) : broken;
  const ofEach = <T>(part: (module: (typeof read)[number][1]) => T): { [file: string]: T } =>
    Object.fromEntries(read.map(([file, module]) => [file, part(module)]));
  const none: CodeFiles = {};
  return {
    modules: problems.length > 0 ? none : ofEach(({ code }) => code),
    sourceMaps: problems.length > 0 ? none : ofEach(({ sourceMap }) => sourceMap),
    exports: ofEach(({ exports }) => exports),
    problems: problems
      .slice(0, most)
      .map((problem) => ({ ...problem, message: problem.message.slice(0, 500) })),
  };
}
