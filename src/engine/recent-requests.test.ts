import { expect, test } from 'vitest';
import { aDesk, anId, aRequestIn } from '../../test/builders/request.ts';
import type { RequestId } from '../domain/names.ts';
import { Failure } from './ports/failure.ts';
import type { Stored } from './ports/store.ts';
import { recentRequests } from './recent-requests.ts';

const stored = (id: RequestId): Stored => {
  const { request, lines } = aRequestIn('ended', { id });
  return { request, lines: lines.map(({ line }) => line), committedSeq: request.seq, shownSeq: request.seq };
};
const recent = async (): Promise<readonly RequestId[]> => [anId(3), anId(2), anId(1)];

test('each is loaded, and one that cannot be read is passed by', async () => {
  const load = async (id: RequestId): Promise<Stored> => {
    if (id === anId(2)) throw new Failure('Its lines cannot be read.', { transient: false });
    return stored(id);
  };
  const found = await recentRequests({ recent, load }, aDesk);
  expect(found.map(({ id }) => id)).toEqual([anId(3), anId(1)]);
});

test('a mistake of ours is none that is passed by', async () => {
  const load = async (): Promise<Stored> => Promise.reject(new TypeError('This is a bug.'));
  await expect(recentRequests({ recent, load }, aDesk)).rejects.toThrow('This is a bug.');
});
