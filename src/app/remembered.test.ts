import { expect, test } from 'vitest';
import { Failure } from '../engine/ports.ts';
import { openEmbeddedStore, type EmbeddedStore } from '../store/embedded.ts';
import { createMemoryDisk } from '../store/memory-disk.ts';
import { remembered } from './remembered.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const store = (): Promise<EmbeddedStore> => openEmbeddedStore({ disk: createMemoryDisk(), log: silent });
const outage = (): Promise<string> =>
  Promise.reject(new Failure('GitHub does not answer.', { transient: true }));

test('an outage finds the last answer', async () => {
  const kept = await store();
  expect(await remembered(kept, 'bot login', async () => 'countersign[bot]')).toBe('countersign[bot]');
  expect(await remembered(kept, 'bot login', outage)).toBe('countersign[bot]');
});

test('a new answer takes the place of the old one', async () => {
  const kept = await store();
  await remembered(kept, 'bot login', async () => 'old');
  expect(await remembered(kept, 'bot login', async () => 'new')).toBe('new');
  expect(await remembered(kept, 'bot login', outage)).toBe('new');
});

test('an outage before the first answer is a failure', async () => {
  await expect(remembered(await store(), 'bot login', outage)).rejects.toThrow('GitHub does not answer.');
});

test('a bug is not taken for an outage', async () => {
  const kept = await store();
  await remembered(kept, 'bot login', async () => 'old');
  await expect(remembered(kept, 'bot login', () => Promise.reject(new TypeError('bug')))).rejects.toThrow(
    'bug',
  );
});
