import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../test/virtual-clock.ts';
import { deskId, instant, parseInstant } from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { LogFields } from '../engine/ports/log.ts';
import type { Json } from '../sdk/json.ts';
import type { Capabilities } from './capabilities.ts';
import { createCodeRooms, type CodeCall, type CodeRooms, type Ran } from './code-rooms.ts';
import type { CodeLimits } from './limits.ts';

const files = {
  'flows/deploy.ts': `import { approve, call, log, output, type OnHook } from 'countersign/sdk';
import { isFriday } from './lib/days.ts';
import { shout } from './lib/words';

interface Unused { readonly a: string }

export const on_request: OnHook<'request'> = async (event) => {
  log(\`looking at \${event.request.id}\`);
  if (isFriday(event.at)) return;
  return approve({ steps: ['owner'], reason: shout(event.request.requester.name) });
};
export const after_approve = () => output({ ticket: 7 });
export const now = () => [new Date().toISOString(), Date.now(), new Date(2026, 0, 1).toISOString(), new Date().getTimezoneOffset(), new Date().getHours()];
export const chance = () => [Math.random(), Math.random()];
export const echo = (input: unknown) => input;
export const strategy = { order: ['none', 'member'], read() { return { holds: this.order[1] }; } };
let calls = 0;
export const count = () => (calls += 1);
export async function twice(words: string) {
  const [one, two] = await Promise.all([call('upper', { words }), call('upper', { words: 'two' })]);
  return [one, two];
}
export const fails = (how: string) => call('fail', { how }).catch((error) => ({ name: error.name, code: error.code, message: error.message, transient: error.transient }));
export const asks = () => call('wait', {});
export const remindsUnawaited = () => { void call('note', {}); return 'done'; };
export function breaks() {
  const nothing: { deep?: { er: string } } = {};

  return nothing.deep!.er;
}
export const loop = () => { for (;;); };
`,
  'flows/lib/days.ts': `export const isFriday = (at: string): boolean => new Date(at).getUTCDay() === 5;`,
  'flows/lib/words.ts': `export const shout = (text: string): string => text.toUpperCase() + '!';`,
  'flows/broken.ts': `import { other } from './gone.ts';\nexport const x = other;`,
};
const { 'flows/broken.ts': broken, ...sound } = files;

const desk = deskId('github', 1);
const clock = createVirtualClock();
const logged: { message: string; fields: LogFields | undefined }[] = [];
const notes: string[] = [];
const givenUp: AbortSignal[] = [];

const capabilities: Capabilities = {
  upper: ({ args }) => Promise.resolve(JSON.stringify(args).toUpperCase()),
  fail({ args }) {
    if (JSON.stringify(args).includes('bug')) throw new Error('with private words');
    throw new Failure('crm: 503', { transient: true });
  },
  wait: ({ signal }) => new Promise(() => givenUp.push(signal)),
  async note() {
    await new Promise((resolve) => setTimeout(resolve, 5));
    notes.push('noted');
    return undefined;
  },
};

function createRooms(limits: Partial<CodeLimits> = {}): CodeRooms {
  const note = (message: string, fields?: LogFields): void => void logged.push({ message, fields });
  const log = { info: note, warn: note, error: note };
  return createCodeRooms({ capabilities, clock, log, limits: { checkMs: 120_000, ...limits } });
}

let rooms: CodeRooms;
beforeAll(() => {
  rooms = createRooms();
});
afterAll(() => rooms.stop());

function run(
  name: string,
  input: Json = {},
  more: Partial<CodeCall> = {},
  where: CodeRooms = rooms,
): Promise<Ran> {
  const at = parseInstant('2026-11-19T09:15:02.114Z') ?? instant(0);
  const grants = { calls: Object.keys(capabilities), hosts: [] };
  return where.run({
    desk,
    commit: 'c1',
    files: sound,
    file: 'flows/deploy.ts',
    export: name,
    input,
    at,
    grants,
    ...more,
  });
}

const request = { at: '2026-11-19T09:15:02.114Z', request: { id: '01JD', requester: { name: 'Ann' } } };

