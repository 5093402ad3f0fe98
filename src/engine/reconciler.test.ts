import { describe, expect, test } from 'vitest';
import { anApprovalOnlyFlow } from '../../test/builders/flow.ts';
import { aDesk } from '../../test/builders/history.ts';
import { aHouse, type Doubles, type House, threadFor } from '../../test/builders/house.ts';
import { hours, minutes } from '../domain/duration.ts';
import type { ActionOffer } from '../domain/flow.ts';
import type { RequestId } from '../domain/names.ts';
import { createHeart, type Heart } from './heart.ts';
import { Failure } from './ports/failure.ts';
import type { AccessControl, SettleCall, Settled } from './ports/access.ts';
import type { ActionCall } from './ports/actions.ts';

interface Running extends House {
  readonly heart: Heart;
}

async function aLife(doubles: Doubles = {}): Promise<Running> {
  const house = await aHouse(doubles);
  const heart = createHeart(house.parts);
  await heart.start();
  await heart.idle();
  return Object.assign(house, { heart });
}

async function asked(life: Running): Promise<RequestId> {
  const { request } = await life.heart.reception.accept(life.asks('ann-o'));
  await life.clock.advance(0);
  return request;
}

type Saying = 'approve' | 'revoke' | 'deny' | 'cancel';

async function say(life: Running, id: RequestId, name: string, type: Saying): Promise<void> {
  await life.heart.reception.accept(life.says(name, type), id);
  await life.clock.advance(0);
}

async function beat(life: Running, ms = 0): Promise<void> {
  await life.clock.advance(ms);
  await life.heart.beat();
  await life.clock.advance(0);
}

const statusOf = async (life: Running, id: RequestId): Promise<string> => (await life.load(id)).phase.status;
const entriesOf = async ({ store }: Running, id: RequestId): Promise<readonly string[]> =>
  ((await store.load(id))?.lines ?? []).map((line) => JSON.parse(line).type);
const down = new Failure('The target does not answer.', { transient: true });

/** A target that does what each call is told: hang until released, fail, or work. */
function aTarget(plan: (call: SettleCall) => 'works' | 'hangs' | Error): Pick<AccessControl, 'settle'> & {
  readonly calls: SettleCall[];
  release(): void;
} {
  const calls: SettleCall[] = [];
  const hanging: (() => void)[] = [];
  return {
    calls,
    release: () => hanging.splice(0).forEach((go) => go()),
    async settle(call): Promise<Settled> {
      calls.push(call);
      const what = plan(call);
      if (what instanceof Error) throw what;
      if (what === 'hangs') await new Promise<void>((resolve) => hanging.push(resolve));
      return { verified: 'read-back', holds: call.wanted[0] ?? call.before };
    },
  };
}

