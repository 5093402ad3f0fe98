// What is looked at again and again: the desk as a whole, its look-ups, its requests.
import { beforeEach, describe, expect, it } from 'vitest';
import { aHouse, type House } from '../../test/builders/house.ts';
import { aDesk } from '../../test/builders/history.ts';
import { aRequestIn } from '../../test/builders/request.ts';
import { hours, minutes } from '../domain/duration.ts';
import { account, group, personId, plus } from '../domain/names.ts';
import type { Unknown } from '../domain/facts.ts';
import { createErrorChannel, type ErrorChannel } from './error-channel.ts';
import type { ErrorBoard } from './error-board.ts';
import { createHeart } from './heart.ts';
import { Failure } from './ports/failure.ts';
import type { AccessControl } from './ports/access.ts';
import { watchDesks, type DeskWatch } from './watch-desks.ts';
import { watchLookups } from './watch-lookups.ts';
import { watchRequests, type RequestWatch } from './watch-requests.ts';

let house: House;
let errors: ErrorChannel;
let shown: ErrorBoard | undefined;
let risks: readonly string[];
let waited: number;
let desks: DeskWatch;
let requests: RequestWatch;

async function begin(from?: House): Promise<void> {
  house = await aHouse(from ? { disk: from.disk, clock: from.clock, branch: from.branch } : {});
  [shown, risks, waited] = [undefined, [], 0];
  errors = createErrorChannel({
    ...house.parts,
    place: { show: async (_, board) => ((shown = board), '1'), tell: async () => undefined },
  });
  await errors.start();
  desks = watchDesks({
    ...house.parts,
    errors,
    flows: { risks: async () => risks },
    longestWait: () => waited,
  });
  requests = watchRequests({ ...house.parts, errors });
}

beforeEach(() => begin());

async function open(): Promise<readonly (readonly [string, string, number])[]> {
  await house.clock.advance(minutes(1));
  await errors.beat();
  return shown?.open.map(({ kind, what, times }) => [kind, what, times] as const) ?? [];
}

describe('a desk', () => {
  it('whose ledger diverged says so until it is whole again', async () => {
    await house.store.setCursor(aDesk, {
      head: 'h',
      diverged: 'Somebody pushed.',
      divergedAt: house.clock.now(),
    });
    await desks.look();
    await desks.look();
    expect(await open()).toEqual([['ledger-diverged', 'Somebody pushed.', 1]]);
    await house.store.setCursor(aDesk, { head: 'h' });
    await desks.look();
    expect(await open()).toEqual([]);
  });

  it('whose ledger lacks something for long says so, unless it was only asleep', async () => {
    const { request, lines } = aRequestIn('pending', { desk: aDesk, at: plus(house.clock.now(), -hours(1)) });
    let waiting = [{ request: request.id, desk: aDesk, lines: lines.map(({ line }) => line), committed: 0 }];
    const watch = watchDesks({
      ...house.parts,
      errors,
      store: { cursor: async () => undefined, uncommitted: async () => waiting },
      longestWait: () => 0,
    });
    await watch.look();
    expect(await open()).toEqual([]);
    await watch.look();
    expect(await open()).toMatchObject([['ledger-behind', expect.any(String), 1]]);
    waiting = [];
    await watch.look();
    expect(await open()).toEqual([]);
  });

  it('that is not safe says so until it is', async () => {
    risks = ['It is public.', 'Nobody reviews.'];
    await desks.lookOutside(aDesk);
    expect(await open()).toEqual([['desk-unsafe', 'It is public. Nobody reviews.', 1]]);
    risks = [];
    await desks.lookOutside(aDesk);
    expect(await open()).toEqual([]);
  });

  it('says which of its flows are broken now', async () => {
    const [a, b] = [
      { flow: 'a', why: 'line 1' },
      { flow: 'b', why: 'line 2' },
    ];
    desks.noteFiles(aDesk, { disabled: [a, b], closed: 'people.yml is broken.' });
    expect((await open()).map(([, what]) => what)).toEqual([
      'a: line 1',
      'b: line 2',
      'people.yml is broken.',
    ]);
    desks.noteFiles(aDesk, { disabled: [b] });
    expect(await open()).toEqual([['flow-disabled', 'b: line 2', 1]]);
  });

  it('says when what is written waits for minutes', async () => {
    waited = minutes(6);
    await desks.look();
    expect(await open()).toMatchObject([['github-slow', expect.any(String), 1]]);
    waited = 0;
    await desks.look();
    expect(await open()).toEqual([]);
  });
});

