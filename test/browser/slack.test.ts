import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningSandbox } from '../../sandbox/main.ts';
import { runBuilt } from '../built-sandbox.ts';
import { isMissing, launch } from './chromium.ts';

const patience = { timeout: 30_000 };

describe.skipIf(isMissing)('Slack on the page of the sandbox, with the real app', () => {
  let running: RunningSandbox;
  let browser: Browser;
  let page: Page;
  let slack: Locator;
  let github: Locator;
  const wrong: string[] = [];

  beforeAll(async () => {
    running = await runBuilt('error');
    browser = await launch();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(15_000);
    page.on('console', (said) => {
      if (said.type() === 'error' || said.type() === 'warning') wrong.push(said.text());
    });
    page.on('pageerror', (error) => wrong.push(error.message));
    await page.goto(running.sandbox.pageUrl);
    slack = page.locator('#slack');
    github = page.locator('#thread');
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await running.stop();
  });

  const be = async (name: RegExp): Promise<void> => {
    await page.getByRole('radio', { name }).click();
    const [first = ''] = name.source.split(' ');
    await slack.locator('.slack-places header', { hasText: first }).waitFor();
  };
  const visit = (name: RegExp): Promise<void> =>
    slack.locator('.slack-places').getByRole('button', { name }).click();
  const places = (): Promise<string[]> => slack.locator('.slack-places .place-name').allInnerTexts();
  const type = async (text: string): Promise<void> => {
    await slack.getByLabel(/^Message /).fill(text);
    await page.keyboard.press('Enter');
  };
  const cards = (text: string): Locator => slack.locator('.message', { hasText: text });

  test(
    'Ann asks by /access, is told what is missing at its field, and finds her card in both halves',
    { timeout: 90_000 },
    async () => {
      await visit(/^general/);
      await type('/access production-access');
      const form = slack.getByRole('dialog', { name: 'Production access' });
      await form.getByRole('button', { name: 'Ask', exact: true }).click(patience);
      await form.getByText('Please complete this required field.').waitFor();
      // What one answer asks for besides; and what was typed before stays.
      await form.getByLabel('Why do you need access?').fill('Backfill of order 4711');
      await form.getByLabel('Emergency').check();
      await form.getByText('Which incident is it?').waitFor();
      await form.getByLabel('Normal').check();
      await form.getByText('Which incident is it?').waitFor({ state: 'detached' });
      expect(await form.getByLabel('Why do you need access?').inputValue()).toBe('Backfill of order 4711');
      await form.getByRole('button', { name: 'Ask', exact: true }).click();
      await form.waitFor({ state: 'detached', ...patience });
      await visit(/^Countersign, unread/);
      await cards('Waiting for approval: Production for 30m').waitFor(patience);
      await github.getByText('Waiting for approval: Production for 30m').waitFor(patience);
    },
  );

  test(
    'Bob approves it on Slack once he has said that he means it, and the issue follows',
    { timeout: 90_000 },
    async () => {
      await be(/Bob Lindqvist/);
      await visit(/^data-access, unread/);
      const approve = cards('Backfill of order 4711').getByRole('button', { name: 'Approve' });
      await approve.click();
      await slack.getByRole('alertdialog', { name: 'Approve this?' }).getByText('Not now').click();
      expect(running.sandbox.holdings().teams['production-access']).toEqual([]);
      await approve.click();
      await slack.getByRole('alertdialog').getByRole('button', { name: 'Approve' }).click();
      await cards('Access is there').getByRole('button', { name: 'Revoke' }).waitFor(patience);
      await page.evaluate("location.hash = 'new'");
      await cards('Access is there').getByRole('link', { name: 'Issue 1 on GitHub' }).click(patience);
      await github.getByText('Access is there').first().waitFor(patience);
      expect(running.sandbox.holdings().teams['production-access']).toEqual(['ann-o']);
    },
  );

  test('the Home of the app shows what Ann has, and its list asks for the rest', async () => {
    await be(/Ann Ortega/);
    await slack.locator('.slack-head').getByRole('button', { name: 'Home' }).click();
    await slack
      .locator('.slack-home', { hasText: 'Your access' })
      .getByText('Production')
      .first()
      .waitFor(patience);
    await slack.getByRole('button', { name: 'Ask for access' }).click();
    const list = slack.getByRole('dialog', { name: 'Ask for access' });
    await list.getByText('Customer vault').waitFor(patience);
    await page.keyboard.press('Escape');
    await list.getByRole('button', { name: 'Cancel' }).click();
    await list.waitFor({ state: 'detached' });
  });

  test('an answer to a command is for one person alone, and a thread is beside the channel', async () => {
    await visit(/^general/);
    await type('/access help');
    await cards('Only visible to you').getByText('/access status').waitFor(patience);
    await type('Who looks at the <replica> with me?');
    await cards('Who looks at the <replica>').hover();
    await cards('Who looks at the <replica>').getByLabel('More of this message').click();
    await slack.getByRole('button', { name: 'Reply in thread' }).click();
    await slack.getByLabel('Reply', { exact: true }).fill('I can');
    await page.keyboard.press('Enter');
    await slack.locator('.slack-thread').getByText('I can').waitFor();
    await slack.getByRole('button', { name: 'Close the thread' }).click();
    await be(/Bob Lindqvist/);
    await visit(/^general/);
    await cards('Who looks at the <replica>').getByText('1 reply').waitFor();
    expect(await cards('Only visible to you').count()).toBe(0);
  });

  test('a guest sees only their channel and has no commands, a customer what is shared with them', async () => {
    await be(/Gil Moreau/);
    expect(await places()).toEqual(['access', 'Countersign']);
    await page.getByRole('heading', { name: 'Not on GitHub' }).waitFor();
    await type('/access production-access');
    await slack.getByText('Guests of a single channel cannot use slash commands.').waitFor();
    await be(/Cleo Duarte/);
    expect(await places()).toEqual(['ext-customer']);
    await page.getByRole('radio', { name: /Mallory/ }).click();
    await slack.getByRole('heading', { name: 'Mallory is not on this Slack' }).waitFor();
  });

  test(
    'while Slack is down it says so, GitHub goes on, and the card catches up',
    { timeout: 90_000 },
    async () => {
      await be(/Ann Ortega/);
      await page.getByRole('button', { name: 'Look behind' }).click();
      await page.locator('.side .tabs').getByRole('button', { name: 'Trouble' }).click();
      await page.getByRole('switch', { name: 'Slack is down: 503' }).click();
      await page.getByRole('button', { name: 'Look behind' }).click();
      await slack.getByRole('status').getByText('Slack is down.').waitFor();
      await type('/access');
      await slack.getByText('Slack is having trouble. Try again in a moment.').waitFor();
      await page.getByLabel('Comment', { exact: true }).fill('/revoke done');
      await page.keyboard.press('Control+Enter');
      await expect.poll(() => running.sandbox.holdings().teams['production-access'], patience).toEqual([]);
      await page.locator('.cockpit').getByRole('button', { name: 'Calm again' }).click();
      await visit(/^Countersign/);
      await slack.locator('.slack-head').getByRole('button', { name: 'Messages' }).click();
      await cards('Ended early: Production for 30m').first().waitFor({ timeout: 60_000 });
    },
  );

  test('each half can be in front, and at the width of a phone nothing is wider than it', async () => {
    await page.getByRole('button', { name: 'GitHub', exact: true }).click();
    expect(await slack.isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Slack', exact: true }).click();
    expect([await slack.isVisible(), await github.isVisible()]).toEqual([true, false]);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.locator('#panes').getByRole('button', { name: 'Slack' }).click();
    const fits =
      'document.documentElement.scrollWidth <= innerWidth && [...document.querySelectorAll("#slack, .slack-main, .slack-messages")].every((one) => one.scrollWidth <= innerWidth)';
    expect(await page.evaluate(fits)).toBe(true);
    await slack.getByRole('button', { name: 'All channels' }).click();
    await visit(/^general/);
    await slack.getByLabel('Message #general').waitFor();
    expect(await page.evaluate(fits)).toBe(true);
  });

  test('every control says what it is, and the console holds no complaint', async () => {
    const nameless =
      await page.evaluate(`[...document.querySelectorAll('#slack :is(button, a, input, select, textarea, summary)')]
        .filter((one) => !(one.textContent.trim() || one.getAttribute('aria-label') || one.labels?.length))
        .map((one) => one.outerHTML)`);
    expect(nameless).toEqual([]);
    expect(wrong).toEqual([]);
  });
});
