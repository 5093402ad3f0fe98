// Whether a file of code that a flow names is among the desk's own.
import type { Report } from '../diagnostic.ts';
import { codeOfAction } from '../action-code.ts';
import { nearest } from '../nearest.ts';

interface CodeFiles {
  /** Paths of the desk's code. */
  readonly codeFiles: readonly string[];
  readonly report: Report;
}

export function demandCodeFile(
  path: string,
  at: { readonly at: string; readonly on?: 'key' },
  { codeFiles, report }: CodeFiles,
): void {
  if (codeFiles.includes(path)) return;
  const close = nearest(path, codeFiles)?.slice('flows/'.length);
  report.add({ ...at, suggestion: close }, 'no-code-file', path);
}

/** Of what is run, where it is code: `at` is the place of its `run`, `with` and the rest. */
export function demandCodeOf(
  named: Parameters<typeof codeOfAction>[0],
  at: string,
  context: CodeFiles,
): void {
  const code = codeOfAction(named);
  if (code) demandCodeFile(code.file, { at: `${at}/with/file` }, context);
}
