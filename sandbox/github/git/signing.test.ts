import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMessage, readKey, readSignature, verify } from 'openpgp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleWorld } from '../../sample-world.ts';
import { startSandbox, type Sandbox } from '../../server.ts';
import { commitOnBranch } from '../actions/branches.ts';
import type { RepositoryRow } from '../rows.ts';
import { encodeCommit, type Commit } from './codec.ts';
import { verificationOf } from './signing.ts';

let folder: string;
let sandbox: Sandbox;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signing-'));
  sandbox = await startSandbox({ port: 0, folder, world: sampleWorld });
});
afterEach(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

const desk = (): RepositoryRow => {
  const row = sandbox.github.repository('acme', 'access');
  if (!row) throw new Error('The world has no desk.');
  return row;
};

async function committed(text: string): Promise<Commit> {
  const { github } = sandbox;
  const [app] = github.state.apps.all();
  if (!app) throw new Error('The world has no app.');
  const branch = 'countersign/ledger';
  const sha = await commitOnBranch(github, github.botOf(app), desk(), {
    branch,
    message: 'Said',
    files: new Map([['notes.md', Buffer.from(text)]]),
    expectedHead: github.git(desk()).readRef(`refs/heads/${branch}`) ?? null,
  });
  return commitNamed(sha ?? '');
}

function commitNamed(sha: string): Commit {
  const commit = sandbox.github.git(desk()).commit(sha);
  if (!commit) throw new Error(`There is no commit ${sha}.`);
  return commit;
}

async function isByWebFlow({ signature }: Commit): Promise<boolean> {
  const answer = await fetch(`${sandbox.url}/web-flow.gpg`);
  const { signatures } = await verify({
    message: await createMessage({ binary: Buffer.from(signature?.payload ?? '') }),
    signature: await readSignature({ armoredSignature: signature?.armor ?? '' }),
    verificationKeys: await readKey({ armoredKey: await answer.text() }),
  });
  return signatures[0]?.verified.then(() => true).catch(() => false) ?? false;
}

test('a commit through the API carries a signature that the served key verifies', async () => {
  const commit = await committed('one');
  expect(await isByWebFlow(commit)).toBe(true);
  expect(verificationOf(sandbox.github, commit)).toBe('valid');
  const { armor = '', payload = '' } = commit.signature ?? {};
  expect(await isByWebFlow({ ...commit, signature: { armor, payload: `${payload}!` } })).toBe(false);
});

test('the key outlives a restart', async () => {
  const before = await committed('one');
  await sandbox.stop();
  sandbox = await startSandbox({ port: 0, folder, world: sampleWorld });
  const commit = commitNamed(before.sha);
  expect(await isByWebFlow(commit)).toBe(true);
  expect(verificationOf(sandbox.github, commit)).toBe('valid');
});

test('a signature that was copied from another commit is none', async () => {
  const { signature, sha, ...plain } = await committed('one');
  const git = sandbox.github.git(desk());
  const forged = git.writeCommit({ ...plain, parents: [sha], message: 'Forged' }, signature?.armor);
  expect(verificationOf(sandbox.github, commitNamed(forged))).toBe('invalid');
});

test('what a person pushes is unsigned', async () => {
  const sha = sandbox.as('max-p').pushFiles({ message: 'Mine', files: { 'a.md': 'a' }, branch: 'mine' });
  expect(verificationOf(sandbox.github, commitNamed(sha))).toBe('unsigned');
});

test('Git finds nothing wrong with a signed commit, and reads it as written', async () => {
  const { sha, signature, ...plain } = await committed('one');
  const git = ['--git-dir', sandbox.github.git(desk()).folder];
  expect(execFileSync('git', [...git, 'fsck', '--strict', '--no-dangling']).toString()).toBe('');
  const raw = execFileSync('git', [...git, 'cat-file', 'commit', sha]);
  expect(raw).toEqual(encodeCommit(plain, signature?.armor));
});

test('of commits that come at once one is made: the other finds the head moved', async () => {
  await committed('one');
  const both = await Promise.allSettled([committed('two'), committed('three')]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});
