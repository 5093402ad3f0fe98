import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { testOutside } from '../../../test/outside.ts';
import { createVirtualClock } from '../../../test/virtual-clock.ts';
import type { Settings } from '../../domain/flow.ts';
import { deskId, personId, requestId } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { SettleCall } from '../../engine/ports/access.ts';
import { createAccessControl } from '../access-control.ts';
import { sealingKey } from '../seal.ts';
import { http } from './http.ts';

const clock = createVirtualClock();
const desk = deskId('github', 1);
const key = sealingKey(Buffer.alloc(32, 3).toString('base64'));
const integration: Settings = {
  type: 'http',
  base_url: 'https://vault.acme.com/api/',
  token: '${{ secrets.VAULT_TOKEN }}',
  signing_secret: '${{secrets.VAULT_SIGNING}}',
  headers: { 'X-Team': 'platform', 'X-Key': 'k ${{ secrets.VAULT_TOKEN }}' },
};
const settings: Settings = {
  grant: { method: 'POST', path: '/leases', body: { subject: '{{account}}', role: 'reader' } },
  revoke: { method: 'DELETE', path: '/leases/{{sealed.lease.id}}' },
  keep: { recorded: ['lease.until'], sealed: ['lease.id'] },
};

interface Sent {
  readonly url: string;
  readonly init: RequestInit;
  readonly headers: Headers;
}

let sent: Sent[];
let answer: (url: string) => Response;
let current: Settings;
beforeEach(() => {
  sent = [];
  answer = () => Response.json({ lease: { id: 4711, until: 'noon' } }, { status: 201 });
  current = integration;
});

const access = createAccessControl({
  strategies: [http],
  clock,
  outside: testOutside({
    clock,
    async fetch(url, init) {
      sent.push({ url, init, headers: new Headers(init.headers) });
      return answer(url);
    },
    secret: ({ name, host }) =>
      host === 'vault.acme.com' ? { VAULT_TOKEN: 't0ken', VAULT_SIGNING: 's1gn' }[name] : undefined,
  }),
  person: async (_, id) => ({ id, email: 'ann@acme.com', github: { id: 583_231 } }),
  integrations: async () => [current],
  githubLogin: async (_, id) => (id === 583_231 ? 'ann-renamed' : undefined),
  sealing: { keys: key ? [key] : [], nonce: () => Buffer.alloc(12, 5) },
});

const call: SettleCall = {
  request: requestId('01R'),
  desk,
  strategy: { type: 'http', integration: 'vault' },
  settings,
  resource: 'http:DELETE https://vault.acme.com/api/leases/{{sealed.lease.id}}',
  account: 'ann',
  before: 'none',
  wanted: ['granted'],
  purpose: 'escalate',
  signal: new AbortController().signal,
};

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const thrown = await work.then(String, (error: unknown) => error);
  if (thrown instanceof Failure) return thrown;
  throw new Error(`It should have failed, and gave ${String(thrown)}.`);
}

test('sends what the target says, authenticated and below the base URL', async () => {
  await access.settle(call);
  expect(sent).toHaveLength(1);
  const [{ url, init, headers }] = [sent[0] ?? { url: '', init: {}, headers: new Headers() }];
  expect(url).toBe('https://vault.acme.com/api/leases');
  expect(init).toMatchObject({
    method: 'POST',
    redirect: 'manual',
    body: '{"subject":"ann","role":"reader"}',
  });
  expect(headers.get('authorization')).toBe('Bearer t0ken');
  expect(headers.get('x-key')).toBe('k t0ken');
  expect(headers.get('content-type')).toBe('application/json');
});

test('signs time, method, path and body', async () => {
  await access.settle(call);
  const headers = sent[0]?.headers;
  const at = headers?.get('countersign-timestamp') ?? '';
  expect(at).toBe(clock.now());
  const text = `${at}\nPOST\n/api/leases\n{"subject":"ann","role":"reader"}`;
  const digest = createHmac('sha256', 's1gn').update(text).digest('hex');
  expect(headers?.get('countersign-signature')).toBe(`v1=${digest}`);
});

test('a repeated try carries the same key, and the end another', async () => {
  const { sealed = '' } = await access.settle(call);
  await access.settle(call);
  answer = () => new Response(null, { status: 204 });
  await access.settle({ ...call, purpose: 'deescalate', wanted: [], sealed });
  const keys = sent.map(({ headers }) => headers.get('idempotency-key'));
  expect(keys).toEqual(['01R-escalate', '01R-escalate', '01R-deescalate']);
});

test('keeps parts of the answer, some of them sealed until the end needs them', async () => {
  const { sealed = '', recorded } = await access.settle(call);
  expect(recorded).toEqual({ 'lease.until': 'noon' });
  expect(sealed).not.toContain('4711');
  answer = () => new Response(null, { status: 204 });
  await access.settle({ ...call, purpose: 'deescalate', wanted: [], sealed });
  expect(sent[1]?.url).toBe('https://vault.acme.com/api/leases/4711');
});

test('says so where the answer that the end needs never came', async () => {
  const failure = await failureOf(access.settle({ ...call, purpose: 'deescalate', wanted: [] }));
  expect(failure).toMatchObject({ transient: false });
  expect(sent).toHaveLength(0);
});