describe('a grant', () => {
  test('is called only once the ledger holds it', async () => {
    const target = aTarget(() => 'works');
    let isDown = true;
    const life: Running = await aLife({
      access: { settle: target.settle },
      ledger: {
        append: async (commit, head) => {
          if (isDown) throw new Failure('GitHub does not answer.', { transient: true });
          return life.branch.ledger.append(commit, head);
        },
      },
    });
    const id = await asked(life);
    await say(life, id, 'bob-l', 'approve');
    expect(await statusOf(life, id)).toBe('escalating');
    expect(target.calls).toEqual([]);
    isDown = false;
    await beat(life, minutes(1));
    expect(target.calls).toMatchObject([{ purpose: 'escalate', wanted: ['member'], before: 'none' }]);
    expect(await statusOf(life, id)).toBe('active');
  });

  test('is not tried again for ever: at start-by it is given up, and its absence verified', async () => {
    const target = aTarget(({ purpose }) => (purpose === 'escalate' ? down : 'works'));
    const life = await aLife({ access: { settle: target.settle } });
    const id = await asked(life);
    await say(life, id, 'bob-l', 'approve');
    for (let minute = 0; minute < 16; minute += 1) await beat(life, minutes(1));
    expect(await statusOf(life, id)).toBe('failed');
    expect(target.calls.at(-1)).toMatchObject({ purpose: 'deescalate', wanted: [] });
  });

  test('that can never succeed is given up at once', async () => {
    const never = new Failure('There is no such team.', { transient: false });
    const target = aTarget(({ purpose }) => (purpose === 'escalate' ? never : 'works'));
    const life = await aLife({ access: { settle: target.settle } });
    const id = await asked(life);
    await say(life, id, 'bob-l', 'approve');
    expect((await life.load(id)).phase).toMatchObject({ status: 'failed', error: 'There is no such team.' });
  });

  test('that is revoked while its call hangs is read to its end, and never shown as active', async () => {
    const target = aTarget(({ purpose }) => (purpose === 'escalate' ? 'hangs' : 'works'));
    const life = await aLife({ access: { settle: target.settle } });
    const id = await asked(life);
    await say(life, id, 'bob-l', 'approve');
    await say(life, id, 'ann-o', 'revoke');
    await beat(life, 1000);
    expect(await statusOf(life, id)).toBe('deescalating');
    expect(target.calls).toHaveLength(1);
    target.release();
    await life.heart.idle();
    expect(target.calls.map(({ purpose }) => purpose)).toEqual(['escalate', 'deescalate']);
    expect(await statusOf(life, id)).toBe('ended');
    expect(life.heard.cards.map(({ status }) => status)).not.toContain('active');
  });

  test('that was not called yet when it was revoked is never called', async () => {
    const target = aTarget(() => 'works');
    const life: Running = await aLife({
      access: { settle: target.settle },
      ledger: { append: async () => Promise.reject(down) },
    });
    const id = await asked(life);
    await say(life, id, 'bob-l', 'approve');
    await say(life, id, 'ann-o', 'revoke');
    expect(target.calls.map(({ purpose }) => purpose)).toEqual(['deescalate']);
  });
});

describe('what is taken back', () => {
  async function granted(target: Partial<AccessControl>): Promise<Running & { readonly id: RequestId }> {
    const life = await aLife({ access: target });
    const id = await asked(life);
    await say(life, id, 'bob-l', 'approve');
    return Object.assign(life, { id });
  }

  test('is tried until it is gone, each time after twice as long, and recorded as the tries double', async () => {
    const at: number[] = [];
    const target = aTarget(({ purpose }) => (purpose === 'escalate' || at.length > 5 ? 'works' : down));
    const life: Running & { readonly id: RequestId } = await granted({
      settle: async (call) => {
        if (call.purpose === 'deescalate') at.push(Date.parse(life.clock.now()) / 1000);
        return target.settle(call);
      },
    });
    await say(life, life.id, 'ann-o', 'revoke');
    for (let second = 0; second < 40; second += 1) await beat(life, 1000);
    const [first = 0] = at;
    expect(at.map((time) => time - first)).toEqual([0, 1, 3, 7, 15, 31]);
    expect(await statusOf(life, life.id)).toBe('ended');
    const failures = (await entriesOf(life, life.id)).filter((type) => type === 'deescalation-failed');
    expect(failures).toHaveLength(3);
  });

  test.each([
    ['was never seen, which may show later', down, true],
    ['was seen', 'works', undefined],
  ] as const)('is told apart where it %s', async (_, given, isUnseen) => {
    const target = aTarget(({ purpose }) => (purpose === 'escalate' ? given : 'works'));
    const life = await granted({ settle: target.settle });
    await say(life, life.id, 'ann-o', 'revoke');
    expect(target.calls.at(-1)).toMatchObject({ purpose: 'deescalate' });
    expect(target.calls.at(-1)?.isUnseen).toBe(isUnseen);
  });

  test('raises an alarm when it is overdue, and again', async () => {
    const target = aTarget(({ purpose }) => (purpose === 'escalate' ? 'works' : down));
    const life = await granted({ settle: target.settle });
    await say(life, life.id, 'ann-o', 'revoke');
    await beat(life, minutes(5));
    await beat(life, hours(1));
    expect(life.heard.notices).toEqual(['active', 'overdue-1', 'overdue-2']);
  });

  test('does not wait for what failed while it was granted', async () => {
    let isDown = true;
    const target = aTarget(({ purpose }) => (isDown && purpose === 'escalate' ? down : 'works'));
    const life = await granted({ settle: target.settle });
    for (let second = 0; second < 40; second += 1) await beat(life, 1000);
    isDown = false;
    const before = target.calls.length;
    await say(life, life.id, 'ann-o', 'revoke');
    expect(target.calls.slice(before).map(({ purpose }) => purpose)).toEqual(['deescalate']);
    expect(await statusOf(life, life.id)).toBe('ended');
  });

  test('records its first failure, however often granting it had failed', async () => {
    const target = aTarget(() => down);
    const life = await granted({ settle: target.settle });
    for (let second = 0; second < 8; second += 1) await beat(life, 1000);
    await say(life, life.id, 'ann-o', 'revoke');
    expect(await entriesOf(life, life.id)).toContain('deescalation-failed');
  });

  test('does not wait for cards: what people are told may hang', async () => {
    const life = await aLife({ surface: { showCard: () => new Promise(() => undefined) } });
    const id = await asked(life);
    await say(life, id, 'bob-l', 'approve');
    await say(life, id, 'ann-o', 'revoke');
    expect(await statusOf(life, id)).toBe('ended');
    expect(life.holdings.get('toy:ann')).toBe('none');
  });
});

