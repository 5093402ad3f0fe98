// The vocabulary of the ledger: every fact that may be recorded about a request, in the past tense.
import type {
  Action,
  DecisionMessage,
  ExtendOffer,
  FieldValues,
  FlowRef,
  GrantedFor,
  LiveOption,
  Revoker,
  Settings,
  Source,
  Step,
  StrategyRef,
} from './flow.ts';
import type { AnswerName, CodeOffer, HookAwaited, HookName } from './hooks.ts';
import type {
  Account,
  DeskId,
  Destination,
  Group,
  Hash,
  Instant,
  Milliseconds,
  PersonId,
  RequestId,
} from './names.ts';

/** A person through an account: `ref` is the signed id of the message that carried the decision. */
export interface Speaker {
  readonly person: PersonId | null;
  readonly via: {
    readonly surface: Source;
    readonly account: Account;
    readonly name: string;
    readonly ref: string;
    /** Absent where the surface vouches for the account. `email-link`: whoever held a link that was mailed to an address. */
    readonly proof?: Proof;
  };
  /** When the surface says it was said; absent where that is the entry's own time. */
  readonly at?: Instant;
}

/** How an account was proved, where no surface vouches for it. */
export type Proof = 'email-link';

/** What acts without a person: the sweep over deadlines, the reconciler that performs effects, and the flow's own rules. */
export interface Machine {
  readonly system: 'sweep' | 'reconciler' | 'rules' | 'code';
}

export type Actor = Speaker | Machine;

/** Where a request is talked about. */
export type Thread = GitHubThread | SlackThread | EmailThread;

/** An issue. */
export interface GitHubThread {
  readonly surface: 'github';
  /** By its numeric id, which outlives its name. */
  readonly repository: string;
  readonly issue: number;
}

/** A message and what is said below it. */
export interface SlackThread {
  readonly surface: 'slack';
  /** Whose app is in the channel. */
  readonly workspace: string;
  readonly channel: string;
  /** Slack's time stamp of the message: `1732093202.004200`. */
  readonly message: string;
}

export interface EmailThread {
  readonly surface: 'email';
  readonly address: string;
}

/** A channel of Slack that a request was made in. */
export interface Origin {
  readonly workspace: string;
  readonly channel: string;
}

/** The form as it was validated, labels included, so that it reads the same for ever. */
export interface RequestForm {
  readonly target?: { readonly name: string; readonly label: string; readonly settings: Settings };
  readonly duration?: GrantedFor;
  readonly fields: FieldValues;
  /** As shown on cards: label and text, in the flow's order. */
  readonly answers: readonly { readonly label: string; readonly text: string }[];
  /** What was chosen of options that were read live, by field, as it was offered when it was asked; absent where there are none. */
  readonly offered?: { readonly [field: string]: readonly LiveOption[] };
  /** The flow's own line about it, filled in. */
  readonly message?: string;
}

/** What all rules of the flow said at one moment, and what they were told: enough to judge them again. */
export interface Judgement {
  readonly at: Instant;
  readonly rules: readonly JudgedRule[];
  /** What was looked up, by how a condition asks for it: `requester.role`, `requester.belongs_to('team:acme/data')`. */
  readonly facts: { readonly [name: string]: FactValue };
}

/** Null: it could not be had. */
export type FactValue = boolean | number | string | null;

export interface JudgedRule {
  readonly name: string;
  readonly if: string;
  /** Steps that it approves where it holds; absent: it denies. */
  readonly approve?: readonly string[];
  readonly result: 'holds' | 'does-not-hold' | 'unknown';
  /** The rule's reason, where it holds; why it could not be judged, where it is unknown. */
  readonly because?: string;
}

/** The flow's policy that a request is pinned to. */
export interface PinnedPolicy {
  readonly label: string;
  readonly danger?: string;
  readonly environment?: string;
  readonly strategy?: StrategyRef;
  /** At the commit of the flow that the request is pinned to. */
  readonly code?: CodeOffer;
  /** In the order of the flow; at least one. */
  readonly steps: readonly Step[];
  /** The flow's code said which these are; absent where its YAML did. */
  readonly stepsBy?: 'code';
  readonly selfApproval: boolean;
  /** Absent in older lines: `optional`. */
  readonly decisionMessage?: DecisionMessage;
  readonly extend?: ExtendOffer;
  readonly allowRevoke: readonly Revoker[];
  readonly validFor: Milliseconds;
  /** It is asked for elsewhere than on GitHub alone, and shown there alone. */
  readonly withoutIssue?: true;
  /** How long before the end of access the requester is warned; absent: not at all. */
  readonly warnBefore?: Milliseconds;
  /** What runs once it is approved, in this order and filled in: what people approve is what is called. */
  readonly actions?: readonly Action[];
}

