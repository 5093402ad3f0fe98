import { expect, test } from 'vitest';
import { runHistory } from './history.ts';
import { tellStory } from './report.ts';

const histories = 300;
const parts = 6;

for (let part = 0; part < parts; part += 1) {
  const from = 1 + part * (histories / parts);
  const to = from + histories / parts - 1;
  test(`every invariant holds in histories ${from} to ${to}`, { timeout: 60_000 }, async () => {
    for (let seed = from; seed <= to; seed += 1) {
      const outcome = await runHistory(seed);
      expect(outcome.broken, tellStory(outcome)).toBeUndefined();
    }
  });
}

test('the same seed tells the same history', async () => {
  const [first, again] = [await runHistory(7), await runHistory(7)];
  expect(again.story).toEqual(first.story);
});