describe('overlapping grants', () => {
  test('the end of one leaves what another still needs, and the last restores what was there', async () => {
    const life = await aLife();
    const [first, second] = [await asked(life), await asked(life)];
    await say(life, first, 'bob-l', 'approve');
    await say(life, second, 'bob-l', 'approve');
    await say(life, first, 'ann-o', 'revoke');
    expect([await statusOf(life, first), await statusOf(life, second)]).toEqual(['ended', 'active']);
    expect(life.holdings.get('toy:ann')).toBe('member');
    await say(life, second, 'ann-o', 'revoke');
    expect(life.holdings.get('toy:ann')).toBe('none');
    expect(life.heard.calls.map(({ purpose, wanted }) => `${purpose} ${wanted.join()}`)).toEqual([
      'escalate member',
      'escalate member,member',
      'deescalate member',
      'deescalate ',
    ]);
  });

  test('are settled one after the other: the calls for one resource never meet', async () => {
    const target = aTarget(() => 'hangs');
    const life = await aLife({ access: { settle: target.settle } });
    const [first, second] = [await asked(life), await asked(life)];
    await say(life, first, 'bob-l', 'approve');
    await say(life, second, 'bob-l', 'approve');
    expect(target.calls).toHaveLength(1);
    target.release();
    await life.clock.advance(0);
    expect(target.calls).toHaveLength(2);
    target.release();
    await life.heart.idle();
    expect([await statusOf(life, first), await statusOf(life, second)]).toEqual(['active', 'active']);
  });
});

