// Takes the pictures of the documents anew, of the real page in a headless browser: node --import tsx sandbox/pictures.ts
// Chromium is at CHROMIUM or /usr/bin/chromium; without a font of emoji the card's marks are boxes.
import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { runSandbox, type RunningSandbox } from './main.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const pictures = join(root, 'docs/images');
const patienceMs = 30_000;

const folder = await mkdtemp(join(tmpdir(), 'countersign-pictures-'));
const running = await runSandbox({
  // Beside a sandbox that may be running.
  port: 8742,
  appPort: 8743,
  appCommand: [process.execPath, '--import', 'tsx', join(root, 'src/main.ts')],
  seedFolder: join(root, 'flows'),
  issueTemplateFolder: join(root, '.github/ISSUE_TEMPLATE'),
  folder,
  environment: { LOG_LEVEL: 'error' },
  print: () => undefined,
});
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
});
try {
  mkdirSync(pictures, { recursive: true });
  const issue = await walk(running);
  const wide = await open({ width: 1440, height: 1000 }, running, issue);
  await wide.locator('.side .tabs').getByRole('button', { name: 'Ledger' }).click();
  await take(wide, 'sandbox.png');
  await take(await open({ width: 390, height: 844 }, running, issue), 'sandbox-phone.png');
} finally {
  await browser.close();
  await running.stop();
  await rm(folder, { recursive: true });
}
process.exit();

/** One request that has ended and one that is active; the number of the second. */
async function walk({ sandbox }: RunningSandbox): Promise<number> {
  const [ann, bob, dora] = [sandbox.as('ann-o'), sandbox.as('bob-l'), sandbox.as('dora-k')];
  const vault = ann.submitForm('vault.yml', {
    Flow: 'vault',
    Target: 'customer-keys',
    Duration: '15m',
    'Customer number': 'C104711',
    'What do you need the keys for?': 'Restore the export that failed last night',
  });
  await sandbox.settled();
  await pause();
  bob.comment(vault.number, '/approve');
  await pause();
  dora.comment(vault.number, '/deny please ask the customer first');
  await pause();
  const access = ann.submitForm('production-access.yml', {
    Flow: 'production-access',
    Target: 'production',
    Duration: '30m',
    'Why do you need access?': 'Backfill of order 4711',
    Urgency: 'Normal',
  });
  await pause();
  bob.comment(access.number, '/approve looks right');
  const end = Date.now() + patienceMs;
  while (!sandbox.holdings().teams['production-access']?.includes('ann-o')) {
    if (Date.now() > end) throw new Error('The access did not come.');
    await pause();
  }
  await pause();
  return access.number;
}

/** The issue on the page, with the card in sight. */
async function open(
  viewport: { readonly width: number; readonly height: number },
  { sandbox }: RunningSandbox,
  issue: number,
): Promise<Page> {
  const page = await browser.newPage({ viewport });
  await page.goto(`${sandbox.pageUrl}#issue-${issue}`);
  const card = page.getByRole('heading', { name: 'Access is there' });
  await card.waitFor();
  await card.evaluate((heading) => heading.closest('.post')?.scrollIntoView({ block: 'start' }));
  return page;
}

async function take(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(pictures, name) });
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1500));
}
