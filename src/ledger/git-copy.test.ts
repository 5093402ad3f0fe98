import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aWrittenLedger, writeTwoRequests, type WrittenLedger } from '../../test/builders/written-ledger.ts';
import { openGitCopy } from './git-copy.ts';
import type { LedgerCopy } from './ledger-copy.ts';

let written: WrittenLedger;
let folder: string;
let clones = 0;

beforeAll(async () => {
  written = await aWrittenLedger();
  folder = mkdtempSync(join(tmpdir(), 'git-copy-'));
  await writeTwoRequests(written);
});
afterAll(() => {
  written.close();
  rmSync(folder, { recursive: true });
});

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  }).toString();

function clone(...options: readonly string[]): string {
  const place = join(folder, `clone-${(clones += 1)}`);
  git('clone', '--quiet', ...options, `file://${written.folder}`, place);
  return place;
}

async function opened<Read>(
  place: string,
  read: (copy: LedgerCopy) => Promise<Read>,
  ref?: string,
): Promise<Read> {
  const copy = await openGitCopy(place, ref);
  try {
    return await read(copy);
  } finally {
    copy.close();
  }
}

/** All that a verifier reads. */
const all = (place: string): Promise<void> =>
  opened(place, async (copy) => {
    for await (const commit of copy.commits()) expect(commit.oid).toHaveLength(40);
    for await (const file of copy.files()) expect(file.mode).toBe('100644');
  });

const refOf = async ({ ref, partedFrom }: LedgerCopy): Promise<unknown> =>
  partedFrom === undefined ? ref : { ref, partedFrom };
const branch = 'countersign/ledger';

describe('finds the ledger', () => {
  test.each<readonly [string, readonly string[], string]>([
    ['that was checked out', ['--branch', branch], `refs/remotes/origin/${branch}`],
    ['in a clone of everything', [], `refs/remotes/origin/${branch}`],
    ['in a bare clone', ['--bare'], `refs/heads/${branch}`],
    ['in a mirror', ['--mirror'], `refs/heads/${branch}`],
    ['of a remote with another name', ['--origin', 'acme'], `refs/remotes/acme/${branch}`],
  ])('%s', async (_, options, ref) => {
    expect(await opened(clone(...options), refOf)).toBe(ref);
  });

  test('that somebody names, by branch or by commit', async () => {
    const place = clone();
    expect(await opened(place, refOf, `origin/${branch}`)).toBe(`origin/${branch}`);
    const head = written.repository.head();
    expect(await opened(place, async (copy) => copy.head, head)).toBe(head);
  });

  test('where the remote has gone on, and where it was written here', async () => {
    const place = clone('--branch', branch);
    git('-C', place, 'reset', '--quiet', '--hard', 'HEAD~2');
    expect(await opened(place, refOf)).toBe(`refs/remotes/origin/${branch}`);
    git('-C', place, 'reset', '--quiet', '--hard', `origin/${branch}`);
    git('-C', place, 'commit', '--quiet', '--allow-empty', '-m', 'Mine');
    expect(await opened(place, refOf)).toBe(`refs/heads/${branch}`);
  });

  test('and that it was rewritten since this clone was made', async () => {
    const place = clone('--branch', branch);
    const head = written.repository.head();
    written.repository.commit({ 'README.md': 'Other.\n' }, 'Other', [`${head}~3`]);
    git('-C', place, 'fetch', '--quiet');
    const found = await opened(place, refOf);
    written.repository.point(head);
    expect(found).toEqual({ ref: `refs/remotes/origin/${branch}`, partedFrom: `refs/heads/${branch}` });
  });
});

