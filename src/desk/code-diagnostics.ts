// What is wrong with the code of a desk, at its line, and with flows that name hooks which it has not. Pure: it was compiled before.
import type { Desk } from './desk.ts';
import { isBroken } from './desk.ts';
import type { DeskFiles } from './desk-reader.ts';
import { createReport, diagnose, type Diagnostic } from './diagnostic.ts';
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
    if (isBroken(flow) || flow.code === undefined) return [];
    const exported = exports[flow.code.file];
    const path = `flows/${name}.yml`;
    const yaml = readYaml(path, files.get(path) ?? new Uint8Array());
    if (exported === undefined || !yaml.ok) return [];
    const report = createReport(path, yaml.positions);
    const { file, hooks, answers = [] } = flow.code;
    const named = [
      ...hooks.map((hook, index) => ({ hook, at: `/code/hooks/${index}` })),
      ...answers.map((hook, index) => ({ hook, at: `/code/answers/${index}` })),
    ];
    for (const { hook, at } of named)
      if (!exported.includes(hook))
        report.add({ at, suggestion: nearest(hook, exported) }, 'no-such-hook', file, hook);
    return report.diagnostics;
  });
  return [...wrong, ...missing];
}
