import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sampleWorld } from '../../../sandbox/sample-world.ts';
import { startSandbox, type Sandbox } from '../../../sandbox/server.ts';
import { aField, aFlow } from '../../../test/builders/flow.ts';
import { aRequest, aRequestIn, anId } from '../../../test/builders/request.ts';
import { checkedFetch } from '../../../test/contracts/github/checked-fetch.ts';
import { createGitHubContract } from '../../../test/contracts/github/github-contract.ts';
import type { Problem } from '../../../test/contracts/github/problem.ts';
import { createGitHubApp } from '../../clients/github/github-app.ts';
import { gitHubPace } from '../../clients/github/pace.ts';
import type { PersonCommand } from '../../domain/commands.ts';
import type { GitHubThread } from '../../domain/entries.ts';
import { deskId, group, instant, plus, type RequestId } from '../../domain/names.ts';
import type { Request, Status } from '../../domain/request.ts';
import { onIssue } from '../../domain/routes.ts';
import { keyOf } from '../../engine/ports/store.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Reception } from '../../engine/ports/reception.ts';
import { connectGitHub, type GitHubConnection } from './connect-github.ts';

const repository = 700_100_001;
const desk = deskId('github', repository);
const botLogin = 'countersign[bot]';
const plenty = { burst: 100_000, refill: 100_000, per: 60_000 };
const clock: Clock = {
  now: () => instant(Date.now()),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
const contract = createGitHubContract();
const log = { info() {}, warn() {}, error() {} };

let folder: string;
let sandbox: Sandbox;
let github: GitHubConnection;
let commands: { readonly command: PersonCommand; readonly about: RequestId | undefined }[];
let keys: Map<string, RequestId>;
let threads: Map<string, Request>;
let bookmarks: Map<string, string>;
let reshown: RequestId[];
let isDeaf = false;
let problems: Problem[];
/** Addresses that GitHub was asked for. */
let asked: string[];
let numbered = 0;
const hooks = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const event = String(request.headers['x-github-event']);
    const payload: unknown = JSON.parse(Buffer.concat(chunks).toString());
    const taken = isDeaf ? Promise.reject(new Error('deaf')) : github.acceptWebhook(event, payload);
    taken.then(
      () => response.writeHead(200).end(),
      () => response.writeHead(500).end(),
    );
  });
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'surface-'));
  sandbox = await startSandbox({ port: 0, folder, world: sampleWorld });
  await new Promise<void>((resolve) => hooks.listen(0, '127.0.0.1', resolve));
  const address = hooks.address();
  sandbox.setWebhookUrl(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`);
  problems = [];
  forget();
});

afterAll(async () => {
  hooks.close();
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
  expect(problems).toEqual([]);
  expect(sandbox.unknownRequests).toEqual([]);
});

afterEach(async () => {
  isDeaf = false;
  sandbox.faults.clear();
  await settled();
  forget();
});

/** As after a restart without any memory but GitHub's. */
function forget(): void {
  commands = [];
  keys = new Map();
  threads = new Map();
  bookmarks = new Map();
  reshown = [];
  asked = [];
  const { APP_ID: appId = '', PRIVATE_KEY: privateKey = '' } = sandbox.environment();
  const checked = checkedFetch(contract, globalThis.fetch, problems);
  github = connectGitHub({
    github: createGitHubApp({
      appId,
      privateKey,
      baseUrl: `${sandbox.url}/api/v3`,
      fetch: (url, init) => {
        asked.push(url);
        return checked(url, init);
      },
      clock,
      log,
      pace: { ...gitHubPace, content: [plenty], restPoints: plenty, graphqlPoints: plenty, tries: 1 },
    }),
    botLogin,
    desks: [desk],
    people: { loginOf: async () => undefined, admins: async () => [group('team:acme/platform')] },
    flows: {
      current: async () => ({ missing: 'unknown-flow', known: [] }),
      list: async () => [aFlow({ fields: [aField('reason')] })],
      risks: async () => [],
    },
    bookmarks: {
      bookmark: async (name) => bookmarks.get(name),
      setBookmark: async (name, value) => void bookmarks.set(name, value),
    },
    clock,
    log,
    reception: () => ({ ...reception, debtsOf: async () => [] }),
    errors: () => ({
      raise: () => undefined,
      clear: () => undefined,
      refOf: () => undefined,
      reshow: () => undefined,
    }),
    seeCode: async () => undefined,
    lookUpGroup: async () => ({}),
    inForce: async () => ({}),
    readFlowsAt: async () => ({ versions: new Map(), read: async () => new Map() }),
    judge: async () => {
      throw new Error('There are no pull requests here.');
    },
  });
}

/** An engine that takes everything and grants nothing. */
const reception: Reception = {
  async accept(command, about) {
    const key = keyOf(command.voice);
    const known = keys.get(key);
    if (known !== undefined) return { request: known, state: 'known' };
    const id = about ?? anId((numbered += 1));
    keys.set(key, id);
    commands.push({ command, about });
    if (command.type === 'request' && command.thread)
      threads.set(nameOf(command.thread), aRequest({ id, desk, thread: command.thread }).request);
    return { request: id, state: 'accepted' };
  },
  outcome: async () => ({ working: true }),
  requestOf: async (thread) => (thread.surface === 'github' ? threads.get(nameOf(thread))?.id : undefined),
  why: async () => undefined,
  view: async (id) => [...threads.values()].find((request) => request.id === id),
  async reshow(id) {
    reshown.push(id);
  },
};

function nameOf({ repository: name, issue }: GitHubThread): string {
  return `${name}#${issue}`;
}