/** Nobody approved it: why it could not wait, and how far that went. */
export interface BrokenGlass {
  readonly reason: string;
  /** How long access may last in all, extensions included. */
  readonly max: Milliseconds;
  /** Who is told, besides whoever follows the issue. */
  readonly tell: readonly Destination[];
}

/** Of a review: whether somebody has to look further. */
export type ReviewOutcome = 'fine' | 'concern';

/** How much of a resource an account holds, in the strategy's own words; `none` is nothing. */
export type Holding = string;

/** All that taking the access back needs, should everything else be lost. */
export interface Grant {
  readonly strategy: StrategyRef;
  readonly settings: Settings;
  /** The real thing, so that overlapping grants are counted. Unique across strategies. */
  readonly resource: string;
  /** The account in the target system, by its immutable id. */
  readonly account: string;
  readonly wanted: Holding;
  /** The integration as it was: what the desk's files say later must not be needed. It names secrets and holds none. */
  readonly integration?: Settings;
  /** What the account held before the first of the live grants on this resource. */
  readonly before: Holding;
  /** No call to grant leaves after this. */
  readonly startBy: Instant;
  /** start-by plus duration; absent where granted until revoked. */
  readonly endBy?: Instant;
  readonly duration: GrantedFor;
  /** Something for the requester alone goes with it, such as a password. */
  readonly handsOver?: true;
}

export type Verified = 'read-back' | 'answered';
/** `left`: whoever asked is no longer among the people of the desk. */
export type EndReason = 'expired' | 'revoked' | 'escalation-failed' | 'left';
/**
 * What people are told. `extension-N`: access is to last longer, which waits for approvers; `extension-over-N`: what
 * became of that. `break-glass`: somebody did not wait for approval; `review-N`: that waits for its review, and
 * `reviewed`: what came of it. `actions-over`: what came of all that was to run.
 */
export type Notice =
  | 'card'
  | 'thread'
  | 'active'
  | 'over'
  | `expiring-${number}`
  | `overdue-${number}`
  | `extension-${number}`
  | `extension-over-${number}`
  | 'break-glass'
  | `review-${number}`
  | 'reviewed'
  | 'actions-over';

/** One of the actions that a request is pinned to. */
export interface ActionRef {
  /** Which of them, counted from 0. */
  readonly index: number;
  readonly name: string;
}

/** That it is the turn of others to be told that a step is asked. */
export interface ForwardRef {
  readonly step: string;
  /** Which of its routes, counted from 0. */
  readonly route: number;
  readonly why: 'delay' | 'undelivered';
}

