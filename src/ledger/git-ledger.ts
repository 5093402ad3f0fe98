// A ledger in a local Git repository, bare or not: for any host, for the sandbox, for tests.
import type { Clock } from '../engine/ports/clock.ts';
import type { Ledger, LedgerFile, LedgerHistoryItem } from '../engine/ports/ledger.ts';
import { Failure } from '../engine/ports/failure.ts';
import { fastImport, type Author, type ImportedCommit } from './fast-import.ts';
import { firstFiles, firstMessage } from './first-commit.ts';
import { createGit, type Git, type GitAnswer } from './git-process.ts';
import { entryFolders } from './layout.ts';
import { batchOf, printMessage } from './message.ts';

export interface GitLedgerOptions {
  /** The repository: its own folder if it is bare, else the one that holds `.git`. */
  readonly folder: string;
  /** `countersign/ledger` */
  readonly branch: string;
  readonly author: Author;
  readonly clock: Clock;
  /** How Git is run. */
  readonly git?: Git;
}

export function createGitLedger({ folder, branch, author, clock, ...options }: GitLedgerOptions): Ledger {
  const git = options.git ?? createGit(folder);
  const ref = `refs/heads/${branch}`;

  async function head(): Promise<string | undefined> {
    const { code, stdout, stderr } = await git(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
    if (code === 0) return stdout.toString().trim();
    // A missing branch is told in silence; anything said is another trouble.
    if (stderr !== '') throw refused('read', { code, stdout, stderr });
    return undefined;
  }

  /** Parks the commit beside the branch, so that the branch can then be moved by compare-and-set. */
  async function park(commit: Omit<ImportedCommit, 'author' | 'at'>): Promise<string> {
    const stream = fastImport({ ...commit, author, at: Date.parse(clock.now()) });
    const answer = await git(['fast-import', '--quiet', '--force', '--date-format=raw'], stream);
    if (answer.code !== 0) throw refused('written', answer);
    return answer.stdout.toString().trim();
  }

  /** `before` is where the branch has to be, undefined where it must not exist. */
  async function moveBranch(
    from: ImportedCommit['ref'],
    to: string,
    before: string | undefined,
  ): Promise<GitAnswer> {
    const updates = [`update ${ref} ${to} ${before ?? '0'.repeat(to.length)}`, `delete ${from}`];
    return git(['update-ref', '--stdin'], updates.map((line) => `${line}\n`).join(''));
  }

  async function start(): Promise<string> {
    const present = await head();
    if (present !== undefined) return present;
    const parked = 'refs/countersign/begin';
    const first = await park({ ref: parked, message: firstMessage, files: firstFiles });
    const moved = await moveBranch(parked, first, undefined);
    const begun = await head();
    if (begun === undefined) throw refused('begun', moved);
    return begun;
  }
  let starting: Promise<string> | undefined;

  return {
    head,
    begin: () => (starting ??= start().finally(() => (starting = undefined))),
    async append(commit, expectedHead) {
      if ((await head()) !== expectedHead) return { conflict: true };
      const { headline, body } = printMessage(commit);
      const parked = `refs/countersign/batch/${commit.batch}`;
      const message = `${headline}\n\n${body}\n`;
      const next = await park({ ref: parked, parent: expectedHead, message, files: commit.files });
      const moved = await moveBranch(parked, next, expectedHead);
      if (moved.code === 0) return { head: next };
      await git(['update-ref', '-d', parked]);
      if ((await head()) !== expectedHead) return { conflict: true };
      throw refused('written', moved);
    },
    async since(from) {
      const tip = await head();
      if (tip === undefined) return 'unrelated';
      // 1: it does not descend from it. 128: nobody here has ever seen that commit.
      const { code } = await git(['merge-base', '--is-ancestor', from, tip]);
      return code === 0 ? readHistory(git, from, tip) : 'unrelated';
    },
    read: (from) => readFiles(git, from),
  };
}

/** Oldest first; of a merge, what it changed for the branch that it was made on. */
async function readHistory(git: Git, from: string, tip: string): Promise<readonly LedgerHistoryItem[]> {
  const range = ['--reverse', '--topo-order', tip, `^${from}`];
  const log = await must(git(['log', '-z', '--format=%H%x00%B', ...range]), 'read');
  const said = log.toString().split('\0');
  const messages = said.filter((_, index) => index % 2 === 1);
  const oids = said.filter((text, index) => index % 2 === 0 && text !== '');
  if (oids.length === 0) return [];
  const paths = await touchedPaths(git, oids);
  return oids.map((oid, index) => {
    const batch = batchOf(messages[index] ?? '');
    return { oid, ...(batch !== undefined && { batch }), paths: paths.get(oid) ?? [] };
  });
}

async function touchedPaths(
  git: Git,
  oids: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const compare = ['--diff-merges=first-parent', '--no-renames', '--root', '--always', '--name-only'];
  const args = ['diff-tree', '--stdin', '-r', '-z', ...compare];
  const said = (await must(git(args, oids.map((oid) => `${oid}\n`).join('')), 'read')).toString().split('\0');
  const paths = new Map<string, string[]>();
  let next = 0;
  let current: string[] = [];
  for (const text of said.slice(0, -1)) {
    // Git answers in the order of the question: no file can be named by the hash of its own commit.
    if (text === oids[next]) {
      current = [];
      paths.set(text, current);
      next += 1;
    } else current.push(text);
  }
  return paths;
}

const filesAtOnce = 256;

async function* readFiles(git: Git, from: string): AsyncIterable<LedgerFile> {
  const listing = await must(git(['ls-tree', '-r', '-z', from, '--', ...entryFolders]), 'read');
  const files = listing
    .toString()
    .split('\0')
    .flatMap((row) => {
      const [, oid, path] = /^\d+ blob ([0-9a-f]+)\t(.+)$/s.exec(row) ?? [];
      return oid === undefined || path === undefined ? [] : [{ oid, path }];
    });
  for (let start = 0; start < files.length; start += filesAtOnce) {
    const some = files.slice(start, start + filesAtOnce);
    const blobs = await must(
      git(['cat-file', '--batch'], some.map(({ oid }) => `${oid}\n`).join('')),
      'read',
    );
    yield* contents(some, blobs);
  }
}

/** `<oid> blob <bytes>`, the bytes, a line break; and so on. */
function* contents(
  files: readonly { readonly oid: string; readonly path: string }[],
  blobs: Buffer,
): Iterable<LedgerFile> {
  let position = 0;
  for (const { oid, path } of files) {
    const end = blobs.indexOf('\n', position);
    const size = new RegExp(`^${oid} blob (\\d+)$`).exec(blobs.toString('utf8', position, end))?.[1];
    if (size === undefined)
      throw new Failure(`The ledger lacks the content of ${path}.`, { transient: false });
    yield { path, content: blobs.toString('utf8', end + 1, end + 1 + Number(size)) };
    position = end + 1 + Number(size) + 1;
  }
}

async function must(running: Promise<GitAnswer>, done: 'read' | 'written'): Promise<Buffer> {
  const answer = await running;
  if (answer.code !== 0) throw refused(done, answer);
  return answer.stdout;
}

/** A lock that another process holds goes away; a repository that is not there does not. */
function refused(done: 'read' | 'written' | 'begun', { code, stderr }: GitAnswer): Failure {
  const [why = ''] = stderr.split('\n');
  const transient = /\.lock'|cannot lock ref|No space left|Cannot allocate/i.test(stderr);
  return new Failure(`The ledger could not be ${done}: git ended with ${code}. ${why}`.trim(), { transient });
}
