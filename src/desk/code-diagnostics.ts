// What is wrong with the code of a desk, at its line, and with flows that name what it has not. Pure: it was compiled before.
import { codeOfAction } from './action-code.ts';
import type { Flow } from '../domain/flow.ts';
import type { Desk } from './desk.ts';
import { isBroken } from './desk.ts';
import type { DeskFiles } from './desk-reader.ts';
import { createReport, diagnose, type Diagnostic, type Report } from './diagnostic.ts';
import { pointerTo } from './yaml/positions.ts';
import { nearest } from './nearest.ts';
import { readYaml } from './yaml/yaml-file.ts';

export interface CodeSeen {
  readonly problems: readonly {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly message: string;
  }[];
  /** The names that each file exports. */
  readonly exports: { readonly [file: string]: readonly string[] };
}

export function codeDiagnostics(
  files: DeskFiles,
  desk: Desk,
  { problems, exports }: CodeSeen,
): readonly Diagnostic[] {
  const wrong = problems.map(({ file, line, column, message }) =>
    diagnose({ file, line, column }, 'bad-code', message),
  );
  const missing = [...desk.flows].flatMap(([name, flow]) => {
    if (isBroken(flow)) return [];
    const path = `flows/${name}.yml`;
    const yaml = readYaml(path, files.get(path) ?? new Uint8Array());
    if (!yaml.ok) return [];
    const report = createReport(path, yaml.positions);
    reportMissing(flow, exports, report);
    return report.diagnostics;
  });
  return [...wrong, ...missing];
}

/** Of a file that cannot be read nobody knows what it exports: that it cannot be read is told. */
function reportMissing(flow: Flow, exports: CodeSeen['exports'], report: Report): void {
  for (const { at, file, name } of namedBy(flow)) {
    const exported = exports[file];
    if (exported === undefined || exported.includes(name)) continue;
    report.add({ at, suggestion: nearest(name, exported) }, 'no-such-hook', file, name);
  }
  const file = flow.access?.strategy.code?.file;
  if (file !== undefined && exports[file]?.includes('strategy') === false)
    report.add({ at: '/strategy/file' }, 'no-strategy-export', file);
}

interface Named {
  readonly at: string;
  readonly file: string;
  readonly name: string;
}

/** The functions of the desk's code that a flow names, and where. */
function namedBy({ code, actions = [], fields }: Flow): readonly Named[] {
  const hooks = (code?.hooks ?? []).map((name, index) => ({
    ...{ at: `/code/hooks/${index}`, file: code?.file ?? '', name },
  }));
  const run = actions.flatMap((action, index) => {
    const named = codeOfAction(action);
    const at = `/after_approve/${index}/with/function`;
    return named ? [{ at, file: named.file, name: named.function }] : [];
  });
  const answers = (code?.answers ?? []).map((name, index) => ({
    ...{ at: `/code/answers/${index}`, file: code?.file ?? '', name },
  }));
  const options = fields.flatMap(({ name, optionsFrom }) => {
    const named = optionsFrom && codeOfAction(optionsFrom);
    const at = pointerTo('fields', name, 'options_from', 'with', 'function');
    return named ? [{ at, file: named.file, name: named.function }] : [];
  });
  return [...hooks, ...answers, ...run, ...options];
}
