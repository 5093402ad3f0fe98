// The browser that tests look at pages with: Debian's Chromium, or what CHROMIUM names.
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const candidates = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/usr/bin/chromium-browser',
];
const executablePath = candidates.find((path) => path !== undefined && existsSync(path));

/** Where it is missing, what needs it is skipped, loudly and counted. */
export const isMissing = executablePath === undefined;

export function launch(): Promise<Browser> {
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
  ];
  return chromium.launch({ ...(executablePath !== undefined && { executablePath }), args });
}
