import { RequestError } from '@octokit/request-error';
import { describe, expect, it } from 'vitest';
import { createKeptLog } from '../../../test/scripted-github.ts';
import { createVirtualClock, type VirtualClock } from '../../../test/virtual-clock.ts';
import { between, instant, plus } from '../../domain/names.ts';
import { GitHubFailure, type Headers } from './failure.ts';
import type { Call, Lane } from './lane.ts';
import { gitHubPace, type Pace } from './pace.ts';
import { requestKind } from './request-kind.ts';
import { WriteQueue } from './write-queue.ts';

type Step = { readonly status?: number; readonly headers?: Headers; readonly json?: unknown };
type Outcome = Step | 'hang' | 'break';

interface Planned {
  readonly lane?: Lane;
  readonly method?: string;
  readonly url?: string;
  readonly path?: string;
  readonly call?: Call;
  readonly takes?: number;
  /** What happens at each try; afterwards all is well. */
  readonly answers?: readonly Outcome[];
}

/** A queue, and requests whose fates are written down beforehand. */
function given(pace: Partial<Pace> = {}, clock: VirtualClock = createVirtualClock()) {
  const start = clock.now();
  const log = createKeptLog();
  const queue = new WriteQueue({ clock, log, random: () => 0.5, pace: { ...gitHubPace, ...pace } });
  const sent: string[] = [];
  let atOnce = 0;
  const most = { atOnce: 0 };
  const ask = (name: string, plan: Planned = {}): Promise<string> => {
    const { lane = 'card', method = 'PATCH', url = '/repos/{owner}/{repo}/things', takes = 100 } = plan;
    const answers = [...(plan.answers ?? [])];
    return queue
      .run({
        lane,
        kind: requestKind({ method, url }, `https://api.github.com${plan.path ?? `/${name}`}`),
        call: plan.call ?? {},
        prepare: async () => {},
        renew: () => sent.push(`renew ${name}`),
        send: async (signal) => {
          sent.push(`${between(start, clock.now()) / 1000} ${name}`);
          most.atOnce = Math.max(most.atOnce, (atOnce += 1));
          try {
            const answer = answers.shift() ?? {};
            if (answer !== 'hang') await clock.sleep(takes, signal);
            else await new Promise((resolve) => signal.addEventListener('abort', resolve));
            return reply(answer, method);
          } finally {
            atOnce -= 1;
          }
        },
      })
      .then(
        () => 'done',
        (error: unknown) =>
          error instanceof GitHubFailure
            ? `${error.kind}${error.transient ? ', transient' : ''}: ${error.message}`
            : String(error),
      );
  };
  return { clock, queue, sent, ask, log, most, names: () => sent.map((line) => line.split(' ')[1]) };
}

function reply(answer: Outcome, method: string): { readonly headers: Headers } {
  const request = { method: 'GET', url: 'https://api.github.com/x', headers: {} } as const;
  if (answer === 'break' || answer === 'hang') throw new RequestError('fetch failed', 500, { request });
  const { status = 200, headers = {}, json = {} } = answer;
  if (status < 400) return { headers };
  const response = { status, url: '', headers: { ...headers }, data: json };
  throw new RequestError(method, status, { request, response });
}

