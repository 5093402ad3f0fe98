import { expect, test } from 'vitest';
import { pastDays, scriptOf } from './script.ts';

const beganAt = new Date('2026-11-07T14:00:00Z');
const script = scriptOf(beganAt);
const daySeconds = 24 * 3600;

test('is the same each time, and some 120 requests long', () => {
  expect(scriptOf(beganAt)).toEqual(script);
  expect(script.acts.filter((act) => act.do === 'ask')).toHaveLength(script.lives);
  expect(script.lives).toBe(121);
});

test('goes only forward, within its days', () => {
  const times = script.acts.map(({ at }) => at);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times[0]).toBeGreaterThanOrEqual(0);
  expect(times.at(-1)).toBeLessThan(pastDays * daySeconds);
});

test('lets nobody speak about what was not asked yet, and each in turn', () => {
  const asked = new Map<number, number>();
  for (const act of script.acts) {
    const before = asked.get(act.life);
    if (act.do === 'ask') expect(before).toBeUndefined();
    else expect(before).toBeLessThan(act.at);
    asked.set(act.life, act.at);
  }
});

test('ends with what a visitor finds, which nothing of the earlier days runs into', () => {
  const present = script.acts.slice(script.presentAt);
  expect(new Set(present.map(({ life }) => life)).size).toBe(6);
  const lastEarlier = script.acts[script.presentAt - 1]?.at ?? 0;
  expect(lastEarlier).toBeLessThan(present[0]?.at ?? 0);
  expect(present.at(-1)).toMatchObject({ do: 'ask', asked: { who: 'ann-o', sayings: [] } });
});
