import { createVerify } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { sampleWorld } from '../../../sandbox/sample-world.ts';
import { startSandbox, type Sandbox } from '../../../sandbox/server.ts';
import {
  createKeptLog,
  createScriptedGitHub,
  testKey,
  tokenAsUsual,
  type Asked,
  type Reply,
} from '../../../test/scripted-github.ts';
import { createVirtualClock } from '../../../test/virtual-clock.ts';
import { deskId, instant } from '../../domain/names.ts';
import { createDeskSafety } from './desk-safety.ts';
import { createDeskSource } from './desk-source.ts';
import { GitHubFailure, isNotFound } from './failure.ts';
import { createGitHubApp } from './github-app.ts';
import type { Lane } from './lane.ts';

type Answer = Reply | 'hang' | 'break';

const baseUrl = 'https://github.test/api/v3';
const issue = { owner: 'acme', repo: 'access', issue_number: 5 };
const comment = { ...issue, body: 'secret words' };

/** The app, before a GitHub that answers by method and path; the last of several answers stays. */
function given(answers: { readonly [asked: string]: Answer | readonly Answer[] } = {}) {
  const clock = createVirtualClock();
  const log = createKeptLog();
  const left = new Map(Object.entries(answers).map(([asked, answer]) => [asked, [answer].flat()] as const));
  const script = ({ method, path }: Asked): Answer => {
    const planned = left.get(`${method} ${path.replace('/api/v3', '')}`);
    const answer = planned && planned.length > 1 ? planned.shift() : planned?.[0];
    if (answer !== undefined) return answer;
    return path.endsWith('/access_tokens') ? tokenAsUsual : { json: { id: 1 } };
  };
  const gitHub = createScriptedGitHub(clock, script);
  const app = createGitHubApp({
    appId: 7,
    privateKey: testKey.privateKey,
    baseUrl,
    fetch: gitHub.fetch,
    clock,
    log,
    random: () => 0,
  });
  return {
    clock,
    log,
    gitHub,
    app,
    paths: () => gitHub.asked.map(({ method, path }) => `${method} ${path}`),
  };
}

async function failureOf(work: Promise<unknown>): Promise<GitHubFailure> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof GitHubFailure)) throw new Error('It did not fail as it should.');
  return error;
}

describe('as the app', () => {
  it('proves itself with a token signed by its key, for nine minutes by our clock', async () => {
    const { app, gitHub, clock } = given();
    await clock.settle(app.app().rest.apps.getAuthenticated());
    const [scheme, token = ''] = gitHub.asked[0]?.authorization.split(' ') ?? [];
    const [header = '', content = '', signature = ''] = token.split('.');
    expect(scheme).toBe('bearer');
    const isSigned = createVerify('RSA-SHA256')
      .update(`${header}.${content}`)
      .verify(testKey.publicKey, signature, 'base64url');
    expect(isSigned).toBe(true);
    const now = Date.parse(clock.now()) / 1000;
    expect(JSON.parse(Buffer.from(content, 'base64url').toString())).toEqual({
      iat: now - 60,
      exp: now + 540,
      iss: '7',
    });
  });

  it('takes a key whose line breaks are written out', async () => {
    const { clock, gitHub, log } = given();
    const privateKey = testKey.privateKey.replaceAll('\n', '\\n');
    const app = createGitHubApp({ appId: 7, privateKey, baseUrl, fetch: gitHub.fetch, clock, log });
    await clock.settle(app.app().rest.apps.getAuthenticated());
    expect(gitHub.asked).toHaveLength(1);
  });
});