describe('who goes first', () => {
  it('sends the first request of an idle installation at once', async () => {
    const { ask, sent, clock } = given();
    await clock.settle(ask('card'));
    expect(sent).toEqual(['0 card']);
  });

  it('sends revokes, then the ledger, then escalations, then cards, in each lane in order', async () => {
    const { ask, names, clock } = given();
    const all = [
      ask('first'),
      ask('card-1'),
      ask('card-2'),
      ask('escalate', { lane: 'escalate' }),
      ask('ledger-1', { lane: 'ledger' }),
      ask('ledger-2', { lane: 'ledger' }),
      ask('revoke-1', { lane: 'revoke' }),
      ask('revoke-2', { lane: 'revoke' }),
    ];
    await clock.settle(Promise.all(all));
    // The card was under way when the others came.
    expect(names()).toEqual([
      'first',
      'revoke-1',
      'revoke-2',
      'ledger-1',
      'ledger-2',
      'escalate',
      'card-1',
      'card-2',
    ]);
  });

  it('sends one write at a time', async () => {
    const { ask, most, clock } = given();
    await clock.settle(Promise.all(['a', 'b', 'c', 'd'].map((name) => ask(name))));
    expect(most.atOnce).toBe(1);
  });

  it('does not let a revoke wait for a card that hangs', async () => {
    const { ask, sent, clock } = given();
    const card = ask('card', { method: 'POST', answers: ['hang'] });
    const ledger = ask('ledger', { lane: 'ledger' });
    await clock.settle(ask('revoke', { lane: 'revoke' }));
    expect(sent).toEqual(['0 card', '0 revoke']);
    await clock.settle(Promise.all([card, ledger]));
    expect(sent.at(-1)).toBe('30 ledger');
  });

  it('reads side by side, twenty at once and no more', async () => {
    const { ask, most, clock } = given();
    const all = Array.from({ length: 50 }, (_, n) => ask(`read-${n}`, { lane: 'read', method: 'GET' }));
    await clock.settle(Promise.all(all));
    expect(most.atOnce).toBe(20);
  });

  it('lets the request that waits longest go after four overtakes, by revokes after twenty', async () => {
    for (const [lane, place] of [
      ['ledger', 5],
      ['revoke', 22],
    ] as const) {
      const { ask, names, clock } = given();
      const all = [ask('first'), ask('old-card')];
      for (let n = 0; n < 30; n += 1) all.push(ask(`${lane}-${n}`, { lane }));
      await clock.settle(Promise.all(all));
      expect(names().indexOf('old-card')).toBe(place);
    }
  });

  it('sends cards while the ledger is written without end, and one content in five is theirs', async () => {
    const { ask, names, clock } = given();
    const commit = async (n: number): Promise<void> => {
      await ask(`ledger-${n}`, { lane: 'ledger', method: 'POST' });
      await commit(n + 1);
    };
    for (let desk = 0; desk < 5; desk += 1) void commit(1000 * desk);
    for (let n = 0; n < 30; n += 1) void ask(`card-${n}`, { method: 'POST' });
    await clock.advance(60_000);
    const cards = names().filter((name) => name?.startsWith('card')).length;
    expect(cards / names().length).toBeGreaterThan(0.15);
  });

  it('lets everything pass a reaction', async () => {
    const { ask, names, clock } = given();
    const url = '/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions';
    const all = [ask('first'), ask('eyes', { lane: 'reaction', method: 'POST', url })];
    for (let n = 0; n < 30; n += 1) all.push(ask(`card-${n}`, { lane: n % 2 ? 'card' : 'answer' }));
    await clock.settle(Promise.all(all));
    expect(names().at(-1)).toBe('eyes');
  });

  it('saves up for the request that waited too long, while cheaper ones of other lanes want the same budget', async () => {
    const { ask, sent, clock } = given({ restPoints: { burst: 10, refill: 60, per: 60_000 } });
    const write = ask('first', { takes: 1 }).then(() => ask('old-card', { takes: 1 }));
    for (let n = 0; n < 200; n += 1) void ask(`read-${n}`, { lane: 'ledger', method: 'GET', takes: 1 });
    await clock.settle(write);
    expect(sent.at(-1)).toMatch(/^([5-9]|1\d)(\.\d+)? old-card$/);
  });
});

