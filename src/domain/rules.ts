// What the rules of a flow say about a request: all of them are judged, a denial beats an approval, and what was looked up is kept.
import type { FactValue, Judgement, JudgedRule, NewEntry, RequestForm } from './entries.ts';
import { isUnknown, type Unknown } from './facts.ts';
import type {
  Flow,
  FlowStep,
  GrantedFor,
  History,
  Incident,
  Role,
  Rule,
  Scope,
  Source,
  Step,
} from './flow.ts';
import { printValue } from './form.ts';
import { pinStep } from './approvals.ts';
import { printDuration } from './duration.ts';
import {
  destination,
  group,
  type DeskId,
  type Group,
  type Instant,
  type Milliseconds,
  type PersonId,
  type RequestId,
} from './names.ts';
import type { Hold, RuleApproval, RuleRef } from './request.ts';
import { fillTemplate, type TemplateValues } from './template.ts';
import type { Bench } from './verdict.ts';

/** What is judged: somebody asks for something, or for more of it. */
export interface Occasion {
  readonly desk: DeskId;
  readonly flow: Flow;
  readonly form: Pick<RequestForm, 'target' | 'fields'>;
  /** Of all of it together, where it is to last longer. */
  readonly duration?: GrantedFor;
  readonly requester: { readonly person: PersonId; readonly name: string };
  readonly source: Source;
  /** When it was asked, as its surface signed it: the same for every look at it. */
  readonly at: Instant;
  /** Other requests count that were made by then; absent: when this was asked. */
  readonly historyUntil?: Instant;
  /** Absent where it is no request yet. */
  readonly request?: RequestId;
}

/** The conditions of one occasion, with what they looked up. */
export interface Examination {
  readonly at: Instant;
  readonly scope: Scope;
  readonly facts: { [name: string]: FactValue };
  readonly occasion: Occasion;
}

export function examine(occasion: Occasion, bench: Bench): Examination {
  const { form, duration, source, at, requester } = occasion;
  const facts: { [name: string]: FactValue } = {};
  const circumstances = { source, at, requester: requester.person, ...lookups(occasion, bench, facts) };
  return {
    at,
    facts,
    occasion,
    scope: {
      fields: form.fields,
      ...(form.target && { target: form.target.name }),
      ...(duration !== undefined && { duration }),
      circumstances,
    },
  };
}

interface Lookups {
  role(): Role | Unknown;
  belongs(group: Group): boolean | Unknown;
  history(within: Milliseconds): History | Unknown;
  incident(id: string, integration?: string): Incident | Unknown;
}

/** Each answer is written down as it is given. */
function lookups(occasion: Occasion, { inquiry }: Bench, facts: { [name: string]: FactValue }): Lookups {
  const { desk, flow, requester, at, historyUntil, request } = occasion;
  const person = requester.person;
  return {
    role() {
      const role = roleOf((each) => inquiry.belongs(person, each));
      facts['requester.role'] = isUnknown(role) ? null : role;
      return role;
    },
    belongs(asked) {
      const answer = inquiry.belongs(person, asked);
      facts[`requester.belongs_to('${asked}')`] = isUnknown(answer) ? null : answer;
      return answer;
    },
    history(within) {
      const until = historyUntil ?? at;
      const answer = inquiry.history({
        desk,
        flow: flow.ref.name,
        person,
        within,
        until,
        ...(request !== undefined && { except: request }),
      });
      const span = `('${printDuration(within)}')`;
      facts[`requester.requests${span}`] = isUnknown(answer) ? null : answer.requests;
      facts[`requester.granted${span}`] = isUnknown(answer) ? null : answer.granted;
      facts[`requester.denied${span}`] = isUnknown(answer) ? null : answer.denied;
      return answer;
    },
    incident(id, integration) {
      const answer = inquiry.incident({ person, id, ...(integration !== undefined && { integration }) });
      Object.assign(facts, incidentFacts(incidentCall(id, integration), answer));
      return answer;
    },
  };
}

/** As a condition writes it, with the id that was asked for. */
export function incidentCall(id: string, integration?: string): string {
  return `incident('${id}'${integration === undefined ? '' : `, '${integration}'`})`;
}

function incidentFacts(call: string, answer: Incident | Unknown): { readonly [name: string]: FactValue } {
  const known = isUnknown(answer) ? undefined : answer;
  return {
    [`${call}.status`]: known?.status ?? null,
    [`${call}.urgency`]: known?.urgency ?? null,
    [`${call}.service`]: known?.service ?? null,
    [`${call}.assigned_to_requester`]: known?.assignedToRequester ?? null,
  };
}

function roleOf(belongs: (group: Group) => boolean | Unknown): Role | Unknown {
  const isAdmin = belongs(group('role:admin'));
  if (isAdmin !== false) return isUnknown(isAdmin) ? isAdmin : 'admin';
  const isMember = belongs(group('role:member'));
  if (isUnknown(isMember)) return isMember;
  return isMember ? 'member' : 'guest';
}

