// What goes to the thread that reads a desk's TypeScript, and what comes back.
import type { CodeProblem } from './code-problem.ts';

/** The files of a desk that hold code, by path. */
export type CodeFiles = { readonly [path: string]: string };

export interface CompileWork {
  /** `check` also looks at types. */
  readonly task: 'transpile' | 'check';
  readonly files: CodeFiles;
  readonly problems: number;
}

export interface Compiled {
  /** ES modules, and the source maps of them, by the path of the TypeScript file. Empty where there are problems. */
  readonly modules: CodeFiles;
  readonly sourceMaps: CodeFiles;
  /** The names that each file exports, types aside. */
  readonly exports: { readonly [path: string]: readonly string[] };
  readonly problems: readonly CodeProblem[];
}
