import { describe, expect, test } from 'vitest';
import { aFlow } from '../../test/builders/flow.ts';
import { aHouse, type Doubles, type House } from '../../test/builders/house.ts';
import { aDesk } from '../../test/builders/history.ts';
import { hours, minutes } from '../domain/duration.ts';
import type { Condition } from '../domain/flow.ts';
import { plus, requestId, type RequestId } from '../domain/names.ts';
import { createEngine, rebuiltBookmark, type Engine } from './engine.ts';
import { Failure } from './ports/failure.ts';
import { StaleChangeError } from './ports/store.ts';
import type { Surface } from './ports/surface.ts';

interface Manned extends House {
  readonly engine: Engine;
}

async function anEngine(doubles: Doubles = {}): Promise<Manned> {
  const house = await aHouse(doubles);
  return Object.assign(house, { engine: createEngine(house.parts) });
}

async function asked(manned: Manned): Promise<RequestId> {
  const { request } = await manned.engine.accept(manned.asks('ann-o'));
  await manned.engine.idle();
  return request;
}

type Saying = 'approve' | 'deny' | 'revoke' | 'cancel';

async function say(manned: Manned, id: RequestId, name: string, type: Saying): Promise<string> {
  await manned.engine.accept(manned.says(name, type), id);
  await manned.engine.idle();
  return (await manned.load(id)).phase.status;
}

const escalated = { type: 'note-escalated', verified: 'read-back' } as const;
const down: Partial<Surface> = {
  answer: async () => Promise.reject(new Failure('GitHub does not answer.', { transient: true })),
};

describe('a command', () => {
  test('that comes twice takes effect once, whenever it comes', async () => {
    const manned = await anEngine();
    const asking = manned.asks('ann-o');
    const first = await manned.engine.accept(asking);
    expect(await manned.engine.accept(asking)).toEqual({ request: first.request, state: 'known' });
    const approval = manned.says('bob-l', 'approve');
    await Promise.all([1, 2, 3].map(() => manned.engine.accept(approval, first.request)));
    await manned.engine.idle();
    expect((await manned.load(first.request)).approvals).toHaveLength(1);
  });

  test('is decided after a crash if it was accepted before', async () => {
    const manned = await anEngine({ flows: { current: () => new Promise(() => undefined) } });
    const { request } = await manned.engine.accept(manned.asks('ann-o'));
    const again = await anEngine({ disk: manned.disk.afterKill() });
    await again.engine.resume();
    await again.engine.idle();
    expect((await again.load(request)).phase.status).toBe('pending');
  });

  test('was said no later than it was received, whatever its sender says', async () => {
    const manned = await anEngine();
    const id = await asked(manned);
    const soon = plus(manned.clock.now(), hours(1));
    await manned.engine.accept(manned.says('bob-l', 'approve', soon), id);
    await manned.engine.idle();
    expect((await manned.load(id)).approvals[0]?.at).toBe(manned.clock.now());
  });

  test('about a request that nobody made is forgotten', async () => {
    const manned = await anEngine();
    await manned.engine.accept(manned.says('bob-l', 'approve'), requestId('01JD0000000000000000000009'));
    await manned.engine.idle();
    expect(await manned.store.waiting()).toEqual([]);
  });

  test('is decided again where somebody else recorded first', async () => {
    const house = await aHouse();
    let races = 2;
    const store: typeof house.store = {
      ...house.store,
      save: async (change) => {
        if (change.append && races > 0) {
          races -= 1;
          throw new StaleChangeError('Somebody was first.');
        }
        return house.store.save(change);
      },
    };
    const manned = Object.assign(house, { engine: createEngine({ ...house.parts, store }) });
    expect((await manned.load(await asked(manned))).phase.status).toBe('pending');
    expect(races).toBe(0);
  });

  test('waits where the world cannot be asked, and is taken up again', async () => {
    let isDown = true;
    const manned: Manned = await anEngine({
      flows: {
        risks: async () => {
          if (isDown) throw new Failure('GitHub does not answer.', { transient: true });
          return [];
        },
      },
    });
    const { request } = await manned.engine.accept(manned.asks('ann-o'));
    await manned.engine.idle();
    expect(await manned.store.load(request)).toBeUndefined();
    expect(manned.heard.answers).toEqual([]);
    isDown = false;
    await manned.clock.advance(1000);
    await manned.engine.resume();
    await manned.engine.idle();
    expect((await manned.load(request)).phase.status).toBe('pending');
  });
});

