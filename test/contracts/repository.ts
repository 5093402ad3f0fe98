// What others do to a ledger's repository, and what Git says of it: plain Git, past every client of ours.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class Repository {
  readonly #folder: string;
  readonly #ref: string;

  constructor(folder: string, branch: string) {
    this.#folder = folder;
    this.#ref = `refs/heads/${branch}`;
  }

  git(...args: readonly string[]): string {
    return this.#run(args).toString();
  }

  head(): string {
    return this.git('rev-parse', this.#ref).trim();
  }

  show(object: string): string {
    return this.git('cat-file', 'blob', object);
  }

  point(commit: string): void {
    this.git('update-ref', this.#ref, commit);
  }

  /** A commit on the branch, or on other parents; null removes a file. */
  commit(
    files: { readonly [path: string]: string | null },
    message = 'By somebody else',
    parents: readonly string[] = [this.head()],
  ): string {
    const index = { GIT_INDEX_FILE: join(mkdtempSync(join(tmpdir(), 'ledger-index-')), 'index') };
    const [parent] = parents;
    if (parent !== undefined) this.#run(['read-tree', parent], index);
    const rows = Object.entries(files).map(([path, content]) => {
      if (content === null) return `0 ${'0'.repeat(40)}\t${path}\0`;
      const blob = this.#run(['hash-object', '-w', '--stdin'], {}, content).toString().trim();
      return `100644 ${blob}\t${path}\0`;
    });
    this.#run(['update-index', '-z', '--index-info'], index, rows.join(''));
    const tree = this.#run(['write-tree'], index).toString().trim();
    const onto = parents.flatMap((each) => ['-p', each]);
    const commit = this.#run(['commit-tree', tree, ...onto, '-m', message], index)
      .toString()
      .trim();
    rmSync(join(index.GIT_INDEX_FILE, '..'), { recursive: true });
    this.point(commit);
    return commit;
  }

  /** A commit as its text says, on no branch. */
  hashObject(commit: string): string {
    return this.#run(['hash-object', '-t', 'commit', '-w', '--stdin'], {}, commit).toString().trim();
  }

  #run(args: readonly string[], extra: { readonly [name: string]: string } = {}, input = ''): Buffer {
    const who = { NAME: 'Mallory', EMAIL: 'mallory@example.com', DATE: '2026-11-20T13:00:00Z' };
    const both = Object.entries(who).flatMap(([name, value]) => [
      [`GIT_AUTHOR_${name}`, value],
      [`GIT_COMMITTER_${name}`, value],
    ]);
    const env = { PATH: process.env['PATH'], HOME: this.#folder, ...Object.fromEntries(both), ...extra };
    return execFileSync('git', args, { cwd: this.#folder, env, input, stdio: ['pipe', 'pipe', 'pipe'] });
  }
}
