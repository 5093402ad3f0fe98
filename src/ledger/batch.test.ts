import { describe, expect, test } from 'vitest';
import { instant } from '../domain/names.ts';
import type { Uncommitted } from '../engine/ports.ts';
import { anId, approvalEntry, aRequest, followedBy, type Told } from '../../test/builders/request.ts';
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