describe('a rule about how often somebody asked', () => {
  test('counts what they ask in one burst', async () => {
    const manned = await anEngine();
    const often: Condition = {
      source: "requester.requests('1d') > 1",
      judge: ({ circumstances }) => {
        const past = circumstances?.history(hours(24)) ?? { unknown: 'nobody asks' };
        return 'unknown' in past ? past : past.requests > 1;
      },
    };
    const rules = [{ name: 'too-often', condition: often, then: { deny: true } } as const];
    manned.world = { ...manned.world, flows: [aFlow({ rules })] };
    const burst = Array.from({ length: 5 }, () => manned.engine.accept(manned.asks('ann-o')));
    const requests = await Promise.all(burst);
    await manned.engine.idle();
    const loaded = await Promise.all(requests.map(({ request }) => manned.load(request)));
    expect(loaded.map(({ phase }) => phase.status)).toEqual([
      'pending',
      'pending',
      ...Array.from({ length: 3 }, () => 'denied'),
    ]);
  });
});

describe('what is said on one request', () => {
  test('waits for what was said before it, and is not lost', async () => {
    let isDown = true;
    const risks = async (): Promise<readonly string[]> => {
      if (isDown) throw new Failure('GitHub does not answer.', { transient: true });
      return [];
    };
    const manned = await anEngine({ flows: { risks } });
    const { request } = await manned.engine.accept(manned.asks('ann-o'));
    await manned.engine.idle();
    await manned.engine.accept(manned.says('bob-l', 'approve'), request);
    await manned.engine.idle();
    expect(await manned.store.waiting()).toHaveLength(2);
    isDown = false;
    await manned.clock.advance(minutes(1));
    await manned.engine.resume();
    await manned.engine.idle();
    await manned.engine.resume();
    await manned.engine.idle();
    expect((await manned.load(request)).approvals).toHaveLength(1);
  });

  test('has what was said before it tried again at once', async () => {
    let isDown = true;
    const risks = async (): Promise<readonly string[]> => {
      if (isDown) throw new Failure('GitHub does not answer.', { transient: true });
      return [];
    };
    const manned = await anEngine({ flows: { risks } });
    const { request } = await manned.engine.accept(manned.asks('ann-o'));
    await manned.engine.idle();
    isDown = false;
    await manned.engine.accept(manned.says('ann-o', 'cancel'), request);
    await manned.engine.idle();
    expect((await manned.load(request)).phase.status).toBe('cancelled');
  });
});