describe('writes to one address', () => {
  it('stay in order across lanes: what was asked before a revoke is sent before it', async () => {
    const { ask, names, clock } = given();
    const path = '/orgs/acme/teams/db/memberships/ann';
    const all = [
      ask('busy', { lane: 'revoke' }),
      ask('ledger', { lane: 'ledger' }),
      ask('grant', { lane: 'escalate', method: 'PUT', path }),
      ask('take-back', { lane: 'revoke', method: 'DELETE', path }),
    ];
    await clock.settle(Promise.all(all));
    // The revoke is first, and the grant before it is therefore first too.
    expect(names()).toEqual(['busy', 'grant', 'take-back', 'ledger']);
  });

  it('keeps a later edit back while an earlier one is repeated, and lets others pass', async () => {
    const { ask, names, clock } = given();
    const path = '/repos/acme/app/issues/comments/1';
    const all = [
      ask('old-text', { path, answers: [{ status: 502 }] }),
      ask('new-text', { path }),
      ask('other-card'),
    ];
    await clock.settle(Promise.all(all));
    expect(names()).toEqual(['old-text', 'other-card', 'old-text', 'new-text']);
  });

  it('never repeats a grant after the revoke that waits to undo it', async () => {
    const { ask, names, clock } = given();
    const path = '/orgs/acme/teams/db/memberships/ann';
    const grant = ask('grant', { lane: 'escalate', method: 'PUT', path, answers: ['break'] });
    const revoke = ask('revoke', { lane: 'revoke', method: 'DELETE', path });
    await clock.settle(Promise.all([grant, revoke]));
    expect(names()).toEqual(['grant', 'revoke']);
    expect(await grant).toMatch(/^lost, transient/);
  });
});

