import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Beside } from '../beside.ts';
import { sampleWorld } from '../sample-world.ts';
import { startSandbox } from '../server.ts';
import type { Sandbox } from '../server.ts';
import { ledgerBranch } from '../verifier.ts';
import { curlOf } from './calls.ts';

let folder: string;
let sandbox: Sandbox;
let token: string;
let kills: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  sandbox = await startSandbox({ port: 0, folder, world: sampleWorld });
  token = new URL(sandbox.pageUrl).searchParams.get('token') ?? '';
  kills = 0;
  sandbox.standBeside(beside());
});

afterEach(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

function beside(more: Partial<Beside> = {}): Beside {
  const app = { state: 'up', pid: 1, restarts: 0 } as const;
  return { app, kill: () => void (kills += 1), past: null, verify: null, ...more };
}

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return fetch(`${sandbox.url}/_sandbox/${path}`, { headers, ...init });
}

function post(path: string, body: unknown = {}): Promise<Response> {
  return ask(path, { method: 'POST', body: JSON.stringify(body) });
}

async function json(path: string) {
  return (await ask(path)).json();
}

function statusOf(method: string, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${sandbox.url}/_sandbox/${path}`, { method, headers }, (incoming) => {
      incoming.resume();
      resolve(incoming.statusCode ?? 0);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

test('nobody acts while the past is made, and everybody once it is there', async () => {
  let finished = false;
  const past = {
    progress: () => ({ done: 1, of: 2, requests: 1, finished }),
    hurry: () => undefined,
    stop: () => undefined,
    ended: Promise.resolve(),
  };
  sandbox.standBeside(beside({ past }));
  const open = { do: 'openIssue', as: 'ann-o', title: 'Hello' };
  const refused = await post('act', open);
  expect(refused.status).toBe(422);
  expect(await refused.text()).toContain('The past is still being made');
  finished = true;
  expect((await post('act', open)).status).toBe(200);
});

describe('who may', () => {
  test.each([
    ['POST', 'clock'],
    ['POST', 'app/kill'],
    ['POST', 'past/hurry'],
    ['POST', 'weather'],
    ['DELETE', 'weather'],
    ['GET', 'calls'],
    ['POST', 'token'],
    ['POST', 'ledger/forge'],
    ['POST', 'ledger/restore'],
    ['POST', 'ledger/verify'],
  ])('%s %s: nobody without the token, from another site, or under another name', async (method, path) => {
    const authorization = `Bearer ${token}`;
    expect(await statusOf(method, path, {})).toBe(401);
    expect(await statusOf(method, path, { authorization, host: 'evil.example' })).toBe(403);
    expect(await statusOf(method, path, { authorization, origin: 'https://evil.example' })).toBe(403);
    expect([kills, sandbox.clock.offset]).toEqual([0, 0]);
  });
});

describe('the clock', () => {
  test('is pushed forward, and everything of GitHub follows it', async () => {
    const before = sandbox.clock.now().getTime();
    await post('clock', { push: 4 * 3_600_000 });
    expect(sandbox.clock.now().getTime() - before).toBeGreaterThanOrEqual(4 * 3_600_000);
    const issue = sandbox.as('ann-o').openIssue({ title: 'Later' });
    expect(Date.parse(issue.created_at)).toBeGreaterThan(before + 3 * 3_600_000);
    const answer = await fetch(`${sandbox.url}/api/v3/rate_limit`);
    expect(Date.parse(answer.headers.get('date') ?? '')).toBeGreaterThan(before + 3 * 3_600_000);
    expect(JSON.parse(readFileSync(sandbox.clock.file, 'utf8'))).toMatchObject({ offset: 4 * 3_600_000 });
  });

  test('what the app has just done gets its seconds to be written, before time jumps', async () => {
    const seen: number[] = [];
    await fetch(`${sandbox.url}/api/v3/rate_limit`);
    const { clock } = sandbox;
    const pushed = post('clock', { push: 3_600_000 });
    await expect.poll(() => clock.offset).toBeGreaterThan(0);
    seen.push(clock.offset);
    await pushed;
    seen.push(clock.offset);
    expect(seen).toEqual([11_000, 3_600_000]);
  });

  test.each([-1, 0, '5', null, Number.MAX_SAFE_INTEGER])('is not pushed by %s', async (push) => {
    expect((await post('clock', { push })).status).toBe(422);
    expect(sandbox.clock.offset).toBe(0);
  });

  test('is where it was after a restart', async () => {
    await post('clock', { push: 60_000 });
    const again = await startSandbox({ port: 0, folder, world: sampleWorld });
    expect(again.clock.offset).toBe(60_000);
    await again.stop();
  });

  test('has no next deadline where nothing is due', async () => {
    expect((await post('clock', { push: 'next' })).status).toBe(422);
    await writeLedger();
    await post('clock', { push: 'next' });
    expect(sandbox.clock.now().toISOString() > '2099').toBe(true);
  });
});

describe('the weather', () => {
  test('stays until it is calm again, and counts', async () => {
    await post('weather', { name: 'limited', on: true });
    const statuses = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const answer = await fetch(`${sandbox.url}/api/v3/rate_limit`);
        expect(answer.headers.get('retry-after')).toBe('60');
        return answer.status;
      }),
    );
    expect(new Set(statuses)).toEqual(new Set([403, 429]));
    const { weather } = await json('view');
    expect(weather.find(({ name }: { name: string }) => name === 'limited')).toMatchObject({
      isOn: true,
      hits: 12,
    });
    await ask('weather', { method: 'DELETE' });
    expect((await fetch(`${sandbox.url}/api/v3/rate_limit`)).status).toBe(200);
  });

  test('of GitHub does not touch the vault, and there is none of another name', async () => {
    await post('weather', { name: 'failing', on: true });
    expect((await fetch(`${sandbox.url}/service/vault/grants`)).status).toBe(401);
    expect((await post('weather', { name: 'sunny' })).status).toBe(422);
  });
});

test('the app is killed, once for each click', async () => {
  await post('app/kill');
  expect(kills).toBe(1);
});

describe('the calls', () => {
  test('can be repeated as they are shown, and no token is in them', async () => {
    const { token: given } = await (await post('token', { kind: 'countersign' })).json();
    const authorization = `Bearer ${given}`;
    await fetch(`${sandbox.url}/api/v3/repos/acme/access/issues?state=all`, { headers: { authorization } });
    const [call] = await json('calls');
    expect(call).toMatchObject({ method: 'GET', path: '/repos/acme/access/issues?state=all', status: 200 });
    expect(call.curl).toContain(`'${sandbox.url}/api/v3/repos/acme/access/issues?state=all'`);
    expect(call.curl).toContain('Bearer $TOKEN');
    expect(call.curl).not.toContain(given);
  });

  test('are found by issue and by what is in their address', async () => {
    const { number } = sandbox.as('ann-o').openIssue({ title: 'One' });
    await fetch(`${sandbox.url}/api/v3/repos/acme/access/issues/${number}`);
    await fetch(`${sandbox.url}/api/v3/rate_limit`);
    expect(await json(`calls?issue=${number}`)).toHaveLength(1);
    expect(await json('calls?text=rate')).toHaveLength(1);
    expect(await json('calls')).toHaveLength(2);
  });

  test('of the app as itself want its JWT, which works', async () => {
    const { token: jwt } = await (await post('token', { kind: 'jwt' })).json();
    const answer = await fetch(`${sandbox.url}/api/v3/app`, { headers: { authorization: `Bearer ${jwt}` } });
    expect((await answer.json()).slug).toBe('countersign');
    const call = { method: 'GET', path: '/app', body: '' };
    const rest = { id: 1, status: 200, by: null, app: null, at: '', operation: null };
    expect(curlOf('http://x', { ...call, ...rest })).toContain('$JWT');
    const leaky = {
      ...call,
      method: 'POST',
      body: `{"token":"${jwt.slice(0, 3)}","key":"ghs_${'a'.repeat(36)}"}`,
    };
    expect(curlOf('http://x', { ...leaky, ...rest })).not.toContain('ghs_');
  });
});

describe('the forger', () => {
  test('changes one line by a pushed commit, once, and puts the branch back', async () => {
    await writeLedger();
    const git = sandbox.github.git(sandbox.desk);
    const head = git.readRef(`refs/heads/${ledgerBranch}`);
    const forged = await (await post('ledger/forge')).json();
    expect(forged).toMatchObject({ line: 2, issue: 7, was: '"person":"bob"', is: '"person":"mallory"' });
    const [commit] = sandbox.ledgerLog();
    expect(commit).toMatchObject({ author: 'Max Pereira', verified: false });
    expect((await post('ledger/forge')).status).toBe(422);
    expect((await json('view')).forgery.path).toBe(forged.path);
    await post('ledger/restore');
    expect(git.readRef(`refs/heads/${ledgerBranch}`)).toBe(head);
    expect((await json('view')).forgery).toBeNull();
    expect((await post('ledger/restore')).status).toBe(422);
  });

  test('finds nothing to forge in an empty ledger', async () => {
    expect((await post('ledger/forge')).status).toBe(422);
  });

  test('is found out by the verifier, whose words are shown', async () => {
    sandbox.standBeside(beside({ verify: async () => ({ ok: false, output: 'line 2 was changed' }) }));
    expect(await (await post('ledger/verify')).json()).toEqual({ ok: false, output: 'line 2 was changed' });
  });
});

/** A request that has ended and one that waits, as the app writes them. */
async function writeLedger(): Promise<void> {
  const via = (name: string) => ({ person: name.split('-')[0], via: { name, ref: 'IC_1' } });
  const stepsOf = (group: string) => [{ name: 'data-owner', approvers: [group], count: 1, needs: [] }];
  const active = { seq: 3, type: 'escalated', by: {}, data: {} };
  const extension = {
    seq: 4,
    type: 'extension-asked',
    by: via('ann-o'),
    data: { steps: stepsOf('team:acme/data') },
  };
  const byRule = { type: 'rule-applied', by: {}, data: { effect: 'approve', steps: ['data-owner'] } };
  const asked = (issue: number, group = 'team:acme/data') => ({
    seq: 1,
    type: 'requested',
    by: via('ann-o'),
    data: {
      form: { target: { label: 'Production' } },
      policy: {
        label: 'Production access',
        strategy: {},
        steps: stepsOf(group),
      },
      lapseAt: '2099-01-01T00:00:00.000Z',
      thread: { issue },
    },
  });
  const lines = (...entries: readonly object[]): string =>
    entries
      .map((entry) => `${JSON.stringify({ v: 1, at: '2026-11-20T10:00:00.000Z', ...entry })}\n`)
      .join('');
  await sandbox.as('max-p').pushFiles({
    branch: ledgerBranch,
    message: 'bob approved',
    files: {
      'requests/2026/11/20/A.jsonl': lines(
        asked(7),
        { seq: 2, type: 'approval-given', by: via('bob-l'), data: { eligible: ['data-owner'] } },
        { seq: 3, type: 'deescalated', by: {}, data: {} },
      ),
      'requests/2026/11/20/B.jsonl': lines(asked(8)),
      'requests/2026/11/20/C.jsonl': lines(asked(9), { seq: 2, ...byRule }),
      'requests/2026/11/20/D.jsonl': lines(asked(10), active, extension),
      'requests/2026/11/20/F.jsonl': lines(asked(12, 'codeowners:acme/app/db/migrations')),
      'requests/2026/11/20/E.jsonl': lines(asked(11), active, extension, { seq: 5, ...byRule }),
    },
  });
}

test('whoever is asked to decide is told to be waited for, and nobody for what is over', async () => {
  await writeLedger();
  const { number } = sandbox.as('ann-o').openIssue({ title: 'Not the one' });
  expect(number).toBe(1);
  for (let next = number + 1; next <= 12; next += 1)
    sandbox.as('ann-o').openIssue({ title: `Issue ${next}` });
  const { issues } = await json('view');
  const standing = (wanted: number) =>
    issues.find((one: { number: number }) => one.number === wanted).standing;
  expect(standing(8)).toMatchObject({ status: 'pending', waitsFor: ['bob-l', 'yuki-t'] });
  expect(standing(7)).toMatchObject({ status: 'ended', waitsFor: [] });
  expect(standing(1)).toBeNull();
  // A rule stands for its step; and an extension waits anew for those whom it asks.
  expect(standing(9)).toMatchObject({ status: 'pending', waitsFor: [] });
  expect(standing(10)).toMatchObject({ status: 'active', waitsFor: ['bob-l', 'yuki-t'] });
  expect(standing(11)).toMatchObject({ status: 'active', waitsFor: [] });
  expect(standing(12)).toMatchObject({ status: 'pending', waitsFor: ['bob-l', 'dora-k', 'yuki-t'] });
});
