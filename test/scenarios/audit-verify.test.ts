// A request walks through the real app in a sandbox; then anybody with Git verifies what is left of it.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningSandbox } from '../../sandbox/main.ts';
import { auditVerify } from '../../src/app/cli/audit-verify.ts';
import { runBuilt } from '../built-sandbox.ts';
import { until } from '../process/until.ts';

const run = promisify(execFile);
const branch = 'countersign/ledger';
let running: RunningSandbox;
let folder: string;
let keys: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'audit-verify-'));
  running = await runBuilt('fatal');
  const { sandbox } = running;
  const { number } = sandbox.as('ann-o').submitForm('production-access.yml', {
    Flow: 'production-access',
    Target: 'production',
    Duration: '30m',
    'Why do you need access?': 'Backfill of order 4711',
    Urgency: 'Normal',
  });
  await until('the request', () => subjects().some((subject) => subject.includes('requested')));
  sandbox.as('bob-l').comment(number, '/approve looks right');
  await until('the access', () => sandbox.holdings().teams['production-access']?.includes('ann-o') ?? false);
  await until('the entry', () => subjects().some((subject) => /has access|escalated|granted/.test(subject)));
  await sandbox.settled();
  keys = join(folder, 'web-flow.gpg');
  const served = await fetch(`${sandbox.url}/web-flow.gpg`);
  writeFileSync(keys, await served.text());
}, 60_000);
afterAll(async () => {
  await running.stop();
  rmSync(folder, { recursive: true, force: true });
});

const subjects = (): readonly string[] =>
  running.sandbox.ledgerLog().map(({ message }) => message.split('\n')[0] ?? '');
/** The sandbox that answers is in this process: it must not stand still meanwhile. */
const git = async (...args: readonly string[]): Promise<string> =>
  (await run('git', ['-c', 'user.name=Max', '-c', 'user.email=max@acme.com', ...args])).stdout;

async function clone(): Promise<string> {
  const place = mkdtempSync(join(folder, 'clone-'));
  await git('clone', '--quiet', '--branch', branch, `${running.sandbox.url}/acme/access.git`, place);
  return place;
}

async function verified(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly out: string }> {
  let out = '';
  const say = (line: string): void => void (out += `${line}\n`);
  return { code: await auditVerify.run(args, { out: say, err: say }), out };
}

test('it is consistent; with the public key it is signed; what somebody pushes is named', async () => {
  const place = await clone();
  expect(await verified(place)).toMatchObject({
    code: 0,
    out: expect.stringContaining('Consistent: it holds.'),
  });
  expect(await verified(place, '--keys', keys, '--app', 'countersign')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Signed: it holds\.\n[^]*are signed with the keys given/),
  });

  const path = (await git('-C', place, 'ls-files', 'requests')).trim();
  const lines = (await git('-C', place, 'show', `HEAD:${path}`)).split('\n');
  const entry: { id?: string } = JSON.parse(lines[1] ?? '');
  lines[1] = (lines[1] ?? '').replace(/"at":"(\d{4})/, '"at":"2019');
  writeFileSync(join(place, path), lines.join('\n'));
  await git('-C', place, 'commit', '--quiet', '-am', 'Tidy up\n\nCountersign-Batch: 01ZZ');
  running.sandbox.world.dropRulesets();
  const remote = running.sandbox.url.replace('//', '//max-p:x@');
  await git('-C', place, 'push', '--quiet', `${remote}/acme/access.git`, `HEAD:${branch}`);

  const { code, out } = await verified(await clone(), '--keys', keys);
  expect(code).toBe(1);
  expect(out).toContain(`${path}:2  entry ${entry.id}`);
  expect(out).toContain('Line 2 is no longer what it was.');
  expect(out).toContain('It touches entries, and is not signed. (unsigned)');
  expect(out).toContain('by Max <max@acme.com>:');
}, 60_000);