describe('a look-up', () => {
  const bob = personId('bob');
  const data = group('team:acme/data');
  let answer: boolean | Unknown;
  const ask = async (): Promise<unknown> =>
    watchLookups({ errors, clock: house.clock })
      .directory({ person: async () => null, belongs: async () => answer })
      .belongs(aDesk, bob, data);

  it('that fails for longer than a moment is said, until it answers', async () => {
    answer = { unknown: 'GitHub is out.' };
    const { directory } = watchLookups({ errors, clock: house.clock });
    const watched = directory({ person: async () => null, belongs: async () => answer });
    await watched.belongs(aDesk, bob, data);
    expect(await open()).toEqual([]);
    await house.clock.advance(minutes(3));
    await watched.belongs(aDesk, bob, data);
    expect(await open()).toEqual([['lookup-out', 'Who belongs to team:acme/data: GitHub is out.', 2]]);
    answer = false;
    await watched.belongs(aDesk, bob, data);
    expect(await open()).toEqual([]);
  });

  it('hands on what it hears, failures too', async () => {
    answer = true;
    expect(await ask()).toBe(true);
    const { directory, access } = watchLookups({ errors, clock: house.clock });
    const out = async (): Promise<never> => {
      throw new Failure('Out.', { transient: true });
    };
    const lost = directory({ person: out, belongs: out });
    await expect(lost.person(aDesk, account('github', 1))).rejects.toThrow('Out.');
    const { look, settle } = access(house.parts.access);
    expect(await look(aDesk, { type: 'toy' }, {}, bob)).toMatchObject({ account: 'toy:bob' });
    expect(settle).toBe(house.parts.access.settle);
  });
});

describe('a request', () => {
  it('that cannot be granted is said, until one of the same target can', async () => {
    const { request } = aRequestIn('deescalating', { desk: aDesk });
    const by = { system: 'reconciler' } as const;
    const data = { error: 'The team is gone.', gaveUp: true };
    requests.recorded(request, [{ type: 'escalation-failed', by, data }]);
    expect(await open()).toEqual([['escalation-failed', 'Production for ann: The team is gone.', 1]]);
    requests.recorded(aRequestIn('active', { desk: aDesk }).request, [
      { type: 'escalated', by, data: { verified: 'read-back' } },
    ]);
    expect(await open()).toEqual([]);
  });

  it('whose access should be gone and is not is said', async () => {
    await overdue();
    expect(await open()).toEqual([['access-overdue', 'prod for ann: 503', 1]]);
  });

  it('is found by a life that remembers nothing of it, and only then looked for', async () => {
    const before = await overdue();
    await before.store.setBookmark(`errors ${aDesk}`, '');
    await before.store.close();
    await begin(before);
    await requests.start();
    expect(await open()).toMatchObject([['access-overdue', expect.any(String), 1]]);
    expect(errors.isNew(aDesk)).toBe(false);
  });

  /** Its target does not answer any more when the time is up. */
  async function overdue(): Promise<House> {
    const settle = house.parts.access.settle;
    const access: AccessControl = {
      ...house.parts.access,
      settle: async (call) => {
        if (call.purpose === 'deescalate') throw new Failure('503', { transient: true });
        return settle(call);
      },
    };
    const heart = createHeart({ ...house.parts, access, recorded: requests.recorded });
    await heart.start();
    const { request } = await heart.reception.accept(house.asks('ann-o'));
    await house.clock.advance(0);
    await heart.reception.accept(house.says('bob-l', 'approve'), request);
    for (let minute = 0; minute < 60; minute += 1) {
      await house.clock.advance(minutes(1));
      await heart.beat();
      await house.clock.advance(0);
    }
    expect((await house.load(request)).phase).toMatchObject({ status: 'deescalating', alarms: 1 });
    await heart.stop(0);
    return house;
  }
});