describe('what people see', () => {
  test('is one card, edited in place, and each notice once', async () => {
    const life = await aLife();
    const id = await asked(life);
    await beat(life, 2000);
    await say(life, id, 'bob-l', 'approve');
    await beat(life, 2000);
    await say(life, id, 'ann-o', 'revoke');
    await beat(life, 2000);
    expect(new Set(life.heard.cards.slice(1).map(({ ref }) => ref))).toEqual(new Set(['card-1']));
    expect(life.heard.cards.at(-1)?.status).toBe('ended');
    for (let again = 0; again < 3; again += 1) await beat(life, minutes(1));
    expect(life.heard.notices).toEqual(['active', 'over']);
  });

  test('is no state that is over in a moment', async () => {
    const life = await aLife();
    const id = await asked(life);
    await beat(life, 2000);
    await say(life, id, 'bob-l', 'approve');
    await beat(life, 2000);
    await say(life, id, 'ann-o', 'revoke');
    for (let second = 0; second < 10; second += 1) await beat(life, 1000);
    expect(life.heard.cards.map(({ status }) => status)).toEqual(['pending', 'active', 'ended']);
  });

  test('is that it is on its way, where it takes longer', async () => {
    const target = aTarget(() => 'hangs');
    const life = await aLife({ access: { settle: target.settle } });
    const id = await asked(life);
    await beat(life, 2000);
    await say(life, id, 'bob-l', 'approve');
    for (let second = 0; second < 5; second += 1) await beat(life, 1000);
    expect(life.heard.cards.map(({ status }) => status)).toEqual(['pending', 'escalating']);
    target.release();
    await beat(life);
    await beat(life, 2000);
    expect(life.heard.cards.at(-1)?.status).toBe('active');
  });

  test('is what is true when a card leaves that had to wait, and it leaves once', async () => {
    const hold = { release: (): void => undefined };
    const free = new Promise<void>((resolve) => (hold.release = resolve));
    const life: Running = await aLife({
      surface: {
        showCard: async (_request, to, { known, latest }) => {
          if (known !== undefined) await free;
          life.heard.cards.push({ status: (await latest()).phase.status, to, ref: known?.ref });
          return { thread: threadFor(to), ref: 'card' };
        },
      },
    });
    const id = await asked(life);
    await beat(life, 2000);
    await say(life, id, 'bob-l', 'approve');
    await beat(life, 2000);
    await say(life, id, 'ann-o', 'revoke');
    await beat(life, 2000);
    hold.release();
    for (let second = 0; second < 10; second += 1) await beat(life, 1000);
    expect(life.heard.cards.map(({ status }) => status)).toEqual(['pending', 'ended']);
  });

  test('is tried again where it could not be shown', async () => {
    let isDown = true;
    const life: Running = await aLife({
      surface: {
        showCard: async ({ phase }, to, { known }) => {
          if (isDown) throw down;
          life.heard.cards.push({ status: phase.status, to, ref: known?.ref });
          return { thread: threadFor(to), ref: 'card' };
        },
      },
    });
    await asked(life);
    expect(life.heard.cards).toEqual([]);
    isDown = false;
    await beat(life, 1000);
    expect(life.heard.cards).toHaveLength(1);
  });

  test('a notice that can never be delivered is recorded, and the next is said', async () => {
    const life: Running = await aLife({
      surface: {
        sendNotice: async (_request, { notice, to }) => {
          if (notice === 'active') throw new Failure('The issue is locked.', { transient: false });
          life.heard.notices.push(notice);
          return { thread: threadFor(to), ref: 'm' };
        },
      },
    });
    const id = await asked(life);
    await say(life, id, 'bob-l', 'approve');
    await say(life, id, 'ann-o', 'revoke');
    expect(await entriesOf(life, id)).toContain('undelivered');
    expect(life.heard.notices).toEqual(['over']);
  });

  test('a card that somebody else changed is shown again, also after a restart', async () => {
    const life = await aLife();
    const id = await asked(life);
    await life.heart.reception.reshow(id);
    await life.heart.idle();
    expect(life.heard.cards).toHaveLength(2);

    const broken = await aLife({ surface: { showCard: async () => Promise.reject(down) } });
    const other = await asked(broken);
    await broken.heart.reception.reshow(other);
    await broken.heart.idle();
    const { branch, clock } = broken;
    const again = await aLife({ disk: broken.disk.afterKill(), branch, clock });
    expect(again.heard.cards).toHaveLength(1);
    await beat(again, minutes(1));
    expect(again.heard.cards).toHaveLength(1);
  });

  test('a spoilt card that was shown is not shown again after a restart', async () => {
    const life = await aLife();
    const id = await asked(life);
    await life.heart.reception.reshow(id);
    await life.heart.idle();
    await life.store.close();
    const { branch, clock, disk } = life;
    const again = await aLife({ disk, branch, clock });
    expect(again.heard.cards).toEqual([]);
  });
});