describe('a call', () => {
  it('has its answer, and what was logged', async () => {
    expect(await run('on_request', request)).toEqual({
      ok: true,
      answer: { answer: 'approve', steps: ['owner'], reason: 'ANN!' },
      said: ['looking at 01JD'],
      denied: [],
    });
  });

  it('answers undefined where nothing is returned', async () => {
    const friday = { ...request, at: '2026-11-20T09:15:02.114Z' };
    expect(await run('on_request', friday)).toMatchObject({ ok: true, answer: undefined });
  });

  it('reaches a function of an object, and what is no function', async () => {
    expect(await run('strategy.read')).toMatchObject({ ok: true, answer: { holds: 'member' } });
    expect(await run('strategy.order')).toMatchObject({ ok: true, answer: ['none', 'member'] });
  });

  it('reads the time of the event, in UTC, and it stands still', async () => {
    const ms = Date.parse('2026-11-19T09:15:02.114Z');
    const answer = ['2026-11-19T09:15:02.114Z', ms, '2026-01-01T00:00:00.000Z', 0, 9];
    expect(await run('now')).toMatchObject({ ok: true, answer });
  });

  it('has chance that comes out the same for the same event', async () => {
    const [first, again, other] = [await run('chance'), await run('chance'), await run('chance', { n: 1 })];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(first).toMatchObject({ ok: true, answer: [expect.any(Number), expect.any(Number)] });
  });

  it.each([['text “ü” \u0000 \ud83d\ude00'], [[1, -0.5, null, true, '']], [{ a: { b: [] } }], [{}]])(
    'hands over %j unchanged',
    async (input) => {
      expect(await run('echo', input)).toMatchObject({ ok: true, answer: input });
    },
  );

  it('is refused where it would be told too much', async () => {
    expect(await run('echo', 'x'.repeat(600_000))).toMatchObject({ problem: { kind: 'output' } });
  });

  it('says what was thrown, and where in the file as it was written', async () => {
    const line =
      files['flows/deploy.ts'].split('\n').findIndex((each) => each.includes('nothing.deep!.er')) + 1;
    expect(await run('breaks')).toMatchObject({
      ok: false,
      problem: {
        kind: 'threw',
        message: "TypeError: cannot read property 'er' of undefined",
        file: 'flows/deploy.ts',
        line,
      },
    });
  });

  it('is logged by kind where it comes to no answer, and never by its words', async () => {
    logged.length = 0;
    await run('breaks');
    expect(logged).toEqual([
      {
        message: 'The code of a desk came to no answer',
        fields: { desk, file: 'flows/deploy.ts', kind: 'threw' },
      },
    ]);
  });
});

