// A ledger branch in memory: the same promises as the real writers, and it can be told what strangers push.
import type { Ledger, LedgerCommit, LedgerFile, LedgerHistoryItem } from '../../src/engine/ports/ledger.ts';

interface MemoryCommit extends LedgerHistoryItem {
  readonly files: ReadonlyMap<string, string>;
}

export interface MemoryBranch {
  readonly commits: readonly MemoryCommit[];
  /** Each line of a request's file as we last committed it, whatever strangers did since. */
  lines(request: string): readonly string[];
  /** Every entry file at the head. */
  files(): ReadonlyMap<string, string>;
  /** Whether a stranger touched entries, and nobody mended it yet. */
  readonly isForged: boolean;
  /** A stranger's commit. */
  push(path: string, content: string): void;
  /** A stranger takes the newest commits away. */
  dropCommits(count: number): void;
  /** How a calm hand mends it: back to this head. */
  resetTo(oid: string): void;
  readonly ledger: Ledger;
}

export function createMemoryBranch(): MemoryBranch {
  let commits: MemoryCommit[] = [];
  let made = 0;
  let isForged = false;
  const proven = new Map<string, string>();
  /** What every head that ever was had behind it. */
  const histories = new Map<string, readonly MemoryCommit[]>();

  function head(): string | undefined {
    return commits.at(-1)?.oid;
  }

  function add(files: readonly LedgerFile[], batch?: string): string {
    const all = new Map(commits.at(-1)?.files);
    for (const { path, content } of files) all.set(path, content);
    made += 1;
    const oid = `oid-${made}`;
    commits = [
      ...commits,
      { oid, paths: files.map(({ path }) => path), files: all, ...(batch !== undefined && { batch }) },
    ];
    histories.set(oid, commits);
    return oid;
  }

  const ledger: Ledger = {
    head: async () => head(),
    begin: async () => head() ?? add([{ path: 'README.md', content: 'The ledger.' }]),
    async append({ batch, files }: LedgerCommit, expectedHead) {
      if (head() !== expectedHead) return { conflict: true };
      for (const { path, content } of files) proven.set(path, content);
      return { head: add(files, batch) };
    },
    async since(oid) {
      const index = commits.findIndex((commit) => commit.oid === oid);
      return index < 0 ? 'unrelated' : commits.slice(index + 1);
    },
    async *read(oid) {
      const commit = commits.find((each) => each.oid === oid);
      for (const [path, content] of commit?.files ?? []) if (path.endsWith('.jsonl')) yield { path, content };
    },
  };

  return {
    get commits() {
      return commits;
    },
    lines(request) {
      for (const [path, content] of proven)
        if (path.endsWith(`/${request}.jsonl`)) return content.split('\n').filter((line) => line !== '');
      return [];
    },
    files: () => new Map([...(commits.at(-1)?.files ?? [])].filter(([path]) => path.endsWith('.jsonl'))),
    get isForged() {
      return isForged;
    },
    push(path, content) {
      isForged ||= path.endsWith('.jsonl');
      add([{ path, content }]);
    },
    dropCommits: (count) => void (commits = commits.slice(0, Math.max(1, commits.length - count))),
    resetTo(oid) {
      isForged = false;
      commits = [...(histories.get(oid) ?? commits)];
    },
    ledger,
  };
}