async function settled(): Promise<void> {
  await sandbox.settled();
  await github.idle();
}

function threadOf(issue: number): GitHubThread {
  return { surface: 'github', repository: String(repository), issue };
}

/** A request that GitHub sees as made now. */
function aRequestNow(status: Status, thread: GitHubThread | null): Request {
  return aRequestIn(status, { id: anId((numbered += 1)), desk, thread, at: plus(clock.now(), -1000) })
    .request;
}

function commentsOn(issue: number): { readonly id: number; readonly by: string; readonly body: string }[] {
  const { state } = sandbox.github;
  return state.comments.in(`${repository}/${issue}`).map(({ id, user_id, body }) => ({
    id,
    by: sandbox.github.accountById(user_id).login,
    body,
  }));
}

async function showCard(request: Request, thread: GitHubThread, ref?: string): Promise<string> {
  const known = ref === undefined ? undefined : { thread, ref };
  const latest = async (): Promise<Request> => request;
  return (await github.surface.showCard({ ...request, thread }, onIssue, { known, latest })).ref;
}

/** Any request on this issue: only where it is matters. */
function on(issue: number): Request {
  return aRequestNow('pending', threadOf(issue));
}

function issueOf({ voice }: PersonCommand): number | undefined {
  return voice.where?.surface === 'github' ? voice.where.issue : undefined;
}

function eyesOn(subject: string): number {
  return sandbox.github.state.reactions.in(subject).filter(({ content }) => content === 'eyes').length;
}

describe('what never arrived', () => {
  const request = '/request production prod reason=Backfill';

  it('is found by reading again: the request first, then what was said on it', async () => {
    sandbox.faults.onWebhook({ kind: 'drop' });
    const issue = sandbox.as('ann-o').openIssue({ title: 'x', body: request });
    sandbox.as('bob-l').comment(issue.number, 'yes');
    sandbox.as('bob-l').comment(issue.number, '/approve');
    await github.recovery.rereadOpen();
    const mine = commands.filter(({ command }) => issueOf(command) === issue.number);
    expect(mine.map(({ command, about }) => [command.type, about])).toEqual([
      ['request', undefined],
      ['approve', threads.get(nameOf(threadOf(issue.number)))?.id],
    ]);
  });

  it('is sent again by GitHub when it is asked to, and only then', async () => {
    isDeaf = true;
    const issue = sandbox.as('ann-o').openIssue({ title: 'x', body: request });
    await settled();
    isDeaf = false;
    await github.recovery.sweepDeliveries();
    await settled();
    const mine = commands.filter(({ command }) => issueOf(command) === issue.number);
    expect(mine.map(({ command }) => command.type)).toEqual(['request']);
    expect(await github.recovery.sweepDeliveries()).toBe(0);
  });

  it('is asked for a few times at most', async () => {
    isDeaf = true;
    sandbox.as('ann-o').openIssue({ title: 'x', body: request });
    await settled();
    const sent: number[] = [];
    for (let sweep = 0; sweep < 7; sweep += 1) {
      sent.push(await github.recovery.sweepDeliveries());
      await settled();
    }
    expect(sent).toEqual([1, 1, 1, 1, 0, 0, 0]);
  });

  it('counts only if it was never edited', async () => {
    sandbox.faults.onWebhook({ kind: 'drop' });
    const edited = sandbox.as('ann-o').openIssue({ title: 'x', body: 'nothing' });
    sandbox.as('ann-o').editIssue(edited.number, { body: request });
    const issue = sandbox.as('ann-o').openIssue({ title: 'x', body: request });
    const comment = sandbox.as('bob-l').comment(issue.number, '/deny');
    sandbox.as('bob-l').editComment(comment.id, '/approve');
    await github.surface.reread(on(edited.number));
    await github.surface.reread(on(issue.number));
    expect(commands.map(({ command }) => [command.type, issueOf(command)])).toEqual([
      ['request', issue.number],
    ]);
  });

  it('is not counted twice, however often it is read', async () => {
    const issue = sandbox.as('ann-o').openIssue({ title: 'x', body: request });
    sandbox.as('bob-l').comment(issue.number, '/approve');
    await settled();
    const before = commands.length;
    await github.surface.reread(on(issue.number));
    await github.surface.reread(on(issue.number));
    expect(commands).toHaveLength(before);
  });

  it('is found when a comment arrives before the issue that it is on', async () => {
    sandbox.faults.onWebhook({ kind: 'drop', event: 'issues' });
    const issue = sandbox.as('ann-o').openIssue({ title: 'x', body: request });
    sandbox.as('bob-l').comment(issue.number, '/approve');
    await settled();
    expect(commands.map(({ command }) => command.type)).toEqual(['request', 'approve']);
  });

  it('is nothing of what was said elsewhere, before the issue was moved here', async () => {
    sandbox.faults.onWebhook({ kind: 'drop' });
    const elsewhere = { title: 'x', body: request, repository: 'acme/shop' };
    const { number } = sandbox.as('ann-o').openIssue(elsewhere);
    sandbox.as('bob-l').comment(number, '/approve', 'acme/shop');
    sandbox.as('bob-l').comment(number, request, 'acme/shop');
    const moved = sandbox.as('max-p').transferIssue(number, 'acme/access', 'acme/shop');
    await github.recovery.rereadOpen();
    await github.surface.reread(on(moved.number));
    expect(commands.filter(({ command }) => issueOf(command) === moved.number)).toEqual([]);
  });

  it('is not looked for in all that was said, where a comment merely stands under no request', async () => {
    const issue = sandbox.as('ann-o').openIssue({ title: 'x', body: 'nothing' });
    await settled();
    asked = [];
    for (let comment = 0; comment < 3; comment += 1) sandbox.as('eve-s').comment(issue.number, '/approve');
    await settled();
    expect(asked.filter((url) => url.includes('/comments'))).toEqual([]);
    expect(commands).toEqual([]);
  });

  it('is nothing once the issue was deleted', async () => {
    sandbox.faults.onWebhook({ kind: 'drop' });
    const issue = sandbox.as('ann-o').openIssue({ title: 'x', body: request });
    sandbox.as('max-p').deleteIssue(issue.number);
    await github.surface.reread(on(issue.number));
    expect(commands).toEqual([]);
  });
});