describe('an outside call', () => {
  it('is answered, several at once', async () => {
    expect(await run('twice', 'one')).toMatchObject({
      ok: true,
      answer: ['{"WORDS":"ONE"}', '{"WORDS":"TWO"}'],
    });
  });

  it('fails with a code, and whether it may work later', async () => {
    expect(await run('fails', 'outage')).toMatchObject({
      answer: { name: 'OutsideError', code: 'failed', message: 'crm: 503', transient: true },
    });
    expect(await run('fails', 'bug')).toMatchObject({
      answer: {
        code: 'failed',
        message: 'Countersign could not do that. Its operators find it in the log.',
        transient: false,
      },
    });
  });

  it('is finished before the call ends, awaited or not', async () => {
    notes.length = 0;
    expect(await run('remindsUnawaited')).toMatchObject({ ok: true, answer: 'done' });
    expect(notes).toEqual(['noted']);
  });

  it('is waited for so long, and then aborted', async () => {
    givenUp.length = 0;
    const ran = run('asks');
    await until(() => clock.sleeping > 0);
    await clock.advance(14_999);
    expect(givenUp.map(({ aborted }) => aborted)).toEqual([false]);
    await clock.advance(1);
    expect(await ran).toMatchObject({
      problem: { kind: 'timeout', message: 'It waited for longer than 15000 ms for what it asked for.' },
    });
    expect(givenUp.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('is not made without a grant', async () => {
    const ran = await run('fails', 'x', { grants: { calls: [], hosts: [] } });
    expect(ran).toMatchObject({ answer: { code: 'not-granted' }, denied: ['fail'] });
  });
});

/** Threads take real time, whatever the clock says. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 2));
}

describe('a room', () => {
  it('is kept between the calls of a commit, and made anew after so many', async () => {
    const few = createRooms({ callsPerRoom: 2 });
    const counts = [];
    for (let call = 0; call < 5; call += 1) counts.push(await run('count', {}, {}, few));
    await few.stop();
    expect(counts.map((ran) => ran.ok && ran.answer)).toEqual([1, 2, 1, 2, 1]);
  });

  it('is made anew after a call that did not behave', async () => {
    const strict = createRooms({ computeMs: 200 });
    expect(await run('count', {}, {}, strict)).toMatchObject({ answer: 1 });
    expect(await run('loop', {}, {}, strict)).toMatchObject({ ok: false });
    expect(await run('count', {}, {}, strict)).toMatchObject({ answer: 1 });
    await strict.stop();
  });

  it('is left at once by who gives up, before and within a call', async () => {
    const late = AbortSignal.abort();
    expect(await run('count', {}, { signal: late })).toMatchObject({ problem: { kind: 'given-up' } });
    givenUp.length = 0;
    const giveUp = new AbortController();
    const ran = run('asks', {}, { signal: giveUp.signal });
    await until(() => givenUp.length > 0);
    giveUp.abort();
    expect(await ran).toMatchObject({ problem: { kind: 'given-up' } });
    expect(givenUp[0]?.aborted).toBe(true);
  });

  it('has so many waiting for it, and says so to the next', async () => {
    const small = createRooms({ roomsPerDesk: 1, waitingPerDesk: 1, computeMs: 200 });
    await small.read({ desk, commit: 'c1', files: sound });
    const all = await Promise.all([
      run('loop', {}, {}, small),
      run('count', {}, {}, small),
      run('count', {}, {}, small),
    ]);
    await small.stop();
    expect(all.map((ran) => (ran.ok ? 'ok' : ran.problem.kind))).toEqual(['timeout', 'ok', 'busy']);
  });

  it('ends with the rooms, and whoever is in it hears so', async () => {
    const ending = createRooms();
    givenUp.length = 0;
    const ran = run('asks', {}, {}, ending);
    await until(() => givenUp.length > 0);
    await ending.stop();
    expect(await ran).toMatchObject({ problem: { kind: 'crashed' } });
    expect(await run('count', {}, {}, ending)).toMatchObject({ ok: false });
  });
});

describe('code that cannot be read', () => {
  it('is not run, and says where', async () => {
    const ran = await run('count', {}, { commit: 'c2', files });
    expect(broken).toContain('gone');
    expect(ran).toMatchObject({ problem: { kind: 'does-not-compile', file: 'flows/broken.ts', line: 1 } });
  });

  it('is told what it exports, where it can be', async () => {
    const { exports, problems } = await rooms.read({ desk, commit: 'c1', files: sound });
    expect(problems).toEqual([]);
    expect(exports['flows/lib/days.ts']).toEqual(['isFriday']);
    expect(exports['flows/deploy.ts']).toContain('on_request');
  });
});

it('what one file leaves in another acts by none of its grants, and changes no strategy', async () => {
  const reached: unknown[] = [];
  const rooms = createCodeRooms({
    clock,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    capabilities: { http: async ({ grants }) => void reached.push(grants.hosts) },
  });
  const files = {
    'flows/shared.ts': 'export const shared: { go?: () => void } = {};',
    'flows/seats.ts':
      "import { shared } from './shared.ts'; export const strategy = { read: () => { shared.go?.(); return { holds: 'seat' }; } };",
    'flows/mallory.ts': `import { http } from 'countersign/sdk'; import { shared } from './shared.ts'; import { strategy } from './seats.ts';
      export const on_request = () => {
        void new Promise<void>((resolve) => { shared.go = resolve; }).then(() => http({ url: 'https://seats.example/', method: 'DELETE' }));
        const { read } = strategy;
        strategy.read = () => { read(); return { holds: 'none' }; };
      };`,
  };
  const call = (file: string, name: string, hosts: readonly string[]) =>
    rooms.run({
      ...{ desk: deskId('github', 1), commit: 'c', files, file, export: name, input: {} },
      at: instant(0),
      grants: { calls: ['http'], hosts },
    });
  expect(await call('flows/mallory.ts', 'on_request', [])).toMatchObject({ ok: true });
  const seats = await call('flows/seats.ts', 'strategy.read', ['seats.example']);
  expect(seats).toMatchObject({ ok: true, answer: { holds: 'seat' } });
  expect(reached).toEqual([]);
  await rooms.stop();
});
