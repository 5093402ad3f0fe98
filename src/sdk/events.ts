// What a hook is told: the request as it stands, and what has just happened or is about to.
import type { Json, JsonObject } from './json.ts';

/** The steps of a request, from the form that asks for it. For each a file may export a hook that runs before it, and one that runs after it. */
export type StepName =
  'prompt' | 'request' | 'forward' | 'lapse' | 'approve' | 'deny' | 'escalate' | 'deescalate';

/**
 * The name under which a hook is exported. `on_` runs before the step is taken and may stop it, or decide; `after_` runs once
 * it is recorded, and cannot take it back.
 */
export type HookName = `on_${StepName}` | `after_${StepName}`;

/** A moment in UTC, ISO 8601 with milliseconds: `2026-11-20T09:15:02.114Z`. */
export type Moment = string;

/** A person as `flows/people.yml` knows them. */
export interface Person {
  /** The key in `people.yml`. */
  readonly id: string;
  readonly name: string;
  /** As `people.yml` says, absent where it says none. */
  readonly email?: string;
  readonly role: 'admin' | 'member' | 'guest';
  /** Accounts by service, each by its immutable id: `{ github: '583231', slack: 'T01/U07' }`. */
  readonly accounts: { readonly [service: string]: string };
}

/** What was answered in the form, by the name of the field. A duration is its milliseconds, a person their id. */
export type Fields = {
  readonly [name: string]: string | number | boolean | readonly string[] | readonly number[];
};

/** What is asked for. Absent in approval-only flows. */
export interface Target {
  readonly name: string;
  readonly label: string;
  /** As resolved for this request. */
  readonly settings: JsonObject;
}

/** The flow, at the commit that the request is pinned to. */
export interface Flow {
  readonly name: string;
  readonly label: string;
  readonly environment?: string;
  /** `vars` of settings, environment and flow, innermost first. */
  readonly vars: { readonly [name: string]: string };
}

export interface Request {
  /** Empty where it is none yet. */
  readonly id: string;
  readonly status:
    | 'prompted'
    | 'pending'
    | 'approved'
    | 'escalating'
    | 'active'
    | 'deescalating'
    | 'ended'
    | 'denied'
    | 'cancelled'
    | 'lapsed'
    | 'failed';
  readonly requester: Person;
  /** Who asked in the requester's name, where that was somebody else. They cannot approve it either. */
  readonly asker?: Person;
  readonly source: 'slack' | 'github' | 'api' | 'web';
  readonly requestedAt: Moment;
  readonly fields: Fields;
  readonly target?: Target;
  /** Milliseconds; absent in approval-only flows, and where access lasts until it is revoked. */
  readonly durationMs?: number;
  /** What came along over the API, for code and rules to read. Whoever asked wrote it: trust it no further than a field. */
  readonly context?: Json;
  readonly approvals: readonly Decision[];
}

/** What somebody, or something, said on the request. */
export interface Decision {
  /** Who counts. Absent where a rule or code decided. */
  readonly by?: Person;
  /** `code` is a hook's own decision: its own hooks run once, and can tell it by this. */
  readonly source: 'person' | 'rule' | 'code' | 'admin';
  readonly at: Moment;
  readonly message?: string;
  /** The steps that it may fill. */
  readonly steps: readonly string[];
}

/** What every hook and every answer is told. */
export interface Event {
  /** The time of the event: what `new Date()` says during the whole call. */
  readonly at: Moment;
  readonly flow: Flow;
  readonly request: Request;
  /** What earlier hooks of this request returned by `output`, by the hook's name. */
  readonly outputs: { readonly [hook: string]: JsonObject };
}

/** The form is about to open, or has: `available` is told the same. Nobody has asked yet, so `request` has no id and no answers. */
export interface PromptEvent extends Event {
  readonly type: 'prompt';
}
/** Somebody asks. Before it is one, `request` has no id. */
export interface RequestEvent extends Event {
  readonly type: 'request';
}
/** The next people are told, because of a delay or because those before could not be reached. */
export interface ForwardEvent extends Event {
  readonly type: 'forward';
  readonly step: string;
  /** Destinations, as in YAML: `slack-channel:data-access`, `person:bob`. */
  readonly to: readonly string[];
}
/** Nobody decided in time. */
export interface LapseEvent extends Event {
  readonly type: 'lapse';
}
export interface ApproveEvent extends Event {
  readonly type: 'approve';
  /** The last one; absent after a request that did not wait for approval. */
  readonly decision?: Decision;
  /** Before it counts: whether nothing more is missing then. */
  readonly isLast?: boolean;
}
export interface DenyEvent extends Event {
  readonly type: 'deny';
  readonly decision: Decision;
}
/** Access is about to be given, or was. */
export interface EscalateEvent extends Event {
  readonly type: 'escalate';
  /** The account in the service, by its immutable id. */
  readonly account: string;
  /** When access ends at the latest; absent where only a person ends it. */
  readonly endsAt?: Moment;
}
/** Access is about to be taken back, or was. Nothing that a hook answers stops, delays or redirects that. */
export interface DeescalateEvent extends Event {
  readonly type: 'deescalate';
  readonly account: string;
  /** `left`: whoever asked is no longer among the people of the desk. */
  readonly because: 'expired' | 'revoked' | 'escalation-failed' | 'left';
}

/** The event of each step. */
export interface Events {
  readonly prompt: PromptEvent;
  readonly request: RequestEvent;
  readonly forward: ForwardEvent;
  readonly lapse: LapseEvent;
  readonly approve: ApproveEvent;
  readonly deny: DenyEvent;
  readonly escalate: EscalateEvent;
  readonly deescalate: DeescalateEvent;
}

/** Something is to run after an approval. What it is to know of the request stands in `with.input` of the flow. */
export interface ActionEvent {
  readonly at: Moment;
  /** The id of the request. */
  readonly request: string;
  /** The same for each try of the same thing, and of nothing else: pass it on as an idempotency key. */
  readonly key: string;
  /** Whether an earlier try may have taken effect. */
  readonly isRepeated: boolean;
  readonly input: JsonObject;
}

/** The options of a field are wanted: `options_from: { run: code, … }`. */
export interface PrefetchEvent {
  readonly at: Moment;
  readonly requester: Person;
  /** What the field says as `input`, with the answers filled in that it names. */
  readonly input: JsonObject;
}

/** Which account of the requester a service knows is asked. */
export interface IdentityEvent extends Event {
  readonly type: 'identity';
  /** The service, by its key below `accounts` of people.yml: `okta`. */
  readonly service: string;
  readonly person: Person;
}
