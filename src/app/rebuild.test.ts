import { describe, expect, test } from 'vitest';
import { aHouse, type Doubles, type House } from '../../test/builders/house.ts';
import { aDesk } from '../../test/builders/history.ts';
import { someone } from '../../test/builders/request.ts';
import { hours, minutes } from '../domain/duration.ts';
import { hashLine } from '../domain/entry-line.ts';
import type { FoundIdentity } from '../domain/identities.ts';
import { account, hash, instant, personId, type Account, type RequestId } from '../domain/names.ts';
import { createHeart, type Heart } from '../engine/heart.ts';
import { createLinkBook, linksBookmark } from '../engine/link-book.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { Ledger, LedgerHistoryItem, Strangers } from '../engine/ports/ledger.ts';
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

const slackOf = (user: string): Account => account('slack', `T07ACME00/${user}`);

async function link({ heart }: Running, name: string): Promise<void> {
  const said = await heart.links.record(aDesk, () => ({
    type: 'linked',
    by: someone(name, `linked-by-${name}`),
    data: {
      account: slackOf(name),
      name,
      person: personId(name),
      proof: { asked: instant(0), brought: 'C1' },
    },
  }));
  expect(said).toBe('recorded');
  await heart.idle();
}

async function linksOf({ heart }: Running): Promise<readonly string[]> {
  return [...(await heart.links.of(aDesk))].map(([of, { person }]) => `${of} ${person}`);
}