describe('limits', () => {
  it('keeps 80 new contents a minute and 500 an hour, cards included', async () => {
    const { ask, sent, clock } = given();
    const all = Array.from({ length: 700 }, (_, n) =>
      ask(`c${n}`, { method: 'POST', lane: n % 2 ? 'card' : 'ledger', takes: 10 }),
    );
    await clock.settle(Promise.all(all));
    const times = sent.map((line) => Number(line.split(' ')[0]));
    expect(mostWithin(times, 60)).toBeLessThanOrEqual(80);
    expect(mostWithin(times, 3600)).toBeLessThanOrEqual(500);
    expect(times).toHaveLength(700);
  });

  it('lets twenty commands at once pass without waiting', async () => {
    const { ask, clock } = given();
    const start = clock.now();
    const takes = 200;
    const all = Array.from({ length: 20 }, (_, n) => [
      ask(`commit-${n}`, { lane: 'ledger', method: 'POST', takes }),
      ask(`notice-${n}`, { lane: 'answer', method: 'POST', takes }),
      ask(`card-${n}`, { takes }),
    ]);
    await clock.settle(Promise.all(all.flat()));
    expect(between(start, clock.now())).toBe(60 * takes);
  });

  it('says once for each wait what is waited for, until when, and how many wait', async () => {
    const { ask, clock, log } = given();
    const start = clock.now();
    const burst = (): Promise<unknown> =>
      Promise.all(Array.from({ length: 100 }, (_, n) => ask(`c${n}`, { method: 'POST', takes: 10 })));
    await clock.settle(burst());
    expect(log.lines).toHaveLength(1);
    const told: unknown = JSON.parse(/\{.*\}/.exec(log.lines[0] ?? '')?.[0] ?? '');
    expect(log.lines[0]).toContain("Waiting for GitHub's limits");
    expect(told).toMatchObject({ limit: 'new content in 1 min', waiting: expect.any(Number) });
    expect(told).toHaveProperty('until', expect.stringMatching(/^2026-11-20T09:0[1-3]:/));
    expect(between(start, clock.now())).toBeGreaterThan(60_000);
    await clock.advance(3_600_000);
    await clock.settle(burst());
    expect(log.lines).toHaveLength(2);
  });

  it('does not speak of a wait that is over in a moment', async () => {
    const { ask, clock, log } = given();
    await clock.settle(Promise.all(Array.from({ length: 54 }, (_, n) => ask(`c${n}`, { method: 'POST' }))));
    expect(log.lines).toEqual([]);
  });

  it('keeps 900 points a minute', async () => {
    const { ask, sent, clock } = given();
    const all = Array.from({ length: 1500 }, (_, n) =>
      ask(`r${n}`, { lane: 'read', method: 'GET', takes: 1 }),
    );
    await clock.settle(Promise.all(all));
    const times = sent.map((line) => Number(line.split(' ')[0]));
    expect(mostWithin(times, 60)).toBeLessThanOrEqual(900);
    expect(times.at(-1)).toBeLessThan(200);
  });

  it('has something left for a revoke while cards wait for their budget', async () => {
    const { ask, clock } = given();
    for (let n = 0; n < 300; n += 1) void ask(`card-${n}`, { takes: 1 });
    await clock.advance(20_000);
    const before = clock.now();
    await clock.settle(ask('revoke', { lane: 'revoke', method: 'DELETE' }));
    expect(between(before, clock.now())).toBe(100);
  });

  it('waits as long as a 429 says, then sends it again, a revoke first', async () => {
    const { ask, sent, clock, log } = given();
    const limit = { status: 429, headers: { 'retry-after': '30' } };
    const all = [
      ask('card', { method: 'POST', answers: [limit] }),
      ask('ledger', { lane: 'ledger', method: 'POST' }),
      ask('read', { lane: 'read', method: 'GET', answers: [limit] }),
    ];
    await clock.advance(5000);
    all.push(ask('revoke', { lane: 'revoke', method: 'DELETE' }));
    expect(await clock.settle(Promise.all(all))).toEqual(['done', 'done', 'done', 'done']);
    expect(sent).toEqual(['0 card', '0 read', '30.1 revoke', '30.2 ledger', '30.2 read', '30.3 card']);
    expect(log.lines[0]).toContain('"waitMs":30000');
  });

  it('waits a minute and then twice as long where a secondary limit says nothing more', async () => {
    const { ask, sent, clock } = given();
    const limit = {
      status: 403,
      json: { message: 'You have exceeded a secondary rate limit. Please wait.' },
    };
    await clock.settle(ask('card', { method: 'POST', answers: [limit, limit] }));
    expect(sent).toEqual(['0 card', '60.1 card', '180.2 card']);
  });

  it('counts one limit once, however many requests met it together', async () => {
    const { ask, sent, clock } = given();
    const limit = { status: 403, json: { message: 'You have exceeded a secondary rate limit.' } };
    const all = Array.from({ length: 5 }, (_, n) =>
      ask(`r${n}`, { lane: 'read', method: 'GET', answers: [limit] }),
    );
    await clock.settle(Promise.all(all));
    expect(sent[5]).toBe('60.1 r0');
  });

  it('waits until the primary limit is reset, by the clock of GitHub, and lets GraphQL go on', async () => {
    const { ask, sent, clock } = given();
    const theirs = Date.parse(clock.now()) + 7_000_000;
    const limit = {
      status: 403,
      headers: {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(theirs / 1000 + 600),
        date: new Date(theirs).toUTCString(),
      },
      json: { message: 'API rate limit exceeded for installation ID 1.' },
    };
    const limited = ask('rest', { method: 'POST', answers: [limit] });
    await clock.advance(1000);
    await clock.settle(ask('query', { lane: 'read', method: 'POST', url: '/graphql' }));
    await clock.settle(limited);
    expect(sent).toEqual(['0 rest', '1 query', '600.1 rest']);
  });

  it('stops before the primary limit is met when an answer says that it was the last', async () => {
    const { ask, sent, clock } = given();
    const reset = String(Date.parse(clock.now()) / 1000 + 50);
    const headers = {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': reset,
      'x-ratelimit-resource': 'core',
    };
    await clock.settle(Promise.all([ask('last', { answers: [{ headers }] }), ask('next')]));
    expect(sent).toEqual(['0 last', '50 next']);
  });

  it('begins again with one request alone', async () => {
    const { ask, sent, clock } = given();
    const limit = { status: 429, headers: { 'retry-after': '10' } };
    const all = Array.from({ length: 4 }, (_, n) =>
      ask(`r${n}`, { lane: 'read', method: 'GET', answers: [limit] }),
    );
    await clock.settle(Promise.all(all));
    expect(sent.slice(4)).toEqual(['10.1 r0', '10.2 r1', '10.2 r2', '10.2 r3']);
  });
});

