// The code of a flow: whether its file is there, and what of the desk it is told.
import type { CodeOffer } from '../../domain/hooks.ts';
import type { Report } from '../diagnostic.ts';
import { nearest } from '../nearest.ts';
import type { FlowFile } from '../schema/flow-schema.ts';
import type { Vars } from './compile-vars.ts';

export interface CodeContext {
  /** The name of the flow. */
  readonly name: string;
  /** Paths of the desk's code; undefined where it is not known here. */
  readonly codeFiles: readonly string[];
  readonly vars: Vars;
  readonly report: Report;
}

export function compileCode(
  file: FlowFile['code'],
  { name, codeFiles, vars, report }: CodeContext,
): CodeOffer | undefined {
  if (file === undefined) return undefined;
  if (file.hooks === undefined && file.answers === undefined) {
    report.add({ at: '/code', on: 'key' }, 'idle-code');
    return undefined;
  }
  const path = `flows/${file.file ?? `${name}.ts`}`;
  if (!codeFiles.includes(path)) {
    const close = nearest(path, codeFiles)?.slice('flows/'.length);
    const at = file.file === undefined ? { at: '/code', on: 'key' as const } : { at: '/code/file' };
    report.add({ ...at, suggestion: close }, 'no-code-file', path);
  }
  return {
    file: path,
    hooks: file.hooks ?? [],
    ...(file.answers && { answers: file.answers }),
    hosts: file.hosts ?? [],
    vars: Object.fromEntries([...vars].map(([key, value]) => [key, [value].flat().join(', ')])),
  };
}
