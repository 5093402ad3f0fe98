// What survives a crash: commands, requests with their lines, and what is owed.
import type { PersonCommand } from '../../domain/commands.ts';
import type { DeskEntry } from '../../domain/desk-entries.ts';
import type { Entry, Grant, Thread } from '../../domain/entries.ts';
import type { ChainEnd, Line } from '../../domain/entry-line.ts';
import type { HistoryQuestion, OpenReview } from '../../domain/facts.ts';
import type { History, Source } from '../../domain/flow.ts';
import type { DeskId, Instant, PersonId, RequestId } from '../../domain/names.ts';
import type { Refusal } from '../../domain/refusals.ts';
import type { Request, Status } from '../../domain/request.ts';

/** A command made durable before its sender was told so. */
export interface Envelope {
  /** The order of receipt, given by the store. */
  readonly position: number;
  /** From signed content; two envelopes never share one. */
  readonly key: string;
  readonly request: RequestId;
  readonly receivedAt: Instant;
  readonly command: PersonCommand;
  /** Already refused; what is left to do is to say so. */
  readonly refusal?: Refusal;
}

/** A request as the store keeps it. */
export interface Stored {
  readonly request: Request;
  readonly lines: readonly Line[];
  readonly committedSeq: number;
  readonly shownSeq: number;
}

/** One transaction: all of it is durable or none of it is. */
export interface Change {
  /** The envelope that is hereby settled. */
  readonly settles?: number;
  /** The envelope that is hereby refused: it stays waiting, with its refusal, until the answer was given. */
  readonly refuses?: { readonly position: number; readonly refusal: Refusal };
  readonly append?: {
    readonly request: Request;
    readonly lines: readonly { readonly entry: Entry; readonly line: Line }[];
    /** The last entry before these, 0 for a new request: a change that finds another is refused. */
    readonly afterSeq: number;
  };
  /** For the desk's own stream; the same holds for `afterSeq`. */
  readonly desk?: {
    readonly desk: DeskId;
    readonly lines: readonly { readonly entry: DeskEntry; readonly line: Line }[];
    readonly afterSeq: number;
    /** What follows from these lines and all before them, kept with them. */
    readonly bookmark?: { readonly name: string; readonly value: string };
  };
}

export interface Unfinished {
  readonly desk: DeskId;
  readonly requester?: PersonId;
  readonly status?: Status;
}

/** The end of a desk's own stream: as much of it as may still have to be written or read. */
export interface DeskStream {
  readonly desk: DeskId;
  /** Never empty. Whole months: from that of the first line which the ledger lacks, or else of the last line. */
  readonly lines: readonly Line[];
  readonly end: ChainEnd;
  /** The last entry that the ledger holds. */
  readonly committedSeq: number;
}

export interface Uncommitted {
  readonly request: RequestId;
  readonly desk: DeskId;
  /** All lines of the request, committed ones included, in order. */
  readonly lines: readonly Line[];
  /** How many of them the ledger holds already. */
  readonly committed: number;
}

/** What the store remembers of a desk's ledger. */
export interface LedgerCursor {
  readonly head: string;
  /** Why this desk neither decides nor grants; absent while all is well. */
  readonly diverged?: string;
  /** Since when; absent where nobody knows. */
  readonly divergedAt?: Instant;
  /** What the branch holds cannot be believed: only reading it whole, at a start, lifts this. */
  readonly isBroken?: true;
}

