// The state of a request: what its entries add up to. Each status carries exactly the facts that belong to it.
import type { ForwardRef } from './entries.ts';
import type { HookAfter, HookAwaited, HookTold, Outputs } from './hooks.ts';
import type {
  BrokenGlass,
  EndReason,
  GitHubThread,
  Grant,
  Judgement,
  Notice,
  Origin,
  PinnedPolicy,
  RequestForm,
  ReviewOutcome,
  Speaker,
  Thread,
  Verified,
} from './entries.ts';
import type { FlowRef, GrantedFor, Source, Step } from './flow.ts';
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

export interface Approval {
  readonly account: Account;
  /** As linked when it was given; whether it counts is judged by the links as they are now. */
  readonly person: PersonId;
  readonly name: string;
  readonly eligible: readonly string[];
  readonly at: Instant;
  readonly message?: string;
  /** They stood in for steps that are not theirs. */
  readonly asAdmin?: true;
  /** The steps for which that was enough: those that did not ask for their own people when it was given. */
  readonly stoodInFor?: readonly string[];
}

/** What people decide on: the request while it is pending, or an extension while there is access. */
export interface Matter {
  /** The steps it is pinned to, tightened by what the current flow asked at the last approval. */
  readonly stepsInForce: readonly Step[];
  readonly approvals: readonly Approval[];
  /** Steps that rules stand for. */
  readonly ruleApprovals: readonly RuleApproval[];
  /** Rules that might deny and could not be judged: nothing is approved before they can. */
  readonly holds: readonly Hold[];
  /** Which routes of a step are told by now, because of a delay or because others could not be. */
  readonly forwarded: { readonly [step: string]: readonly number[] };
  /** Of these, those of which code said that nobody is to be told. */
  readonly heldBack?: { readonly [step: string]: readonly number[] };
  /** Absent where the flow has no rules. */
  readonly judged?: Judgement;
}

/** What decides in the place of people. */
export interface RuleRef {
  /** Its name; of the code, that of the hook. */
  readonly rule: string;
  /** Absent: a rule of the flow. */
  readonly by?: 'code';
}

export interface RuleApproval extends RuleRef {
  readonly steps: readonly string[];
  readonly because?: string;
  /** Of the code, once it is recorded; rules are judged when it is asked. */
  readonly at?: Instant;
}

export interface Hold {
  readonly rule: string;
  readonly why: string;
}

/** More time, asked for while there is access. It is forgotten when the access ends. */
export interface Extension extends Matter {
  readonly by: Speaker;
  readonly at: Instant;
  /** From the moment that access was there. */
  readonly total: Milliseconds;
  readonly message?: string;
  /** As it was asked under. */
  readonly steps: readonly Step[];
}

/** What a second person says of access that nobody approved. It outlives the access. */
export interface Review {
  readonly openedAt: Instant;
  readonly reviewers: readonly Group[];
  readonly deadline: Instant;
  readonly tell: readonly Destination[];
  /** How often it was raised; from 2 on it is overdue. */
  readonly reminded: number;
  /** When it is raised next. */
  readonly nextAt: Instant;
  readonly closed?: {
    readonly by: Speaker;
    readonly at: Instant;
    readonly outcome: ReviewOutcome;
    readonly message: string;
    readonly asAdmin?: true;
  };
}

/** One of the actions of a request, from when it was started. Those that are not here were not. */
export type ActionRun = {
  /** The entry `action-started`: nothing is called before the ledger holds it. */
  readonly startedSeq: number;
  readonly startedAt: Instant;
} & (
  | { readonly state: 'running'; /** Of the last try that was recorded. */ readonly error?: string }
  | {
      readonly state: 'finished';
      readonly at: Instant;
      readonly recorded?: { readonly [name: string]: string };
    }
  | { readonly state: 'failed'; readonly at: Instant; readonly error: string }
);

