import { readFileSync } from 'node:fs';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleWorld } from '../sample-world.ts';
import type { World } from '../world.ts';
import { startSandbox } from '../server.ts';
import type { Sandbox } from '../server.ts';

/** An app that hears more than ours, which listens to what it needs alone. */
const hearingAll: World = {
  ...sampleWorld,
  apps: sampleWorld.apps.map((app) => ({
    ...app,
    events: [
      ...app.events,
      ...(app.events.length > 0 ? ['member', 'membership', 'organization', 'team'] : []),
    ],
  })),
};

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let folder: string;
let sandbox: Sandbox;
let app: Server;
let received: Received[];

beforeEach(async () => {
  received = [];
  app = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      response.writeHead(200).end('ok');
    });
  });
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  const address = app.address();
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  sandbox = await startSandbox({
    port: 0,
    folder,
    world: hearingAll,
    webhooks: { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/hook` },
  });
});

afterEach(async () => {
  await sandbox.stop();
  app.close();
  rmSync(folder, { recursive: true, force: true });
});

const schemaFile = createRequire(import.meta.url).resolve('@octokit/webhooks-schemas/schema.json');
const webhookSchema: { definitions: Record<string, { properties?: object }> } = JSON.parse(
  readFileSync(schemaFile, 'utf8'),
);

function validator(): (event: string, action: unknown, payload: unknown) => string[] {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addFormat('uri-template', true);
  ajv.addSchema({ ...webhookSchema, $id: 'webhooks', oneOf: undefined });
  return (event, action, payload) => {
    const name = `${event}$${typeof action === 'string' ? action : 'event'}`;
    const validate = ajv.getSchema(`webhooks#/definitions/${name}`);
    if (!validate) return [`no schema for ${name}`];
    if (validate(payload)) return [];
    return (validate.errors ?? []).map(
      (one) => `${name}${one.instancePath} ${one.message} ${JSON.stringify(one.params)}`,
    );
  };
}

const aRun = {
  id: 1,
  repository_id: 700_100_001,
  app_id: 1001,
  name: 'flows',
  head_sha: '',
  external_id: '',
  details_url: null,
  status: 'completed',
  conclusion: 'success',
  started_at: '2026-11-20T09:00:00Z',
  completed_at: '2026-11-20T09:00:00Z',
  title: null,
  summary: null,
  text: null,
  annotations: [],
  actions: [],
} as const;

test('every webhook has the shape that GitHub documents, key for key', async () => {
  const ann = sandbox.as('ann-o');
  const max = sandbox.as('max-p');
  const { world } = sandbox;
  const issue = ann.openIssue({ title: 'One', body: 'text', labels: ['access'] });
  max.labelIssue(issue.number, ['urgent']);
  max.labelIssue(issue.number, []);
  const comment = ann.comment(issue.number, 'hello');
  max.editComment(comment.id, 'bye');
  max.deleteComment(comment.id);
  ann.editIssue(issue.number, { title: 'Two', body: 'more' });
  ann.closeIssue(issue.number);
  ann.reopenIssue(issue.number);
  max.transferIssue(issue.number, 'acme/shop');
  max.deleteIssue(max.openIssue({ title: 'Gone' }).number);
  max.pushFiles({ message: 'Change', files: { 'flows/a.yml': 'label: A\n' }, branch: 'change' });
  const pull = max.openPullRequest({ title: 'Change', head: 'change' });
  max.pushFiles({ message: 'More', files: { 'flows/a.yml': 'label: B\n' }, branch: 'change' });
  const forked = ann.openPullRequestFromFork({ title: 'Mine', files: { 'flows/a.yml': 'label: C\n' } });
  const forkHead = ann.pushToFork(forked.number, { title: 'More', files: { 'flows/a.yml': null } });
  max.rerequestChecks(forkHead, 'countersign', null);
  const run = sandbox.github.state.checkRuns.put({ ...aRun, head_sha: forkHead });
  max.rerequestCheckRun(run.id);
  await max.mergePullRequest(pull.number);
  world.joinTeam('production-access', 'ann-o');
  world.leaveTeam('production-access', 'ann-o');
  world.joinTeam('production-access', 'mallory-x');
  world.join('mallory-x');
  world.leave('mallory-x');
  world.addTeam('new-team');
  world.removeTeam('new-team');
  world.addCollaborator('ann-o', 'write');
  world.removeCollaborator('ann-o');
  world.makePublic();
  world.makePrivate();
  world.renameRepository('entry');
  world.archive();
  world.chooseRepositories('countersign', ['acme/entry']);
  world.chooseRepositories('countersign', null);
  world.suspendInstallation('countersign');
  world.resumeInstallation('countersign');
  world.uninstall('countersign');
  await sandbox.settled();
  const check = validator();
  const problems = sandbox
    .deliveries()
    .flatMap(({ event, payload }) => check(event, payload['action'], payload));
  expect([...new Set(problems)]).toEqual([]);
  const kinds = new Set(sandbox.deliveries().map(({ event, action }) => `${event}.${action}`));
  expect(kinds.size).toBeGreaterThan(33);
  expect(received).toHaveLength(sandbox.deliveries().length);
});

test('a delivery is signed with the secret of the app', async () => {
  sandbox.as('ann-o').openIssue({ title: 'One' });
  await sandbox.settled();
  const [one] = received;
  const secret = sandbox.environment()['WEBHOOK_SECRET'] ?? '';
  const signature = createHmac('sha256', secret)
    .update(one?.body ?? '')
    .digest('hex');
  expect(one?.headers['x-hub-signature-256']).toBe(`sha256=${signature}`);
  expect(one?.headers['user-agent']).toMatch(/^GitHub-Hookshot\//);
  expect(one?.headers['x-github-hook-installation-target-id']).toBe('1001');
});

test('a dropped delivery is listed as failed, and a redelivery keeps its guid', async () => {
  sandbox.faults.onWebhook({ kind: 'drop', event: 'issues', times: 1 });
  sandbox.as('ann-o').openIssue({ title: 'One' });
  await sandbox.settled();
  expect(received).toEqual([]);
  const [failed] = sandbox.deliveries();
  sandbox.redeliver(failed?.id ?? 0);
  await sandbox.settled();
  expect(received[0]?.headers['x-github-delivery']).toBe(failed?.guid);
  expect(sandbox.deliveries()[1]).toMatchObject({ redelivery: true, outcome: { status: 'OK' } });
});

test('deliveries can arrive twice, late, and in the wrong order', async () => {
  const events = (): string[] => received.map((one) => String(JSON.parse(one.body).action));
  sandbox.faults.onWebhook({ kind: 'reorder', action: 'opened', times: 1 });
  const ann = sandbox.as('ann-o');
  const issue = ann.openIssue({ title: 'One' });
  ann.closeIssue(issue.number);
  await sandbox.settled();
  expect(events()).toEqual(['closed', 'opened']);
  sandbox.faults.onWebhook({ kind: 'duplicate', event: 'issue_comment', times: 1 });
  ann.comment(issue.number, 'twice');
  await sandbox.settled();
  expect(events()).toEqual(['closed', 'opened', 'created', 'created']);
});

test('nobody to deliver to is recorded as a failed connection', async () => {
  sandbox.setWebhookUrl('http://127.0.0.1:1/');
  sandbox.as('ann-o').openIssue({ title: 'One' });
  await sandbox.settled();
  expect(sandbox.deliveries()[0]?.outcome).toMatchObject({
    status: 'failed to connect to host',
    status_code: 502,
  });
});
