// A bare Git repository as a real folder: references with compare-and-set, trees, commits, history.
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { decodeCommit, decodeTree, encodeCommit, encodeTree } from './codec.ts';
import type { Commit, TreeEntry } from './codec.ts';
import { ObjectStore } from './objects.ts';
import type { GitObject } from './objects.ts';

export const ZERO_SHA = '0'.repeat(40);

/** A path's new content, or null when it goes. */
export type Changes = ReadonlyMap<string, { readonly sha: string; readonly mode: string } | null>;

export interface ChangedFiles {
  readonly added: string[];
  readonly removed: string[];
  readonly modified: string[];
}

const config = `[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = true
[gc]
\tauto = 0
[receive]
\tunpackLimit = 1000000
\tdenyNonFastForwards = true
[uploadpack]
\tallowFilter = true
[http]
\treceivepack = true
`;

export class GitRepository {
  readonly folder: string;
  readonly #objects: ObjectStore;
  readonly #commits = new Map<string, Commit>();

  constructor(folder: string, defaultBranch: string) {
    this.folder = folder;
    this.#objects = new ObjectStore(folder);
    if (existsSync(join(folder, 'HEAD'))) return;
    for (const part of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags']) {
      mkdirSync(join(folder, part), { recursive: true });
    }
    writeFileSync(join(folder, 'config'), config);
    writeFileSync(join(folder, 'HEAD'), `ref: refs/heads/${defaultBranch}\n`);
  }

  /** `name` in full: `refs/heads/main`. */
  readRef(name: string): string | undefined {
    const file = join(this.folder, name);
    try {
      return readFileSync(file, 'utf8').trim();
    } catch {
      return this.#packedRefs().get(name);
    }
  }

  /** False when the reference is not what the caller thought it was. `expected` null: must not exist yet. */
  updateRef(name: string, sha: string, expected: string | null): boolean {
    const file = join(this.folder, name);
    mkdirSync(dirname(file), { recursive: true });
    const lock = `${file}.lock`;
    try {
      writeFileSync(lock, `${sha}\n`, { flag: 'wx' });
    } catch {
      return false;
    }
    if ((this.readRef(name) ?? null) !== expected) {
      rmSync(lock, { force: true });
      return false;
    }
    renameSync(lock, file);
    return true;
  }

  deleteRef(name: string): void {
    rmSync(join(this.folder, name), { force: true });
  }

