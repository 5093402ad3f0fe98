// How many strokes of the bell it takes until a thousand grants that are due in one second are all with their strategy.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { startChild } from './child.ts';
import type { Bench, Figure } from './figure.ts';
import { grantCount, manyGrants } from './many-grants.ts';

const due = 1000;
const rounds = 3;
const second = 1000;

/**
 * The real bell, heart, sweep, reconciler and committer over the embedded store on a disk with its fsyncs; a ledger in
 * memory and a strategy that answers at once. The clock runs as it does, shifted so that the grants fall due shortly
 * after the start. Counted from the first stroke at or after that moment (where it is late by more than a second, from
 * a second after it) to the last call that takes access away, in seconds rounded up: a tick that lasts longer than a
 * second counts as all the seconds that it lasts.
 */
export const dueFigure: Figure = {
  name: 'due-1000-ticks',
  bar: 2,
  better: 'lower',
  meaning:
    'With 100,000 active grants, 1,000 of them due in one second: ticks of at most a second until all are handed to an instant strategy.',
  async measure(bench: Bench) {
    const dueAt = Date.now() + 3_600_000;
    const { data } = await manyGrants(bench, { name: 'due-grants', count: grantCount, due, dueAt });
    const ticks: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const copy = join(bench.folder, `due-${round}`);
      cpSync(data, copy, { recursive: true });
      const child = startChild('due-process.ts', [copy, dueAt, due].map(String));
      const said = readAnswer(await child.next());
      await child.kill();
      bench.say(`round ${round}: ${JSON.stringify(said)}`);
      if (said.handed !== due || said.early > 0) throw new Error('What was handed over is not what was due.');
      const from = Math.min(said.firstRing, second);
      ticks.push(Math.max(1, Math.ceil((said.lastHanded - from) / second)));
    }
    return ticks;
  },
};

function readAnswer(answer: unknown): {
  readonly handed: number;
  readonly early: number;
  readonly firstRing: number;
  readonly lastHanded: number;
  readonly longestPause: number;
} {
  return JSON.parse(JSON.stringify(answer));
}
