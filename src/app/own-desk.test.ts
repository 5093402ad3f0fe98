import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isBroken } from '../desk/desk.ts';
import { createDeskReader } from '../desk/desk-reader.ts';
import { printDiagnostic } from '../desk/diagnostic.ts';
import { readYaml } from '../desk/yaml-file.ts';
import type { Flow } from '../domain/flow.ts';
import { strategies } from '../strategies/index.ts';

describe('the desk of this repository', () => {
  const root = new URL('../../', import.meta.url);
  const files = new Map(
    readdirSync(new URL('flows/', root)).map((name) => [
      `flows/${name}`,
      readFileSync(new URL(`flows/${name}`, root)),
    ]),
  );
  const known = Object.fromEntries(strategies.map((strategy) => [strategy.type, strategy]));
  const desk = createDeskReader({ strategies: known }).readDesk(files, 'c');

  const flowOf = (name: string): Flow => {
    const flow = desk.flows.get(name);
    if (flow === undefined || isBroken(flow)) throw new Error(`${name} was not read.`);
    return flow;
  };

  test('is read without a word', () => {
    expect(desk.diagnostics.map(printDiagnostic)).toEqual([]);
    expect([...desk.flows.keys()]).toEqual([
      'production-access',
      'repository-role',
      'run-migration',
      'vault',
    ]);
  });

  test.each([...files.keys()])('%s tells editors its schema', (path) => {
    expect(files.get(path)?.toString().split('\n')[0]).toMatch(
      /^# yaml-language-server: \$schema=\.\.\/docs\/reference\/schemas\/(flow|settings|people)\.schema\.json$/,
    );
  });

  test.each([...desk.flows.keys()])('%s has an issue form that asks what it asks', (name) => {
    const flow = flowOf(name);
    const path = `.github/ISSUE_TEMPLATE/${name}.yml`;
    const yaml = readYaml(path, readFileSync(new URL(path, root)));
    const labels = [
      'Flow',
      ...(flow.access ? ['Target', 'Duration'] : []),
      ...flow.fields.map(({ label }) => label),
    ];
    expect(yaml).toMatchObject({
      ok: true,
      value: {
        body: labels.map((label) => ({
          attributes: label === 'Flow' ? { label, options: [name], default: 0 } : { label },
        })),
      },
    });
  });
});
