import { execFile, spawn } from 'node:child_process';
import { createSign } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleWorld } from '../sample-world.ts';
import { startSandbox } from '../server.ts';
import type { Sandbox } from '../server.ts';

const run = promisify(execFile);
let folder: string;
let now: Date;
let sandbox: Sandbox;

async function start(limits = false): Promise<void> {
  sandbox = await startSandbox({ port: 0, folder, world: sampleWorld, now: () => now, limits });
}

beforeEach(async () => {
  now = new Date('2026-11-20T09:00:00Z');
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  await start();
});

afterEach(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Claims {
  readonly iss?: number;
  readonly iat?: number;
  readonly exp?: number;
}

/** Seconds count from now. */
function jwt({ iss = 1001, iat = -30, exp = 500 }: Claims = {}, key?: string): string {
  const seconds = Math.floor(now.getTime() / 1000);
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iss, iat: seconds + iat, exp: seconds + exp })}`;
  const signature = createSign('RSA-SHA256')
    .update(text)
    .sign(key ?? sandbox.environment()['PRIVATE_KEY'] ?? '');
  return `${text}.${signature.toString('base64url')}`;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly message?: string; readonly token?: string; readonly [key: string]: unknown };
}

async function call(token: string, path: string, body?: unknown, method?: string): Promise<Answer> {
  const response = await fetch(`${sandbox.url}/api/v3${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
}

async function installationToken(narrowing: unknown = {}): Promise<string> {
  const { body } = await call(jwt(), '/app/installations/45100001/access_tokens', narrowing);
  return body.token ?? '';
}

test('a JWT must be signed by the app, and be of now', async () => {
  const other = sandbox.environment()['COUNTERSIGN_GRANTS_PRIVATE_KEY'];
  expect((await call(jwt(), '/app')).status).toBe(200);
  expect((await call(jwt({}, other), '/app')).status).toBe(401);
  expect((await call(jwt({ exp: 601 }), '/app')).body.message).toContain('too far in the future');
  expect((await call(jwt({ exp: -1 }), '/app')).status).toBe(401);
  expect((await call(jwt({ iat: 120 }), '/app')).body.message).toContain("'Issued at' claim");
  expect((await call(jwt({ iss: 77 }), '/app')).status).toBe(404);
});

test('an installation token ends after an hour', async () => {
  const token = await installationToken();
  now = new Date(now.getTime() + 3_599_000);
  expect((await call(token, '/repos/acme/access')).status).toBe(200);
  now = new Date(now.getTime() + 1000);
  expect((await call(token, '/repos/acme/access')).body).toMatchObject({
    message: 'Bad credentials',
    status: '401',
  });
});

test('a narrowed token reaches what it names, and no more', async () => {
  const token = await installationToken({ repositories: ['access'], permissions: { issues: 'read' } });
  expect((await call(token, '/repos/acme/access/issues')).status).toBe(200);
  expect((await call(token, '/repos/acme/shop/issues')).status).toBe(404);
  const refused = await call(token, '/repos/acme/access/issues', { title: 'One' });
  expect([refused.status, refused.headers.get('x-accepted-github-permissions')]).toEqual([
    403,
    'issues=write',
  ]);
  const wider = { permissions: { administration: 'write' } };
  expect((await call(jwt(), '/app/installations/45100001/access_tokens', wider)).status).toBe(422);
});

test('the app cannot push to a branch that asks for reviews, nor past a moved head', async () => {
  const token = await installationToken();
  const { body } = await call(token, '/repos/acme/access/commits/main');
  const made = await call(token, '/repos/acme/access/git/refs', { ref: 'refs/heads/x', sha: body['sha'] });
  expect(made.status).toBe(201);
  const again = await call(token, '/repos/acme/access/git/refs', { ref: 'refs/heads/x', sha: body['sha'] });
  expect(again.body.message).toBe('Reference already exists');
  sandbox.as('max-p').pushFiles({ message: 'More', files: { 'a.txt': 'a' }, branch: 'x' });
  const back = { sha: body['sha'] };
  expect((await call(token, '/repos/acme/access/git/refs/heads/x', back, 'PATCH')).body.message).toBe(
    'Update is not a fast forward',
  );
  expect(() => sandbox.as('max-p').pushFiles({ message: 'Past', files: { 'a.txt': 'a' } })).toThrow(
    'Changes must be made through a pull request.',
  );
});

