import { afterEach, beforeEach, expect, test } from 'vitest';
import { appending } from '../../test/contracts/store.ts';
import { deskLines, noting } from '../../test/builders/desk-stream.ts';
import { aDesk, anId, aRequest, noon } from '../../test/builders/request.ts';
import { createVirtualClock, type VirtualClock } from '../../test/virtual-clock.ts';
import { deskId } from '../domain/names.ts';
import { openEmbeddedStore, type EmbeddedStore } from '../store/embedded.ts';
import { createMemoryDisk } from '../store/memory-disk.ts';
import { endWithin } from './ending.ts';

let clock: VirtualClock;
let store: EmbeddedStore;
let said: (readonly [string, unknown])[];
const log = {
  info: () => undefined,
  warn: (text: string, fields: unknown = {}) => void said.push([text, fields]),
  error: (text: string, fields: unknown = {}) => void said.push([text, fields]),
};

beforeEach(async () => {
  clock = createVirtualClock();
  said = [];
  store = await openEmbeddedStore({ disk: createMemoryDisk(), log });
});
afterEach(() => store.close());

const end = (finish: () => Promise<void>): Promise<void> =>
  endWithin(8000, { store, desks: [aDesk, deskId('github', 12)], clock, log, finish });

async function isClosed(): Promise<boolean> {
  return store.setBookmark('any', 'thing').then(
    () => false,
    () => true,
  );
}

test('what is under way is ended, and then the store is closed', async () => {
  const before = clock.now();
  await clock.settle(end(() => clock.sleep(3000)));
  expect(Date.parse(clock.now()) - Date.parse(before)).toBe(3000);
  expect(said).toEqual([]);
  expect(await isClosed()).toBe(true);
});

test('a service that never answers does not keep the store open, however much waits for it', async () => {
  const before = clock.now();
  await clock.settle(end(() => new Promise(() => undefined)));
  expect(Date.parse(clock.now()) - Date.parse(before)).toBe(8000);
  expect(said).toEqual([
    ['What was under way is left behind; the next start takes it up', { waitedMs: 8000 }],
  ]);
  expect(await isClosed()).toBe(true);
});

test('what the ledger lacks is counted, desk by desk: of requests, and of the desk’s own', async () => {
  const told = aRequest();
  await store.save(appending(told));
  await store.setCursor(aDesk, { head: 'h' });
  await store.save(appending(aRequest({ id: anId(2) })));
  await store.save(noting(deskLines([noon, noon, noon])));
  await store.noteCommitted(aDesk, 'h2', new Map([[told.request.id, told.request.seq]]), 1);
  await end(async () => undefined);
  expect(said).toEqual([
    [
      'Entries wait for the ledger; they are safe in the store and committed at the next start',
      { desk: aDesk, entries: told.lines.length + 2 },
    ],
  ]);
});

test('what breaks while it ends is said, and the store is closed all the same', async () => {
  await end(() => Promise.reject(new Error('broken')));
  expect(said).toEqual([['What was under way could not be ended in good order', { error: 'broken' }]]);
  expect(await isClosed()).toBe(true);
});