describe('installations', () => {
  it('looks an installation up once', async () => {
    const { app, paths, clock } = given();
    await clock.settle(app.forRepository('acme', 'access'));
    const { id } = await clock.settle(app.forRepository('Acme', 'Access'));
    await clock.settle(app.forOrganization('acme'));
    expect(id).toBe(1);
    expect(paths()).toEqual([
      'GET /api/v3/repos/acme/access/installation',
      'GET /api/v3/orgs/acme/installation',
    ]);
  });

  it('asks again after an installation is gone', async () => {
    const { app, clock, paths } = given({
      'POST /app/installations/1/access_tokens': { status: 404, json: { message: 'Not Found' } },
      'GET /repos/acme/access/installation': [{ json: { id: 1 } }, { json: { id: 2 } }],
    });
    const gone = await clock.settle(app.forRepository('acme', 'access'));
    const failure = await clock.settle(failureOf(gone.at('card').rest.issues.createComment(comment)));
    expect(failure).toMatchObject({ kind: 'not-sent', transient: false, status: 404 });
    const { id } = await clock.settle(app.forRepository('acme', 'access'));
    expect(id).toBe(2);
    expect(paths().filter((path) => path.includes('comments'))).toEqual([]);
  });

  const listed = {
    json: [
      { id: 8, suspended_at: null },
      { id: 9, suspended_at: null },
    ],
  };
  const repository = (owner: string, name: string): Reply => ({
    json: { id: 4711, name, owner: { login: owner }, private: true, default_branch: 'main' },
  });

  it('finds a repository by its id, and follows it when it is renamed', async () => {
    const { app, clock, paths } = given({
      'GET /app/installations?per_page=100': listed,
      'GET /repositories/4711': [{ status: 404 }, repository('acme', 'access'), repository('acme', 'doors')],
      'GET /repos/acme/access/installation': { json: { id: 9 } },
      'GET /repos/acme/doors/installation': { json: { id: 9 } },
    });
    const first = await clock.settle(app.forRepositoryId(4711));
    expect({ ...first, installation: first.installation.id }).toEqual({
      installation: 9,
      owner: 'acme',
      name: 'access',
      private: true,
      defaultBranch: 'main',
    });
    expect((await clock.settle(app.forRepositoryId(4711))).name).toBe('doors');
    expect(paths().filter((path) => path.includes('/app/installations'))).toHaveLength(1);
  });

  it('does not take the installation that merely can read a public repository', async () => {
    const { app, clock } = given({
      'GET /app/installations?per_page=100': listed,
      'GET /repositories/4711': repository('acme', 'access'),
      'GET /repos/acme/access/installation': { json: { id: 9 } },
    });
    expect((await clock.settle(app.forRepositoryId(4711))).installation.id).toBe(9);
  });

  it('says so where the app is not installed on a repository, and forgets the repository', async () => {
    const { app, clock } = given({
      'GET /app/installations?per_page=100': listed,
      'GET /repositories/4711': { status: 404 },
    });
    const failure = await clock.settle(failureOf(app.forRepositoryId(4711)));
    expect(isNotFound(failure)).toBe(true);
    expect(failure.transient).toBe(false);
  });
});

describe('tokens', () => {
  it('makes one token for many requests at once', async () => {
    const { app, clock, gitHub } = given();
    const installation = await clock.settle(app.forRepository('acme', 'access'));
    const read = () => installation.at('read').rest.issues.get(issue);
    await clock.settle(Promise.all([read(), read(), read()]));
    expect(gitHub.tokens.count).toBe(1);
    expect(gitHub.asked.at(-1)?.authorization).toBe('token ghs_secret1');
  });

  it('makes another five minutes before one expires', async () => {
    const { app, clock, gitHub } = given();
    const installation = await clock.settle(app.forRepository('acme', 'access'));
    const read = () => clock.settle(installation.at('read').rest.issues.get(issue));
    await read();
    await clock.advance(54 * 60_000);
    await read();
    expect(gitHub.tokens.count).toBe(1);
    await clock.advance(2 * 60_000);
    await read();
    expect(gitHub.tokens.count).toBe(2);
  });

  it('makes another once when one is not accepted, also for what must not be sent twice', async () => {
    const denied = { status: 401, json: { message: 'Bad credentials' } };
    const { app, clock, gitHub } = given({
      'POST /repos/acme/access/issues/5/comments': [denied, { status: 201, json: { id: 3 } }],
    });
    const installation = await clock.settle(app.forRepository('acme', 'access'));
    const { data } = await clock.settle(installation.at('card').rest.issues.createComment(comment));
    expect(data.id).toBe(3);
    expect(gitHub.asked.slice(1).map(({ authorization }) => authorization)).toEqual([
      'token ghs_secret1',
      'token ghs_secret2',
    ]);
  });

  it('makes one new token where several requests came back with the old one', async () => {
    const denied = { status: 401, json: { message: 'Bad credentials' } };
    const ok = { json: {} };
    const { app, clock, gitHub } = given({
      'GET /repos/acme/access/issues/5': [denied, denied, denied, ok],
    });
    const installation = await clock.settle(app.forRepository('acme', 'access'));
    const read = () => installation.at('read').rest.issues.get(issue);
    await clock.settle(Promise.all([read(), read(), read()]));
    expect(gitHub.tokens.count).toBe(2);
  });

  it('gives up after the second refusal', async () => {
    const denied = { status: 401, json: { message: 'Bad credentials' } };
    const { app, clock } = given({ 'GET /repos/acme/access/issues/5': denied });
    const installation = await clock.settle(app.forRepository('acme', 'access'));
    const failure = await clock.settle(failureOf(installation.at('read').rest.issues.get(issue)));
    expect(failure).toMatchObject({ kind: 'refused', transient: false, status: 401 });
  });
});

