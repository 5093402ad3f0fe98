import { describe, expect, test } from 'vitest';
import { minutes } from '../domain/duration.ts';
import { instant, plus, type Instant } from '../domain/names.ts';
import type { Uncommitted } from '../engine/ports/store.ts';
import { deskLines, streamOf } from '../../test/builders/desk-stream.ts';
import { anId, approvalEntry, aRequest, followedBy, noon, type Told } from '../../test/builders/request.ts';
import { mostBytes, mostFiles, writeBatch } from './batch.ts';
import { ledgerScribe } from './scribe.ts';

const waiting = ({ request, lines }: Told, committed = 0): Uncommitted => ({
  request: request.id,
  desk: request.desk,
  lines: lines.map(({ line }) => line),
  committed,
});
const requests = (count: number): readonly Uncommitted[] =>
  Array.from({ length: count }, (_, index) => waiting(aRequest({ id: anId(index + 1) })));
const large = (number: number, bytes: number): Uncommitted =>
  waiting(aRequest({ id: anId(number), form: { fields: { reason: 'ž'.repeat(bytes / 2) } } }));

describe('a batch', () => {
  test('holds the whole file of each request, and says up to which entry', () => {
    const told = followedBy(aRequest(), [approvalEntry()]);
    const { commit, upTo } = writeBatch('B1', [waiting(told, 1)]);
    const [first, second] = told.lines.map(({ line }) => line);
    expect(commit.batch).toBe('B1');
    expect(commit.files).toEqual([
      { path: `requests/2026/11/20/${anId(1)}.jsonl`, content: `${first}\n${second}\n` },
    ]);
    expect(upTo).toEqual(new Map([[anId(1), 2]]));
  });

  test('keeps a request in the file of its first day', () => {
    const at = instant(Date.UTC(2026, 10, 20, 23, 59));
    const told = followedBy(aRequest({ at }), [approvalEntry()], instant(Date.UTC(2026, 10, 22)));
    expect(writeBatch('B1', [waiting(told, 1)]).commit.files[0]?.path).toContain('/2026/11/20/');
  });

  test(`holds at most ${mostFiles} files, the first ones`, () => {
    const { commit, upTo } = writeBatch('B1', requests(mostFiles + 3));
    expect(commit.files).toHaveLength(mostFiles);
    expect([...upTo.keys()]).toEqual(requests(mostFiles).map(({ request }) => request));
    expect(commit.trailers.filter(({ name }) => name === 'Countersign-Request')).toHaveLength(mostFiles);
  });

  test('stops before it grows too large, counted in bytes', () => {
    const { upTo } = writeBatch('B1', [large(1, mostBytes / 2), large(2, mostBytes / 2), large(3, 100)]);
    expect([...upTo.keys()]).toEqual([anId(1)]);
  });

  test('takes one request however large it is', () => {
    expect([...writeBatch('B1', [large(1, 2 * mostBytes), large(2, 100)]).upTo.keys()]).toEqual([anId(1)]);
  });

  test('leaves out what the ledger holds already', () => {
    const [held, lacking] = requests(2).map((each, index) => ({ ...each, committed: 1 - index }));
    const { upTo } = writeBatch(
      'B1',
      [held, lacking].flatMap((each) => each ?? []),
    );
    expect([...upTo.keys()]).toEqual([anId(2)]);
  });

  test('is not made of nothing', () => {
    expect(() => writeBatch('B1', [])).toThrow('No entry waits');
  });

  test('is what the engine gets from the scribe, whose own paths are entry files', () => {
    const { commit } = ledgerScribe.write('B1', requests(2));
    expect(commit.files.map(({ path }) => path).every(ledgerScribe.isEntryFile)).toBe(true);
    expect(ledgerScribe.isEntryFile('README.md')).toBe(false);
  });
});

describe('the stream of a desk', () => {
  const inDays = (days: number): Instant => plus(noon, minutes(days * 24 * 60));
  const lines = deskLines([noon, inDays(1), inDays(11)]);
  const [first = '', second = '', third = ''] = lines.map(({ line }) => line);

  test('is a file for each month that lacks something, whole', () => {
    const all = writeBatch('B1', [], streamOf(lines, 1));
    expect(all.commit.files).toEqual([
      { path: 'desk/2026/11.jsonl', content: `${first}\n${second}\n` },
      { path: 'desk/2026/12.jsonl', content: `${third}\n` },
    ]);
    expect(all).toMatchObject({ upTo: new Map(), streamUpTo: 3 });
    expect(writeBatch('B1', [], streamOf(lines, 2)).commit.files).toHaveLength(1);
    expect(() => writeBatch('B1', [], streamOf(lines, 3))).toThrow('No entry waits');
  });

  test('comes right after the first request, so that a burst does not keep it waiting', () => {
    const { commit, upTo, streamUpTo } = writeBatch('B1', requests(mostFiles + 3), streamOf(lines));
    expect(commit.files).toHaveLength(mostFiles);
    expect(commit.files.slice(1, 3).map(({ path }) => path)).toEqual([
      'desk/2026/11.jsonl',
      'desk/2026/12.jsonl',
    ]);
    expect([upTo.size, streamUpTo]).toEqual([mostFiles - 2, 3]);
  });

  const manyLines = (): ReturnType<typeof deskLines> => deskLines(Array.from({ length: 20 }, () => noon));

  test('waits where there is no room for it beside the first request, and holds no other up', () => {
    const big = large(1, mostBytes - 3000);
    const { upTo, ...batch } = writeBatch(
      'B1',
      [big, waiting(aRequest({ id: anId(2) }))],
      streamOf(manyLines()),
    );
    expect(batch).not.toHaveProperty('streamUpTo');
    expect([...upTo.keys()]).toEqual([anId(1), anId(2)]);
  });

  test('is written as far as it fits, month by month in their order', () => {
    const long = deskLines([...Array.from({ length: 20 }, () => noon), inDays(11)]);
    const { commit, ...batch } = writeBatch('B1', [large(1, mostBytes - 3000)], streamOf(long));
    expect(batch).not.toHaveProperty('streamUpTo');
    expect(commit.files).toHaveLength(1);
  });
});
