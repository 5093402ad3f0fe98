import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { aFlow } from '../../test/builders/flow.ts';
import { aHouse, type Doubles, type House } from '../../test/builders/house.ts';
import { anId } from '../../test/builders/request.ts';
import { hours, minutes } from '../domain/duration.ts';
import type { RequestId } from '../domain/names.ts';
import { createEngine, type Engine } from './engine.ts';
import { Failure } from './ports/failure.ts';
import { createSweep, type Sweep } from './sweep.ts';

interface Swept extends House {
  readonly engine: Engine;
  readonly sweep: Sweep;
  readonly id: RequestId;
  pass(ms: number): Promise<string>;
}

/** A request that waits, and a day gone by. */
async function aDayLater(doubles: Doubles = {}): Promise<Swept> {
  const house = await aHouse(doubles);
  const engine = createEngine(house.parts);
  const sweep = createSweep(house.parts, engine);
  const { request: id } = await engine.accept(house.asks('ann-o'));
  await engine.idle();
  await house.clock.advance(hours(25));
  const pass = async (ms: number): Promise<string> => {
    await house.clock.advance(ms);
    await sweep.run(house.clock.now());
    return (await house.load(id)).phase.status;
  };
  return Object.assign(house, { engine, sweep, id, pass });
}

describe('a request that nobody decided', () => {
  test('lapses, after its thread was read once more', async () => {
    const read: (number | undefined)[] = [];
    const swept = await aDayLater({
      surface: { reread: async ({ thread }) => void read.push(thread?.issue) },
    });
    expect(await swept.pass(0)).toBe('lapsed');
    expect(read).toEqual([(await swept.load(swept.id)).thread?.issue]);
  });

  test('does not lapse while what somebody said waits to be decided', async () => {
    let isDown = false;
    const current = async () => {
      if (isDown) throw new Failure('GitHub does not answer.', { transient: true });
      return { flow: aFlow() };
    };
    const swept = await aDayLater({ flows: { current } });
    isDown = true;
    const inTime = swept.says('bob-l', 'approve', (await swept.load(swept.id)).requestedAt);
    await swept.engine.accept(inTime, swept.id);
    await swept.engine.idle();
    expect(await swept.pass(0)).toBe('pending');
    isDown = false;
    await swept.clock.advance(1000);
    await swept.engine.resume();
    await swept.engine.idle();
    expect(await swept.pass(minutes(1))).toBe('escalating');
  });

  test('does not lapse while its thread cannot be read, and is tried again later each time', async () => {
    let tries = 0;
    let isDown = true;
    const swept = await aDayLater({
      surface: {
        reread: async () => {
          tries += 1;
          if (isDown) throw new Failure('GitHub does not answer.', { transient: true });
        },
      },
    });
    for (let second = 0; second < 8; second += 1) expect(await swept.pass(1000)).toBe('pending');
    expect(tries).toBe(4);
    isDown = false;
    expect(await swept.pass(minutes(1))).toBe('lapsed');
  });

  test('is approved where reading its thread finds that somebody had', async () => {
    const swept: Swept = await aDayLater({
      surface: {
        reread: async () => {
          const { requestedAt } = await swept.load(swept.id);
          await swept.engine.accept(swept.says('bob-l', 'approve', requestedAt), swept.id);
        },
      },
    });
    expect(await swept.pass(0)).toBe('escalating');
  });
});

test('what hangs does not hold up the others, and is not looked at twice at once', async () => {
  let reads = 0;
  const swept = await aDayLater({
    surface: {
      reread: async () => {
        reads += 1;
        await new Promise(() => undefined);
      },
    },
  });
  void swept.sweep.run(swept.clock.now());
  await swept.clock.advance(1000);
  await swept.sweep.run(swept.clock.now());
  expect(reads).toBe(1);
});

test('what is granted is not held up by a thread that cannot be read', async () => {
  const swept = await aDayLater({
    surface: { reread: async () => Promise.reject(new Failure('Down.', { transient: true })) },
  });
  const inTime = swept.says('bob-l', 'approve', (await swept.load(swept.id)).requestedAt);
  await swept.engine.accept(inTime, swept.id);
  await swept.engine.idle();
  expect(await swept.pass(minutes(16))).toBe('deescalating');
});

test('a crowd that is due at once lets others in between', async () => {
  const house = await aHouse();
  const crowd = Array.from({ length: 350 }, (_, number) => anId(number));
  const looked: RequestId[] = [];
  const store = {
    ...house.store,
    due: async () => crowd,
    load: async (id: RequestId) => void looked.push(id),
  };
  const parts = { ...house.parts, store };
  const sweep = createSweep(parts, createEngine(parts));
  const running = sweep.run(house.clock.now());
  await setImmediate();
  const before = looked.length;
  await running;
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThan(crowd.length);
  expect(looked).toEqual(crowd);
});
