// Reads a ledger out of any clone of it, bare or not: offline, with four processes however long it is.
import { Failure } from '../engine/ports/failure.ts';
import { findLedgerRef } from './find-ledger-ref.ts';
import { createGit, createGitStarter, type Git, type StartGit } from './git-process.ts';
import { entryFolders } from './layout.ts';
import type { CopiedChange, CopiedCommit, CopiedFile, LedgerCopy, ListedFile } from './ledger-copy.ts';
import { createObjectReader, type ObjectReader } from './object-reader.ts';
import { parseRawCommit } from './raw-commit.ts';

/** Throws `Failure` with a sentence that says what to do: no repository, no ledger in it, a part of it missing. */
export async function openGitCopy(folder: string, ref?: string): Promise<LedgerCopy> {
  const git = createGit(folder);
  const start = createGitStarter(folder);
  const found = await findLedgerRef(git, ref);
  const oids = (await lines(git, ['rev-list', '--first-parent', '--reverse', found.head])).filter(Boolean);
  const objects = createObjectReader(start);
  return {
    ...found,
    hash: found.head.length === 64 ? 'sha256' : 'sha1',
    length: oids.length,
    async *commits() {
      await readTrees(git, objects, found.head);
      yield* readCommits(start, objects, oids);
    },
    files: () => readFiles(git, objects, found.head),
    list: () => listFiles(git, found.head),
    blob: async (oid) => (await objects.read(oid)).content,
    close: () => objects.close(),
  };
}

/** As many objects are asked for ahead of being looked at. */
const ahead = 200;

/** Git itself reads them when it compares and lists; that each is what its name says is looked at here. */
async function readTrees(git: Git, objects: ObjectReader, head: string): Promise<void> {
  const trees = ['--objects', '--no-object-names', '--filter=object:type=tree', '--filter-provided-objects'];
  const oids = (await lines(git, ['rev-list', '--first-parent', ...trees, head])).filter(Boolean);
  for await (const _ of inAdvance(oids, (oid) => objects.read(oid)));
}

async function* readCommits(
  start: StartGit,
  objects: ObjectReader,
  oids: readonly string[],
): AsyncIterable<CopiedCommit> {
  const raw = inAdvance(oids, (oid) => objects.read(oid));
  for await (const { oid, changes } of readChanges(start, oids)) {
    const { value } = await raw.next();
    if (value === undefined) return;
    yield { oid, changes, ...parseRawCommit(value.content) };
  }
}

async function* inAdvance<Key, Value>(
  keys: readonly Key[],
  read: (key: Key) => Promise<Value>,
): AsyncGenerator<Value, undefined> {
  const asked: Promise<Value>[] = [];
  for (const [index, key] of keys.entries()) {
    const value = read(key);
    // Whoever takes it hears of a failure; until then it is nobody's.
    value.catch(() => undefined);
    asked.push(value);
    const due = asked[index - ahead];
    if (due !== undefined) yield await due;
    delete asked[index - ahead];
  }
  for (const value of asked.slice(Math.max(0, keys.length - ahead))) yield await value;
  return undefined;
}

interface Changed {
  readonly oid: string;
  readonly changes: readonly CopiedChange[];
}

/** `<oid>`, then for each change `:<mode> <mode> <blob> <blob> <status>` and its path; each ends with a NUL. */
async function* readChanges(start: StartGit, oids: readonly string[]): AsyncIterable<Changed> {
  const compare = [
    '--diff-merges=first-parent',
    '--no-renames',
    '--root',
    '--always',
    '--raw',
    '--no-abbrev',
  ];
  const git = start(['diff-tree', '--stdin', '-r', '-z', ...compare, '--', ...entryFolders]);
  const complaints: string[] = [];
  const trouble: unknown[] = [];
  git.stderr.on('data', (text: Buffer) => complaints.push(text.toString()));
  git.on('error', (cause) => trouble.push(cause));
  git.stdin.on('error', () => undefined);
  git.stdin.end(oids.map((oid) => `${oid}\n`).join(''));
  let next = 0;
  let current: { oid: string; changes: CopiedChange[] } | undefined;
  let status: string | undefined;
  for await (const text of texts(git.stdout)) {
    if (status !== undefined && current) {
      current.changes.push(changeOf(status, text));
      status = undefined;
    } else if (text.startsWith(':')) status = text;
    else if (text === oids[next]) {
      if (current) yield current;
      current = { oid: text, changes: [] };
      next += 1;
    }
  }
  if (current) yield current;
  if (next < oids.length)
    throw new Failure(`The history could not be read to its end. ${complaints.join('').trim()}`.trim(), {
      transient: false,
      cause: trouble[0],
    });
}

async function* texts(stream: AsyncIterable<Buffer>): AsyncIterable<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, from)) {
      yield bytes.toString('utf8', from, end);
      from = end + 1;
    }
    rest = bytes.subarray(from);
  }
}

function changeOf(status: string, path: string): CopiedChange {
  const blob = status.split(' ')[3];
  return blob === undefined || /^0+$/.test(blob) ? { path } : { path, blob };
}

async function listFiles(git: Git, head: string): Promise<readonly ListedFile[]> {
  const rows = await lines(git, ['ls-tree', '-r', '-z', head, '--', ...entryFolders], '\0');
  return rows.flatMap((row) => {
    const [, mode, type, oid, path] = /^(\d+) (\w+) ([0-9a-f]+)\t(.+)$/s.exec(row) ?? [];
    return mode === undefined || type === undefined || oid === undefined || path === undefined
      ? []
      : [{ mode, type, oid, path }];
  });
}

async function* readFiles(git: Git, objects: ObjectReader, head: string): AsyncIterable<CopiedFile> {
  const rows = await listFiles(git, head);
  const contents = inAdvance(rows, async ({ type, oid }) =>
    type === 'blob' ? (await objects.read(oid)).content : Buffer.alloc(0),
  );
  for (const { mode, path } of rows) {
    const { value } = await contents.next();
    yield { mode, path, content: value ?? Buffer.alloc(0) };
  }
}

async function lines(git: Git, args: readonly string[], end = '\n'): Promise<readonly string[]> {
  const { code, stdout, stderr } = await git(args);
  if (code === 0) return stdout.toString().split(end);
  throw new Failure(`Git could not read the ledger: ${stderr.split('\n')[0] ?? ''}`, { transient: false });
}
