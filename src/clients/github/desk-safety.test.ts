import { describe, expect, it } from 'vitest';
import {
  createKeptLog,
  createScriptedGitHub,
  testKey,
  tokenAsUsual,
  type Reply,
} from '../../../test/scripted-github.ts';
import { createVirtualClock } from '../../../test/virtual-clock.ts';
import { deskId } from '../../domain/names.ts';
import { createDeskSafety, type AcceptableRisk } from './desk-safety.ts';
import { createDeskSource } from './desk-source.ts';
import { createGitHubApp } from './github-app.ts';

const desk = deskId('github', 4711);
const reviewed = { type: 'pull_request', parameters: { require_code_owner_review: true } };

interface World {
  isPrivate?: boolean;
  rules?: readonly unknown[];
  files?: { readonly [path: string]: string };
  /** Answered to everything about the repository. */
  trouble?: Reply | 'break';
}

/** A repository whose state a test may change on the way. */
function given(world: World = {}, accepted: readonly AcceptableRisk[] = []) {
  const clock = createVirtualClock();
  const gitHub = createScriptedGitHub(clock, ({ path }) => {
    if (path.endsWith('/access_tokens')) return tokenAsUsual;
    if (path.startsWith('/app/installations')) return { json: [{ id: 1, suspended_at: null }] };
    if (path.endsWith('/installation')) return { json: { id: 1 } };
    return world.trouble ?? repositoryAnswer(path, world);
  });
  const github = createGitHubApp({
    appId: 7,
    privateKey: testKey.privateKey,
    baseUrl: 'https://github.test',
    fetch: gitHub.fetch,
    clock,
    log: createKeptLog(),
    random: () => 0,
  });
  const source = createDeskSource({ github });
  const safety = createDeskSafety({ github, source, clock, accepted: () => accepted });
  const codes = async () => (await clock.settle(safety.risks(desk))).map(({ code }) => code);
  return { clock, gitHub, source, codes, world, safety };
}

function repositoryAnswer(path: string, world: World): Reply {
  const files = world.files ?? { '.github/CODEOWNERS': '/flows/ @acme/platform', 'flows/a.yml': 'label: A' };
  if (path.startsWith('/repositories/')) {
    const owner = { login: 'acme' };
    return { json: { name: 'access', owner, private: world.isPrivate ?? true, default_branch: 'main' } };
  }
  if (path.includes('/rules/branches/main')) return { json: world.rules ?? [reviewed] };
  if (path.endsWith('/branches/main')) return { json: { commit: { sha: 'c1' } } };
  if (path.includes('/git/blobs/')) {
    const name = Buffer.from(path.split('/').at(-1) ?? '', 'base64url').toString();
    return { json: { content: Buffer.from(files[name] ?? '').toString('base64'), encoding: 'base64' } };
  }
  const [, folder = ''] = /\/git\/trees\/(?:c1|tree-([^?]*))/.exec(path) ?? [];
  return { json: { truncated: false, tree: treeOf(folder, files) } };
}

/** Hashes here are the path, so that a test can read them. */
function treeOf(folder: string, files: { readonly [path: string]: string }): readonly unknown[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const inside = Object.keys(files).filter((path) => path.startsWith(prefix));
  const folders =
    folder === '' ? new Set(inside.flatMap((path) => path.split('/').slice(0, -1)[0] ?? [])) : [];
  return [
    ...[...folders].map((path) => ({ path, mode: '040000', type: 'tree', sha: `tree-${path}` })),
    ...inside
      .filter((path) => folder !== '' || !path.includes('/'))
      .map((path) => ({
        path: path.slice(prefix.length),
        mode: path.endsWith('.link') ? '120000' : '100644',
        type: 'blob',
        sha: Buffer.from(path).toString('base64url'),
        size: files[path]?.length,
      })),
  ];
}

