import { afterEach, describe, expect, test } from 'vitest';
import { aHouse, type House } from '../../test/builders/house.ts';
import { account, type RequestId } from '../domain/names.ts';
import { createHeart, type Heart } from './heart.ts';
import { Failure } from './ports/failure.ts';
import type { AccessControl, HandedOver } from './ports/access.ts';

let house: House;
let heart: Heart;
let shown: HandedOver[];
afterEach(() => heart.stop(0));

const look: AccessControl['look'] = async (_desk, _strategy, _settings, person) => {
  const holds = house.holdings.get(`toy:${person}`) ?? 'none';
  const place = { resource: 'toy:prod', account: `toy:${person}`, wanted: 'member' };
  return { ...place, holds, covered: holds === 'member', handsOver: true };
};

async function granted(access: Partial<AccessControl> = {}): Promise<RequestId> {
  shown = [];
  house = await aHouse({ access: { look, ...access } });
  heart = createHeart(house.parts);
  await heart.start();
  const { request } = await heart.reception.accept(house.asks('ann-o'));
  await beat(1);
  await heart.reception.accept(house.says('bob-l', 'approve'), request);
  await beat(3);
  expect((await house.load(request)).phase.status).toBe('active');
  return request;
}

async function beat(times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await house.clock.advance(2_000);
    await heart.beat();
    await house.clock.advance(0);
  }
}

let presses = 0;
function press(request: RequestId, who: string, show = async (what: HandedOver) => void shown.push(what)) {
  const voice = house.says(who, 'approve').voice;
  presses += 1;
  return heart.reception.handOver(request, { ...voice, ref: `press ${presses}` }, show);
}

const theWord = (request: RequestId): HandedOver => ({ password: `the word of toy:ann for ${request}` });

describe('what goes with a grant', () => {
  test('is shown to whoever asked, once', async () => {
    const request = await granted();
    expect(await press(request, 'ann-o')).toBe('shown');
    expect(await press(request, 'ann-o')).toBe('told');
    expect(shown).toEqual([theWord(request)]);
  });

  test('is shown once where they press twice at the same time', async () => {
    const request = await granted();
    const both = await Promise.all([press(request, 'ann-o'), press(request, 'ann-o')]);
    expect(both.sort()).toEqual(['shown', 'told']);
    expect(shown).toHaveLength(1);
  });

  test.each([
    ['an approver', 'bob-l'],
    ['a stranger', 'nobody-knows'],
  ])('is not for %s', async (_, who) => {
    const request = await granted();
    expect(await press(request, who)).toBe('not-yours');
    expect(shown).toEqual([]);
    expect(await press(request, 'ann-o')).toBe('shown');
  });

  test('stands in no entry, no call and no log', async () => {
    const request = await granted();
    await press(request, 'ann-o');
    await beat(2);
    const kept = JSON.stringify([
      await house.store.load(request),
      house.branch,
      house.heard.cards,
      house.heard.notices,
      house.heard.warnings,
    ]);
    expect(kept).toContain('handed-over');
    expect(kept).not.toContain('the word of');
  });

  test('counts as shown only once it was', async () => {
    const request = await granted();
    const unseen = press(request, 'ann-o', async () => {
      throw new Failure('Slack does not answer.', { transient: true });
    });
    await expect(unseen).rejects.toThrow('Slack does not answer.');
    expect(await press(request, 'ann-o')).toBe('shown');
  });

  test('is gone with the access', async () => {
    const request = await granted();
    await heart.reception.accept(house.says('ann-o', 'revoke'), request);
    await beat(3);
    expect(await press(request, 'ann-o')).toBe('over');
    expect(shown).toEqual([]);
  });

  test('is asked for no later than the access lasts', async () => {
    const asked: unknown[] = [];
    const request = await granted({
      handOver: async ({ notAfter }) => {
        asked.push(notAfter);
        return { password: 'x' };
      },
    });
    await press(request, 'ann-o');
    const { phase } = await house.load(request);
    expect(asked).toEqual([phase.status === 'active' ? phase.expiresAt : 'not there']);
  });

  test('holds up no other end at the same place, however often they press', async () => {
    let asked = 0;
    const first = await granted({
      look: async (...args) => ({ ...(await look(...args)), covered: false }),
      handOver: async () => {
        asked += 1;
        await house.clock.sleep(60_000);
        throw new Failure('The service does not answer.', { transient: true });
      },
    });
    const { request: second } = await heart.reception.accept(house.asks('ann-o'));
    await beat(1);
    await heart.reception.accept(house.says('bob-l', 'approve'), second);
    await beat(3);
    expect((await house.load(second)).phase.status).toBe('active');
    const presses = Array.from({ length: 5 }, () => press(first, 'ann-o').catch(() => 'failed'));
    await house.clock.advance(0);
    await heart.reception.accept(house.says('ann-o', 'revoke'), second);
    await beat(1);
    await house.clock.advance(60_000);
    await beat(1);
    expect([asked <= 2, (await house.load(second)).phase.status]).toEqual([true, 'ended']);
    for (const _ of presses) await house.clock.advance(60_000);
    expect(await Promise.all(presses)).toEqual(presses.map(() => 'failed'));
  });

  test('is nothing where the strategy has nothing', async () => {
    const request = await granted({
      look: async (...args) => {
        const { handsOver: _, ...seen } = { handsOver: undefined, ...(await look(...args)) };
        return seen;
      },
    });
    expect(await press(request, 'ann-o')).toBe('over');
  });
});

test('an account that is no longer theirs sees nothing', async () => {
  const request = await granted();
  const directory = house.parts.directory;
  const voice = { ...house.says('ann-o', 'approve').voice, account: account('github', '666') };
  expect(await directory.person((await house.load(request)).desk, voice.account)).toBeNull();
  expect(await heart.reception.handOver(request, voice, async (what) => void shown.push(what))).toBe(
    'not-yours',
  );
  expect(shown).toEqual([]);
});
