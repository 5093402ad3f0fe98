import { describe, expect, test } from 'vitest';
import { aHouse, type Doubles, type House } from '../../test/builders/house.ts';
import { aDesk } from '../../test/builders/history.ts';
import { hours, minutes } from '../domain/duration.ts';
import type { RequestId } from '../domain/names.ts';
import { createHeart, type Heart } from '../engine/heart.ts';
import { Failure, type Ledger } from '../engine/ports.ts';
import { createMemoryDisk } from '../store/memory-disk.ts';
import { rebuild } from './rebuild.ts';

interface Running extends House {
  readonly heart: Heart;
}

async function aStart(doubles: Doubles = {}): Promise<Running> {
  const house = await aHouse(doubles);
  const { store, clock } = house;
  const { ledger, desks, ids, log } = house.parts;
  await rebuild({ store, isDamaged: false, ledger, desks, clock, ids, log });
  const heart = createHeart(house.parts);
  await heart.start();
  await heart.idle();
  return Object.assign(house, { heart });
}

/** The same ledger, target and time, and a disk that holds nothing. */
async function afterLosingTheStore(running: Running, doubles: Doubles = {}): Promise<Running> {
  const { branch, clock } = running;
  const again = await aStart({ branch, clock, disk: createMemoryDisk(), ...doubles });
  return again;
}

async function ask(running: Running): Promise<RequestId> {
  const { request } = await running.heart.reception.accept(running.asks('ann-o'));
  await running.heart.idle();
  return request;
}

async function say(running: Running, id: RequestId, name: string, type: 'approve' | 'revoke'): Promise<void> {
  await running.heart.reception.accept(running.says(name, type), id);
  await running.heart.idle();
}

async function beat({ heart, clock }: Running, ms = 0): Promise<void> {
  await clock.advance(ms);
  await heart.beat();
  await heart.idle();
}

async function granted(): Promise<Running & { readonly id: RequestId }> {
  const running = await aStart();
  const id = await ask(running);
  await say(running, id, 'bob-l', 'approve');
  // By then the ledger holds all of it, what people were told included.
  await beat(running, 10_000);
  return Object.assign(running, { id });
}

const statusOf = async (running: Running, id: RequestId): Promise<string> =>
  (await running.load(id)).phase.status;

/** The path and the lines of the only request. */
function fileOf({ branch }: House): { readonly path: string; readonly lines: readonly string[] } {
  const [[path, content] = ['', '']] = branch.files();
  return { path, lines: content.split('\n').slice(0, -1) };
}

describe('with the store gone', () => {
  test('a grant comes back, and is taken back at its time', async () => {
    const before = await granted();
    expect(before.holdings.get('toy:ann')).toBe('member');
    const after = await afterLosingTheStore(before);
    after.holdings.set('toy:ann', 'member');
    expect(await after.load(before.id)).toMatchObject({
      phase: { status: 'active' },
      lastHash: (await before.load(before.id)).lastHash,
    });
    await beat(after, minutes(30));
    expect(await statusOf(after, before.id)).toBe('ended');
    expect(after.holdings.get('toy:ann')).toBe('none');
  });

  test('an open request comes back with its deadline, and its approval may be given', async () => {
    const before = await aStart();
    const id = await ask(before);
    const after = await afterLosingTheStore(before);
    await after.clock.advance(minutes(1));
    await say(after, id, 'bob-l', 'approve');
    expect(await statusOf(after, id)).toBe('active');
    const late = await afterLosingTheStore(before);
    expect(await statusOf(late, id)).toBe('active');
    await beat(late, hours(1));
    expect(await statusOf(late, id)).toBe('ended');
  });

  test('a desk that has no ledger yet begins one', async () => {
    const fresh = await aStart();
    expect(fresh.branch.commits).toHaveLength(1);
    expect(await fresh.store.cursor(aDesk)).toEqual({ head: fresh.branch.commits[0]?.oid });
  });

  test('a start waits for a ledger that cannot be read', async () => {
    const before = await granted();
    const down: Partial<Ledger> = {
      head: async () => Promise.reject(new Failure('GitHub does not answer.', { transient: true })),
    };
    await expect(afterLosingTheStore(before, { ledger: down })).rejects.toThrow('does not answer');
  });
});

test('with the store whole, the ledger is not read', async () => {
  const before = await granted();
  const unread: Partial<Ledger> = { head: async () => Promise.reject(new Error('It was read.')) };
  const disk = before.disk.afterKill();
  const after = await aStart({ branch: before.branch, clock: before.clock, disk, ledger: unread });
  expect(await statusOf(after, before.id)).toBe('active');
});