describe('an answer', () => {
  test('409 to a grant means that it is there', async () => {
    answer = () => Response.json({ lease: { id: 1 } }, { status: 409 });
    expect(await access.settle(call)).toMatchObject({ verified: 'answered', holds: 'granted' });
  });

  test.each([404, 410])('%i to the end means that it is gone', async (status) => {
    const { sealed = '' } = await access.settle(call);
    answer = () => new Response(null, { status });
    expect(await access.settle({ ...call, purpose: 'deescalate', wanted: [], sealed })).toMatchObject({
      holds: 'none',
    });
  });

  test('says when to come back', async () => {
    answer = () => new Response(null, { status: 429, headers: { 'retry-after': '7' } });
    expect(await failureOf(access.settle(call))).toMatchObject({ transient: true, retryAfter: 7000 });
  });

  test('that sends us elsewhere is not followed: the token is for this host', async () => {
    answer = () => new Response(null, { status: 302, headers: { location: 'https://evil.example/' } });
    expect(await failureOf(access.settle(call))).toMatchObject({ transient: false });
    expect(sent).toHaveLength(1);
  });

  test('longer than 64 KB is not kept', async () => {
    answer = () => Response.json({ lease: { id: 'x'.repeat(70_000) } });
    expect(await access.settle(call)).toMatchObject({ holds: 'granted', recorded: {} });
  });
});

describe('a secret', () => {
  test('does not go to a host that the operator did not grant it to', async () => {
    current = { ...integration, base_url: 'https://evil.example' };
    const elsewhere = { ...call, resource: 'http:DELETE https://evil.example/leases/{{sealed.lease.id}}' };
    const failure = await failureOf(access.settle(elsewhere));
    expect(failure.message).toContain('VAULT_TOKEN is not set, or is not granted');
    expect(sent).toHaveLength(0);
  });

  test('is named in the integration and never written there', async () => {
    current = { ...integration, token: 'pasted-by-mistake' };
    const seen = await access.look(desk, call.strategy, settings, personId('ann'));
    expect(seen).toMatchObject({ missing: 'impossible' });
    expect(JSON.stringify(seen)).not.toContain('pasted');
  });

  test.each(['vault.acme.com', 'localhost:3000', '127.0.0.1:3000'])(
    'does not travel in the clear, nor anything else: %s',
    async (host) => {
      current = { ...integration, base_url: `http://${host}/api` };
      const clear = { ...call, resource: `http:DELETE http://${host}/api/leases/{{sealed.lease.id}}` };
      const seen = await access.look(desk, call.strategy, settings, personId('ann'));
      expect(seen).toMatchObject({ missing: 'impossible', why: expect.stringContaining('https://') });
      await failureOf(access.settle(clear));
      expect(sent).toHaveLength(0);
    },
  );

  test.each(['Host', 'Content-Length', 'Transfer-Encoding', 'Countersign-Signature'])(
    'does not leave with a header that leads it elsewhere or lies about it: %s',
    async (name) => {
      current = { ...integration, headers: { [name]: 'evil.example' } };
      expect((await failureOf(access.settle(call))).message).toContain('may not set');
      expect(sent).toHaveLength(0);
    },
  );
});

describe('overlapping grants', () => {
  test('each lease is ended itself, although another keeps the account in possession', async () => {
    const { sealed = '' } = await access.settle(call);
    answer = () => new Response(null, { status: 204 });
    const end = { ...call, purpose: 'deescalate', wanted: ['granted'], sealed } as const;
    expect(await access.settle(end)).toMatchObject({ verified: 'answered', holds: 'granted' });
    expect(sent.map(({ init }) => init.method)).toEqual(['POST', 'DELETE']);
  });

  test('each lease is made itself, although another is there already', async () => {
    const target = {
      grant: { method: 'PUT', path: '/grants/{{request}}' },
      revoke: { method: 'DELETE', path: '/grants/{{request}}' },
      check: { path: '/accounts/{{account}}' },
    };
    const resource = 'http:DELETE https://vault.acme.com/api/grants/{{request}}';
    const apart = { ...call, settings: target, resource, wanted: ['granted', 'granted'] };
    expect(await access.settle(apart)).toMatchObject({ verified: 'read-back', holds: 'granted' });
    expect(sent.filter(({ init }) => init.method === 'PUT')).toHaveLength(1);
  });

  test('of a lease that is gone nothing is asked, and its absence is read', async () => {
    const target = { ...settings, check: { path: '/accounts/{{account}}' } };
    answer = () => new Response(null, { status: 404 });
    const end = { ...call, settings: target, purpose: 'deescalate', wanted: [] } as const;
    expect(await access.settle(end)).toMatchObject({ verified: 'read-back', holds: 'none' });
  });

  test('targets that differ in the body of their end alone are two things', async () => {
    const target = (team: string) => ({
      grant: { method: 'POST', path: '/add', body: { team } },
      revoke: { method: 'POST', path: '/remove', body: { team, account: '{{account}}' } },
    });
    const seen = await Promise.all(
      ['data', 'payments', 'data'].map((team) =>
        access.look(desk, call.strategy, target(team), personId('ann')),
      ),
    );
    const [data, payments, again] = seen.map((each) => 'resource' in each && each.resource);
    expect(data).not.toBe(payments);
    expect(data).toBe(again);
  });
});

describe('the account', () => {
  test.each([
    [undefined, 'ann'],
    ['email', 'ann@acme.com'],
    ['github-id', '583231'],
    ['github-login', 'ann-renamed'],
  ])('%s is %s', async (account, expected) => {
    const target = account === undefined ? settings : { ...settings, account };
    expect(await access.look(desk, call.strategy, target, personId('ann'))).toMatchObject({
      account: expected,
    });
  });
});