describe('a refusal', () => {
  test('is answered and recorded once for each account and reason', async () => {
    const manned = await anEngine();
    const id = await asked(manned);
    for (const name of ['dora-k', 'dora-k', 'max-p']) await say(manned, id, name, 'approve');
    expect(manned.heard.answers).toEqual(['not-an-approver', 'not-an-approver']);
    expect((await manned.load(id)).refused).toEqual([
      'github:dora-k not-an-approver',
      'github:max-p not-an-approver',
    ]);
    expect(await manned.store.waiting()).toEqual([]);
  });

  test('is owed until it was said, over a crash, and is not judged anew', async () => {
    const manned = await anEngine({ surface: down });
    const id = await asked(manned);
    await say(manned, id, 'dora-k', 'approve');
    const again = await anEngine({ disk: manned.disk.afterKill() });
    again.world = { ...again.world, groups: { ...again.world.groups, 'team:acme/data': ['dora'] } };
    await again.engine.resume();
    await again.engine.idle();
    expect(again.heard.answers).toEqual(['not-an-approver']);
    expect((await again.load(id)).phase.status).toBe('pending');
    expect(await again.store.waiting()).toEqual([]);
  });

  test('keeps nobody waiting who has something to say on the same request', async () => {
    const manned = await anEngine({ surface: { answer: () => new Promise(() => undefined) } });
    const id = await asked(manned);
    await manned.engine.accept(manned.says('dora-k', 'approve'), id);
    await manned.engine.outcome(await manned.engine.accept(manned.says('ann-o', 'cancel'), id), 1000);
    expect((await manned.load(id)).phase.status).toBe('cancelled');
  });

  test('is tried to be said ever less often', async () => {
    let tries = 0;
    const answer = (): Promise<void> => {
      tries += 1;
      return Promise.reject(new Failure('GitHub does not answer.', { transient: true }));
    };
    const manned = await anEngine({ surface: { answer } });
    await manned.engine.accept(manned.asks('dora-k'));
    for (let second = 0; second < 60; second += 1) {
      await manned.engine.idle();
      await manned.clock.advance(1000);
      await manned.engine.resume();
    }
    await manned.engine.idle();
    expect(tries).toBe(6);
  });

  test('that can never be said is let go', async () => {
    const gone: Partial<Surface> = {
      answer: async () => Promise.reject(new Failure('The issue was deleted.', { transient: false })),
    };
    const manned = await anEngine({ surface: gone });
    await say(manned, await asked(manned), 'dora-k', 'approve');
    expect(await manned.store.waiting()).toEqual([]);
  });

  test('of a request that was never made is answered too', async () => {
    const manned = await anEngine();
    await manned.engine.accept(manned.asks('dora-k'));
    await manned.engine.idle();
    expect(manned.heard.answers).toEqual(['not-a-requester']);
    expect(await manned.store.waiting()).toEqual([]);
  });

  test('cannot fill the file of a request, nor its thread', async () => {
    const manned = await anEngine();
    const id = await asked(manned);
    for (let stranger = 0; stranger < 60; stranger += 1) await say(manned, id, `eve-${stranger}`, 'approve');
    expect((await manned.load(id)).refused).toHaveLength(50);
    expect(manned.heard.answers).toHaveLength(50);
  });
});

describe('a desk that was rebuilt', () => {
  async function rebuilt(): Promise<Manned & { readonly id: RequestId }> {
    const manned = await anEngine();
    const id = await asked(manned);
    await manned.clock.advance(minutes(10));
    await say(manned, id, 'dora-k', 'deny');
    await manned.clock.advance(minutes(10));
    await manned.store.setBookmark(rebuiltBookmark(aDesk), manned.clock.now());
    await manned.clock.advance(minutes(10));
    return Object.assign(manned, { id });
  }
  const minutesAgo = (manned: Manned, count: number) => plus(manned.clock.now(), -minutes(count));

  test('asks to repeat what is older than the last entry: it may have been counted and forgotten', async () => {
    const manned = await rebuilt();
    await manned.engine.accept(manned.says('bob-l', 'approve', minutesAgo(manned, 25)), manned.id);
    await manned.engine.idle();
    expect(manned.heard.answers).toEqual(['not-an-approver', 'please-repeat']);
  });

  test('decides what is newer than the last entry, and what is said again', async () => {
    const manned = await rebuilt();
    await manned.engine.accept(manned.says('bob-l', 'approve', minutesAgo(manned, 15)), manned.id);
    await manned.engine.idle();
    expect((await manned.load(manned.id)).phase.status).toBe('escalating');
  });

  test('never asks to repeat what ends access', async () => {
    const manned = await rebuilt();
    await say(manned, manned.id, 'bob-l', 'approve');
    await manned.engine.submit(manned.id, escalated);
    await manned.engine.accept(manned.says('ann-o', 'revoke', minutesAgo(manned, 29)), manned.id);
    await manned.engine.idle();
    expect((await manned.load(manned.id)).phase.status).toBe('deescalating');
  });
});

