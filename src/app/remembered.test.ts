import { expect, test } from 'vitest';
import { Failure } from '../engine/ports/failure.ts';
import { openEmbeddedStore, type EmbeddedStore } from '../store/embedded.ts';
import { createMemoryDisk } from '../store/memory-disk.ts';
import { createVirtualClock } from '../../test/virtual-clock.ts';
import { remembered } from './remembered.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const clock = createVirtualClock();
const memory = async (): Promise<{ readonly store: EmbeddedStore; readonly clock: typeof clock }> => ({
  store: await openEmbeddedStore({ disk: createMemoryDisk(), log: silent }),
  clock,
});
const outage = (): Promise<string> =>
  Promise.reject(new Failure('GitHub does not answer.', { transient: true }));

test('an outage finds the last answer', async () => {
  const kept = await memory();
  expect(await remembered(kept, 'bot login', async () => 'countersign[bot]')).toBe('countersign[bot]');
  expect(await remembered(kept, 'bot login', outage)).toBe('countersign[bot]');
});

test('a new answer takes the place of the old one', async () => {
  const kept = await memory();
  await remembered(kept, 'bot login', async () => 'old');
  expect(await remembered(kept, 'bot login', async () => 'new')).toBe('new');
  expect(await remembered(kept, 'bot login', outage)).toBe('new');
});

test('an outage before the first answer is a failure', async () => {
  await expect(remembered(await memory(), 'bot login', outage)).rejects.toThrow('GitHub does not answer.');
});

test('a bug is not taken for an outage', async () => {
  const kept = await memory();
  await remembered(kept, 'bot login', async () => 'old');
  await expect(remembered(kept, 'bot login', () => Promise.reject(new TypeError('bug')))).rejects.toThrow(
    'bug',
  );
});

test('a silence finds the last answer too', async () => {
  const kept = await memory();
  await remembered(kept, 'bot login', async () => 'countersign[bot]');
  const silence = remembered(kept, 'bot login', () => new Promise(() => undefined));
  expect(await clock.settle(silence)).toBe('countersign[bot]');
});