  refs(prefix: string): Array<{ readonly name: string; readonly sha: string }> {
    const names = new Set([...this.#packedRefs().keys(), ...filesBelow(this.folder, 'refs')]);
    return [...names]
      .filter((name) => name.startsWith(prefix) && !name.endsWith('.lock'))
      .sort()
      .flatMap((name) => {
        const sha = this.readRef(name);
        return sha ? [{ name, sha }] : [];
      });
  }

  /** A branch, a tag, a full reference name, or a commit. */
  resolve(revision: string): string | undefined {
    const reference =
      this.readRef(`refs/heads/${revision}`) ??
      this.readRef(`refs/tags/${revision}`) ??
      this.#fullRef(revision);
    const sha = reference ?? this.#objectNamed(revision);
    if (!sha) return undefined;
    return this.#objects.read(sha)?.type === 'tag' ? this.#tagged(sha) : sha;
  }

  object(sha: string): GitObject | undefined {
    return this.#objects.read(sha);
  }

  writeBlob(content: Buffer): string {
    return this.#objects.write('blob', content);
  }

  writeTree(entries: readonly TreeEntry[]): string {
    return this.#objects.write('tree', encodeTree(entries));
  }

  /** What a signature of the commit signs. */
  payloadOf(commit: Omit<Commit, 'sha' | 'signature'>): Buffer {
    return encodeCommit(commit);
  }

  writeCommit(commit: Omit<Commit, 'sha' | 'signature'>, signature?: string): string {
    return this.#objects.write('commit', encodeCommit(commit, signature));
  }

  commit(sha: string): Commit | undefined {
    const known = this.#commits.get(sha);
    if (known) return known;
    const object = this.#objects.read(sha);
    if (object?.type !== 'commit') return undefined;
    const commit = decodeCommit(sha, object.content);
    this.#commits.set(sha, commit);
    return commit;
  }

  tree(sha: string): TreeEntry[] | undefined {
    const object = this.#objects.read(sha);
    return object?.type === 'tree' ? decodeTree(object.content) : undefined;
  }

  /** The entry at a path below a tree; the tree itself for the empty path. */
  entryAt(tree: string, path: string): TreeEntry | undefined {
    let entry: TreeEntry = { mode: '040000', name: '', sha: tree, type: 'tree' };
    for (const name of path.split('/').filter((part) => part !== '')) {
      if (entry.type !== 'tree') return undefined;
      const next = this.tree(entry.sha)?.find((one) => one.name === name);
      if (!next) return undefined;
      entry = next;
    }
    return entry;
  }

  /** The tree after the changes; folders left empty disappear, as in Git. */
  changeTree(tree: string | null, changes: Changes): string {
    const entries = new Map((tree ? (this.tree(tree) ?? []) : []).map((entry) => [entry.name, entry]));
    for (const [folder, inside] of byFirstFolder(changes)) {
      const before = entries.get(folder);
      const sha = this.changeTree(before?.type === 'tree' ? before.sha : null, inside);
      if (this.tree(sha)?.length === 0) entries.delete(folder);
      else entries.set(folder, { mode: '040000', name: folder, sha, type: 'tree' });
    }
    for (const [path, change] of changes) {
      if (path.includes('/')) continue;
      if (change === null) entries.delete(path);
      else entries.set(path, { ...change, name: path, type: treeType(change.mode) });
    }
    return this.writeTree([...entries.values()]);
  }

  /** Every file below a tree, and the folders too when asked. */
  *walk(tree: string, prefix = ''): Iterable<TreeEntry & { readonly path: string }> {
    for (const entry of this.tree(tree) ?? []) {
      const path = prefix + entry.name;
      yield { ...entry, path };
      if (entry.type === 'tree') yield* this.walk(entry.sha, `${path}/`);
    }
  }

  changedFiles(before: string | null, after: string | null, prefix = ''): ChangedFiles {
    const changed: ChangedFiles = { added: [], removed: [], modified: [] };
    if (before === after) return changed;
    const old = new Map((before ? (this.tree(before) ?? []) : []).map((entry) => [entry.name, entry]));
    const now = new Map((after ? (this.tree(after) ?? []) : []).map((entry) => [entry.name, entry]));
    for (const name of [...new Set([...old.keys(), ...now.keys()])].sort()) {
      const from = old.get(name);
      const to = now.get(name);
      if (from?.sha === to?.sha && from?.mode === to?.mode) continue;
      const path = prefix + name;
      if (from?.type === 'tree' || to?.type === 'tree') {
        const inside = this.changedFiles(
          from?.type === 'tree' ? from.sha : null,
          to?.type === 'tree' ? to.sha : null,
          `${path}/`,
        );
        changed.added.push(...inside.added);
        changed.removed.push(...inside.removed);
        changed.modified.push(...inside.modified);
      }
      const wasFile = from && from.type !== 'tree';
      const isFile = to && to.type !== 'tree';
      if (wasFile && isFile) changed.modified.push(path);
      else if (wasFile) changed.removed.push(path);
      else if (isFile) changed.added.push(path);
    }
    return changed;
  }

  changedByCommit(commit: Commit): ChangedFiles {
    const parent = commit.parents[0] ? this.commit(commit.parents[0]) : undefined;
    return this.changedFiles(parent?.tree ?? null, commit.tree);
  }

  /** Newest first, each commit once. */
  *history(head: string): Iterable<Commit> {
    const seen = new Set([head]);
    const waiting = [head].flatMap((sha) => this.commit(sha) ?? []);
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      yield next;
      for (const parent of next.parents) {
        if (seen.has(parent)) continue;
        seen.add(parent);
        const commit = this.commit(parent);
        if (!commit) continue;
        const place = waiting.findIndex((one) => one.committer.date < commit.committer.date);
        if (place < 0) waiting.push(commit);
        else waiting.splice(place, 0, commit);
      }
    }
  }

  isAncestor(ancestor: string, descendant: string): boolean {
    for (const commit of this.history(descendant)) if (commit.sha === ancestor) return true;
    return false;
  }

  mergeBase(one: string, other: string): string | undefined {
    const reachable = new Set([...this.history(one)].map((commit) => commit.sha));
    for (const commit of this.history(other)) if (reachable.has(commit.sha)) return commit.sha;
    return undefined;
  }

  #fullRef(revision: string): string | undefined {
    if (revision === 'HEAD') {
      const head = readFileSync(join(this.folder, 'HEAD'), 'utf8').trim();
      return this.readRef(head.replace(/^ref: /, ''));
    }
    return revision.startsWith('refs/') ? this.readRef(revision) : this.readRef(`refs/${revision}`);
  }

  #objectNamed(revision: string): string | undefined {
    return this.#objects.read(revision) ? revision : undefined;
  }

  #tagged(sha: string): string | undefined {
    const text = this.#objects.read(sha)?.content.toString() ?? '';
    return /^object ([0-9a-f]{40})$/m.exec(text)?.[1];
  }

  #packedRefs(): Map<string, string> {
    const file = join(this.folder, 'packed-refs');
    if (!existsSync(file)) return new Map();
    const lines = readFileSync(file, 'utf8').split('\n');
    return new Map(
      lines.flatMap((line) => {
        const match = /^([0-9a-f]{40}) (refs\/.+)$/.exec(line);
        return match?.[1] && match[2] ? [[match[2], match[1]] as const] : [];
      }),
    );
  }
}

function byFirstFolder(changes: Changes): Map<string, Map<string, { sha: string; mode: string } | null>> {
  const folders = new Map<string, Map<string, { sha: string; mode: string } | null>>();
  for (const [path, change] of changes) {
    const slash = path.indexOf('/');
    if (slash < 0) continue;
    const folder = path.slice(0, slash);
    const inside = folders.get(folder) ?? new Map<string, { sha: string; mode: string } | null>();
    inside.set(path.slice(slash + 1), change);
    folders.set(folder, inside);
  }
  return folders;
}

function treeType(mode: string): TreeEntry['type'] {
  return mode === '040000' ? 'tree' : mode === '160000' ? 'commit' : 'blob';
}

function filesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(root, `${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
  );
}
