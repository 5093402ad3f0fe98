// The threads that the app starts, built before any test runs: one that read its own TypeScript took three times as long.
// `test/threads-from-source.test.ts` starts them as `npm start` does.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'vitest/config';
import { asIfIn, bundle, place, putThere, root, startersOfThreads } from './bundle.ts';

const hooks = 'src/hooks';
const judge = 'src/surfaces/github/flow-check';

/** Whoever starts a thread finds the built one. */
export const startsBuiltThreads: Plugin = {
  name: 'starts built threads',
  enforce: 'pre',
  transform: (source, path) => (startersOfThreads.includes(path) ? asIfIn(path, source) : undefined),
};

export async function buildThreads(): Promise<void> {
  await mkdir(place, { recursive: true });
  // As in the package, it finds JavaScript beside it and no TypeScript.
  await putThere(join(place, 'thread.mjs'), await readFile(join(root, hooks, 'thread.mjs')));
  await putThere(join(place, 'package.json'), '{ "type": "module" }');
  await Promise.all([
    bundle({
      entries: { 'room-worker': `${hooks}/room-worker.ts`, 'compile-worker': `${hooks}/compile-worker.ts` },
      extension: '.js',
      packages: 'beside',
    }),
    bundle({
      entries: { 'judge-thread': `${judge}/judge-worker.ts` },
      extension: '.mjs',
      packages: 'beside',
    }),
  ]);
}
