// A desk's own stream as the months that are its files.
import { deskLinePlace, monthOf } from '../domain/desk-entry-line.ts';
import type { Line } from '../domain/entry-line.ts';
import type { DeskId, Instant } from '../domain/names.ts';
import type { DeskStream } from '../engine/ports/store.ts';

export interface StreamMonth {
  readonly desk: DeskId;
  /** All of the month. */
  readonly lines: readonly Line[];
  /** Those that the ledger has not got yet; at least one. */
  readonly lacking: readonly Line[];
  readonly firstAt: Instant;
  readonly lastSeq: number;
}

/** Months with lines that the ledger lacks, in order. */
export function lackingMonths({ desk, lines, committedSeq }: DeskStream): readonly StreamMonth[] {
  const placed = lines.map((line) => ({ line, ...deskLinePlace(line) }));
  return [...new Set(placed.map(({ lastAt }) => monthOf(lastAt)))].flatMap((name) => {
    const month = placed.filter(({ lastAt }) => monthOf(lastAt) === name);
    const lacking = month.filter(({ seq }) => seq > committedSeq);
    const [first, last] = [month[0], month.at(-1)];
    if (lacking.length === 0 || first === undefined || last === undefined) return [];
    return {
      desk,
      lines: month.map(({ line }) => line),
      lacking: lacking.map(({ line }) => line),
      firstAt: first.lastAt,
      lastSeq: last.seq,
    };
  });
}
