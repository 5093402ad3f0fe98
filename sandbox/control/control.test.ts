import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleWorld } from '../sample-world.ts';
import { startSandbox } from '../server.ts';
import type { Sandbox } from '../server.ts';

let folder: string;
let sandbox: Sandbox;
let token: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  sandbox = await startSandbox({ port: 0, folder, world: sampleWorld });
  token = new URL(sandbox.pageUrl).searchParams.get('token') ?? '';
});

afterEach(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return fetch(`${sandbox.url}${path}`, { headers, redirect: 'manual', ...init });
}

function post(path: string, body: unknown): Promise<Response> {
  return ask(path, { method: 'POST', body: JSON.stringify(body) });
}

function statusWith(headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${sandbox.url}/_sandbox/view`, { headers }, (incoming) => {
      incoming.resume();
      resolve(incoming.statusCode ?? 0);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

test('nothing is shown or done without the token, or from another site, or under another name', async () => {
  const authorization = `Bearer ${token}`;
  expect(await statusWith({})).toBe(401);
  expect(await statusWith({ authorization: 'Bearer wrong' })).toBe(401);
  expect(await statusWith({ authorization, host: 'evil.example' })).toBe(403);
  expect(await statusWith({ authorization, origin: 'https://evil.example' })).toBe(403);
  expect(await statusWith({ authorization })).toBe(200);
});

test('the printed address sets a cookie and hides the token', async () => {
  const first = await fetch(sandbox.pageUrl, { redirect: 'manual' });
  expect([first.status, first.headers.get('location')]).toEqual([302, '/']);
  const cookie = (first.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  expect(first.headers.get('set-cookie')).toContain('HttpOnly');
  const page = await fetch(`${sandbox.url}/`, { headers: { cookie } });
  expect(await page.text()).toContain('<title>Sandbox</title>');
  const script = await fetch(`${sandbox.url}/_sandbox/page/page.ts`, { headers: { cookie } });
  expect(script.headers.get('content-type')).toContain('text/javascript');
  expect(await script.text()).not.toContain(': void');
});

test('people act, and the thread shows it rendered and harmless', async () => {
  const made = await post('/_sandbox/act', {
    do: 'openIssue',
    as: 'ann-o',
    title: 'One',
    body: '**bold** <script>alert(1)</script><!-- hidden --> @bob-l\n\n- [x] done',
  });
  const { number } = await made.json();
  await post('/_sandbox/act', { do: 'comment', as: 'bob-l', number, body: '/approve' });
  const thread = await (await ask(`/_sandbox/issues/${number}`)).json();
  expect(thread.posts.map((one: { author: { login: string } }) => one.author.login)).toEqual([
    'ann-o',
    'bob-l',
  ]);
  const [first] = thread.posts;
  expect(first.html).toContain('<strong>bold</strong>');
  expect(first.html).toContain('<a class="mention" href="/bob-l">@bob-l</a>');
  expect(first.html).toContain('type="checkbox"');
  expect(first.html).not.toMatch(/script|hidden/);
});

test('who is not allowed is refused in words', async () => {
  const made = await post('/_sandbox/act', { do: 'openIssue', as: 'mallory-x', title: 'One' });
  expect(made.status).toBe(404);
  await post('/_sandbox/world', { do: 'makePublic' });
  const again = await post('/_sandbox/act', { do: 'openIssue', as: 'mallory-x', title: 'One' });
  expect(again.status).toBe(200);
  const unknown = await post('/_sandbox/act', { do: 'fly', as: 'ann-o' });
  expect([unknown.status, (await unknown.json()).message]).toEqual([
    422,
    expect.stringContaining('No act is called fly.'),
  ]);
});

test('a form of the repository is offered, and its answers become the body that GitHub makes', async () => {
  const form = `name: Access
description: Ask
labels: [access]
body:
  - { type: textarea, id: reason, attributes: { label: Why?, render: text } }
  - { type: dropdown, id: duration, attributes: { label: How long?, options: [30m, 1h] } }
  - { type: input, id: incident, attributes: { label: Incident } }
  - { type: checkboxes, id: ok, attributes: { label: Rules, options: [{ label: read }, { label: kept }] } }
`;
  sandbox.as('max-p').pushFiles({
    message: 'Form',
    files: { '.github/ISSUE_TEMPLATE/access.yml': form },
    reviewed: true,
  });
  const view = await (await ask('/_sandbox/view')).json();
  expect(view.forms.map((one: { name: string }) => one.name)).toEqual(['Access']);
  const made = await post('/_sandbox/act', {
    do: 'submitForm',
    as: 'ann-o',
    form: 'access.yml',
    answers: { reason: 'because', duration: ['30m'], ok: ['read'] },
  });
  const issue = await made.json();
  expect(issue.body).toMatchInlineSnapshot(`
    "### Why?

    \`\`\`text
    because
    \`\`\`

    ### How long?

    30m

    ### Incident

    _No response_

    ### Rules

    - [X] read
    - [ ] kept"
  `);
});

test('trouble can be set and taken back from outside', async () => {
  await post('/_sandbox/faults', { kind: 'error', status: 502, path: '/rate_limit', times: 1 });
  expect((await fetch(`${sandbox.url}/api/v3/rate_limit`)).status).toBe(502);
  expect((await fetch(`${sandbox.url}/api/v3/rate_limit`)).status).toBe(200);
  await post('/_sandbox/faults', { on: 'webhook', kind: 'drop' });
  expect(await (await ask('/_sandbox/faults')).json()).toHaveLength(1);
  await ask('/_sandbox/faults', { method: 'DELETE' });
  expect(await (await ask('/_sandbox/faults')).json()).toEqual([]);
});

test('the page is told of a change at once', async () => {
  const events = await ask('/_sandbox/events');
  const reader = events.body?.getReader();
  const read = async (): Promise<string> => new TextDecoder().decode((await reader?.read())?.value);
  expect(await read()).toContain('event: hello');
  sandbox.as('ann-o').openIssue({ title: 'One' });
  expect(await read()).toContain('event: change');
  await reader?.cancel();
});