test('a restart takes up what an earlier life owed', async () => {
  const before = await aLife({ access: aTarget(() => down) });
  const id = await asked(before);
  await say(before, id, 'bob-l', 'approve');
  const { branch, clock } = before;
  const after = await aLife({ disk: before.disk.afterKill(), branch, clock });
  expect(await statusOf(after, id)).toBe('active');
});

test('a stop waits for what is under way, aborts it when the time is up, and begins nothing', async () => {
  const signals: AbortSignal[] = [];
  const life = await aLife({
    access: {
      settle: ({ signal }) =>
        new Promise((_, reject) => {
          signals.push(signal);
          signal.addEventListener('abort', () => reject(down));
        }),
    },
  });
  const id = await asked(life);
  await say(life, id, 'bob-l', 'approve');
  const stopped = life.heart.stop(5000);
  await life.clock.advance(4999);
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  await life.clock.advance(1);
  await stopped;
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
});

describe('the bell', () => {
  test('passes by what owes nothing', async () => {
    const life = await aLife();
    const id = await asked(life);
    await say(life, id, 'bob-l', 'approve');
    for (let beats = 0; beats < 3; beats += 1) await beat(life, 1000);
    expect(await statusOf(life, id)).toBe('active');
    const { load } = life.store;
    let loaded = 0;
    life.store.load = (wanted) => {
      loaded += 1;
      return load(wanted);
    };
    await beat(life, 1000);
    expect(loaded).toBe(0);
  });
});

