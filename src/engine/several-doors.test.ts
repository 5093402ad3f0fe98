import { describe, expect, test } from 'vitest';
import { aFlow, anApproval, aStep } from '../../test/builders/flow.ts';
import { aHouse, threadFor, type Doubles, type House } from '../../test/builders/house.ts';
import { minutes } from '../domain/duration.ts';
import { destination, type Destination, type RequestId } from '../domain/names.ts';
import { doorOf, onIssue } from '../domain/routes.ts';
import { joinDoors } from './doors.ts';
import { createHeart, type Heart } from './heart.ts';
import { Failure } from './ports/failure.ts';
import type { Surface } from './ports/surface.ts';

const access = destination('slack-channel:access');
const data = destination('slack-channel:data');
const mail = destination('email:security@acme.com');
const isDown = new Failure('Slack does not answer.', { transient: true });
const notThere = new Failure('The app is not in the channel.', { transient: false });

type Running = House & { readonly heart: Heart; readonly id: RequestId };

/** A request whose step is told in two channels, then by mail. `failing` says what becomes of a message. */
async function aLife(
  failing: (to: Destination) => Failure | undefined,
  held: (to: Destination) => Promise<void> = async () => undefined,
): Promise<Running> {
  const doubles: Doubles = { surface: {} };
  const house = await aHouse(doubles);
  const step = aStep('data-owner', 'team:acme/data', {
    routes: [{ to: [access, data] }, { to: [mail] }],
  });
  house.world = { ...house.world, flows: [aFlow({ approval: anApproval({ steps: [step] }) })] };
  const { surface } = house.parts;
  const showCard: Surface['showCard'] = async (request, to, card) => {
    const failure = failing(to);
    if (failure) throw failure;
    await held(to);
    return surface.showCard(request, to, card);
  };
  const heart = createHeart({ ...house.parts, surface: { ...surface, showCard } });
  await heart.start();
  const { request: id } = await heart.reception.accept(house.asks('ann-o'));
  await house.clock.advance(0);
  await heart.idle();
  return Object.assign(house, { heart, id });
}

async function pass(life: Running, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 1000) {
    await life.clock.advance(Math.min(left, 1000));
    await life.heart.beat();
    await life.clock.advance(0);
  }
}

const places = ({ heard }: Running): readonly Destination[] => heard.cards.map(({ to }) => to);

describe('several ways of telling people', () => {
  test('each has its card, and each card follows', async () => {
    const life = await aLife(() => undefined);
    expect(new Set(places(life))).toEqual(new Set([onIssue, access, data]));
    await life.heart.reception.accept(life.says('bob-l', 'deny'), life.id);
    await pass(life, 3000);
    for (const to of [onIssue, access, data])
      expect(life.heard.cards.filter((card) => card.to === to).map(({ status }) => status)).toEqual([
        'pending',
        'denied',
      ]);
  });

  test('one that is out holds up none of the others, and catches up without saying anything twice', async () => {
    const weather = { isOut: true };
    const life = await aLife((to) => (weather.isOut && doorOf(to) === 'slack' ? isDown : undefined));
    expect(places(life)).toEqual([onIssue]);
    await life.heart.reception.accept(life.says('bob-l', 'approve'), life.id);
    await pass(life, minutes(10));
    expect((await life.load(life.id)).phase.status).toBe('active');
    weather.isOut = false;
    await pass(life, minutes(2));
    // Nobody is to decide any more: who never had a card needs none.
    expect(places(life).filter((to) => doorOf(to) === 'slack')).toEqual([]);
  });

  test('what is still to be decided is told once it is back, after others were told as well', async () => {
    const weather = { isOut: true };
    const life = await aLife((to) => (weather.isOut && doorOf(to) === 'slack' ? isDown : undefined));
    await pass(life, minutes(10));
    expect(new Set(places(life))).toEqual(new Set([onIssue, mail]));
    weather.isOut = false;
    await pass(life, minutes(2));
    expect(places(life).toSorted()).toEqual([mail, onIssue, access, data].toSorted());
    expect((await life.load(life.id)).undelivered).toEqual([]);
  });

  test('one channel that cannot be told keeps no other from it, and is not tried again', async () => {
    const tried: Destination[] = [];
    const life = await aLife((to) => {
      tried.push(to);
      return to === access ? notThere : undefined;
    });
    await pass(life, minutes(5));
    expect(new Set(places(life))).toEqual(new Set([onIssue, data]));
    expect(tried.filter((to) => to === access)).toHaveLength(1);
    expect((await life.load(life.id)).undelivered).toEqual([{ to: access }]);
  });

  test('where neither can be told, the next is', async () => {
    const life = await aLife((to) => (doorOf(to) === 'slack' ? notThere : undefined));
    await pass(life, 2000);
    expect(new Set(places(life))).toEqual(new Set([onIssue, mail]));
  });

  test('what is shown in one place is not shown there again because another is behind', async () => {
    const life = await aLife((to) => (to === access ? isDown : undefined));
    await pass(life, 5000);
    const before = places(life).length;
    await pass(life, minutes(3));
    expect(places(life).slice(before)).toEqual([]);
  });
});

describe('a card that somebody changed', () => {
  const shownAt = (life: Running, to: Destination): number =>
    places(life).filter((each) => each === to).length;

  test('is shown again, once, although another place is behind', async () => {
    const weather = { isOut: false };
    const life = await aLife((to) => (weather.isOut && doorOf(to) === 'slack' ? isDown : undefined));
    weather.isOut = true;
    await life.heart.reception.accept(life.says('bob-l', 'deny'), life.id);
    await pass(life, 3000);
    const before = shownAt(life, onIssue);
    await life.heart.reception.reshow(life.id);
    await pass(life, minutes(3));
    expect(shownAt(life, onIssue) - before).toBe(1);
    weather.isOut = false;
    await pass(life, minutes(5));
    expect(shownAt(life, onIssue) - before).toBe(1);
    expect(life.heard.cards.findLast(({ to }) => to === data)?.status).toBe('denied');
  });

  test('while it is being shown, is shown once more', async () => {
    let release = (): void => undefined;
    let isHeld = false;
    const held = new Promise<void>((resolve) => (release = resolve));
    const life = await aLife(
      () => undefined,
      async (to) => {
        if (isHeld && to === onIssue) await held;
      },
    );
    isHeld = true;
    await life.heart.reception.accept(life.says('bob-l', 'deny'), life.id);
    await pass(life, 3000);
    const before = shownAt(life, onIssue);
    await life.heart.reception.reshow(life.id);
    release();
    await pass(life, 3000);
    expect(shownAt(life, onIssue) - before).toBe(2);
  });
});

describe('a way that is not set up', () => {
  const unused = async (): Promise<never> => Promise.reject(new Error('not used'));
  const github: Surface = {
    openThread: unused,
    showCard: async (_request, to) => ({ thread: threadFor(to), ref: 'card' }),
    sendNotice: async (_request, { to }) => ({ thread: threadFor(to), ref: 'notice' }),
    answer: unused,
    reread: unused,
  };

  test('cannot deliver, so that the next is told', async () => {
    const house = await aHouse();
    const surface = joinDoors({ github });
    const { request: id } = await createHeart(house.parts).reception.accept(house.asks('ann-o'));
    await house.clock.advance(0);
    const request = await house.load(id);
    const card = { known: undefined, latest: async () => request };
    await expect(surface.showCard(request, access, card)).rejects.toMatchObject({ transient: false });
    await expect(surface.showCard(request, onIssue, card)).resolves.toMatchObject({ ref: 'card' });
  });
});
