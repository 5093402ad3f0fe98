// How much memory the app takes with a hundred thousand active grants, from its start through one full compaction.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { startChild } from './child.ts';
import type { Bench, Figure } from './figure.ts';
import { grantCount, manyGrants, surroundings } from './many-grants.ts';

const rounds = 3;

/**
 * VmHWM, which Linux alone counts, of one process: all modules of the app, Probot, the store, the engine and the bell.
 * The process that compiles for tsx is another one, and not counted. Something is said about a request of every shard,
 * so that the compaction writes all 64 anew, which is checked.
 */
export const memoryFigure: Figure = {
  name: 'rss-100k-mib',
  bar: 512,
  better: 'lower',
  meaning:
    'With 100,000 active grants: peak resident memory in MiB, from the start through the compaction of the whole store.',
  async measure(bench: Bench) {
    const { data } = await manyGrants(bench, { name: 'grants', count: grantCount });
    const peaks: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const copy = join(bench.folder, `memory-${round}`);
      cpSync(data, copy, { recursive: true });
      const around = await surroundings(copy);
      const child = startChild('memory-process.ts', [], { env: around.environment });
      const said = readAnswer(await child.next());
      await child.kill();
      around.end();
      bench.say(`round ${round}: ${JSON.stringify(said)}`);
      if (said.grants !== grantCount || !said.isWhole) throw new Error('Not the whole store was compacted.');
      peaks.push(said.compacted);
    }
    return peaks;
  },
};

function readAnswer(answer: unknown): {
  readonly grants: number;
  readonly isWhole: boolean;
  readonly started: number;
  readonly compacted: number;
} {
  return JSON.parse(JSON.stringify(answer));
}