interface RequestFacts extends Matter {
  readonly id: RequestId;
  readonly desk: DeskId;
  readonly flow: FlowRef;
  readonly source: Source;
  readonly requester: Speaker & { readonly person: PersonId };
  readonly requestedAt: Instant;
  readonly form: RequestForm;
  readonly policy: PinnedPolicy;
  /** Absent where it waited for approval. */
  readonly breakGlass?: BrokenGlass;
  /** Absent where none is needed. */
  readonly review?: Review;
  /** Less than was asked for: what approvers shortened it to. */
  readonly narrowed?: { readonly duration: Milliseconds; readonly by: Speaker };
  /** Longer access: how often it was asked for, how often it was given, and what became of the last. */
  readonly extensions: {
    readonly asked: number;
    readonly given: number;
    readonly last?: { readonly at: Instant; readonly denier?: Denier; readonly message?: string };
  };
  /** That access was there, once it was: kept for what is said afterwards. */
  readonly granted?: {
    readonly since: Instant;
    readonly expiresAt?: Instant;
    readonly verified: Verified;
    /** When what goes with it was shown to the requester. */
    readonly handedOverAt?: Instant;
  };
  /** In the order of the policy's; only the last of them can be running. */
  readonly actionRuns: readonly ActionRun[];
  /** Who ended it early. */
  readonly revoked?: { readonly by: Speaker; readonly message?: string };
  /** Its issue, once there is one. */
  readonly thread?: GitHubThread;
  /** The channel of Slack that it was asked in, if any. */
  readonly origin?: Origin;
  /** Messages that we know of, by what they are and whom they tell. */
  readonly messages: readonly Message[];
  /** Still to be said, once each. */
  readonly notices: readonly OwedNotice[];
  /** Cards that could not be shown, and whether that is still tried. */
  readonly undelivered: readonly { readonly to: Destination; readonly retried?: true }[];
  /** Signed ids of everything people said that is already recorded. */
  readonly heard: readonly string[];
  /** `account code`: a refusal is answered once. */
  readonly refused: readonly string[];
  /** Where the flow has code: what hooks kept, and those that are still to be run. */
  readonly code?: { readonly outputs: Outputs; readonly owed: readonly OwedHook[] };
  /** A newer Countersign wrote part of it, and we cannot read that: nothing is decided here, but its access is taken back. */
  readonly isReadOnly?: true;
  /** The last entry that changes what people see. */
  readonly visibleSeq: number;
  /** The last entry: its number, its time, the hash of its line. */
  readonly seq: number;
  readonly lastAt: Instant;
  readonly lastHash: Hash;
}

/** A hook, and the entry after which it runs. */
export interface OwedHook {
  readonly hook: HookAfter | HookAwaited;
  readonly after: number;
  readonly told?: HookTold;
  /** What waits for it waits no longer than this. */
  readonly until?: Instant;
  /** Of `on_forward`: which route of the step waits for it. */
  readonly forward?: ForwardRef;
}

export interface OwedNotice {
  readonly notice: Notice;
  readonly to: Destination;
}

export interface Message extends OwedNotice {
  readonly thread: Thread;
  readonly ref: string;
}

export interface Running {
  readonly grant: Grant;
  /** The entry `escalation-started`: nothing is called before the ledger holds it. */
  readonly startedSeq: number;
}

