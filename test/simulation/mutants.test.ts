import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { mutants, type Mutant } from './mutants.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');
/** What the simulation needs of the tree. */
const parts = [
  'package.json',
  'tsconfig.json',
  'src/domain',
  'src/engine',
  'src/ledger',
  'src/store',
  'src/app/rebuild.ts',
  'test/builders',
  'test/simulation',
  'test/virtual-clock.ts',
];

describe.concurrent('the simulation catches an engine that', () => {
  for (const mutant of mutants)
    test(mutant.name, { timeout: 240_000 }, async () => {
      const folder = await plant(mutant);
      try {
        const { code, last } = await simulate(folder);
        expect(code, `It survived: ${last}`).toBe(1);
        expect(last).toMatch(/^FAILED: seed/);
      } finally {
        await rm(folder, { recursive: true });
      }
    });
});

test('there are at least twenty', () => {
  expect(new Set(mutants.map(({ name }) => name)).size).toBeGreaterThanOrEqual(20);
});

async function plant({ file, edits }: Mutant): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-mutant-'));
  for (const part of parts) await cp(join(root, part), join(folder, part), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const path = join(folder, file);
  let source = await readFile(path, 'utf8');
  for (const { find, replace } of edits) {
    if (source.split(find).length !== 2) throw new Error(`${file} does not hold exactly once: ${find}`);
    source = source.replace(find, () => replace);
  }
  await writeFile(path, source);
  return folder;
}

async function simulate(folder: string): Promise<{ readonly code: number; readonly last: string }> {
  const argv = ['--import', 'tsx', 'test/simulation/main.ts', '--quiet', '--seeds', '300'];
  try {
    const { stdout } = await run(process.execPath, argv, { cwd: folder });
    return { code: 0, last: lastLine(stdout) };
  } catch (error) {
    const stdout = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
    return {
      code: error instanceof Error && 'code' in error ? Number(error.code) : -1,
      last: lastLine(stdout) || stderr,
    };
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
