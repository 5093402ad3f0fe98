// Setup from end to end beside the sandbox: from an empty folder to an app that answers on an issue.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '../../../sandbox/free-port.ts';
import { sampleWorld } from '../../../sandbox/sample-world.ts';
import { startSandbox, type Sandbox } from '../../../sandbox/server.ts';
import { checkedFetch } from '../../../test/contracts/github/checked-fetch.ts';
import { createGitHubContract } from '../../../test/contracts/github/github-contract.ts';
import type { Problem } from '../../../test/contracts/github/problem.ts';
import { readEnvFile } from '../environment.ts';
import { readSettings } from '../settings.ts';
import { systemClock } from '../system.ts';
import { startSetup, type RunningSetup } from './setup-server.ts';

const root = join(import.meta.dirname, '../../..');
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

let folder: string;
let sandbox: Sandbox;
let setup: RunningSetup;
let problems: Problem[];
let app: ChildProcess | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-setup-'));
  sandbox = await startSandbox({
    port: 0,
    folder: join(folder, 'github'),
    world: sampleWorld,
    seedFolder: join(root, 'flows'),
    issueTemplateFolder: join(root, '.github/ISSUE_TEMPLATE'),
  });
  problems = [];
  writeFileSync(
    join(folder, '.env'),
    `GHE_HOST=127.0.0.1:${sandbox.port}\nGHE_PROTOCOL=http\nPORT=${await freePort()}\n`,
  );
  await begin();
});
afterEach(async () => {
  app?.kill('SIGKILL');
  app = undefined;
  await setup.stop();
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function begin(): Promise<void> {
  const contract = createGitHubContract();
  const checked = checkedFetch(contract, globalThis.fetch, problems);
  setup = await startSetup(
    { folder, environment: {}, fetch: (url, init) => checked(url, init), clock: systemClock, log: silent },
    0,
  );
}

interface Page {
  readonly status: number;
  readonly url: string;
  readonly text: string;
  readonly policy: string;
}

/** A browser that keeps the cookie of setup, and follows where it is led. */
async function browser(): Promise<Visit> {
  const { origin } = new URL(setup.url);
  const [cookie = ''] = (
    (await fetch(setup.url, { redirect: 'manual' })).headers.get('set-cookie') ?? ''
  ).split(';');
  return async function visit(address: string, fields?: Fields): Promise<Page> {
    const url = new URL(address, origin);
    const isOurs = url.origin === origin;
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: isOurs ? { cookie } : {},
      ...(fields && {
        method: 'POST',
        body: new URLSearchParams(fields.map(([name, value]) => [name, value])),
      }),
    });
    const location = answer.headers.get('location');
    if (location !== null) return visit(new URL(location, url).href);
    const policy = answer.headers.get('content-security-policy') ?? '';
    return { status: answer.status, url: url.href, text: await answer.text(), policy };
  };
}

type Visit = (address: string, fields?: Fields) => Promise<Page>;
type Fields = readonly (readonly [string, string])[];

interface Form {
  readonly action: string;
  readonly fields: Fields;
}

/** The first form of a page, with what it would send. */
function formOf({ text, url }: Page): Form {
  const [, attributes = '', inside = ''] = /<form([^>]*)>(.*?)<\/form>/s.exec(text) ?? [];
  const [, action = ''] = /action="([^"]*)"/.exec(attributes) ?? [];
  const fields = [...inside.matchAll(/<input[^>]*>/g)].flatMap(([input]): Fields => {
    const [, name] = /name="([^"]*)"/.exec(input) ?? [];
    const [, value = ''] = /value="([^"]*)"/.exec(input) ?? [];
    return name === undefined || input.includes('checkbox') ? [] : [[name, unescaped(value)]];
  });
  return { action: new URL(unescaped(action) || url, url).href, fields };
}

