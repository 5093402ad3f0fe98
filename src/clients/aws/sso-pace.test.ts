import { beforeEach, describe, expect, test } from 'vitest';
import { createVirtualClock, type VirtualClock } from '../../../test/virtual-clock.ts';
import { Failure } from '../../engine/ports/failure.ts';
import { AwsFailure } from './aws-failure.ts';
import { SsoPace, ssoRate, type Urgency, type Waiting } from './sso-pace.ts';

let clock: VirtualClock;
let pace: SsoPace;
beforeEach(() => {
  clock = createVirtualClock();
  pace = new SsoPace();
});

function caller(urgency: Urgency, signal = new AbortController().signal): Waiting {
  return { urgency, using: { clock, signal } };
}

const refused = (code: string) => new AwsFailure(`AWS answered ${code}.`, { transient: true, code });

describe('requests', () => {
  test('leave no faster than AWS lets them', async () => {
    const sent: number[] = [];
    const begun = Date.parse(clock.now());
    const all = Array.from({ length: 100 }, () =>
      pace.request(caller('grant'), async () => sent.push(Date.parse(clock.now()) - begun)),
    );
    await clock.settle(Promise.all(all));
    for (const at of sent) {
      const within = sent.filter((other) => other >= at && other < at + 1000).length;
      expect(within).toBeLessThanOrEqual(ssoRate.burst + ssoRate.refill);
    }
    const seconds = (100 - ssoRate.burst) / ssoRate.refill;
    expect(Math.max(...sent) / 1000).toBeCloseTo(seconds, 0);
  });

  test('that end access overtake those that give it', async () => {
    const order: Urgency[] = [];
    const send = (urgency: Urgency) => pace.request(caller(urgency), async () => order.push(urgency));
    const grants = Array.from({ length: 30 }, () => send('grant'));
    const ends = Array.from({ length: 10 }, () => send('end'));
    await clock.settle(Promise.all([...grants, ...ends]));
    // What had left before the first end came is not called back.
    expect(order.slice(ssoRate.burst, ssoRate.burst + 10)).toEqual(Array(10).fill('end'));
  });

  test('of whoever came first go first, also those that follow', async () => {
    const order: string[] = [];
    const callers = ['first', 'second', 'third'].map((name) => ({ name, waiting: caller('grant') }));
    for (let taken = 0; taken < ssoRate.burst - 1; taken += 1)
      void pace.request(caller('end'), async () => 0);
    await clock.settle(
      Promise.all(
        callers.map(async ({ name, waiting }) => {
          for (const step of [1, 2]) await pace.request(waiting, async () => order.push(`${name} ${step}`));
        }),
      ),
    );
    expect(order.indexOf('first 2')).toBeLessThan(order.indexOf('third 1'));
  });

  test('that AWS is too busy for are sent again, and told as refused once the time is up', async () => {
    let tries = 0;
    const send = async (): Promise<string> => {
      tries += 1;
      if (tries < 4) throw refused('ThrottlingException');
      return 'done';
    };
    expect(await clock.settle(pace.request(caller('grant'), send))).toBe('done');
    const stop = new AbortController();
    const never = pace.request(caller('grant', stop.signal), async () => {
      throw refused('ThrottlingException');
    });
    void clock.sleep(20_000).then(() => stop.abort());
    await expect(clock.settle(never)).rejects.toMatchObject({ code: 'ThrottlingException' });
  });

  test('that fail otherwise are the caller’s', async () => {
    const failing = pace.request(caller('grant'), async () => {
      throw refused('AccessDeniedException');
    });
    await expect(clock.settle(failing)).rejects.toMatchObject({ code: 'AccessDeniedException' });
  });

  test('do not wait for longer than there is time', async () => {
    for (let taken = 0; taken < 200; taken += 1) void pace.request(caller('end'), async () => 0);
    const stop = new AbortController();
    const waiting = pace.request(caller('grant', stop.signal), async () => 'sent');
    void clock.sleep(1000).then(() => stop.abort());
    const failure = await clock.settle(waiting).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ transient: true });
  });
});

describe('work', () => {
  test('is ten at once at most, and one on an account', async () => {
    let most = 0;
    const busy: string[] = [];
    const run = (account: string) =>
      pace.work(caller('grant'), account, async () => {
        expect(busy).not.toContain(account);
        busy.push(account);
        most = Math.max(most, busy.length);
        await clock.sleep(3000);
        busy.splice(busy.indexOf(account), 1);
      });
    const all = Array.from({ length: 60 }, (_, number) => run(String(number % 15)));
    await clock.settle(Promise.all(all));
    expect(most).toBe(10);
  });

  test('that ends access overtakes what gives it', async () => {
    const order: string[] = [];
    const run = (urgency: Urgency, name: string) =>
      pace.work(caller(urgency), 'the same account', async () => {
        order.push(name);
        await clock.sleep(1000);
      });
    await clock.settle(
      Promise.all([run('grant', 'under way'), run('grant', 'a grant'), run('end', 'an end')]),
    );
    expect(order).toEqual(['under way', 'an end', 'a grant']);
  });

  test('that meets somebody else on the account lets others go first, and is tried again', async () => {
    let tries = 0;
    const order: string[] = [];
    for (let number = 0; number < 9; number += 1)
      void pace.work(caller('grant'), `other ${number}`, () => clock.sleep(60_000));
    const met = pace.work(caller('end'), 'a', async () => {
      tries += 1;
      if (tries < 3) throw refused('ConflictException');
      order.push('a');
    });
    const next = pace.work(caller('grant'), 'b', async () => order.push('b'));
    await clock.settle(Promise.all([met, next]));
    expect(order).toEqual(['b', 'a']);
  });

  test('on an account where somebody else is at work is not begun by others of ours meanwhile', async () => {
    const tried: string[] = [];
    const run = (name: string, fails: number) => {
      let tries = 0;
      return pace.work(caller('grant'), 'a', async () => {
        tried.push(name);
        tries += 1;
        if (tries <= fails) throw refused('ConflictException');
      });
    };
    await clock.settle(Promise.all([run('first', 2), run('second', 0)]));
    expect(tried).toEqual(['first', 'first', 'first', 'second']);
  });

  test('that fails leaves its place to others', async () => {
    const failing = Array.from({ length: 10 }, (_, number) =>
      pace
        .work(caller('grant'), String(number), async () => {
          throw refused('InternalServerException');
        })
        .catch(() => undefined),
    );
    await clock.settle(Promise.all(failing));
    expect(await clock.settle(pace.work(caller('grant'), '0', async () => 'begun'))).toBe('begun');
  });
});