describe('a desk whose ledger diverged', () => {
  async function frozen(): Promise<Manned & { readonly id: RequestId }> {
    const manned = await anEngine();
    const id = await asked(manned);
    return Object.assign(manned, { id });
  }
  const freeze = ({ store }: Manned) =>
    store.setCursor(aDesk, { head: 'x', diverged: 'Somebody else wrote to it.' });

  test('neither takes requests nor decides', async () => {
    const manned = await frozen();
    await freeze(manned);
    expect(await say(manned, manned.id, 'bob-l', 'approve')).toBe('pending');
    await say(manned, manned.id, 'dora-k', 'deny');
    await manned.engine.accept(manned.asks('ann-o'));
    await manned.engine.idle();
    expect(manned.heard.answers).toEqual(['desk-frozen', 'desk-frozen', 'desk-frozen']);
  });

  test('makes no access last longer', async () => {
    const manned = await frozen();
    await say(manned, manned.id, 'bob-l', 'approve');
    await manned.engine.submit(manned.id, escalated);
    await freeze(manned);
    const { voice } = manned.says('ann-o', 'revoke');
    await manned.engine.accept({ type: 'extend', voice }, manned.id);
    await manned.engine.idle();
    expect(manned.heard.answers).toEqual(['desk-frozen']);
  });

  test.each(['revoke', 'deny', 'cancel'] as const)('still ends access on /%s', async (type) => {
    const manned = await frozen();
    await say(manned, manned.id, 'bob-l', 'approve');
    await manned.engine.submit(manned.id, escalated);
    await freeze(manned);
    expect(await say(manned, manned.id, type === 'cancel' ? 'ann-o' : 'bob-l', type)).toBe('deescalating');
  });

  test('still ends access when its time is up', async () => {
    const manned = await frozen();
    await say(manned, manned.id, 'bob-l', 'approve');
    await manned.engine.submit(manned.id, escalated);
    await freeze(manned);
    await manned.clock.advance(minutes(30));
    await manned.engine.submit(manned.id, { type: 'note-time' });
    expect((await manned.load(manned.id)).phase.status).toBe('deescalating');
  });
});

test('a desk that is not safe takes no requests, and says why', async () => {
  const manned = await anEngine({ flows: { risks: async () => ['The repository is public.'] } });
  await manned.engine.accept(manned.asks('ann-o'));
  await manned.engine.idle();
  expect(manned.heard.answers).toEqual(['desk-unsafe']);
});

describe('the outcome of a command', () => {
  test('is the request as it stands then', async () => {
    const manned = await anEngine();
    const receipt = await manned.engine.accept(manned.asks('ann-o'));
    expect(await manned.engine.outcome(receipt, 1000)).toMatchObject({
      done: { phase: { status: 'pending' } },
    });
  });

  test('is known to whoever asks for it only later', async () => {
    const manned = await anEngine();
    const id = await asked(manned);
    const receipt = await manned.engine.accept(manned.says('dora-k', 'approve'), id);
    await manned.engine.idle();
    expect(await manned.engine.outcome(receipt, 1000)).toMatchObject({
      refused: { code: 'not-an-approver' },
    });
  });

  test('is that of the command, not of another on the same request', async () => {
    const manned = await anEngine();
    const id = await asked(manned);
    const receipts = [
      await manned.engine.accept(manned.says('dora-k', 'approve'), id),
      await manned.engine.accept(manned.says('bob-l', 'approve'), id),
      await manned.engine.accept(manned.says('dora-k', 'approve'), id),
    ];
    const outcomes = await Promise.all(receipts.map((receipt) => manned.engine.outcome(receipt, 1000)));
    expect(outcomes).toMatchObject([
      { refused: { code: 'not-an-approver' } },
      { done: { phase: { status: 'escalating' } } },
      { refused: { code: 'too-late' } },
    ]);
  });

  test('is that it is being worked on, where it takes longer', async () => {
    const manned = await anEngine({ flows: { risks: () => new Promise(() => undefined) } });
    const receipt = await manned.engine.accept(manned.asks('ann-o'));
    const outcome = manned.engine.outcome(receipt, 1000);
    await manned.clock.advance(1000);
    expect(await outcome).toEqual({ working: true });
    expect(manned.clock.sleeping).toBe(0);
  });

  test('of what was said before is how the request stands', async () => {
    const manned = await anEngine();
    const asking = manned.asks('ann-o');
    await manned.engine.accept(asking);
    await manned.engine.idle();
    const again = await manned.engine.accept(asking);
    expect(await manned.engine.outcome(again, 1000)).toMatchObject({
      done: { phase: { status: 'pending' } },
    });
  });
});
