import { expect, it } from 'vitest';
import { createFairQueue } from './fair-queue.ts';

const all = (): boolean => true;

it('takes one of each desk in turn, however many one of them brings', () => {
  const queue = createFairQueue<string>(10);
  for (const item of ['a1', 'a2', 'a3']) queue.add('a', item);
  queue.add('b', 'b1');
  queue.add('c', 'c1');
  expect([1, 2, 3, 4, 5, 6].map(() => queue.take(all))).toEqual(['a1', 'b1', 'c1', 'a2', 'a3', undefined]);
});

it('passes by a desk that has enough', () => {
  const queue = createFairQueue<string>(10);
  queue.add('a', 'a1');
  queue.add('b', 'b1');
  expect(queue.take((desk) => desk !== 'a')).toBe('b1');
  expect(queue.take((desk) => desk !== 'a')).toBeUndefined();
  expect(queue.take(all)).toBe('a1');
});

it('is bounded for each desk by itself, and forgets who left', () => {
  const queue = createFairQueue<string>(2);
  expect(['a1', 'a2', 'a3'].map((item) => queue.add('a', item))).toEqual([true, true, false]);
  expect(queue.add('b', 'b1')).toBe(true);
  queue.remove('a', 'a1');
  queue.remove('a', 'not there');
  expect(queue.add('a', 'a4')).toBe(true);
  expect([1, 2, 3].map(() => queue.take(all))).toEqual(['a2', 'b1', 'a4']);
});
