// A ledger as somebody else's Git holds it: what a verifier needs of it, and nothing of where it is.
import type { RawCommit } from './raw-commit.ts';

export interface LedgerCopy {
  /** `refs/heads/countersign/ledger` */
  readonly ref: string;
  readonly head: string;
  /** A branch beside it that was the ledger once, and that it does not go on from. */
  readonly partedFrom?: string;
  /** How the repository names its objects. */
  readonly hash: 'sha1' | 'sha256';
  /** How many commits there are from the first to the head. */
  readonly length: number;
  /** Along first parents, oldest first. */
  commits(): AsyncIterable<CopiedCommit>;
  /** Every entry file at the head, by path. */
  files(): AsyncIterable<CopiedFile>;
  /** The same, unread. */
  list(): Promise<readonly ListedFile[]>;
  blob(oid: string): Promise<Buffer>;
  close(): void;
}

export interface CopiedCommit extends RawCommit {
  readonly oid: string;
  /** Of paths in the folders of entries; of a merge, what it changed for the branch that it was made on. */
  readonly changes: readonly CopiedChange[];
}

export interface CopiedChange {
  readonly path: string;
  /** Absent where the file is gone. */
  readonly blob?: string;
}

export interface ListedFile {
  readonly path: string;
  readonly mode: string;
  readonly type: string;
  readonly oid: string;
}

export interface CopiedFile {
  readonly path: string;
  /** `100644` for a plain file. */
  readonly mode: string;
  readonly content: Buffer;
}
