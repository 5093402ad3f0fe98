import { expect, it } from 'vitest';
import { anEnvelope } from '../../test/builders/command.ts';
import { anId } from '../../test/builders/request.ts';
import { instant } from '../domain/names.ts';
import { createInOrder, type InOrder } from './in-order.ts';
import type { Envelope } from './ports.ts';
import { createTurnstile } from './turnstile.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

interface Scene {
  readonly inOrder: InOrder;
  /** Positions, as they were begun. */
  readonly begun: number[];
  readonly warned: string[];
  /** While set, nothing can be decided. */
  outage: boolean;
  now: number;
}

function scene(waiting: () => readonly Envelope[] = () => []): Scene {
  const begun: number[] = [];
  const warned: string[] = [];
  const state = { outage: false, now: 0, begun, warned };
  const inOrder = createInOrder({
    clock: { now: () => instant(state.now), sleep: async () => undefined },
    log: { ...silent, warn: (message) => void warned.push(message) },
    turnstile: createTurnstile(),
    waiting: async () => waiting(),
    async decide({ position }) {
      begun.push(position);
      await Promise.resolve();
      if (state.outage) throw new Error('GitHub is out.');
      return undefined;
    },
    answer: async () => undefined,
  });
  return Object.assign(state, { inOrder });
}

const about = anId();
const said = (position: number, request = about): Envelope => ({
  ...anEnvelope({ ref: `said ${position}`, request, receivedAt: instant(position) }),
  position,
});

it('decides what is said of one request in its order, whoever is found first', async () => {
  const { inOrder, begun } = scene(() => [said(1), said(2), said(3), said(4)]);
  inOrder.take(said(4));
  await inOrder.resume();
  inOrder.take(said(5));
  await inOrder.idle();
  // The fourth was under way before anybody looked for those before it.
  expect(begun).toEqual([4, 1, 2, 3, 5]);
});

it('forgets nobody who speaks in the moment in which all is decided', async () => {
  for (let moments = 0; moments < 30; moments += 1) {
    const { inOrder, begun } = scene();
    inOrder.take(said(1));
    for (let moment = 0; moment < moments; moment += 1) await Promise.resolve();
    inOrder.take(said(2));
    await inOrder.idle();
    expect(begun, `after ${moments} moments`).toEqual([1, 2]);
  }
});

it('begins nothing behind what cannot be decided now, however much is said', async () => {
  const world = scene();
  const { inOrder, begun, warned } = world;
  world.outage = true;
  inOrder.take(said(1));
  await inOrder.idle();
  for (let position = 2; position <= 1000; position += 1) inOrder.take(said(position));
  await inOrder.idle();
  expect(new Set(begun)).toEqual(new Set([1]));
  expect(begun.length).toBeLessThan(5);
  expect(warned).toHaveLength(begun.length);

  world.outage = false;
  begun.length = 0;
  inOrder.take(said(1001));
  await inOrder.idle();
  expect(begun).toEqual(Array.from({ length: 1001 }, (_, index) => index + 1));
});

it('holds up nobody who says something of another request', async () => {
  const world = scene();
  const { inOrder, begun } = world;
  world.outage = true;
  inOrder.take(said(1));
  await inOrder.idle();
  world.outage = false;
  inOrder.take(said(2, anId(2)));
  await inOrder.idle();
  expect(begun).toEqual([1, 2]);
});
