// A desk's own stream in the store: grows by lines, and lets go of the months that the ledger holds whole.
import { deskChainEnd, deskLinePlace, monthOf } from '../domain/desk-entry-line.ts';
import type { Line } from '../domain/entry-line.ts';
import type { DeskId } from '../domain/names.ts';
import type { DeskStream, Restoration } from '../engine/ports/store.ts';

/** Undefined where the stream does not end at `after`: something is missing in between. */
export function grownStream(
  known: DeskStream | undefined,
  { desk, after, lines }: { readonly desk: DeskId; readonly after: number; readonly lines: readonly Line[] },
): DeskStream | undefined {
  const last = lines.at(-1);
  if ((known?.end.seq ?? 0) !== after || last === undefined) return undefined;
  return letGo({
    desk,
    lines: [...(known?.lines ?? []), ...lines],
    end: deskChainEnd(last),
    committedSeq: known?.committedSeq ?? 0,
  });
}

export function committedStream(known: DeskStream, upTo: number): DeskStream {
  const committedSeq = Math.max(known.committedSeq, Math.min(upTo, known.end.seq));
  return letGo({ ...known, committedSeq });
}

/** The longer chain stands, or the ledger's where they are not one. */
export function reconcileStream(
  known: DeskStream | undefined,
  given: DeskStream,
): { readonly restoration: Restoration; readonly stream: DeskStream } {
  if (known === undefined) return { restoration: 'put', stream: given };
  if (!isOneChain(known, given)) return { restoration: 'replaced', stream: given };
  if (known.end.seq >= given.end.seq)
    return { restoration: 'kept', stream: committedStream(known, given.committedSeq) };
  return { restoration: 'put', stream: given };
}

function isOneChain(known: DeskStream, given: DeskStream): boolean {
  const [earlier, later] = firstSeqOf(known) <= firstSeqOf(given) ? [known, given] : [given, known];
  const shift = firstSeqOf(later) - firstSeqOf(earlier);
  const common = earlier.lines.slice(shift);
  if (common.length > 0) return common.every((line, index) => (later.lines[index] ?? line) === line);
  // The one begins where the other ends, or there is a gap that nobody can fill.
  return firstSeqOf(later) === earlier.end.seq + 1 && isLinked(later, earlier);
}

function isLinked({ lines: [first] }: DeskStream, { end }: DeskStream): boolean {
  return first !== undefined && JSON.parse(first).prev === end.lastHash;
}

/** Files of earlier months do not change any more. */
function letGo(stream: DeskStream): DeskStream {
  const { lines, committedSeq } = stream;
  const needed = lines[committedSeq + 1 - firstSeqOf(stream)] ?? lines.at(-1);
  const [first] = lines;
  if (needed === undefined || first === undefined) return stream;
  const month = monthOfLine(needed);
  if (monthOfLine(first) === month) return stream;
  return { ...stream, lines: lines.slice(lines.findIndex((line) => monthOfLine(line) === month)) };
}

function firstSeqOf({ lines, end }: DeskStream): number {
  return end.seq - lines.length + 1;
}

function monthOfLine(line: Line): string {
  return monthOf(deskLinePlace(line).lastAt);
}
