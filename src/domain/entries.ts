// The vocabulary of the ledger: every fact that may be recorded about a request, in the past tense.
import type {
  FieldValues,
  FlowRef,
  GrantedFor,
  Revoker,
  Settings,
  Source,
  Step,
  StrategyRef,
} from './flow.ts';
import type { Account, DeskId, Hash, Instant, Milliseconds, PersonId, RequestId } from './names.ts';

/** A person through an account: `ref` is the signed id of the message that carried the decision. */
export interface Speaker {
  readonly person: PersonId | null;
  readonly via: {
    readonly surface: Source;
    readonly account: Account;
    readonly name: string;
    readonly ref: string;
  };
  /** When the surface says it was said; absent where that is the entry's own time. */
  readonly at?: Instant;
}

/** What acts without a person: the sweep over deadlines, and the reconciler that performs effects. */
export interface Machine {
  readonly system: 'sweep' | 'reconciler';
}

export type Actor = Speaker | Machine;

/** Where a request is talked about. */
export interface Thread {
  readonly surface: 'github';
  /** By its numeric id, which outlives its name. */
  readonly repository: string;
  readonly issue: number;
}

/** The form as it was validated, labels included, so that it reads the same for ever. */
export interface RequestForm {
  readonly target?: { readonly name: string; readonly label: string; readonly settings: Settings };
  readonly duration?: GrantedFor;
  readonly fields: FieldValues;
  /** As shown on cards: label and text, in the flow's order. */
  readonly answers: readonly { readonly label: string; readonly text: string }[];
}

/** The flow's policy that a request is pinned to. */
export interface PinnedPolicy {
  readonly label: string;
  readonly danger?: string;
  readonly environment?: string;
  readonly strategy?: StrategyRef;
  /** In the order of the flow; at least one. */
  readonly steps: readonly Step[];
  readonly selfApproval: boolean;
  readonly allowRevoke: readonly Revoker[];
  readonly validFor: Milliseconds;
}

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
}

export type Verified = 'read-back' | 'answered';
export type EndReason = 'expired' | 'revoked' | 'escalation-failed';
export type Notice = 'card' | 'thread' | 'active' | 'over' | `overdue-${number}`;

interface EntryData {
  requested: {
    readonly desk: DeskId;
    readonly source: Source;
    readonly form: RequestForm;
    readonly policy: PinnedPolicy;
    /** When it lapses, unless it is decided before. */
    readonly lapseAt: Instant;
    /** Where it was asked, if that is the request's own issue. */
    readonly thread?: Thread;
  };
  notified: {
    readonly notice: Notice;
    readonly thread: Thread;
    /** The id of the message: a comment's, or the issue's. */
    readonly ref: string;
  };
  undelivered: { readonly notice: Notice; readonly error: string };
  'approval-given': {
    /** Every step that its giver could fill; who fills which is worked out anew each time. */
    readonly eligible: readonly string[];
    readonly message?: string;
    /** Where the current flow asks more than the pinned one. */
    readonly steps?: readonly Step[];
  };
  approved: {
    /** Access flows: when the attempt to grant is given up. */
    readonly startBy?: Instant;
    /** Approval-only flows: how long the approval may be used. */
    readonly validUntil?: Instant;
  };
  denied: { readonly message?: string };
  cancelled: Record<never, never>;
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
  'revoke-asked': { readonly message?: string };
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