describe('through a real GitHub', () => {
  it('an issue asks and gets its card, a comment decides and is acknowledged', async () => {
    const issue = sandbox
      .as('ann-o')
      .openIssue({ title: 'x', body: '/request production prod reason=Backfill' });
    await settled();
    const comment = sandbox.as('bob-l').comment(issue.number, '/approve go');
    await settled();
    expect(commands.map(({ command }) => [command.type, command.voice.account])).toEqual([
      ['request', 'github:583231'],
      ['approve', 'github:583232'],
    ]);
    expect([eyesOn(`issue/${issue.id}`), eyesOn(`comment/${comment.id}`)]).toEqual([0, 1]);
  });

  it('acknowledges the first of a crowd, and takes all of it', async () => {
    const issue = sandbox
      .as('ann-o')
      .openIssue({ title: 'x', body: '/request production prod reason=Backfill' });
    await settled();
    const crowd = Array.from({ length: 25 }, () => sandbox.as('bob-l').comment(issue.number, '/approve'));
    await settled();
    expect(commands).toHaveLength(26);
    const acknowledged = crowd.filter(({ id }) => eyesOn(`comment/${id}`) > 0).length;
    expect(acknowledged).toBeGreaterThan(0);
    expect(acknowledged).toBeLessThan(25);
  });

  it('the card is made once and edited in place, even after its answer was lost', async () => {
    const issue = sandbox.as('ann-o').openIssue({ title: 'x' });
    const thread = threadOf(issue.number);
    const request = aRequestNow('pending', thread);
    sandbox.faults.onRequest({ kind: 'answer-lost', method: 'POST', path: '/comments', times: 1 });
    await expect(showCard(request, thread)).rejects.toThrow();
    const ref = await showCard(request, thread);
    expect(await showCard({ ...aRequestNow('denied', thread), id: request.id }, thread, ref)).toBe(ref);
    expect(commentsOn(issue.number)).toMatchObject([
      { by: botLogin, body: expect.stringContaining('Denied') },
    ]);
  });

  it('a card that was deleted is made anew', async () => {
    const issue = sandbox.as('ann-o').openIssue({ title: 'x' });
    const thread = threadOf(issue.number);
    const request = aRequestNow('pending', thread);
    threads.set(nameOf(thread), request);
    const ref = await showCard(request, thread);
    sandbox.as('max-p').deleteComment(Number(ref));
    await settled();
    expect(reshown).toEqual([request.id]);
    const again = await showCard(request, thread, ref);
    expect(again).not.toBe(ref);
    expect(commentsOn(issue.number)).toHaveLength(1);
  });

  it('does not take for its own what somebody copied from it', async () => {
    const issue = sandbox.as('ann-o').openIssue({ title: 'x' });
    const thread = threadOf(issue.number);
    const request = aRequestNow('pending', thread);
    sandbox.as('eve-s').comment(issue.number, `fake <!-- countersign:card:${request.id} -->`);
    await showCard(request, thread);
    expect(commentsOn(issue.number).map(({ by }) => by)).toEqual(['eve-s', botLogin]);
  });

  it('a request from elsewhere gets one issue, even after the answer was lost', async () => {
    const request = aRequestNow('pending', null);
    sandbox.faults.onRequest({ kind: 'answer-lost', method: 'POST', path: /\/issues$/, times: 1 });
    await expect(github.surface.openThread(request)).rejects.toThrow();
    const thread = await github.surface.openThread(request);
    expect(await github.surface.openThread(request)).toEqual(thread);
    await settled();
    const row = sandbox.github.state.issues.get(`${repository}/${thread.issue}`);
    expect(row?.title).toBe('ann asks for Production: 30m');
    expect(commands).toEqual([]);
  });

  it('a notice and an answer are said once', async () => {
    const issue = sandbox.as('ann-o').openIssue({ title: 'x' });
    const thread = threadOf(issue.number);
    const request = aRequestNow('ended', thread);
    const command: PersonCommand = { type: 'approve', voice: { ...voiceIn(thread), ref: 'IC_9' } };
    for (let twice = 0; twice < 2; twice += 1) {
      await github.surface.sendNotice(request, { notice: 'over', to: onIssue });
      await github.surface.answer(command, { code: 'self-approval' });
    }
    expect(commentsOn(issue.number).map(({ body }) => body.split('\n')[0])).toEqual([
      expect.stringContaining('Ended on time: Production.'),
      expect.stringContaining('@ann-o This is your own request'),
    ]);
  });

  it('what another edits in a notice or in our issue is put back', async () => {
    const asked = aRequestNow('ended', null);
    const thread = await github.surface.openThread(asked);
    const told = { notice: 'over', to: onIssue } as const;
    const { ref } = await github.surface.sendNotice({ ...asked, thread }, told);
    threads.set(nameOf(thread), { ...asked, thread, messages: [{ ...told, thread, ref }] });
    const before = commentsOn(thread.issue);
    sandbox.as('max-p').editComment(Number(ref), 'Everything was fine.');
    sandbox.as('max-p').editIssue(thread.issue, { title: 'Nothing to see', body: '' });
    await settled();
    expect(commentsOn(thread.issue)).toEqual(before);
    expect(sandbox.github.state.issues.get(`${repository}/${thread.issue}`)?.title).toContain('ann asks for');
  });

  it('what we could not say again is not left as another made it: a notice that is over, and an answer', async () => {
    const issue = sandbox.as('ann-o').openIssue({ title: 'x', body: '/request production' });
    await settled();
    sandbox.as('bob-l').comment(issue.number, '/status');
    await settled();
    const asked = aRequestNow('active', null);
    const thread: GitHubThread = { surface: 'github', repository: String(repository), issue: issue.number };
    const told = { notice: 'over', to: onIssue } as const;
    const { ref } = await github.surface.sendNotice({ ...aRequestNow('ended', null), thread }, told);
    threads.set(nameOf(thread), { ...asked, thread, messages: [{ ...told, thread, ref }] });
    const ours = (): readonly { readonly id: number; readonly body: string }[] =>
      commentsOn(issue.number).filter(({ by }) => by === botLogin);
    for (const { id } of ours()) sandbox.as('max-p').editComment(id, 'Bob approved more time.');
    await settled();
    expect(ours().length).toBeGreaterThan(1);
    for (const { body } of ours()) expect(body).toMatch(/^Somebody else changed what was said here/);
  });

  it('status is answered once, however often it is delivered', async () => {
    const issue = sandbox.as('ann-o').openIssue({ title: 'x', body: '/request production' });
    await settled();
    sandbox.faults.onWebhook({ kind: 'duplicate', event: 'issue_comment', times: 1 });
    sandbox.as('bob-l').comment(issue.number, '/status');
    await settled();
    const answers = commentsOn(issue.number).filter(({ by }) => by === botLogin);
    expect(answers.length).toBeGreaterThan(0);
    expect(answers[0]?.body).toContain('Waiting for approval');
  });
});

function voiceIn(thread: GitHubThread): PersonCommand['voice'] {
  const { via } = aRequest({ thread }).request.requester;
  return { ...via, name: 'ann-o', at: clock.now(), where: thread };
}
