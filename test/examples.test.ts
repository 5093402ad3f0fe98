import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { filesInFolder } from '../src/app/cli/desk-files.ts';
import { reviewAndRunCode, reviewFiles } from '../src/app/cli/known-desk.ts';
import { printScenario, test as testCommand } from '../src/app/cli/test.ts';
import { printDiagnostic } from '../src/desk/diagnostic.ts';
import { issueForms } from '../src/desk/forms/issue-forms.ts';
import { gapsOf } from '../src/desk/scenarios/coverage.ts';

const folder = 'docs/examples';
const examples = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

describe.each(examples)('%s', (name) => {
  const root = join(folder, name);

  test('is a desk in which nothing is wrong, and whose scenarios pass and reach all of it', async () => {
    const files = await filesInFolder(root);
    // As `countersign forms` writes them for whoever takes it over.
    const forms = issueForms(reviewFiles(files).desk);
    const bytes = [...forms].map(([path, text]) => [path, new TextEncoder().encode(text)] as const);
    const { desk, diagnostics, scenarios } = await reviewAndRunCode(new Map([...files, ...bytes]));
    expect(diagnostics.map(printDiagnostic)).toEqual([]);
    expect(desk.flows.size).toBeGreaterThan(0);
    for (const flow of desk.flows.keys())
      expect(scenarios.scenarios.filter((each) => each.flow === flow).length, flow).toBeGreaterThan(0);
    expect(scenarios.scenarios.filter(({ passed }) => !passed).flatMap(printScenario)).toEqual([]);
    expect(scenarios.coverage.flatMap(gapsOf)).toEqual([]);
  });

  test('says in a few lines what it shows and what to change', () => {
    const text = readFileSync(join(root, 'README.md'), 'utf8');
    expect(text).toMatch(/^# \S/);
    expect(text).toContain('**Change:**');
    expect(text.split('\n').length).toBeLessThan(15);
  });
});

test('the list of examples names each of them, by its own title', () => {
  const listed = readFileSync(join(folder, 'README.md'), 'utf8').matchAll(
    /^\| \[(.+?)\]\((.+?)\/README\.md\)/gm,
  );
  const rows = [...listed].map(([, title = '', name = '']) => ({ title, name }));
  expect(rows.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual(
    examples.map((name) => ({ name, title: titleOf(name) })),
  );
});

test('all of them can be played by one command', async () => {
  const said: string[] = [];
  const code = await testCommand.run([folder], {
    out: (line) => said.push(line),
    err: (line) => said.push(line),
  });
  expect(said.at(-1)).toMatch(new RegExp(`^${examples.length} desks: \\d+ scenarios passed\\.$`));
  expect(code).toBe(0);
});

function titleOf(name: string): string {
  const path = join(folder, name, 'README.md');
  return existsSync(path) ? (/^# (.+)$/m.exec(readFileSync(path, 'utf8'))?.[1] ?? '') : '';
}
