import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Probot } from 'probot';
import { describe, expect, test } from 'vitest';
import { freePort } from '../../sandbox/free-port.ts';
import { sampleWorld } from '../../sandbox/sample-world.ts';
import { startSandbox } from '../../sandbox/server.ts';
import { aWebhook } from '../../test/builders/webhook.ts';
import { createKeptLog, testKey } from '../../test/scripted-github.ts';
import { createWebhookEndpoint, webhookPath } from './webhook-endpoint.ts';

const secret = 'what GitHub signs with';
const root = join(import.meta.dirname, '..', '..');

function signed(body: string, by = secret): { readonly [name: string]: string } {
  return {
    'content-type': 'application/json',
    'x-github-delivery': 'd-1',
    'x-github-event': 'issue_comment',
    'x-hub-signature-256': `sha256=${createHmac('sha256', by).update(body).digest('hex')}`,
  };
}

describe('a delivery', () => {
  const body = JSON.stringify(aWebhook('issue_comment', 'created', { 'comment.body': '/approve please' }));

  /** The endpoint before a real Probot, and an app that takes what it is given, or not. */
  async function before(
    take: () => Promise<void>,
    ask: (url: string) => Promise<Response>,
  ): Promise<{
    readonly status: number;
    readonly text: string;
    readonly taken: number;
    readonly log: string;
  }> {
    const taken: string[] = [];
    const log = createKeptLog();
    const probot = new Probot({ appId: 7, privateKey: testKey.privateKey, secret, logLevel: 'fatal' });
    await probot.ready();
    const endpoint = createWebhookEndpoint({
      log,
      verify: (payload, signature) => probot.webhooks.verify(payload, signature),
      accept: async (event) => {
        await take();
        taken.push(event);
      },
    });
    const server = createServer((request, response) => void endpoint(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    try {
      const port = typeof address === 'object' ? address?.port : 0;
      const answer = await ask(`http://127.0.0.1:${port}${webhookPath}`);
      const text = await answer.text();
      return { status: answer.status, text, taken: taken.length, log: log.lines.join('\n') };
    } finally {
      server.close();
    }
  }

  const post = (headers: { readonly [name: string]: string }) => (url: string) =>
    fetch(url, { method: 'POST', body, headers });
  const works = async (): Promise<void> => undefined;

  test('that GitHub signed is taken, and answered once it is', async () => {
    expect(await before(works, post(signed(body)))).toMatchObject({ status: 202, taken: 1 });
  });

  test.each([
    ['signed by somebody else', signed(body, 'a guess')],
    ['signed over another body', signed(`${body} `)],
    ['whose signature is no signature', { ...signed(body), 'x-hub-signature-256': 'sha256=00' }],
  ])('%s is refused, and nothing comes of it', async (_, headers) => {
    const { status, taken, log } = await before(works, post(headers));
    expect({ status, taken }).toEqual({ status: 401, taken: 0 });
    expect(log).toContain('A delivery is not signed with our secret');
    expect(log).not.toContain('approve please');
  });

  test('that is not signed at all is refused', async () => {
    const { 'x-hub-signature-256': _, ...unsigned } = signed(body);
    expect(await before(works, post(unsigned))).toMatchObject({ status: 400, taken: 0 });
  });

  test('that is not posted is refused', async () => {
    expect(await before(works, (url) => fetch(url))).toMatchObject({ status: 405, taken: 0 });
  });

  test('that could not be made durable is to be sent again, and only the operator learns why', async () => {
    const fails = (): Promise<void> => Promise.reject(new Error('the disk is full'));
    const { status, text, log } = await before(fails, post(signed(body)));
    expect(status).toBe(500);
    expect(text).toBe('Not taken. Please deliver it again.\n');
    expect(log).toContain('the disk is full');
    expect(log).not.toContain('approve please');
  });
});

test('under plain Probot it is the same app, from the environment', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-probot-'));
  const sandbox = await startSandbox({
    port: 0,
    folder: join(folder, 'sandbox'),
    world: sampleWorld,
    seedFolder: join(root, 'flows'),
    issueTemplateFolder: join(root, '.github/ISSUE_TEMPLATE'),
  });
  const port = await freePort();
  const script = [
    `import { run } from 'probot';`,
    `import { countersign } from ${JSON.stringify(join(import.meta.dirname, 'probot.ts'))};`,
    `await run(countersign);`,
  ].join('\n');
  const app = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      ...sandbox.environment(),
      PORT: String(port),
      HOST: '127.0.0.1',
      COUNTERSIGN_DATA: join(folder, 'app'),
      LOG_LEVEL: 'fatal',
      NODE_ENV: 'production',
    },
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}${webhookPath}`;
  const comments = (): number => sandbox.github.state.comments.all().length;
  try {
    sandbox.setWebhookUrl(url);
    await expect
      .poll(
        () =>
          fetch(url).then(
            () => true,
            () => false,
          ),
        { timeout: 30_000 },
      )
      .toBe(true);
    const body = '{"action":"created"}';
    const forged = await fetch(url, { method: 'POST', body, headers: signed(body, 'a guess') });
    expect(forged.status).toBeGreaterThanOrEqual(400);
    sandbox.as('ann-o').openIssue({ title: 'Access', body: '/request production-access production 30m' });
    await expect.poll(comments, { timeout: 20_000 }).toBeGreaterThan(0);
  } finally {
    app.kill('SIGKILL');
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