describe('a file of the ledger that cannot be believed', () => {
  async function broken(): Promise<Running & { readonly id: RequestId }> {
    const before = await granted();
    const { path, lines } = fileOf(before);
    before.branch.push(path, `${[...lines, '{"v":1,"forged":true}'].join('\n')}\n`);
    const after = await afterLosingTheStore(before);
    after.holdings.set('toy:ann', 'member');
    return Object.assign(after, { id: before.id });
  }

  test('freezes the desk, and goes on doing so', async () => {
    const after = await broken();
    for (let times = 0; times < 3; times += 1) await beat(after, minutes(2));
    await ask(after);
    expect(after.heard.answers).toEqual(['desk-frozen']);
    expect(await after.store.cursor(aDesk)).toMatchObject({ isBroken: true });
    expect(after.heard.warnings).toContain('The ledger holds a file that cannot be believed');
  });

  test('keeps no grant alive: what is sound in it is taken back', async () => {
    const after = await broken();
    expect(await statusOf(after, after.id)).toBe('active');
    await beat(after, minutes(30));
    expect(await statusOf(after, after.id)).toBe('ended');
    expect(after.holdings.get('toy:ann')).toBe('none');
  });

  test('is read again at the next start, also where somebody has mended it', async () => {
    const after = await broken();
    const start = (): Promise<Running> =>
      aStart({ branch: after.branch, clock: after.clock, disk: after.disk.afterKill() });
    expect(await (await start()).store.cursor(aDesk)).toMatchObject({ isBroken: true });
    after.branch.resetTo(after.branch.commits.at(-2)?.oid ?? '');
    const mended = await start();
    expect(await mended.store.cursor(aDesk)).not.toHaveProperty('diverged');
    await ask(mended);
    expect(mended.heard.answers).toEqual([]);
  });

  test('does not keep the app from starting while GitHub is down', async () => {
    const after = await broken();
    const down: Partial<Ledger> = {
      head: async () => Promise.reject(new Failure('GitHub does not answer.', { transient: true })),
    };
    const disk = after.disk.afterKill();
    const again = await aStart({ branch: after.branch, clock: after.clock, disk, ledger: down });
    expect(await again.store.cursor(aDesk)).toMatchObject({ isBroken: true });
    await beat(again, minutes(30));
    expect(await statusOf(again, after.id)).toBe('ended');
  });
});

describe('a request that a newer Countersign has written to', () => {
  async function readByAnOlder(until: 'asked' | 'granted'): Promise<Running & { readonly id: RequestId }> {
    const before = await aStart();
    const id = await ask(before);
    if (until === 'granted') await say(before, id, 'bob-l', 'approve');
    await beat(before, 10_000);
    const { path, lines } = fileOf(before);
    const { seq, lastHash, lastAt } = await before.load(id);
    const by = { system: 'sweep' };
    const newer = { v: 2, id: 'X', request: id, seq: seq + 1, type: 'reassured', at: lastAt, by, data: {} };
    before.branch.push(path, `${[...lines, JSON.stringify({ ...newer, prev: lastHash })].join('\n')}\n`);
    const after = await afterLosingTheStore(before);
    after.holdings.set('toy:ann', until === 'granted' ? 'member' : 'none');
    return Object.assign(after, { id });
  }

  test('is not decided on, now and after the next start, and the rest of the desk is', async () => {
    const after = await readByAnOlder('asked');
    await after.clock.advance(1000);
    await say(after, after.id, 'bob-l', 'approve');
    expect(after.heard.answers).toEqual(['read-only']);
    const again = await aStart({ branch: after.branch, clock: after.clock, disk: after.disk.afterKill() });
    await again.clock.advance(hours(48));
    await beat(again);
    expect(await statusOf(again, after.id)).toBe('pending');
    expect(await statusOf(again, await ask(again))).toBe('pending');
    expect(await again.store.cursor(aDesk)).not.toHaveProperty('diverged');
  });

  test('is taken back at its time, and the ledger says so after what we could not read', async () => {
    const after = await readByAnOlder('granted');
    await beat(after, minutes(30));
    expect(await statusOf(after, after.id)).toBe('ended');
    expect(after.holdings.get('toy:ann')).toBe('none');
    const types = fileOf(after).lines.map((line) => JSON.parse(line).type);
    expect(types.slice(types.indexOf('reassured'))).toEqual(
      expect.arrayContaining(['deescalation-started', 'deescalated']),
    );
    await beat(after, 10_000);
    expect(await after.store.uncommitted(aDesk, 9)).toEqual([]);
  });

  test('keeps the card that the newer one wrote', async () => {
    const after = await readByAnOlder('granted');
    await after.heart.reception.reshow(after.id);
    await beat(after, 1000);
    expect(after.heard.cards).toEqual([]);
  });
});
