// The worked example of a custom strategy, as its author would test it, and as the check of a pull request sees it.
import { readFileSync } from 'node:fs';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { filesInFolder } from '../src/app/cli/desk-files.ts';
import { reviewFiles, reviewWithCode } from '../src/app/cli/known-desk.ts';
import type { DeskFiles } from '../src/desk/desk-reader.ts';
import { isError, type Diagnostic } from '../src/desk/diagnostic.ts';
import { codeUnderTest } from '../src/hooks/testing.ts';
import type { Json } from '../src/sdk/json.ts';

const folder = 'docs/examples/custom-strategy';
let answer: Json = { status: 404, json: null, text: '' };
const code = codeUnderTest({ folder: `${folder}/flows`, outside: { http: () => answer } });
afterAll(() => code.stop());
beforeEach(() => {
  answer = { status: 404, json: null, text: '' };
});

const settings = { product: 'design-suite', level: 'editor' };
const seat = { settings, integration: {}, account: 'ann@acme.com', resource: 'seats/design-suite' };
const run = (name: string, input: object): Promise<Json | undefined> =>
  code.run('seats.ts', `strategy.${name}`, input);

test('says what it is, what is wanted, of what, and for which account', async () => {
  expect(await run('describe', {})).toEqual({
    order: ['none', 'viewer', 'editor'],
    identifies: true,
    seals: false,
  });
  expect(await run('wanted', { settings })).toBe('editor');
  expect(await run('resource', { settings })).toEqual({ resource: 'seats/design-suite' });
  expect(await run('resource', { settings: { product: 'x' } })).toEqual({
    missing: 'The licence server has no such product.',
  });
  expect(await run('identify', { person: { email: 'ann@acme.com' } })).toEqual({ account: 'ann@acme.com' });
});

test('reads a seat, and one that is not there', async () => {
  expect(await run('read', seat)).toEqual({ holds: 'none' });
  answer = { status: 200, json: { level: 'viewer', seat: 'S-17' }, text: '' };
  expect(await run('read', seat)).toEqual({ holds: 'viewer' });
});

test('gives a seat by PUT and takes it by DELETE, where none is as good', async () => {
  answer = { status: 200, json: { level: 'editor', seat: 'S-17' }, text: '' };
  const change = { ...seat, purpose: 'escalate', request: '01R', sealed: {} };
  expect(await run('set', { ...change, holding: 'editor' })).toEqual({ recorded: { seat: 'S-17' } });
  answer = { status: 404, json: null, text: '' };
  expect(await run('set', { ...change, holding: 'none', purpose: 'deescalate' })).toBeUndefined();
  expect(code.calls.slice(-2)).toMatchObject([
    {
      args: {
        method: 'PUT',
        path: 'seats/design-suite/ann%40acme.com',
        json: { level: 'editor', key: '01R-escalate' },
      },
    },
    { args: { method: 'DELETE', headers: { authorization: 'Bearer (secret LICENCES_TOKEN)' } } },
  ]);
});

test.each([
  [503, true],
  [403, false],
])('says of a %i whether it is worth another try', async (status, transient) => {
  answer = { status, json: null, text: '' };
  await expect(run('read', seat)).rejects.toMatchObject({ problem: { kind: 'threw', transient } });
});

async function exampleWith(from: string, to: string): Promise<DeskFiles> {
  const files = new Map(await filesInFolder(folder));
  for (const [path, bytes] of files)
    if (/seats\.(yml|ts)$/.test(path))
      files.set(path, new TextEncoder().encode(new TextDecoder().decode(bytes).replace(from, to)));
  return files;
}

function errorsIn(diagnostics: readonly Diagnostic[]): readonly string[] {
  return [...new Set(diagnostics.filter(isError).map(({ code: found }) => found))].sort();
}

test.each([
  ['a file that is not there', 'file: seats.ts', 'file: seat.ts', ['no-code-file']],
  ['no file', 'file: seats.ts, ', '', ['missing-key']],
  [
    'a file for a strategy that is built in',
    'type: custom',
    'type: http',
    ['missing-key', 'strategy-without-code'],
  ],
])('the check finds in its flow: %s', async (_, from, to, codes) => {
  const { diagnostics } = reviewFiles(await exampleWith(from, to));
  expect(errorsIn(diagnostics)).toEqual(expect.arrayContaining(codes));
});

test('the check finds nothing wrong in the code as it is, and where it exports no strategy, says so at the flow', async () => {
  const errorsWith = async (to: string): Promise<readonly Diagnostic[]> =>
    (await reviewWithCode(await exampleWith('export const strategy', to))).diagnostics.filter(isError);
  const [sound, unsound] = [
    await errorsWith('export const strategy'),
    await errorsWith('export const strategies'),
  ];
  expect(errorsIn(sound)).toEqual([]);
  expect(unsound).toMatchObject([{ code: 'no-strategy-export', file: 'flows/seats.yml', line: 3 }]);
});

test('the check finds an order that is none, and a level that is not in it', async () => {
  const text = readFileSync(`${folder}/flows/seats.ts`, 'utf8');
  const levels = "['none', 'viewer', 'editor'] as const";
  const files = {
    'late-none.ts': text.replace(levels, "['viewer', 'none', 'editor'] as const"),
    'twice.ts': text.replace(levels, "['none', 'viewer', 'editor', 'viewer'] as const"),
    'unknown-level.ts': text.replace("levelOf(valueIn(answer, 'level')) : 'none'", "'owner' : 'none'"),
    'sound.ts': text,
  };
  const wrong = codeUnderTest({ files });
  const found = (await wrong.check()).map(({ file }) => file);
  expect([...new Set(found)].sort()).toEqual([
    'flows/late-none.ts',
    'flows/twice.ts',
    'flows/unknown-level.ts',
  ]);
  await wrong.stop();
});

test('what the page of the strategy shows compiles as it stands', async () => {
  const shown = [...readFileSync('docs/strategies/custom.md', 'utf8').matchAll(/^```ts\n(.*?)^```/gms)];
  const files = Object.fromEntries(shown.map(([, text = ''], index) => [`shown-${index}.ts`, text]));
  expect(Object.keys(files)).toHaveLength(1);
  const page = codeUnderTest({ files });
  expect(await page.check()).toEqual([]);
  await page.stop();
});