describe('what is said of a failure', () => {
  it('names what was asked and GitHub’s words, on one line and cut, and no value, body or token', async () => {
    const { app, clock, log } = given({
      'POST /repos/acme/access/issues/5/comments': {
        status: 422,
        json: {
          message: `No\n${'x'.repeat(500)}`,
          errors: [{ code: 'already_exists', value: 'secret words' }],
        },
      },
      'PATCH /repos/acme/access/issues/comments/9': 'break',
    });
    const installation = await clock.settle(app.forRepository('acme', 'access'));
    const refused = await clock.settle(failureOf(installation.at('card').rest.issues.createComment(comment)));
    expect(refused.message).toMatch(
      /^POST \/repos\/\{owner\}\/\{repo\}\/issues\/\{issue_number\}\/comments: 422 \(No x+…\)$/,
    );
    expect(refused.message.length).toBeLessThan(300);
    expect(refused).toMatchObject({ transient: false, codes: ['already_exists'] });
    const lost = await clock.settle(
      failureOf(installation.at('card').rest.issues.updateComment({ ...comment, comment_id: 9 })),
    );
    expect(lost.message).toBe(
      'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}: no answer (ECONNRESET)',
    );
    const everything = [log.lines, [refused, lost].map((error) => [error.stack, { ...error }, error.cause])];
    expect(JSON.stringify(everything)).not.toMatch(/ghs_|secret words|acme|eyJ|PRIVATE/);
    expect(log.lines.length).toBeGreaterThan(0);
  });

  it('gives the type of a GraphQL error', async () => {
    const errors = [{ type: 'STALE_DATA', message: 'Expected branch to point to "a" but it is "b".' }];
    const { app, clock } = given({ 'POST /api/graphql': { json: { data: null, errors } } });
    const installation = await clock.settle(app.forRepository('acme', 'access'));
    const mutation =
      'mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }';
    const failure = await clock.settle(failureOf(installation.at('ledger').graphql(mutation, { input: {} })));
    expect(failure).toMatchObject({ kind: 'refused', transient: false, codes: ['STALE_DATA'], status: 200 });
    expect(failure.message).toContain('GraphQL createCommitOnBranch (Expected branch');
  });

  it('waits where GraphQL says that its limit is reached', async () => {
    const limited = { json: { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] } };
    const { app, clock, gitHub } = given({
      'POST /api/graphql': [limited, { json: { data: { done: true } } }],
    });
    const installation = await clock.settle(app.forRepository('acme', 'access'));
    expect(await clock.settle(installation.at('ledger').graphql('mutation { done }'))).toEqual({
      done: true,
    });
    expect(gitHub.asked.at(-1)?.at).toBe(instant(Date.parse('2026-11-20T09:01:00Z')));
  });

  it('does not repeat a mutation that GitHub says went wrong', async () => {
    const wrong = { json: { errors: [{ message: 'Something went wrong while executing your query.' }] } };
    const { app, clock, gitHub } = given({ 'POST /api/graphql': wrong });
    const installation = await clock.settle(app.forRepository('acme', 'access'));
    const failure = await clock.settle(failureOf(installation.at('ledger').graphql('mutation { done }')));
    expect(failure).toMatchObject({ kind: 'lost', transient: true });
    expect(gitHub.asked).toHaveLength(2);
  });
});

