// The page of setup in a browser: what a browser sends and obeys beyond what a test by hand does.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../sandbox/free-port.ts';
import { sampleWorld } from '../../sandbox/sample-world.ts';
import { startSandbox, type Sandbox } from '../../sandbox/server.ts';
import { startSetup, type RunningSetup } from '../../src/app/setup/setup-server.ts';
import { systemClock } from '../../src/app/system.ts';
import { isMissing, launch } from './chromium.ts';

const root = join(import.meta.dirname, '../..');
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe.skipIf(isMissing)('setup, in a browser', { timeout: 120_000 }, () => {
  let folder: string;
  let sandbox: Sandbox;
  let setup: RunningSetup;
  let browser: Browser;
  let page: Page;
  const wrong: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-setup-'));
    sandbox = await startSandbox({
      port: 0,
      folder: join(folder, 'github'),
      world: sampleWorld,
      seedFolder: join(root, 'flows'),
      issueTemplateFolder: join(root, '.github/ISSUE_TEMPLATE'),
    });
    const variables = { GHE_HOST: `127.0.0.1:${sandbox.port}`, GHE_PROTOCOL: 'http', PORT: await freePort() };
    const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(join(folder, '.env'), lines.join(''));
    const { fetch } = globalThis;
    setup = await startSetup({ folder, environment: {}, fetch, clock: systemClock, log: silent }, 0);
    browser = await launch();
    page = await browser.newPage();
    page.setDefaultTimeout(30_000);
    page.on('console', (said) => {
      if (said.type() === 'error' || said.type() === 'warning') wrong.push(said.text());
    });
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await setup.stop();
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('it looks as it should, and its forms are taken', async () => {
    await page.goto(setup.url);
    const footer = page.locator('footer');
    expect(await footer.evaluate((element) => getComputedStyle(element).fontSize)).toBe('14.08px');
    await page.getByLabel('Organisation').fill('acme');
    await page.getByLabel('Public address').fill('https://countersign.acme.com');
    await page.getByRole('button', { name: 'Go on to GitHub' }).click();
    await page.getByRole('button', { name: 'Create it on GitHub' }).click();
    await page.getByRole('button', { name: 'Create GitHub App for acme' }).click();
    // Over GitHub and back, with an app that was made there.
    await page.locator('li.now', { hasText: 'The desk' }).waitFor();
    expect(wrong).toEqual([]);
  });
});