export function textsOf({ flow, form, duration, requester }: Occasion): TemplateValues {
  const fields: { [name: string]: string } = {};
  for (const field of flow.fields) {
    const value = form.fields[field.name];
    if (value !== undefined) fields[field.name] = printValue(field, value);
  }
  return {
    fields,
    requester: requester.name,
    ...(form.target && { target: form.target.label }),
    ...(duration !== undefined && { duration }),
  };
}

/** The steps that are asked, of this requester; one whose condition cannot be judged is. */
export function stepsAsked(
  steps: readonly FlowStep[],
  { scope, occasion }: Examination,
): readonly FlowStep[] {
  return steps
    .filter(({ condition }) => condition === undefined || condition.judge(scope) !== false)
    .map((step) => stepOfRequester(step, occasion.requester.person));
}

/** Whose manager it is, is settled with the request; who that is, is asked when they decide. */
export function stepOfRequester<S extends Step>(step: S, requester: PersonId): S {
  const theirs = `manager:${requester}`;
  const approvers = step.approvers.map((each) => (each === ownManager ? group(theirs) : each));
  const routes = step.routes?.map((route) => ({
    ...route,
    to: route.to.map((each) => (each === toOwnManager ? destination(theirs) : each)),
  }));
  return { ...step, approvers, ...(routes && { routes }) };
}

const ownManager = group('manager:requester');
const toOwnManager = destination('manager:requester');

/** What a new request is pinned to. */
export function pinnedSteps(steps: readonly FlowStep[]): readonly Step[] {
  const asked = steps.map(pinStep);
  const names = new Set(asked.map(({ name }) => name));
  return asked.map((step) => ({ ...step, needs: step.needs.filter((name) => names.has(name)) }));
}

export interface Findings {
  readonly approvals: readonly RuleApproval[];
  readonly holds: readonly Hold[];
  /** The first rule that denies. */
  readonly denial?: Denial;
  /** Absent where nothing was to be judged. */
  readonly judged?: Judgement;
}

export interface Denial extends RuleRef {
  readonly because?: string;
}

/** Every rule of the flow; `steps` are those that are asked. */
export function judgeRules(
  rules: readonly Rule[],
  steps: readonly Step[],
  examination: Examination,
): Findings {
  const judged: JudgedRule[] = [];
  const approvals: RuleApproval[] = [];
  const holds: Hold[] = [];
  let denial: Denial | undefined;
  for (const rule of rules) {
    const found = judgeRule(rule, steps, examination);
    judged.push(found);
    const { name, approve, result, because } = found;
    if (result === 'does-not-hold') continue;
    if (approve === undefined && result === 'unknown') holds.push({ rule: name, why: because ?? '' });
    else if (approve === undefined) denial ??= named(name, because);
    else if (result === 'holds' && approve.length > 0)
      approvals.push(
        because === undefined ? { rule: name, steps: approve } : { rule: name, steps: approve, because },
      );
  }
  const { at, facts } = examination;
  const isJudged = judged.length > 0 || Object.keys(facts).length > 0;
  const findings: { -readonly [K in keyof Findings]: Findings[K] } = { approvals, holds };
  if (denial) findings.denial = denial;
  if (isJudged) findings.judged = { at, rules: judged, facts };
  return findings;
}

/** An approval counts for the steps that are asked, and never for one that only its own people meet. */
function judgeRule(rule: Rule, steps: readonly Step[], { scope, occasion }: Examination): JudgedRule {
  const { name, condition, then, reason } = rule;
  const answer = condition.judge(scope);
  const said = isUnknown(answer)
    ? answer.unknown
    : answer && reason !== undefined
      ? fillTemplate(reason, textsOf(occasion))
      : undefined;
  const result = isUnknown(answer) ? 'unknown' : answer ? 'holds' : 'does-not-hold';
  const because = said === undefined ? {} : { because: said };
  if ('deny' in then) return { name, if: condition.source, result, ...because };
  const approve = then.approve.filter((step) => mayStandFor(step, steps));
  return { name, if: condition.source, approve, result, ...because };
}

function mayStandFor(name: string, steps: readonly Step[]): boolean {
  return steps.some((step) => step.name === name && !step.peopleOnly);
}

function named(rule: string, because: string | undefined): Denial {
  return because === undefined ? { rule } : { rule, because };
}

/** Which rules had an effect; without a denial, that is those which approve, and those which hold it back. */
export function ruleEntries({ approvals, holds, denial }: Findings): readonly NewEntry[] {
  if (denial) return [denialApplied(denial)];
  return [
    ...holds.map(({ rule, why }) => ruleApplied({ rule, effect: 'hold', because: why })),
    ...approvals.map(({ rule, steps, because, by }) =>
      ruleApplied(
        because === undefined
          ? { rule, effect: 'approve', steps }
          : { rule, effect: 'approve', steps, because },
        by,
      ),
    ),
  ];
}

export function denialApplied({ rule, because, by }: Denial): NewEntry {
  return ruleApplied({ rule, effect: 'deny', ...(because !== undefined && { because }) }, by);
}

export function ruleApplied(
  data: Extract<NewEntry, { type: 'rule-applied' }>['data'],
  system: 'rules' | 'code' = 'rules',
): NewEntry {
  return { type: 'rule-applied', by: { system }, data };
}
