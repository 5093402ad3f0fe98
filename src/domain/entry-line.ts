// The one form of an entry on disk: a line of JSON, linked to the line before it by the hash of its exact bytes.
import { hash as digest } from 'node:crypto';
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

export interface Chaining {
  readonly after: ChainEnd | undefined;
  readonly at: Instant;
  /** Mints the entry's id. */
  readonly mint: () => string;
}

export interface Sealing extends Chaining {
  readonly request: RequestId;
  readonly flow: FlowRef;
}

/** What an entry of any vocabulary says of its place in the chain. */
export interface Link {
  readonly v: 1;
  readonly id: string;
  readonly seq: number;
  readonly at: Instant;
  readonly prev: Hash | null;
}

/** Gives new entries of a request their place in its chain. */
export function sealEntries(
  entries: readonly NewEntry[],
  { request, flow, ...chaining }: Sealing,
): { readonly entry: Entry; readonly line: Line }[] {
  return sealChain(entries, chaining, (body, link) => entryAt(body, link, { request, flow }));
}

/** An entry in its place. */
export function entryAt(
  { type, by, data }: NewEntry,
  { v, id, seq, at, prev }: Link,
  { request, flow }: Pick<Sealing, 'request' | 'flow'>,
): Entry {
  return { v, id, request, seq, type, at, by, flow, data, prev } as Entry;
}

/** The keys of what `write` makes stand in its order on disk. Times never decrease, even if the clock does. */
export function sealChain<Body, Sealed>(
  bodies: readonly Body[],
  { after, at: now, mint }: Chaining,
  write: (body: Body, link: Link) => Sealed,
): { readonly entry: Sealed; readonly line: Line }[] {
  let end = after;
  return bodies.map((body) => {
    const at = end === undefined ? now : later(end.lastAt, now);
    const link: Link = { v: 1, id: mint(), seq: (end?.seq ?? 0) + 1, at, prev: end?.lastHash ?? null };
    const entry = write(body, link);
    const line = JSON.stringify(entry);
    end = { seq: link.seq, lastAt: at, lastHash: hashLine(line) };
    return { entry, line };
  });
}

export function hashLine(line: Line): Hash {
  return hash(digest('sha256', line));
}

/** Where a line stands, whatever it says. */
export type LinePlace = Pick<ChainEnd, 'seq' | 'lastAt'>;

export type Parsed<Known> =
  | { readonly entry: Known }
  | { readonly problem: 'not-json' | 'not-an-entry' }
  /** A newer Countersign wrote it. */
  | { readonly problem: 'unknown-version' | 'unknown-type'; readonly place: LinePlace };
export type ParsedLine = Parsed<Entry>;

/** Reads a line of a request back. */
export function parseLine(line: Line): ParsedLine {
  return parseChained<Entry>(line, { about: 'request', types: entryTypes });
}

/** What a chain may speak of, and how. */
export interface Vocabulary {
  /** The key that says whose chain it is. */
  readonly about: 'request' | 'desk';
  readonly types: { readonly [type: string]: true };
}

/** Only the envelope is checked here: its content was checked when it was written, and the chain proves it. */
export function parseChained<Known>(line: Line, { about, types }: Vocabulary): Parsed<Known> {
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    return { problem: 'not-json' };
  }
  if (!isEnvelope(read, about)) return { problem: 'not-an-entry' };
  const isKnown = Object.hasOwn(types, read.type);
  if (read.v === 1 && isKnown) return { entry: read as unknown as Known };
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
  forwarded: true,
  'rule-applied': true,
  'hook-awaited': true,
  'hook-ran': true,
  'hook-failed': true,
  'approval-given': true,
  overridden: true,
  approved: true,
  denied: true,
  cancelled: true,
  lapsed: true,
  'escalation-started': true,
  escalated: true,
  'handed-over': true,
  'escalation-failed': true,
  'extension-asked': true,
  'extension-denied': true,
  extended: true,
  'expiry-warned': true,
  'revoke-asked': true,
  'review-opened': true,
  'review-reminded': true,
  'review-closed': true,
  'deescalation-started': true,
  deescalated: true,
  'deescalation-failed': true,
  expired: true,
  'action-started': true,
  'action-finished': true,
  'action-failed': true,
  refused: true,
};

interface Envelope {
  readonly v: unknown;
  readonly id: string;
  readonly request?: string;
  readonly desk?: string;
  readonly seq: number;
  readonly type: string;
  readonly at: string;
  readonly by: object;
  readonly data: object;
}

function isEnvelope(read: unknown, about: Vocabulary['about']): read is Envelope {
  if (typeof read !== 'object' || read === null) return false;
  const line = read as Partial<Record<keyof Envelope, unknown>>;
  return (
    'v' in line &&
    [line.id, line[about], line.type, line.at].every((text) => typeof text === 'string') &&
    Number.isInteger(line.seq) &&
    [line.by, line.data].every((value) => typeof value === 'object' && value !== null)
  );
}
