// Programs of this repository, each built into one file, as if it still lay in its place: a process or a thread starts from it much sooner than from each file of `src/`.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type BuildOptions, type Plugin } from 'esbuild';

export const root = join(import.meta.dirname, '..');
/** Where they lie. */
export const place = join(root, 'node_modules/.cache/countersign');
/** They start a thread that lies beside them: where they are built, a built one. */
export const startersOfThreads: readonly string[] = [
  'src/hooks/room.ts',
  'src/hooks/compile-thread.ts',
  'src/surfaces/github/flow-check/judge-apart.ts',
].map((file) => join(root, file));

export interface Programs {
  /** By the name of what is made. */
  readonly entries: { readonly [name: string]: string };
  readonly extension: '.js' | '.mjs';
  /** Whether packages are part of it, so that a process reads a thousand files less as it starts; else they come as they are. */
  readonly packages: 'within' | 'beside';
}

export async function bundle({ entries, extension, packages }: Programs): Promise<void> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { ...entries },
    outdir: place,
    outExtension: { '.js': extension },
    write: false,
    bundle: true,
    ...ofPackages[packages],
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
    plugins: [asIfInPlace],
  });
  await mkdir(place, { recursive: true });
  for (const { path, contents } of outputFiles) await putThere(path, contents);
}

const ofPackages = {
  beside: { packages: 'external' },
  within: {
    // They start threads from where they lie.
    external: ['pino', 'bree'],
    // As modules where they come as such too: what is required of them by a name made up meanwhile cannot be bundled.
    mainFields: ['module', 'main'],
    // The others still require what is Node’s.
    banner: {
      js: `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(${JSON.stringify(pathToFileURL(join(root, 'package.json')).href)});`,
    },
  },
} satisfies { readonly [P in Programs['packages']]: BuildOptions };

/** At once: another worker may be starting what it has built, which is the same. */
export async function putThere(path: string, contents: Uint8Array | string): Promise<void> {
  const next = `${path}.${process.pid}`;
  await writeFile(next, contents);
  await rename(next, path);
}

/** What it finds beside it, as that file. Threads are found beside what is built. */
export function asIfIn(path: string, source: string): string {
  const here = startersOfThreads.includes(path) ? join(place, 'main.mjs') : path;
  const url = JSON.stringify(pathToFileURL(here).href);
  return source.replaceAll('import.meta.url', () => url);
}

/** The sandbox stays where it is. */
const asIfInPlace: Plugin = {
  name: 'as if in place',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /\/sandbox\/main\.ts$/ }, ({ path, resolveDir }) => ({
      path: pathToFileURL(join(resolveDir, path)).href,
      external: true,
    }));
    onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
      loader: 'ts',
      contents: asIfIn(path, await readFile(path, 'utf8')),
    }));
  },
};
