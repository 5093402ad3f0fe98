// Where entries become commits, and what was written there by others.
import type { RequestId } from '../../domain/names.ts';
import type { DeskStream, Uncommitted } from './store.ts';

/** Lines for one file of the ledger. */
export interface LedgerFile {
  readonly path: string;
  /** The whole content after the commit. */
  readonly content: string;
}

export interface LedgerCommit {
  readonly batch: string;
  readonly subject: string;
  /** Between subject and trailers: a line for each entry, where the subject does not say it all. */
  readonly body: readonly string[];
  readonly trailers: readonly { readonly name: string; readonly value: string }[];
  readonly files: readonly LedgerFile[];
}

/** A commit as it is read back. */
export interface LedgerHistoryItem {
  readonly oid: string;
  /** From the trailer `Countersign-Batch`; absent on commits that are not ours. */
  readonly batch?: string;
  readonly paths: readonly string[];
}

/** One desk's branch `countersign/ledger`. Writers never retry by themselves. */
export interface Ledger {
  /** Undefined where the branch does not exist. */
  head(): Promise<string | undefined>;
  /** Makes the branch, as an orphan. Where it exists by now, its head. */
  begin(): Promise<string>;
  /** Appends with compare-and-set on the head. Throws `Failure` where the answer was lost or GitHub is down. */
  append(
    commit: LedgerCommit,
    expectedHead: string,
  ): Promise<{ readonly head: string } | { readonly conflict: true }>;
  /** The commits after `head`, oldest first; `unrelated` where the branch does not descend from it. */
  since(head: string): Promise<readonly LedgerHistoryItem[] | 'unrelated'>;
  /** Every entry file at a head, for rebuilding. */
  read(head: string): AsyncIterable<LedgerFile>;
  /**
   * Which commits up to `head` touch entries and are, by what the host itself has verified, not ours. Absent where the
   * host verifies nothing.
   */
  strangers?(head: string, asked: StrangersAsked): Promise<Strangers>;
}

export interface StrangersAsked {
  /** A head of ours: it and what is before it are not asked about. */
  readonly known?: string;
  readonly progress?: (done: number, all: number) => void;
}

export interface Strangers {
  /** Oldest first, with the paths of entries that each touched; a folder alone stands for all that is in it. */
  readonly commits: readonly LedgerHistoryItem[];
  /** The last commit before the oldest of them; absent where it is the first of all. */
  readonly before?: string;
  /** Whether we committed on top of the oldest. */
  readonly hasOursAfter: boolean;
  /** How many commits were looked at. */
  readonly asked: number;
  /** The host signs nothing, so nothing can be told. */
  readonly isUnsigned?: true;
}

/** Says how entries become a commit of the ledger. Pure: the committer asks it, a `Ledger` carries it out. */
export interface LedgerScribe {
  /**
   * As much as one commit may hold, in the order given; at least the first request, or the first month of the stream
   * where no request waits. Something has to wait.
   */
  write(batch: string, uncommitted: readonly Uncommitted[], stream?: DeskStream): LedgerBatch;
  /** Whether a commit that touches this path has to do with entries. */
  isEntryFile(path: string): boolean;
}

export interface LedgerBatch {
  readonly commit: LedgerCommit;
  /** The last entry of each request that the ledger holds once this is committed. */
  readonly upTo: ReadonlyMap<RequestId, number>;
  /** The same of the desk's own stream; absent where the commit holds nothing of it. */
  readonly streamUpTo?: number;
}
