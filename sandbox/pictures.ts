// Takes the pictures of the documents anew, of the real page in a headless browser: node --import tsx sandbox/pictures.ts
// Chromium is at CHROMIUM or /usr/bin/chromium; without a font of emoji the card's marks are boxes. It takes a few minutes.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { runThrowaway } from './throwaway.ts';

const pictures = fileURLToPath(new URL('../docs/images', import.meta.url));
const patienceMs = 60_000;
const desktop = { viewport: { width: 1440, height: 900 } };
/** Two dots for one: pieces of the page are shown smaller than the page. */
const piece = { viewport: { width: 1180, height: 1000 }, deviceScaleFactor: 1.5 };
const phone = { viewport: { width: 390, height: 844 } };

const running = await runThrowaway('fatal', { past: true });
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
});
try {
  await running.past;
  mkdirSync(pictures, { recursive: true });
  await take(browser);
} finally {
  await browser.close();
  await running.stop();
}
process.exit();

async function take(browser: Browser): Promise<void> {
  const wide = await open(browser, desktop);
  await wide.locator('.standing-line').getByText('It waits for').waitFor();
  await wide.locator('#slack .message').first().waitFor();
  await keep(wide, 'sandbox.png');
  await slackPictures(browser);

  await wide.getByRole('radio', { name: /Bob Lindqvist/ }).click();
  await say(wide, '/why');
  await wide.getByText('This is why').waitFor();
  await say(wide, '/approve looks right');
  await wide.getByRole('heading', { name: 'Access is there' }).waitFor();

  const close = await open(browser, piece);
  await close.getByRole('button', { name: 'GitHub', exact: true }).click();
  const posts = close.locator('.post.by-bot .box');
  await keep(posts.filter({ hasText: 'Access is there' }).first(), 'card.png');
  await keep(posts.filter({ hasText: 'This is why' }), 'why.png');
  await close.locator('.side .tabs').getByRole('button', { name: 'Ledger' }).click();
  await close.getByText('Would anybody notice a forged line?').click();
  await close.getByRole('button', { name: 'Forge a line' }).click();
  await close.getByText('Max pushed a commit').waitFor();
  await close.getByRole('button', { name: 'Verify the ledger' }).click();
  await close.getByText('Something is wrong').waitFor();
  // Down to its first finding: what to do, which follows, is long.
  const box = await close.locator('.forgery').boundingBox();
  const finding = await close.locator('.verdict pre').first().boundingBox();
  if (!box || !finding) throw new Error('The verifier’s finding is not in sight.');
  const clip = { ...box, height: finding.y + finding.height + 10 - box.y };
  await close.screenshot({ path: join(pictures, 'forged.png'), animations: 'disabled', clip });
  await close.getByRole('button', { name: 'Put it back' }).click();
  await close.getByRole('button', { name: 'Forge a line' }).waitFor();

  const small = await open(browser, phone);
  await small.locator('#panes').getByRole('button', { name: 'Issue', exact: true }).click();
  const card = small.getByRole('heading', { name: 'Access is there' });
  await card.evaluate((heading) => heading.closest('.post')?.scrollIntoView({ block: 'start' }));
  await keep(small, 'sandbox-phone.png');

  await flowCheck(browser);
}

/** A slip in a flow, proposed by Max: the check and the line. */
async function flowCheck(browser: Browser): Promise<void> {
  const page = await open(browser, { viewport: { width: 1480, height: 1500 }, deviceScaleFactor: 1.25 });
  await page.getByRole('button', { name: 'GitHub', exact: true }).click();
  await page.getByRole('radio', { name: /Max Pereira/ }).click();
  await page.getByRole('button', { name: 'Flows', exact: true }).click();
  await page.getByRole('button', { name: /Misspell a key/ }).click();
  await page.getByRole('button', { name: /Propose change/ }).click();
  await page.locator('.note').first().waitFor();
  const head = await page.locator('.thread-head').boundingBox();
  const file = await page.locator('.file').first().boundingBox();
  if (!head || !file) throw new Error('The pull request is not in sight.');
  const clip = {
    x: head.x - 10,
    y: head.y - 10,
    width: head.width + 20,
    height: file.y + file.height + 20 - head.y,
  };
  await page.screenshot({ path: join(pictures, 'check.png'), animations: 'disabled', clip });
  await page.getByRole('radio', { name: /Ann Ortega/ }).click();
}

/** What Ann asked for waits: in both halves, as Bob sees it; his Home; and the form with which she asks for more. */
async function slackPictures(browser: Browser): Promise<void> {
  const page = await open(browser, { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1.5 });
  const slack = page.locator('#slack');
  const visit = (name: RegExp): Promise<void> =>
    slack.locator('.slack-places').getByRole('button', { name }).click();
  await page.getByRole('radio', { name: /Bob Lindqvist/ }).click();
  await visit(/^data-access/);
  await slack.locator('.message').last().getByRole('button', { name: 'Approve' }).waitFor();
  await page.getByRole('button', { name: 'Close what to try' }).click();
  await page.mouse.move(700, 60);
  // From the issue to the end of Slack: the list beside it is of no interest here.
  const issue = await page.locator('#thread').boundingBox();
  if (!issue) throw new Error('The issue is not in sight.');
  const clip = { x: issue.x, y: issue.y, width: 1440 - issue.x, height: 900 - issue.y };
  await page.screenshot({ path: join(pictures, 'both-doors.png'), animations: 'disabled', clip });

  await visit(/^Countersign/);
  await slack.locator('.slack-head').getByRole('button', { name: 'Home' }).click();
  await slack.getByText('Waiting for you').waitFor();
  const home = await slack.boundingBox();
  if (!home) throw new Error('The Home is not in sight.');
  const upper = { ...home, height: 330 };
  await page.screenshot({ path: join(pictures, 'slack-home.png'), animations: 'disabled', clip: upper });

  await page.getByRole('radio', { name: /Ann Ortega/ }).click();
  await visit(/^general/);
  await slack.getByLabel('Message #general').fill('/access production-access');
  await page.keyboard.press('Enter');
  const form = slack.getByRole('dialog', { name: 'Production access' });
  await form.getByRole('button', { name: 'Ask', exact: true }).click();
  await form.getByText('Please complete').waitFor();
  await keep(form, 'slack-form.png');
  await form.getByRole('button', { name: 'Cancel' }).click();
  await page.close();
}

async function open(browser: Browser, options: Parameters<Browser['newPage']>[0]): Promise<Page> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(patienceMs);
  await page.goto(running.sandbox.pageUrl);
  await page.locator('.issue-row').first().waitFor();
  return page;
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel('Comment', { exact: true }).fill(text);
  await page.keyboard.press('Control+Enter');
}

/** Without the ring around what has just arrived. */
async function keep(what: Page | Locator, name: string): Promise<void> {
  await what.screenshot({ path: join(pictures, name), animations: 'disabled', caret: 'hide' });
}
