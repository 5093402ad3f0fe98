// Access that waits for nobody, through the engine and the store: it ends on time, and its review outlives a lost disk.
import { expect, test } from 'vitest';
import { rebuild } from '../../src/app/rebuild.ts';
import { hours, minutes } from '../../src/domain/duration.ts';
import { group, type RequestId } from '../../src/domain/names.ts';
import { createHeart, type Heart } from '../../src/engine/heart.ts';
import { Failure } from '../../src/engine/ports/failure.ts';
import { createMemoryDisk } from '../../src/store/memory-disk.ts';
import { aFlow } from '../builders/flow.ts';
import { aDesk } from '../builders/history.ts';
import { aHouse, type Doubles, type House } from '../builders/house.ts';

interface Running extends House {
  readonly heart: Heart;
}

const flow = aFlow({
  breakGlass: {
    who: [group('team:acme/on-call')],
    max: hours(1),
    reviewers: [group('team:acme/security')],
    reviewWithin: hours(4),
    tell: [],
  },
});

async function aLife(doubles: Doubles = {}): Promise<Running> {
  const house = await aHouse(doubles);
  const { world } = house;
  house.world = { ...world, flows: [flow], groups: { ...world.groups, 'team:acme/on-call': ['ann'] } };
  await rebuild({ ...house.parts, isDamaged: false });
  const heart = createHeart(house.parts);
  await heart.start();
  await house.clock.advance(0);
  return Object.assign(house, { heart });
}

async function breakGlass(life: Running): Promise<RequestId> {
  const asked = life.asks('ann-o');
  if (asked.type !== 'request') throw new Error('It asks for something.');
  const command = { ...asked, breakGlass: { reason: 'It burns.', confirm: 'prod' } };
  const { request } = await life.heart.reception.accept(command);
  await beat(life, 2000);
  return request;
}

async function review(life: Running, id: RequestId): Promise<void> {
  const { voice } = life.says('dora-k', 'approve');
  await life.heart.reception.accept(
    { type: 'review', voice, outcome: 'concern', message: 'It could wait.' },
    id,
  );
  await beat(life, 2000);
}

async function beat(life: Running, ms: number): Promise<void> {
  await life.clock.advance(ms);
  await life.heart.beat();
  await life.clock.advance(0);
  await life.heart.idle();
}

test('it is granted at once, taken back on time, raised when nobody reviews it, and barred until somebody does', async () => {
  const life = await aLife();
  const id = await breakGlass(life);
  expect((await life.load(id)).phase.status).toBe('active');
  expect(life.heard.notices).toContain('break-glass');
  await beat(life, minutes(31));
  await beat(life, 2000);
  expect((await life.load(id)).phase.status).toBe('ended');
  expect([...life.holdings.values()]).toEqual(['none']);
  await beat(life, hours(2));
  await beat(life, hours(2));
  await beat(life, 2000);
  expect(life.heard.notices.filter((notice) => notice.startsWith('review-'))).toEqual([
    'review-1',
    'review-2',
  ]);

  await breakGlass(life);
  expect(life.heard.answers).toEqual(['review-overdue']);
  await review(life, id);
  expect((await life.load(id)).review?.closed?.outcome).toBe('concern');
  expect(life.heard.notices.at(-1)).toBe('reviewed');
  expect((await life.load(await breakGlass(life))).phase.status).toBe('active');
});

test('a lost disk loses no review: it comes back from the ledger, is raised, and bars as before', async () => {
  const before = await aLife();
  const id = await breakGlass(before);
  await beat(before, minutes(31));
  await beat(before, 2000);
  await beat(before, hours(1));
  const { branch, clock } = before;

  const life = await aLife({ branch, clock, disk: createMemoryDisk() });
  expect((await life.load(id)).phase.status).toBe('ended');
  expect((await life.store.reviews(aDesk)).map(({ request }) => request)).toEqual([id]);
  await beat(life, hours(4));
  await beat(life, 2000);
  expect(life.heard.notices).toContain('review-2');
  await breakGlass(life);
  expect(life.heard.answers).toEqual(['review-overdue']);
});

test('while nobody can tell what is owed, nobody breaks the glass', async () => {
  const life = await aLife();
  const reviews = life.store.reviews;
  Object.assign(life.store, {
    reviews: async () => {
      throw new Failure('The disk is full.', { transient: true });
    },
  });
  await breakGlass(life);
  expect(life.heard.answers).toEqual(['lookup-failed']);
  Object.assign(life.store, { reviews });
  expect((await life.load(await breakGlass(life))).phase.status).toBe('active');
});
