import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '../../engine/ports/failure.ts';
import { createGuardedFetch, rangeOf, type GuardSettings } from './guarded-fetch.ts';

let server: Server;
let port: number;
let asked = 0;
beforeAll(async () => {
  server = createServer((request, response) => {
    asked += 1;
    if (request.url === '/away')
      return response.writeHead(302, { location: `http://127.0.0.1:${port}/` }).end();
    response.setHeader('x-method', request.method ?? '');
    request.pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  port = typeof address === 'object' && address ? address.port : 0;
});
afterAll(() => server.close());

/** A name server that says whatever a test wants, each time anew. */
function names(answers: readonly (readonly string[])[]): NonNullable<GuardSettings['resolve']> {
  let round = 0;
  return (_, __, done) => {
    const addresses = answers[Math.min(round, answers.length - 1)] ?? [];
    round += 1;
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
}

const why = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'it was reached',
    (error: unknown) => (error instanceof Failure ? error.message : `another error: ${String(error)}`),
  );

describe('an address of this machine or its network is not reached', () => {
  test.each([
    '127.0.0.1',
    '127.1',
    '0x7f000001',
    '2130706433',
    '0.0.0.0',
    '10.0.0.1',
    '100.100.100.200',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.1.1',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:a9fe:a9fe]',
    '[64:ff9b::a9fe:a9fe]',
    '[fd00:ec2::254]',
    '[fe80::1]',
  ])('%s', async (host) => {
    const fetch = createGuardedFetch({ allowed: [] });
    expect(await why(fetch(`http://${host}:${port}/`, {}))).toContain('may not reach');
  });

  test.each([[['127.0.0.1']], [['169.254.169.254']], [['93.184.216.34', '10.0.0.1']], [['::ffff:10.0.0.1']]])(
    'nor by a name that resolves to %j',
    async (addresses) => {
      const fetch = createGuardedFetch({ allowed: [], resolve: names([addresses]) });
      expect(await why(fetch(`http://vault.example:${port}/`, {}))).toContain('may not reach');
    },
  );

  test('nor by “localhost”', async () => {
    expect(await why(createGuardedFetch({ allowed: [] })(`http://localhost:${port}/`, {}))).toContain(
      'may not reach',
    );
    expect(asked).toBe(0);
  });
});

describe('what the operator lists is reached', () => {
  test.each([['127.0.0.0/8'], ['127.0.0.1'], ['vault.example']])('%s', async (entry) => {
    const fetch = createGuardedFetch({ allowed: [entry], resolve: names([['127.0.0.1']]) });
    const answer = await fetch(`http://vault.example:${port}/a`, { method: 'POST', body: '{"a":1}' });
    expect([answer.status, answer.headers.get('x-method'), await answer.text()]).toEqual([
      200,
      'POST',
      '{"a":1}',
    ]);
  });

  test('but no other name for the same place, nor one that begins alike', async () => {
    const fetch = createGuardedFetch({ allowed: ['vault.example'], resolve: names([['127.0.0.1']]) });
    expect(await why(fetch(`http://vault.example.evil.test:${port}/`, {}))).toContain('may not reach');
  });

  test('and what it sends on is not followed', async () => {
    const fetch = createGuardedFetch({ allowed: ['127.0.0.1'], resolve: names([['127.0.0.1']]) });
    const answer = await fetch(`http://vault.example:${port}/away`, {});
    expect(answer.status).toBe(302);
  });
});

test('what is judged is what is connected to: a second answer counts as little as the first', async () => {
  const resolve = names([['93.184.216.34'], ['127.0.0.1']]);
  const fetch = createGuardedFetch({ allowed: ['93.184.216.34'], resolve });
  const stop = AbortSignal.timeout(50);
  // Nobody answers there from here; what matters is that this server is not asked.
  const before = asked;
  await fetch(`http://vault.example:${port}/`, { signal: stop }).catch(() => undefined);
  expect(asked).toBe(before);
});

test.each([
  ['10.1.0.0/16', { address: '10.1.0.0', bits: 16, family: 'ipv4' }],
  ['10.1.2.3', { address: '10.1.2.3', bits: 32, family: 'ipv4' }],
  ['fd00::/8', { address: 'fd00::', bits: 8, family: 'ipv6' }],
  ['10.1.0.0/33', undefined],
  ['10.1.0.0/x', undefined],
  ['vault.internal', undefined],
])('%s as a range', (entry, range) => {
  expect(rangeOf(entry)).toEqual(range);
});