interface EntryData {
  requested: {
    readonly desk: DeskId;
    readonly source: Source;
    readonly form: RequestForm;
    readonly policy: PinnedPolicy;
    /** When it lapses, unless it is decided before. */
    readonly lapseAt: Instant;
    /** Where it was asked, if that is the request's own issue. */
    readonly thread?: GitHubThread;
    /** The channel of Slack that it was asked in, if any. */
    readonly origin?: Origin;
    /** Absent where the flow has no rules. */
    readonly judged?: Judgement;
    /** Nobody is asked: it is approved at once, and reviewed afterwards. */
    readonly breakGlass?: BrokenGlass;
  };
  /** A rule had its effect: it stands for steps, it holds the request back until it can be judged, or it lets it go on. */
  'rule-applied': {
    readonly rule: string;
    readonly effect: 'approve' | 'deny' | 'hold' | 'release';
    /** Of `approve`: the steps that it meets. */
    readonly steps?: readonly string[];
    /** The rule's reason; of `hold`: why it cannot be judged. */
    readonly because?: string;
  };
  notified: {
    readonly notice: Notice;
    readonly thread: Thread;
    /** The id of the message: a comment's, the issue's, Slack's time stamp. */
    readonly ref: string;
    /** Who was to be told; absent: whoever follows the issue. */
    readonly to?: Destination;
  };
  undelivered: {
    readonly notice: Notice;
    readonly error: string;
    readonly to?: Destination;
    /** It is still tried; whoever is told next is told meanwhile. */
    readonly retried?: true;
  };
  /** Time passed, or those who were told could not be: others are told that a step is asked. */
  forwarded: ForwardRef & {
    /** The flow's code held it back, with these words: nobody is told. */
    readonly heldBack?: string;
  };
  /** Time has come for something, and the flow's code is asked first; it waits no longer than `until`. */
  'hook-awaited': { readonly hook: HookAwaited; readonly until: Instant; readonly forward?: ForwardRef };
  'approval-given': {
    /** Every step that its giver could fill; who fills which is worked out anew each time. */
    readonly eligible: readonly string[];
    readonly message?: string;
    /** Where the current flow asks more than the pinned one. */
    readonly steps?: readonly Step[];
    /** Less than was asked for; it holds from here on. */
    readonly duration?: Milliseconds;
  };
  /** An admin stood in: like an approval, for steps that are not theirs, and always with a reason. */
  overridden: {
    readonly eligible: readonly string[];
    readonly reason: string;
    readonly steps?: readonly Step[];
    readonly duration?: Milliseconds;
    /** Rules that could not be judged and no longer hold it back. */
    readonly lifts?: readonly string[];
  };
  approved: {
    /** Access flows: when the attempt to grant is given up. */
    readonly startBy?: Instant;
    /** Approval-only flows: how long the approval may be used. */
    readonly validUntil?: Instant;
  };
  denied: {
    readonly message?: string;
    /** The rule that denied; absent where a person did. */
    readonly rule?: string;
  };
  cancelled: {
    /** Nobody withdrew it: whoever asked is no longer among the people of the desk. */
    readonly why?: 'left';
  };
  lapsed: Record<never, never>;
  'escalation-started': { readonly grant: Grant };
  escalated: {
    /** `read-back`: seen in the target. `answered`: the target cannot be read, and its answer was believed. */
    readonly verified: Verified;
    /** When it is taken back; absent where granted until revoked. */
    readonly expiresAt?: Instant;
    /** What the strategy wants to be known. */
    readonly recorded?: { readonly [name: string]: string };
    /** What the strategy needs to take it back, encrypted with the operator's key. */
    readonly sealed?: string;
  };
  'escalation-failed': {
    readonly error: string;
    /** It is not tried again. */
    readonly gaveUp: boolean;
  };
  /** The requester wants it for longer; decided anew, on all of it together. */
  'extension-asked': {
    /** From the moment that access was there. */
    readonly total: Milliseconds;
    readonly message?: string;
    readonly steps: readonly Step[];
    readonly judged?: Judgement;
  };
  'extension-denied': { readonly message?: string; readonly rule?: string };
  extended: {
    readonly duration: Milliseconds;
    readonly expiresAt: Instant;
    /** Replaces the grant's own. */
    readonly endBy: Instant;
  };
  /** What goes with the access was shown to the requester. It stands nowhere. */
  'handed-over': Record<never, never>;
  /** Access is about to end: the requester is told so. */
  'expiry-warned': { readonly expiresAt: Instant };
  'revoke-asked': { readonly message?: string };
  /** Access was had without approval: a second person is to say what they think of it. */
  'review-opened': {
    readonly reviewers: readonly Group[];
    /** From then on it is overdue, and raised each day. */
    readonly deadline: Instant;
    /** Who is reminded of it, besides whoever follows the issue. */
    readonly tell: readonly Destination[];
  };
  /** The review is still to be given. */
  'review-reminded': {
    /** 1: half of the time is over. 2: all of it. From 3 on: another day. */
    readonly times: number;
  };
  'review-closed': {
    readonly outcome: ReviewOutcome;
    readonly message: string;
    /** They are none of the reviewers, and reviewed it once it was overdue. */
    readonly as?: 'admin';
  };
  'deescalation-started': { readonly why: EndReason };
  deescalated: {
    readonly verified: Verified;
    /** What the account holds now. */
    readonly holds: Holding;
    /** Live grants on the same resource that still need it. */
    readonly neededBy?: readonly RequestId[];
  };
  'deescalation-failed': {
    readonly error: string;
    /** In a row; 0 on an alarm. */
    readonly attempts: number;
    /** Overdue: the first alarm is 1. */
    readonly alarm?: number;
  };
  expired: Record<never, never>;
  'action-started': ActionRef;
  'action-finished': ActionRef & {
    /** What it wants to be known: the address of a run, parts of an answer. */
    readonly recorded?: { readonly [name: string]: string };
  };
  'action-failed': ActionRef & {
    readonly error: string;
    /** It is not tried again, and those after it do not run. */
    readonly gaveUp: boolean;
  };
  /** A hook of the flow's code ran and kept something for later hooks. */
  'hook-ran': {
    readonly hook: HookName;
    readonly values?: Settings;
    /** The entry after which it ran; absent where it ran before a step. */
    readonly after?: number;
  };
  /** A hook, or an answer in the place of YAML, came to nothing: what it would have decided, people decide. */
  'hook-failed': { readonly hook: HookName | AnswerName; readonly problem: string; readonly after?: number };
  refused: {
    /** What was tried: `approve`. */
    readonly command: string;
    readonly code: string;
  };
}

export type EntryType = keyof EntryData;

/** What `decide` says has happened; the engine adds when, and its place in the chain. */
export type NewEntry = {
  [T in EntryType]: { readonly type: T; readonly by: Actor; readonly data: EntryData[T] };
}[EntryType];

interface Recorded {
  readonly v: 1;
  readonly id: string;
  readonly request: RequestId;
  readonly seq: number;
  readonly at: Instant;
  readonly flow: FlowRef;
  /** The hash of the request's previous line, its exact bytes; null on the first. */
  readonly prev: Hash | null;
}

/** One line of the ledger. */
export type Entry = NewEntry & Recorded;
export type EntryOf<T extends EntryType> = Extract<Entry, { type: T }>;
