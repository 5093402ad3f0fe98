// docs/code.md: its examples run as they stand there, and its tables are those of the code.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { problemKinds } from '../src/hooks/code-problem.ts';
import { httpTimeoutMs } from '../src/hooks/http-call.ts';
import { usualLimits } from '../src/hooks/limits.ts';
import { codeUnderTest, exampleEvents, type CodeUnderTest } from '../src/hooks/testing.ts';

const page = readFileSync('docs/code.md', 'utf8');
const [hook = '', answer = '', strategy = '', trial = ''] = [...page.matchAll(/```ts\n(.*?)```/gs)].map(
  ([, code = '']) => code,
);

let code: CodeUnderTest;
const seats = new Set<string>();
beforeAll(() => {
  const http = (args: unknown) => {
    const { method = 'GET', path = '' } = JSON.parse(JSON.stringify(args));
    const had = seats.has(path);
    if (method === 'PUT') seats.add(path);
    if (method === 'DELETE') seats.delete(path);
    return { status: had || method === 'PUT' ? 200 : 404 };
  };
  code = codeUnderTest({
    files: { 'deploy.ts': hook, 'answer.ts': answer, 'seats.ts': strategy },
    outside: { http },
  });
});
afterAll(() => code.stop());

test('the examples are as the check wants them', async () => {
  expect(await code.check()).toEqual([]);
});

test('the answer of the example is open on all days but one', async () => {
  const asked = (at: string) => code.run('answer.ts', 'available', { ...exampleEvents.prompt, at });
  expect(await asked('2026-11-19T09:00:00.000Z')).toBe(true);
  expect(await asked('2026-11-20T09:00:00.000Z')).toEqual({ why: 'Nothing is deployed on a Friday.' });
});

test('the strategy of the example gives and takes back', async () => {
  const call = {
    settings: { product: 'cad' },
    integration: {},
    account: 'ann@acme.com',
    resource: 'seats/cad',
  };
  const set = { purpose: 'escalate', request: '01JD', sealed: {} };
  expect(await code.run('seats.ts', 'strategy.describe')).toEqual({
    order: ['none', 'seat'],
    identifies: true,
    seals: false,
  });
  expect(await code.run('seats.ts', 'strategy.resource', call)).toEqual({ resource: 'seats/cad' });
  expect(await code.run('seats.ts', 'strategy.read', call)).toEqual({ holds: 'none' });
  await code.run('seats.ts', 'strategy.set', { ...call, ...set, holding: 'seat' });
  expect(await code.run('seats.ts', 'strategy.read', call)).toEqual({ holds: 'seat' });
  await code.run('seats.ts', 'strategy.set', { ...call, ...set, holding: 'none' });
  await code.run('seats.ts', 'strategy.set', { ...call, ...set, holding: 'none' });
  expect(await code.run('seats.ts', 'strategy.read', call)).toEqual({ holds: 'none' });
});

test('the test of the example passes as it stands', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-page-'));
  try {
    mkdirSync(join(folder, 'flows'));
    writeFileSync(join(folder, 'flows/deploy.ts'), hook);
    const testing = pathToFileURL(resolve('src/hooks/testing.ts')).href;
    writeFileSync(join(folder, 'trial.mts'), trial.replace('countersign/sdk/testing', testing));
    const tsx = pathToFileURL(resolve('node_modules/tsx/dist/loader.mjs')).href;
    await promisify(execFile)(process.execPath, ['--import', tsx, 'trial.mts'], { cwd: folder });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the limits are those of the code', () => {
  const rows = [...page.matchAll(/^\| [^|]+ \| (\d+) +\| `(\w+)` +\|$/gm)].map(([, value, name = '']) => [
    name,
    Number(value),
  ]);
  expect(Object.fromEntries(rows)).toEqual(usualLimits);
});

test('the kinds of failure are those of the code', () => {
  const [, section = ''] = page.split('## When it fails');
  const rows = [...(section.split('## ')[0] ?? '').matchAll(/^\| `([a-z-]+)` +\| (.+?) +\|$/gm)].map(
    ([, kind = '', means]) => [kind, means],
  );
  expect(Object.fromEntries(rows)).toEqual(problemKinds);
});

test('the numbers that the SDK tells its authors are the limits', () => {
  const outside = readFileSync('src/sdk/outside.ts', 'utf8').replaceAll(/\s+\*? ?/g, ' ');
  const { outsideCalls, logLines, logLength, outsideAnswerLength } = usualLimits;
  expect(outside).toContain(`At most ${outsideCalls} calls may be made in one run of a hook`);
  expect(outside).toContain(`at most ${logLines} lines a call, of ${logLength} characters each`);
  expect(outside).toContain(`Answers beyond ${outsideAnswerLength / 1024} KB throw`);
  expect(outside).toContain('does not come within ten seconds');
  expect(httpTimeoutMs).toBe(10_000);
});
