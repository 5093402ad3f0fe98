import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aHouse, type House } from '../../test/builders/house.ts';
import { aDesk } from '../../test/builders/history.ts';
import { parseDeskLine } from '../domain/desk-entry-line.ts';
import type { DeskEntryOf } from '../domain/desk-entries.ts';
import { hours, minutes } from '../domain/duration.ts';
import { instant, type RequestId } from '../domain/names.ts';
import { createHeart, type Heart } from './heart.ts';
import { Failure } from './ports/failure.ts';
import type { AccessReports, Holders, Unseen } from './ports/access.ts';
import type { Problem } from './problems.ts';
import { watchDrift, type DriftWatch } from './watch-drift.ts';

let house: House;
let heart: Heart;
beforeEach(async () => {
  house = await aHouse();
  heart = createHeart(house.parts);
  await heart.start();
});
afterEach(() => heart.stop(0));

const order = ['none', 'member'];

/** A target that shows what accounts really hold there. */
function aWatch(trouble: { holders?: Unseen; flows?: boolean } = {}) {
  const problems: Problem[] = [];
  const cleared: string[] = [];
  const holders = async (): Promise<Holders> =>
    trouble.holders ?? {
      ...{ resource: 'toy:prod', order },
      holders: [...house.holdings]
        .filter(([, holds]) => holds !== 'none')
        .map(([account, holds]) => ({ account, holds })),
    };
  const access: AccessReports = {
    holders,
    holding: async (_desk, _request, { account }) =>
      trouble.holders?.missing === 'unavailable'
        ? trouble.holders
        : { order, holds: house.holdings.get(account) ?? 'none' },
  };
  const watch: DriftWatch = watchDrift({
    ...house.parts,
    flows: {
      list: async () => {
        if (trouble.flows) throw new Failure('GitHub does not answer.', { transient: true });
        return house.world.flows;
      },
    },
    access,
    errors: { raise: (_, problem) => void problems.push(problem), clear: (_, key) => void cleared.push(key) },
  });
  /** As if it had been a day. */
  const begin = async (): Promise<void> => {
    await house.store.setBookmark(`drift looked ${aDesk}`, instant(0));
    await watch.look();
  };
  const tomorrow = async (): Promise<void> => {
    await house.clock.advance(hours(24));
    await watch.look();
  };
  return { watch, problems, cleared, trouble, begin, tomorrow };
}

async function granted(): Promise<RequestId> {
  const { request } = await heart.reception.accept(house.asks('ann-o'));
  await house.clock.advance(0);
  await heart.reception.accept(house.says('bob-l', 'approve'), request);
  await beat(3);
  expect((await house.load(request)).phase.status).toBe('active');
  return request;
}

async function beat(times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await house.clock.advance(minutes(0.1));
    await heart.beat();
    await house.clock.advance(0);
  }
}

const drifts = async (): Promise<readonly DeskEntryOf<'drift-found'>['data'][]> =>
  ((await house.store.deskStream(aDesk))?.lines ?? []).flatMap((line) => {
    const parsed = parseDeskLine(line);
    return 'entry' in parsed && parsed.entry.type === 'drift-found' ? [parsed.entry.data] : [];
  });

describe('what targets hold', () => {
  test('is nothing to tell where it is what the ledger says', async () => {
    const { begin, problems } = aWatch();
    await granted();
    await begin();
    expect([await drifts(), problems]).toEqual([[], []]);
  });

  test('is recorded and told where nobody granted it: once, and listed', async () => {
    const { begin, problems, tomorrow } = aWatch();
    house.holdings.set('toy:eve', 'member');
    await begin();
    const item = { what: 'standing', resource: 'toy:prod', account: 'toy:eve', holds: 'member' };
    expect(await drifts()).toEqual([{ appeared: [item], gone: [], lacking: 0, standing: 1 }]);
    expect(problems).toMatchObject([
      { kind: 'drift-found', what: expect.stringContaining('toy:eve has member') },
    ]);
    await tomorrow();
    expect([(await drifts()).length, problems.length]).toEqual([1, 1]);
    house.holdings.delete('toy:eve');
    await tomorrow();
    expect((await drifts()).at(-1)).toEqual({ appeared: [], gone: [item], lacking: 0, standing: 0 });
  });

  test('is told for as long as a grant is not there, and never mended', async () => {
    const { begin, problems, cleared, tomorrow } = aWatch();
    const request = await granted();
    house.holdings.delete('toy:ann');
    await begin();
    expect(await drifts()).toMatchObject([
      {
        appeared: [
          { what: 'lacking', account: 'toy:ann', wanted: 'member', holds: 'none', requests: [request] },
        ],
      },
    ]);
    expect(problems).toHaveLength(1);
    expect(house.holdings.get('toy:ann')).toBeUndefined();
    await heart.reception.accept(house.says('ann-o', 'revoke'), request);
    await beat(3);
    await tomorrow();
    expect(cleared).toEqual(['drift']);
    expect((await drifts()).at(-1)).toMatchObject({ gone: [{ what: 'lacking' }], lacking: 0 });
  });

  test('is looked at after an hour and then once a day, also after a restart', async () => {
    const { watch } = aWatch();
    await watch.look();
    house.holdings.set('toy:eve', 'member');
    await house.clock.advance(minutes(59));
    await watch.look();
    expect(await drifts()).toEqual([]);
    await house.clock.advance(minutes(1));
    await watch.look();
    expect(await drifts()).toHaveLength(1);
    house.holdings.delete('toy:eve');
    await house.clock.advance(hours(23));
    await aWatch().watch.look();
    expect(await drifts()).toHaveLength(1);
    await house.clock.advance(hours(1));
    await aWatch().watch.look();
    expect(await drifts()).toHaveLength(2);
  });

  test('stays known while its target cannot be looked at', async () => {
    const { begin, trouble, tomorrow } = aWatch();
    house.holdings.set('toy:eve', 'member');
    await begin();
    trouble.holders = { missing: 'unavailable', why: 'It does not answer.' };
    await tomorrow();
    expect(await drifts()).toHaveLength(1);
    delete trouble.holders;
    await tomorrow();
    expect(await drifts()).toHaveLength(1);
  });

  test('is asked of each grant where the service has no list', async () => {
    const { begin } = aWatch({
      holders: { missing: 'unlisted', why: 'It has no list.', resource: 'toy:prod' },
    });
    await granted();
    await begin();
    expect(await drifts()).toEqual([]);
    house.holdings.delete('toy:ann');
    house.holdings.set('toy:eve', 'member');
    await begin();
    expect(await drifts()).toMatchObject([
      { appeared: [{ what: 'lacking', account: 'toy:ann' }], standing: 0 },
    ]);
  });

  test('says nothing of what is on its way', async () => {
    const request = await granted();
    await heart.stop(0);
    heart = createHeart({
      ...house.parts,
      access: {
        ...house.parts.access,
        settle: async () => Promise.reject(new Failure('503', { transient: true })),
      },
    });
    await heart.start();
    await heart.reception.accept(house.says('ann-o', 'revoke'), request);
    await beat(2);
    expect((await house.load(request)).phase.status).toBe('deescalating');
    house.holdings.delete('toy:ann');
    await aWatch().begin();
    expect(await drifts()).toEqual([]);
  });

  test('is looked at again soon where the flows could not be read', async () => {
    const { begin, watch, trouble } = aWatch({ flows: true });
    house.holdings.set('toy:eve', 'member');
    await expect(begin()).rejects.toThrow('does not answer');
    trouble.flows = false;
    await watch.look();
    expect(await drifts()).toHaveLength(1);
  });
});