function unescaped(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function addressIn({ text }: Page, pattern: RegExp): string {
  const found = [...text.matchAll(/href="([^"]*)"/g)].map(([, href = '']) => unescaped(href));
  return found.find((href) => pattern.test(href)) ?? '';
}

const mode = (name: string): string => (statSync(join(folder, name)).mode & 0o777).toString(8);
const env = (): ReturnType<typeof readEnvFile> => readEnvFile(folder);

test('a few clicks lead from nothing to an app that answers', async () => {
  const visit = await browser();
  const press = (page: Page, more: Fields = []): Promise<Page> => {
    const { action, fields } = formOf(page);
    const replaced = new Set(more.map(([name]) => name));
    return visit(action, [...fields.filter(([name]) => !replaced.has(name)), ...more]);
  };

  const first = await visit('/');
  expect(first.text).toContain('Make the app');
  const address = `http://127.0.0.1:${env()['PORT']}`;
  const handOver = await press(first, [
    ['organization', 'acme'],
    ['address', address],
  ]);
  expect(handOver.policy).toContain(`form-action 'self' ${sandbox.url}`);
  const onGitHub = await press(handOver);
  expect(onGitHub.text).toContain('Create GitHub App for acme');
  const install = await press(onGitHub);
  expect(install.text).toContain('Install it on GitHub');
  expect(Number(env()['APP_ID'])).toBeGreaterThan(1002);
  const { id: desk } = sandbox.github.repository('acme', 'access') ?? { id: 0 };
  await press(await visit(addressIn(install, /installations\/new$/)), [['repository_ids', String(desk)]]);

  await setup.stop();
  await begin();
  const again = await browser();
  const choose = await again('/');
  expect(choose.text).toContain(`acme/access#${desk}`);
  expect(choose.text).not.toContain('acme/shop');
  const grants = await again('/desk', [['repository', `acme/access#${desk}`]]);
  expect(grants.text).toContain('The app that grants');
  const grantsHandOver = await again('/grants', [['organization', 'acme']]);
  const onGitHub2 = formOf(grantsHandOver);
  const confirm = formOf(await again(onGitHub2.action, onGitHub2.fields));
  const slack = await again(confirm.action, confirm.fields);
  expect(slack.text).toContain('Make the link');
  const done = await again('/no-slack', []);
  expect(done.text).toContain('Ready to start');
  const grantsPage = formOf(await again(addressIn(done, /installations\/new$/)));
  await again(grantsPage.action, grantsPage.fields);

  const read = readSettings(env());
  expect(read).toMatchObject({ settings: { desks: [{ id: `github:${desk}` }], grantsApp: {} } });
  expect([mode('.env'), mode('.env.before-setup')]).toEqual(['600', '600']);
  const keys = readdirSync(folder).filter((name) => name.endsWith('.pem'));
  expect(keys.map(mode)).toEqual(['600', '600']);
  const pages = [first, handOver, install, choose, slack, done].map(({ text }) => text).join();
  for (const secret of secretsIn()) expect(pages).not.toContain(secret);
  const mine = problems.filter(({ code }) => code !== 'unknown-operation');
  expect(mine.map(({ message }) => message)).toEqual([]);
  const ended = await again('/finish', []);
  expect(ended.text).toContain('All is set');
  await setup.finished;

  app = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), join(root, 'src/main.ts')], {
    cwd: folder,
    env: { PATH: process.env['PATH'], LOG_LEVEL: 'fatal' },
    stdio: 'ignore',
  });
  const ready = (): Promise<number> =>
    fetch(`${address}/readyz`).then(
      ({ status }) => status,
      () => 0,
    );
  await expect.poll(ready, { timeout: 60_000 }).toBe(200);
  sandbox
    .as('ann-o')
    .openIssue({ title: 'Access', body: '/request production-access production 30m reason="Try"' });
  const bot = sandbox.github.account('countersign-acme[bot]')?.id;
  const answers = (): number =>
    sandbox.github.state.comments.all().filter(({ user_id }) => user_id === bot).length;
  await expect.poll(answers, { timeout: 60_000 }).toBeGreaterThan(0);
}, 180_000);

function secretsIn(): readonly string[] {
  const values = env();
  const keys = readdirSync(folder)
    .filter((name) => name.endsWith('.pem'))
    .map((name) => readFileSync(join(folder, name), 'utf8').split('\n')[1] ?? '');
  return [values['WEBHOOK_SECRET'] ?? '', values['COUNTERSIGN_SEALING_KEY'] ?? '', ...keys];
}

describe('what GitHub sends back', () => {
  async function made(): Promise<{
    readonly visit: Awaited<ReturnType<typeof browser>>;
    readonly back: URL;
  }> {
    const visit = await browser();
    const handOver = formOf(
      await visit('/app', [
        ['organization', 'acme'],
        ['address', 'http://127.0.0.1:9'],
      ]),
    );
    const confirm = formOf(await visit(handOver.action, handOver.fields));
    const answer = await fetch(confirm.action, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams(confirm.fields.map(([name, value]) => [name, value])),
    });
    return { visit, back: new URL(answer.headers.get('location') ?? '') };
  }

  test('with another state is not taken, nor is the right one after it', async () => {
    const { visit, back } = await made();
    const right = back.href;
    back.searchParams.set('state', '0'.repeat(64));
    expect((await visit(back.href)).text).toContain('is not to what was asked here last');
    expect((await visit(right)).text).toContain('is not to what was asked here last');
    expect(env()).not.toHaveProperty('APP_ID');
  });

  test('is taken once', async () => {
    const { visit, back } = await made();
    expect((await visit(back.href)).text).toContain('Install it on GitHub');
    const id = env()['APP_ID'];
    expect((await visit(back.href)).text).toContain('is not to what was asked here last');
    expect(env()['APP_ID']).toBe(id);
  });

  test('with a code that GitHub does not know is said, and nothing is written', async () => {
    const { visit, back } = await made();
    back.searchParams.set('code', 'another');
    expect((await visit(back.href)).text).toContain('does not take the code (404)');
    expect(env()).not.toHaveProperty('APP_ID');
  });
});

describe('the page', () => {
  test('wants the token, and tells a stranger nothing', async () => {
    const { origin } = new URL(setup.url);
    expect((await fetch(origin)).status).toBe(401);
    expect((await fetch(`${origin}/?token=guess`)).status).toBe(401);
    expect((await fetch(`${origin}/app`, { method: 'POST', body: 'organization=acme' })).status).toBe(401);
  });

  test('takes no form from another page', async () => {
    const { origin, searchParams } = new URL(setup.url);
    const cookie = `countersign-setup-${new URL(origin).port}=${searchParams.get('token')}`;
    const answer = await fetch(`${origin}/no-grants`, {
      method: 'POST',
      headers: { cookie, origin: 'https://evil.test' },
    });
    expect(answer.status).toBe(403);
  });

  test('says what is half set, and overwrites nothing', async () => {
    writeFileSync(join(folder, '.env'), 'APP_ID=7\n');
    const visit = await browser();
    expect((await visit('/')).text).toContain('Half of it is set');
    await visit('/app', [
      ['organization', 'acme'],
      ['address', 'https://a.test'],
    ]);
    expect(env()).toEqual({ APP_ID: '7' });
  });

  test('writes what people type as text', async () => {
    const visit = await browser();
    const { text } = await visit('/app', [['organization', '"><script>x</script>']]);
    expect(text).not.toContain('<script');
  });
});
