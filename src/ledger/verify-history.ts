// Walks a ledger from its first commit to its head: one line of commits, each of them ours, none of them twice.
import type { CommitMark, Finding, FindingCode } from './finding.ts';
import type { Version } from './file-history.ts';
import type { CopiedCommit, LedgerCopy } from './ledger-copy.ts';
import type { SignatureVerdict, SigningKeys } from './signing-keys.ts';
import type { CommitCount, Verifying } from './verify.ts';

export interface History {
  readonly findings: readonly Finding[];
  readonly commits: CommitCount;
  readonly from?: string;
  readonly to?: string;
  readonly author?: string;
  /** All that each path ever was, oldest first. */
  readonly versions: ReadonlyMap<string, readonly Version[]>;
  markOf(commit: number): CommitMark;
  /** When it was made, as it says it, in milliseconds. */
  timeOf(commit: number): number;
  /** The order of the history; what is in no commit comes last. */
  numberOf(mark: CommitMark | undefined): number;
}

/** What is kept of a commit: there may be hundreds of thousands. */
interface Seen {
  readonly oid: string;
  readonly at: number;
  readonly author: string;
  readonly hasEntries: boolean;
}

export async function verifyHistory(copy: LedgerCopy, options: Verifying): Promise<History> {
  const seen: Seen[] = [];
  const found: { readonly commit: number; readonly code: FindingCode; readonly sentence: string }[] = [];
  const versions = new Map<string, Version[]>();
  const authors = new Map<string, string>();
  const batches = new Map<string, number>();
  const signatures = createSignatureChecks(options.keys);
  let carryingSignature = 0;
  const add = (commit: number, code: FindingCode, sentence: string): void => {
    found.push({ commit, code, sentence });
  };
  for await (const commit of copy.commits()) {
    const number = seen.length;
    const author = authors.get(commit.author) ?? commit.author;
    authors.set(author, author);
    const hasEntries = commit.changes.length > 0;
    seen.push({ oid: commit.oid, at: commit.at, author, hasEntries });
    if (commit.parents.length > 1)
      add(number, 'several-parents', `It has ${commit.parents.length} parents: Countersign never merges.`);
    if (number % 1000 === 0) options.progress?.(`${number} of ${copy.length} commits`);
    if (!hasEntries) continue;
    for (const { path, blob } of commit.changes) {
      const before = versions.get(path) ?? [];
      before.push({ commit: number, ...(blob !== undefined && { blob }) });
      versions.set(path, before);
    }
    for (const [code, sentence] of batchFindings(commit, batches, seen)) add(number, code, sentence);
    batches.set(commit.batch ?? '', number);
    if (commit.signature) carryingSignature += 1;
    else if (carryingSignature > 0 && options.keys === undefined)
      add(number, 'unsigned', 'It touches entries and carries no signature, and commits before it do.');
    await signatures.add(number, commit);
  }
  for (const { number, verdict } of await signatures.all())
    for (const [code, sentence] of signatureFindings(verdict)) add(number, code, sentence);
  const author = options.author ?? seen[0]?.author;
  seen.forEach((each, number) => {
    if (each.hasEntries && !isBy(each.author, author))
      add(number, 'other-author', 'It touches entries, and somebody else made it.');
  });
  const markOf = (number: number): CommitMark => {
    const { oid, at, author } = seenAt(seen, number);
    const parent = seen[number - 1]?.oid;
    return { oid, at: secondOf(at), author, ...(parent !== undefined && { parent }) };
  };
  const numbers = new Map(seen.map(({ oid }, number) => [oid, number]));
  const withEntries = seen.filter(({ hasEntries }) => hasEntries);
  const lastAuthor = withEntries.find((each) => isBy(each.author, author))?.author;
  return {
    findings: found.map(({ commit, code, sentence }) => ({ code, sentence, commit: markOf(commit) })),
    commits: {
      all: seen.length,
      withEntries: withEntries.length,
      carryingSignature,
      ...(options.keys && { signed: signatures.valid() }),
    },
    ...(seen[0] && { from: secondOf(seen[0].at), to: secondOf(seen.at(-1)?.at ?? 0) }),
    ...(lastAuthor !== undefined && { author: lastAuthor }),
    versions,
    markOf,
    timeOf: (number) => seenAt(seen, number).at,
    numberOf: (mark) => numbers.get(mark?.oid ?? '') ?? Number.POSITIVE_INFINITY,
  };
}

type Found = readonly [FindingCode, string];

function* batchFindings(
  { batch }: CopiedCommit,
  before: ReadonlyMap<string, number>,
  seen: readonly Seen[],
): Iterable<Found> {
  if (batch === undefined)
    yield ['no-batch', 'It touches entries, and names no batch: Countersign did not make it.'];
  const twin = batch === undefined ? undefined : before.get(batch);
  if (twin !== undefined)
    yield ['repeated-batch', `It carries the batch of commit ${seenAt(seen, twin).oid.slice(0, 12)}.`];
}

function* signatureFindings(verdict: SignatureVerdict): Iterable<Found> {
  switch (verdict.verdict) {
    case 'valid':
      return;
    case 'unsigned':
      return yield ['unsigned', 'It touches entries, and is not signed.'];
    case 'bad':
      return yield ['bad-signature', 'Its signature does not fit it.'];
    case 'other-key':
      return yield [
        'bad-signature',
        `It is signed with the key ${verdict.key}, which is none of those given.`,
      ];
    default:
      return verdict satisfies never;
  }
}

interface SignatureChecks {
  /** Resolves when the next may come. */
  add(number: number, commit: CopiedCommit): Promise<void>;
  /** Those that are not valid. */
  all(): Promise<readonly { readonly number: number; readonly verdict: SignatureVerdict }[]>;
  valid(): number;
}

/** Several at once: the arithmetic is done on other threads. */
const atOnce = 16;

function createSignatureChecks(keys: SigningKeys | undefined): SignatureChecks {
  const running: Promise<void>[] = [];
  const wrong: { readonly number: number; readonly verdict: SignatureVerdict }[] = [];
  let valid = 0;
  return {
    async add(number, commit) {
      if (keys === undefined) return;
      const check = keys.check(commit).then((verdict) => {
        if (verdict.verdict === 'valid') valid += 1;
        else wrong.push({ number, verdict });
      });
      running.push(check);
      if (running.length >= atOnce) await running.shift();
    },
    async all() {
      await Promise.all(running);
      return wrong.sort((a, b) => a.number - b.number);
    },
    valid: () => valid,
  };
}

/** A bot is known by its name and by the address that GitHub gives it; anybody else by both, as they stand. */
function isBy(author: string, wanted: string | undefined): boolean {
  if (wanted === undefined || author === wanted) return true;
  const [, name, address = ''] = /^(.*) <(.*)>$/.exec(author) ?? [];
  const [, login] = /^(?:\d+\+)?([^@]+)@users\.noreply\./.exec(address) ?? [];
  return name === wanted && login === wanted;
}

function seenAt(seen: readonly Seen[], number: number): Seen {
  const commit = seen[number];
  if (commit === undefined) throw new Error(`There is no commit number ${number}.`);
  return commit;
}

/** `2026-11-20T15:19:31Z` */
function secondOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
