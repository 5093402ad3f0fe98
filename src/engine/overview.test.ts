import { expect, test } from 'vitest';
import { aBrokenGlassIn, aDesk, anId, followedBy, reviewedEntry } from '../../test/builders/request.ts';
import { account, personId } from '../domain/names.ts';
import { createOverview } from './overview.ts';
import type { Stored } from './ports/store.ts';

const ended = aBrokenGlassIn('ended');
const early = aBrokenGlassIn('escalating', { id: anId(2) });
const reviewed = followedBy(aBrokenGlassIn('ended', { id: anId(3) }), [reviewedEntry()]);

const kept = new Map<string, Stored>(
  [ended, early, reviewed].map(({ request, lines }) => [
    request.id,
    { request, lines: lines.map(({ line }) => line), committedSeq: request.seq, shownSeq: request.seq },
  ]),
);

const overview = createOverview({
  store: {
    unfinished: async () => [],
    reviews: async () =>
      [ended, early].map(({ request }) => ({
        request: request.id,
        flow: request.flow.name,
        person: request.requester.person,
        account: request.requester.via.account,
        deadline: request.lastAt,
      })),
    load: async (id) => kept.get(id),
  },
  directory: {
    person: async (_, asked) => personId(asked.startsWith('github:id-of-') ? asked.slice(13) : 'ann'),
    belongs: async (_, person) => ['ann', 'dora'].includes(person),
  },
});

const ids = async (found: Promise<readonly { readonly id: string }[]>): Promise<readonly string[]> =>
  (await found).map(({ id }) => id);

test('what somebody may review waits for them, as soon as it may be reviewed, and never their own', async () => {
  expect(await ids(overview.waitingFor(aDesk, personId('dora')))).toEqual([ended.request.id]);
  expect(await ids(overview.waitingFor(aDesk, personId('ann')))).toEqual([]);
  expect(await ids(overview.waitingFor(aDesk, personId('bob')))).toEqual([]);
});

test('whoever waits for a review is told so by any account of theirs', async () => {
  const own = [ended.request.id, early.request.id];
  expect(await ids(overview.debtsOf(aDesk, account('github', 'id-of-ann')))).toEqual(own);
  expect(await ids(overview.debtsOf(aDesk, account('slack', 'T07ACME00/U07ANN000')))).toEqual(own);
  expect(await ids(overview.debtsOf(aDesk, account('github', 'id-of-bob')))).toEqual([]);
});
