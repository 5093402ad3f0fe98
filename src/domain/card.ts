// The one card of a request, the same on every surface: who asked, for what, who is missing, what happens next, when it ends. Pure.
import type { StepStanding } from './approvals.ts';
import { recordedStandings } from './decide-matter.ts';
import { runsOf, type CardRun } from './card-runs.ts';
import { mayBeReviewed } from './decide-review.ts';
import { printDuration, printGrantedFor } from './duration.ts';
import type { BrokenGlass, ReviewOutcome, Speaker } from './entries.ts';
import type { DecisionMessage, FlowRef, GrantedFor, SettingValue, Source } from './flow.ts';
import type { Group, Instant, PersonId, RequestId } from './names.ts';
import { sentencesOf, type Phrase } from './next-sentences.ts';
import {
  awaitsHandOver,
  durationOf,
  isOver,
  matterOf,
  type Approval,
  type Extension,
  type Matter,
  type Request,
  type Review,
  type RuleApproval,
  type RuleRef,
  type Status,
} from './request.ts';
import { isReviewOverdue } from './review.ts';
import { ruleLines, type WhyLine } from './why-lines.ts';
import { statusTitle } from './words.ts';

export interface CardPerson {
  readonly person: PersonId | null;
  /** As their surface shows them. */
  readonly name: string;
  readonly surface: Source;
}

export interface CardApproval {
  readonly name: string;
  readonly at: Instant;
  readonly message?: string;
  /** They stood in for somebody. */
  readonly asAdmin?: true;
}

/** More time that waits to be decided. */
export interface CardExtension {
  readonly total: string;
  readonly steps: readonly CardStep[];
}

export interface CardStep {
  readonly name: string;
  /** `closed`: it was never met, and nobody is asked any more. */
  readonly state: 'met' | 'open' | 'waiting' | 'closed';
  readonly approvers: readonly Group[];
  /** How many approvals it still lacks. */
  readonly missing: number;
  /** The steps it comes after. */
  readonly after: readonly string[];
  readonly by: readonly CardApproval[];
  /** What stands for it in the place of people. */
  readonly rule?: RuleRef & { readonly because?: string };
}

/** What people can do in this state; whether a certain person may is decided when they try. */
export type CardAction = 'approve' | 'deny' | 'cancel' | 'revoke' | 'extend' | 'review' | 'hand-over';

/** That nobody approved it, why it could not wait, and what a second person says of it. */
export interface CardBreakGlass {
  readonly reason: string;
  /** Those of `next` that say the same, for a surface that has a place of its own for it. */
  readonly sentences: readonly Phrase[];
  readonly review?: {
    /** `overdue` from when that was recorded. */
    readonly state: 'open' | 'overdue' | 'given';
    readonly reviewers: readonly Group[];
    readonly deadline: Instant;
    readonly given?: {
      readonly name: string;
      readonly at: Instant;
      readonly outcome: ReviewOutcome;
      readonly message: string;
      readonly asAdmin?: true;
    };
  };
}

export interface Card {
  readonly request: RequestId;
  readonly flow: FlowRef;
  readonly status: Status;
  readonly statusTitle: string;
  /** “Production for 30m”, or the flow's label where it grants nothing. */
  readonly subject: string;
  readonly label: string;
  readonly environment?: string;
  readonly danger?: string;
  readonly requester: CardPerson;
  readonly requestedAt: Instant;
  readonly answers: readonly { readonly label: string; readonly text: string }[];
  /** Less time than was asked for, and who gave less. */
  readonly shortened?: { readonly asked: string; readonly by: string };
  /** What exactly is granted: what an approver's yes is about. */
  readonly grants?: {
    readonly strategy: string;
    readonly duration?: string;
    readonly settings: readonly { readonly name: string; readonly text: string }[];
  };
  /** What is called once it is approved: what an approver's yes is about as well. Empty where nothing is. */
  readonly runs: readonly CardRun[];
  readonly steps: readonly CardStep[];
  /** The flow's code said which these are; absent where its YAML did. */
  readonly stepsBy?: 'code';
  readonly extension?: CardExtension;
  readonly breakGlass?: CardBreakGlass;
  /** What each rule said; empty where the flow has none. */
  readonly rules: readonly WhyLine[];
  /** The flow's own line about it. */
  readonly message?: string;
  readonly next: readonly Phrase[];
  /** When the present state ends by itself. */
  readonly endsAt?: Instant;
  readonly actions: readonly CardAction[];
  /** Whether those who decide say something with it. */
  readonly decisionMessage: DecisionMessage;
  readonly mayGrantLess: boolean;
  /** What is to be decided, by which it is told from what comes after it. */
  readonly matter?: string;
}

