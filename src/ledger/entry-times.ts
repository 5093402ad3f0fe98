// Holds what entries say of their time against when they came to the ledger: who has the app's key can write any time, but not GitHub's.
import { parseDeskLine } from '../domain/desk-entry-line.ts';
import { parseLine } from '../domain/entry-line.ts';
import { mayWait, mayWaitOfDesk } from '../domain/urgency.ts';
import type { FileHistory } from './file-history.ts';
import type { CommitMark } from './finding.ts';
import { parsePath } from './layout.ts';
import type { History } from './verify-history.ts';

/** No break of the ledger: where GitHub could not be reached, entries wait as long as that lasts. */
export interface Untimely {
  readonly path: string;
  /** From 1; the first in its commit. */
  readonly line: number;
  /** When the entry says that it was recorded: `2026-11-20T15:19:31.120Z`. */
  readonly says: string;
  readonly commit: CommitMark;
}

/** What somebody waits for is otherwise committed within seconds. */
const latestMs = 60 * 60_000;
/** Between two clocks. */
const earliestMs = 5 * 60_000;

export function untimelyIn(
  history: History,
  path: string,
  content: string,
  past: FileHistory,
): readonly Untimely[] {
  const found = new Map<number, Untimely>();
  const timeIn = parsePath(path)?.type === 'desk' ? deskTimeIn : requestTimeIn;
  for (const [index, line] of content.split('\n').entries()) {
    const says = timeIn(line);
    const commit = says === undefined ? undefined : past.broughtBy(index + 1);
    if (says === undefined || commit === undefined || found.has(commit)) continue;
    const waited = history.timeOf(commit) - Date.parse(says);
    if (waited > latestMs || waited < -earliestMs)
      found.set(commit, { path, line: index + 1, says, commit: history.markOf(commit) });
  }
  return [...found.values()];
}

/** Undefined of what is no entry, which is told as such, and of what nothing waits for: that goes along with others. */
function requestTimeIn(line: string): string | undefined {
  const parsed = parseLine(line);
  return 'entry' in parsed && !mayWait(parsed.entry.type) ? parsed.entry.at : undefined;
}

function deskTimeIn(line: string): string | undefined {
  const parsed = parseDeskLine(line);
  return 'entry' in parsed && !mayWaitOfDesk(parsed.entry.type) ? parsed.entry.at : undefined;
}