test('GraphQL is checked against the real schema, and says so', async () => {
  const token = await installationToken();
  const query = async (text: string): Promise<Answer['body']> => {
    const response = await fetch(`${sandbox.url}/api/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: text }),
    });
    return response.json();
  };
  expect(await query('{ repository(owner: "acme", name: "access") { nonsense } }')).toMatchObject({
    errors: [{ message: expect.stringContaining('Cannot query field "nonsense"') }],
  });
  expect(
    await query(
      '{ repository(owner: "acme", name: "access") { ref(qualifiedName: "main") { target { oid } } } }',
    ),
  ).toMatchObject({ data: { repository: { ref: { target: { oid: expect.any(String) } } } } });
  expect(await query('{ repository(owner: "acme", name: "nope") { id } }')).toMatchObject({
    errors: [{ type: 'NOT_FOUND' }],
  });
  expect(sandbox.unknownRequests).toEqual([]);
});

test('lists come in pages, and say where the next one is', async () => {
  for (const title of ['One', 'Two', 'Three']) sandbox.as('ann-o').openIssue({ title });
  const token = await installationToken();
  const first = await call(token, '/repos/acme/access/issues?per_page=2&direction=asc');
  const next = /<[^>]*\/api\/v3([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
  const second = await call(token, next);
  expect(second.body).toMatchObject([{ title: 'Three' }]);
  expect(second.headers.get('link')).not.toContain('rel="next"');
});

test('a renamed repository redirects, a moved issue too, and a deleted one is gone', async () => {
  const max = sandbox.as('max-p');
  const issue = max.openIssue({ title: 'Stays' });
  const moved = max.openIssue({ title: 'Moves' });
  max.transferIssue(moved.number, 'acme/shop');
  max.deleteIssue(max.openIssue({ title: 'Gone' }).number);
  sandbox.world.renameRepository('entry');
  const token = await installationToken();
  expect((await call(token, `/repos/acme/access/issues/${issue.number}`)).body['title']).toBe('Stays');
  expect((await call(token, `/repos/acme/entry/issues/${moved.number}`)).body['title']).toBe('Moves');
  expect((await call(token, '/repos/acme/entry/issues/3')).status).toBe(410);
});

test('people push with git, and rules hold for them too', async () => {
  sandbox.setWebhookUrl('http://127.0.0.1:1/');
  const clone = join(folder, 'clone');
  const remote = sandbox.url.replace('http://', 'http://max-p:x@');
  await run('git', ['clone', '-q', `${remote}/acme/access.git`, clone]);
  const git = (...args: string[]): Promise<unknown> =>
    run('git', ['-C', clone, '-c', 'user.name=Max', '-c', 'user.email=max@acme.com', ...args]);
  mkdirSync(join(clone, 'flows'), { recursive: true });
  writeFileSync(join(clone, 'flows/a.yml'), 'label: A\n');
  await git('add', '.');
  await git('commit', '-q', '-m', 'A flow');
  await expect(git('push', '-q', 'origin', 'HEAD:main')).rejects.toThrow(
    /remote: - Changes must be made through a pull request\.[^]*\[remote rejected\] HEAD -> main \(push declined/,
  );
  await git('push', '-q', 'origin', 'HEAD:change');
  await sandbox.settled();
  const push = sandbox.deliveries().find((one) => one.event === 'push');
  expect(push?.payload).toMatchObject({ ref: 'refs/heads/change', commits: [{ added: ['flows/a.yml'] }] });
  await git('push', '-q', '-o', 'reviewed', 'origin', 'HEAD:main');
  const { stdout } = await run('git', ['-C', clone, 'ls-remote', 'origin', 'main']);
  expect(stdout).toContain((await run('git', ['-C', clone, 'rev-parse', 'HEAD'])).stdout.trim());
});

test('a pushed branch is told how to become a pull request, and becomes one at once where that is asked for', async () => {
  const clone = join(folder, 'clone');
  const remote = sandbox.url.replace('http://', 'http://max-p:x@');
  await run('git', ['clone', '-q', `${remote}/acme/access.git`, clone]);
  const git = async (...args: string[]): Promise<string> => {
    const settings = ['-c', 'user.name=Max', '-c', 'user.email=max@acme.com'];
    return (await run('git', ['-C', clone, ...settings, ...args])).stderr.replaceAll(/ +$/gm, '');
  };
  const commit = (message: string): Promise<string> => git('commit', '-q', '--allow-empty', '-m', message);
  const opened = (): unknown[] =>
    sandbox.github.state.issues.all().map(({ number, title, pull, user_id, state }) => {
      const by = sandbox.github.accountById(user_id).login;
      return { number, title, head: pull?.head_ref, by, state };
    });
  expect(await git('push', '-o', 'pull-request', 'origin', 'HEAD:same')).toContain(
    "remote: No pull request was opened: 'same' has nothing that 'main' lacks.",
  );
  expect(await git('push', 'origin', 'HEAD:same-too')).not.toContain('pull request');
  await commit('A flow of my own\n\nBecause.');
  expect(await git('push', 'origin', 'HEAD:team/my-flow')).toContain(
    [
      "remote: Create a pull request for 'team/my-flow' on the sandbox by visiting:",
      `remote:      ${sandbox.url}/acme/access/pull/new/team/my-flow`,
    ].join('\n'),
  );
  expect(opened()).toEqual([]);
  const page = new URL(sandbox.pageUrl);
  const headers = { authorization: `Bearer ${page.searchParams.get('token')}` };
  const address = `${sandbox.url}/acme/access/pull/new/team/my-flow`;
  const led = await fetch(address, { headers, redirect: 'manual' });
  expect([led.status, led.headers.get('location')]).toEqual([302, '/#flows']);

  expect(await git('push', '-o', 'pull-request', 'origin', 'HEAD:other')).toContain(
    ['remote: Pull request #1 is open, as max-p:', `remote:      ${sandbox.url}/acme/access/pull/1`].join(
      '\n',
    ),
  );
  const pull = { number: 1, title: 'A flow of my own', head: 'other', by: 'max-p', state: 'open' };
  expect(opened()).toEqual([pull]);
  await commit('More');
  expect(await git('push', '-o', 'pull-request', 'origin', 'HEAD:other')).toContain(
    'Pull request #1 has it:',
  );
  expect(await git('push', 'origin', ':other')).not.toContain('pull request');
  expect(opened()).toHaveLength(1);
});

test('the 81st comment in a minute is one too many, when limits are on', async () => {
  await sandbox.stop();
  await start(true);
  const issue = sandbox.as('ann-o').openIssue({ title: 'One' });
  const token = await installationToken();
  const path = `/repos/acme/access/issues/${issue.number}/comments`;
  for (let at = 0; at < 80; at += 1) expect((await call(token, path, { body: 'x' })).status).toBe(201);
  const refused = await call(token, path, { body: 'x' });
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([403, '60']);
  now = new Date(now.getTime() + 61_000);
  expect((await call(token, path, { body: 'x' })).status).toBe(201);
});

test('an unknown call is answered as at GitHub, and remembered loudly', async () => {
  expect((await call(await installationToken(), '/repos/acme/access/stargazers')).status).toBe(404);
  expect(sandbox.unknownRequests).toEqual([{ method: 'GET', path: '/api/v3/repos/acme/access/stargazers' }]);
});

test('the vault keeps a grant once for one idempotency key', async () => {
  const token = sandbox.environment()['COUNTERSIGN_SECRET_VAULT_TOKEN'] ?? '';
  const vault = (method: string, body?: unknown, key?: string): Promise<Response> =>
    fetch(`${sandbox.url}/service/vault/grants/ann@acme.com`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(key ? { 'idempotency-key': key } : {}) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  expect((await vault('DELETE')).status).toBe(404);
  expect((await vault('PUT', { role: 'reader' }, 'k1')).status).toBe(201);
  expect((await vault('PUT', { role: 'reader' }, 'k1')).status).toBe(201);
  expect((await vault('PUT', { role: 'writer' }, 'k1')).status).toBe(422);
  expect(sandbox.holdings().vault).toEqual({ 'ann@acme.com': { role: 'reader' } });
  expect((await vault('DELETE')).status).toBe(204);
  expect((await vault('GET')).status).toBe(404);
});

test('what was answered survives kill -9', async () => {
  const script = `
    import { startSandbox } from ${JSON.stringify(join(import.meta.dirname, '../server.ts'))};
    import { sampleWorld } from ${JSON.stringify(join(import.meta.dirname, '../sample-world.ts'))};
    const sandbox = await startSandbox({ port: 0, folder: ${JSON.stringify(join(folder, 'killed'))}, world: sampleWorld });
    console.log(sandbox.pageUrl);
  `;
  writeFileSync(join(folder, 'run.mts'), script);
  const child = spawn(process.execPath, ['--import', 'tsx', join(folder, 'run.mts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const page = await new Promise<URL>((resolve) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(new URL(chunk.toString().trim())));
  });
  const answered = await fetch(`${page.origin}/_sandbox/act`, {
    method: 'POST',
    headers: { authorization: `Bearer ${page.searchParams.get('token')}` },
    body: JSON.stringify({ do: 'openIssue', as: 'ann-o', title: 'Answered' }),
  });
  expect(answered.status).toBe(200);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  const again = await startSandbox({ port: 0, folder: join(folder, 'killed'), world: sampleWorld });
  expect(again.github.state.issues.all().map((one) => one.title)).toEqual(['Answered']);
  await again.stop();
});