it('gives up on a request that hangs, on the wire too', async () => {
  const { app, clock, gitHub } = given({ 'POST /repos/acme/access/issues/5/comments': 'hang' });
  const installation = await clock.settle(app.forRepository('acme', 'access'));
  const failure = await clock.settle(failureOf(installation.at('card').rest.issues.createComment(comment)));
  expect(failure).toMatchObject({ kind: 'lost', transient: true });
  expect(gitHub.given.up).toBe(1);
});

it('takes an answer that breaks off for a lost one', async () => {
  const { clock, log } = given();
  const broken = new ReadableStream({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode('{"id":'));
      controller.error(new Error('cut'));
    },
  });
  const gitHub = createScriptedGitHub(clock, ({ path }) =>
    path.endsWith('/access_tokens') ? tokenAsUsual : { json: { id: 1 } },
  );
  const app = createGitHubApp({
    appId: 7,
    privateKey: testKey.privateKey,
    baseUrl,
    fetch: async (url, init) =>
      url.endsWith('/comments')
        ? new Response(broken, { status: 201, headers: { 'content-type': 'application/json' } })
        : gitHub.fetch(url, init),
    clock,
    log,
  });
  const installation = await clock.settle(app.forRepository('acme', 'access'));
  const failure = await clock.settle(failureOf(installation.at('card').rest.issues.createComment(comment)));
  expect(failure).toMatchObject({ kind: 'lost', transient: true });
});

describe('where our token goes', () => {
  const moved = (location: string): Reply => ({ status: 307, headers: { location } });

  it('follows a renamed repository with the same method and body', async () => {
    const { app, clock, gitHub } = given({
      'POST /repos/acme/access/issues/5/comments': moved(`${baseUrl}/repositories/4711/issues/5/comments`),
    });
    const installation = await clock.settle(app.forRepository('acme', 'access'));
    await clock.settle(installation.at('card').rest.issues.createComment(comment));
    expect(gitHub.asked.at(-1)).toMatchObject({
      method: 'POST',
      path: '/api/v3/repositories/4711/issues/5/comments',
      body: { body: 'secret words' },
    });
  });

  it('never follows a redirect or a page to another host', async () => {
    const { app, clock, gitHub } = given({
      'POST /repos/acme/access/issues/5/comments': moved('https://evil.test/'),
      'GET /repos/acme/access/issues/5/comments': {
        json: [{ id: 1 }],
        headers: { link: '<https://evil.test/page2>; rel="next"' },
      },
    });
    const installation = await clock.settle(app.forRepository('acme', 'access'));
    const octokit = installation.at('card');
    await clock.settle(failureOf(octokit.rest.issues.createComment(comment)));
    const page = octokit.paginate(octokit.rest.issues.listComments, issue);
    expect((await clock.settle(failureOf(page))).message).toBe('GET /{…}: no answer (OTHER_ORIGIN)');
    expect(gitHub.asked.filter(({ path }) => !path.startsWith('/api/v3/repos/'))).toEqual([]);
  });
});

