// What every store must do, whichever database is behind it: run against each implementation.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { minutes } from '../../src/domain/duration.ts';
import { deskId, plus, requestId, type RequestId } from '../../src/domain/names.ts';
import {
  keyOf,
  StaleChangeError,
  type Change,
  type Store,
  type Stored,
} from '../../src/engine/ports/store.ts';
import { anEnvelope, type EnvelopeOptions } from '../builders/command.ts';
import { deskLines, noting, streamOf } from '../builders/desk-stream.ts';
import {
  aDesk,
  aGrant,
  anId,
  approvalEntry,
  approvedEntry,
  aQuietRequestIn,
  aRequest,
  aRequestIn,
  aThread,
  escalationStartedEntry,
  followedBy,
  noon,
  type Told,
} from '../builders/request.ts';
import { storeHistoryContract } from './store-history.ts';

export interface Harness {
  readonly store: Store;
  /** The same data opened again, after an orderly close or after a kill. The old store is of no more use. */
  reopen(how: 'closed' | 'killed'): Promise<Harness>;
  /** Whatever the store does by itself from time to time, now. */
  housekeep(): Promise<void>;
  /** Frees what the test used. */
  end(): Promise<void>;
}

/** The change that saves all lines of `told` after the first `known`. */
export function appending(told: Told, known = 0): Change {
  const lines = told.lines.slice(known);
  return { append: { request: told.request, lines, afterSeq: known } };
}

export function storedAs(told: Told, marks: Partial<Stored> = {}): Stored {
  return { request: told.request, lines: linesOf(told), committedSeq: 0, shownSeq: 0, ...marks };
}

export function linesOf({ lines }: Told): readonly string[] {
  return lines.map(({ line }) => line);
}

/** Nothing is owed any more: the ledger holds it, the card shows it. */
export async function settleWholly(store: Store, told: Told): Promise<void> {
  const { id, desk, seq } = told.request;
  await store.noteCommitted(desk, 'head', new Map([[id, seq]]));
  store.noteShown(id, seq);
}

