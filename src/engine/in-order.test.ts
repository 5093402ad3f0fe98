import { expect, it } from 'vitest';
import { anEnvelope } from '../../test/builders/command.ts';
import { anId } from '../../test/builders/request.ts';
import { instant } from '../domain/names.ts';
import { createInOrder, type InOrder } from './in-order.ts';
import type { Envelope } from './ports/store.ts';
import { createTurnstile } from './turnstile.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

interface Scene {
  readonly inOrder: InOrder;
  /** Positions, as they were begun. */
  readonly begun: number[];
  readonly warned: string[];
  /** While set, nothing can be decided. */
  outage: boolean;
  /** Alone these can be decided in an outage. */
  readonly ends: Set<number>;
  access: boolean;
  now: number;
}

function scene(waiting: () => readonly Envelope[] = () => []): Scene {
  const begun: number[] = [];
  const warned: string[] = [];
  const state = { outage: false, access: false, now: 0, begun, warned, ends: new Set<number>() };
  const inOrder = createInOrder({
    clock: { now: () => instant(state.now), sleep: async () => undefined },
    log: { ...silent, warn: (message) => void warned.push(message) },
    turnstile: createTurnstile(),
    waiting: async () => waiting(),
    async decide({ position }) {
      begun.push(position);
      await Promise.resolve();
      if (state.outage && !state.ends.has(position)) throw new Error('GitHub is out.');
      return undefined;
    },
    isEnding: ({ position }) => state.ends.has(position),
    hasAccess: async () => state.access,
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

it('ends access though what was said before cannot be decided, and only where there is access', async () => {
  const world = scene();
  const { inOrder, begun } = world;
  world.outage = true;
  world.ends.add(3);
  for (const position of [1, 2, 3, 4]) inOrder.take(said(position));
  await inOrder.idle();
  expect(begun).not.toContain(3);

  world.access = true;
  inOrder.take(said(5));
  await inOrder.idle();
  expect(begun.filter((position) => position === 3)).toHaveLength(1);
  expect(new Set(begun)).toEqual(new Set([1, 3]));

  world.outage = false;
  inOrder.take(said(6));
  await inOrder.idle();
  expect(begun.slice(-4)).toEqual([2, 4, 5, 6]);
});

it('waits for what was said before the question, and not for what is said after it', async () => {
  const { inOrder, begun } = scene();
  inOrder.take(said(1));
  inOrder.take(said(2));
  const asked = inOrder.past(about);
  let next = 3;
  const talking = setInterval(() => inOrder.take(said(next++)), 0);
  for (let more = 0; more < 50; more += 1) inOrder.take(said(next++));
  expect(await asked).toBe(2);
  clearInterval(talking);
  expect(begun).toContain(2);
  expect(begun.length).toBeLessThan(10);
  await inOrder.idle();
});

it('sorts once what is found out of order', async () => {
  const many = Array.from({ length: 20_000 }, (_, index) => said(index + 1));
  const { inOrder, begun } = scene(() => many);
  inOrder.take(said(20_001));
  const started = process.cpuUsage();
  await inOrder.resume();
  expect(process.cpuUsage(started).user / 1e6).toBeLessThan(2);
  await inOrder.idle();
  expect(begun).toEqual([20_001, ...many.map(({ position }) => position)]);
});
