// The state of a request: what its entries add up to. Each status carries exactly the facts that belong to it.
import type {
  EndReason,
  Grant,
  Notice,
  PinnedPolicy,
  RequestForm,
  Speaker,
  Thread,
  Verified,
} from './entries.ts';
import type { FlowRef, Source, Step } from './flow.ts';
import type { Account, DeskId, Hash, Instant, PersonId, RequestId } from './names.ts';

export interface Approval {
  readonly account: Account;
  /** As linked when it was given; whether it counts is judged by the links as they are now. */
  readonly person: PersonId;
  readonly name: string;
  readonly eligible: readonly string[];
  readonly at: Instant;
  readonly message?: string;
}

interface RequestFacts {
  readonly id: RequestId;
  readonly desk: DeskId;
  readonly flow: FlowRef;
  readonly source: Source;
  readonly requester: Speaker & { readonly person: PersonId };
  readonly requestedAt: Instant;
  readonly form: RequestForm;
  readonly policy: PinnedPolicy;
  /** The pinned steps, tightened by what the current flow asked at the last approval. */
  readonly stepsInForce: readonly Step[];
  readonly approvals: readonly Approval[];
  /** That access was there, once it was: kept for what is said afterwards. */
  readonly granted?: { readonly since: Instant; readonly expiresAt?: Instant; readonly verified: Verified };
  /** Who ended it early. */
  readonly revoked?: { readonly by: Speaker; readonly message?: string };
  readonly thread?: Thread;
  /** Messages that we know of, by what they are. */
  readonly messages: readonly { readonly notice: Notice; readonly ref: string }[];
  /** Said once each; what is missing from `messages` is owed. */
  readonly notices: readonly Notice[];
  /** Signed ids of everything people said that is already recorded. */
  readonly heard: readonly string[];
  /** `account code`: a refusal is answered once. */
  readonly refused: readonly string[];
  /** A newer Countersign wrote part of it, and we cannot read that: nothing is decided here, but its access is taken back. */
  readonly isReadOnly?: true;
  /** The last entry that changes what people see. */
  readonly visibleSeq: number;
  /** The last entry: its number, its time, the hash of its line. */
  readonly seq: number;
  readonly lastAt: Instant;
  readonly lastHash: Hash;
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
  | { readonly status: 'ended'; readonly at: Instant; readonly why: Exclude<EndReason, 'escalation-failed'> }
  | { readonly status: 'denied'; readonly at: Instant; readonly denier: Speaker; readonly message?: string }
  | { readonly status: 'cancelled'; readonly at: Instant }
  | { readonly status: 'lapsed'; readonly at: Instant }
  | { readonly status: 'failed'; readonly at: Instant; readonly error: string };

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

/** Whether nothing can be decided about it any more. */
export function isOver(request: Request): boolean {
  return over.has(request.phase.status);
}

/** The grant that may exist in the target system now; undefined where there is certainly none of ours. */
export function liveGrant(request: Request): Grant | undefined {
  return 'grant' in request.phase ? request.phase.grant : undefined;
}

/** Whether neither people nor time decide anything here: what we cannot read may have. A grant that we know of is still ended. */
export function isFrozen(request: Request): boolean {
  return request.isReadOnly === true && !isOver(request) && liveGrant(request) === undefined;
}

/** When the sweep has to look at it next; undefined where time changes nothing. */
export function nextDeadline(request: Request): Instant | undefined {
  const { phase } = request;
  if (isFrozen(request)) return undefined;
  switch (phase.status) {
    case 'pending':
      return phase.lapseAt;
    case 'approved':
      return phase.startBy ?? phase.validUntil;
    case 'escalating':
      return phase.grant.startBy;
    case 'active':
      return phase.expiresAt;
    case 'deescalating':
      return phase.nextAlarmAt;
    case 'ended':
    case 'denied':
    case 'cancelled':
    case 'lapsed':
    case 'failed':
      return undefined;
    default:
      return phase satisfies never;
  }
}
