import { expect, test } from 'vitest';
import { minutes } from '../domain/duration.ts';
import { startScheduler } from './scheduler.ts';
import { systemClock } from './system.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

test('every chore is done at once, then when its time has come again, and one that failed as well', async () => {
  const done: string[] = [];
  const chore = (name: string, every: number, error?: Error) => ({
    name,
    every,
    run: async () => {
      done.push(name);
      if (error) throw error;
    },
  });
  const scheduler = await startScheduler({
    clock: systemClock,
    log: silent,
    chores: [chore('often', 0), chore('seldom', minutes(5)), chore('failing', 0, new Error('No.'))],
  });
  try {
    expect(done).toEqual(['often', 'seldom', 'failing']);
    await expect.poll(() => done.length, { timeout: 10_000 }).toBeGreaterThan(3);
    expect(done.slice(3, 5)).toEqual(['often', 'failing']);
  } finally {
    await scheduler.stop();
  }
});
