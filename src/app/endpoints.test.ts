import { expect, test } from 'vitest';
import { redirectedFetch, type Redirection } from './endpoints.ts';

async function reached(url: string, redirections: readonly Redirection[]): Promise<string> {
  const asked: string[] = [];
  const there = async (input: string | URL | Request): Promise<Response> => {
    asked.push(String(input));
    return new Response();
  };
  const fetch = redirectedFetch({ endpoints: redirections, there, otherwise: there });
  await fetch(url);
  return asked.join();
}

const vault = { from: 'https://vault.acme.com/v1', to: 'http://127.0.0.1:9000/vault' };

test.each([
  ['https://vault.acme.com/v1/leases?x=1', 'http://127.0.0.1:9000/vault/leases?x=1'],
  ['https://vault.acme.com/v1', 'http://127.0.0.1:9000/vault'],
  ['https://vault.acme.com/v2/leases', 'https://vault.acme.com/v2/leases'],
  ['https://vault.acme.com/v10', 'https://vault.acme.com/v10'],
  ['https://evil.test/?https://vault.acme.com/v1/', 'https://evil.test/?https://vault.acme.com/v1/'],
])('%s is reached at %s', async (url, at) => {
  expect(await reached(url, [vault])).toBe(at);
});

test('slashes at the end of either make no difference', async () => {
  const slashed = { from: `${vault.from}/`, to: `${vault.to}/` };
  expect(await reached('https://vault.acme.com/v1/a', [slashed])).toBe('http://127.0.0.1:9000/vault/a');
  expect(await reached('https://vault.acme.com/v1/a', [{ ...slashed, to: vault.to }])).toBe(
    'http://127.0.0.1:9000/vault/a',
  );
});

test('the longest match counts, whatever their order', async () => {
  const all = { from: 'https://vault.acme.com', to: 'http://all.test' };
  for (const order of [
    [all, vault],
    [vault, all],
  ])
    expect(await reached('https://vault.acme.com/v1/a', order)).toBe('http://127.0.0.1:9000/vault/a');
});

test('a host that only begins alike is another', async () => {
  const all = { from: 'https://vault.acme.com', to: 'http://all.test' };
  expect(await reached('https://vault.acme.com.evil.test/', [all])).toBe('https://vault.acme.com.evil.test/');
});

test('a Request is refused: its address would be passed over', async () => {
  const fetch = redirectedFetch({ endpoints: [vault], there: globalThis.fetch, otherwise: globalThis.fetch });
  await expect(fetch(new Request('https://vault.acme.com/v1'))).rejects.toThrow(TypeError);
});
