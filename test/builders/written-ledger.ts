// A ledger on disk for tests: written by the real writer, one commit for each step, and Git for others to meddle with.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instant, type Instant } from '../../src/domain/names.ts';
import type { Ledger } from '../../src/engine/ports/ledger.ts';
import type { Uncommitted } from '../../src/engine/ports/store.ts';
import { createGitLedger } from '../../src/ledger/git-ledger.ts';
import { ledgerScribe } from '../../src/ledger/scribe.ts';
import { Repository } from '../contracts/repository.ts';
import { streamOf, type DeskLine } from './desk-stream.ts';
import { aRequestIn, anId, noon, type Told } from './request.ts';

export interface WrittenLedger {
  now(): Instant;
  batches(): number;
  readonly folder: string;
  readonly ledger: Ledger;
  /** Others, with Git. */
  readonly repository: Repository;
  /** Commits these requests, each up to so many of its lines. */
  commit(requests: readonly { readonly told: Told; readonly upTo: number }[]): Promise<string>;
  commitStream(lines: readonly DeskLine[], committed?: number): Promise<string>;
  close(): void;
}

export const ledgerAuthor = {
  name: 'countersign[bot]',
  email: '9100201+countersign[bot]@users.noreply.github.com',
};

/** With nothing in it, or as another is now: writing one takes Git a hundred processes. */
export async function aWrittenLedger(as?: WrittenLedger): Promise<WrittenLedger> {
  const folder = mkdtempSync(join(tmpdir(), 'written-ledger-'));
  if (as === undefined) execFileSync('git', ['init', '--quiet', '--bare', folder]);
  else cpSync(as.folder, folder, { recursive: true });
  const branch = 'countersign/ledger';
  let now: Instant = as?.now() ?? noon;
  const clock = { now: () => now, sleep: () => Promise.resolve() };
  const ledger = createGitLedger({ folder, branch, author: ledgerAuthor, clock });
  let head = await ledger.begin();
  let batches = as?.batches() ?? 0;
  const committed = new Map<string, number>();
  const append = async (
    requests: readonly Uncommitted[],
    stream?: ReturnType<typeof streamOf>,
  ): Promise<string> => {
    now = instant(Date.parse(now) + 60_000);
    batches += 1;
    const answer = await ledger.append(ledgerScribe.write(`B${batches}`, requests, stream).commit, head);
    if (!('head' in answer)) throw new Error('Somebody else committed meanwhile.');
    head = answer.head;
    return head;
  };
  return {
    now: () => now,
    batches: () => batches,
    folder,
    ledger,
    repository: new Repository(folder, branch),
    async commit(requests) {
      head = (await ledger.head()) ?? head;
      const uncommitted = requests.map(({ told, upTo }) => ({
        request: told.request.id,
        desk: told.request.desk,
        lines: told.lines.slice(0, upTo).map(({ line }) => line),
        committed: committed.get(told.request.id) ?? 0,
      }));
      for (const { told, upTo } of requests) committed.set(told.request.id, upTo);
      return append(uncommitted);
    },
    commitStream: (lines, before = 0) => append([], streamOf(lines, before)),
    close: () => rmSync(folder, { recursive: true }),
  };
}

/** Two requests, line by line, each line in a commit of its own. */
export async function writeTwoRequests(ledger: WrittenLedger): Promise<readonly [Told, Told]> {
  const both = [aRequestIn('active'), aRequestIn('denied', { id: anId(2), requester: 'dan' })] as const;
  for (const told of both)
    for (let upTo = 1; upTo <= told.lines.length; upTo += 1) await ledger.commit([{ told, upTo }]);
  return both;
}
