// What the engine needs of the world, each as small as it can be. Everything outside plugs in behind one of these.
import type { Command, PersonCommand, Voice } from '../domain/commands.ts';
import type {
  Access,
  Answers,
  HistoryQuestion,
  IncidentQuestion,
  OpenReview,
  OptionsQuestion,
  Unknown,
} from '../domain/facts.ts';
import type { Entry, GitHubThread, Grant, Holding, Thread, Verified } from '../domain/entries.ts';
import type {
  AnswerQuestion,
  Availability,
  CodeIdentity,
  HookAnswer,
  HookQuestion,
} from '../domain/hooks.ts';
import type { Why } from '../domain/explain.ts';
import type { DeskEntry } from '../domain/desk-entries.ts';
import type { ChainEnd, Line } from '../domain/entry-line.ts';
import type {
  Action,
  Flow,
  History,
  Incident,
  LiveOption,
  Settings,
  Source,
  Step,
  StrategyRef,
} from '../domain/flow.ts';
import type {
  Account,
  DeskId,
  Destination,
  Group,
  Instant,
  Milliseconds,
  PersonId,
  RequestId,
} from '../domain/names.ts';
import type { Refusal } from '../domain/refusals.ts';
import type { OwedNotice, Request, Status } from '../domain/request.ts';

export interface Clock {
  now(): Instant;
  /** Resolves after the time has passed, or at once when the signal is aborted. */
  sleep(ms: Milliseconds, signal?: AbortSignal): Promise<void>;
}

/** Mints ULIDs, increasing within a process. */
export interface Ids {
  mint(at: Instant): string;
}

/** Constant messages with fields; never a payload, never a token. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
export type LogFields = { readonly [name: string]: string | number | boolean | undefined };

/* ---- store ---- */

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

/* ---- ledger ---- */

/** Lines for one file of the ledger. */
export interface LedgerFile {
  readonly path: string;
  /** The whole content after the commit. */
  readonly content: string;
}

export interface LedgerCommit {
  readonly batch: string;
  readonly subject: string;
  /** Between subject and trailers: a line for each entry, where the subject does not say it all. */
  readonly body: readonly string[];
  readonly trailers: readonly { readonly name: string; readonly value: string }[];
  readonly files: readonly LedgerFile[];
}

/** A commit as it is read back. */
export interface LedgerHistoryItem {
  readonly oid: string;
  /** From the trailer `Countersign-Batch`; absent on commits that are not ours. */
  readonly batch?: string;
  readonly paths: readonly string[];
}

/** One desk's branch `countersign/ledger`. Writers never retry by themselves. */
export interface Ledger {
  /** Undefined where the branch does not exist. */
  head(): Promise<string | undefined>;
  /** Makes the branch, as an orphan. Where it exists by now, its head. */
  begin(): Promise<string>;
  /** Appends with compare-and-set on the head. Throws `Failure` where the answer was lost or GitHub is down. */
  append(
    commit: LedgerCommit,
    expectedHead: string,
  ): Promise<{ readonly head: string } | { readonly conflict: true }>;
  /** The commits after `head`, oldest first; `unrelated` where the branch does not descend from it. */
  since(head: string): Promise<readonly LedgerHistoryItem[] | 'unrelated'>;
  /** Every entry file at a head, for rebuilding. */
  read(head: string): AsyncIterable<LedgerFile>;
  /**
   * Which commits up to `head` touch entries and are, by what the host itself has verified, not ours. Absent where the
   * host verifies nothing.
   */
  strangers?(head: string, asked: StrangersAsked): Promise<Strangers>;
}

export interface StrangersAsked {
  /** A head of ours: it and what is before it are not asked about. */
  readonly known?: string;
  readonly progress?: (done: number, all: number) => void;
}

export interface Strangers {
  /** Oldest first, with the paths of entries that each touched; a folder alone stands for all that is in it. */
  readonly commits: readonly LedgerHistoryItem[];
  /** The last commit before the oldest of them; absent where it is the first of all. */
  readonly before?: string;
  /** Whether we committed on top of the oldest. */
  readonly hasOursAfter: boolean;
  /** How many commits were looked at. */
  readonly asked: number;
  /** The host signs nothing, so nothing can be told. */
  readonly isUnsigned?: true;
}

