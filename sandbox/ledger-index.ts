// The ledger as anybody can read it from its branch: which requests there are, where they stand, and what is due next.
import type { GitHub } from './github/github.ts';
import type { RepositoryRow } from './github/rows.ts';

export interface LedgerEntry {
  readonly seq: number;
  readonly type: string;
  readonly at: string;
  readonly by: {
    readonly person?: string | null;
    readonly via?: { readonly name: string; readonly ref: string };
  };
  readonly data: Readonly<Record<string, unknown>>;
}

export interface LedgerStep {
  readonly name: string;
  readonly approvers: readonly string[];
  readonly count: number;
  readonly needs: readonly string[];
}

export type LedgerStatus =
  'pending' | 'approved' | 'active' | 'ending' | 'ended' | 'denied' | 'cancelled' | 'lapsed' | 'failed';

export interface LedgerRequest {
  readonly id: string;
  /** In the ledger branch. */
  readonly path: string;
  readonly issue: number | null;
  readonly flow: string;
  readonly target: string;
  /** The login of whoever asked. */
  readonly requester: string;
  readonly status: LedgerStatus;
  /** When time itself changes something; null where it does not. */
  readonly deadline: string | null;
  readonly steps: readonly LedgerStep[];
  readonly entries: readonly LedgerEntry[];
}

export interface LedgerIndex {
  /** As of the head of the branch now, oldest request first. */
  requests(): readonly LedgerRequest[];
  byIssue(issue: number): LedgerRequest | undefined;
}

const prefix = 'requests/';

export function createLedgerIndex(
  github: GitHub,
  repository: () => RepositoryRow,
  branch = 'countersign/ledger',
): LedgerIndex {
  const requests = new Map<string, LedgerRequest>();
  const issues = new Map<number, string>();
  let head: string | undefined;

  function read(): void {
    const git = github.git(repository());
    const now = git.readRef(`refs/heads/${branch}`);
    if (now === head) return;
    const tree = now === undefined ? null : (git.commit(now)?.tree ?? null);
    const before = head === undefined ? null : (git.commit(head)?.tree ?? null);
    // By what the two trees hold: so a branch that was put back is read right as well.
    const { added, modified, removed } = git.changedFiles(before, tree);
    for (const path of removed) requests.delete(path);
    for (const path of [...added, ...modified]) {
      if (!path.startsWith(prefix)) continue;
      const entry = tree === null ? undefined : git.entryAt(tree, path);
      const text = entry && git.object(entry.sha)?.content.toString();
      const request = text === undefined ? undefined : requestOf(path, text);
      if (request === undefined) continue;
      requests.set(path, request);
      if (request.issue !== null) issues.set(request.issue, path);
    }
    head = now;
  }

  return {
    requests() {
      read();
      return [...requests.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    },
    byIssue(issue) {
      read();
      return requests.get(issues.get(issue) ?? '');
    },
  };
}

function requestOf(path: string, text: string): LedgerRequest | undefined {
  const entries = text.split('\n').flatMap((line) => entryOf(line) ?? []);
  const [first] = entries;
  if (first?.type !== 'requested') return undefined;
  const { form, policy, thread } = first.data;
  const status = statusOf(entries, loose(policy)['strategy'] !== undefined);
  return {
    id: /([^/]+)\.jsonl$/.exec(path)?.[1] ?? '',
    path,
    issue: issueOf(thread, entries),
    flow: String(loose(policy)['label'] ?? ''),
    target: String(loose(loose(form)['target'])['label'] ?? ''),
    requester: first.by.via?.name ?? '',
    status,
    deadline: deadlineOf(entries, status),
    steps: stepsOf(loose(policy)['steps']),
    entries,
  };
}

type Loose = Readonly<Record<string, unknown>>;

function loose(value: unknown): Loose {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function entryOf(line: string): LedgerEntry | undefined {
  if (line === '') return undefined;
  try {
    const entry: LedgerEntry = JSON.parse(line);
    return typeof entry.type === 'string'
      ? { ...entry, by: entry.by ?? {}, data: loose(entry.data) }
      : undefined;
  } catch {
    // A line that somebody tampered with need not be an entry any more.
    return undefined;
  }
}

function issueOf(thread: unknown, entries: readonly LedgerEntry[]): number | null {
  const threads = [thread, ...entries.map(({ data }) => data['thread'])].map((each) => loose(each)['issue']);
  return threads.find((issue) => typeof issue === 'number') ?? null;
}

function statusOf(entries: readonly LedgerEntry[], givesAccess: boolean): LedgerStatus {
  let status: LedgerStatus = 'pending';
  for (const { type, data } of entries) {
    const next = statusAfter[type];
    if (next !== undefined) status = next;
    else if (type === 'approved') status = givesAccess ? 'approved' : 'active';
    else if (type === 'escalation-failed' && data['gaveUp'] === true) status = 'failed';
  }
  return status;
}

const statusAfter: Readonly<Record<string, LedgerStatus>> = {
  escalated: 'active',
  'deescalation-started': 'ending',
  deescalated: 'ended',
  expired: 'ended',
  denied: 'denied',
  cancelled: 'cancelled',
  lapsed: 'lapsed',
};

function deadlineOf(entries: readonly LedgerEntry[], status: LedgerStatus): string | null {
  const key = status === 'pending' ? ['lapseAt'] : status === 'active' ? ['expiresAt', 'validUntil'] : [];
  const said = entries
    .flatMap(({ data }) => key.map((each) => data[each]))
    .filter((each) => typeof each === 'string');
  return said.at(-1) ?? null;
}

/** Steps as a policy, or an entry that asks for more, writes them. */
export function stepsOf(value: unknown): readonly LedgerStep[] {
  if (!Array.isArray(value)) return [];
  return value.map((each: unknown) => {
    const { name, approvers, count, needs } = loose(each);
    return {
      name: String(name),
      approvers: texts(approvers),
      count: Number(count ?? 1),
      needs: texts(needs),
    };
  });
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
