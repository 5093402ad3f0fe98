import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { printScenario } from '../src/app/cli/test.ts';
import { createDeskReader } from '../src/desk/desk-reader.ts';
import { printDiagnostic } from '../src/desk/diagnostic.ts';
import { runScenarios, type ScenarioReport } from '../src/desk/scenarios/run-scenarios.ts';
import { plugIns } from '../src/app/plug-ins.ts';

const guide = readFileSync('docs/testing-flows.md', 'utf8');
const examples = new Map([...blocksOf(readFileSync('docs/flows.md', 'utf8')), ...blocksOf(guide)]);

test('the examples of “Test a flow” can be run as they stand, and pass', () => {
  const { diagnostics, scenarios } = run(examples);
  expect(diagnostics.map(printDiagnostic)).toEqual([]);
  expect(scenarios.map(({ flow, passed }) => `${flow} ${passed}`)).toEqual([
    ...Array.from({ length: 4 }, () => 'on-call true'),
    'partner true',
    ...Array.from({ length: 6 }, () => 'staging true'),
  ]);
});

test('the failure that “Test a flow” shows is the one that comes', () => {
  const path = 'flows/staging.test.yml';
  const [first = ''] = /```yaml\n(# flows\/staging\.test\.yml\n.*?)```/s.exec(guide)?.slice(1) ?? [];
  const wrong = first.replace('expect: { status: pending', 'expect: { status: active');
  const { scenarios } = run(new Map([...examples, [path, wrong]]));
  const failed = scenarios.find(({ passed }) => !passed);
  if (failed === undefined) throw new Error('It passed.');
  const shown = printScenario(failed);
  expect(guide).toContain(['```text', ...shown, '```'].join('\n'));
});

function run(texts: ReadonlyMap<string, string>): ScenarioReport {
  const people = '  ann: { name: Ann }\n  max: { name: Max }\n  cleo: { name: Cleo, role: guest }';
  const settings =
    'version: 1\nadmins: [team:acme/platform]\nguests: { customer: { label: Customer, people: [cleo] } }\n';
  const files = new Map(
    [
      ...texts,
      ['flows/people.yml', `people:\n${people}\n`] as const,
      ['flows/countersign.yml', settings] as const,
    ]
      .filter(([path]) => /people|countersign|staging|on-call|partner/.test(path))
      .map(([path, text]) => [path, new TextEncoder().encode(text)]),
  );
  return runScenarios(createDeskReader(plugIns).readDesk(files, 'c0ffee'), files);
}

/** Whole files first; more scenarios of one are written below those that it has. */
function blocksOf(page: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [, block = ''] of page.matchAll(/```yaml\n(.*?)```/gs)) {
    const [, more, path = ''] = /^# (more scenarios of )?(flows\/\S+)\n/.exec(block) ?? [];
    if (more === undefined && !files.has(path)) files.set(path, block);
    else if (more !== undefined) files.set(path, `${files.get(path)}${block.replaceAll(/^/gm, '  ')}\n`);
  }
  return files;
}
