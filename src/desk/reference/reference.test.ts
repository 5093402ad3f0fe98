import { Ajv2020 } from 'ajv/dist/2020.js';
import { readdirSync, readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { words } from '../diagnostic-words.ts';
import { referenceFiles } from './reference.ts';

const files = new Map(
  referenceFiles({ strategies: [], integrations: {}, actions: [] }).map(({ path, content }) => [
    path,
    content,
  ]),
);
const contentOf = (path: string): string => files.get(path) ?? '';

test('every diagnostic stands in the reference', () => {
  const page = contentOf('docs/reference/diagnostics.md');
  for (const code of Object.keys(words)) expect(page).toContain(`| \`${code}\` |`);
});

test('every property of every schema says what it is for', () => {
  for (const [path, content] of files)
    if (path.endsWith('.json')) expect(undescribed(JSON.parse(content), path)).toEqual([]);
});

test('editors judge our own files as we do', () => {
  const folder = new URL('../../../flows/', import.meta.url);
  for (const name of readdirSync(folder)) {
    const kind = kindOf(name);
    const schema: unknown = JSON.parse(contentOf(`docs/reference/schemas/${kind}.schema.json`));
    if (typeof schema !== 'object' || schema === null) throw new Error(`No schema ${kind}.`);
    const validate = new Ajv2020({ strict: false }).compile(schema);
    validate(load(readFileSync(new URL(name, folder), 'utf8')));
    expect([name, validate.errors]).toEqual([name, null]);
  }
});

test('editors refuse what is not built', () => {
  const schema: unknown = JSON.parse(contentOf('docs/reference/schemas/flow.schema.json'));
  if (typeof schema !== 'object' || schema === null) throw new Error('No schema.');
  const validate = new Ajv2020({ strict: false, allErrors: true }).compile(schema);
  validate({ requesters: [], approval: { steps: [{ name: 'a', approvers: ['role:admin'] }] }, viewers: [] });
  expect(validate.errors?.map(({ instancePath }) => instancePath)).toEqual(['/viewers']);
});

function kindOf(name: string): string {
  if (name === 'people.yml') return 'people';
  if (name === 'countersign.yml') return 'settings';
  return name.endsWith('.test.yml') ? 'scenarios' : 'flow';
}

function undescribed(schema: unknown, path: string): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, inner]: [string, unknown]) => {
    if (key !== 'properties' || typeof inner !== 'object' || inner === null)
      return undescribed(inner, `${path}/${key}`);
    return Object.entries(inner).flatMap(([name, property]: [string, unknown]) => {
      const at = `${path}/${name}`;
      const isDescribed = typeof property === 'object' && property !== null && 'description' in property;
      return [...(isDescribed ? [] : [at]), ...undescribed(property, at)];
    });
  });
}
