// What earlier versions wrote is read for ever.
import { deflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { minutes } from '../domain/duration.ts';
import { plus } from '../domain/names.ts';
import { liveGrant } from '../domain/request.ts';
import { aDesk, aGrant, aQuietRequestIn, aRequest, noon } from '../../test/builders/request.ts';
import { deskLines, noting, streamOf } from '../../test/builders/desk-stream.ts';
import { checkedLine } from './checked-line.ts';
import { openEmbeddedStore } from './embedded.ts';
import { createMemoryDisk } from './memory-disk.ts';
import { shardName, shardOf } from './shard.ts';

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

it('works out from the lines what another release said of a request', async () => {
  const { request, lines } = aQuietRequestIn('active');
  const kept = {
    lines: deflateRawSync(JSON.stringify(lines.map(({ line }) => line)), { level: 1 }).toString('base64'),
    committed: request.seq,
    shown: request.seq,
    // It knew of no deadline, owed something, and kept whole grants.
    summary: { id: request.id, over: false, owes: true, keys: [], grant: { grant: {}, startedAt: noon } },
  };
  const name = shardName(shardOf(request.id));
  const registry = {
    upTo: 0,
    journal: { generation: 1, after: 0 },
    shards: [shardOf(request.id)],
    cursors: [[aDesk, { head: 'a' }]],
    bookmarks: [],
    damage: { lostShards: [], droppedLines: 0 },
  };
  const disk = createMemoryDisk();
  const file = (...all: readonly unknown[]): Buffer =>
    Buffer.from([{ version: 1, lines: all.length }, ...all].map(checkedLine).join(''));
  await disk.append('registry.json', file(registry));
  await disk.append(name, file({ upTo: 0 }, { open: kept }));

  for (const round of [1, 2]) {
    const store = await openEmbeddedStore({ disk, log });
    expect(store.recovery, `${round}`).toEqual({ lostShards: [], droppedLines: 0 });
    expect(await store.owing()).toEqual([]);
    expect(await store.due(plus(noon, minutes(60)), 9)).toEqual([request.id]);
    expect((await store.live(aGrant().resource, aGrant().account)).map(({ grant }) => grant)).toEqual([
      liveGrant(request),
    ]);
    expect((await store.load(request.id))?.lines).toEqual(lines.map(({ line }) => line));
    await store.compact();
    await store.close();
  }
  const text = Buffer.from((await disk.read(name)) ?? []).toString();
  expect(text).toContain('"form":');
  expect(text).not.toContain('"grant":{"grant"');
});