/** `request` as people may see it: see `Reception.view`. */
export function cardOf(request: Request): Card {
  const { form, policy, requester } = request;
  const endsAt = endOf(request);
  const duration = durationOf(request);
  const matter = matterOf(request);
  const { glass, status, review } = sentencesOf(request);
  const next = [...glass, ...status, ...review];
  return {
    request: request.id,
    flow: request.flow,
    status: request.phase.status,
    statusTitle: statusTitle(request),
    subject: subjectOf(request),
    label: policy.label,
    ...(policy.environment !== undefined && { environment: policy.environment }),
    ...(policy.danger !== undefined && { danger: policy.danger }),
    requester: personOf(requester),
    requestedAt: request.requestedAt,
    answers: form.answers,
    ...(request.narrowed &&
      form.duration !== undefined && {
        shortened: { asked: printGrantedFor(form.duration), by: request.narrowed.by.via.name },
      }),
    ...(form.target && {
      grants: {
        strategy: policy.strategy?.type ?? 'none',
        ...(duration !== undefined && { duration: printGrantedFor(duration) }),
        settings: Object.entries(form.target.settings).map(([name, value]) => ({
          name,
          text: printSetting(value),
        })),
      },
    }),
    runs: runsOf(request),
    steps: stepsOf(request, request),
    ...(policy.stepsBy && { stepsBy: policy.stepsBy }),
    ...(request.phase.status === 'active' &&
      request.phase.extension && { extension: extensionOf(request, request.phase.extension) }),
    ...(request.breakGlass && {
      breakGlass: breakGlassOf(request, request.breakGlass, [...glass, ...review]),
    }),
    rules: request.judged ? ruleLines(request.judged) : [],
    ...(form.message !== undefined && { message: form.message }),
    next,
    ...(endsAt && { endsAt }),
    actions: actionsIn(request),
    decisionMessage: policy.decisionMessage ?? 'optional',
    mayGrantLess: request.phase.status === 'pending' && duration !== undefined,
    ...(matter !== undefined && { matter }),
  };
}

function breakGlassOf(
  request: Request,
  { reason }: BrokenGlass,
  sentences: readonly Phrase[],
): CardBreakGlass {
  const { review } = request;
  if (review === undefined) return { reason, sentences };
  const { reviewers, deadline, closed } = review;
  const state = closed ? 'given' : isReviewOverdue(request) ? 'overdue' : 'open';
  return {
    reason,
    sentences,
    review: { state, reviewers, deadline, ...(closed && { given: givenOf(closed) }) },
  };
}

function givenOf({
  by,
  at,
  outcome,
  message,
  asAdmin,
}: NonNullable<Review['closed']>): NonNullable<NonNullable<CardBreakGlass['review']>['given']> {
  return { name: by.via.name, at, outcome, message, ...(asAdmin && { asAdmin }) };
}

/** “Production for 30m”; for a flow that grants nothing, its label. */
function subjectOf(request: Request): string {
  const { form, policy } = request;
  const duration = durationOf(request);
  if (form.target === undefined) return policy.label;
  return duration === undefined ? form.target.label : `${form.target.label} ${lasting(duration)}`;
}

