import { expect, test } from 'vitest';
import { codeDiagnostics } from './code-diagnostics.ts';
import { printDiagnostic } from './diagnostic.ts';
import { anyApproval, readSample } from './sample-desk.ts';

const encoder = new TextEncoder();

test('functions that flows name and files do not export are told at their line, with what was perhaps meant', () => {
  const sources = {
    'flows/gate.ts': 'export const open_gate = () => undefined;',
    'flows/gate.yml': `requesters: [team:acme/eng]
${anyApproval}
code: { hooks: [on_request] }
after_approve:
  - { run: code, name: first, with: { file: gate.ts, function: open_gate } }
  - { run: code, name: second, with: { file: gate.ts, function: opn_gate } }
`,
  };
  const files = new Map(Object.entries(sources).map(([path, text]) => [path, encoder.encode(text)]));
  const desk = readSample(sources);
  expect(desk.diagnostics.map(printDiagnostic)).toEqual([]);
  const seen = { problems: [], exports: { 'flows/gate.ts': ['open_gate'] } };
  expect(
    codeDiagnostics(files, desk, seen).map(({ line, code, suggestion }) => [line, code, suggestion]),
  ).toEqual([
    [3, 'no-such-hook', undefined],
    [6, 'no-such-hook', 'open_gate'],
  ]);
});
