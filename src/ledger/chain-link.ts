// What places a line in its chain, and whether it stands where it may: the same for requests and for a desk's own stream.
import { parseDeskLine } from '../domain/desk-entry-line.ts';
import { parseLine, type ChainEnd, type Line } from '../domain/entry-line.ts';
import { parseInstant, type Instant } from '../domain/names.ts';

export type LedgerProblemCode =
  | 'stray-file'
  | 'torn'
  | 'converted'
  | 'not-json'
  | 'not-an-entry'
  | 'unknown-version'
  | 'unknown-type'
  | 'wrong-desk'
  | 'wrong-request'
  | 'wrong-day'
  | 'wrong-month'
  | 'gap'
  | 'broken-link'
  | 'time-runs-back'
  | 'illegal-entry';

export interface LedgerProblem {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly code: LedgerProblemCode;
  /** Holds nothing that people typed. */
  readonly sentence: string;
}

/** What places a line in its chain, in whatever version it is written. */
export interface ChainLink {
  /** Whose chain it says it is in. */
  readonly of: string;
  readonly seq: number;
  readonly at: Instant;
  readonly prev: unknown;
}

const parsers = { request: parseLine, desk: parseDeskLine } as const;

export function readLink(
  line: Line,
  about: keyof typeof parsers,
): ChainLink | { readonly problem: 'not-json' | 'not-an-entry' } {
  const parsed = parsers[about](line);
  if ('problem' in parsed && !('place' in parsed)) return { problem: parsed.problem };
  const { [about]: of, seq, at, prev }: { [name: string]: unknown } = JSON.parse(line);
  const moment = typeof at === 'string' ? parseInstant(at) : undefined;
  if (moment === undefined || moment !== at || typeof of !== 'string' || typeof seq !== 'number')
    return { problem: 'not-an-entry' };
  return { of, seq, at: moment, prev };
}

/** Undefined where the line stands right after `end`, or is the first. */
export function checkLink(
  { seq, at, prev }: ChainLink,
  end: ChainEnd | undefined,
): { readonly code: LedgerProblemCode; readonly what: string } | undefined {
  if (seq !== (end?.seq ?? 0) + 1) return { code: 'gap', what: `is numbered ${seq}` };
  if (prev !== (end?.lastHash ?? null))
    return { code: 'broken-link', what: 'does not hold the hash of the line before it' };
  if (end && at < end.lastAt) return { code: 'time-runs-back', what: 'is earlier than the line before it' };
  return undefined;
}

export const linkWords = { 'not-json': 'not JSON', 'not-an-entry': 'not an entry' } as const;