function lasting(duration: GrantedFor): string {
  return duration === 'until-revoked' ? 'until revoked' : `for ${printGrantedFor(duration)}`;
}

function personOf({ person, via }: Speaker): CardPerson {
  return { person, name: via.name, surface: via.surface };
}

function extensionOf(request: Request, extension: Extension): CardExtension {
  const steps = stepsOf(extension, { ...request, phase: { status: 'pending', lapseAt: request.lastAt } });
  return { total: printDuration(extension.total), steps };
}

function stepsOf(matter: Matter, request: Request): readonly CardStep[] {
  const approvals = new Map(matter.approvals.map((approval) => [approval.person, approval]));
  return recordedStandings(matter).map((standing) => {
    const rule = matter.ruleApprovals.find(({ steps }) => steps.includes(standing.step.name));
    return {
      ...stepOf(standing, request, approvals),
      ...(standing.byRule && rule && { rule: ruleOf(rule) }),
    };
  });
}

function stepOf(
  { step, state, filledBy }: StepStanding,
  request: Request,
  approvals: ReadonlyMap<PersonId, Approval>,
): CardStep {
  const by = filledBy.flatMap((person) => approvals.get(person) ?? []);
  const stateShown = stepState(state, request);
  return {
    name: step.name,
    state: stateShown,
    approvers: step.approvers,
    missing: stateShown === 'met' ? 0 : step.count - by.length,
    after: step.needs,
    by: by.map(({ name, at, message, asAdmin }) => ({
      name,
      at,
      ...(message !== undefined && { message }),
      ...(asAdmin && { asAdmin }),
    })),
  };
}

function ruleOf({ rule, by, because }: RuleApproval): NonNullable<CardStep['rule']> {
  return { rule, ...(by && { by }), ...(because !== undefined && { because }) };
}

/** Once a request was approved, all its steps were met, whatever became of the links of those who approved. */
function stepState(state: StepStanding['state'], request: Request): CardStep['state'] {
  if (request.phase.status === 'pending') return state;
  if (request.breakGlass) return 'closed';
  return wasApproved(request) ? 'met' : state === 'met' ? 'met' : 'closed';
}

function wasApproved({ phase }: Request): boolean {
  return !['pending', 'denied', 'cancelled', 'lapsed'].includes(phase.status);
}

function endOf({ phase }: Request): Instant | undefined {
  if (phase.status === 'pending') return phase.lapseAt;
  if (phase.status === 'approved') return phase.validUntil;
  return phase.status === 'active' ? phase.expiresAt : undefined;
}

function actionsIn(request: Request): readonly CardAction[] {
  return [
    ...(awaitsHandOver(request) ? (['hand-over'] as const) : []),
    ...actionsOnAccess(request),
    ...(mayBeReviewed(request) ? (['review'] as const) : []),
  ];
}

function actionsOnAccess(request: Request): readonly CardAction[] {
  const { phase, policy, extensions, breakGlass } = request;
  if (isOver(request) || phase.status === 'deescalating') return [];
  if (phase.status === 'pending') return ['approve', 'deny', 'cancel'];
  if (phase.status !== 'active') return ['revoke'];
  if (phase.extension) return ['approve', 'deny', 'revoke'];
  const { duration } = phase.grant;
  const isLongest = breakGlass && duration !== 'until-revoked' && duration >= breakGlass.max;
  const mayExtend = policy.extend && phase.expiresAt && extensions.given < policy.extend.times && !isLongest;
  return mayExtend ? ['extend', 'revoke'] : ['revoke'];
}

function printSetting(value: SettingValue): string {
  if (typeof value !== 'object') return String(value);
  return isList(value) ? value.join(', ') : JSON.stringify(value);
}

function isList(value: SettingValue): value is readonly string[] {
  return Array.isArray(value);
}
