// The container image holds src/ and production packages alone: whatever is started there must need nothing else.
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

const read = (path: string): string => readFileSync(path, 'utf8');
const dockerfile = read('Dockerfile');
const { dependencies, engines }: { dependencies: Record<string, string>; engines: { node: string } } =
  JSON.parse(read('package.json'));

/** What Node loads at once, from here on. A type is not loaded, nor what is imported in an expression; what is required by name is. */
function loadedFrom(file: string, known: Set<string> = new Set()): Set<string> {
  if (known.has(file)) return known;
  known.add(file);
  for (const target of importsOf(file)) {
    if (target.startsWith('.')) loadedFrom(normalize(join(dirname(file), target)), known);
    else known.add(target);
  }
  return known;
}

function importsOf(file: string): readonly string[] {
  const text = read(file);
  const statements = text.matchAll(/^(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?'([^']+)'/gms);
  const required = text.matchAll(/\bcreateRequire\(import\.meta\.url\)\('([^']+)'\)/g);
  return [...statements, ...required].map(([, target = '']) => target);
}

test.each([
  ['src/main.ts', 20],
  ['src/cli.ts', 20],
  ['src/app/bell.mjs', 1],
  ['src/surfaces/github/flow-check/judge-worker.ts', 20],
  ['src/hooks/room-worker.ts', 8],
  ['src/hooks/compile-worker.ts', 5],
])('%s starts with what is installed in production', (entry, least) => {
  const loaded = [...loadedFrom(entry)];
  expect(loaded.length).toBeGreaterThan(least);
  const packages = loaded.filter((each) => !each.startsWith('src/')).map(packageOf);
  const missing = packages.filter(
    (name) => !name.startsWith('node:') && !builtinModules.includes(name) && !(name in dependencies),
  );
  expect([...new Set(missing)]).toEqual([]);
  expect(loaded.filter((each) => each.startsWith('sandbox/') || each.startsWith('test/'))).toEqual([]);
});

function packageOf(target: string): string {
  return target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');
}

test('what the app reads of this repository is copied into the image, and nothing is kept out that is copied', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) =>
    names.split(' '),
  );
  expect(copied).toEqual(expect.arrayContaining(['package.json', 'app.yml', 'src']));
  const admitted = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, name]) => name);
  expect(copied.filter((name) => !admitted.includes(name))).toEqual([]);
});

test('the image runs a Node that strips types by itself and that we support, as nobody in particular', () => {
  const [, major] = /^FROM node:(\d+)/m.exec(dockerfile) ?? [];
  expect(Number(major)).toBeGreaterThanOrEqual(24);
  expect(engines.node).toContain('>=22.12');
  expect(dockerfile).toMatch(/^USER node$/m);
  expect(dockerfile).toMatch(/^CMD \["node", "src\/main\.ts"\]$/m);
});

test('the compiler and the engine of desk code are loaded by their threads alone', () => {
  const loaded = [...loadedFrom('src/main.ts'), ...loadedFrom('src/hooks/code-rooms.ts')].map(packageOf);
  expect(loaded.filter((name) => /^(?:typescript|quickjs-emscripten-core|@jitl)/.test(name))).toEqual([]);
  const inThreads = [...loadedFrom('src/hooks/room-worker.ts'), ...loadedFrom('src/hooks/compile-worker.ts')];
  expect(inThreads).toEqual(expect.arrayContaining(['typescript', 'quickjs-emscripten-core']));
});