describe('outages', () => {
  it('repeats a read and an edit with growing pauses, five times in all', async () => {
    const { ask, sent, clock } = given();
    const answers = Array.from({ length: 9 }, () => ({ status: 503 }));
    const outcome = await clock.settle(ask('edit', { answers, takes: 0 }));
    expect(outcome).toBe('lost, transient: PATCH /repos/{owner}/{repo}/things: 503');
    expect(sent).toEqual(['0 edit', '1.25 edit', '3.75 edit', '8.75 edit', '18.75 edit']);
  });

  it('waits longer where GitHub asks for it', async () => {
    const { ask, sent, clock } = given();
    await clock.settle(
      ask('edit', { answers: [{ status: 503, headers: { 'retry-after': '20' } }], takes: 0 }),
    );
    expect(sent).toEqual(['0 edit', '20 edit']);
  });

  it.each([
    ['a 5xx', { status: 502 }],
    ['a connection that breaks', 'break'],
    ['silence', 'hang'],
  ] as const)('does not repeat what creates after %s', async (_, answer) => {
    const { ask, sent, clock } = given();
    const outcome = await clock.settle(ask('comment', { method: 'POST', answers: [answer] }));
    expect(outcome).toMatch(/^lost, transient: POST /);
    await clock.advance(3_600_000);
    expect(sent).toEqual(['0 comment']);
  });

  it('repeats a reaction, of which there is never a second', async () => {
    const { ask, clock } = given();
    const url = '/repos/{owner}/{repo}/issues/{issue_number}/reactions';
    expect(await clock.settle(ask('eyes', { method: 'POST', url, answers: ['break'] }))).toBe('done');
  });

  it('gives up on a request that hangs after 30 seconds and repeats a read', async () => {
    const { ask, sent, clock } = given();
    const outcome = await clock.settle(ask('read', { lane: 'read', method: 'GET', answers: ['hang'] }));
    expect([outcome, ...sent]).toEqual(['done', '0 read', '31.25 read']);
  });

  it('does not repeat a refusal', async () => {
    const { ask, sent, clock } = given();
    const answers = [{ status: 422, json: { message: 'Validation Failed' } }];
    expect(await clock.settle(ask('edit', { answers }))).toBe(
      'refused: PATCH /repos/{owner}/{repo}/things: 422 (Validation Failed)',
    );
    expect(sent).toHaveLength(1);
  });

  it('asks for another token once when one is not accepted', async () => {
    const { ask, names, sent, clock } = given();
    const denied = { status: 401, json: { message: 'Bad credentials' } };
    expect(await clock.settle(ask('x', { method: 'POST', answers: [denied] }))).toBe('done');
    expect(sent[1]).toBe('renew x');
    expect(await clock.settle(ask('y', { method: 'POST', answers: [denied, denied] }))).toMatch(
      /^refused: POST .*401 \(Bad credentials\)$/,
    );
    expect(names().filter((name) => name === 'y')).toHaveLength(3);
  });
});

describe('what a failure says of earlier tries', () => {
  it('says that nobody knows where a try was lost before the refusal', async () => {
    const { ask, clock } = given();
    const answers = ['break', { status: 404, json: { message: 'Not Found' } }] as const;
    expect(await clock.settle(ask('take-back', { method: 'DELETE', answers }))).toMatch(
      /^lost: DELETE .*404 \(Not Found\); an earlier try was not answered$/,
    );
  });

  it('does not say that it was never sent where a try was lost before it was too late', async () => {
    const { ask, clock } = given();
    const limit = { status: 429, headers: { 'retry-after': '60' } };
    const call = { notAfter: plus(clock.now(), 10_000) };
    const answers = ['break', limit] as const;
    expect(await clock.settle(ask('grant', { method: 'PUT', call, answers }))).toMatch(
      /^lost: PUT .*too late.*an earlier try was not answered$/,
    );
  });
});

