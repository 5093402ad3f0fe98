import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { noon } from '../../test/builders/request.ts';
import { ledgerContract, type LedgerWorld } from '../../test/contracts/ledger.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { Clock } from '../engine/ports/clock.ts';
import { createGitLedger } from './git-ledger.ts';
import { createGit, type Git } from './git-process.ts';

const branch = 'countersign/ledger';
const author = { name: 'countersign[bot]', email: 'bot@example.com' };
const clock: Clock = { now: () => noon, sleep: () => Promise.resolve() };

const folders: string[] = [];
function repository(...kind: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  execFileSync('git', ['init', '--quiet', ...kind, folder]);
  folders.push(folder);
  return folder;
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const inRepository = (kind: readonly string[]) => async (): Promise<LedgerWorld> => {
  const folder = repository(...kind);
  const real = createGit(folder);
  let isLosing = false;
  const git: Git = async (args, input) => {
    const answer = await real(args, input);
    if (isLosing && args[0] === 'update-ref') {
      isLosing = false;
      throw new Failure('Git was ended by SIGKILL.', { transient: true });
    }
    return answer;
  };
  return {
    ledger: createGitLedger({ folder, branch, author, clock, git }),
    folder,
    branch,
    loseNextAnswer: () => {
      isLosing = true;
    },
    close: () => Promise.resolve(),
  };
};

ledgerContract('the ledger in a bare Git repository', inRepository(['--bare']));

describe('the ledger in a local Git repository', () => {
  const ledgerIn = (folder: string): ReturnType<typeof createGitLedger> =>
    createGitLedger({ folder, branch, author, clock });

  test('may be one with a working tree, which it leaves alone', async () => {
    const folder = repository();
    const head = await ledgerIn(folder).begin();
    const git = (...args: readonly string[]): string =>
      execFileSync('git', ['-C', folder, ...args])
        .toString()
        .trim();
    expect(git('rev-parse', branch)).toBe(head);
    expect(git('status', '--porcelain')).toBe('');
  });

  test('is written by its author, at the time of the clock', async () => {
    const folder = repository('--bare');
    await ledgerIn(folder).begin();
    const who = execFileSync('git', ['-C', folder, 'log', '-1', '--format=%an|%ae|%at|%cn|%ct', branch]);
    const at = Date.parse(noon) / 1000;
    expect(who.toString().trim()).toBe(`${author.name}|${author.email}|${at}|${author.name}|${at}`);
  });

  test('does not care what the user, the environment or a hook would have Git do', async () => {
    const folder = repository('--bare');
    await mkdir(join(folder, 'hooks'), { recursive: true });
    writeFileSync(join(folder, 'hooks/reference-transaction'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    for (const name of ['GIT_DIR', 'GIT_INDEX_FILE', 'GIT_CONFIG_GLOBAL', 'GIT_AUTHOR_DATE'])
      vi.stubEnv(name, '/nonexistent');
    const head = await ledgerIn(folder).begin();
    vi.unstubAllEnvs();
    expect(await ledgerIn(folder).head()).toBe(head);
  });

  test('is not looked for in the repository around a folder that is none', async () => {
    const folder = join(repository(), 'inside');
    await mkdir(folder);
    await expect(ledgerIn(folder).head()).rejects.toMatchObject({
      transient: false,
      message: expect.stringContaining('not a git repository'),
    });
  });

  test('fails for now where another process holds the branch', async () => {
    const folder = repository('--bare');
    const ledger = ledgerIn(folder);
    const head = await ledger.begin();
    writeFileSync(join(folder, `refs/heads/${branch}.lock`), '');
    const commit = { batch: 'B1', subject: 'x', body: [], trailers: [], files: [] };
    await expect(ledger.append(commit, head)).rejects.toMatchObject({ transient: true });
    rmSync(join(folder, `refs/heads/${branch}.lock`));
    await expect(ledger.append(commit, head)).resolves.toHaveProperty('head');
  });

  test('fails for good where there is no such commit to read', async () => {
    const ledger = ledgerIn(repository('--bare'));
    const reading = ledger.read('0123456789'.repeat(4))[Symbol.asyncIterator]().next();
    await expect(reading).rejects.toMatchObject({ transient: false });
  });

  test('appends with three short processes, however many files there are', async () => {
    const folder = repository('--bare');
    const run = createGit(folder);
    const ran: (string | undefined)[] = [];
    const git: Git = (args, input) => {
      ran.push(args[0]);
      return run(args, input);
    };
    const ledger = createGitLedger({ folder, branch, author, clock, git });
    const head = await ledger.begin();
    const files = [1, 2, 3].map((id) => ({ path: `requests/2026/11/20/${id}.jsonl`, content: '{}\n' }));
    ran.length = 0;
    await ledger.append({ batch: 'B1', subject: 'x', body: [], trailers: [], files }, head);
    expect(ran).toEqual(['rev-parse', 'fast-import', 'update-ref']);
  });
});