it('loses no write and doubles none that creates, whatever GitHub does', { timeout: 20_000 }, async () => {
  const fault = fc.constantFrom(
    'fine',
    'fine',
    'fine',
    '429',
    'secondary',
    'primary',
    '502',
    'break',
    'late',
    'hang',
    '401',
  );
  const write = fc.record({
    lane: fc.constantFrom<Lane>('revoke', 'ledger', 'escalate', 'card'),
    method: fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE', 'GET'),
    after: fc.integer({ min: 0, max: 3000 }),
    fate: fc.array(fault, { maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(write, { minLength: 200, maxLength: 200 }), async (writes) => {
      const clock = createVirtualClock();
      const log = createKeptLog();
      const done = new Map<string, number>();
      const fates = writes.map(({ fate }) => [...fate]);
      const gitHub = createScriptedGitHub(clock, ({ path, method }) => {
        if (path.endsWith('/access_tokens')) return tokenAsUsual;
        const [, number] = /\/things\/(\d+)$/.exec(path) ?? [];
        if (number === undefined) return { json: { id: 1 } };
        const fate = fates[Number(number)]?.shift() ?? 'fine';
        if (fate === 'fine' || fate === 'late') done.set(number, (done.get(number) ?? 0) + 1);
        return { fine: { json: { method } }, ...faults }[fate];
      });
      const app = createGitHubApp({
        appId: 7,
        privateKey: testKey.privateKey,
        baseUrl,
        fetch: gitHub.fetch,
        clock,
        log,
        random: () => 0.3,
      });
      const installation = await clock.settle(app.forRepository('acme', 'access'));
      const outcomes = writes.map(async ({ lane, method, after }, number) => {
        await clock.sleep(after);
        const octokit = installation.at(lane);
        return octokit.request(`${method} /things/{number}`, { number }).then(
          () => 'done',
          (error: unknown) => (error instanceof GitHubFailure ? error : 'bug'),
        );
      });
      for (const [number, outcome] of (await clock.settle(Promise.all(outcomes))).entries()) {
        const times = done.get(String(number)) ?? 0;
        if (writes[number]?.method === 'POST') expect(times).toBeLessThanOrEqual(1);
        if (outcome === 'done') expect(times).toBeGreaterThanOrEqual(1);
        // The only things that may become of it otherwise: nobody knows, or its token was refused twice.
        else expect(outcome).toSatisfy(isHonest);
        if (outcome instanceof GitHubFailure && outcome.kind === 'refused') expect(times).toBe(0);
      }
      expect(log.lines.join()).not.toMatch(/ghs_|eyJ/);
    }),
    { numRuns: 3, endOnFailure: true },
  );
});

const isHonest = (outcome: unknown): boolean =>
  outcome instanceof GitHubFailure &&
  (outcome.status === 401 ? outcome.kind !== 'not-sent' : outcome.kind === 'lost' && outcome.transient);

const faults = {
  '429': { status: 429, headers: { 'retry-after': '3' } },
  secondary: { status: 403, json: { message: 'You have exceeded a secondary rate limit' } },
  primary: { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '0' } },
  '502': { status: 502 },
  break: 'break',
  /** It is done, and nobody hears of it. */
  late: 'break',
  hang: 'hang',
  '401': { status: 401 },
} as const;

describe('with the sandbox, over real HTTP', () => {
  let sandbox: Sandbox | undefined;
  const folder = mkdtempSync(join(tmpdir(), 'github-app-'));
  afterEach(async () => {
    await sandbox?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('finds the desk by its id, reads it, judges it, comments and pages', async () => {
    sandbox = await startSandbox({ port: 0, folder, world: sampleWorld });
    const env = sandbox.environment();
    const app = createGitHubApp({
      appId: env['APP_ID'] ?? '',
      privateKey: env['PRIVATE_KEY'] ?? '',
      baseUrl: `${sandbox.url}/api/v3`,
      fetch: globalThis.fetch,
      clock: { now: () => instant(Date.now()), sleep: realSleep },
      log: createKeptLog(),
    });
    const desk = deskId('github', env['COUNTERSIGN_DESKS']?.split('#')[1] ?? '');
    const source = createDeskSource({ github: app });
    const { commit, branch } = await source.head(desk);
    expect(branch).toBe('main');
    expect([...(await source.read(desk, commit)).keys()]).toEqual(['.github/CODEOWNERS']);
    const safety = createDeskSafety({
      github: app,
      source,
      clock: { now: () => instant(Date.now()), sleep: realSleep },
      accepted: () => [],
    });
    expect(await safety.risks(desk)).toEqual([]);

    const { number } = sandbox.as('ann-o').openIssue({ title: 'Access please', body: 'why' });
    const { installation, owner, name } = await app.forRepositoryId(Number(desk.split(':')[1]));
    const thread = { owner, repo: name, issue_number: number };
    const octokit = installation.at('card');
    for (const body of ['one', 'two', 'three']) await octokit.rest.issues.createComment({ ...thread, body });
    const all = await octokit.paginate(octokit.rest.issues.listComments, { ...thread, per_page: 1 });
    expect(all.map(({ body }) => body)).toEqual(['one', 'two', 'three']);
    const missing = await failureOf(octokit.rest.issues.get({ ...thread, issue_number: 999 }));
    expect(isNotFound(missing)).toBe(true);
  });
});

function realSleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => (clearTimeout(timer), resolve()));
  });
}
