// Crashes: at every step of the disk, in every operation, nothing that was promised is lost and nothing is half there.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noDamage } from './damage.ts';
import { openEmbeddedStore, type EmbeddedStore } from './embedded.ts';
import { createMemoryDisk, type MemoryDisk } from './memory-disk.ts';
import {
  emptyModel,
  modelAfter,
  perform,
  requestsInModel,
  type Model,
  type Step,
} from '../../test/contracts/store-model.ts';
import { viewOfModel, viewOfStore } from '../../test/contracts/store-views.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const open = (disk: MemoryDisk): Promise<EmbeddedStore> => openEmbeddedStore({ disk, log: silent });

/** Every kind of change, each before and after a compaction; some requests end and are archived. */
const everything: readonly Step[] = [
  { do: 'accept', number: 1, about: 0 },
  { do: 'grow', about: 0, by: 99, settles: true },
  { do: 'accept', number: 2, about: 1 },
  { do: 'refuse' },
  { do: 'grow', about: 1, by: 2, settles: false },
  { do: 'commit', about: 0, seq: 99 },
  { do: 'show', about: 0 },
  { do: 'grow', about: 2, by: 99, settles: false },
  { do: 'note', by: 3, settles: false },
  { do: 'commit-stream', seq: 2 },
  { do: 'commit', about: 2, seq: 99 },
  { do: 'show', about: 2 },
  { do: 'mark', value: 'before' },
  { do: 'compact' },
  { do: 'settle' },
  { do: 'accept', number: 3, about: 2 },
  { do: 'note', by: 1, settles: true },
  { do: 'restore-stream', seq: 5 },
  { do: 'grow', about: 1, by: 1, settles: true },
  { do: 'restore', about: 3, seq: 2 },
  { do: 'mark', value: 'after' },
  { do: 'compact' },
  { do: 'grow', about: 3, by: 1, settles: false },
  { do: 'commit', about: 3, seq: 3 },
];

/** Performs the steps until the disk crashes: what was promised, and what may or may not be there besides. */
async function live(
  disk: MemoryDisk,
  steps: readonly Step[],
  from: Model = emptyModel,
): Promise<{ readonly promised: Model; readonly perhaps: Model }> {
  let model = from;
  let inFlight: Step | undefined;
  try {
    const store = await open(disk);
    for (const step of steps) {
      inFlight = step;
      await perform(step, store, model);
      model = modelAfter(model, step);
      inFlight = undefined;
    }
  } catch (error) {
    if (!isCrash(error)) throw error;
  }
  return { promised: model, perhaps: inFlight ? modelAfter(model, inFlight) : model };
}

function isCrash(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'CrashError' || isCrash(error.cause);
}

async function expectOneOf(
  store: EmbeddedStore,
  { promised, perhaps }: { readonly promised: Model; readonly perhaps: Model },
): Promise<Model> {
  expect(store.recovery).toEqual(noDamage);
  const seen = await viewOfStore(store);
  const there = [perhaps, promised].find((model) => same(seen, viewOfModel(model)));
  if (there === undefined) expect(seen).toEqual(viewOfModel(promised));
  return there ?? promised;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

async function stepsOf(steps: readonly Step[]): Promise<number> {
  const disk = createMemoryDisk();
  await live(disk, steps);
  return disk.steps;
}

describe('a crash of the embedded store', () => {
  it('loses nothing promised and leaves nothing half done, at every step of the disk', async () => {
    const total = await stepsOf(everything);
    expect(total).toBeGreaterThan(60);
    for (let at = 1; at <= total; at += 1) {
      const disk = createMemoryDisk();
      disk.crashAt(at);
      const lived = await live(disk, everything);
      for (const seed of [1, 2, 3, 4]) {
        const store = await open(disk.afterCrash(seed * 1_000 + at));
        await expectOneOf(store, lived);
      }
    }
  });

  it('is survived again while it recovers, and the store goes on afterwards', async () => {
    const total = await stepsOf(everything);
    for (let at = 1; at <= total; at += 3) {
      const disk = createMemoryDisk();
      disk.crashAt(at);
      const lived = await live(disk, everything);
      for (let again = 1; again <= 12; again += 1) {
        const second = disk.afterCrash(at);
        second.crashAt(again);
        const settled = await open(second.afterKill()).then((store) => expectOneOf(store, lived));
        const third = await live(second, [{ do: 'mark', value: 'again' }, { do: 'compact' }], settled);
        const store = await open(second.afterCrash(again));
        const known = await expectOneOf(store, third);
        await perform({ do: 'mark', value: 'last' }, store, known);
        expect(await viewOfStore(store)).toEqual(viewOfModel({ ...known, mark: 'last' }));
      }
    }
  });

  it('after any history leaves what a simple model holds', async () => {
    const about = fc.integer({ min: 0, max: requestsInModel - 1 });
    const step: fc.Arbitrary<Step> = fc.oneof(
      // Said again, a thing is about the same request: keys live with it.
      fc
        .integer({ min: 0, max: 9 })
        .map((number) => ({ do: 'accept' as const, number, about: number % requestsInModel })),
      fc.record({ do: fc.constantFrom('settle' as const, 'refuse' as const) }),
      fc.record({
        do: fc.constant('grow' as const),
        about,
        by: fc.integer({ min: 1, max: 9 }),
        settles: fc.boolean(),
      }),
      fc.record({ do: fc.constant('commit' as const), about, seq: fc.integer({ min: 0, max: 9 }) }),
      fc.record({ do: fc.constant('restore' as const), about, seq: fc.integer({ min: 1, max: 9 }) }),
      fc.record({
        do: fc.constant('note' as const),
        by: fc.integer({ min: 1, max: 4 }),
        settles: fc.boolean(),
      }),
      fc.record({
        do: fc.constantFrom('commit-stream' as const, 'restore-stream' as const),
        seq: fc.integer({ min: 1, max: 9 }),
      }),
      fc.record({ do: fc.constant('show' as const), about }),
      fc.record({ do: fc.constant('mark' as const), value: fc.constantFrom('a', 'b') }),
      fc.record({ do: fc.constant('compact' as const) }),
    );
    const day = fc.record({
      steps: fc.array(step, { minLength: 1, maxLength: 14 }),
      crashAt: fc.integer({ min: 1, max: 60 }),
      seed: fc.integer(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(day, { minLength: 1, maxLength: 4 }), async (days) => {
        let disk = createMemoryDisk();
        let model = emptyModel;
        for (const { steps, crashAt, seed } of days) {
          disk.crashAt(crashAt);
          const lived = await live(disk, steps, model);
          disk = disk.afterCrash(seed);
          model = await expectOneOf(await open(disk), lived);
          disk = disk.afterKill();
        }
      }),
      { numRuns: 250 },
    );
  });
});
