import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createDeskReader } from '../desk/desk-reader.ts';
import { printDiagnostic } from '../desk/diagnostic.ts';
import { staleForms } from '../desk/forms/stale-forms.ts';
import { runScenarios } from '../desk/scenarios/run-scenarios.ts';
import { plugIns } from './plug-ins.ts';

describe('the desk of this repository', () => {
  const root = new URL('../../', import.meta.url);
  const files = new Map(
    readdirSync(new URL('flows/', root)).map((name) => [
      `flows/${name}`,
      readFileSync(new URL(`flows/${name}`, root)),
    ]),
  );
  const desk = createDeskReader(plugIns).readDesk(files, 'c');

  test('is read without a word', () => {
    expect(desk.diagnostics.map(printDiagnostic)).toEqual([]);
    expect([...desk.flows.keys()]).toEqual([
      'customer-data',
      'production-access',
      'repository-role',
      'run-migration',
      'vault',
    ]);
  });

  test('does what its scenarios say, and they leave out no rule, step or target', () => {
    const { diagnostics, scenarios, coverage } = runScenarios(desk, files);
    expect(diagnostics.map(printDiagnostic)).toEqual([]);
    expect(scenarios.length).toBeGreaterThan(20);
    for (const { flow, scenarios: count, ...missing } of coverage) {
      expect([flow, count > 0]).toEqual([flow, true]);
      expect([flow, missing]).toEqual([flow, { unheldRules: [], unaskedSteps: [], unaskedTargets: [] }]);
    }
    expect(coverage.map(({ flow }) => flow)).toEqual([...desk.flows.keys()]);
  });

  test.each([...files.keys()])('%s tells editors its schema', (path) => {
    expect(files.get(path)?.toString().split('\n')[0]).toMatch(
      /^# yaml-language-server: \$schema=\.\.\/docs\/reference\/schemas\/(flow|settings|people|scenarios)\.schema\.json$/,
    );
  });

  test('has the issue forms that are made from its flows', () => {
    const folder = '.github/ISSUE_TEMPLATE';
    const forms = new Map(
      readdirSync(new URL(folder, root)).map((name) => {
        const path = `${folder}/${name}`;
        return [path, readFileSync(new URL(path, root))];
      }),
    );
    expect(staleForms(desk, forms)).toEqual([]);
  });
});
