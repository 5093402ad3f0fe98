// What became of a commit whose answer was a conflict or never came: the commits since then say it.
import type { Ledger, LedgerHistoryItem } from './ports/ledger.ts';

export type HistoryVerdict =
  /** It was committed, as `commit`; what came after it is harmless. The branch stands at `head`. */
  | { readonly verdict: 'done-at'; readonly commit: string; readonly head: string }
  /** It was not committed, and may be, on `head`; absent: nothing came since, on the head we knew. */
  | { readonly verdict: 'append-on-top'; readonly head?: string }
  | { readonly verdict: 'diverged'; readonly why: string };

/**
 * `items` are the commits since the expected head, oldest first; `batch` is the one we tried to append.
 * Only a commit of ours may touch entries: whatever else does leaves a ledger that we no longer know.
 */
export function judgeHistory(
  items: Awaited<ReturnType<Ledger['since']>>,
  batch: string,
  isEntryFile: (path: string) => boolean,
): HistoryVerdict {
  if (items === 'unrelated')
    return diverged('The branch no longer descends from the head we knew: it was rewritten or deleted.');
  const foreign = items.find((item) => item.batch !== batch && item.paths.some(isEntryFile));
  if (foreign) return diverged(`Commit ${foreign.oid} touches entries and is not ours.`);
  const [ours, twin] = items.filter((item) => item.batch === batch);
  if (twin) return diverged(`Commit ${twin.oid} carries the batch of another.`);
  const newest: LedgerHistoryItem | undefined = items.at(-1);
  if (newest === undefined) return { verdict: 'append-on-top' };
  return ours === undefined
    ? { verdict: 'append-on-top', head: newest.oid }
    : { verdict: 'done-at', commit: ours.oid, head: newest.oid };
}

function diverged(why: string): HistoryVerdict {
  return { verdict: 'diverged', why };
}