export function storeContract(name: string, open: () => Promise<Harness>): void {
  describe(`${name} is a store`, () => {
    let harness: Harness;
    beforeEach(async () => {
      harness = await open();
    });
    afterEach(() => harness.end());

    const store = (): Store => harness.store;
    async function reopen(how: 'closed' | 'killed' = 'killed'): Promise<void> {
      harness = await harness.reopen(how);
    }
    async function accepted(options: EnvelopeOptions): Promise<number> {
      const taken = await store().accept(anEnvelope(options));
      if (!('accepted' in taken)) throw new Error('It was known.');
      return taken.accepted.position;
    }
    async function waitingRefs(): Promise<readonly string[]> {
      return (await store().waiting()).map(({ command }) => command.voice.ref);
    }

    describe('the inbox', () => {
      it('keeps what it accepted across a kill, in order of receipt', async () => {
        for (const number of [3, 1, 2]) await accepted({ ref: `c${number}`, request: anId(number) });
        await reopen();
        expect(await waitingRefs()).toEqual(['c3', 'c1', 'c2']);
        await accepted({ ref: 'c0', request: anId(7) });
        expect(await waitingRefs()).toEqual(['c3', 'c1', 'c2', 'c0']);
      });

      it('gives back exactly the envelope, with a position that grows', async () => {
        const first = await store().accept(anEnvelope({ ref: 'a' }));
        const second = await store().accept(anEnvelope({ ref: 'b' }));
        if (!('accepted' in first && 'accepted' in second)) throw new Error('Both are new.');
        expect(first.accepted).toMatchObject(anEnvelope({ ref: 'a' }));
        expect(second.accepted.position).toBeGreaterThan(first.accepted.position);
        await reopen('closed');
        expect(await store().waiting()).toEqual([first.accepted, second.accepted]);
      });

      it('says what waits about one request', async () => {
        for (const number of [1, 2, 3, 4]) await accepted({ ref: `c${number}`, request: anId(number % 2) });
        const about = async (id: RequestId): Promise<readonly string[]> =>
          (await store().waiting(id)).map(({ command }) => command.voice.ref);
        expect(await about(anId(0))).toEqual(['c2', 'c4']);
        const [first] = await store().waiting(anId(1));
        await store().save({ settles: first?.position ?? 0 });
        await reopen();
        expect(await about(anId(1))).toEqual(['c3']);
        expect(await about(anId(7))).toEqual([]);
      });

      it('knows a key that waits, and says whose it is', async () => {
        await accepted({ ref: 'c1', request: anId(1) });
        expect(await store().accept(anEnvelope({ ref: 'c1', request: anId(2) }))).toEqual({ known: anId(1) });
        await reopen();
        expect(await store().accept(anEnvelope({ ref: 'c1', request: anId(2) }))).toEqual({ known: anId(1) });
        expect(await waitingRefs()).toEqual(['c1']);
      });

      it('takes one of many deliveries of one key at the same time', async () => {
        const taken = await Promise.all(
          Array.from({ length: 8 }, (_, number) =>
            store().accept(anEnvelope({ ref: 'same', request: anId(number + 1) })),
          ),
        );
        expect(taken.filter((one) => 'accepted' in one)).toHaveLength(1);
        expect(taken.filter((one) => 'known' in one && one.known === anId(1))).toHaveLength(7);
      });

      it('knows a key that was settled with an entry', async () => {
        const asked = aRequest({ ref: 'issue-1' });
        const settles = await accepted({ ref: 'issue-1', type: 'request', by: 'ann' });
        await store().save({ settles, ...appending(asked) });
        expect(await store().waiting()).toEqual([]);
        await reopen();
        expect(await store().accept(anEnvelope({ ref: 'issue-1', request: anId(9) }))).toEqual({
          known: anId(),
        });
      });

      it('knows a key that was settled without any entry, with and without a request', async () => {
        await store().save(appending(aRequest()));
        await store().save({ settles: await accepted({ ref: 'about it' }) });
        await store().save({ settles: await accepted({ ref: 'about nothing', request: anId(2) }) });
        await reopen();
        await harness.housekeep();
        await reopen();
        for (const [ref, request] of [
          ['about it', anId()],
          ['about nothing', anId(2)],
        ] as const)
          expect(await store().accept(anEnvelope({ ref, request }))).toEqual({ known: request });
        expect(await store().waiting()).toEqual([]);
      });

      it('settles an envelope once, and refuses entries that come with a settled one', async () => {
        const settles = await accepted({ ref: 'c1' });
        await store().save({ settles });
        await store().save({ settles });
        await expect(store().save({ settles, ...appending(aRequest()) })).rejects.toThrow(StaleChangeError);
        expect(await store().load(anId())).toBeUndefined();
      });

      it('keeps a refused envelope waiting, with its refusal, until it is settled', async () => {
        const position = await accepted({ ref: 'c1' });
        const refusal = { code: 'self-approval' } as const;
        await store().save({ refuses: { position, refusal } });
        await reopen();
        expect(await store().waiting()).toMatchObject([{ position, refusal }]);
        await store().save({ settles: position });
        await reopen();
        expect(await store().waiting()).toEqual([]);
      });
    });

    describe('requests', () => {
      it('gives back what was saved, after a close, a kill and housekeeping', async () => {
        const told = aRequestIn('active');
        await store().save(appending(told));
        expect(await store().load(anId())).toEqual(storedAs(told));
        for (const how of ['closed', 'killed'] as const) {
          await harness.housekeep();
          await reopen(how);
          expect(await store().load(anId())).toEqual(storedAs(told));
        }
        expect(await store().load(anId(2))).toBeUndefined();
      });

      it('appends line after line', async () => {
        const asked = aRequest();
        const approved = followedBy(asked, [approvalEntry()]);
        const started = followedBy(approved, [approvedEntry(approved.request), escalationStartedEntry()]);
        await store().save(appending(asked));
        await store().save(appending(approved, 1));
        await harness.housekeep();
        await store().save(appending(started, 2));
        await reopen();
        expect(await store().load(anId())).toEqual(storedAs(started));
      });

      it('refuses a stale change, and applies nothing of it', async () => {
        const asked = aRequest();
        const settles = await accepted({ ref: 'late' });
        const position = await accepted({ ref: 'later' });
        await store().save(appending(asked));
        for (const stale of [
          appending(asked),
          appending(followedBy(followedBy(asked, [approvalEntry()]), [approvedEntry(asked.request)]), 2),
        ])
          await expect(
            store().save({ ...stale, settles, refuses: { position, refusal: { code: 'self-approval' } } }),
          ).rejects.toThrow(StaleChangeError);
        await reopen();
        expect(await store().load(anId())).toEqual(storedAs(asked));
        expect(await waitingRefs()).toEqual(['late', 'later']);
        expect(await store().waiting()).not.toMatchObject([{}, { refusal: {} }]);
      });

      it('says that a change is stale only once what was first can be read', async () => {
        const asked = aRequest();
        await store().save(appending(asked));
        const approved = followedBy(asked, [approvalEntry()]);
        const [, seen] = await Promise.all([
          store().save(appending(approved, 1)),
          store()
            .save(appending(approved, 1))
            .catch(() => store().load(anId())),
        ]);
        expect(seen).toEqual(storedAs(approved));
      });

      it('lets one of two changes win that race for the same place', async () => {
        const asked = aRequest();
        await store().save(appending(asked));
        const rivals = ['bob', 'cleo'].map((person) => followedBy(asked, [approvalEntry(person)]));
        const results = await Promise.allSettled(rivals.map((rival) => store().save(appending(rival, 1))));
        expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        expect((await store().load(anId()))?.lines).toHaveLength(2);
      });

      it('finds a request by its thread and by the key that started it, for ever', async () => {
        const told = aQuietRequestIn('ended', { ref: 'issue-7', thread: aThread(7) });
        await store().save(appending(told));
        await settleWholly(store(), told);
        for (let round = 0; round < 3; round += 1) {
          expect(await store().byThread(aThread(7))).toBe(anId());
          expect(await store().byKey(keyOf({ surface: 'github', ref: 'issue-7' }))).toBe(anId());
          expect(await store().load(anId())).toMatchObject({ lines: linesOf(told) });
          await harness.housekeep();
          await reopen('closed');
        }
        expect(await store().byThread(aThread(8))).toBeUndefined();
        expect(await store().byKey(keyOf({ surface: 'github', ref: 'issue-8' }))).toBeUndefined();
      });

      it('says which requests are not over, or owe somebody something', async () => {
        const quiet = aQuietRequestIn('ended', { id: anId(1) });
        const unshown = aQuietRequestIn('ended', { id: anId(2) });
        const uncommitted = aQuietRequestIn('denied', { id: anId(3) });
        const untold = aRequestIn('denied', { id: anId(4) });
        const pending = aQuietRequestIn('pending', { id: anId(5), desk: deskId('github', 1) });
        for (const told of [quiet, unshown, uncommitted, untold, pending])
          await store().save(appending(told));
        await settleWholly(store(), quiet);
        await store().noteCommitted(aDesk, 'head', new Map([[unshown.request.id, unshown.request.seq]]));
        store().noteShown(uncommitted.request.id, uncommitted.request.seq);
        await settleWholly(store(), untold);
        await settleWholly(store(), pending);
        await harness.housekeep();
        await reopen('closed');
        expect(await store().open()).toEqual([2, 3, 4, 5].map(anId));
        expect(await store().open(aDesk)).toEqual([2, 3, 4].map(anId));
      });

      it('says which requests a start has to look at: not those that wait for time or for people', async () => {
        const quiet = (['pending', 'active', 'ended'] as const).map((status, index) =>
          aQuietRequestIn(status, { id: anId(index + 1) }),
        );
        const revoked = aQuietRequestIn('deescalating', { id: anId(4) });
        const untold = aRequestIn('active', { id: anId(5) });
        const uncommitted = aQuietRequestIn('active', { id: anId(6) });
        const unshown = aQuietRequestIn('active', { id: anId(7) });
        for (const told of [...quiet, revoked, untold, uncommitted, unshown])
          await store().save(appending(told));
        for (const told of [...quiet, revoked, untold]) await settleWholly(store(), told);
        store().noteShown(uncommitted.request.id, uncommitted.request.seq);
        await store().noteCommitted(aDesk, 'head', new Map([[unshown.request.id, unshown.request.seq]]));
        const left = [4, 5, 6, 7].map(anId);
        expect(await store().owing()).toEqual(left);
        await harness.housekeep();
        await reopen('closed');
        expect(await store().owing()).toEqual(left);
      });

      it('takes up an ended request again when something more is said of it', async () => {
        const told = aQuietRequestIn('ended');
        await store().save(appending(told));
        await settleWholly(store(), told);
        await harness.housekeep();
        const { by } = approvalEntry('dan', 'too late');
        const more = followedBy(told, [
          { type: 'refused', by, data: { command: 'approve', code: 'too-late' } },
        ]);
        await store().save(appending(more, told.request.seq));
        await reopen();
        expect((await store().load(anId()))?.lines).toEqual(linesOf(more));
        expect((await store().uncommitted(aDesk, 9)).map(({ request }) => request)).toEqual([anId()]);
        for (const ref of ['too late', `approved-${anId()}`])
          expect(await store().accept(anEnvelope({ ref }))).toEqual({ known: anId() });
      });
    });

    describe('what is due', () => {
      it('is found earliest first, up to the moment and the limit', async () => {
        const at = (number: number): ReturnType<typeof plus> => plus(noon, minutes(number));
        for (const [number, due] of [
          [1, 30],
          [2, 10],
          [3, 20],
          [4, 10],
          [5, 90],
        ] as const)
          await store().save(
            appending(aRequest({ id: anId(number), lapseAt: at(due), thread: aThread(number) })),
          );
        await reopen();
        expect(await store().due(at(9), 9)).toEqual([]);
        expect(await store().due(at(10), 9)).toEqual([2, 4].map(anId));
        expect(await store().due(at(60), 3)).toEqual([2, 4, 3].map(anId));
        expect(await store().due(at(60), 9)).toEqual([2, 4, 3, 1].map(anId));
        expect(await store().due(at(60), 9)).toEqual([2, 4, 3, 1].map(anId));
      });

      it('follows the request: a later deadline replaces an earlier one, an end takes it away', async () => {
        const asked = aRequest({ lapseAt: plus(noon, minutes(1)) });
        const started = followedBy(asked, [
          approvalEntry(),
          approvedEntry(asked.request),
          escalationStartedEntry(),
        ]);
        await store().save(appending(asked));
        await store().save(appending(started, 1));
        expect(await store().due(plus(noon, minutes(5)), 9)).toEqual([]);
        expect(await store().due(plus(noon, minutes(17)), 9)).toEqual([anId()]);
        await store().save(appending(aRequestIn('denied', { id: anId(2) })));
        await reopen();
        expect(await store().due(plus(noon, minutes(99_999)), 9)).toEqual([anId()]);
      });
    });

    describe('grants', () => {
      it('are found by resource and account from their start to their end, oldest first', async () => {
        const grant = aGrant();
        const later = aRequestIn('approved', { id: anId(1), at: plus(noon, minutes(9)) });
        const sooner = aRequestIn('approved', { id: anId(2) });
        for (const told of [later, sooner])
          await store().save(appending(followedBy(told, [escalationStartedEntry(grant)])));
        await store().save(appending(aRequestIn('ended', { id: anId(3) })));
        await store().save(appending(aRequestIn('failed', { id: anId(4) })));
        await store().save(appending(aRequestIn('approved', { id: anId(5) })));
        await store().save(
          appending(aRequestIn('deescalating', { id: anId(6), at: plus(noon, minutes(30)) })),
        );
        for (let round = 0; round < 2; round += 1) {
          const live = await store().live(grant.resource, grant.account);
          expect(live.map(({ request }) => request)).toEqual([2, 1, 6].map(anId));
          expect(live[0]?.grant).toEqual(grant);
          await harness.housekeep();
          await reopen();
        }
        expect(await store().live(grant.resource, 'aws:somebody-else')).toEqual([]);
      });
    });

    describe('the ledger', () => {
      it('lacks what is not committed yet, oldest first, a desk at a time', async () => {
        const elsewhere = deskId('github', 1);
        const saved = [
          aRequest({ id: anId(1), at: plus(noon, minutes(3)) }),
          aRequest({ id: anId(2), at: plus(noon, minutes(1)) }),
          aRequest({ id: anId(3), at: plus(noon, minutes(2)) }),
          aRequest({ id: anId(4), desk: elsewhere }),
        ];
        for (const told of saved) await store().save(appending(told));
        await reopen();
        const ids = async (limit = 9): Promise<readonly RequestId[]> =>
          (await store().uncommitted(aDesk, limit)).map(({ request }) => request);
        expect(await ids()).toEqual([2, 3, 1].map(anId));
        expect(await ids(2)).toEqual([2, 3].map(anId));
        expect(await store().uncommitted(elsewhere, 9)).toEqual([
          { request: anId(4), desk: elsewhere, lines: saved[3] && linesOf(saved[3]), committed: 0 },
        ]);
        await store().noteCommitted(
          aDesk,
          'head-1',
          new Map([
            [anId(2), 1],
            [anId(1), 1],
          ]),
        );
        expect(await ids()).toEqual([anId(3)]);
        await reopen();
        expect(await ids()).toEqual([anId(3)]);
        expect(await store().cursor(aDesk)).toEqual({ head: 'head-1' });
      });

      it('says how much of a request is committed, which never becomes less', async () => {
        const asked = aRequest();
        const more = followedBy(asked, [approvalEntry()]);
        await store().save(appending(asked));
        await store().save(appending(more, 1));
        await store().noteCommitted(aDesk, 'head-1', new Map([[anId(), 1]]));
        await store().noteCommitted(
          aDesk,
          'head-1',
          new Map([
            [anId(), 0],
            [anId(77), 3],
          ]),
        );
        await reopen();
        expect(await store().uncommitted(aDesk, 1)).toMatchObject([{ lines: linesOf(more), committed: 1 }]);
        expect(await store().load(anId())).toMatchObject({ committedSeq: 1 });
      });

      it('keeps cursors and bookmarks, each by its name', async () => {
        await store().setCursor(aDesk, { head: 'a', diverged: 'somebody pushed' });
        await store().setBookmark('deliveries', '17');
        await store().setBookmark('deliveries', '18');
        for (let round = 0; round < 2; round += 1) {
          await reopen();
          expect(await store().cursor(aDesk)).toEqual({ head: 'a', diverged: 'somebody pushed' });
          expect(await store().bookmark('deliveries')).toBe('18');
          await harness.housekeep();
        }
        expect(await store().cursor(deskId('github', 1))).toBeUndefined();
        expect(await store().bookmark('other')).toBeUndefined();
        await store().noteCommitted(aDesk, 'b', new Map());
        expect(await store().cursor(aDesk)).toEqual({ head: 'b', diverged: 'somebody pushed' });
      });

      it('remembers what the card shows over an orderly close', async () => {
        await store().save(appending(aRequestIn('active')));
        store().noteShown(anId(), 2);
        store().noteShown(anId(), 1);
        expect(await store().load(anId())).toMatchObject({ shownSeq: 2 });
        await reopen('closed');
        expect(await store().load(anId())).toMatchObject({ shownSeq: 2 });
      });
    });

    describe('rebuilding', () => {
      it('puts a request in place so that everything finds it', async () => {
        const told = aRequestIn('active', { ref: 'issue-3', thread: aThread(3) });
        const given = storedAs(told, { committedSeq: told.request.seq });
        expect(await store().restore(given)).toBe('put');
        await reopen();
        expect(await store().load(anId())).toEqual(given);
        expect(await store().byThread(aThread(3))).toBe(anId());
        expect(await store().byKey(keyOf({ surface: 'github', ref: 'issue-3' }))).toBe(anId());
        expect(await store().accept(anEnvelope({ ref: `approved-${anId()}` }))).toEqual({ known: anId() });
        expect(await store().due(plus(noon, minutes(60)), 9)).toEqual([anId()]);
        expect(await store().uncommitted(aDesk, 9)).toEqual([]);
        expect(await store().live(aGrant().resource, aGrant().account)).toHaveLength(1);
      });

      it('keeps its own lines where they go on from the given ones', async () => {
        const asked = aRequest();
        const more = followedBy(asked, [approvalEntry()]);
        await store().restore(storedAs(more));
        expect(await store().restore(storedAs(asked, { committedSeq: 1 }))).toBe('kept');
        await reopen();
        expect(await store().load(anId())).toEqual(storedAs(more, { committedSeq: 1 }));
      });

      it('takes the longer chain of the ledger', async () => {
        const asked = aRequest();
        const more = followedBy(asked, [approvalEntry()]);
        await store().save(appending(asked));
        expect(await store().restore(storedAs(more, { committedSeq: 2 }))).toBe('put');
        await reopen();
        expect(await store().load(anId())).toEqual(storedAs(more, { committedSeq: 2 }));
      });

      it('lets the ledger win where the lines differ, and says so', async () => {
        const asked = aRequest();
        const ours = followedBy(asked, [approvalEntry('bob', 'ours')]);
        const theirs = followedBy(asked, [approvalEntry('cleo', 'theirs')]);
        await store().save(appending(ours));
        expect(await store().restore(storedAs(theirs, { committedSeq: 2 }))).toBe('replaced');
        await reopen();
        expect(await store().load(anId())).toEqual(storedAs(theirs, { committedSeq: 2 }));
        expect(await store().accept(anEnvelope({ ref: 'ours' }))).toMatchObject({ accepted: {} });
        expect(await store().accept(anEnvelope({ ref: 'theirs' }))).toEqual({ known: anId() });
      });

      it('knows an ended request that is restored again', async () => {
        const told = aQuietRequestIn('ended');
        await store().save(appending(told));
        await settleWholly(store(), told);
        await harness.housekeep();
        expect(await store().restore(storedAs(told, { committedSeq: told.request.seq }))).toBe('kept');
        expect(await store().open()).toEqual([]);
      });
    });

    describe('the stream of a desk', () => {
      const days = (...numbers: readonly number[]): ReturnType<typeof plus>[] =>
        numbers.map((number) => plus(noon, minutes(number * 24 * 60)));
      /** Two in November, two in December. */
      const lines = deskLines(days(0, 1, 11, 12));

      it('is not there before anything was recorded', async () => {
        expect(await store().deskStream(aDesk)).toBeUndefined();
      });

      it('gives back what was appended, a desk at a time, after a close, a kill and housekeeping', async () => {
        const elsewhere = deskLines(days(0), { desk: deskId('github', 1) });
        await store().save(noting(lines.slice(0, 2)));
        await store().save(noting(elsewhere));
        await store().save(noting(lines, 2));
        for (const how of ['closed', 'killed'] as const) {
          expect(await store().deskStream(aDesk)).toEqual(streamOf(lines));
          expect(await store().deskStream(deskId('github', 1))).toEqual(streamOf(elsewhere));
          await harness.housekeep();
          await reopen(how);
        }
        expect(await store().deskStream(aDesk)).toEqual(streamOf(lines));
      });

      it('is durable together with the refusal of an envelope, or not at all', async () => {
        const position = await accepted({ ref: 'c1', type: 'request', by: 'eve' });
        const refuses = { position, refusal: { code: 'unlinked-account', name: 'eve' } } as const;
        await store().save({ refuses, ...noting(lines.slice(0, 1)) });
        await reopen();
        expect(await store().waiting()).toMatchObject([{ position, refusal: { code: 'unlinked-account' } }]);
        expect(await store().deskStream(aDesk)).toMatchObject({ end: { seq: 1 } });
        await store().save({ settles: position });
        await expect(store().save({ refuses, ...noting(lines.slice(0, 2), 1) })).rejects.toThrow(
          StaleChangeError,
        );
        expect(await store().deskStream(aDesk)).toMatchObject({ end: { seq: 1 } });
      });

      it('refuses a stale change with all that comes with it', async () => {
        await store().save(noting(lines.slice(0, 1)));
        const position = await accepted({ ref: 'c1', type: 'request', by: 'eve' });
        for (const stale of [noting(lines.slice(0, 1)), noting(lines.slice(0, 3), 2)])
          await expect(store().save({ settles: position, ...stale })).rejects.toThrow(StaleChangeError);
        expect(await waitingRefs()).toEqual(['c1']);
      });

      it('keeps what follows from its lines together with them, or not at all', async () => {
        const after = (number: number, value: string): Change => {
          const { desk } = noting(lines.slice(0, number), number - 1);
          return { ...(desk && { desk: { ...desk, bookmark: { name: 'links', value } } }) };
        };
        await store().save(after(1, 'one'));
        await store().save(after(2, 'two'));
        await expect(store().save(after(2, 'lost'))).rejects.toThrow(StaleChangeError);
        await reopen('killed');
        for (const how of ['closed', 'killed'] as const) {
          expect(await store().bookmark('links')).toBe('two');
          expect(await store().deskStream(aDesk)).toEqual(streamOf(lines.slice(0, 2)));
          await harness.housekeep();
          await reopen(how);
        }
        expect(await store().bookmark('links')).toBe('two');
      });

      it('lets one of two that append at once win', async () => {
        const results = await Promise.allSettled([1, 2].map(() => store().save(noting(lines.slice(0, 1)))));
        expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        expect(await store().deskStream(aDesk)).toEqual(streamOf(lines.slice(0, 1)));
      });

      it('says how much of it is committed, which never becomes less', async () => {
        await store().save(noting(lines.slice(0, 2)));
        await store().noteCommitted(aDesk, 'head-1', new Map(), 1);
        await store().noteCommitted(aDesk, 'head-2', new Map());
        await store().noteCommitted(aDesk, 'head-3', new Map(), 0);
        for (let round = 0; round < 2; round += 1) {
          expect(await store().deskStream(aDesk)).toEqual(streamOf(lines.slice(0, 2), 1));
          await harness.housekeep();
          await reopen();
        }
        await store().noteCommitted(aDesk, 'head-4', new Map(), 99);
        expect(await store().deskStream(aDesk)).toEqual(streamOf(lines.slice(0, 2), 2));
      });

      it('keeps whole months from the first that the ledger lacks', async () => {
        await store().save(noting(lines));
        await store().noteCommitted(aDesk, 'head-1', new Map(), 1);
        expect(await store().deskStream(aDesk)).toEqual(streamOf(lines, 1));
        await store().noteCommitted(aDesk, 'head-2', new Map(), 2);
        for (let round = 0; round < 2; round += 1) {
          expect(await store().deskStream(aDesk)).toEqual(streamOf(lines.slice(2), 2));
          await harness.housekeep();
          await reopen();
        }
        await store().save(noting([...lines, ...deskLines(days(42), { before: lines })], 4));
        expect((await store().deskStream(aDesk))?.lines).toHaveLength(3);
        await store().noteCommitted(aDesk, 'head-3', new Map(), 4);
        expect((await store().deskStream(aDesk))?.lines).toHaveLength(1);
      });

      it('is put in place from the ledger, and goes on from there', async () => {
        expect(await store().restoreStream(streamOf(lines.slice(2), 4))).toBe('put');
        const more = [...lines, ...deskLines(days(13), { before: lines })];
        await reopen();
        expect(await store().deskStream(aDesk)).toEqual(streamOf(lines.slice(2), 4));
        await store().save(noting(more, 4));
        expect(await store().deskStream(aDesk)).toEqual(streamOf(more.slice(2), 4));
      });

      it('keeps its own lines where they go on from the ledger’s, in this month or the next', async () => {
        await store().save(noting(lines.slice(0, 2)));
        expect(await store().restoreStream(streamOf(lines.slice(0, 1), 1))).toBe('kept');
        await reopen();
        expect(await store().deskStream(aDesk)).toEqual(streamOf(lines.slice(0, 2), 1));
        await store().noteCommitted(aDesk, 'head-1', new Map(), 2);
        await store().save(noting(lines, 2));
        expect(await store().restoreStream(streamOf(lines.slice(0, 2), 2))).toBe('kept');
        expect(await store().deskStream(aDesk)).toEqual(streamOf(lines.slice(2), 2));
      });

      it('takes the longer chain of the ledger', async () => {
        await store().save(noting(lines.slice(0, 2)));
        expect(await store().restoreStream(streamOf(lines.slice(2), 4))).toBe('put');
        await reopen();
        expect(await store().deskStream(aDesk)).toEqual(streamOf(lines.slice(2), 4));
      });

      it('lets the ledger win where they are not one chain, and says so', async () => {
        const others = deskLines(days(0, 2));
        const [first] = lines;
        await store().save(
          noting([...(first ? [first] : []), ...deskLines(days(3), { before: lines.slice(0, 1) })]),
        );
        expect(await store().restoreStream(streamOf(others, 2))).toBe('replaced');
        await reopen();
        expect(await store().deskStream(aDesk)).toEqual(streamOf(others, 2));
        expect(await store().restoreStream(streamOf(deskLines(days(11, 12, 13, 14)).slice(2), 4))).toBe(
          'replaced',
        );
      });

      it('refuses entries that do not follow each other', async () => {
        await expect(store().save(noting(lines.slice(1)))).rejects.toThrow('do not follow');
        await expect(store().save(noting([]))).rejects.toThrow('do not follow');
        expect(await store().deskStream(aDesk)).toBeUndefined();
      });
    });

    storeHistoryContract({ store, reopen, housekeep: () => harness.housekeep() });

    it('refuses entries that do not follow each other', async () => {
      const asked = aRequest();
      const other = aRequest({ id: requestId('another') });
      await expect(
        store().save({ append: { request: asked.request, lines: other.lines, afterSeq: 0 } }),
      ).rejects.toThrow('do not follow');
      expect(await store().load(anId())).toBeUndefined();
    });

    it('takes nothing after it was closed', async () => {
      const closed = store();
      await reopen('closed');
      await expect(closed.setBookmark('a', 'b')).rejects.toThrow('closed');
    });
  });
}
