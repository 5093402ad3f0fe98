// What a hook may answer. Each answer is plain JSON, is validated like YAML, and is recorded as it was resolved.
import type { ActionEvent, Events, IdentityEvent, PrefetchEvent, PromptEvent, StepName } from './events.ts';
import type { JsonObject } from './json.ts';

/** Stops the step. The message is shown to whoever took it, and to nobody else; where it was time that took it, it is recorded. */
export interface Ignore {
  readonly answer: 'ignore';
  readonly message: string;
}
/** Stands for the named steps, or for all. Steps that are `people_only` are met by people alone. */
export interface Approve {
  readonly answer: 'approve';
  readonly steps?: readonly string[];
  readonly reason: string;
}
export interface Deny {
  readonly answer: 'deny';
  readonly reason: string;
}
/** Goes on, and keeps something for later hooks of the request. */
export interface Output {
  readonly answer: 'output';
  readonly values: JsonObject;
}

/** Stops the step with a private message and leaves the request open. Only an `on_` hook can. At most 500 characters count. */
export function ignore(message: string): Ignore {
  return { answer: 'ignore', message };
}

/**
 * Decides for the request: stands for the steps named, or for all of them where none is. The reason is shown on the card and
 * kept in the ledger. The hooks of the approval then run once, and see a decision whose `source` is `code`.
 */
export function approve(decision: { readonly steps?: readonly string[]; readonly reason: string }): Approve {
  return { answer: 'approve', ...decision };
}

/** Ends the request. The reason is shown on the card and kept in the ledger. */
export function deny(decision: { readonly reason: string }): Deny {
  return { answer: 'deny', ...decision };
}

/** Goes on, and keeps these values: later hooks find them in `event.outputs`, under this hook's name. They are recorded, so no secrets. */
export function output(values: JsonObject): Output {
  return { answer: 'output', values };
}

/** Says that an action can never be run, and why. */
export interface GiveUp {
  readonly answer: 'give-up';
  readonly reason: string;
}

/** Ends the tries of an action: it will never work. The reason is shown on the card and kept in the ledger. Throw to be tried again. */
export function giveUp(reason: string): GiveUp {
  return { answer: 'give-up', reason };
}

/** Nothing, or `output(…)`: go on. */
export type GoOn = Output | undefined | void;

/** What an `on_` hook may answer. Nothing that code says holds up the end of access: `on_deescalate` is only told of it. */
export interface OnAnswers {
  /** Ignored: the message is shown in place of the form. Nothing is kept, since there is no request yet. */
  readonly prompt: Ignore | undefined | void;
  readonly request: GoOn | Ignore | Approve | Deny;
  /** Ignored: nobody is told there; it is asked again for whoever is next. */
  readonly forward: GoOn | Ignore;
  readonly lapse: GoOn | Approve | Deny;
  readonly approve: GoOn | Ignore | Deny;
  readonly deny: GoOn | Ignore;
  /** Ignored or denied: access is not given, and the request has failed for that reason. */
  readonly escalate: GoOn | Ignore | Deny;
  readonly deescalate: GoOn;
}

/**
 * A hook before a step, for `export const on_request: OnHook<'request'> = async (event) => …`. Where it throws, takes too long
 * or answers what it may not, the step fails closed, and the error channel is told: people are asked, no approval counts,
 * access is not given; what is due by time happens without it, and the form opens.
 */
export type OnHook<S extends StepName> = (event: Events[S]) => OnAnswers[S] | Promise<OnAnswers[S]>;

/** A hook after a step. It can keep an output, but for `prompt`, and takes nothing back. */
export type AfterHook<S extends StepName> = (event: Events[S]) => AfterAnswer<S> | Promise<AfterAnswer<S>>;
type AfterAnswer<S extends StepName> = S extends 'prompt' ? undefined | void : GoOn;

/**
 * What `run: code` runs once a request is approved: `export const open_gate: Action = async (event) => …`. It may be called
 * twice by one key, and has to take effect once. Of an `output`, texts are kept, and `url` is shown as a link.
 */
export type Action = (event: ActionEvent) => GoOn | GiveUp | Promise<GoOn | GiveUp>;

/** Who is told, as in YAML: `{ to: ['slack-channel:data-access'], after: '15m' }`. */
export interface Route {
  readonly to: string | readonly string[];
  readonly after?: string;
}

/** A step of approval, as in YAML. `approvers` are groups, at least one: `team:acme/data`, `person:bob`, `manager:requester`. */
export interface ApprovalStep {
  readonly name: string;
  readonly approvers: readonly string[];
  /** How many of them; 1 where it is left out. */
  readonly count?: number;
  /** Steps that have to be met first. */
  readonly needs?: readonly string[];
  readonly people_only?: boolean;
  readonly notify?: readonly (string | Route)[];
}

/** What `approval(event)` answers: who is asked for this request, in place of the steps of the flow's own `approval`. At least one step. */
export interface Approval {
  readonly steps: readonly ApprovalStep[];
}
/**
 * Asked when somebody asks, and held against the same rules as YAML. Where it is none of these, the steps in the flow's YAML
 * are asked. What is answered is recorded with the request, and asked again only once the flow's commit is another.
 */
export type ApprovalAnswer = (event: Events['request']) => Approval | Promise<Approval>;

/** What `available(event)` answers: whether this person may ask now, and a sentence for them where they may not. */
export type Available = true | { readonly why: string };
/** Asked besides the flow's `requesters`, never instead of them. Where it comes to no answer, nobody may ask. */
export type AvailableAnswer = (event: PromptEvent) => Available | Promise<Available>;

/** What `identity(event)` answers: the account by an id that is never given to anybody else, or why there is none. Nothing: as if it had not been asked. */
export type Identity = { readonly account: string } | { readonly missing: string } | undefined;
/** Asked where people.yml has no account for the service, and before a match by e-mail. Where it comes to no answer, nothing is granted. */
export type IdentityAnswer = (event: IdentityEvent) => Identity | Promise<Identity>;

/** An option of a field. Without a label its value is shown. */
export interface Option {
  readonly value: string | number;
  readonly label?: string;
}
/** Answers all options of a field; it is asked again when the form comes in, and has five seconds. */
export type Prefetch = (event: PrefetchEvent) => readonly Option[] | Promise<readonly Option[]>;
