import { afterEach, beforeEach, expect, test } from 'vitest';
import { aRequest, aRequestIn, anId, noon } from '../../test/builders/request.ts';
import { deskLines } from '../../test/builders/desk-stream.ts';
import { aWrittenLedger, type WrittenLedger } from '../../test/builders/written-ledger.ts';
import { minutes } from '../domain/duration.ts';
import { plus, type Instant } from '../domain/names.ts';
import type { Untimely } from './entry-times.ts';
import { openGitCopy } from './git-copy.ts';
import { requestPath } from './layout.ts';
import { verifyLedger } from './verify.ts';

let written: WrittenLedger;
beforeEach(async () => {
  written = await aWrittenLedger();
});
afterEach(() => written.close());

async function untimely(): Promise<readonly Untimely[]> {
  const copy = await openGitCopy(written.folder);
  const { strength, untimely: found } = await verifyLedger(copy).finally(() => copy.close());
  expect(strength).toBe('consistent');
  return found;
}

/** Each commit is made a minute after the one before; the first with entries at 12:01. */
const asked = (at: Instant, number = 1): Promise<string> =>
  written.commit([{ told: aRequest({ id: anId(number), at }), upTo: 1 }]);

test('an entry that came with its commit, or waited for it, is nothing to tell of', async () => {
  await asked(noon);
  await asked(plus(noon, -minutes(57)), 2);
  expect(await untimely()).toEqual([]);
});

test('an entry that says it is older than its commit by more than an hour is told, with both times', async () => {
  await asked(noon);
  const at = plus(noon, -minutes(60));
  const oid = await asked(at, 2);
  expect(await untimely()).toMatchObject([
    { path: requestPath(anId(2), at), line: 1, says: at, commit: { oid, at: '2026-11-20T12:02:00Z' } },
  ]);
});

test('an entry that says it is younger than its commit is told', async () => {
  await asked(plus(noon, minutes(5)));
  const at = plus(noon, minutes(8));
  await asked(at, 2);
  expect(await untimely()).toMatchObject([{ says: at }]);
});

test('of many in a file of one commit the first is told', async () => {
  const told = aRequestIn('denied', { at: plus(noon, -minutes(180)) });
  await written.commit([{ told, upTo: 2 }]);
  expect(await untimely()).toMatchObject([{ line: 1, says: told.request.requestedAt }]);
});

test('what nothing waits for goes along with others, however late', async () => {
  await written.commitStream(deskLines([plus(noon, -minutes(180))]));
  expect(await untimely()).toEqual([]);
});