describe('with the store gone', () => {
  test('accounts that were linked come back, of all months, and those that were unlinked do not', async () => {
    const before = await aStart();
    await link(before, 'eve');
    await link(before, 'gil');
    await beat(before, minutes(40 * 24 * 60));
    await link(before, 'zoe');
    await before.heart.links.record(aDesk, () => ({
      type: 'unlinked',
      by: someone('gil', 'u1'),
      data: { account: slackOf('gil'), person: personId('gil') },
    }));
    await before.heart.idle();
    await beat(before, 10_000);
    const after = await afterLosingTheStore(before);
    expect(await linksOf(after)).toEqual(['slack:T07ACME00/eve eve', 'slack:T07ACME00/zoe zoe']);
  });

  test('accounts that were found come back, of all months, and those that were forgotten do not', async () => {
    const before = await aStart();
    const { identities } = before.heart;
    const okta = (name: string): FoundIdentity => ({
      ...{ person: personId(name), service: 'okta', account: `00u${name}`, basis: hash('ab') },
    });
    await identities.found(aDesk, okta('eve'));
    await identities.found(aDesk, okta('gil'));
    await beat(before, minutes(40 * 24 * 60));
    await identities.found(aDesk, okta('zoe'));
    await identities.forget(aDesk, someone('max', 'f1'), { service: 'okta', account: '00ugil' });
    await beat(before, 10_000);
    const after = await afterLosingTheStore(before);
    const kept = [...(await after.heart.identities.of(aDesk)).values()];
    expect(kept.map(({ account: there }) => there)).toEqual(['00ueve', '00uzoe']);
  });

  test('what the ledger lacks yet is not forgotten where only part of the store was lost', async () => {
    const before = await aStart();
    await link(before, 'eve');
    await beat(before, 10_000);
    const { parts, store } = before;
    const quiet = { type: 'linked', by: someone('zoe', 'z1') } as const;
    const data = { account: slackOf('zoe'), name: 'zoe', person: personId('zoe') };
    const book = createLinkBook({ ...parts, recorded: () => undefined });
    await book.record(aDesk, () => ({
      ...quiet,
      data: { ...data, proof: { asked: instant(0), brought: 'C2' } },
    }));
    await store.setBookmark(linksBookmark(aDesk), '');
    const { ledger, desks, clock, ids, log } = parts;
    await rebuild({ store, isDamaged: true, ledger, desks, clock, ids, log });
    expect(await linksOf(before)).toEqual(['slack:T07ACME00/eve eve', 'slack:T07ACME00/zoe zoe']);
  });

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

describe('a commit that the host does not know as ours', () => {
  /** The host tells whose each commit is: ours are the first, and whatever carries a batch. */
  function telling({ branch }: House, more: Partial<Strangers> = {}): Pick<Ledger, 'strangers'> {
    return {
      async strangers(head, { known }) {
        const all = branch.commits.slice(0, branch.commits.findIndex(({ oid }) => oid === head) + 1);
        const isForeign = ({ oid, batch }: LedgerHistoryItem): boolean =>
          batch === undefined && oid !== all[0]?.oid;
        const asked = all.slice(all.findIndex(({ oid }) => oid === known) + 1);
        const commits = asked.filter(isForeign);
        const first = all.findIndex(({ oid }) => oid === commits[0]?.oid);
        const before = all[first - 1]?.oid;
        const hasOursAfter = first >= 0 && !all.slice(first).every(isForeign);
        return {
          commits,
          asked: asked.length,
          hasOursAfter,
          ...(before !== undefined && { before }),
          ...more,
        };
      },
    };
  }
  function push({ branch }: House, path: string, lines: readonly string[]): void {
    branch.push(path, `${lines.join('\n')}\n`);
  }

  /** A line with the right chain that says what its writer wants. */
  function forgedAfter(lines: readonly string[], says: object): string {
    const last = lines.at(-1) ?? '';
    const { v, id, request, seq, at, flow }: { [name: string]: unknown } = JSON.parse(last);
    return JSON.stringify({
      v,
      id: `${id}X`,
      request,
      seq: Number(seq) + 1,
      at,
      flow,
      ...says,
      prev: hashLine(last),
    });
  }
  const over = { type: 'deescalation-started', by: { system: 'sweep' }, data: { why: 'ended' } };

  test('is not believed, and freezes the desk, although chain and order fit', async () => {
    const before = await granted();
    const { path, lines } = fileOf(before);
    push(before, path, [...lines, forgedAfter(lines, over)]);
    const after = await afterLosingTheStore(before, { ledger: telling(before) });
    after.holdings.set('toy:ann', 'member');
    expect(await statusOf(after, before.id)).toBe('active');
    await ask(after);
    expect(after.heard.answers).toEqual(['desk-frozen']);
    const [good, foreign] = before.branch.commits.slice(-2);
    expect(await after.store.cursor(aDesk)).toMatchObject({
      head: good?.oid,
      diverged: `Commit ${foreign?.oid} touches entries and is not ours.`,
    });
    expect(after.heard.warnings.join()).toContain('The ledger holds commits that are not ours');
    await beat(after, minutes(30));
    expect(await statusOf(after, before.id)).toBe('ended');
    expect(after.holdings.get('toy:ann')).toBe('none');
  });

  test('would be believed where nobody tells', async () => {
    const before = await granted();
    const { path, lines } = fileOf(before);
    push(before, path, [...lines, forgedAfter(lines, over)]);
    const after = await afterLosingTheStore(before);
    expect(await statusOf(after, before.id)).not.toBe('active');
    const unsigned = telling(before, { commits: [], isUnsigned: true });
    const warned = await afterLosingTheStore(before, { ledger: unsigned });
    expect(warned.heard.warnings.join()).toContain('This GitHub signs no commits');
  });

  test('grants nothing that it made up, not even once it is gone', async () => {
    const before = await aStart();
    const id = await ask(before);
    const { path, lines } = fileOf(before);
    const approved = { type: 'approved', by: { system: 'engine' }, data: {} };
    push(before, path, [...lines, forgedAfter(lines, approved)]);
    const after = await afterLosingTheStore(before, { ledger: telling(before) });
    await beat(after, minutes(2));
    expect(await statusOf(after, id)).toBe('pending');
    after.branch.resetTo(after.branch.commits.at(-2)?.oid ?? '');
    await beat(after, minutes(20));
    await beat(after, minutes(20));
    expect(await after.store.cursor(aDesk)).not.toHaveProperty('diverged');
    expect(after.heard.calls).toEqual([]);
    expect(await statusOf(after, id)).toBe('pending');
    await say(after, id, 'bob-l', 'approve');
    expect(await statusOf(after, id)).toBe('active');
  });

  test('costs no grant that we recorded after it: that is taken back, and the desk stays frozen', async () => {
    const before = await aStart();
    const first = await ask(before);
    const { path, lines } = fileOf(before);
    const cancelled = { type: 'cancelled', by: { system: 'engine' }, data: {} };
    push(before, path, [...lines, forgedAfter(lines, cancelled)]);
    // Somebody believed it once, and went on.
    const believing = await afterLosingTheStore(before);
    await believing.clock.advance(minutes(1));
    const id = await ask(believing);
    await say(believing, id, 'bob-l', 'approve');
    expect(await statusOf(believing, id)).toBe('active');
    const after = await afterLosingTheStore(believing, { ledger: telling(before) });
    after.holdings.set('toy:ann', 'member');
    expect(await statusOf(after, first)).toBe('pending');
    expect(await statusOf(after, id)).toBe('active');
    expect(await after.store.cursor(aDesk)).toMatchObject({ isBroken: true });
    await beat(after, minutes(30));
    expect(after.holdings.get('toy:ann')).toBe('none');
    await ask(after);
    expect(after.heard.answers).toEqual(['desk-frozen']);
  });

  test('is not asked about below a head that is known, unless that was never believed', async () => {
    const before = await granted();
    const known: (string | undefined)[] = [];
    const asking: Partial<Ledger> = {
      async strangers(_head, asked) {
        known.push(asked.known);
        return { commits: [], asked: 0, hasOursAfter: false };
      },
    };
    const { head = '' } = (await before.store.cursor(aDesk)) ?? {};
    const { clock } = before;
    const { ids, log } = before.parts;
    const ledger = { ...before.branch.ledger, ...asking };
    const again = { store: before.store, desks: [aDesk], clock, ids, log, ledger: () => ledger };
    await rebuild({ ...again, isDamaged: true });
    await before.store.setCursor(aDesk, { head, diverged: 'x', isBroken: true });
    await rebuild({ ...again, isDamaged: false });
    expect(known).toEqual([head, undefined]);
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
