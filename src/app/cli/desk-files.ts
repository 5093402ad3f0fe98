// Where a desk's files come from on somebody's own machine: a folder as it is now, or a commit of its Git.
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { DeskFiles } from '../../desk/desk-reader.ts';
import { describe } from '../../engine/engine.ts';
import { Failure } from '../../engine/ports/failure.ts';
import { createGit, createGitStarter } from '../../ledger/git-process.ts';
import { createObjectReader } from '../../ledger/object-reader.ts';
import { refuseLinks } from './write-below.ts';

/** What belongs to a desk, with the issue forms that are made from it. */
const folders = ['flows', '.github/ISSUE_TEMPLATE'] as const;

/** By their path in the repository. Throws `Failure` where there is no desk. */
export async function filesInFolder(root: string): Promise<DeskFiles> {
  const files = new Map<string, Uint8Array>();
  for (const folder of folders) {
    for (const path of await pathsIn(root, folder)) files.set(path, await readFile(join(root, path)));
  }
  return demandDesk(files, resolve(root));
}

/** The folder itself, or where it has no flows/, those right below it that have: a folder of several desks. */
export async function desksIn(root: string): Promise<readonly string[]> {
  if (await hasFlows(root)) return [root];
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(root, name));
  const desks: string[] = [];
  for (const folder of folders.sort()) if (await hasFlows(folder)) desks.push(folder);
  // Where there is none at all, reading it says so.
  return desks.length > 0 ? desks : [root];
}

async function hasFlows(folder: string): Promise<boolean> {
  return lstat(join(folder, 'flows')).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function pathsIn(root: string, folder: string): Promise<readonly string[]> {
  await refuseLinks(root, folder);
  try {
    const found = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
    return found
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
      .map((path) => path.replaceAll('\\', '/'))
      .sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new Failure(`${join(root, folder)} could not be read: ${describe(error)}`, {
      transient: false,
      cause: error,
    });
  }
}

/** The commit at which two went apart. Throws `Failure` where Git knows one of them not, or they have none in common. */
export async function mergeBase(root: string, base: string, head: string): Promise<string> {
  const commits = [await commitOf(root, base), await commitOf(root, head)];
  const { code, stdout } = await createGit(root)(['merge-base', ...commits]);
  if (code === 0) return stdout.toString().trim();
  throw new Failure(
    `${base} and ${head} have no commit in common. In CI, fetch the whole history: a shallow clone has only the newest.`,
    { transient: false },
  );
}

/** The first that there is of those branches that are mostly the one in force. */
export async function usualBase(root: string): Promise<string> {
  const git = createGit(root);
  for (const name of ['origin/HEAD', 'origin/main', 'main', 'master']) {
    const { code } = await git(['rev-parse', '--verify', '--quiet', `${name}^{commit}`]);
    if (code === 0) return name;
  }
  throw new Failure('Say what to compare with, as in: countersign diff main. Nothing of that kind is here.', {
    transient: false,
  });
}

async function commitOf(root: string, revision: string): Promise<string> {
  const git = createGit(root);
  const parsed = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
  if (parsed.code === 0) return parsed.stdout.toString().trim();
  throw new Failure(
    `Git knows no commit “${revision}” in ${resolve(root)}. In CI, fetch it first: a shallow clone has only the newest.`,
    { transient: false },
  );
}

/** Throws `Failure` where Git knows no such commit, or the commit has no desk. */
export async function filesAt(
  root: string,
  revision: string,
  { mayBeEmpty = false } = {},
): Promise<{ readonly files: DeskFiles; readonly commit: string }> {
  const git = createGit(root);
  const commit = await commitOf(root, revision);
  const listed = await git(['ls-tree', '-r', '-z', commit, '--', ...folders]);
  if (listed.code !== 0)
    throw new Failure(`Git could not list ${revision}: ${listed.stderr.split('\n')[0] ?? ''}`, {
      transient: false,
    });
  const objects = createObjectReader(createGitStarter(root));
  try {
    const files = new Map<string, Uint8Array>();
    for (const row of listed.stdout.toString().split('\0')) {
      // A link or a submodule is no file of a desk.
      const [, oid, path] = /^100\d{3} blob ([0-9a-f]+)\t(.+)$/s.exec(row) ?? [];
      if (oid !== undefined && path !== undefined) files.set(path, (await objects.read(oid)).content);
    }
    return { files: mayBeEmpty ? files : demandDesk(files, revision), commit };
  } finally {
    objects.close();
  }
}

function demandDesk(files: DeskFiles, where: string): DeskFiles {
  if ([...files.keys()].some((path) => path.startsWith('flows/'))) return files;
  throw new Failure(
    `There is no folder flows/ in ${where}. Go to where your desk is, or begin one with countersign init.`,
    { transient: false },
  );
}
