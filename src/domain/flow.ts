// A flow as the product reasons about it: what a desk's YAML means once it was read, checked and compiled.
import type { Unknown } from './facts.ts';
import type { CodeOffer } from './hooks.ts';
import type { Destination, Group, Instant, Milliseconds, PersonId } from './names.ts';

/** The flow's name and the commit of the desk it was read at. */
export interface FlowRef {
  readonly name: string;
  readonly commit: string;
}

export const sources = ['github', 'slack', 'api', 'web'] as const;
export type Source = (typeof sources)[number];

export interface Flow {
  readonly ref: FlowRef;
  readonly label: string;
  readonly description?: string;
  readonly header?: string;
  readonly danger?: string;
  readonly confirm?: 'typed';
  readonly environment?: string;
  /** Absent on an approval-only flow. */
  readonly access?: AccessOffer;
  readonly requesters: readonly Group[];
  /** Absent: every surface that is set up. Empty: none. */
  readonly sources?: readonly Source[];
  readonly fields: readonly Field[];
  /** Shown on the card. */
  readonly message?: Template;
  readonly approval: ApprovalPolicy;
  /** In the order of the file: all of them are judged, and a denial beats an approval. */
  readonly rules: readonly Rule[];
  readonly allowRevoke: readonly Revoker[];
  /** How long before the end of access the requester is warned; absent: not at all. */
  readonly warnBefore?: Milliseconds;
  /** Whether guests may decide, where a step names their group, and end what they approved. */
  readonly allowGuests?: true;
  /** Whether they may do so by a signed link in an e-mail, which proves less. */
  readonly guestLinks?: true;
  /** Absent where access may not be extended. */
  readonly extend?: ExtendOffer;
  /** Absent where nobody has access before somebody approved. */
  readonly breakGlass?: BreakGlassOffer;
  /** Approval-only flows: what runs once a request is approved, in this order; absent: nothing. */
  readonly actions?: readonly ActionOffer[];
  /** Where code says who is asked: who is told where that says nothing of it. */
  readonly notify?: readonly Route[];
  /** Code of the desk that has a say in it. */
  readonly code?: CodeOffer;
}

/** A text with places to fill in: `${{ fields.NAME }}`, `${{ request.target }}`, `${{ request.duration }}`, `${{ requester.name }}`. */
export type Template = string;

/** A condition that approves named steps in the place of people, or denies. */
export interface Rule {
  readonly name: string;
  readonly condition: Condition;
  readonly then: { readonly approve: readonly string[] } | { readonly deny: true };
  readonly reason?: Template;
}

export interface ExtendOffer {
  /** From the moment that access was there, all extensions included. */
  readonly maxTotal: Milliseconds;
  readonly times: number;
}

/** Access in an emergency: without approval, and reviewed afterwards. */
export interface BreakGlassOffer {
  readonly who: readonly Group[];
  /** Names; absent: every target of the flow. */
  readonly targets?: readonly string[];
  /** How long access may last in all. */
  readonly max: Milliseconds;
  readonly reviewers: readonly Group[];
  readonly reviewWithin: Milliseconds;
  /** Where people hear of it, besides whoever would have been asked. */
  readonly tell: readonly Destination[];
}

/** Something that runs once a request is approved: which kind of thing, through which integration, and with what. */
export interface Action {
  /** Unique in its flow. */
  readonly name: string;
  /** The kind, as written in a flow: `github-workflow`. */
  readonly run: string;
  readonly integration?: string;
  /** Where the integration led when this was asked for: it runs nowhere else. */
  readonly address?: string;
  readonly with: Settings;
}

/** Its texts hold `${{ fields.NAME }}`, `${{ request.id }}`, `${{ requester.id }}`, `${{ requester.name }}`, `${{ action.key }}`, to be filled in once it is asked for. */
export interface ActionOffer extends Action {
  /** Keys of `with` whose texts are paths: what is filled in there is percent-encoded. */
  readonly encoded?: readonly string[];
}

/** What an access flow grants: which targets of which strategy, and for how long. */
export interface AccessOffer {
  readonly strategy: StrategyRef;
  readonly targets: readonly Target[];
  readonly durations: DurationOffer;
}

export interface StrategyRef {
  readonly type: string;
  readonly integration?: string;
  /** What was opened with the access is cut when it ends. */
  readonly endSessions?: true;
  /** The code of the desk that does it, where the strategy is one of its own. */
  readonly code?: StrategyCode;
}

export interface StrategyCode {
  /** `flows/seats.ts`. */
  readonly file: string;
  /** The hosts that it may call, besides that of the integration. */
  readonly hosts: readonly string[];
  /** Of the flow: what gives access also takes it back, whatever the file says by then. */
  readonly commit: string;
}

export interface Target {
  readonly name: string;
  readonly label: string;
  /** A string value may be bound to fields: `${{ fields.repository }}`. */
  readonly settings: Settings;
  /** Narrows who may ask; absent: the flow's requesters. */
  readonly requesters?: readonly Group[];
}

export type SettingValue =
  string | number | boolean | readonly string[] | { readonly [key: string]: SettingValue };
export type Settings = { readonly [name: string]: SettingValue };

