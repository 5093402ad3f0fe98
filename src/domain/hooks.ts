// The hooks of a flow's own code: what they are told, what they may answer, and what that makes of the step.
import type { EndReason, Holding, NewEntry } from './entries.ts';
import { isUnknown, type Unknown } from './facts.ts';
import type { FieldValues, Flow, FlowRef, GrantedFor, Settings, Source, Step } from './flow.ts';
import type { Instant, PersonId, RequestId } from './names.ts';
import type { RuleApproval } from './request.ts';
import type { Denial, Findings } from './rules.ts';

/** As the form opens, before there is a request: what they say is shown, and kept nowhere. */
export const hooksOfPrompt = ['on_prompt', 'after_prompt'] as const;
/** Before what somebody does: they may stop it, or decide. */
export const hooksBefore = ['on_request', 'on_approve', 'on_deny'] as const;
/** Before what time or an approval brings: it waits for them, and never for long. */
export const hooksAwaited = ['on_forward', 'on_lapse', 'on_escalate'] as const;
/** After a step was recorded: they cannot take it back. `on_deescalate` is told that it begins, and nothing waits for it. */
export const hooksAfter = [
  'after_request',
  'after_forward',
  'after_approve',
  'after_deny',
  'after_lapse',
  'after_escalate',
  'on_deescalate',
  'after_deescalate',
] as const;
export type HookOfPrompt = (typeof hooksOfPrompt)[number];
export type HookBefore = (typeof hooksBefore)[number];
export type HookAfter = (typeof hooksAfter)[number];
export type HookAwaited = (typeof hooksAwaited)[number];
export type HookName = HookOfPrompt | HookBefore | HookAwaited | HookAfter;

/** What code says in the place of YAML: who is asked, whether it is open to somebody now, whose account it is. */
export const answerNames = ['approval', 'available', 'identity'] as const;
export type AnswerName = (typeof answerNames)[number];

/** What a flow says of its code. */
export interface CodeOffer {
  /** `flows/training.ts` */
  readonly file: string;
  readonly hooks: readonly HookName[];
  /** Absent: none. */
  readonly answers?: readonly AnswerName[];
  /** Hosts that it may call, besides those of integrations that it names. */
  readonly hosts: readonly string[];
  readonly integrations?: readonly CodeIntegration[];
  /** Functions of AWS Lambda that it may invoke, each exactly as it is written. */
  readonly lambdas?: readonly string[];
  /** Where it may send messages to on Slack: `slack-channel:…`, `person:…` or `requester`. */
  readonly slack?: readonly string[];
  /** Repositories that it may read, `owner/name`. */
  readonly github?: readonly string[];
  /** The variables of the flow, as texts. */
  readonly vars: { readonly [name: string]: string };
}

export interface CodeIntegration {
  /** As the code calls it. */
  readonly name: string;
  /** Among those of the desk: `ENVIRONMENT/NAME` where the environment has its own. */
  readonly key: string;
  /** Through one of type `http`: whether it may change something there. */
  readonly write: boolean;
}

/** What a hook is told; people by their ids, which whoever runs the code makes persons of. */
export interface HookEvent {
  readonly at: Instant;
  readonly flow: { readonly name: string; readonly label: string; readonly environment?: string };
  readonly request: HookRequest;
  /** What earlier hooks of this request kept, by hook. */
  readonly outputs: Outputs;
  readonly decision?: HookDecision;
  /** Whether nothing more is missing once the decision counts. */
  readonly isLast?: boolean;
  readonly account?: string;
  readonly endsAt?: Instant;
  /** The step of approval of which others are told, and where. */
  readonly step?: string;
  readonly to?: readonly string[];
  readonly because?: EndReason;
  readonly holds?: Holding;
}

export type Outputs = { readonly [hook: string]: Settings };

export interface HookRequest {
  /** Absent where it is none yet. */
  readonly id?: RequestId;
  readonly status: string;
  readonly requester: PersonId;
  readonly source: Source;
  readonly requestedAt: Instant;
  readonly fields: FieldValues;
  readonly target?: { readonly name: string; readonly label: string; readonly settings: Settings };
  readonly duration?: GrantedFor;
  readonly approvals: readonly HookDecision[];
}

