// The code of a flow and of its strategy: whether its file is there, and what of the desk it is told.
import type { StrategyCode } from '../../domain/flow.ts';
import type { CodeOffer } from '../../domain/hooks.ts';
import type { StrategySchemas } from '../desk.ts';
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
  const path = `flows/${file.file ?? `${name}.ts`}`;
  const at = file.file === undefined ? { at: '/code', on: 'key' as const } : { at: '/code/file' };
  demandFile(path, at, { codeFiles, report });
  return {
    file: path,
    hooks: file.hooks,
    hosts: file.hosts ?? [],
    vars: Object.fromEntries([...vars].map(([key, value]) => [key, [value].flat().join(', ')])),
  };
}

interface StrategyFile {
  readonly type: string;
  readonly file?: string;
  readonly hosts?: readonly string[];
}

/** Undefined where the strategy is none of the desk's own, or names no file. */
export function compileStrategyCode(
  { type, file, hosts = [] }: StrategyFile,
  known: StrategySchemas[string] | undefined,
  { commit, codeFiles, report }: Pick<CodeContext, 'codeFiles' | 'report'> & { readonly commit: string },
): StrategyCode | undefined {
  if (known === undefined) return undefined;
  if (!known.runsCode) {
    const [key] = [...(file === undefined ? [] : ['file']), ...(hosts.length > 0 ? ['hosts'] : [])];
    if (key !== undefined) report.add({ at: `/strategy/${key}`, on: 'key' }, 'strategy-without-code', type);
    return undefined;
  }
  if (file === undefined) {
    report.add({ at: '/strategy' }, 'missing-key', 'file');
    return undefined;
  }
  const path = `flows/${file}`;
  demandFile(path, { at: '/strategy/file' }, { codeFiles, report });
  return { file: path, hosts, commit };
}

function demandFile(
  path: string,
  at: { readonly at: string; readonly on?: 'key' },
  { codeFiles, report }: Pick<CodeContext, 'codeFiles' | 'report'>,
): void {
  if (codeFiles.includes(path)) return;
  const close = nearest(path, codeFiles)?.slice('flows/'.length);
  report.add({ ...at, suggestion: close }, 'no-code-file', path);
}
