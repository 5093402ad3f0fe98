// What a verifier found, and where, and since when: for people and for machines.
import type { LedgerProblemCode } from './chain-link.ts';

export type FindingCode =
  | LedgerProblemCode
  | 'not-utf8'
  /** A line that stood in the ledger was changed or taken out. */
  | 'rewritten'
  /** A file that stood in the ledger was taken out. */
  | 'removed'
  | 'several-parents'
  | 'no-batch'
  | 'repeated-batch'
  | 'other-author'
  | 'unsigned'
  | 'bad-signature'
  | 'parted';

export interface Finding {
  readonly code: FindingCode;
  /** Whole sentences, holding nothing that people typed. */
  readonly sentence: string;
  readonly path?: string;
  /** From 1. */
  readonly line?: number;
  /** The id of the entry that stands there, or stood there. */
  readonly entry?: string;
  readonly request?: string;
  /** The commit that brought it; absent where it is in no single one. */
  readonly commit?: CommitMark;
}

export interface CommitMark {
  readonly oid: string;
  /** As the commit says it: `2026-11-20T15:19:31Z`. */
  readonly at: string;
  /** As the commit says it, name and address: typed by whoever made it. */
  readonly author: string;
  /** Its parent, the last commit before it; absent on the first. */
  readonly parent?: string;
}