export interface HookDecision {
  /** Absent where no person decided. */
  readonly by?: PersonId;
  readonly source: DecisionSource;
  readonly at: Instant;
  readonly message?: string;
  readonly steps: readonly string[];
}

/** Who said it: a person, an admin who stood in, a rule of the flow, or its code. */
export type DecisionSource = 'person' | 'admin' | 'rule' | 'code';

/** What an entry says that is gone from the request by the time that its hook runs. */
export type HookTold = Pick<HookEvent, 'decision' | 'account' | 'because' | 'step' | 'to'>;

export interface HookQuestion {
  /** At whose commit the code is run. */
  readonly flow: FlowRef;
  readonly code: CodeOffer;
  readonly hook: HookName;
  readonly event: HookEvent;
}

/** An answer in the place of YAML is wanted: of the code at this commit, told this. */
export interface AnswerQuestion {
  readonly flow: FlowRef;
  readonly code: CodeOffer;
  readonly event: HookEvent;
}

/** Whether somebody may ask now, and if not, why, as they read it. */
export type Availability = 'open' | { readonly why: string };

/** Whose account it is; `unanswered` where the code leaves it to an e-mail match. */
export type CodeIdentity = { readonly account: string } | { readonly missing: string } | 'unanswered';

export type HookAnswer =
  | { readonly answer: 'go-on'; readonly values?: Settings }
  /** To whoever took the step, and to nobody else. */
  | { readonly answer: 'ignore'; readonly message: string }
  /** Without steps: all that are asked. */
  | { readonly answer: 'approve'; readonly steps?: readonly string[]; readonly reason: string }
  | { readonly answer: 'deny'; readonly reason: string };

export const goOn: HookAnswer = { answer: 'go-on' };

/** What rules found, and what the code says to the same request. A denial beats every approval, whoever gives it. */
export function withCode(findings: Findings, { denial, approval }: Concluded): Findings {
  const known = findings.denial ?? denial;
  return {
    ...findings,
    ...(known && { denial: known }),
    approvals: approval ? [...findings.approvals, approval] : findings.approvals,
  };
}

/** What the code says of a request, once all of it was heard that is to be. */
export interface Concluded {
  readonly denial?: Denial;
  readonly approval?: RuleApproval;
  /** What is to be kept of it. */
  readonly entries: readonly NewEntry[];
}

/** The steps that code may stand for, of those that it names: never those that are met by their own people only. */
export function standsFor(steps: readonly Step[], named: readonly string[] | undefined): readonly string[] {
  return steps
    .filter(({ name, peopleOnly }) => !peopleOnly && (named === undefined || named.includes(name)))
    .map(({ name }) => name);
}

export function denialBy(hook: HookBefore | HookAwaited, { reason }: { readonly reason: string }): Denial {
  return { rule: hook, because: reason, by: 'code' };
}

/** What is to be kept of it: what it returned for later hooks, or that it came to no answer. */
export function hookEntries(hook: HookBefore, answer: HookAnswer | Unknown): readonly NewEntry[] {
  const by = { system: 'code' } as const;
  if (isUnknown(answer)) return [{ type: 'hook-failed', by, data: { hook, problem: answer.unknown } }];
  if (answer.answer !== 'go-on' || answer.values === undefined) return [];
  return [{ type: 'hook-ran', by, data: { hook, values: answer.values } }];
}

export function isOfPrompt(hook: HookName): hook is HookOfPrompt {
  return hooksOfPrompt.some((each) => each === hook);
}

/** The code that answers this of the flow, where any does. */
export function mayAnswer({ code }: Pick<Flow, 'code'>, name: AnswerName): CodeOffer | undefined {
  return code?.answers?.includes(name) ? code : undefined;
}

/** That an answer could not be had, which is noted where there is a request to note it at. */
export function answerFailed(hook: AnswerName, problem: string): NewEntry {
  return { type: 'hook-failed', by: { system: 'code' }, data: { hook, problem } };
}

export function mayRun({ code }: Pick<Flow, 'code'>, hook: HookName): CodeOffer | undefined {
  return code?.hooks.includes(hook) ? code : undefined;
}
