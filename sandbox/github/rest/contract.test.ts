import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkedFetch } from '../../../test/contracts/github/checked-fetch.ts';
import { createGitHubContract } from '../../../test/contracts/github/github-contract.ts';
import { printProblem } from '../../../test/contracts/github/problem.ts';
import type { Problem } from '../../../test/contracts/github/problem.ts';
import { sampleWorld } from '../../sample-world.ts';
import { codeFor } from '../app-codes.ts';
import { startSandbox } from '../../server.ts';
import type { Sandbox } from '../../server.ts';

let folder: string;
let sandbox: Sandbox;
let problems: Problem[];

beforeEach(async () => {
  problems = [];
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  sandbox = await startSandbox({ port: 0, folder, world: sampleWorld });
});

afterEach(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

const silent = { debug() {}, info() {}, warn() {}, error() {} };

function octokitOf(
  slug: 'countersign' | 'countersign-grants',
  as: 'app' | 'installation' = 'installation',
): Octokit {
  const env = sandbox.environment();
  const main = slug === 'countersign';
  return new Octokit({
    baseUrl: `${sandbox.url}/api/v3`,
    authStrategy: createAppAuth,
    auth: {
      appId: main ? env['APP_ID'] : env['COUNTERSIGN_GRANTS_APP_ID'],
      privateKey: main ? env['PRIVATE_KEY'] : env['COUNTERSIGN_GRANTS_PRIVATE_KEY'],
      ...(as === 'installation' ? { installationId: main ? 45_100_001 : 45_100_002 } : {}),
    },
    request: { fetch: checkedFetch(createGitHubContract(), fetch, problems) },
    log: silent,
  });
}

const desk = { owner: 'acme', repo: 'access' };
const org = 'acme';

/** Two things are no faults of the sandbox: operations outside the extract, and GitHub's own undescribed 404 bodies. */
function found(): string[] {
  const mine = problems.filter((one) => one.code !== 'unknown-operation');
  return [...new Set(mine.map(printProblem))].filter((text) => !text.endsWith('404 comes without a body'));
}

async function status(call: Promise<unknown>): Promise<number> {
  try {
    await call;
    return 0;
  } catch (error) {
    return typeof error === 'object' && error && 'status' in error ? Number(error.status) : -1;
  }
}

test('answers about the app and its deliveries are as GitHub describes them', async () => {
  sandbox.setWebhookUrl('http://127.0.0.1:1/');
  sandbox.as('ann-o').openIssue({ title: 'One' });
  await sandbox.settled();
  const { rest } = octokitOf('countersign', 'app');
  await rest.apps.getAuthenticated();
  await rest.apps.listInstallations();
  await rest.apps.getInstallation({ installation_id: 45_100_001 });
  await rest.apps.getRepoInstallation(desk);
  await rest.apps.getOrgInstallation({ org });
  await rest.apps.createInstallationAccessToken({
    installation_id: 45_100_001,
    permissions: { issues: 'write' },
    repositories: ['access'],
  });
  const deliveries = await rest.apps.listWebhookDeliveries({ per_page: 1 });
  const delivery_id = deliveries.data[0]?.id ?? 0;
  await rest.apps.getWebhookDelivery({ delivery_id });
  await rest.apps.redeliverWebhookDelivery({ delivery_id });
  await sandbox.settled();
  expect((await rest.apps.listWebhookDeliveries()).data).toHaveLength(2);
  expect(found()).toEqual([]);
});

test('answers about an app that was just made, and about its webhook, are as GitHub describes them', async () => {
  sandbox.setWebhookUrl('http://127.0.0.1:1/');
  const { rest } = octokitOf('countersign', 'app');
  expect((await rest.apps.getWebhookConfigForApp()).data.url).toBe('http://127.0.0.1:1/');
  const [row] = sandbox.github.state.apps.all();
  if (row === undefined) throw new Error('This world has no app.');
  const code = codeFor(sandbox.github, row);
  const { request } = new Octokit({
    baseUrl: `${sandbox.url}/api/v3`,
    request: { fetch: checkedFetch(createGitHubContract(), fetch, problems) },
    log: silent,
  });
  const made = await request('POST /app-manifests/{code}/conversions', { code });
  expect(made.data).toMatchObject({ slug: 'countersign', webhook_secret: null });
  expect(await status(request('POST /app-manifests/{code}/conversions', { code }))).toBe(404);
  expect(found()).toEqual([]);
});

test('answers about issues, comments, labels and reactions are as GitHub describes them', async () => {
  const { rest } = octokitOf('countersign');
  const made = await rest.issues.create({ ...desk, title: 'One', body: 'text', labels: ['access'] });
  const issue = { ...desk, issue_number: made.data.number };
  await rest.issues.listForRepo({ ...desk, state: 'all', labels: 'access', sort: 'updated', per_page: 1 });
  await rest.issues.get(issue);
  await rest.issues.update({ ...issue, title: 'Two', state: 'closed', state_reason: 'completed' });
  const comment = await rest.issues.createComment({ ...issue, body: 'hello' });
  const comment_id = comment.data.id;
  await rest.issues.listComments(issue);
  await rest.issues.listCommentsForRepo({ ...desk, since: '2020-01-01T00:00:00Z' });
  await rest.issues.getComment({ ...desk, comment_id });
  await rest.issues.updateComment({ ...desk, comment_id, body: 'bye' });
  const first = await rest.reactions.createForIssueComment({ ...desk, comment_id, content: 'eyes' });
  const again = await rest.reactions.createForIssueComment({ ...desk, comment_id, content: 'eyes' });
  expect([first.status, again.status]).toEqual([201, 200]);
  const own = await rest.reactions.createForIssue({ ...issue, content: '+1' });
  await rest.reactions.listForIssue(issue);
  await rest.reactions.listForIssueComment({ ...desk, comment_id });
  await rest.reactions.deleteForIssue({ ...issue, reaction_id: own.data.id });
  await rest.issues.deleteComment({ ...desk, comment_id });
  await rest.issues.createLabel({ ...desk, name: 'new', color: 'ff0000' });
  expect(await status(rest.issues.createLabel({ ...desk, name: 'new', color: 'ff0000' }))).toBe(422);
  await rest.issues.listLabelsForRepo(desk);
  await rest.issues.addLabels({ ...issue, labels: ['new'] });
  await rest.issues.removeLabel({ ...issue, name: 'new' });
  expect(await status(rest.issues.createComment({ ...issue, body: 'x'.repeat(65_537) }))).toBe(422);
  expect(await status(rest.issues.get({ ...desk, issue_number: 999 }))).toBe(404);
  expect(found()).toEqual([]);
});

test('answers about files, history and rules are as GitHub describes them', async () => {
  const max = sandbox.as('max-p');
  max.pushFiles({ message: 'Flow', files: { 'flows/a.yml': 'label: A\n' }, branch: 'change' });
  max.openPullRequest({ title: 'Change', head: 'change' });
  const { rest } = octokitOf('countersign');
  await rest.repos.get(desk);
  await rest.repos.getContent({ ...desk, path: 'README.md' });
  await rest.repos.getContent({ ...desk, path: '.github', ref: 'main' });
  const head = await rest.git.getRef({ ...desk, ref: 'heads/change' });
  const commit = await rest.git.getCommit({ ...desk, commit_sha: head.data.object.sha });
  const tree = await rest.git.getTree({ ...desk, tree_sha: commit.data.tree.sha, recursive: 'true' });
  const blob = tree.data.tree.find((one) => one.path === 'flows/a.yml');
  await rest.git.getBlob({ ...desk, file_sha: blob?.sha ?? '' });
  await rest.git.createBlob({ ...desk, content: 'aGVsbG8=', encoding: 'base64' });
  await rest.repos.listCommits({ ...desk, sha: 'change', path: 'flows', per_page: 5 });
  await rest.repos.getCommit({ ...desk, ref: 'change' });
  const compared = await rest.repos.compareCommitsWithBasehead({ ...desk, basehead: 'main...change' });
  expect(compared.data.files?.map((one) => [one.filename, one.patch])).toEqual([
    ['flows/a.yml', '@@ -0,0 +1 @@\n+label: A'],
  ]);
  const rules = await rest.repos.getBranchRules({ ...desk, branch: 'main' });
  expect(rules.data.map((one) => one.type)).toEqual(['pull_request']);
  await rest.repos.getBranch({ ...desk, branch: 'main' });
  await rest.pulls.list({ ...desk, head: 'acme:change' });
  await rest.pulls.get({ ...desk, pull_number: 1 });
  await rest.pulls.listFiles({ ...desk, pull_number: 1 });
  const made = await rest.git.createTree({
    ...desk,
    base_tree: commit.data.tree.sha,
    tree: [{ path: 'flows/b.yml', mode: '100644', type: 'blob', content: 'label: B\n' }],
  });
  const next = await rest.git.createCommit({
    ...desk,
    message: 'More',
    tree: made.data.sha,
    parents: [head.data.object.sha],
  });
  await rest.git.createRef({ ...desk, ref: 'refs/heads/other', sha: head.data.object.sha });
  await rest.git.updateRef({ ...desk, ref: 'heads/other', sha: next.data.sha });
  expect(await status(rest.git.updateRef({ ...desk, ref: 'heads/main', sha: next.data.sha }))).toBe(422);
  const checked = await rest.checks.create({
    ...desk,
    name: 'flows',
    head_sha: next.data.sha,
    status: 'in_progress',
  });
  await rest.checks.update({
    ...desk,
    check_run_id: checked.data.id,
    conclusion: 'failure',
    output: {
      title: 'Bad',
      summary: 'One problem',
      annotations: [
        { path: 'flows/b.yml', start_line: 1, end_line: 1, annotation_level: 'failure', message: 'no' },
      ],
    },
  });
  await rest.checks.get({ ...desk, check_run_id: checked.data.id });
  const again = await rest.checks.create({ ...desk, name: 'flows', head_sha: next.data.sha });
  const runs = { ...desk, ref: next.data.sha, check_name: 'flows' };
  const newest = await rest.checks.listForRef(runs);
  const all = await rest.checks.listForRef({ ...runs, filter: 'all' });
  expect(newest.data.check_runs.map(({ id }) => id)).toEqual([again.data.id]);
  expect(all.data.check_runs.map(({ id }) => id)).toEqual([again.data.id, checked.data.id]);
  expect(found()).toEqual([]);
});

test('a pull request from a fork is read by its commit alone, and a run on it names no pull request', async () => {
  const { rest } = octokitOf('countersign');
  const pull = sandbox
    .as('eve-s')
    .openPullRequestFromFork({ title: 'Mine', files: { 'flows/a.yml': 'label: A\n' } });
  const { number: pull_number } = pull;
  const opened = await rest.pulls.get({ ...desk, pull_number });
  expect([opened.data.head.repo.full_name, opened.data.head.label]).toEqual([
    'eve-s/access',
    'eve-s:patch-1',
  ]);
  sandbox.as('eve-s').pushToFork(pull_number, { title: 'B', files: { 'flows/b.yml': 'label: B\n' } });
  const { data } = await rest.pulls.get({ ...desk, pull_number });
  const files = await rest.pulls.listFiles({ ...desk, pull_number });
  expect(files.data.map(({ filename }) => filename)).toEqual(['flows/a.yml', 'flows/b.yml']);
  await rest.git.getTree({ ...desk, tree_sha: data.head.sha });
  const run = await rest.checks.create({ ...desk, name: 'flows', head_sha: data.head.sha });
  expect(run.data.pull_requests).toEqual([]);
  const updated = await rest.pulls.list({ ...desk, sort: 'updated', direction: 'desc', state: 'open' });
  expect(updated.data.map(({ number }) => number)).toEqual([pull_number]);
  expect(found()).toEqual([]);
});

test('answers about people, teams and collaborators are as GitHub describes them', async () => {
  const { rest } = octokitOf('countersign-grants');
  const team = { org, team_slug: 'production-access' };
  await rest.users.getByUsername({ username: 'ann-o' });
  await rest.users.getById({ account_id: 583_231 });
  await rest.teams.list({ org });
  await rest.teams.getByName(team);
  const added = await rest.teams.addOrUpdateMembershipForUserInOrg({ ...team, username: 'ann-o' });
  const invited = await rest.teams.addOrUpdateMembershipForUserInOrg({ ...team, username: 'mallory-x' });
  expect([added.data.state, invited.data.state]).toEqual(['active', 'pending']);
  await rest.teams.listMembersInOrg(team);
  await rest.teams.getMembershipForUserInOrg({ ...team, username: 'ann-o' });
  await rest.teams.removeMembershipForUserInOrg({ ...team, username: 'ann-o' });
  expect(await status(rest.teams.getMembershipForUserInOrg({ ...team, username: 'ann-o' }))).toBe(404);
  await rest.orgs.getMembershipForUser({ org, username: 'max-p' });
  await rest.orgs.checkMembershipForUser({ org, username: 'max-p' });
  const shop = { owner: 'acme', repo: 'shop' };
  const insider = await rest.repos.addCollaborator({ ...shop, username: 'ann-o', permission: 'push' });
  const outsider = await rest.repos.addCollaborator({ ...shop, username: 'mallory-x' });
  expect([insider.status, outsider.status]).toEqual([204, 201]);
  await rest.repos.listCollaborators({ ...shop, affiliation: 'direct' });
  const level = await rest.repos.getCollaboratorPermissionLevel({ ...shop, username: 'ann-o' });
  expect([level.data.permission, level.data.role_name]).toEqual(['write', 'write']);
  const invitations = await rest.repos.listInvitations(shop);
  await rest.repos.deleteInvitation({ ...shop, invitation_id: invitations.data[0]?.id ?? 0 });
  await rest.repos.removeCollaborator({ ...shop, username: 'ann-o' });
  await rest.apps.listReposAccessibleToInstallation();
  await rest.rateLimit.get();
  await rest.markdown.render({ text: '**hello**' });
  expect(sandbox.unknownRequests).toEqual([]);
  expect(found()).toEqual([]);
});

test('a token without the permission is refused, and told which one it lacks', async () => {
  const { rest } = octokitOf('countersign');
  const team = { org, team_slug: 'production-access', username: 'ann-o' };
  const refused = rest.teams.addOrUpdateMembershipForUserInOrg(team);
  await expect(refused).rejects.toMatchObject({
    status: 403,
    response: { headers: { 'x-accepted-github-permissions': 'members=write' } },
  });
});
