import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningSandbox } from '../../sandbox/main.ts';
import { runThrowaway } from '../../sandbox/throwaway.ts';

const candidates = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/usr/bin/chromium-browser',
];
const executablePath = candidates.find((path) => path !== undefined && existsSync(path));

if (executablePath === undefined)
  process.stderr.write(
    'SKIPPED: no Chromium was found, so the page is not tested. Install chromium, or set CHROMIUM to its path.\n',
  );

describe.skipIf(executablePath === undefined)(
  'the page of the sandbox, in a browser, with the real app',
  () => {
    let running: RunningSandbox;
    let browser: Browser;
    let page: Page;

    beforeAll(async () => {
      running = await runThrowaway('error');
      const args = [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
      ];
      browser = await chromium.launch({ ...(executablePath !== undefined && { executablePath }), args });
      page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      await page.goto(running.sandbox.pageUrl);
    }, 120_000);

    afterAll(async () => {
      await browser.close();
      await running.stop();
    });

    test(
      'Ann asks with a form, Bob approves in the thread, and the team holds Ann',
      { timeout: 90_000 },
      async () => {
        await page
          .getByRole('button', { name: 'New issue' })
          .or(page.getByRole('link', { name: 'New issue' }))
          .first()
          .click();
        await page.getByRole('link', { name: /Production access/ }).click();
        await page.getByLabel('Why do you need access?').fill('Backfill of order 4711');
        await page.getByRole('button', { name: 'Create as Ann Ortega' }).click();
        await page.getByText('Waiting for approval').waitFor({ timeout: 30_000 });

        await page.getByRole('radio', { name: /Bob Lindqvist/ }).click();
        await page.getByLabel('Comment', { exact: true }).fill('/approve go ahead');
        await page.getByRole('button', { name: 'Comment as Bob Lindqvist' }).click();
        await page.getByText('Access is there').first().waitFor({ timeout: 30_000 });
        expect(running.sandbox.holdings().teams['production-access']).toEqual(['ann-o']);
        const side = await page.getByRole('complementary').innerText();
        expect(side).toMatch(/production-access\s+(AO\s+)?ann-o/);
      },
    );

    test('nothing is wider than a phone', async () => {
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    });

    test('nobody sees it without the token of the printed address', async () => {
      const { url } = running.sandbox;
      for (const path of ['/', '/_sandbox/view', '/_sandbox/environment'])
        expect((await fetch(new URL(path, url))).status, path).toBeGreaterThanOrEqual(400);
    });
  },
);
