import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleWorld } from './sample-world.ts';
import { startSandbox } from './server.ts';
import type { Sandbox } from './server.ts';

const run = promisify(execFile);
let folder: string;
let sandbox: Sandbox;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  sandbox = await startSandbox({ port: 0, folder, world: sampleWorld });
});

afterEach(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

function appOctokit(): Octokit {
  const env = sandbox.environment();
  return new Octokit({
    baseUrl: `${sandbox.url}/api/v3`,
    authStrategy: createAppAuth,
    auth: { appId: env['APP_ID'], privateKey: env['PRIVATE_KEY'], installationId: 45_100_001 },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
}

const desk = { owner: 'acme', repo: 'access' };

test('the app authenticates, comments, and reads its comment back', async () => {
  const issue = sandbox.as('ann-o').openIssue({ title: 'Access please', body: 'why' });
  const octokit = appOctokit();
  const { data } = await octokit.rest.issues.createComment({
    ...desk,
    issue_number: issue.number,
    body: 'hello',
  });
  expect(data.user?.login).toBe('countersign[bot]');
  const list = await octokit.rest.issues.listComments({ ...desk, issue_number: issue.number });
  expect(list.data.map((one) => one.body)).toEqual(['hello']);
});

test('a commit through GraphQL moves the branch once, and a stale head is refused', async () => {
  const octokit = appOctokit();
  const tree = await octokit.rest.git.createTree({
    ...desk,
    tree: [{ path: 'README.md', mode: '100644', type: 'blob', content: 'ledger\n' }],
  });
  const root = await octokit.rest.git.createCommit({
    ...desk,
    message: 'Begin',
    tree: tree.data.sha,
    parents: [],
  });
  await octokit.rest.git.createRef({ ...desk, ref: 'refs/heads/countersign/ledger', sha: root.data.sha });
  const commit = (expectedHeadOid: string): Promise<{ createCommitOnBranch: { commit: { oid: string } } }> =>
    octokit.graphql(
      `mutation ($input: CreateCommitOnBranchInput!) {
        createCommitOnBranch(input: $input) { commit { oid url } } }`,
      {
        baseUrl: `${sandbox.url}/api`,
        input: {
          branch: { repositoryNameWithOwner: 'acme/access', branchName: 'countersign/ledger' },
          message: { headline: 'bob approved', body: 'Id: 1' },
          expectedHeadOid,
          fileChanges: { additions: [{ path: 'requests/a.jsonl', contents: btoa('{"v":1}\n') }] },
        },
      },
    );
  const first = await commit(root.data.sha);
  const { oid } = first.createCommitOnBranch.commit;
  const read = await octokit.rest.repos.getCommit({ ...desk, ref: oid });
  expect(read.data.commit.verification?.verified).toBe(true);
  expect(read.data.author?.login).toBe('countersign[bot]');
  await expect(commit(root.data.sha)).rejects.toMatchObject({ errors: [{ type: 'STALE_DATA' }] });
  expect(sandbox.ledgerLog().map((one) => one.sha)).toEqual([oid, root.data.sha]);
  const clone = join(folder, 'clone');
  await run('git', ['clone', '-q', '-b', 'countersign/ledger', `${sandbox.url}/acme/access.git`, clone]);
  const { stdout } = await run('git', ['-C', clone, 'log', '--format=%H %an']);
  expect(stdout.trim().split('\n')[0]).toBe(`${oid} countersign[bot]`);
});

test('a comment by a person reaches the app as a signed webhook', async () => {
  const received: string[] = [];
  const app = createServer((request, response) => {
    received.push(String(request.headers['x-github-event']));
    response.writeHead(200).end('ok');
  });
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  const address = app.address();
  const port = typeof address === 'object' ? address?.port : 0;
  sandbox.setWebhookUrl(`http://127.0.0.1:${port}/`);
  const issue = sandbox.as('ann-o').openIssue({ title: 'One' });
  sandbox.as('bob-l').comment(issue.number, '/approve');
  await sandbox.settled();
  app.close();
  expect(received.sort()).toEqual(['issue_comment', 'issues']);
  const { data } = await new Octokit({
    baseUrl: `${sandbox.url}/api/v3`,
    authStrategy: createAppAuth,
    auth: { appId: 1001, privateKey: sandbox.environment()['PRIVATE_KEY'] },
  }).rest.apps.listWebhookDeliveries();
  expect(data.map((one) => one.status)).toEqual(['OK', 'OK']);
});

test('what was answered is still there after a restart', async () => {
  const issue = sandbox.as('ann-o').openIssue({ title: 'Kept' });
  await Promise.resolve();
  const again = await startSandbox({ port: 0, folder, world: sampleWorld });
  expect(again.github.state.issues.get(`700100001/${issue.number}`)?.title).toBe('Kept');
  expect(again.environment()['PRIVATE_KEY']).toBe(sandbox.environment()['PRIVATE_KEY']);
  await again.stop();
});

test('an answer can be lost after the work was done', async () => {
  const issue = sandbox.as('ann-o').openIssue({ title: 'Lost' });
  sandbox.faults.onRequest({ kind: 'answer-lost', method: 'POST', path: '/comments', times: 1 });
  const octokit = appOctokit();
  const comment = { ...desk, issue_number: issue.number, body: 'once' };
  await expect(octokit.rest.issues.createComment(comment)).rejects.toThrow();
  const list = await octokit.rest.issues.listComments(comment);
  expect(list.data).toHaveLength(1);
});
