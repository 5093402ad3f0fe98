// What is wrong with the code of a desk, at its line, and with flows that name hooks or a strategy which it has not. Pure: it was compiled before.
import type { Flow } from '../domain/flow.ts';
import type { Desk } from './desk.ts';
import { isBroken } from './desk.ts';
import type { DeskFiles } from './desk-reader.ts';
import { createReport, diagnose, type Diagnostic, type Report } from './diagnostic.ts';
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
    if (isBroken(flow) || (flow.code === undefined && flow.access?.strategy.code === undefined)) return [];
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
function reportMissing({ code, access }: Flow, exports: CodeSeen['exports'], report: Report): void {
  const exported = code && exports[code.file];
  for (const [index, hook] of (code?.hooks ?? []).entries())
    if (code && exported && !exported.includes(hook))
      report.add(
        { at: `/code/hooks/${index}`, suggestion: nearest(hook, exported) },
        'no-such-hook',
        code.file,
        hook,
      );
  const file = access?.strategy.code?.file;
  if (file !== undefined && exports[file]?.includes('strategy') === false)
    report.add({ at: '/strategy/file' }, 'no-strategy-export', file);
}