describe('what runs after an approval', () => {
  const action: ActionOffer = { name: 'migrate', run: 'toy', with: { for: '${{ request.id }}' } };
  const flow = anApprovalOnlyFlow({
    ref: { name: 'production', commit: 'c0ffee' },
    actions: [action, { ...action, name: 'announce' }],
  });

  /** Each run does what the plan says of it. */
  async function aLifeThatRuns(
    plan: (call: ActionCall) => unknown = () => undefined,
    doubles: Doubles = {},
  ): Promise<Running & { readonly runs: ActionCall[] }> {
    const runs: ActionCall[] = [];
    const life = await aLife({
      ...doubles,
      actions: {
        async run(call) {
          runs.push(call);
          const what = await plan(call);
          if (what instanceof Error) throw what;
          return { recorded: { url: 'https://acme.test/1' } };
        },
      },
    });
    life.world = { ...life.world, flows: [flow] };
    return Object.assign(life, { runs });
  }

  test('runs in its order, filled in, each by a key of its own', async () => {
    const life = await aLifeThatRuns();
    const id = await asked(life);
    await say(life, id, 'bob-l', 'approve');
    await beat(life, 1000);
    expect(life.runs).toMatchObject([
      { key: `${id}-1`, isRepeated: false, action: { name: 'migrate', with: { for: id } } },
      { key: `${id}-2`, isRepeated: false, action: { name: 'announce' } },
    ]);
    expect((await entriesOf(life, id)).filter((type) => type.startsWith('action'))).toEqual([
      'action-started',
      'action-finished',
      'action-started',
      'action-finished',
    ]);
    expect(life.heard.notices).toContain('actions-over');
    expect(await statusOf(life, id)).toBe('approved');
  });

  test('is not called before the ledger holds it', async () => {
    let isDown = true;
    const life: Awaited<ReturnType<typeof aLifeThatRuns>> = await aLifeThatRuns(undefined, {
      ledger: {
        append: async (commit, head) => {
          if (isDown) throw new Failure('GitHub does not answer.', { transient: true });
          return life.branch.ledger.append(commit, head);
        },
      },
    });
    const id = await asked(life);
    await say(life, id, 'bob-l', 'approve');
    await beat(life, 1000);
    expect(life.runs).toEqual([]);
    isDown = false;
    await beat(life, minutes(1));
    expect(life.runs).toHaveLength(2);
  });

  test('is tried again by the same key, and is told that it may have run', async () => {
    let tries = 0;
    const life = await aLifeThatRuns(() => ((tries += 1) < 3 ? down : undefined));
    const id = await asked(life);
    await say(life, id, 'bob-l', 'approve');
    for (let second = 0; second < 8; second += 1) await beat(life, 1000);
    expect(life.runs.slice(0, 3).map(({ key, isRepeated }) => [key, isRepeated])).toEqual([
      [`${id}-1`, false],
      [`${id}-1`, true],
      [`${id}-1`, true],
    ]);
  });

  test('what certainly did not run is tried as if for the first time', async () => {
    let tries = 0;
    const refused = new Failure('It is busy.', { transient: true, isUntouched: true });
    const life = await aLifeThatRuns(() => ((tries += 1) < 2 ? refused : undefined));
    const id = await asked(life);
    await say(life, id, 'bob-l', 'approve');
    for (let second = 0; second < 4; second += 1) await beat(life, 1000);
    expect(life.runs.slice(0, 2).map(({ isRepeated }) => isRepeated)).toEqual([false, false]);
  });

  test('after a start nobody knows whether it ran', async () => {
    const life = await aLifeThatRuns(() => new Promise(() => undefined));
    const id = await asked(life);
    await say(life, id, 'bob-l', 'approve');
    const again = await aLifeThatRuns(undefined, {
      disk: life.disk.afterKill(),
      branch: life.branch,
      clock: life.clock,
    });
    await beat(again, 1000);
    expect(again.runs[0]).toMatchObject({ key: `${id}-1`, isRepeated: true });
  });

  test('who is about to call asks whether it is still wanted, and is told no after a revoke', async () => {
    let go = (): void => undefined;
    const life = await aLifeThatRuns(() => new Promise<void>((resolve) => (go = resolve)));
    const id = await asked(life);
    await say(life, id, 'bob-l', 'approve');
    await beat(life, 1000);
    expect(await life.runs[0]?.isWanted()).toBe(true);
    await say(life, id, 'ann-o', 'revoke');
    expect(await life.runs[0]?.isWanted()).toBe(false);
    go();
    await beat(life, 1000);
    expect(life.runs).toHaveLength(1);
    expect((await entriesOf(life, id)).filter((type) => type.startsWith('action'))).toEqual([
      'action-started',
      'action-failed',
      'action-finished',
    ]);
    expect(await statusOf(life, id)).toBe('ended');
  });

  test('what can never work is given up at once, and nothing after it runs', async () => {
    const life = await aLifeThatRuns(() => new Failure('There is no such workflow.', { transient: false }));
    const id = await asked(life);
    await say(life, id, 'bob-l', 'approve');
    for (let second = 0; second < 4; second += 1) await beat(life, 1000);
    expect(life.runs).toHaveLength(1);
    expect((await life.load(id)).actionRuns).toMatchObject([
      { state: 'failed', error: 'There is no such workflow.' },
    ]);
    expect(life.heard.notices).toContain('actions-over');
  });

  test('is tried until the time of the approval is up, and no longer', async () => {
    const life = await aLifeThatRuns(() => down);
    const id = await asked(life);
    await say(life, id, 'bob-l', 'approve');
    for (let minute = 0; minute < 62; minute += 1) await beat(life, minutes(1));
    const tries = life.runs.length;
    expect(tries).toBeGreaterThan(30);
    await beat(life, hours(1));
    expect(life.runs).toHaveLength(tries);
    expect(await statusOf(life, id)).toBe('ended');
    expect((await life.load(id)).actionRuns).toMatchObject([{ state: 'failed' }]);
  });

  test('a desk whose ledger diverged runs nothing', async () => {
    const life = await aLifeThatRuns();
    const id = await asked(life);
    const cursor = await life.store.cursor(aDesk);
    await say(life, id, 'bob-l', 'approve');
    expect(life.runs.length).toBeGreaterThan(0);
    life.runs.length = 0;
    const other = await asked(life);
    await life.store.setCursor(aDesk, { head: cursor?.head ?? '', diverged: 'Somebody pushed.' });
    await say(life, other, 'bob-l', 'approve');
    await beat(life, minutes(1));
    expect(life.runs).toEqual([]);
  });
});
