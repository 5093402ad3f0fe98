// The one form of an entry on disk: a line of JSON, linked to the line before it by the hash of its exact bytes.
import { createHash } from 'node:crypto';
import type { Entry, NewEntry } from './entries.ts';
import type { FlowRef } from './flow.ts';
import { hash, later, type Hash, type Instant, type RequestId } from './names.ts';

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

export type LineProblem = 'not-json' | 'not-an-entry' | 'unknown-version';

/** Reads a line back. Only the envelope is checked here: its content was checked when it was written, and the chain proves it. */
export function parseLine(line: Line): { readonly entry: Entry } | { readonly problem: LineProblem } {
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    return { problem: 'not-json' };
  }
  if (!isEnvelope(read)) return { problem: 'not-an-entry' };
  if (read.v !== 1) return { problem: 'unknown-version' };
  return { entry: read as unknown as Entry };
}

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