describe('what must not leave late', () => {
  it('drops a request that could not leave in time, and never sends it', async () => {
    const { ask, sent, clock } = given();
    const limit = { status: 429, headers: { 'retry-after': '60' } };
    const start = clock.now();
    const card = ask('card', { answers: [limit] });
    const late = ask('grant', { lane: 'escalate', method: 'PUT', call: { notAfter: plus(start, 10_000) } });
    expect(await clock.settle(late)).toBe(
      'not-sent: PUT /repos/{owner}/{repo}/things: too late, it was not sent',
    );
    expect(between(start, clock.now())).toBe(10_001);
    await clock.settle(card);
    expect(sent).toEqual(['0 card', '60.1 card']);
  });

  it('sends it in the very last moment', async () => {
    const { ask, clock } = given();
    expect(await clock.settle(ask('grant', { call: { notAfter: clock.now() } }))).toBe('done');
  });

  it('does not repeat it past its time', async () => {
    const { ask, sent, clock } = given();
    const call = { notAfter: plus(clock.now(), 3000) };
    const answers = Array.from({ length: 9 }, () => 'break' as const);
    expect(await clock.settle(ask('grant', { method: 'PUT', call, answers, takes: 0 }))).toMatch(
      /^lost, transient/,
    );
    expect(sent).toEqual(['0 grant', '1.25 grant']);
  });

  it('does not send it where its token came too late', async () => {
    const { queue, clock } = given();
    let sent = false;
    const outcome = queue.run({
      lane: 'escalate',
      kind: requestKind({ method: 'PUT', url: '/x' }, 'https://api.github.com/x'),
      call: { notAfter: plus(clock.now(), 1000) },
      prepare: () => clock.sleep(5000),
      renew: () => {},
      send: async () => {
        sent = true;
        return { headers: {} };
      },
    });
    await expect(clock.settle(outcome)).rejects.toMatchObject({ kind: 'not-sent', codes: ['too-late'] });
    await clock.advance(10_000);
    expect(sent).toBe(false);
  });

  it('looks at the clock itself before it sends: a timer may ring late', async () => {
    let now = Date.parse('2026-11-20T09:00:00Z');
    const clock = { now: () => instant(now), sleep: () => new Promise<never>(() => {}) };
    const queue = new WriteQueue({ clock, log: createKeptLog(), random: () => 0, pace: gitHubPace });
    const outcome = queue.run({
      lane: 'escalate',
      kind: requestKind({ method: 'PUT', url: '/x' }, 'https://api.github.com/x'),
      call: { notAfter: instant(now + 1000) },
      prepare: async () => void (now += 2000),
      renew: () => {},
      send: async () => ({ headers: {} }),
    });
    await expect(outcome).rejects.toMatchObject({ kind: 'not-sent', codes: ['too-late'] });
  });

  it('drops a waiting request whose caller gives up', async () => {
    const { ask, sent, clock } = given();
    const giveUp = new AbortController();
    const all = [ask('first'), ask('second', { call: { signal: giveUp.signal } }), ask('third')];
    giveUp.abort();
    expect(await clock.settle(Promise.all(all))).toEqual([
      'done',
      'not-sent, transient: PATCH /repos/{owner}/{repo}/things: given up before it was sent',
      'done',
    ]);
    expect(sent).toEqual(['0 first', '0.1 third']);
  });

  it('gives a request under way up as a lost answer, and does not repeat it', async () => {
    const { ask, sent, clock } = given();
    const giveUp = new AbortController();
    const read = ask('read', {
      lane: 'read',
      method: 'GET',
      call: { signal: giveUp.signal },
      answers: ['hang'],
    });
    await clock.advance(1000);
    giveUp.abort();
    expect(await read).toMatch(/^lost, transient: GET .*aborted$/);
    await clock.advance(60_000);
    expect(sent).toEqual(['0 read']);
  });
});

function mostWithin(times: readonly number[], seconds: number): number {
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + seconds).length));
}
