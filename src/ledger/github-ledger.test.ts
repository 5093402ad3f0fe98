import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commitOnBranch } from '../../sandbox/github/actions/branches.ts';
import { sampleWorld } from '../../sandbox/sample-world.ts';
import { startSandbox, type Sandbox } from '../../sandbox/server.ts';
import { checkedFetch } from '../../test/contracts/github/checked-fetch.ts';
import { createGitHubContract } from '../../test/contracts/github/github-contract.ts';
import { printProblem, type Problem } from '../../test/contracts/github/problem.ts';
import { ledgerContract, type LedgerWorld } from '../../test/contracts/ledger.ts';
import { createGitHubApp } from '../clients/github/github-app.ts';
import type { Fetch } from '../clients/http/fetch.ts';
import { instant } from '../domain/names.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Ledger, LedgerCommit, Strangers } from '../engine/ports/ledger.ts';
import { createGitHubLedger } from './github-ledger.ts';

const repositoryId = 700_100_001;
const clock: Clock = {
  now: () => instant(Date.now()),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    }),
};
const log = { info: () => {}, warn: () => {}, error: () => {} };

let folder: string;
let sandbox: Sandbox;
let worlds = 0;
const problems: Problem[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-github-'));
  sandbox = await startSandbox({ port: 0, folder, world: sampleWorld });
});
afterAll(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A branch of its own for each world: the sandbox is the same for all. */
function nextBranch(): string {
  return `countersign/ledger-${(worlds += 1)}`;
}

function ledgerOn(branch: string, wrap: (fetch: Fetch) => Fetch = (fetch) => fetch): Ledger {
  const { APP_ID: appId = '', PRIVATE_KEY: privateKey = '' } = sandbox.environment();
  const checked = checkedFetch(createGitHubContract(), globalThis.fetch, problems);
  const app = createGitHubApp({
    appId,
    privateKey,
    baseUrl: `${sandbox.url}/api/v3`,
    fetch: wrap((url, init) => checked(url, init)),
    clock,
    log,
  });
  const place = async (): ReturnType<Parameters<typeof createGitHubLedger>[0]['place']> => {
    const { installation, owner, name } = await app.forRepositoryId(repositoryId);
    return { octokit: installation.at('ledger'), owner, name };
  };
  return createGitHubLedger({ place, branch, botLogin: async () => 'countersign[bot]' });
}

function gitFolder(): string {
  return sandbox.github.git(sandbox.github.repositoryById(repositoryId)).folder;
}

async function onGitHub(): Promise<LedgerWorld> {
  const branch = nextBranch();
  return {
    ledger: ledgerOn(branch),
    folder: gitFolder(),
    branch,
    loseNextAnswer: () => {
      sandbox.faults.onRequest({ kind: 'answer-lost', body: 'createCommitOnBranch', times: 1 });
    },
    close: () => Promise.resolve(),
  };
}

ledgerContract('the ledger on GitHub', onGitHub);

describe('the ledger on GitHub', () => {
  const commit = {
    batch: 'B1',
    subject: 'bob approved',
    body: [],
    trailers: [{ name: 'Countersign-Batch', value: 'B1' }],
    files: [{ path: 'requests/2026/11/20/1.jsonl', content: '{}\n' }],
  };

  test('is committed by the app, and Verified', async () => {
    const branch = nextBranch();
    const ledger = ledgerOn(branch);
    await ledger.append(commit, await ledger.begin());
    const commits = sandbox.ledgerLog('acme/access', branch);
    expect(commits).toHaveLength(2);
    expect(commits).toMatchObject([{ verified: true }, { verified: true }]);
  });

  test('fails for good where the branch is gone, and makes no other', async () => {
    const ledger = ledgerOn(nextBranch());
    await expect(ledger.append(commit, '0123456789'.repeat(4))).rejects.toMatchObject({ transient: false });
    expect(await ledger.head()).toBeUndefined();
  });

  test('fails for now while GitHub is down, and nothing was written', async () => {
    const ledger = ledgerOn(nextBranch());
    const head = await ledger.begin();
    sandbox.faults.onRequest({ kind: 'error', status: 502, body: 'createCommitOnBranch', times: 1 });
    await expect(ledger.append(commit, head)).rejects.toMatchObject({ transient: true });
    expect(await ledger.since(head)).toEqual([]);
  });

  test('begins although the answer to the beginning was lost', async () => {
    const ledger = ledgerOn(nextBranch());
    sandbox.faults.onRequest({ kind: 'answer-lost', method: 'POST', path: '/git/refs', times: 1 });
    const head = await ledger.begin();
    expect(await ledger.head()).toBe(head);
  });
});

describe('the strangers on GitHub', () => {
  const path = (number: number): string => `requests/2026/11/20/${number}.jsonl`;
  const batch = (number: number): LedgerCommit => ({
    batch: `B${number}`,
    subject: 'said',
    body: [],
    trailers: [{ name: 'Countersign-Batch', value: `B${number}` }],
    files: [{ path: path(number), content: '{}\n' }],
  });
  async function appended(ledger: Ledger, number: number): Promise<string> {
    const answer = await ledger.append(batch(number), (await ledger.head()) ?? '');
    return 'head' in answer ? answer.head : '';
  }
  /** By somebody who knows how our commits look. */
  const push = (branch: string, files: { [path: string]: string | null }): string =>
    sandbox.as('max-p').pushFiles({ branch, message: 'Looks right\n\nCountersign-Batch: B9', files });
  const strangersOf = async (ledger: Ledger, known?: string): Promise<Strangers | undefined> =>
    ledger.strangers?.((await ledger.head()) ?? '', known === undefined ? {} : { known });

  test('are none where all is ours, or touches no entry', async () => {
    const branch = nextBranch();
    const ledger = ledgerOn(branch);
    await ledger.begin();
    await appended(ledger, 1);
    push(branch, { 'README.md': 'Mine.\n' });
    await appended(ledger, 2);
    expect(await strangersOf(ledger)).toEqual({ commits: [], asked: 4, hasOursAfter: false });
  });

  test('are whoever pushed an entry, with what they touched and what was before', async () => {
    const branch = nextBranch();
    const ledger = ledgerOn(branch);
    await ledger.begin();
    const before = await appended(ledger, 1);
    const first = push(branch, { [path(1)]: '{}\n{}\n', 'README.md': 'x' });
    const second = push(branch, { [path(1)]: null });
    const commits = [first, second].map((oid) => ({ oid, paths: [path(1)] }));
    expect(await strangersOf(ledger)).toEqual({ commits, before, asked: 4, hasOursAfter: false });
    const last = await appended(ledger, 2);
    expect(await strangersOf(ledger)).toEqual({ commits, before, asked: 5, hasOursAfter: true });
    expect(await strangersOf(ledger, last)).toEqual({ commits: [], asked: 0, hasOursAfter: false });
    expect(await strangersOf(ledger, first)).toMatchObject({ commits: commits.slice(1), before: first });
  });

  test.each([
    ['a person', (_id: number) => null],
    ['an app that took our name', (id: number) => `${id}+countersign[bot]@users.noreply.github.com`],
  ])('are whoever had GitHub sign, which it does for everybody: %s', async (_who, email) => {
    const branch = nextBranch();
    const ledger = ledgerOn(branch);
    const begun = await ledger.begin();
    const { github } = sandbox;
    const max = github.account('max-p');
    const desk = github.repositoryById(repositoryId);
    if (!max) throw new Error('Max is not there.');
    const files = new Map([[path(1), Buffer.from('{}\n')]]);
    const made = { branch, message: 'Mine', files, expectedHead: begun };
    const account = { ...max, email: email(max.id) };
    const oid = await commitOnBranch(github, { account, app: null }, desk, made);
    expect(sandbox.ledgerLog('acme/access', branch)[0]).toMatchObject({ sha: oid, verified: true });
    expect(await strangersOf(ledger)).toMatchObject({ commits: [{ oid }], before: begun });
  });

  test('are whoever takes our address and our signature from a commit of ours', async () => {
    const branch = nextBranch();
    const ledger = ledgerOn(branch);
    const begun = await ledger.begin();
    const { github } = sandbox;
    const git = github.git(github.repositoryById(repositoryId));
    const [ours] = sandbox.ledgerLog('acme/access', branch);
    const like = git.commit(ours?.sha ?? '');
    if (!like) throw new Error('There is no commit.');
    const tree = git.changeTree(
      like.tree,
      new Map([[path(1), { sha: git.writeBlob(Buffer.from('{}\n')), mode: '100644' }]]),
    );
    const oid = git.writeCommit(
      { ...like, tree, parents: [begun], message: 'As ours' },
      like.signature?.armor,
    );
    git.updateRef(`refs/heads/${branch}`, oid, begun);
    expect(await strangersOf(ledger)).toMatchObject({ commits: [{ oid }], before: begun });
  });

  test('cannot be told where the host signs nothing', async () => {
    const branch = nextBranch();
    const unsigned = ledgerOn(branch, (fetch) => async (url, init) => {
      const response = await fetch(url, init);
      if (!url.endsWith('/git/commits') || init?.method !== 'POST') return response;
      const body = await response.text();
      const headers = { ...Object.fromEntries(response.headers), 'content-length': '' };
      return new Response(body.replace('"verified":true', '"verified":false'), { status: 201, headers });
    });
    await unsigned.begin();
    push(branch, { [path(1)]: '{}\n' });
    expect(await strangersOf(unsigned)).toEqual({
      commits: [],
      asked: 2,
      hasOursAfter: false,
      isUnsigned: true,
    });
  });

  test('are looked for in a long history to its end', async () => {
    const branch = nextBranch();
    const ledger = ledgerOn(branch);
    await ledger.begin();
    const oid = push(branch, { [path(1)]: '{}\n' });
    for (let number = 0; number < 120; number += 1) push(branch, { 'notes.md': `${number}` });
    const told: (readonly [number, number])[] = [];
    const head = (await ledger.head()) ?? '';
    const found = await ledger.strangers?.(head, { progress: (done, all) => told.push([done, all]) });
    expect(found).toMatchObject({ commits: [{ oid }], asked: 122 });
    expect(told).toEqual([
      [100, 122],
      [122, 122],
    ]);
  });
});

describe('what GitHub gives in parts', () => {
  /** Changes an answer on its way; what only a huge ledger would meet. */
  const changing =
    (
      path: RegExp,
      change: (body: { [name: string]: unknown }, url: URL) => ResponseInit,
    ): ((fetch: Fetch) => Fetch) =>
    (fetch) =>
    async (url, init) => {
      const response = await fetch(url, init);
      if (!path.test(url)) return response;
      const body = JSON.parse(await response.text());
      const headers = { ...Object.fromEntries(response.headers), 'content-length': '' };
      const { headers: more } = change(body, new URL(url));
      return new Response(JSON.stringify(body), {
        headers: { ...headers, ...Object.fromEntries(new Headers(more)) },
      });
    };
  const commit = {
    batch: 'B1',
    subject: 'many',
    body: [],
    trailers: [{ name: 'Countersign-Batch', value: 'B1' }],
    files: ['requests/2026/11/20/1.jsonl', 'requests/2026/11/21/2.jsonl', 'desk/2026/11.jsonl'].map(
      (path) => ({ path, content: `{"path":"${path}"}\n` }),
    ),
  };

  test('a text that GraphQL cuts, or takes for binary, is read by itself', async () => {
    const cut = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      if ('text' in value && typeof value.text === 'string')
        Object.assign(value, { text: value.text.slice(0, 4) });
      Object.values(value).forEach(cut);
    };
    const ledger = ledgerOn(
      nextBranch(),
      changing(/\/graphql$/, (body) => {
        cut(body);
        return {};
      }),
    );
    const nul = { path: 'requests/2026/11/20/0.jsonl', content: '{"nul":"\0"}\n' };
    const files = [...commit.files, nul].sort((a, b) => (a.path < b.path ? -1 : 1));
    const answer = await ledger.append({ ...commit, files }, await ledger.begin());
    const found = [];
    for await (const file of ledger.read('head' in answer ? answer.head : '')) found.push(file);
    expect(found).toEqual(files);
  });

  test('a tree that is cut is walked folder by folder', async () => {
    const branch = nextBranch();
    const ledger = ledgerOn(
      branch,
      changing(/\/git\/trees\/[0-9a-f]{40}\?recursive/, (body) => {
        const { tree } = body;
        if (Array.isArray(tree) && tree.some(({ type }) => type === 'tree'))
          Object.assign(body, { truncated: true, tree: [] });
        return {};
      }),
    );
    const answer = await ledger.append(commit, await ledger.begin());
    const paths = [];
    for await (const { path } of ledger.read('head' in answer ? answer.head : '')) paths.push(path);
    expect(paths.sort()).toEqual(commit.files.map(({ path }) => path).sort());
  });

  test('the files of a commit are read to the last page', async () => {
    const branch = nextBranch();
    const ledger = ledgerOn(
      branch,
      changing(/\/commits\/[0-9a-f]{40}(\?|$)/, (body, url) => {
        const page = Number(url.searchParams.get('page') ?? 1);
        const { files } = body;
        if (Array.isArray(files)) Object.assign(body, { files: files.slice(page - 1, page) });
        return page < 3 ? { headers: { link: `<${url.origin}/>; rel="next"` } } : {};
      }),
    );
    const begun = await ledger.begin();
    await ledger.append(commit, begun);
    const paths = commit.files.map(({ path }) => path).sort();
    expect(await ledger.since(begun)).toMatchObject([{ batch: 'B1', paths }]);
  });

  test('a commit with more files than GitHub lists is not taken for harmless', async () => {
    const branch = nextBranch();
    const ledger = ledgerOn(
      branch,
      changing(/\/commits\/[0-9a-f]{40}(\?|$)/, (body) => {
        const files = Array.from({ length: 3000 }, (_, index) => ({ filename: `notes/${index}` }));
        Object.assign(body, { files });
        return {};
      }),
    );
    const begun = await ledger.begin();
    await ledger.append(commit, begun);
    const history = await ledger.since(begun);
    expect(history === 'unrelated' ? [] : history[0]?.paths).toContain('requests');
  });

  test('a long history is read to its end, in order', async () => {
    const branch = nextBranch();
    const ledger = ledgerOn(branch);
    const begun = await ledger.begin();
    const person = sandbox.as('max-p');
    const oids = Array.from({ length: 103 }, (_, index) =>
      person.pushFiles({ branch, message: `Note ${index}`, files: { 'notes.md': `${index}\n` } }),
    );
    const history = await ledger.since(begun);
    expect(history === 'unrelated' ? [] : history.map(({ oid }) => oid)).toEqual(oids);
  });
});

test('every request of these tests, and every answer to it, is as GitHub describes it', () => {
  expect(problems.map(printProblem)).toEqual([]);
  expect(sandbox.unknownRequests).toEqual([]);
});
