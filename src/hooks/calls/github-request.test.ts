import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openWorld, type World } from '../../../test/contracts/strategies/subject-parts.ts';
import { createRepositoryReader } from '../../clients/github/repository-reader.ts';
import type { GitHubApp } from '../../clients/github/github-app.ts';
import { deskId, instant } from '../../domain/names.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Json } from '../../sdk/json.ts';
import type { Capability } from '../capabilities.ts';
import { createSecretMarks } from '../secret-marks.ts';
import { createGitHubRequest } from './github-request.ts';

const access = 700_100_001;
const desk = deskId('github', access);
/** Named by the flow: its own, one that the operator lists too, one that he does not, one of somebody else. */
const named = ['Acme/Access', 'acme/app', 'acme/shop', 'other/secrets'];
const listed = ['acme/app', 'other/secrets'];

let world: World;
let github: Pick<GitHubApp, 'app' | 'forRepository' | 'forRepositoryId'>;
let request: Capability;
/** What left for GitHub as code's: method and path, and the token. */
let left: { readonly path: string; readonly token: string }[];

beforeAll(async () => {
  world = await openWorld();
  const { mainApp } = world;
  github = {
    ...mainApp,
    forRepository: async (owner, name) =>
      owner === 'other'
        ? { ...(await mainApp.forRepository('acme', 'app')), id: 4711 }
        : mainApp.forRepository(owner, name),
  };
});
afterAll(() => world.close());
beforeEach(() => {
  left = [];
  request = open(world.parts.clock);
});

function open(clock: Clock, answer?: () => Response): Capability {
  const baseUrl = `${world.sandbox.url}/api/v3`;
  const reader = createRepositoryReader({
    ...{ github, baseUrl, clock },
    async fetch(url, init) {
      const authorization = new Headers(init.headers).get('authorization') ?? '';
      left.push({
        path: `${init.method} ${url.slice(baseUrl.length)}`,
        token: authorization.split(' ')[1] ?? '',
      });
      return answer?.() ?? world.wire.fetch(url, init);
    },
  });
  const mayRead = (_: unknown, name: string): boolean => listed.includes(name.toLowerCase());
  return createGitHubRequest({ github, reader, clock, mayRead });
}

async function said(args: Json, github: readonly string[] = named): Promise<Json | undefined> {
  const grants = { calls: ['github.request'], hosts: [], github };
  const { signal } = new AbortController();
  return request({ desk, args, grants, secrets: createSecretMarks('nonce'), signal }).catch(
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
  );
}
const get = (path: string): Promise<Json | undefined> => said({ method: 'GET', path });

test('reads its own repository, and one that flow and operator name, whatever their case', async () => {
  expect(await get('/repos/acme/access')).toMatchObject({ full_name: 'acme/access' });
  expect(await get('/repos/ACME/access/issues?state=all&per_page=5')).toEqual([]);
  expect(await get('/repos/acme/app')).toMatchObject({ full_name: 'acme/app', private: true });
});

test('asks with tokens that GitHub narrowed to that repository and to reading, one for each, and not the app’s own', async () => {
  await get('/repos/acme/access');
  await get('/repos/acme/access');
  await get('/repos/acme/app');
  const tokens = [...new Set(left.map(({ token }) => token))];
  expect(tokens).toHaveLength(2);
  const rows = tokens.map((token) => world.sandbox.github.state.tokens.get(token));
  expect(rows.map((row) => row?.repository_ids)).toEqual([[access], [700_100_003]]);
  for (const row of rows) {
    expect(new Set(Object.values(row?.permissions ?? {}))).toEqual(new Set(['read']));
    expect(row?.permissions).not.toHaveProperty('members');
  }
});

