// npm run simulate: the simulation as one bundle. That is quicker, and a seed tells the same story each time: what is loaded as TypeScript comes when its loader likes.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plant } from './planted.ts';

const folder = await mkdtemp(join(tmpdir(), 'countersign-simulation-'));
try {
  const bundle = await plant(folder, { climate: 'served' });
  const { status } = spawnSync(process.execPath, [bundle, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  await rm(folder, { recursive: true });
}
