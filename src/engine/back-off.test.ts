import { expect, test } from 'vitest';
import { instant, plus } from '../domain/names.ts';
import { createBackOff } from './back-off.ts';

const now = instant(0);

test('waits twice as long each time, up to a minute', () => {
  const backOff = createBackOff();
  const waits = Array.from({ length: 9 }, () => {
    backOff.failed('a', now);
    return [1, 2, 4, 8, 16, 32, 60, 61].find((seconds) => !backOff.isWaiting('a', plus(now, seconds * 1000)));
  });
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
});

test('counts the failures in a row, and forgets them with a success', () => {
  const backOff = createBackOff();
  expect([backOff.failed('a', now), backOff.failed('a', now)]).toEqual([1, 2]);
  backOff.succeeded('a');
  expect(backOff.isWaiting('a', now)).toBe(false);
  expect(backOff.failed('a', now)).toBe(1);
});

test('keeps what has nothing to do with each other apart', () => {
  const backOff = createBackOff();
  backOff.failed('a', now);
  expect(backOff.isWaiting('b', now)).toBe(false);
});

test('waits as long as it was told to, where that is longer', () => {
  const backOff = createBackOff();
  backOff.failed('a', now, 300_000);
  expect(backOff.isWaiting('a', plus(now, 299_999))).toBe(true);
  expect(backOff.isWaiting('a', plus(now, 300_000))).toBe(false);
});
