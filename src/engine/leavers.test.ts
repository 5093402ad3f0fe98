import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aHouse, type House } from '../../test/builders/house.ts';
import { aDesk } from '../../test/builders/history.ts';
import { minutes } from '../domain/duration.ts';
import type { RequestId } from '../domain/names.ts';
import { createHeart, type Heart, type HeartParts } from './heart.ts';
import { Failure } from './ports/failure.ts';

let house: House;
let heart: Heart;
let parts: HeartParts;
beforeEach(async () => {
  house = await aHouse();
  parts = house.parts;
  heart = createHeart(parts);
  await heart.start();
});
afterEach(() => heart.stop(0));

async function asked(): Promise<RequestId> {
  const { request } = await heart.reception.accept(house.asks('ann-o'));
  await beat(1);
  return request;
}

async function granted(): Promise<RequestId> {
  const request = await asked();
  await heart.reception.accept(house.says('bob-l', 'approve'), request);
  await beat(3);
  expect((await house.load(request)).phase.status).toBe('active');
  return request;
}

async function beat(times: number, ms = 2_000): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await house.clock.advance(ms);
    await heart.beat();
    await house.clock.advance(0);
  }
}

const phaseOf = async (id: RequestId) => (await house.load(id)).phase;

describe('whoever is no longer among the people', () => {
  test('loses what they were given within a minute, although nobody said that the files changed', async () => {
    const request = await granted();
    house.gone.add('ann');
    await beat(1, minutes(1));
    await beat(2);
    expect(await phaseOf(request)).toMatchObject({ status: 'ended', why: 'left' });
    expect(house.holdings.get('toy:ann')).toBe('none');
  });

  test('loses it at once where a push is heard of', async () => {
    const request = await granted();
    house.gone.add('ann');
    heart.noteFiles(aDesk);
    await beat(2);
    expect(await phaseOf(request)).toMatchObject({ status: 'ended', why: 'left' });
  });

  test('loses it after a crash as well: nothing is remembered of it but the state', async () => {
    const request = await granted();
    house.gone.add('ann');
    heart.noteFiles(aDesk);
    await heart.stop(0);
    heart = createHeart(parts);
    await heart.start();
    await beat(3);
    expect(await phaseOf(request)).toMatchObject({ status: 'ended', why: 'left' });
  });

  test('is not waited for: what they asked for is withdrawn', async () => {
    const request = await asked();
    house.gone.add('ann');
    await beat(1, minutes(1));
    expect(await phaseOf(request)).toMatchObject({ status: 'cancelled', why: 'left' });
  });

  test('has decided all the same what they decided before', async () => {
    const request = await granted();
    house.gone.add('bob');
    await beat(1, minutes(2));
    expect(await phaseOf(request)).toMatchObject({ status: 'active' });
  });
});

describe('nobody has left', () => {
  test('who is back before anybody looked', async () => {
    const request = await granted();
    house.gone.add('ann');
    house.gone.delete('ann');
    await beat(1, minutes(2));
    expect(await phaseOf(request)).toMatchObject({ status: 'active' });
  });

  test('while the list of people cannot be read; they have once it can', async () => {
    const request = await granted();
    await heart.stop(0);
    let isBroken = true;
    const roster: HeartParts['roster'] = {
      isHere: async (desk, person) => {
        if (isBroken) throw new Failure('people.yml is broken.', { transient: true });
        return parts.roster.isHere(desk, person);
      },
    };
    heart = createHeart({ ...parts, roster });
    await heart.start();
    house.gone.add('ann');
    await beat(3, minutes(1));
    expect(await phaseOf(request)).toMatchObject({ status: 'active' });
    expect(house.heard.warnings).toContain('Who has left a desk cannot be told now');
    isBroken = false;
    await beat(1, minutes(1));
    await beat(2);
    expect(await phaseOf(request)).toMatchObject({ status: 'ended', why: 'left' });
  });

  test('who has another name by now, and the account that they asked with', async () => {
    const request = await granted();
    await heart.stop(0);
    const seen: unknown[] = [];
    const roster: HeartParts['roster'] = {
      isHere: async (_desk, person, account) => {
        seen.push([person, account]);
        return account !== undefined;
      },
    };
    heart = createHeart({ ...parts, roster });
    await heart.start();
    await beat(1, minutes(1));
    expect(await phaseOf(request)).toMatchObject({ status: 'active' });
    expect(seen).toContainEqual(['ann', (await house.load(request)).requester.via.account]);
  });
});