/** Says how entries become a commit of the ledger. Pure: the committer asks it, a `Ledger` carries it out. */
export interface LedgerScribe {
  /**
   * As much as one commit may hold, in the order given; at least the first request, or the first month of the stream
   * where no request waits. Something has to wait.
   */
  write(batch: string, uncommitted: readonly Uncommitted[], stream?: DeskStream): LedgerBatch;
  /** Whether a commit that touches this path has to do with entries. */
  isEntryFile(path: string): boolean;
}

export interface LedgerBatch {
  readonly commit: LedgerCommit;
  /** The last entry of each request that the ledger holds once this is committed. */
  readonly upTo: ReadonlyMap<RequestId, number>;
  /** The same of the desk's own stream; absent where the commit holds nothing of it. */
  readonly streamUpTo?: number;
}

/* ---- people and flows ---- */

/** Who is who, and who belongs where, as it is now. */
export interface Directory {
  person(desk: DeskId, account: Account): Promise<PersonId | null>;
  belongs(desk: DeskId, person: PersonId, group: Group): Promise<boolean | Unknown>;
  /** What there is of an incident, and whether it is theirs. Absent where incidents cannot be looked up. */
  incident?(desk: DeskId, question: IncidentQuestion): Promise<Incident | Unknown>;
}

/** Who is among the people of a desk at all. */
export interface Roster {
  /**
   * Whether the file of the desk's people names them, or whoever has the account that they spoke with. Throws `Failure`
   * where that cannot be told: then nobody has left.
   */
  isHere(desk: DeskId, person: PersonId, account?: Account): Promise<boolean>;
}

/** The flows of a desk at the head of its default branch, and at the commit that a request is pinned to. */
export interface Flows {
  current(desk: DeskId, name: string): Promise<Answers['flow']>;
  /** Every flow that can be asked for now, for `/help`. */
  list(desk: DeskId): Promise<readonly Flow[]>;
  /** Why the operator's conditions for this desk are not met; empty where it may take requests. */
  risks(desk: DeskId): Promise<readonly string[]>;
}

/* ---- live options ---- */

/** Reads what may be answered to a field. Never throws for an outage: it says what it does not know. */
export interface OptionLists {
  now(question: OptionsQuestion): Promise<readonly LiveOption[] | Unknown>;
  /** While somebody types: what was read in the last moments will do. */
  lately(question: OptionsQuestion): Promise<readonly LiveOption[] | Unknown>;
}

/* ---- code of a desk ---- */

/** Runs what a desk wrote, where it can do nothing else. Never throws for what the code does: it says that it came to no answer. */
export interface DeskCode {
  hook(question: HookQuestion & { readonly desk: DeskId }): Promise<HookAnswer | Unknown>;
  /** Who is asked, validated like YAML. */
  approval(question: CodeQuestion): Promise<readonly Step[] | Unknown>;
  available(question: CodeQuestion): Promise<Availability | Unknown>;
  /** Whose account it is in a service, by its key below `accounts` of people.yml. */
  identity(question: CodeQuestion & { readonly service: string }): Promise<CodeIdentity | Unknown>;
}

export type CodeQuestion = AnswerQuestion & { readonly desk: DeskId };

/** Asked where nothing is stored, before an e-mail match. Throws `Failure` where the code comes to no answer. */
export type AskIdentity = (service: string) => Promise<CodeIdentity>;

/* ---- access ---- */

/** What the engine may ask of a strategy, whichever it is. See `strategies/strategy.ts` for what authors write. */
export interface AccessControl {
  /** Resolves account and resource, reads what is held now. `live` is left to the engine. */
  look(
    desk: DeskId,
    strategy: StrategyRef,
    settings: Settings,
    person: PersonId,
    identity?: AskIdentity,
  ): Promise<Exclude<Access, { live: unknown }> | Omit<Extract<Access, { live: unknown }>, 'live'>>;
  /** Makes the account hold what all of `wanted` and `before` together ask, and verifies it. Idempotent. Throws `Failure`. */
  settle(call: SettleCall): Promise<Settled>;
  /** Has what goes with a grant that is there told once more. Throws `Failure`. Whoever gets it writes it nowhere. */
  handOver(call: HandOverCall): Promise<HandedOver>;
}

/** `wanted`: of this grant and of all that are live beside it, none of which may lose anything by it. */
export type HandOverCall = Omit<SettleCall, 'purpose'>;

