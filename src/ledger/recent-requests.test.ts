import { afterAll, beforeAll, expect, test } from 'vitest';
import { aRequestIn, anId } from '../../test/builders/request.ts';
import { aWrittenLedger, type WrittenLedger } from '../../test/builders/written-ledger.ts';
import { openGitCopy } from './git-copy.ts';
import type { LedgerCopy } from './ledger-copy.ts';
import { requestPath } from './layout.ts';
import { readRecentRequests } from './recent-requests.ts';

let written: WrittenLedger;
const told = [3, 1, 5, 2, 4].map((number) =>
  aRequestIn(number === 4 ? 'pending' : 'ended', { id: anId(number) }),
);

beforeAll(async () => {
  written = await aWrittenLedger();
  await written.commit(told.map((each) => ({ told: each, upTo: each.lines.length })));
});
afterAll(() => written.close());

async function opened<Read>(read: (copy: LedgerCopy) => Promise<Read>): Promise<Read> {
  const copy = await openGitCopy(written.folder);
  try {
    return await read(copy);
  } finally {
    copy.close();
  }
}

test('the newest are read as they stand, and no other', async () => {
  const asked: string[] = [];
  const { requests, unreadable } = await opened((copy) =>
    readRecentRequests({ list: copy.list, blob: (oid) => (asked.push(oid), copy.blob(oid)) }, 3),
  );
  expect(requests.map(({ id }) => id)).toEqual([anId(5), anId(4), anId(3)]);
  expect(requests[1]).toEqual(told[4]?.request);
  expect(unreadable).toBe(0);
  expect(asked).toHaveLength(3);
});

test('what is no plain file of a request is passed by, and one that cannot be read is counted', async () => {
  const at = told[0]?.request.requestedAt;
  if (at === undefined) throw new Error('It was made at some time.');
  const list = async (): ReturnType<LedgerCopy['list']> => [
    { path: requestPath(anId(7), at), mode: '100644', type: 'blob', oid: 'torn' },
    { path: requestPath(anId(8), at), mode: '100644', type: 'blob', oid: 'bytes' },
    { path: requestPath(anId(9), at), mode: '120000', type: 'blob', oid: 'link' },
    { path: 'requests/notes.txt', mode: '100644', type: 'blob', oid: 'notes' },
  ];
  const content: Readonly<Record<string, Buffer>> = {
    torn: Buffer.from('{"v":1'),
    bytes: Buffer.from([0xff, 0xfe]),
  };
  const blob = async (oid: string): Promise<Buffer> => {
    const found = content[oid];
    if (found === undefined) throw new Error(`Nobody should read ${oid}.`);
    return found;
  };
  expect(await readRecentRequests({ list, blob })).toEqual({ requests: [], unreadable: 2 });
});