describe('says what is missing', () => {
  const failure = async (place: string, ref?: string): Promise<string> =>
    opened(place, async () => 'nothing', ref).catch((error: unknown) =>
      error instanceof Error ? `${error.name}: ${error.message}` : 'nothing',
    );

  test('the repository', async () => {
    expect(await failure(mkdtempSync(join(folder, 'empty-')))).toContain(
      'Failure: This is no Git repository',
    );
    expect(await failure(join(folder, 'nowhere'))).toContain('Failure: This is no Git repository');
  });

  test('the branch', async () => {
    const place = mkdtempSync(join(folder, 'other-'));
    git('init', '--quiet', place);
    expect(await failure(place)).toContain(`There is no branch ${branch} here.`);
    expect(await failure(clone(), 'release')).toContain('There is no “release” in this repository.');
    expect(await failure(clone(), '--all')).toContain('There is no “--all” in this repository.');
  });

  test('which of several remotes', async () => {
    const place = clone('--origin', 'one');
    const head = written.repository.head();
    git('-C', place, 'remote', 'add', 'two', `file://${written.folder}`);
    written.repository.point(`${head}~1`);
    git('-C', place, 'fetch', '--quiet', 'two');
    written.repository.point(head);
    expect(await failure(place)).toContain(
      'Several remotes have a ledger. Say which with --ref: refs/remotes/one/',
    );
  });

  test('the history of a shallow clone', async () => {
    expect(await failure(clone('--depth', '1', '--branch', branch))).toContain('git fetch --unshallow');
  });

  test('the content of a partial clone, and fetches nothing', async () => {
    git('-C', written.folder, 'config', 'uploadpack.allowFilter', 'true');
    const place = clone('--filter=blob:none', '--no-checkout', '--branch', branch);
    const reading = opened(place, async (copy) => {
      for await (const { path } of copy.files()) expect(path).toBe('none');
    });
    await expect(reading).rejects.toThrow(/lacks object|Git ended/);
  });
});

describe('reads', () => {
  test('commits in their order with what they changed, more than are asked for at once', async () => {
    const other = await aWrittenLedger();
    const changesOf = (number: number): string =>
      number % 9 === 0 ? 'D requests/x' : `M 100644 inline requests/x\ndata <<.\n${number}\n.`;
    const commits = Array.from({ length: 450 }, (_, index) =>
      [
        `commit refs/heads/${branch}`,
        `committer Max <max@acme.com> ${1_800_000_000 + index} +0000`,
        `data <<.\n${index}\n.`,
        ...(index === 0 ? [`from ${other.repository.head()}`] : []),
        changesOf(index + 1),
        `M 100644 inline README\ndata <<.\n${index}\n.`,
      ].join('\n'),
    );
    // One process, where a commit for each of them would be two thousand.
    execFileSync('git', ['-C', other.folder, 'fast-import', '--quiet'], { input: `${commits.join('\n')}\n` });
    const oids = git('-C', other.folder, 'rev-list', '--reverse', branch).trim().split('\n');
    const read: string[] = [];
    const changes: number[] = [];
    const copy = await openGitCopy(other.folder);
    for await (const commit of copy.commits()) {
      read.push(commit.oid);
      changes.push(commit.changes.filter(({ path }) => path === 'requests/x').length);
      expect(commit.changes.every(({ path }) => path.startsWith('requests'))).toBe(true);
    }
    copy.close();
    other.close();
    expect(read).toEqual(oids);
    expect(changes).toEqual([0, ...Array.from({ length: 450 }, () => 1)]);
  });

  test('what is there, and not what somebody put over it', async () => {
    const place = clone('--bare');
    const before = await opened(place, async (copy) => copy.length);
    const head = written.repository.head();
    git('-C', place, 'replace', '--graft', head, `${head}~4`);
    expect(Number(git('-C', place, 'rev-list', '--count', branch))).toBe(before - 3);
    expect(await opened(place, async (copy) => copy.length)).toBe(before);
  });

  test('names that are no plain words, and no other folders', async () => {
    const other = await aWrittenLedger();
    const names = ['requests/Über "uns"\n.jsonl', 'desk/:x', 'requests'.concat('/a b')];
    other.repository.commit(Object.fromEntries([...names, 'requestsX/y'].map((name) => [name, 'x\n'])));
    const copy = await openGitCopy(other.folder);
    const files: string[] = [];
    for await (const { path, content } of copy.files()) {
      files.push(path);
      expect(content.toString()).toBe('x\n');
    }
    const changed: string[] = [];
    for await (const { changes } of copy.commits()) changed.push(...changes.map(({ path }) => path));
    copy.close();
    other.close();
    expect(files.sort()).toEqual([...names].sort());
    expect(changed.sort()).toEqual([...names].sort());
  });

  test('nothing of what the repository would have Git run', async () => {
    const place = clone('--branch', branch);
    const trap = join(folder, 'trap');
    writeFileSync(join(place, '.git/hooks/post-checkout'), `#!/bin/sh\ntouch ${trap}\n`, { mode: 0o755 });
    git('-C', place, 'config', 'diff.external', `touch ${trap}`);
    git('-C', place, 'config', 'core.fsmonitor', `touch ${trap}`);
    git('-C', place, 'config', 'log.showSignature', 'true');
    git('-C', place, 'config', 'gpg.program', `touch ${trap}`);
    await opened(place, async (copy) => {
      for await (const commit of copy.commits()) expect(commit.oid).toHaveLength(40);
    });
    expect(() => execFileSync('ls', [trap], { stdio: 'pipe' })).toThrow();
  });

  test('nothing that would first be fetched, whatever the repository allows itself', async () => {
    git('-C', written.folder, 'config', 'uploadpack.allowFilter', 'true');
    const place = clone('--filter=blob:none', '--no-checkout', '--branch', branch);
    const trap = join(folder, 'fetch-trap');
    git('-C', place, 'config', 'remote.origin.url', `ext::sh -c touch% ${trap}`);
    git('-C', place, 'config', 'protocol.ext.allow', 'always');
    await expect(all(place)).rejects.toThrow();
    expect(existsSync(trap)).toBe(false);
  });
});

