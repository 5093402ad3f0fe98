// What earlier versions wrote is read for ever.
import { expect, it } from 'vitest';
import { aDesk, aRequest, noon } from '../../test/builders/request.ts';
import { deskLines, noting, streamOf } from '../../test/builders/desk-stream.ts';
import { checkedLine } from './checked-line.ts';
import { openEmbeddedStore } from './embedded.ts';
import { createMemoryDisk } from './memory-disk.ts';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

it('opens a store from before desks had a stream, and begins one', async () => {
  const { request, lines } = aRequest();
  const registry = {
    upTo: 0,
    journal: { generation: 1, after: 0 },
    shards: [],
    cursors: [[aDesk, { head: 'a' }]],
    bookmarks: [],
    damage: { lostShards: [], droppedLines: 0 },
  };
  const changes = [
    { t: 'save', append: { id: request.id, after: 0, lines: lines.map(({ line }) => line) } },
    { t: 'committed', desk: aDesk, head: 'b', upTo: [[request.id, 1]] },
  ];
  const journal = changes.map((change, index) =>
    checkedLine({ n: index + 1, durable: index, begin: 0, change }),
  );
  const disk = createMemoryDisk();
  await disk.append(
    'registry.json',
    Buffer.from(checkedLine({ version: 1, lines: 1 }) + checkedLine(registry)),
  );
  await disk.append('journal-1.jsonl', Buffer.from(journal.join('')));

  const store = await openEmbeddedStore({ disk, log });
  expect(store.recovery).toEqual({ lostShards: [], droppedLines: 0 });
  expect(await store.load(request.id)).toMatchObject({ committedSeq: 1 });
  expect(await store.cursor(aDesk)).toEqual({ head: 'b' });
  expect(await store.deskStream(aDesk)).toBeUndefined();
  const begun = deskLines([noon]);
  await store.save(noting(begun));
  expect(await store.deskStream(aDesk)).toEqual(streamOf(begun));
});