export type Phase =
  | { readonly status: 'pending'; readonly lapseAt: Instant }
  | {
      readonly status: 'approved';
      readonly approvedAt: Instant;
      readonly startBy?: Instant;
      readonly validUntil?: Instant;
    }
  | ({ readonly status: 'escalating'; readonly error?: string } & Running)
  | ({
      readonly status: 'active';
      readonly since: Instant;
      readonly expiresAt?: Instant;
      readonly sealed?: string;
      /** The requester was warned that this is its end. */
      readonly warnedOf?: Instant;
      readonly extension?: Extension;
    } & Running)
  | ({
      readonly status: 'deescalating';
      readonly since: Instant;
      readonly why: EndReason;
      readonly wasActive: boolean;
      readonly nextAlarmAt: Instant;
      readonly alarms: number;
      readonly error?: string;
      readonly sealed?: string;
    } & Running)
  | {
      readonly status: 'ended';
      readonly at: Instant;
      readonly why: Exclude<EndReason, 'escalation-failed'>;
      /** What the account has all the same: by another request that is live, or because it had that before. */
      readonly left?: 'by-another' | 'as-before';
    }
  | { readonly status: 'denied'; readonly at: Instant; readonly denier: Denier; readonly message?: string }
  | { readonly status: 'cancelled'; readonly at: Instant; readonly why?: 'left' }
  | { readonly status: 'lapsed'; readonly at: Instant }
  | { readonly status: 'failed'; readonly at: Instant; readonly error: string };

/** A person, or a rule of the flow. */
export type Denier = Speaker | RuleRef;

export type Request = RequestFacts & { readonly phase: Phase };
export type Status = Phase['status'];

export const statuses = [
  'pending',
  'approved',
  'escalating',
  'active',
  'deescalating',
  'ended',
  'denied',
  'cancelled',
  'lapsed',
  'failed',
] as const satisfies readonly Status[];

const over: ReadonlySet<Status> = new Set(['ended', 'denied', 'cancelled', 'lapsed', 'failed']);

/** Whether something goes with the access that the requester has not seen yet. */
export function awaitsHandOver({ phase, granted }: Request): boolean {
  return phase.status === 'active' && phase.grant.handsOver === true && granted?.handedOverAt === undefined;
}

/** Whether nothing can be decided about it any more. */
export function isOver(request: Request): boolean {
  return over.has(request.phase.status);
}

/** Whether somebody is still to say what they think of access that nobody approved. */
export function isReviewOpen({ review }: Request): boolean {
  return review !== undefined && review.closed === undefined;
}

/** Whether nothing is left: no access, nothing to decide, nothing to review, no code to run. */
export function isSettled(request: Request): boolean {
  return isOver(request) && !isReviewOpen(request) && (request.code?.owed.length ?? 0) === 0;
}

/** By which one action of a request is told from every other: the same each time that it is tried. */
export function actionKey(id: RequestId, index: number): string {
  return `${id}-${index + 1}`;
}

/** The grant that may exist in the target system now; undefined where there is certainly none of ours. */
export function liveGrant(request: Request): Grant | undefined {
  return 'grant' in request.phase ? request.phase.grant : undefined;
}

/** What is to be decided now, and whether it is the request itself or an extension. */
export interface OpenMatter {
  readonly matter: Matter;
  /** As it was asked under. */
  readonly pinned: readonly Step[];
  readonly extension?: Extension;
}

/** Undefined where nothing is to be decided. */
export function openMatter(request: Request): OpenMatter | undefined {
  const { phase, policy } = request;
  if (phase.status === 'pending') return { matter: request, pinned: policy.steps };
  if (phase.status !== 'active' || phase.extension === undefined) return undefined;
  const { extension } = phase;
  return { matter: extension, pinned: extension.steps, extension };
}

/** By which what is open now is told from what was before, or will be: `request`, or the extension by its number. */
export function matterOf(request: Request): string | undefined {
  const open = openMatter(request);
  if (open === undefined) return undefined;
  return open.extension ? `extension-${request.extensions.asked}` : 'request';
}

/** How long access is granted for: as asked, or less. Undefined where nothing is granted. */
export function durationOf({ form, narrowed }: Request): GrantedFor | undefined {
  return narrowed?.duration ?? form.duration;
}

/** Whether neither people nor time decide anything here: what we cannot read may have. A grant that we know of is still ended. */
export function isFrozen(request: Request): boolean {
  return request.isReadOnly === true && !isOver(request) && liveGrant(request) === undefined;
}
