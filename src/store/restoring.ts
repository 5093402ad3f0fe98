// Which lines stand when the ledger's and the store's meet: the longer chain, or the ledger's where they differ.
import type { Restoration, Stored } from '../engine/ports/store.ts';
import type { RawRequest } from './journal-change.ts';

export function reconcile(
  known: RawRequest | undefined,
  given: Pick<Stored, 'lines' | 'committedSeq' | 'shownSeq'>,
): { readonly restoration: Restoration; readonly raw: RawRequest } {
  const { lines, committedSeq: committed, shownSeq: shown } = given;
  if (known === undefined) return { restoration: 'put', raw: { lines, committed, shown } };
  const shorter = Math.min(known.lines.length, lines.length);
  const isSame = lines.slice(0, shorter).every((line, index) => line === known.lines[index]);
  if (!isSame) return { restoration: 'replaced', raw: { lines, committed, shown } };
  const isKept = known.lines.length >= lines.length;
  return {
    restoration: isKept ? 'kept' : 'put',
    raw: {
      lines: isKept ? known.lines : lines,
      committed: Math.max(known.committed, committed),
      shown: Math.max(known.shown, shown),
    },
  };
}