describe('the files of a desk', () => {
  it('are those under flows/ and CODEOWNERS, without links, and each is fetched once', async () => {
    const { source, clock, gitHub } = given({
      files: {
        'README.md': 'no',
        'docs/guide.md': 'no',
        'docs/CODEOWNERS': '* @ann',
        'flows/a.yml': 'label: A',
        'flows/hooks/b.ts': 'export {}',
        'flows/out.link': '../../etc/passwd',
      },
    });
    const read = async () => clock.settle(source.read(desk, 'c1'));
    const files = await read();
    expect([...files.keys()].sort()).toEqual(['docs/CODEOWNERS', 'flows/a.yml', 'flows/hooks/b.ts']);
    expect(new TextDecoder().decode(files.get('flows/a.yml'))).toBe('label: A');
    await read();
    expect(gitHub.asked.filter(({ path }) => path.includes('/blobs/'))).toHaveLength(3);
  });

  it('come from the head of the default branch', async () => {
    const { source, clock } = given();
    expect(await clock.settle(source.head(desk))).toEqual({ commit: 'c1', branch: 'main' });
  });
});

describe('a desk takes requests', () => {
  it('where it is private and its owners review its flows', async () => {
    expect(await given().codes()).toEqual([]);
  });

  it('not where it is public', async () => {
    expect(await given({ isPrivate: false }).codes()).toEqual(['public-desk']);
  });

  it.each([
    ['no rule', []],
    [
      'a rule that asks no owner',
      [{ type: 'pull_request', parameters: { require_code_owner_review: false } }],
    ],
    ['another rule', [{ type: 'required_signatures' }]],
  ])('not with %s on the default branch', async (_, rules) => {
    expect(await given({ rules }).codes()).toEqual(['unreviewed-flows']);
  });

  it.each([
    ['without CODEOWNERS', {}],
    ['where it covers something else', { CODEOWNERS: '/app/ @ann' }],
    ['where it covers the files of today alone', { CODEOWNERS: '/flows/a.yml @ann' }],
    ['where it does not cover folders', { CODEOWNERS: '/flows/* @ann' }],
    ['where a later rule lets one file go', { CODEOWNERS: '/flows/ @ann\n/flows/people.yml' }],
    ['where the file that counts says nothing', { '.github/CODEOWNERS': '', CODEOWNERS: '* @ann' }],
  ])('not %s', async (_, owners) => {
    const files = { 'flows/a.yml': 'x', 'flows/people.yml': 'x', ...owners };
    expect(await given({ files }).codes()).toEqual(['unreviewed-flows']);
  });

  it('where the operator accepted the risk, and that risk alone', async () => {
    expect(await given({ isPrivate: false, rules: [] }, ['public-desk']).codes()).toEqual([
      'unreviewed-flows',
    ]);
    expect(await given({ isPrivate: false, rules: [] }, ['public-desk', 'unreviewed-flows']).codes()).toEqual(
      [],
    );
  });

  it('not where GitHub cannot be asked, whatever was accepted', async () => {
    expect(await given({ trouble: 'break' }, ['public-desk', 'unreviewed-flows']).codes()).toEqual([
      'unknown',
    ]);
  });
});

describe('while time passes', () => {
  it('is believed for five minutes', async () => {
    const { codes, world, clock } = given();
    await codes();
    world.isPrivate = false;
    await clock.advance(4 * 60_000);
    expect(await codes()).toEqual([]);
    await clock.advance(2 * 60_000);
    expect(await codes()).toEqual(['public-desk']);
  });

  it('keeps the last answer through an outage, asks again after a minute, and not for more than a day', async () => {
    const { codes, world, clock, gitHub } = given();
    await codes();
    world.trouble = { status: 503 };
    await clock.advance(6 * 60_000);
    expect(await codes()).toEqual([]);
    const asked = gitHub.asked.length;
    expect(await codes()).toEqual([]);
    expect(gitHub.asked).toHaveLength(asked);
    await clock.advance(25 * 3_600_000);
    expect(await codes()).toEqual(['unknown']);
    delete world.trouble;
    await clock.advance(61_000);
    expect(await codes()).toEqual([]);
  });

  it('forgets the last answer where GitHub says that we may not look', async () => {
    const { codes, world, clock } = given();
    await codes();
    world.trouble = { status: 403, json: { message: 'Resource not accessible by integration' } };
    await clock.advance(6 * 60_000);
    expect(await codes()).toEqual(['unknown']);
  });

  it('looks once for many who ask at once', async () => {
    const { safety, clock, gitHub } = given();
    await clock.settle(Promise.all([safety.risks(desk), safety.risks(desk), safety.risks(desk)]));
    expect(gitHub.asked.filter(({ path }) => path.includes('/rules/'))).toHaveLength(1);
  });
});