describe('does not believe', () => {
  test('an object that is not what its name says', async () => {
    const [commit = ''] = git('-C', clone('--bare'), 'rev-list', branch).split('\n');
    for (const name of [`${commit}^{tree}`, `${commit}:requests`, anyFile(commit)]) {
      const place = clone('--bare');
      const [oid = ''] = git('-C', place, 'rev-parse', name).split('\n');
      const type = git('-C', place, 'cat-file', '-t', oid).trim();
      const content = execFileSync('git', ['-C', place, 'cat-file', type, oid]);
      forge(place, oid, type, type === 'tree' ? content : Buffer.concat([content, Buffer.from('x')]));
      if (type === 'tree') forge(place, oid, type, Buffer.concat([content, entryNamed('zzz', content)]));
      await expect(all(place)).rejects.toThrow(`Object ${oid} is not what its name says`);
    }
  });

  test('what the repository remembers of who follows whom', async () => {
    const place = clone('--bare');
    const before = await opened(place, async (copy) => copy.length);
    git('-C', place, 'commit-graph', 'write', '--reachable');
    const file = join(place, 'objects/info/commit-graph');
    const graph = readFileSync(file);
    chmodSync(file, 0o644);
    // Of each commit: its tree, then the number of its first parent. Now none has one.
    const table = graph.readUInt32BE(graph.indexOf('CDAT') + 8);
    const data = table || graph.readUInt32BE(graph.indexOf('CDAT') + 4);
    for (let row = 0; row < before; row += 1) graph.writeUInt32BE(0x70000000, data + row * 36 + 20);
    writeFileSync(file, graph);
    expect(Number(git('-C', place, 'rev-list', '--count', branch))).toBe(1);
    expect(await opened(place, async (copy) => copy.length)).toBe(before);
  });

  const anyFile = (commit: string): string => {
    const [file = ''] = git('-C', written.folder, 'ls-tree', '-r', '--name-only', commit, 'requests').split(
      '\n',
    );
    return `${commit}:${file}`;
  };

  /** As a clone may be handed over: nobody has looked whether its objects are what they are called. */
  function forge(place: string, oid: string, type: string, content: Buffer): void {
    for (const pack of readdirSync(join(place, 'objects/pack')).filter((name) => name.endsWith('.pack'))) {
      const bytes = readFileSync(join(place, 'objects/pack', pack));
      for (const end of ['.pack', '.idx', '.rev'])
        rmSync(join(place, 'objects/pack', pack.replace('.pack', end)), { force: true });
      execFileSync('git', ['-C', place, 'unpack-objects', '-q'], { input: bytes });
    }
    const file = join(place, 'objects', oid.slice(0, 2), oid.slice(2));
    chmodSync(file, 0o644);
    writeFileSync(file, deflateSync(Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content])));
  }

  /** The first entry of a tree once more, under another name. */
  function entryNamed(name: string, tree: Buffer): Buffer {
    const end = tree.indexOf(0);
    return Buffer.concat([
      tree.subarray(0, tree.indexOf(32) + 1),
      Buffer.from(`${name}\0`),
      tree.subarray(end + 1, end + 21),
    ]);
  }
});
