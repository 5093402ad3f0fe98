// Whether a decision costs the same with ten requests open or a hundred thousand: taken durably, decided, recorded.
import { createEngine, type Engine } from '../../src/engine/engine.ts';
import { plus } from '../../src/domain/names.ts';
import { anId, aRequest, aThread, noon } from '../builders/request.ts';
import { aHouse, type House } from '../builders/house.ts';
import type { Bench, Figure } from './figure.ts';

const few = 10;
const many = 100_000;
const rounds = 21;
const perRound = 150;

/**
 * The engine with the real embedded store on a disk in memory, so that no disk's mood counts. One turn is a request
 * that is asked for and denied: after it, as many are open as before.
 */
export const decideAtScale: Figure = {
  name: 'decide-100k-vs-10',
  bar: 1.2,
  better: 'lower',
  meaning: 'A request asked for and denied with 100,000 others open, by the same with 10 others open.',
  async measure({ say }: Bench) {
    say(`opening ${many} requests`);
    const [small, large] = [await engineWith(few), await engineWith(many)];
    for (let round = 0; round < 5; round += 1) await Promise.all([turns(small), turns(large)]);
    const ratios: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const [floor, ours] = [await turns(small), await turns(large)];
      ratios.push(ours / floor);
      say(`10 open: ${floor.toFixed(0)} µs, 100,000 open: ${ours.toFixed(0)} µs`);
    }
    return ratios;
  },
};

interface Busy {
  readonly house: House;
  readonly engine: Engine;
}

async function engineWith(open: number): Promise<Busy> {
  const house = await aHouse();
  for (let number = 1; number <= open; number += 1) {
    const { request, lines } = aRequest({
      id: anId(number),
      at: noon,
      lapseAt: plus(noon, 7 * 86_400_000 + number),
      thread: aThread(number + 1_000_000),
      ref: `open-${number}`,
    });
    const kept = { request, lines: lines.map(({ line }) => line), committedSeq: 1, shownSeq: 1 };
    await house.store.restore(kept);
  }
  return { house, engine: createEngine(house.parts) };
}

/** Microseconds of one. */
async function turns({ house, engine }: Busy): Promise<number> {
  const from = performance.now();
  for (let turn = 0; turn < perRound; turn += 1) {
    const asked = await engine.accept(house.asks('ann-o'));
    await engine.idle();
    const denied = await engine.accept(house.says('bob-l', 'deny'), asked.request);
    await engine.idle();
    const outcome = await engine.outcome(denied, 1000);
    if (!('done' in outcome) || outcome.done.phase.status !== 'denied') throw new Error('It was not denied.');
  }
  return ((performance.now() - from) * 1000) / perRound;
}
