import { WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { createKeptLog } from '../../../test/scripted-github.ts';
import { createVirtualClock } from '../../../test/virtual-clock.ts';
import { between, plus } from '../../domain/names.ts';
import { CallQueue, type SlackCall, type SlackLane } from './call-queue.ts';
import { SlackFailure } from './failure.ts';
import { createHealthWatch } from './health.ts';
import { slackPace } from './pace.ts';

interface Planned {
  readonly method?: string;
  readonly lane?: SlackLane;
  readonly channel?: string;
  readonly address?: string;
  readonly repeatable?: boolean;
  readonly call?: SlackCall;
  readonly prepare?: () => Promise<void>;
  /** What happens at each try; afterwards all is well. */
  readonly answers?: readonly ('hang' | Error)[];
}

/** A queue, and calls whose fates are written down beforehand. */
function given() {
  const clock = createVirtualClock();
  const start = clock.now();
  const log = createKeptLog();
  const health = createHealthWatch(clock);
  const queue = new CallQueue({ clock, log, health, pace: slackPace, token: 'SLACK_BOT_TOKEN' });
  const sent: string[] = [];
  const ask = (name: string, plan: Planned = {}): Promise<string> => {
    const { method = 'users.info', lane = 'card', call = {}, repeatable = false, ...rest } = plan;
    const answers = [...(plan.answers ?? [])];
    return queue
      .run({
        ...{ method, lane, call, repeatable },
        ...rest,
        send: async () => {
          sent.push(`${between(start, clock.now()) / 1000} ${name}`);
          const answer = answers.shift();
          if (answer === 'hang') await new Promise(() => undefined);
          await clock.sleep(100);
          if (answer instanceof Error) throw answer;
          return name;
        },
      })
      .catch((error: unknown) =>
        error instanceof SlackFailure
          ? `${error.message} [${error.kind}${error.transient ? ', transient' : ''}]`
          : String(error),
      );
  };
  const post = (name: string, channel: string, plan: Planned = {}): Promise<string> =>
    ask(name, { method: 'chat.postMessage', channel, address: channel, ...plan });
  return { clock, log, health, queue, sent, ask, post };
}

const limited = (seconds: number): Error => new WebAPIRateLimitedError(seconds);
const said = (error: string): Error => new WebAPIPlatformError({ ok: false, error });
const broken = (): Error =>
  new WebAPIRequestError(Object.assign(new Error('secret address'), { code: 'ECONNRESET' }));

describe('what waits for Slack', () => {
  it('goes one a second into a channel, after a pause two', async () => {
    const { clock, sent, post } = given();
    const all = ['a', 'b', 'c', 'd'].map((name) => post(name, 'C1'));
    await clock.settle(Promise.all(all));
    expect(sent).toEqual(['0 a', '0.1 b', '1 c', '2 d']);
  });

  it('does not wait for another channel', async () => {
    const { clock, sent, post } = given();
    const all = [post('a', 'C1'), post('b', 'C1'), post('c', 'C1'), post('d', 'C2')];
    await clock.settle(Promise.all(all));
    expect(sent).toContain('0 d');
  });

  it('lets people go first, then look-ups, then cards, then what merely tells', async () => {
    const { clock, sent, post } = given();
    await clock.settle(Promise.all([post('x', 'C1'), post('y', 'C1')]));
    sent.length = 0;
    const lanes = ['notice', 'card', 'look-up', 'answer'] as const;
    await clock.settle(Promise.all(lanes.map((lane) => post(lane, 'C1', { lane }))));
    expect(sent.map((line) => line.split(' ')[1])).toEqual(['answer', 'look-up', 'card', 'notice']);
  });

  it('starves nobody: after half a minute it goes before all who came later', async () => {
    const { clock, sent, post } = given();
    const cards = Array.from({ length: 60 }, (_, index) => post(`card-${index}`, 'C1'));
    cards.push(post('notice', 'C1', { lane: 'notice' }));
    for (let second = 0; second < 40; second += 1) {
      await clock.advance(1000);
      cards.push(post(`late-${second}`, 'C1'));
    }
    await clock.settle(Promise.all(cards));
    const order = sent.map((line) => line.split(' ')[1]);
    expect(order.indexOf('notice')).toBeLessThan(order.indexOf('late-10'));
  });

  it('keeps the order of edits of one message, even where the first has to be repeated', async () => {
    const { clock, sent, ask } = given();
    const edit = { method: 'chat.update', address: 'C1:1.1', repeatable: true };
    const all = [ask('old', { ...edit, answers: [broken()] }), ask('new', edit)];
    await clock.settle(Promise.all(all));
    expect(sent).toEqual(['0 old', '0.6 old', '0.7 new']);
  });

  it('stays within fifty edits in any minute', async () => {
    const { clock, sent, ask } = given();
    const all = Array.from({ length: 80 }, (_, index) =>
      ask(`${index}`, { method: 'chat.update', address: `C1:${index}` }),
    );
    await clock.settle(Promise.all(all));
    const times = sent.map((line) => Number(line.split(' ')[0]));
    for (const from of times)
      expect(times.filter((at) => at >= from && at < from + 60).length).toBeLessThanOrEqual(50);
    expect(Math.max(...times)).toBeLessThan(120);
  });

  it('says what is true when it leaves, each time that it does', async () => {
    const { clock, ask } = given();
    let asked = 0;
    const prepare = async (): Promise<void> => {
      asked += 1;
    };
    const all = ask('card', { method: 'chat.update', prepare, answers: [limited(5)] });
    await clock.settle(all);
    expect(asked).toBe(2);
  });

  it('hands on what its own preparation met, and sends nothing', async () => {
    const { clock, sent, ask, health } = given();
    const prepare = async (): Promise<void> => {
      throw new Error('The request is gone.');
    };
    expect(await clock.settle(ask('card', { prepare }))).toBe('Error: The request is gone.');
    expect(sent).toEqual([]);
    expect(health.isReachable()).toBe(true);
  });

  it('is dropped when it is too late, or its caller gives up', async () => {
    const { clock, sent, post, queue } = given();
    const giveUp = new AbortController();
    const all = [
      post('a', 'C1'),
      post('b', 'C1'),
      post('late', 'C1', { call: { notAfter: plus(clock.now(), 500) } }),
      post('stopped', 'C1', { call: { signal: giveUp.signal } }),
    ];
    await clock.advance(300);
    expect(queue.longestWait).toBe(300);
    giveUp.abort();
    expect(await clock.settle(Promise.all(all))).toEqual([
      'a',
      'b',
      'Slack, chat.postMessage: too late, it was not sent [not-sent]',
      'Slack, chat.postMessage: given up before it was sent [not-sent, transient]',
    ]);
    expect(sent).toHaveLength(2);
  });
});

describe('a limit', () => {
  it('of one channel holds that channel back and nothing else, and loses nothing', async () => {
    const { clock, sent, post, ask, log } = given();
    const all = [post('a', 'C1', { answers: [limited(10)] }), post('b', 'C2')];
    await clock.advance(200);
    all.push(post('c', 'C2'), ask('d'));
    expect(await clock.settle(Promise.all(all))).toEqual(['a', 'b', 'c', 'd']);
    expect(sent).toEqual(['0 a', '0 b', '0.2 c', '0.2 d', '11.1 a']);
    expect(log.lines).toEqual([
      'Slack limits us, these calls wait {"method":"chat.postMessage","waitMs":10000}',
    ]);
  });

  it('that a second channel meets holds all posts back', async () => {
    const { clock, sent, post } = given();
    const all = [post('a', 'C1', { answers: [limited(10)] }), post('b', 'C2', { answers: [limited(10)] })];
    await clock.advance(200);
    all.push(post('c', 'C3'));
    await clock.settle(Promise.all(all));
    expect(sent.at(-1)).toMatch(/^1\d\.\d+ /);
    expect(sent.filter((line) => line.endsWith('c'))).toEqual([expect.stringMatching(/^1\d/)]);
  });

  it('of a method holds that method back', async () => {
    const { clock, sent, ask } = given();
    const all = [ask('a', { answers: [limited(7)] }), ask('x', { method: 'views.open' })];
    await clock.advance(200);
    all.push(ask('b'), ask('y', { method: 'views.open' }));
    await clock.settle(Promise.all(all));
    expect(sent.slice(0, 3)).toEqual(['0 a', '0 x', '0.2 y']);
    expect(Number(sent[3]?.split(' ')[0])).toBeGreaterThan(7);
  });

  it('is an answer: Slack is there', async () => {
    const { clock, ask, health } = given();
    void ask('a', { answers: [limited(60)] });
    await clock.advance(30_000);
    expect(health.isReachable()).toBe(true);
  });
});

describe('where Slack does not answer', () => {
  it('a call that may be repeated is, once', async () => {
    const { clock, sent, ask } = given();
    const answers = [broken(), broken(), broken()];
    expect(await clock.settle(ask('a', { repeatable: true, answers }))).toBe(
      'Slack, users.info: no answer (ECONNRESET) [lost, transient]',
    );
    expect(sent).toEqual(['0 a', '0.6 a']);
  });

  it('a post is not repeated: nobody knows whether it stands there', async () => {
    const { clock, sent, post } = given();
    expect(await clock.settle(post('a', 'C1', { answers: [said('fatal_error')] }))).toBe(
      'Slack, chat.postMessage: fatal_error [lost, transient]',
    );
    expect(sent).toHaveLength(1);
  });

  it('a hang is given up after its time', async () => {
    const { clock, ask } = given();
    expect(await clock.settle(ask('a', { answers: ['hang'] }))).toBe(
      'Slack, users.info: no answer within 15 s [lost, transient]',
    );
  });

  it('an impatient caller is let go, and it counts for no outage', async () => {
    const { clock, ask, health } = given();
    const giveUp = new AbortController();
    const call = ask('a', { answers: ['hang'], call: { signal: giveUp.signal }, repeatable: true });
    await clock.advance(10);
    giveUp.abort();
    expect(await clock.settle(call)).toContain('given up while waiting for its answer [lost, transient]');
    expect(health.isReachable()).toBe(true);
  });

  it('that is known, since when, and when it came back', async () => {
    const { clock, ask, health } = given();
    const down = plus(clock.now(), 100);
    await clock.settle(ask('a', { answers: [broken()] }));
    expect([health.isReachable(), health.unreachableSince()]).toEqual([false, down]);
    await clock.advance(60_000);
    await clock.settle(ask('b', { answers: [said('internal_error')] }));
    expect(health.unreachableSince()).toBe(down);
    await clock.settle(ask('c'));
    expect([health.isReachable(), health.unreachableSince()]).toEqual([true, undefined]);
    expect(health.outageEndedAt()).toBe(clock.now());
  });

  it('a connection that broke once is no outage', async () => {
    const { clock, ask, health } = given();
    await clock.settle(ask('a', { repeatable: true, answers: [broken()] }));
    expect([health.isReachable(), health.outageEndedAt()]).toEqual([true, undefined]);
  });

  it('a no is an answer', async () => {
    const { clock, ask, health } = given();
    await clock.settle(ask('a', { answers: [broken()] }));
    await clock.settle(ask('b', { answers: [said('channel_not_found')] }));
    expect(health.isReachable()).toBe(true);
  });
});

describe('what Slack says', () => {
  it.each([
    ['not_in_channel', 'the app is not in #access. Invite it there: /invite @Countersign'],
    ['is_archived', '#access is archived. Unarchive it, or name another channel'],
    ['token_revoked', 'SLACK_BOT_TOKEN was revoked. Install the app again'],
    ['something_new', 'something_new'],
  ])('%s is told with what to do', async (code, words) => {
    const { clock, post } = given();
    const told = await clock.settle(post('a', 'C1', { answers: [said(code)], ...{ about: '#access' } }));
    expect(told).toContain(words);
    expect(told).toMatch(/\[refused\]$/);
  });

  it('is never quoted where it is no code', async () => {
    const { clock, ask } = given();
    const told = await clock.settle(ask('a', { answers: [said('<html>xoxb-secret</html>')] }));
    expect(told).toBe('Slack, users.info: an answer that is none of Slack’s [lost, transient]');
  });
});