/** `until-revoked` has no deadline of its own: only a person ends it. */
export type GrantedFor = Milliseconds | 'until-revoked';

export interface DurationOffer {
  readonly options: readonly GrantedFor[];
  readonly default: GrantedFor;
}

export type Revoker = 'requester' | 'approvers';

export interface ApprovalPolicy {
  readonly steps: readonly FlowStep[];
  readonly lapseAfter: Milliseconds;
  readonly selfApproval: boolean;
  readonly decisionMessage: DecisionMessage;
  /** Approval-only flows: how long an approval may be used. */
  readonly validFor: Milliseconds;
}

/** Whether a decision is kept with what its giver said: never, where they said something, or only with it. */
export type DecisionMessage = 'off' | 'optional' | 'required';

/** A step once its condition has been judged: what a request is pinned to. */
export interface Step {
  readonly name: string;
  readonly approvers: readonly Group[];
  readonly count: number;
  readonly needs: readonly string[];
  /** Met by its own people only: no rule, no code and no admin stands in. */
  readonly peopleOnly: boolean;
  /** Guests of this step may decide by a signed link that is mailed to them. */
  readonly byLink?: true;
  /** Who is told that it is asked, in this order; absent: nobody but on the request's own issue. */
  readonly routes?: readonly Route[];
}

/** Destinations that are told together, and when. */
export interface Route {
  readonly to: readonly Destination[];
  /**
   * So long after the step was asked. Absent on the first: at once. Absent on another: as soon as none of those before it
   * could be delivered, and not else.
   */
  readonly after?: Milliseconds;
}

export interface FlowStep extends Step {
  readonly condition?: Condition;
}

export const fieldTypes = [
  'string',
  'int',
  'bool',
  'duration',
  'person',
  'string-list',
  'int-list',
  'person-list',
] as const;
export type FieldType = (typeof fieldTypes)[number];

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly label: string;
  readonly description?: string;
  readonly required: boolean;
  readonly default?: FieldValue;
  readonly options?: readonly FieldValue[];
  /** The possible answers are read live, when it is asked and again when it is sent. */
  readonly optionsFrom?: OptionsSource;
  readonly pattern?: Pattern;
  /** Asked only where this holds. */
  readonly condition?: Condition;
}

/** Where the possible answers of a field are read. */
export interface OptionsSource {
  /** The kind, as written in a flow: `http`. */
  readonly run: string;
  readonly integration?: string;
  /** Its texts hold `${{ fields.NAME }}` and `${{ requester.id }}`, to be filled in when it is read. */
  readonly with: Settings;
  /** The keys of `with` that are paths: what is filled in there is percent-encoded. */
  readonly encoded?: readonly string[];
  /** The fields that it reads: they are asked before. */
  readonly reads: readonly string[];
}

/** One of the answers that a source offers. */
export interface LiveOption {
  readonly value: string;
  /** What people read. */
  readonly label: string;
}

/** A duration is its milliseconds, a person their id. */
export type FieldValue = string | number | boolean | readonly string[] | readonly number[];
export type FieldValues = { readonly [name: string]: FieldValue };

/** A linear-time regular expression over the whole text. */
export interface Pattern {
  readonly source: string;
  matches(text: string): boolean;
}

/** What a condition may read. A value may be unknown, where it is asked what would be: it is no answer, and not empty. */
export interface Scope {
  readonly fields: { readonly [name: string]: FieldValue | Unknown };
  readonly target?: string | Unknown;
  readonly duration?: GrantedFor | Unknown;
  /** Absent where a form is checked: what is asked does not depend on who is asked. */
  readonly circumstances?: Circumstances;
}

/** Who asks, where and when. What has to be looked up is looked up where a condition comes to it. */
export interface Circumstances {
  readonly source: Source | Unknown;
  readonly at: Instant | Unknown;
  readonly requester: PersonId | Unknown;
  role(): Role | Unknown;
  belongs(group: Group): boolean | Unknown;
  /** The requester's earlier requests of this flow, made within so long before this one. */
  history(within: Milliseconds): History | Unknown;
  /** As the service of incidents has it now, by its id or its number; by which integration, where the condition says. */
  incident(id: string, integration?: string): Incident | Unknown;
}

export type Role = 'admin' | 'member' | 'guest';

/** How many of a person's earlier requests were made, granted, denied. */
export interface History {
  readonly requests: number;
  readonly granted: number;
  readonly denied: number;
}

export const incidentStatuses = ['triggered', 'acknowledged', 'resolved'] as const;

/** `none`: there is no such incident. */
export interface Incident {
  readonly status: (typeof incidentStatuses)[number] | 'none';
  readonly urgency: 'high' | 'low' | 'none';
  /** The id of the service that it is on; empty where there is no incident. */
  readonly service: string;
  readonly assignedToRequester: boolean;
}

export const noIncident: Incident = {
  status: 'none',
  urgency: 'none',
  service: '',
  assignedToRequester: false,
};

/** A compiled CEL expression, bounded in time. */
export interface Condition {
  readonly source: string;
  /** Unknown where it cannot be judged, with the reason; the caller decides which way that fails closed. */
  judge(scope: Scope): boolean | Unknown;
}
