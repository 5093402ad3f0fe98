import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forgeryOf } from '../../sandbox/forgery.ts';
import type { RunningSandbox } from '../../sandbox/main.ts';
import { runBuilt } from '../built-sandbox.ts';
import { isMissing, launch } from './chromium.ts';

if (isMissing)
  process.stderr.write(
    'SKIPPED: no Chromium was found, so the page is not tested. Install chromium, or set CHROMIUM to its path.\n',
  );

async function until(isSo: () => boolean): Promise<void> {
  await expect.poll(isSo, { timeout: 60_000 }).toBe(true);
}

/** On how many lines a word stands that a table of a check holds. */
function linesOf(word: string): string {
  return `(() => {
    const cell = [...document.querySelectorAll('.check td')].find((one) => one.textContent.includes('${word}'));
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const at = texts.currentNode.data.indexOf('${word}');
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(texts.currentNode, at);
      range.setEnd(texts.currentNode, at + ${word.length});
      return range.getClientRects().length;
    }
  })()`;
}

describe.skipIf(isMissing)('the page of the sandbox, in a browser, with the real app', () => {
  let running: RunningSandbox;
  let browser: Browser;
  let page: Page;
  const wrong: string[] = [];

  beforeAll(async () => {
    running = await runBuilt('error');
    browser = await launch();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('console', (said) => {
      if (said.type() === 'error' || said.type() === 'warning') wrong.push(said.text());
    });
    page.on('pageerror', (error) => wrong.push(error.message));
    await page.goto(running.sandbox.pageUrl);
    // Slack has a test of its own.
    await page.getByRole('button', { name: 'GitHub', exact: true }).click();
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await running.stop();
  });

  test(
    'Ann asks with a form, Bob approves in the thread, and the team holds Ann',
    { timeout: 90_000 },
    async () => {
      await page.getByRole('button', { name: 'New issue' }).click();
      await page.getByRole('link', { name: /Production access/ }).click();
      await page.getByLabel('Why do you need access?').fill('Backfill of order 4711');
      await page.getByRole('button', { name: 'Create as Ann Ortega' }).click();
      await page.getByText('Waiting for approval').waitFor({ timeout: 30_000 });

      await page.getByRole('button', { name: 'Try it: Let Bob approve' }).click();
      await page.getByText('You are Bob Lindqvist').waitFor();
      await page.locator('.composer textarea:focus').waitFor();
      await page.keyboard.type('go ahead');
      await page.keyboard.press('Control+Enter');
      await page.getByText('Access is there').first().waitFor({ timeout: 30_000 });
      expect(running.sandbox.holdings().teams['production-access']).toEqual(['ann-o']);
      const side = await page.getByRole('complementary').innerText();
      expect(side).toMatch(/production-access\s+ann-o/);
      await page.getByRole('button', { name: 'Try it: Let Bob approve, done' }).waitFor();
    },
  );

  /** Which number it has depends on what the app opens besides. */
  const pullRequest = (): string => {
    const found = running.sandbox.github.state.issues.all().find(({ pull }) => pull);
    return `issue-${found?.number}`;
  };

  const side = (name: string): Promise<void> =>
    page.locator('.side .tabs').getByRole('button', { name }).click();

  test('what the app called is there to be repeated, without its token', async () => {
    await side('Calls');
    await page.getByLabel('Filter calls').fill('memberships/ann-o');
    await page.locator('.calls summary', { hasText: 'PUT' }).first().click();
    const command = await page.locator('.calls details[open] pre').first().innerText();
    expect(command).toContain('curl -sS -X PUT');
    expect(command).toContain('Bearer $TOKEN');
    expect(command).not.toMatch(/gh[a-z]_/);
  });

  test('the list is searched, and shows what waits for whom', async () => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.keyboard.type('ann production active');
    expect(await page.locator('.issue-row').count()).toBe(1);
    await page.getByLabel('Search issues').fill('nothing like it');
    await page.getByText('Nothing found for “nothing like it”.').waitFor();
    await page.getByLabel('Search issues').fill('');
    await page.getByRole('button', { name: /^For me/ }).click();
    await page.getByText('Nothing waits for you.').waitFor();
    await page.getByRole('button', { name: /^Open/ }).click();
  });

  test(
    'killed, the app comes back, and ends the access when the clock is pushed to its end',
    { timeout: 90_000 },
    async () => {
      await page.getByRole('button', { name: 'Kill the app', exact: true }).click();
      await page.getByText('The app is down').waitFor();
      await page.getByText('The app is up').waitFor({ timeout: 60_000 });
      await page.getByRole('button', { name: /To the next deadline/ }).click();
      await page.locator('.standing-line').getByText('Ended').waitFor({ timeout: 60_000 });
      await until(() => running.sandbox.holdings().teams['production-access']?.length === 0);
      expect(running.sandbox.clock.offset).toBeGreaterThan(20 * 60_000);
    },
  );

  test('weather stays until it is calm again', async () => {
    await side('Trouble');
    const lost = page.getByRole('switch', { name: 'Webhooks are lost' });
    await lost.click();
    await page.locator('.cockpit').getByRole('button', { name: 'Webhooks are lost' }).waitFor();
    expect(await lost.getAttribute('aria-checked')).toBe('true');
    await page.locator('.cockpit').getByRole('button', { name: 'Calm again' }).click();
    await page.getByRole('button', { name: 'All is calm' }).waitFor();
    expect(running.sandbox.faults.list()).toEqual([]);
  });

  test('a forged line is found by the verifier, and put back', { timeout: 90_000 }, async () => {
    await side('Ledger');
    await page.getByText('Would anybody notice a forged line?').click();
    await page.getByRole('button', { name: 'Forge a line' }).click();
    await page.getByText('Max pushed a commit').waitFor();
    await page.getByRole('button', { name: 'Verify the ledger' }).click();
    await page.getByText('Something is wrong').waitFor({ timeout: 60_000 });
    const forged = forgeryOf(running.sandbox);
    expect(await page.locator('.verdict').innerText()).toContain(`${forged?.path}:${forged?.line}`);
    await page.getByRole('button', { name: 'Put it back' }).click();
    await page.getByRole('button', { name: 'Forge a line' }).waitFor();
  });

  test(
    'a flow is changed by pull request: its check fails at the line, passes once it is mended, and merged it is in force',
    { timeout: 90_000 },
    async () => {
      await page.getByRole('radio', { name: /Max Pereira/ }).click();
      await page.getByRole('button', { name: 'Flows', exact: true }).click();
      await page.getByRole('button', { name: /Misspell a key/ }).click();
      await page.getByRole('button', { name: 'Propose change as Max Pereira' }).click();
      const note = page.locator('.diff-line.added:has-text("requestors:") + .note.failure');
      await note.waitFor({ timeout: 30_000 });
      expect(await note.innerText()).toMatch(
        /unknown-key\s+There is no “requestors” here\. Did you mean “requesters”\?/,
      );

      await page.getByRole('button', { name: 'Edit flows/production-access.yml' }).click();
      await page.getByRole('button', { name: /^Line \d+$/ }).click();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Shift+Tab');
      const text = page.getByLabel('Text of the file');
      const mended = (await text.inputValue())
        .replace('requestors:', 'requesters:')
        .replace('label: Production access', 'label: Production for a while');
      await text.fill(mended);
      await page.getByRole('button', { name: 'Push to production-access as Max Pereira' }).click();
      // The forms ask by the label, so that they have to follow.
      await page.getByRole('button', { name: 'Regenerate forms' }).click({ timeout: 30_000 });
      await page.locator('.check-title', { hasText: 'nothing wrong' }).waitFor({ timeout: 30_000 });
      expect(await page.locator('.note').count()).toBe(0);

      await page.getByRole('button', { name: 'Merge', exact: true }).click();
      await page.getByText('Merged: it is in force.').waitFor();
      await page.getByRole('radio', { name: /Ann Ortega/ }).click();
      await page.getByRole('button', { name: 'New issue' }).click();
      await page.getByRole('link', { name: /Production for a while/ }).click();
      await page.getByLabel('Why do you need access?').fill('Backfill of order 4712');
      await page.getByRole('button', { name: 'Create as Ann Ortega' }).click();
      await page
        .locator('.post.by-bot', { hasText: 'Production for a while' })
        .first()
        .waitFor({ timeout: 30_000 });
    },
  );

  test(
    'a flow of one’s own: a pushed branch becomes a pull request, and a new file passes as it begins, with its scenarios',
    { timeout: 90_000 },
    async () => {
      await page.getByRole('radio', { name: /Max Pereira/ }).click();
      const odd = 'flows/unreasonably-long.yml';
      const files = { [odd]: 'label: Odd\nrequestors: []\n' };
      running.sandbox.as('max-p').pushFiles({ branch: 'odd', message: 'An odd flow', files });
      await page.getByRole('button', { name: 'Flows', exact: true }).click();
      const pushed = page.getByRole('form', { name: 'Branch odd' });
      expect(await pushed.getByRole('textbox').inputValue()).toBe('An odd flow');
      await pushed.getByRole('button', { name: 'Open a pull request' }).click();
      await page.getByRole('heading', { name: /^An odd flow/ }).waitFor();
      await page
        .getByRole('button', { name: 'Merge although the check failed' })
        .waitFor({ timeout: 30_000 });
      await page.getByText('github.com would refuse once the check is required').waitFor();
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await page.evaluate(linesOf('unreasonably')), 'lines of one word').toBe(1);
      await page.setViewportSize({ width: 1280, height: 900 });

      await page.getByRole('button', { name: 'Flows', exact: true }).click();
      await page.getByRole('button', { name: 'New file' }).click();
      await page.getByLabel('Its place').fill('flows/mine.test.yml');
      expect(await page.getByLabel('Text of the file').inputValue()).toContain('scenarios:');
      await page.getByLabel('Its place').fill('flows/mine.yml');
      expect(await page.getByLabel('Title of the pull request').inputValue()).toBe('Add mine.yml');
      expect(await page.getByLabel('New branch').inputValue()).toBe('mine');
      await page.getByLabel('New branch').fill('odd-2');
      await page.getByRole('button', { name: 'Propose change as Max Pereira' }).click();
      await page.getByRole('button', { name: 'Regenerate forms' }).click({ timeout: 30_000 });
      // Max decides on it, so that it says more than this.
      await page.getByText('nothing wrong. No scenarios.').waitFor({ timeout: 30_000 });

      await page.getByRole('button', { name: 'Add a file' }).click();
      expect(await page.getByLabel('Its place').inputValue()).toBe('flows/mine.test.yml');
      await page.getByRole('button', { name: 'Push to odd-2 as Max Pereira' }).click();
      await page.getByText(/nothing wrong\. 2 scenarios/).waitFor({ timeout: 30_000 });
      expect(await page.locator('.note').count()).toBe(0);
    },
  );

  test('the flows, their editor and a pull request are no wider than a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const places = {
      flows: '.examples',
      'flow/flows/people.yml': '.code',
      'edit/flows/people.yml': '.code-area',
      'add-flow': '[placeholder="flows/what-it-gives.yml"]',
      [pullRequest()]: '.files .file',
    };
    for (const [place, shown] of Object.entries(places)) {
      await page.evaluate(`location.hash = ${JSON.stringify(place)}`);
      await page.locator(shown).first().waitFor();
      // The middle scrolls by itself: what is too wide would not widen the page.
      const fits = await page.evaluate(
        '[document.documentElement, document.getElementById("thread")].every((one) => one.scrollWidth <= window.innerWidth)',
      );
      expect(fits, place).toBe(true);
    }
  });

  test('who may not read the desk finds nothing, and somebody else finds it again', async () => {
    await page.getByRole('radio', { name: /Mallory/ }).click();
    await page.getByRole('heading', { name: '404' }).waitFor();
    for (const place of [pullRequest(), 'flows', 'issue-1']) {
      await page.evaluate(`location.hash = ${JSON.stringify(place)}`);
      expect(await page.locator('#thread, #issues').filter({ visible: true }).count(), place).toBe(0);
    }
    await page.getByRole('button', { name: 'Act as Ann' }).click();
    await page.locator('.thread-head').waitFor();
  });

  test('nothing is wider than a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const panes = await page.locator('#panes button').all();
    for (const pane of panes) {
      await pane.click();
      const fits = await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth');
      expect(fits, await pane.innerText()).toBe(true);
    }
  });

  test('every control says what it is, and the console holds no complaint', async () => {
    const nameless =
      await page.evaluate(`[...document.querySelectorAll('button, a, input, select, textarea, summary')]
        .filter((one) => !(one.innerText || one.getAttribute('aria-label') || one.labels?.length || one.textContent.trim()))
        .map((one) => one.outerHTML)`);
    expect(nameless).toEqual([]);
    expect(wrong).toEqual([]);
  });

  test('nobody sees it without the token of the printed address', async () => {
    const { url } = running.sandbox;
    for (const path of ['/', '/_sandbox/view', '/_sandbox/environment'])
      expect((await fetch(new URL(path, url))).status, path).toBeGreaterThanOrEqual(400);
  });
});
