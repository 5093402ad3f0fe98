// The simulation as one bundle, run by a process of its own: much quicker than under the test runner, and a mistake can be planted in one of its files.
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, type Plugin } from 'esbuild';
import type { Climate } from './deeds.ts';
import type { Mutant } from './mutant.ts';

const run = promisify(execFile);
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
  }: {
    readonly mutant?: Mutant;
    readonly seeds: number;
    readonly climate?: Climate | undefined;
  },
): Promise<Simulated> {
  const bundle = await plant(folder, mutant);
  try {
    const weather = climate === undefined ? [] : ['--climate', climate];
    // Most mistakes are caught before it pays to optimize what runs.
    const argv = [...(mutant ? ['--no-opt'] : []), bundle, '--quiet', '--seeds', String(seeds), ...weather];
    const { stdout } = await run(process.execPath, argv);
    return { code: 0, last: lastLine(stdout), said: stdout };
  } catch (error) {
    const output = (key: 'stdout' | 'stderr'): string =>
      error instanceof Error && key in error ? String(Reflect.get(error, key)) : '';
    const code = error instanceof Error && 'code' in error ? Number(error.code) : -1;
    const said = output('stdout');
    return { code, last: lastLine(said) || output('stderr'), said };
  }
}

/** The bundle lies as deep as a file of `src/` does, since the store reads the release from `package.json`. */
async function plant(folder: string, mutant?: Mutant): Promise<string> {
  const own = join(folder, (mutant?.name ?? 'none').replaceAll(/\W+/g, '-'));
  const place = join(own, 'src', 'bundle');
  await mkdir(place, { recursive: true });
  // Each its own: two that are planted at once must not write what the other reads.
  await copyFile(join(root, 'package.json'), join(own, 'package.json'));
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
    plugins: mutant ? [planting(mutant)] : [],
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
