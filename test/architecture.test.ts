import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

/** Each room of src/, and the rooms it may import besides itself. */
const parts = [
  'ledger',
  'store',
  'people',
  'strategies',
  'actions',
  'prefetch',
  'surfaces',
  'sinks',
  'hooks',
];
const below = ['domain', 'engine', 'clients', 'desk'];
const mayImport: { readonly [room: string]: readonly string[] } = {
  domain: [],
  engine: ['domain'],
  clients: ['domain', 'engine'],
  desk: ['domain', 'engine'],
  ...Object.fromEntries(parts.map((part) => [part, below])),
  // What authors import imports nothing; what runs their code shares its types.
  sdk: [],
  hooks: [...below, 'sdk'],
  app: [...below, ...parts, 'sdk'],
};

const files = codeIn('src').filter((file) => !file.endsWith('.test.ts'));

test('there is something to look at', () => expect(files.length).toBeGreaterThan(50));

for (const file of files)
  test(`${file} imports only what it may`, () => {
    const room = roomOf(file);
    for (const target of relativeImports(file)) {
      const isAllowed =
        room === 'main' || roomOf(target) === room || (mayImport[room] ?? []).includes(roomOf(target));
      expect(isAllowed, `${file} imports ${target}`).toBe(true);
    }
  });

test('surfaces never import each other', () => {
  for (const file of files.filter((each) => each.startsWith('src/surfaces/')))
    for (const target of relativeImports(file).filter((each) => each.startsWith('src/surfaces/')))
      expect(target.split('/')[2], `${file} imports ${target}`).toBe(file.split('/')[2]);
});

test('the sandbox knows nothing of src', () => {
  for (const file of codeIn('sandbox'))
    for (const target of relativeImports(file))
      expect(target.startsWith('src/'), `${file} imports ${target}`).toBe(false);
});

test('no drawer is called utils', () => {
  const drawers = /(^|[/-])(utils?|helpers?|common|misc|manager|service)(\.|\/|-|$)/;
  expect(files.filter((file) => drawers.test(file.slice('src/'.length)))).toEqual([]);
});

function codeIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|mjs)$/.test(file))
    .map((file) => join(folder, file));
}

/** `src/main.ts` and `src/cli.ts` stand above all rooms. */
function roomOf(file: string): string {
  const [, room = ''] = file.split('/');
  return room.includes('.') ? 'main' : room;
}

function relativeImports(file: string): readonly string[] {
  const source = readFileSync(file, 'utf8');
  const named = source.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g);
  return [...named].map(([, path = '']) => normalize(join(dirname(file), path)));
}
