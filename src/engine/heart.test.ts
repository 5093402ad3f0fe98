import { noOptions } from '../../test/builders/options.ts';
import { silentCode } from '../../test/builders/code.ts';
import { describe, expect, it } from 'vitest';
import { threadFor } from '../../test/builders/house.ts';
import { aQuietRequestIn, aDesk, anId, aThread, noon } from '../../test/builders/request.ts';
import { createVirtualClock } from '../../test/virtual-clock.ts';
import { createMemoryDisk } from '../store/memory-disk.ts';
import { openEmbeddedStore } from '../store/embedded.ts';
import { hours, minutes } from '../domain/duration.ts';
import { plus } from '../domain/names.ts';
import { createHeart } from './heart.ts';
import { Failure } from './ports/failure.ts';
import type { Settled } from './ports/access.ts';
import type { Surface } from './ports/surface.ts';

const never = new Promise<never>(() => undefined);
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

async function given(surface: Partial<Surface> = {}, settle: () => Promise<Settled> = taken) {
  const clock = createVirtualClock(noon);
  const store = await openEmbeddedStore({ disk: createMemoryDisk(), log: silent });
  const unused = async (): Promise<never> => {
    throw new Failure('This is not reached.', { transient: true });
  };
  let minted = 0;
  const heart = createHeart({
    clock,
    store,
    log: silent,
    ids: { mint: () => anId((minted += 1)) },
    desks: [aDesk],
    scribe: { write: () => ({ commit: aCommit, upTo: new Map() }), isEntryFile: () => true },
    ledger: () => ({ head: unused, begin: unused, append: unused, since: unused, read: () => nothing() }),
    directory: { person: unused, belongs: unused },
    flows: { current: unused, list: unused, risks: unused },
    roster: { isHere: async () => true },
    access: { look: unused, settle, handOver: unused },
    options: noOptions,
    actions: { run: unused },
    code: silentCode,
    surface: {
      openThread: unused,
      showCard: async (_request, to) => ({ thread: threadFor(to), ref: 'card' }),
      sendNotice: async (_request, { to }) => ({ thread: threadFor(to), ref: 'notice' }),
      answer: unused,
      reread: unused,
      ...surface,
    },
  });
  return { clock, store, heart };
}

const aCommit = { batch: 'b', subject: 's', body: [], trailers: [], files: [] };

async function* nothing(): AsyncIterable<never> {}

async function taken(): Promise<Settled> {
  return { verified: 'read-back', holds: 'none' };
}

describe('a deadline', () => {
  it('is kept while the thread of another request cannot be read', async () => {
    const { clock, store, heart } = await given({ reread: () => never });
    const lapseAt = plus(noon, minutes(20));
    const pending = aQuietRequestIn('pending', { id: anId(901), thread: aThread(1), lapseAt });
    const active = aQuietRequestIn('active', { id: anId(902), thread: aThread(2) });
    for (const { request, lines } of [pending, active]) {
      const { seq } = request;
      await store.restore({
        request,
        lines: lines.map(({ line }) => line),
        committedSeq: seq,
        shownSeq: seq,
      });
    }
    let isBusy = false;
    // As the bell rings: again once the last beat is over.
    const ring = (): void => {
      if (isBusy) return;
      isBusy = true;
      void heart.beat().finally(() => (isBusy = false));
    };
    for (const minute of [21, 40, 41]) {
      await clock.advance(minutes(minute) - (Date.parse(clock.now()) - Date.parse(noon)));
      ring();
      await settled();
    }
    const status = async (number: number) => (await store.load(anId(number)))?.request.phase.status;
    expect([await status(901), await status(902)]).toEqual(['pending', 'ended']);
  });
});

describe('taking access back', () => {
  it.each([365 * 24, 1e15])('is tried again soon, although the service says: in %d hours', async (wish) => {
    let tries = 0;
    const { clock, store, heart } = await given({}, async () => {
      tries += 1;
      if (tries > 1) return taken();
      throw new Failure('The service answered 503.', { transient: true, retryAfter: hours(wish) });
    });
    const { request, lines } = aQuietRequestIn('deescalating', { id: anId(903) });
    const { seq } = request;
    await store.restore({ request, lines: lines.map(({ line }) => line), committedSeq: seq, shownSeq: seq });
    await heart.start();
    await settled();
    await clock.advance(minutes(2));
    await heart.beat();
    await settled();
    expect((await store.load(anId(903)))?.request.phase.status).toBe('ended');
  });
});

async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
