// What every store counts of a person's past: which requests, made when, and what became of them.
import { describe, expect, it } from 'vitest';
import { sealEntries } from '../../src/domain/entry-line.ts';
import { evolveAll } from '../../src/domain/evolve.ts';
import { minutes } from '../../src/domain/duration.ts';
import type { HistoryQuestion } from '../../src/domain/facts.ts';
import { account, deskId, personId, plus, type Instant } from '../../src/domain/names.ts';
import { statuses } from '../../src/domain/request.ts';
import type { Change, Store } from '../../src/engine/ports/store.ts';
import {
  aDesk,
  anId,
  approvalEntry,
  approvedEntry,
  aBrokenGlassIn,
  aQuietRequestIn,
  aRequest,
  aRequestIn,
  followedBy,
  noon,
  quieted,
  requestedEntry,
  reviewedEntry,
  someone,
  type Told,
} from '../builders/request.ts';

/** What the contract of the store lends. */
export interface HistoryHarness {
  store(): Store;
  reopen(): Promise<void>;
  housekeep(): Promise<void>;
}

const at = (number: number): Instant => plus(noon, minutes(number));

function changeOf({ request, lines }: Told): Change {
  return { append: { request, lines, afterSeq: 0 } };
}

export function storeHistoryContract({ store, reopen, housekeep }: HistoryHarness): void {
  async function counted(question: Partial<HistoryQuestion> = {}): Promise<readonly number[]> {
    const { requests, granted, denied } = await store().history({
      desk: aDesk,
      flow: 'aws-power-user',
      person: personId('ann'),
      within: minutes(60),
      until: at(60),
      ...question,
    });
    return [requests, granted, denied];
  }
  const save = async (told: Told): Promise<void> => store().save(changeOf(told));

  describe('a person’s history', () => {
    it('is empty for whoever asked for nothing', async () => {
      expect(await counted()).toEqual([0, 0, 0]);
    });

    it('counts all that they made, what was granted and what was denied, open or over', async () => {
      for (const [index, status] of statuses.entries())
        await save(aQuietRequestIn(status, { id: anId(index + 1), at: at(index) }));
      // Access was there for these: active, deescalating, ended.
      const all = [statuses.length, 3, 1];
      expect(await counted()).toEqual(all);
      await store().noteCommitted(aDesk, 'head', new Map(statuses.map((_, index) => [anId(index + 1), 99])));
      for (let round = 0; round < 2; round += 1) {
        await housekeep();
        await reopen();
        expect(await counted()).toEqual(all);
      }
    });

    it('counts an approval as granted where nothing else is', async () => {
      const asked = askedFor(1, { isForApproval: true });
      await save(followedBy(asked, [approvalEntry(), approvedEntry(asked.request)]));
      await save(askedFor(2, { isForApproval: true }));
      const escalating = aRequestIn('escalating', { id: anId(3) });
      await save(escalating);
      expect(await counted()).toEqual([3, 1, 0]);
      await reopen();
      expect(await counted()).toEqual([3, 1, 0]);
    });

    it('is of the person, by whichever account they asked, and of nobody else', async () => {
      await save(askedFor(1, { name: 'ann-o' }));
      await save(askedFor(2, { name: 'ann-at-home' }));
      await save(askedFor(3, { name: 'ann-o', person: 'bob' }));
      for (let round = 0; round < 2; round += 1) {
        expect(await counted()).toEqual([2, 0, 0]);
        expect(await counted({ person: personId('bob') })).toEqual([1, 0, 0]);
        expect(await counted({ person: personId('ann-o') })).toEqual([0, 0, 0]);
        await housekeep();
        await reopen();
      }
    });

    it('is of one flow of one desk, whatever commit the flow is at', async () => {
      await save(aRequest({ id: anId(1) }));
      await save(aRequest({ id: anId(2), flow: { name: 'aws-power-user', commit: 'another' } }));
      await save(aRequest({ id: anId(3), flow: { name: 'github-admin', commit: '9f3c000' } }));
      await save(aRequest({ id: anId(4), desk: deskId('github', 1) }));
      expect(await counted()).toEqual([2, 0, 0]);
      expect(await counted({ flow: 'github-admin' })).toEqual([1, 0, 0]);
      expect(await counted({ desk: deskId('github', 1) })).toEqual([1, 0, 0]);
    });

    it('goes by when it was asked, not by when that was recorded', async () => {
      await save(askedFor(1, { said: at(1), at: at(30) }));
      expect(await counted({ within: minutes(5), until: at(5) })).toEqual([1, 0, 0]);
      expect(await counted({ within: minutes(5), until: at(31) })).toEqual([0, 0, 0]);
    });

    it('follows what becomes of a request', async () => {
      const asked = aRequest();
      const denied = followedBy(asked, [{ type: 'denied', by: someone('bob', 'no'), data: {} }]);
      await save(asked);
      expect(await counted()).toEqual([1, 0, 0]);
      await store().save({
        append: { request: denied.request, lines: denied.lines.slice(1), afterSeq: 1 },
      });
      expect(await counted()).toEqual([1, 0, 1]);
    });

    it('is the same from a request that was restored', async () => {
      const { request, lines } = aQuietRequestIn('ended');
      await store().restore({
        request,
        lines: lines.map(({ line }) => line),
        committedSeq: lines.length,
        shownSeq: 0,
      });
      expect(await counted()).toEqual([1, 1, 0]);
      await reopen();
      expect(await counted()).toEqual([1, 1, 0]);
    });

    it('begins exactly so long before, and ends with the moment itself', async () => {
      for (const number of [0, 10, 20]) await save(aRequest({ id: anId(number), at: at(number) }));
      expect(await counted({ within: minutes(10), until: at(10) })).toEqual([2, 0, 0]);
      expect(await counted({ within: minutes(10), until: plus(at(10), -1) })).toEqual([1, 0, 0]);
      expect(await counted({ within: minutes(10), until: plus(at(10), 1) })).toEqual([1, 0, 0]);
      expect(await counted({ within: minutes(20), until: at(20) })).toEqual([3, 0, 0]);
      expect(await counted({ within: minutes(20), until: plus(at(20), 1) })).toEqual([2, 0, 0]);
      expect(await counted({ within: minutes(5), until: plus(at(20), -1) })).toEqual([0, 0, 0]);
    });

    it('leaves out the request that is looked at, and no other of the same moment', async () => {
      for (const number of [1, 2, 3]) await save(aRequest({ id: anId(number), at: at(10) }));
      expect(await counted({ until: at(10), except: anId(2) })).toEqual([2, 0, 0]);
    });
  });

  describe('everybody with requests that are not over', () => {
    it('is known, once each, of one desk', async () => {
      await save(quieted(aRequestIn('active')));
      await save(quieted(aRequestIn('pending', { id: anId(2) })));
      await save(quieted(aRequestIn('ended', { id: anId(3), desk: deskId('github', 1) })));
      expect(await store().requesters(aDesk)).toEqual(['ann']);
      expect(await store().requesters(deskId('github', 1))).toEqual([]);
    });
  });

  describe('a review that is still to be given', () => {
    const raised = (told: Told): Instant => told.request.review?.nextAt ?? noon;

    it('is known, due and not forgotten once the access has ended, until it is given', async () => {
      const told = quieted(aBrokenGlassIn('ended'));
      await save(told);
      await save(quieted(aRequestIn('ended', { id: anId(2) })));
      await save(quieted(aBrokenGlassIn('active', { id: anId(3), desk: deskId('github', 1) })));
      await store().noteCommitted(aDesk, 'head', new Map([anId(1), anId(2)].map((id) => [id, 99])));
      for (const id of [anId(1), anId(2)]) store().noteShown(id, 99);
      const { requester, review } = told.request;
      const asked = async (): Promise<readonly unknown[]> => [
        await store().reviews(aDesk),
        await store().open(aDesk),
        await store().due(raised(told), 9),
        (await store().unfinished({ desk: aDesk, requester: personId('ann') }, 9)).length,
      ];
      const expected = [
        [
          {
            request: anId(1),
            flow: 'aws-power-user',
            person: 'ann',
            account: requester.via.account,
            deadline: review?.deadline,
          },
        ],
        [anId(1)],
        [anId(3), anId(1)],
        1,
      ];
      await housekeep();
      expect(await asked()).toEqual(expected);
      await reopen();
      expect(await asked()).toEqual(expected);

      const reviewed = followedBy(told, [reviewedEntry()]);
      const lines = reviewed.lines.slice(told.lines.length);
      await store().save({
        append: { request: reviewed.request, lines, afterSeq: told.request.seq },
      });
      expect(await store().reviews(aDesk)).toEqual([]);
      expect(await store().due(raised(told), 9)).toEqual([anId(3)]);
      const all = quieted(reviewed);
      await store().save({
        append: {
          request: all.request,
          lines: all.lines.slice(reviewed.lines.length),
          afterSeq: reviewed.request.seq,
        },
      });
      await store().noteCommitted(aDesk, 'head', new Map([[anId(1), 99]]));
      store().noteShown(anId(1), 99);
      await housekeep();
      await reopen();
      expect(await store().open(aDesk)).toEqual([]);
      expect((await store().load(anId(1)))?.request.review?.closed?.outcome).toBe('fine');
    });
  });

  describe('the last requests of a desk', () => {
    it('are told newest first, open or over, and none of another desk', async () => {
      for (const [index, status] of statuses.entries())
        await save(aQuietRequestIn(status, { id: anId(index + 1), at: at(index) }));
      await save(aRequest({ id: anId(99), desk: deskId('github', 1) }));
      const all = statuses.map((_, index) => anId(index + 1)).reverse();
      const asked = async (): Promise<readonly unknown[]> => [
        await store().recent(aDesk, 3),
        await store().recent(aDesk, 1000),
        await store().recent(aDesk, 0),
      ];
      const expected = [all.slice(0, 3), all, []];
      expect(await asked()).toEqual(expected);
      await housekeep();
      await reopen();
      expect(await asked()).toEqual(expected);
    });

    it('are the last of many, in whatever order they came', async () => {
      const order = Array.from({ length: 350 }, (_, index) => ((index * 173) % 350) + 1);
      for (const number of order) await save(aQuietRequestIn('denied', { id: anId(number) }));
      expect(await store().recent(aDesk, 3)).toEqual([anId(350), anId(349), anId(348)]);
    });
  });
}

interface Asking {
  readonly name?: string;
  readonly person?: string;
  readonly said?: Instant;
  readonly at?: Instant;
  readonly isForApproval?: boolean;
}

function askedFor(
  number: number,
  { name = 'ann-o', person = 'ann', said, at = noon, isForApproval = false }: Asking,
): Told {
  const by = someone(person, `asked-${number}`);
  const via = { ...by.via, account: account('github', name), name };
  const id = anId(number);
  const entry = requestedEntry({ id, at });
  if (entry.type !== 'requested') throw new Error('It begins with the wish.');
  const { strategy, ...policy } = entry.data.policy;
  const data = { ...entry.data, policy: { ...policy, ...(!isForApproval && strategy && { strategy }) } };
  const lines = sealEntries([{ ...entry, by: { ...by, via, ...(said && { at: said }) }, data }], {
    request: id,
    flow: { name: 'aws-power-user', commit: '9f3c000' },
    after: undefined,
    at,
    mint: () => `${id}-1`,
  });
  const request = evolveAll(lines);
  if (request === undefined) throw new Error('It was asked for.');
  return { request, lines };
}
