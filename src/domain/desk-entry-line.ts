// An entry of a desk's own stream as a line: the same form and chain as a request's, in another vocabulary.
import type { DeskEntry, DeskEntryType, NewDeskEntry } from './desk-entries.ts';
import {
  hashLine,
  parseChained,
  sealChain,
  type ChainEnd,
  type Chaining,
  type Line,
  type LinePlace,
  type Parsed,
} from './entry-line.ts';
import type { DeskId, Instant } from './names.ts';

export interface DeskSealing extends Chaining {
  readonly desk: DeskId;
}

/** Gives new entries their place in the desk's chain, which runs on from month to month. */
export function sealDeskEntries(
  entries: readonly NewDeskEntry[],
  { desk, ...chaining }: DeskSealing,
): { readonly entry: DeskEntry; readonly line: Line }[] {
  return sealChain(
    entries,
    chaining,
    ({ type, by, data }, { v, id, seq, at, prev }) =>
      ({ v, id, desk, seq, type, at, by, data, prev }) as DeskEntry,
  );
}

/** Reads a line of a desk's stream back. */
export function parseDeskLine(line: Line): Parsed<DeskEntry> {
  return parseChained<DeskEntry>(line, { about: 'desk', types: deskEntryTypes });
}

/** Where a line of the stream stands. Throws where it is none: these lines are not what was written. */
export function deskLinePlace(line: Line): LinePlace {
  const parsed = parseDeskLine(line);
  if ('entry' in parsed) return { seq: parsed.entry.seq, lastAt: parsed.entry.at };
  if ('place' in parsed) return parsed.place;
  throw new Error(`A kept line of a desk cannot be read: ${parsed.problem}.`);
}

/** Where the entry after this line belongs. */
export function deskChainEnd(line: Line): ChainEnd {
  return { ...deskLinePlace(line), lastHash: hashLine(line) };
}

/** `2026-11`: the stream has a file a month. */
export function monthOf(at: Instant): string {
  return at.slice(0, 7);
}

const deskEntryTypes: { readonly [T in DeskEntryType]: true } = {
  refused: true,
  'ledger-diverged': true,
  'flow-disabled': true,
  linked: true,
  unlinked: true,
  'identity-found': true,
  'identity-forgotten': true,
  'drift-found': true,
};
