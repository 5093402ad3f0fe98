// The desk's own stream, as seen from outside: whole, linked, and holding whoever was refused without a request.
import type { DeskEntry } from '../../src/domain/desk-entries.ts';
import { monthOf, parseDeskLine } from '../../src/domain/desk-entry-line.ts';
import { hashLine } from '../../src/domain/entry-line.ts';
import type { Instant } from '../../src/domain/names.ts';
import { broken } from './broken.ts';
import type { MemoryBranch } from './memory-ledger.ts';
import { accountOf, theDesk } from './town.ts';

/** A request that somebody asked for, and what they were told. */
export interface RefusedAttempt {
  readonly ref: string;
  readonly name: string;
  readonly code: string;
  readonly saidAt: Instant;
  readonly answeredAt: Instant;
}

export interface StreamRead {
  readonly lines: readonly string[];
  readonly entries: readonly DeskEntry[];
}

/** The whole stream in the ledger; its chain is checked on the way (7). */
export function readDeskStream(branch: MemoryBranch): StreamRead {
  const lines: string[] = [];
  const entries: DeskEntry[] = [];
  const files = [...branch.files()].filter(([path]) => path.startsWith('desk/'));
  for (const [path, content] of files.sort(([a], [b]) => (a < b ? -1 : 1)))
    for (const line of content.split('\n').slice(0, -1)) {
      const parsed = parseDeskLine(line);
      if (!('entry' in parsed)) return broken(7, `${path} has a line that is no entry.`);
      checkPlace(path, parsed.entry, lines.at(-1), entries.at(-1));
      lines.push(line);
      entries.push(parsed.entry);
    }
  return { lines, entries };
}

function checkPlace(
  path: string,
  { seq, prev, at, desk }: DeskEntry,
  line: string | undefined,
  before: DeskEntry | undefined,
): void {
  if (desk !== theDesk) broken(7, `${path} holds an entry of ${desk}.`);
  if (seq !== (before?.seq ?? 0) + 1) broken(7, `${path} has a gap before entry ${seq}.`);
  if (prev !== (line === undefined ? null : hashLine(line))) broken(7, `${path} is not linked at ${seq}.`);
  if (before && at < before.at) broken(7, `${path} goes back in time at ${seq}.`);
  if (path !== `desk/${monthOf(at).replace('-', '/')}.jsonl`) broken(7, `${path} holds an entry of ${at}.`);
}

/** Told no is recorded (L3): by itself, or where the same was told the same account on one of the days in between. */
export function checkAttempt({ entries }: StreamRead, attempt: RefusedAttempt): void {
  const { ref, name, code, saidAt, answeredAt } = attempt;
  const isRecorded = entries.some(
    ({ type, by, data, at }) =>
      type === 'refused' &&
      'via' in by &&
      (by.via.ref === ref ||
        (by.via.account === accountOf(name) &&
          data.code === code &&
          dayOf(saidAt) <= dayOf(at) &&
          dayOf(at) <= dayOf(answeredAt))),
  );
  if (!isRecorded) broken(9, `${name} was told ${code} about ${ref}, and the ledger does not say so.`);
}

/** What was recorded is recorded once (6), as far as the store remembers. */
export function checkOnce({ entries }: StreamRead): void {
  const marks = entries.map(({ type, by, data }) => {
    if (type === 'ledger-diverged') return `${type} ${data.since}`;
    return `${type} ${'via' in by ? by.via.ref : 'code' in data ? data.code : ''}`;
  });
  const twice = marks.find((mark, index) => marks.indexOf(mark) !== index);
  if (twice) broken(6, `The stream of the desk says twice: ${twice}.`);
}

function dayOf(at: Instant): string {
  return at.slice(0, 10);
}