/** By the names that people read, such as `password`. */
export type HandedOver = { readonly [name: string]: string };

/** What reports ask of a strategy. Nothing is changed, and nothing is decided by it. Neither throws `Failure`. */
export interface AccessReports {
  /** Everybody who holds something of a target now, whoever gave it. */
  holders(desk: DeskId, strategy: StrategyRef, settings: Settings): Promise<Holders>;
  /** What the account of a grant holds now, by the resource that it was granted on. */
  holding(desk: DeskId, request: RequestId, grant: Grant): Promise<Held>;
}

export interface HeldByOne {
  /** By the id that the strategy knows it by. */
  readonly account: string;
  readonly holds: Holding;
}

export type Holders =
  /** `order`: from least to most. */
  | { readonly resource: string; readonly order: readonly Holding[]; readonly holders: readonly HeldByOne[] }
  | Unseen;

export type Held = { readonly order: readonly Holding[]; readonly holds: Holding } | Unseen;

/** `unlisted`: the service, or its strategy, does not say. */
export interface Unseen {
  readonly missing: 'unlisted' | 'unavailable' | 'impossible';
  readonly why: string;
  /** Where it is known all the same. */
  readonly resource?: string;
}

export interface SettleCall {
  readonly request: RequestId;
  readonly desk: DeskId;
  readonly strategy: StrategyRef;
  readonly settings: Settings;
  readonly resource: string;
  readonly account: string;
  /** The integration as it was when this was approved. */
  readonly integration?: Settings;
  readonly before: Holding;
  /** What the live grants want; empty: restore `before`. */
  readonly wanted: readonly Holding[];
  readonly purpose: 'escalate' | 'deescalate';
  /** To take back: the grant was never seen to be there, so that it may show only later. */
  readonly isUnseen?: true;
  readonly sealed?: string;
  /** No call leaves after this. */
  readonly notAfter?: Instant;
  readonly signal: AbortSignal;
}

export interface Settled {
  readonly verified: Verified;
  readonly holds: Holding;
  readonly recorded?: { readonly [name: string]: string };
  readonly sealed?: string;
}

/* ---- actions ---- */

/** What runs once a request is approved. See `actions/action.ts` for what authors write. */
export interface Actions {
  /**
   * Carries it out, or finds that an earlier try did. Throws `Failure`: transient where trying again may help and can do
   * no harm.
   */
  run(call: ActionCall): Promise<Ran>;
}

export interface ActionCall {
  readonly request: RequestId;
  readonly desk: DeskId;
  /** Of its flow, as the request is pinned to it. */
  readonly commit: string;
  readonly action: Action;
  /** The same for each try of the same thing, and of nothing else. */
  readonly key: string;
  /** When it was started: no try is older. */
  readonly startedAt: Instant;
  /** Whether an earlier try may have taken effect. */
  readonly isRepeated: boolean;
  /** No call leaves after this. */
  readonly notAfter: Instant;
  /** Asked right before the call that acts: somebody may have ended it meanwhile. */
  isWanted(): Promise<boolean>;
  readonly signal: AbortSignal;
}

/** Runs what an action names of a desk's own code. */
export interface ActionCode {
  /** Throws `Failure`. */
  run(
    call: CodeToRun & Pick<ActionCall, 'desk' | 'commit' | 'notAfter'> & { readonly signal: AbortSignal },
  ): Promise<Ran>;
}

export interface CodeToRun {
  /** `flows/gate.ts` */
  readonly file: string;
  /** Its name, as the file exports it. */
  readonly function: string;
  /** Where it may call. */
  readonly hosts: readonly string[];
  readonly event: Pick<ActionCall, 'request' | 'key' | 'isRepeated'> & { readonly input: Settings };
}

export interface Ran {
  /** What people want to know of it: the address of a run, parts of an answer. */
  readonly recorded?: { readonly [name: string]: string };
}

/* ---- surfaces ---- */

