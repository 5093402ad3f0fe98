// Verifies a copy of a ledger, believing nothing: what it holds now, and how it came to hold it. Needs no server.
import type { Untimely } from './entry-times.ts';
import type { Finding } from './finding.ts';
import type { LedgerCopy } from './ledger-copy.ts';
import type { SigningKeys } from './signing-keys.ts';
import { verifyFiles } from './verify-files.ts';
import { verifyHistory } from './verify-history.ts';

export interface Verdict {
  readonly ref: string;
  readonly head: string;
  /** How strongly it holds; absent where it does not. */
  readonly strength?: 'consistent' | 'signed';
  /** The desk that it is of; absent where nothing is in it yet. */
  readonly desk?: string;
  readonly requests: number;
  /** Of requests. */
  readonly entries: number;
  /** Of the desk's own stream. */
  readonly deskEntries: number;
  readonly commits: CommitCount;
  /** When the first and the last commit were made, as they say it. */
  readonly from?: string;
  readonly to?: string;
  /** Who made the commits that touch entries, name and address; absent where there is none. */
  readonly author?: string;
  /** What a newer Countersign wrote, and is therefore only known to be in its place. */
  readonly notJudged: readonly NotJudged[];
  /** Entries whose time is not that of their commit, the first of a file in each commit. They hold all the same. */
  readonly untimely: readonly Untimely[];
  /** In the order in which the ledger came to hold them. */
  readonly findings: readonly Finding[];
}

export interface CommitCount {
  readonly all: number;
  /** The rest touches none, and is nobody's business. */
  readonly withEntries: number;
  /** Of those with entries. */
  readonly carryingSignature: number;
  /** By one of the keys; absent where no key was given. */
  readonly signed?: number;
}

export interface NotJudged {
  readonly path: string;
  /** This line and all after it. */
  readonly fromLine: number;
}

export interface Verifying {
  /** Who may have signed; without them no signature is checked. */
  readonly keys?: SigningKeys;
  /** `countersign[bot]`; without it whoever began the ledger. */
  readonly author?: string;
  /** Told now and then how far it has come. */
  readonly progress?: (done: string) => void;
}

/** Throws `Failure` where the copy cannot be read to its end. */
export async function verifyLedger(copy: LedgerCopy, options: Verifying = {}): Promise<Verdict> {
  const history = await verifyHistory(copy, options);
  const files = await verifyFiles(copy, history, options);
  const findings = [...partings(copy), ...files.findings, ...history.findings].sort(
    (a, b) => history.numberOf(a.commit) - history.numberOf(b.commit),
  );
  const isSigned = options.keys !== undefined && history.commits.withEntries > 0;
  return {
    ref: copy.ref,
    head: copy.head,
    ...(findings.length === 0 && { strength: isSigned ? 'signed' : 'consistent' }),
    ...(files.desk !== undefined && { desk: files.desk }),
    requests: files.requests,
    entries: files.entries,
    deskEntries: files.deskEntries,
    commits: history.commits,
    ...(history.from !== undefined && { from: history.from }),
    ...(history.to !== undefined && { to: history.to }),
    ...(history.author !== undefined && { author: history.author }),
    notJudged: files.notJudged.filter((each) => !isRewritten(each, findings)),
    untimely: files.untimely,
    findings,
  };
}

/** What somebody made of a line looks like what nobody knows yet. */
function isRewritten({ path, fromLine }: NotJudged, findings: readonly Finding[]): boolean {
  return findings.some(
    ({ code, path: of, line }) => code === 'rewritten' && of === path && line === fromLine,
  );
}

function partings({ partedFrom }: LedgerCopy): readonly Finding[] {
  if (partedFrom === undefined) return [];
  const sentence = `It does not go on from ${partedFrom} of this clone: it was rewritten after that was fetched.`;
  return [{ code: 'parted', sentence }];
}
