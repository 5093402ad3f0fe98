// The commands of the operator as processes: how they end, what a program reads of them, and what a wrong call is told.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { builtCli } from '../../../test/built.ts';

let folder: string;
let program: string;
let cli: readonly string[];
beforeAll(async () => void ([program = '', ...cli] = await builtCli()));
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'countersign-cli-'))));
afterEach(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function run(...args: readonly string[]): Promise<Ended> {
  const child = spawn(program, [...cli, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] },
  });
  const texts = { out: '', err: '' };
  child.stdout.on('data', (part: Buffer) => (texts.out += part.toString()));
  child.stderr.on('data', (part: Buffer) => (texts.err += part.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...texts })));
}

test('doctor reads .env, and ends with 1 where something is not well', async () => {
  writeFileSync(join(folder, '.env'), 'GHE_HOST=127.0.0.1:1\nWEBHOOK_SECRET="VALUE-OF-A-SECRET"\n');
  const { code, out } = await run('doctor', '--json');
  expect(code).toBe(1);
  const report: unknown = JSON.parse(out);
  expect(report).toMatchObject({
    ok: false,
    checks: expect.arrayContaining([
      expect.objectContaining({ number: '5.1', mark: 'failure', says: 'APP_ID is not set' }),
      expect.objectContaining({ number: '5.2', says: 'GHE_HOST, WEBHOOK_SECRET' }),
    ]),
  });
  expect(out).not.toContain('VALUE');
  const text = await run('doctor');
  expect([text.code, text.out]).toEqual([1, expect.stringContaining('✗ 5.1  Settings: APP_ID is not set')]);
});

test.each([
  ['doctor', '--jsno'],
  ['setup', '--prot', '1'],
  ['setup', '--port', 'http'],
])('%s %s is called wrongly', async (...args) => {
  const { code, err } = await run(...args);
  expect(code).toBe(2);
  expect(err).toContain('and nothing else');
});

test('setup says where its page is, and ends when it is interrupted', async () => {
  const child = spawn(program, [...cli, 'setup'], {
    cwd: folder,
    env: { PATH: process.env['PATH'] },
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const address = await new Promise<string>((resolve) => {
    let text = '';
    child.stdout.on('data', (part: Buffer) => {
      text += part.toString();
      const [, url] = /Setup\s+(\S+)\n/.exec(text) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
  expect((await fetch(address)).status).toBe(401);
  child.kill('SIGINT');
  expect(await ended).toBe(0);
});
