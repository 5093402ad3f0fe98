// The simulation as one bundle, run by a process of its own: much quicker than under the test runner, and a mistake can be planted in one of its files.
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build, type Plugin } from 'esbuild';
import type { Climate } from './deeds.ts';
import type { Mutant } from './mutant.ts';
import type { ServiceName } from './service-names.ts';

const run = promisify(execFile);
/** What a mistake has made go round in circles would outlive whoever waited for it. */
const mostMs = 200_000;
const root = join(import.meta.dirname, '..', '..');

export interface Simulated {
  readonly code: number;
  /** The last line that it said, or what it died of. */
  readonly last: string;
  /** All that it said: where it failed, the story of that history. */
  readonly said: string;
}

/** `folder`: where bundles go. Without a mutant the simulation runs as it is. */
export async function simulate(
  folder: string,
  {
    mutant,
    seeds,
    climate = mutant?.climate,
    service = mutant?.service,
    from = mutant?.from ?? 1,
    tells = 'what went wrong',
  }: {
    readonly mutant?: Mutant;
    readonly seeds: number;
    readonly climate?: Climate | undefined;
    readonly service?: ServiceName | undefined;
    readonly from?: number;
    readonly tells?: 'what went wrong' | 'every story';
  },
): Promise<Simulated> {
  const bundle = await plant(folder, { mutant, climate });
  try {
    const weather = climate === undefined ? [] : ['--climate', climate];
    const target = service === undefined ? [] : ['--service', service];
    const stories = tells === 'every story' ? ['--story'] : [];
    // Most mistakes are caught before it pays to optimize what runs.
    const node = [...(mutant ? ['--no-opt'] : []), bundle];
    const which = ['--quiet', '--seeds', String(seeds), '--from', String(from)];
    const argv = [...node, ...which, ...weather, ...target, ...stories];
    const { stdout } = await run(process.execPath, argv, { timeout: mostMs, killSignal: 'SIGKILL' });
    return { code: 0, last: lastLine(stdout), said: stdout };
  } catch (error) {
    const output = (key: 'stdout' | 'stderr'): string =>
      error instanceof Error && key in error ? String(Reflect.get(error, key)) : '';
    const code = error instanceof Error && 'code' in error ? Number(error.code) : -1;
    const said = output('stdout');
    return { code, last: lastLine(said) || output('stderr'), said };
  }
}

interface Planting {
  readonly mutant?: Mutant | undefined;
  readonly climate?: Climate | undefined;
}

/** The bundle lies as deep as a file of `src/` does, since the store reads the release from `package.json`. */
export async function plant(folder: string, { mutant, climate }: Planting): Promise<string> {
  const own = join(folder, (mutant?.name ?? 'none').replaceAll(/\W+/g, '-'));
  const place = join(own, 'src', 'bundle');
  await mkdir(place, { recursive: true });
  // Each its own: two that are planted at once must not write what the other reads.
  await copyFile(join(root, 'package.json'), join(own, 'package.json'));
  const isServed = climate === 'served';
  // What the clients of services bring with them is large, and loaded as it is.
  if (isServed) await linkAnew(join(root, 'node_modules'), join(own, 'node_modules'));
  const outfile = join(place, 'simulation.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['test/simulation/main.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
    ...(isServed && { packages: 'external' as const }),
    plugins: [...(mutant ? [planting(mutant)] : []), isServed ? besideThemselves : withoutServices],
  });
  return outfile;
}

function planting(mutant: Mutant): Plugin {
  const path = join(root, mutant.file);
  return {
    name: 'mutant',
    async setup({ onEnd, onLoad }) {
      const contents = await mistaken(mutant);
      let isUsed = false;
      // Asked about the one file: to be asked about each takes longer than to bundle them.
      onLoad({ filter: new RegExp(`^${path.replaceAll(/[^\w/]/g, '\\$&')}$`) }, () => {
        isUsed = true;
        return { contents, loader: 'ts' };
      });
      onEnd(() => {
        if (!isUsed) throw new Error(`The simulation does not use ${mutant.file}.`);
      });
    },
  };
}

async function linkAnew(from: string, to: string): Promise<void> {
  await rm(to, { force: true });
  await symlink(from, to);
}

/** What reads a file beside its own, or starts one, finds it where it lies. */
const besideThemselves: Plugin = {
  name: 'beside themselves',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      if (!/import\.meta\.(dirname|url)/.test(source)) return undefined;
      const contents = source
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href));
      return { contents, loader: 'ts' };
    });
  },
};

/** Nobody asks for them there. */
const withoutServices: Plugin = {
  name: 'without services',
  setup({ onResolve }) {
    onResolve({ filter: /\/services\.ts$/ }, ({ path }) => ({ path, external: true }));
  },
};

async function mistaken({ file, edits }: Mutant): Promise<string> {
  let source = await readFile(join(root, file), 'utf8');
  for (const { find, replace } of edits) {
    if (source.split(find).length !== 2) throw new Error(`${file} does not hold exactly once: ${find}`);
    source = source.replace(find, () => replace);
  }
  return source;
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
