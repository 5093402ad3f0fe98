import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sampleWorld } from '../sample-world.ts';
import { startSandbox, type Sandbox } from '../server.ts';
import { readManifest } from './app-manifest.ts';

let folder: string;
let sandbox: Sandbox;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  sandbox = await startSandbox({ port: 0, folder, world: sampleWorld });
});
afterEach(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

const manifest = {
  name: 'Access of acme',
  url: 'https://acme.test',
  redirect_url: 'http://127.0.0.1:9/created',
  hook_attributes: { url: 'http://127.0.0.1:9/api/github/webhooks' },
  default_permissions: { issues: 'write' },
  default_events: ['issues'],
};

async function post(path: string, fields: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(sandbox.url + path, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
}

/** What the page's form would send. */
async function fieldsOf(answer: Response): Promise<Record<string, string>> {
  const inputs = [...(await answer.text()).matchAll(/<input[^>]* name="(\w+)" value="([^"]*)"/g)];
  return Object.fromEntries(
    inputs.map(([, name = '', value = '']) => [
      name,
      value.replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
    ]),
  );
}

test('an app is made by a manifest and a button, and its secrets are given once, for the code', async () => {
  const place = '/organizations/acme/settings/apps';
  const asked = await post(`${place}/new?state=mine`, { manifest: JSON.stringify(manifest) });
  expect(asked.status).toBe(200);
  const made = await post(place, await fieldsOf(asked));
  expect(made.status).toBe(302);
  const back = new URL(made.headers.get('location') ?? '');
  expect([back.origin, back.searchParams.get('state')]).toEqual(['http://127.0.0.1:9', 'mine']);
  const convert = `/api/v3/app-manifests/${back.searchParams.get('code')}/conversions`;
  const answer = await post(convert, {});
  expect([answer.status, await answer.json()]).toEqual([
    201,
    expect.objectContaining({ slug: 'access-of-acme', pem: expect.stringContaining('PRIVATE KEY') }),
  ]);
  expect((await post(convert, {})).status).toBe(404);
});

test('a form that is not from the page is not taken', async () => {
  const fields = { manifest: JSON.stringify(manifest), state: 'mine', name: 'x', stamp: '0'.repeat(64) };
  expect((await post('/organizations/acme/settings/apps', fields)).status).toBe(403);
});

describe('a manifest', () => {
  const problemsOf = (more: object): unknown => {
    const read = readManifest(JSON.stringify({ ...manifest, ...more }));
    return 'problems' in read ? read.problems : [];
  };

  test.each([
    [{ name: '' }, '“name” wasn’t supplied.'],
    [{ name: 'x'.repeat(35) }, 'Name is too long (maximum is 34 characters).'],
    [{ redirect_url: undefined }, '“redirect_url” wasn’t supplied.'],
    [{ hook_attributes: {} }, '“url” wasn’t supplied.'],
    [{ default_permission: {} }, 'Unknown keys: default_permission.'],
    [{ default_events: ['push'] }, 'Default events unsupported: push.'],
    [
      { default_permissions: { issues: 'write', payments: 'write' } },
      'Default permission records resource “payments” with “write” is not known.',
    ],
  ])('with %o is refused', (more, problem) => {
    expect(problemsOf(more)).toContain(problem);
  });
});
