// The ledger as anybody may read it: at once from the sandbox's branch while the day goes on, and from a real clone at its end.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryNamed } from '../../sandbox/driver.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import type { Entry } from '../../src/domain/entries.ts';
import { parseLine } from '../../src/domain/entry-line.ts';
import type { LedgerFile } from '../../src/engine/ports/ledger.ts';
import type { Request } from '../../src/domain/request.ts';
import { deskId } from '../../src/domain/names.ts';
import { readStream } from '../../src/ledger/read-stream.ts';
import { readRequestFile, type RequestFile } from '../../src/ledger/rebuild.ts';

const branch = 'countersign/ledger';
const deskName = 'acme/access';

export interface LedgerView {
  /** Every request of the ledger, as its lines add up now. Throws where a file cannot be believed. */
  requests(): readonly Request[];
  entries(): readonly Entry[];
  /** The request whose thread this issue is. */
  at(issue: number): Request | undefined;
}

type SoundFile = Extract<RequestFile, { ok: true }>;

/** Reads each state of the branch and of a file once, since waiting looks often. */
export function ledgerView({ github }: Sandbox): LedgerView {
  const read = new Map<string, SoundFile>();
  let last: { readonly head: string; readonly files: readonly SoundFile[] } | undefined;

  function files(): readonly SoundFile[] {
    const head = github.git(repositoryNamed(github, deskName)).readRef(`refs/heads/${branch}`);
    if (head === undefined) return [];
    if (last?.head !== head) last = { head, files: filesAt(head) };
    return last.files;
  }

  function filesAt(head: string): readonly SoundFile[] {
    const git = github.git(repositoryNamed(github, deskName));
    return [...git.walk(git.commit(head)?.tree ?? '')]
      .filter(({ path, type }) => type === 'blob' && path.startsWith('requests/'))
      .map(({ path, sha }) => {
        const known = read.get(sha);
        if (known) return known;
        const file = readRequestFile(path, git.object(sha)?.content.toString() ?? '');
        if (!file.ok) throw new Error(`The ledger is broken: ${path}: ${file.problem.sentence}`);
        read.set(sha, file);
        return file;
      });
  }

  const requests = (): readonly Request[] => files().map(({ request }) => request);
  return {
    requests,
    entries: () => files().flatMap(({ lines }) => lines.flatMap(entryOf)),
    at: (issue) => requests().find(({ thread }) => thread?.issue === issue),
  };
}

function entryOf(line: string): readonly Entry[] {
  const parsed = parseLine(line);
  return 'entry' in parsed ? [parsed.entry] : [];
}

/** What a plain `git clone` of the ledger says against it; empty where all is well. */
export async function problemsOfClone(sandbox: Sandbox, folder: string): Promise<readonly string[]> {
  await git(
    folder,
    'clone',
    '-q',
    '--branch',
    branch,
    '--single-branch',
    `${sandbox.url}/${deskName}.git`,
    'clone',
  );
  const clone = join(folder, 'clone');
  const [fsck, merges, removed, batches] = await Promise.all([
    git(clone, 'fsck', '--strict', '--no-dangling', '--no-progress'),
    git(clone, 'rev-list', '--min-parents=2', 'HEAD'),
    git(clone, 'log', '--format=', '--numstat', 'HEAD'),
    git(clone, 'log', '--format=%(trailers:key=Countersign-Batch,valueonly)', 'HEAD'),
  ]);
  const names = lines(batches);
  const files = readdirSync(clone, { recursive: true, encoding: 'utf8' })
    .filter((path) => /^(requests|desk)\/.*\.jsonl$/.test(path))
    .map((path) => ({ path, content: readFileSync(join(clone, path), 'utf8') }));
  const requests = files.filter(({ path }) => path.startsWith('requests/'));
  const months = files.filter(({ path }) => path.startsWith('desk/'));
  return [
    ...lines(fsck).map((line) => `git fsck: ${line}`),
    ...lines(merges).map((commit) => `${commit} merges: the branch has not only gone forward`),
    ...lines(removed)
      .filter((line) => !/^\d+\t0\t/.test(line))
      .map((line) => `a commit takes lines away: ${line}`),
    ...names
      .filter((name, index) => names.indexOf(name) !== index)
      .map((name) => `batch ${name} was committed twice`),
    ...problemsOfFiles(requests),
    ...problemsOfStream(sandbox, months),
    ...(requests.length === 0 ? ['the clone holds no request'] : []),
  ];
}

function problemsOfFiles(files: readonly LedgerFile[]): readonly string[] {
  return files.flatMap(({ path, content }) => {
    const file = readRequestFile(path, content);
    return file.ok ? [] : [`${path}: ${file.problem.code}: ${file.problem.sentence}`];
  });
}

function problemsOfStream({ github }: Sandbox, months: readonly LedgerFile[]): readonly string[] {
  if (months.length === 0) return [];
  const read = readStream(deskId('github', repositoryNamed(github, deskName).id), months);
  return read.ok ? [] : [`${read.problem.path}: ${read.problem.code}: ${read.problem.sentence}`];
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

/** Not `execFileSync`: the server that answers is in this process. */
async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: cwd, GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_NOSYSTEM: '1' };
  const { stdout, stderr } = await promisify(execFile)('git', args, { cwd, env });
  return `${stdout}${stderr}`;
}