test.each([
  ['POST', '/repos/acme/access/issues/1/comments'],
  ['PUT', '/repos/acme/access/pulls/1/merge'],
  ['PATCH', '/repos/acme/access/git/refs/heads/main'],
  ['DELETE', '/repos/acme/access'],
  ['get', '/repos/acme/access'],
  ['HEAD', '/repos/acme/access'],
])('changes nothing in the app’s name: %s %s', async (method, path) => {
  expect(await said({ method, path })).toMatch(/^OutsideRefusal: .*changes nothing there/);
  expect(await said({ method: 'GET', path, json: { body: '/approve' } })).toMatch(/^OutsideRefusal: /);
  expect(left).toEqual([]);
});

test.each([
  '/user',
  '/app/installations',
  '/orgs/acme/teams',
  '/graphql',
  '/repositories/700100002',
  '/repos/acme',
  '/repos/acme/access/../shop',
  '/repos/acme/access/../../../user',
  '/repos/acme/access/./contents',
  '/repos/acme/access/%2e%2e/shop',
  '/repos/acme/access/%2E%2E%2Fshop',
  '/repos/acme/access/%252e%252e/shop',
  '/repos/acme/access/..%5cshop',
  '/repos/acme/access/..\\shop',
  '/repos/acme/access//contents',
  '/repos/acme/../shop',
  '/repos/acme/access#/x',
  '/repos/acme/access/{owner}',
  '/repos/acme/access\n/x',
  'https://evil.example.com/repos/acme/access',
  '//evil.example.com/repos/acme/access',
  'repos/acme/access',
  '',
])('reads nothing but below a repository: %s', async (path) => {
  expect(await get(path)).toMatch(/^OutsideRefusal: /);
  expect(left).toEqual([]);
});

test('reads none that the flow does not name', async () => {
  const refusal = 'OutsideRefusal: This code may not read that repository.';
  expect(await said({ method: 'GET', path: '/repos/acme/app' }, ['acme/access'])).toBe(refusal);
  expect(await said({ method: 'GET', path: '/repos/acme/access' }, [])).toBe(refusal);
  expect(left).toEqual([]);
});

test('reads none that the operator does not list, and none of another organisation though he does', async () => {
  expect(await get('/repos/acme/shop')).toMatch(/^OutsideRefusal: The operator lets code/);
  expect(await get('/repos/other/secrets')).toBe(
    'OutsideRefusal: Code reads no repository of another organisation.',
  );
  expect(left).toEqual([]);
});

test('fails in words that hold nothing of the path or of the answer, and follows nothing', async () => {
  expect(await get('/repos/acme/access/issues/4711')).toBe('Failure: GitHub: 404');
  request = open(world.parts.clock, () => Response.json({}, { status: 301, headers: { location: '/user' } }));
  expect(await get('/repos/acme/access/issues')).toBe(
    'Failure: GitHub: 301, a redirect, which is not followed',
  );
  expect(left).toHaveLength(2);
});

test('takes nothing endless', async () => {
  request = open(world.parts.clock, () => Response.json({ content: 'x'.repeat(600_000) }));
  expect(await get('/repos/acme/access/git/blobs/1')).toMatch(/too long$/);
});

test('makes another token where one is no more accepted', async () => {
  await get('/repos/acme/access');
  world.sandbox.github.state.tokens.delete(left[0]?.token ?? '');
  expect(await get('/repos/acme/access')).toBe('Failure: GitHub: 401');
  expect(await get('/repos/acme/access')).toMatchObject({ full_name: 'acme/access' });
});

test('leaves the app most of what GitHub allows it', async () => {
  const now = world.parts.clock.now();
  let later = 0;
  const still: Clock = { ...world.parts.clock, now: () => instant(Date.parse(now) + later) };
  request = open(still, () => Response.json({ fine: true }));
  for (let asked = 0; asked < 30; asked += 1) expect(await get('/repos/acme/access')).toEqual({ fine: true });
  expect(await get('/repos/acme/access')).toBe('Failure: Code of this desk asks GitHub too much.');
  later = 2000;
  expect(await get('/repos/acme/access')).toEqual({ fine: true });
});