export interface Store {
  /**
   * Durable when it resolves. `known`: this key was accepted before, as that request. A key that started a request
   * is known whatever request it comes with; any other at least with the request that it was about, until 30 days
   * after that is over.
   */
  accept(
    envelope: Omit<Envelope, 'position'>,
  ): Promise<{ readonly accepted: Envelope } | { readonly known: RequestId }>;
  /** Accepted and not yet settled, in order of receipt; of one request, where it is named. */
  waiting(about?: RequestId): Promise<readonly Envelope[]>;
  load(id: RequestId): Promise<Stored | undefined>;
  /**
   * Throws `StaleChangeError` where an `afterSeq` is not the last entry, or entries come with an envelope that no longer
   * waits; not before what was first can be read, so that it can be decided again at once.
   */
  save(change: Change): Promise<void>;
  /** Requests that are not over, wait for a review, or owe somebody something. */
  open(desk?: DeskId): Promise<readonly RequestId[]>;
  /**
   * What a start has to look at: requests that owe something, or may once the ledger holds more of them. Any other
   * owes nothing before its deadline comes or more is said of it.
   */
  owing(): Promise<readonly RequestId[]>;
  /** Open requests whose deadline has come, earliest first. */
  due(now: Instant, limit: number): Promise<readonly RequestId[]>;
  /** Which request a thread is about: an issue's for ever, a card's on Slack while it is open. */
  byThread(thread: Thread): Promise<RequestId | undefined>;
  /** Which request a signed id started. */
  byKey(key: string): Promise<RequestId | undefined>;
  /** Grants on a resource and account that have started and not ended, oldest first. */
  live(
    resource: string,
    account: string,
  ): Promise<readonly { readonly request: RequestId; readonly grant: Grant }[]>;
  /** A person's requests of a flow that were made by a moment, and not too long before it. */
  history(of: HistoryQuestion): Promise<History>;
  /** Of a desk: whose access is still to be reviewed, whether it has ended or not. */
  reviews(desk: DeskId): Promise<readonly OpenReview[]>;
  /** The requests of a desk that were made last, newest first, open or over. */
  recent(desk: DeskId, limit: number): Promise<readonly RequestId[]>;
  /** Requests of a desk that are not over or wait for a review, newest first: those that a person made, or that are in one state. */
  unfinished(search: Unfinished, limit: number): Promise<readonly RequestId[]>;
  /** Everybody with requests of a desk that are not over. */
  requesters(desk: DeskId): Promise<readonly PersonId[]>;
  /** Requests with lines that the ledger lacks, oldest first. */
  uncommitted(desk: DeskId, limit: number): Promise<readonly Uncommitted[]>;
  /** Undefined where the desk has none yet. */
  deskStream(desk: DeskId): Promise<DeskStream | undefined>;
  /** Durable: the ledger holds these requests up to these entries, and the desk's stream up to that one, at this head. */
  noteCommitted(
    desk: DeskId,
    head: string,
    upTo: ReadonlyMap<RequestId, number>,
    streamUpTo?: number,
  ): Promise<void>;
  /** May be lost in a crash: the card shows the request as of this entry. */
  noteShown(id: RequestId, seq: number): void;
  cursor(desk: DeskId): Promise<LedgerCursor | undefined>;
  setCursor(desk: DeskId, cursor: LedgerCursor): Promise<void>;
  /** Any other small fact that must survive, by name: how far deliveries were read, say. */
  bookmark(name: string): Promise<string | undefined>;
  setBookmark(name: string, value: string): Promise<void>;
  /** Puts a whole request in place, as the ledger holds it: for rebuilding. The caller has verified the chain. */
  restore(request: Stored): Promise<Restoration>;
  /** The same for the newest month of a desk's stream. */
  restoreStream(stream: DeskStream): Promise<Restoration>;
  /** Makes everything durable, lets the lock go. */
  close(): Promise<void>;
}

/**
 * `put`: as given, new or longer than what was known. `kept`: the store knew these lines, perhaps more after them.
 * `replaced`: the store knew other lines, which are gone.
 */
export type Restoration = 'put' | 'kept' | 'replaced';

/** What an envelope is known by: the same from a command's voice and from the entry that records it. */
export function keyOf(said: { readonly surface: Source; readonly ref: string }): string {
  return `${said.surface}:${said.ref}`;
}

export class StaleChangeError extends Error {
  override readonly name = 'StaleChangeError';
}
