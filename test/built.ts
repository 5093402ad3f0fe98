// The app and its command line, each built into one file: a process starts from it in a quarter of the time that it takes to load each file of `src/`.
// `src/app/setup/setup.test.ts` starts it file by file, as `npm start` does.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

const root = join(import.meta.dirname, '..');
/** Packages are found from here, and come as they are. */
const place = join(root, 'node_modules/.cache/countersign');
const judge = 'src/surfaces/github/flow-check';

let built: Promise<void> | undefined;

/** What starts the app, as `npm start` does. */
export const builtApp = (): Promise<readonly string[]> => commandOf('main');

/** What runs the command line, as `npm run countersign` does. */
export const builtCli = (): Promise<readonly string[]> => commandOf('cli');

async function commandOf(name: 'main' | 'cli'): Promise<readonly string[]> {
  await (built ??= buildAll());
  return [process.execPath, join(place, `${name}.mjs`)];
}

async function buildAll(): Promise<void> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { main: 'src/main.ts', cli: 'src/cli.ts', 'judge-thread': `${judge}/judge-worker.ts` },
    outdir: place,
    outExtension: { '.js': '.mjs' },
    write: false,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
    plugins: [asIfInPlace],
  });
  await mkdir(place, { recursive: true });
  for (const { path, contents } of outputFiles) await replace(path, contents);
}

/** Each file finds what lies beside it; only the thread that judges flows is a built one too. The sandbox stays where it is. */
const asIfInPlace: Plugin = {
  name: 'as if in place',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /\/sandbox\/main\.ts$/ }, ({ path, resolveDir }) => ({
      path: pathToFileURL(join(resolveDir, path)).href,
      external: true,
    }));
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const here = path === join(root, judge, 'judge-apart.ts') ? join(place, 'main.mjs') : path;
      const url = JSON.stringify(pathToFileURL(here).href);
      return { loader: 'ts', contents: source.replaceAll('import.meta.url', () => url) };
    });
  },
};

/** At once: another worker may be starting what it has built, which is the same. */
async function replace(path: string, contents: Uint8Array): Promise<void> {
  const next = `${path}.${process.pid}`;
  await writeFile(next, contents);
  await rename(next, path);
}