/** Where people see a request. Every call may be repeated: a lost answer is searched for before creating again. */
export interface Surface {
  /** Opens the request's own issue. */
  openThread(request: Request): Promise<GitHubThread>;
  /** Creates or edits the one card that is for these people. */
  showCard(request: Request, to: Destination, card: ShownCard): Promise<Shown>;
  /** Says something new, which notifies people. */
  sendNotice(request: Request, owed: OwedNotice): Promise<Shown>;
  /** Answers a command that was refused. */
  answer(command: Command, refusal: Refusal): Promise<void>;
  /**
   * Hands to the engine whatever people said about it that never arrived. Throws `Failure` where that cannot be known
   * now, or people could not say anything until a moment ago: then it is not the time to let it lapse.
   */
  reread(request: Request): Promise<void>;
}

/** A message as it can be found again. */
export interface Shown {
  readonly thread: Thread;
  readonly ref: string;
}

export interface ShownCard {
  /** Undefined where none is known yet. */
  readonly known: Shown | undefined;
  /** The request as people may see it by now. Asked at the last moment: what waited to be sent shows no older state. */
  latest(): Promise<Request>;
}

/** An outside service said no or nothing. `transient` decides about trying again. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly transient: boolean;
  /** When the service says that trying again makes sense. */
  readonly retryAfter: Milliseconds | undefined;
  /** Whether nothing was done for certain: it was refused, or never left. */
  readonly isUntouched: boolean;
  constructor(
    message: string,
    options: {
      readonly transient: boolean;
      readonly retryAfter?: Milliseconds;
      readonly isUntouched?: boolean;
      readonly cause?: unknown;
    },
  ) {
    super(message, { cause: options.cause });
    this.transient = options.transient;
    this.retryAfter = options.retryAfter;
    this.isUntouched = options.isUntouched ?? false;
  }
}

/* ---- what surfaces may ask of the engine ---- */

export interface Receipt {
  readonly request: RequestId;
  /** `known`: this was said before, and nothing more happens. */
  readonly state: 'accepted' | 'known';
}

export type Outcome = { readonly done: Request } | { readonly refused: Refusal } | { readonly working: true };

/** The engine, as surfaces see it. */
/** What is for the requester alone. */
export interface HandingOver {
  /**
   * Tells the requester what goes with their access, once: it counts as told when `show` resolves. Throws `Failure`,
   * where it cannot be had now or could not be shown.
   */
  handOver(
    id: RequestId,
    voice: Pick<Voice, 'account' | 'surface' | 'name' | 'ref'>,
    show: (what: HandedOver) => Promise<void>,
  ): Promise<HandOverOutcome>;
}

/** `not-yours`: somebody else asked. `told`: it was shown already. `over`: the access is not there, or nothing goes with it. */
export type HandOverOutcome = 'shown' | 'not-yours' | 'told' | 'over';

export interface Reception {
  /** Durable when it resolves: then the sender may be told. `about` is undefined for a new request. */
  accept(command: PersonCommand, about?: RequestId): Promise<Receipt>;
  /** Waits a moment for what became of it. */
  outcome(receipt: Receipt, within: Milliseconds): Promise<Outcome>;
  requestOf(thread: Thread): Promise<RequestId | undefined>;
  /** Read-only: the state as people may see it. */
  view(id: RequestId): Promise<Request | undefined>;
  /** Read-only: what was judged, who is missing, and what an approval by this voice would meet. */
  why(id: RequestId, voice: Voice): Promise<Why | undefined>;
  /** Shows the card again as it should be: somebody else changed or removed it. */
  reshow(id: RequestId): Promise<void>;
}

/** For surfaces whose cards tell by themselves which request they are of. */
export interface Adoption {
  /** What whoever takes a press has to know before; it is not to be shown, as some of it may not be proven yet. */
  glance(id: RequestId): Promise<Pick<Request, 'id' | 'desk' | 'messages' | 'policy'> | undefined>;
  /** A card that we posted and know nothing of: from now on it is edited like any other. */
  adopt(id: RequestId, to: Destination, card: Shown): Promise<void>;
}

/** What one person has to do with. */
export interface Overview {
  /** Read-only: what a person has asked for that is not over or waits for its review, newest first. */
  askedBy(desk: DeskId, person: PersonId): Promise<readonly Request[]>;
  /** Read-only: what a person may decide now, newest first, and then what they may review. */
  waitingFor(desk: DeskId, person: PersonId): Promise<readonly Request[]>;
  /** Read-only: access that nobody approved, of whoever an account belongs to, whose review is still to be given. */
  debtsOf(desk: DeskId, account: Account): Promise<readonly Request[]>;
}
