// The one form of an entry on disk: a line of JSON, linked to the line before it by the hash of its exact bytes.
import { createHash } from 'node:crypto';
import type { Entry, EntryType, NewEntry } from './entries.ts';
import type { FlowRef } from './flow.ts';
import { hash, later, parseInstant, type Hash, type Instant, type RequestId } from './names.ts';

/** Without the line break. */
export type Line = string;

/** Where the next entry of a request belongs. */
export interface ChainEnd {
  readonly seq: number;
  readonly lastAt: Instant;
  readonly lastHash: Hash;
}

export interface Sealing {
  readonly request: RequestId;
  readonly flow: FlowRef;
  readonly after: ChainEnd | undefined;
  readonly at: Instant;
  /** Mints the entry's id. */
  readonly mint: () => string;
}

/** Gives new entries their place in the chain. Times never decrease, even if the clock does. */
export function sealEntries(
  entries: readonly NewEntry[],
  sealing: Sealing,
): { readonly entry: Entry; readonly line: Line }[] {
  let end = sealing.after;
  return entries.map((body) => {
    const at = end === undefined ? sealing.at : later(end.lastAt, sealing.at);
    const { type, by, data } = body;
    const entry = {
      v: 1,
      id: sealing.mint(),
      request: sealing.request,
      seq: (end?.seq ?? 0) + 1,
      type,
      at,
      by,
      flow: sealing.flow,
      data,
      prev: end?.lastHash ?? null,
    } as Entry;
    const line = JSON.stringify(entry);
    end = { seq: entry.seq, lastAt: at, lastHash: hashLine(line) };
    return { entry, line };
  });
}

export function hashLine(line: Line): Hash {
  return hash(createHash('sha256').update(line).digest('hex'));
}

/** Where a line stands, whatever it says. */
export type LinePlace = Pick<ChainEnd, 'seq' | 'lastAt'>;

export type ParsedLine =
  | { readonly entry: Entry }
  | { readonly problem: 'not-json' | 'not-an-entry' }
  /** A newer Countersign wrote it. */
  | { readonly problem: 'unknown-version' | 'unknown-type'; readonly place: LinePlace };

/** Reads a line back. Only the envelope is checked here: its content was checked when it was written, and the chain proves it. */
export function parseLine(line: Line): ParsedLine {
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    return { problem: 'not-json' };
  }
  if (!isEnvelope(read)) return { problem: 'not-an-entry' };
  const isKnown = Object.hasOwn(entryTypes, read.type);
  if (read.v === 1 && isKnown) return { entry: read as unknown as Entry };
  const lastAt = parseInstant(read.at);
  if (lastAt === undefined || lastAt !== read.at) return { problem: 'not-an-entry' };
  return {
    problem: read.v === 1 ? 'unknown-type' : 'unknown-version',
    place: { seq: read.seq, lastAt },
  };
}

const entryTypes: { readonly [T in EntryType]: true } = {
  requested: true,
  notified: true,
  undelivered: true,
  'approval-given': true,
  approved: true,
  denied: true,
  cancelled: true,
  lapsed: true,
  'escalation-started': true,
  escalated: true,
  'escalation-failed': true,
  'revoke-asked': true,
  'deescalation-started': true,
  deescalated: true,
  'deescalation-failed': true,
  expired: true,
  refused: true,
};

interface Envelope {
  readonly v: unknown;
  readonly id: string;
  readonly request: string;
  readonly seq: number;
  readonly type: string;
  readonly at: string;
  readonly by: object;
  readonly data: object;
}

function isEnvelope(read: unknown): read is Envelope {
  if (typeof read !== 'object' || read === null) return false;
  const line = read as Partial<Record<keyof Envelope, unknown>>;
  return (
    'v' in line &&
    [line.id, line.request, line.type, line.at].every((text) => typeof text === 'string') &&
    Number.isInteger(line.seq) &&
    [line.by, line.data].every((value) => typeof value === 'object' && value !== null)
  );
}
