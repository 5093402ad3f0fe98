import { expect, test } from 'vitest';
import { createKeptLog } from '../../test/scripted-github.ts';
import { startScheduler } from './scheduler.ts';
import { systemClock } from './system.ts';

const pause = (ms: number): Promise<void> => systemClock.sleep(ms);

test('a chore never overlaps itself, holds up no other, and after the stop nothing rings', async () => {
  const rung = { hanging: 0, quick: 0 };
  const log = createKeptLog();
  const scheduler = await startScheduler({
    clock: systemClock,
    log,
    chores: [
      { name: 'hanging', every: 0, run: () => ((rung.hanging += 1), new Promise(() => undefined)) },
      { name: 'quick', every: 0, run: async () => void (rung.quick += 1) },
    ],
  });
  await expect.poll(() => rung.quick, { timeout: 10_000 }).toBeGreaterThanOrEqual(2);
  expect(rung.hanging).toBe(1);
  await scheduler.stop();
  const { quick } = rung;
  await pause(1200);
  expect(rung.quick).toBe(quick);
  expect(log.lines).toEqual([]);
});
