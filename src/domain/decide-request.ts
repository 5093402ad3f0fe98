// May this person ask for this, here and now? If so, what exactly is asked of whom.
import { allMet, standings } from './approvals.ts';
import { speaker, type CommandOf } from './commands.ts';
import { brokenGlass, openGlass, type OpenedGlass } from './break-glass.ts';
import { conclude, type Own } from './decide-with-code.ts';
import { approved, coveredBy, deniedByRule, type Approvable } from './decide-matter.ts';
import type { BrokenGlass, NewEntry, PinnedPolicy, RequestForm, Speaker } from './entries.ts';
import { isUnknown, type Unknown } from './facts.ts';
import { eventOfAsking } from './hook-events.ts';
import { identityFor, refuseUnavailable, whoIsAsked } from './code-answers.ts';
import {
  answerFailed,
  hookEntries,
  mayRun,
  withCode,
  type AnswerQuestion,
  type HookAnswer,
} from './hooks.ts';
import type { Action, Flow, Step } from './flow.ts';
import { checkForm, confirmation, type CheckedForm } from './form.ts';
import type { LiveOptions } from './live-options.ts';
import { planActions } from './plan-actions.ts';
import { plus, type Group, type PersonId } from './names.ts';
import { reviewOpened } from './review.ts';
import {
  examine,
  judgeRules,
  pinnedSteps,
  ruleEntries,
  textsOf,
  type Findings,
  type Occasion,
} from './rules.ts';
import { fillTemplate } from './template.ts';
import type { Refusal } from './refusals.ts';
import type { Bench, Verdict } from './verdict.ts';

export function askForAccess(command: CommandOf<'request'>, bench: Bench): Verdict {
  const { voice } = command;
  const person = bench.inquiry.person(voice.account);
  if (person === null)
    return { refusal: { code: 'unlinked-account', name: voice.name, account: voice.account } };
  const answer = bench.inquiry.flow(command.desk, command.flow);
  if ('missing' in answer)
    return {
      refusal:
        answer.missing === 'unknown-flow'
          ? { code: 'unknown-flow', flow: command.flow, known: answer.known }
          : { code: 'flow-unavailable', flow: command.flow, why: answer.why },
    };
  const { flow } = answer;
  if (flow.sources !== undefined && !flow.sources.includes(voice.surface))
    return { refusal: { code: 'wrong-source', flow: flow.label } };
  const barred = mayAsk(flow, flow.requesters, person, bench);
  if (barred) return barred;
  const { breakGlass } = command;
  const glass = breakGlass && openGlass({ ...command, breakGlass }, flow, person, bench);
  if (glass && 'refusal' in glass) return glass;
  const live: LiveOptions = ({ name, optionsFrom: source }, told) =>
    bench.inquiry.options({ desk: command.desk, field: name, source, requester: person, told });
  const checked = glass ? checkGlass(glass, live) : checkForm(flow, command.form, live);
  if (!checked.ok) return { refusal: { code: 'invalid-form', problems: checked.problems } };
  const barredFromTarget =
    checked.target?.requesters && mayAsk(flow, checked.target.requesters, person, bench);
  if (barredFromTarget) return barredFromTarget;
  const by = speaker(voice, person);
  const shut = refuseUnavailable(
    { desk: command.desk, flow, person, source: voice.surface, at: voice.at },
    bench,
  );
  if (shut) return shut;
  const occasion: Occasion = {
    desk: command.desk,
    flow,
    form: checked.form,
    ...(checked.form.duration !== undefined && { duration: checked.form.duration }),
    requester: { person, name: voice.name },
    source: voice.surface,
    at: voice.at,
  };
  const examination = examine(occasion, bench);
  const who = whoIsAsked(examination, bench);
  const steps = pinnedSteps(who.steps);
  if (steps.length === 0) return { refusal: { code: 'no-step-applies', flow: flow.label } };
  const heard = askHook(flow, occasion, bench);
  if (heard && !isUnknown(heard) && heard.answer === 'ignore')
    return { refusal: { code: 'ignored-by-code', message: heard.message } };
  const judgedByRules = judgeRules(flow.rules, steps, examination);
  const own = heard && conclude(heard, ownDecision(occasion, steps, judgedByRules), bench);
  const findings = own ? withCode(judgedByRules, own) : judgedByRules;
  if (glass && findings.denial === undefined && findings.holds.length > 0)
    return { refusal: { code: 'held-by-rule', rules: findings.holds, what: 'break-glass' } };
  const standing = refuseStanding(occasion, bench);
  if (standing) return standing;
  const form = withMessage(checked.form, occasion);
  const broken = glass && brokenGlass(glass, steps, person);
  const actions = actionsOf(command, occasion);
  if ('refusal' in actions) return actions;
  const stepsBy = who.by && { stepsBy: who.by };
  const pinned = { flow, steps, ...stepsBy, form, by, findings, ...actions, ...(broken && { broken }) };
  const asked = requested(command, pinned, bench);
  const judged = { flow, form, steps, person, findings, ...actions, ...identityFor(occasion) };
  return {
    entries: [
      asked,
      ...(who.problem === undefined ? [] : [answerFailed('approval', who.problem)]),
      ...(heard ? hookEntries('on_request', heard) : []),
      ...(own?.entries ?? []),
      ...(glass ? withoutApproval(glass, judged, bench) : whatRulesMakeOfIt(judged, bench)),
    ],
  };
}

/** What runs afterwards, as it will be called. */
function actionsOf(
  { id, form }: CommandOf<'request'>,
  { flow, form: checked, requester }: Occasion,
): { readonly actions?: readonly Action[] } | { readonly refusal: Refusal } {
  if (flow.actions === undefined) return {};
  if (id === undefined) throw new Error('Something is to be run for a request that has no id.');
  const plan = planActions(flow, { request: id, requester, fields: checked.fields });
  if ('actions' in plan) return plan;
  const [longest = ''] = Object.entries(form.fields)
    .map(([name, value]) => [name, JSON.stringify(value).length] as const)
    .reduce<readonly [string, number]>((most, each) => (each[1] > most[1] ? each : most), ['', 0]);
  const sentence = `This is too long for “${plan.tooLong}”, which runs afterwards.`;
  return { refusal: { code: 'invalid-form', problems: [{ at: longest, code: 'too-long', sentence }] } };
}

/** Undefined where the flow has no such hook. */
function askHook(flow: Flow, occasion: Occasion, { inquiry }: Bench): HookAnswer | Unknown | undefined {
  const code = mayRun(flow, 'on_request');
  if (code === undefined) return undefined;
  const event = eventOfAsking(occasion);
  return inquiry.hook(occasion.desk, { flow: flow.ref, code, hook: 'on_request', event });
}

/** What the code decides of it by itself is a decision like any other, and its hooks are told so. */
function ownDecision(occasion: Occasion, steps: readonly Step[], { approvals }: Findings): Own {
  const { desk, flow, at } = occasion;
  return {
    ...{ desk, flow, at, steps, hook: 'on_request' },
    event: (decision) => ({ ...eventOfAsking(occasion), decision }),
    isLast: (approval) => allMet(standings(steps, [], coveredBy([...approvals, approval]))),
  };
}

/** All that is wrong with it at once. */
function checkGlass({ flow, form, problems }: OpenedGlass, live: LiveOptions): CheckedForm {
  const checked = checkForm(flow, form, live);
  const found = checked.ok ? [] : checked.problems;
  const at = new Set(problems.map((problem) => problem.at));
  // That a target cannot be had this way says more than that it is not offered, and then there is nothing to confirm.
  const others = found.filter((each) => !at.has(each.at) && !(at.has('target') && each.at === confirmation));
  return problems.length === 0 ? checked : { ok: false, problems: [...problems, ...others] };
}

/** What rules approve is of no matter: it is had without. What they deny is denied. */
function withoutApproval({ offer }: OpenedGlass, asked: Asked, bench: Bench): readonly NewEntry[] {
  const { findings, person } = asked;
  if (findings.denial) return [...ruleEntries(findings), deniedByRule(findings.denial)];
  return [...approved(approvableBy(asked), bench), reviewOpened(offer, person, bench.now)];
}

/** What is asked, once it was judged. */
interface Asked {
  readonly flow: Flow;
  readonly form: RequestForm;
  readonly steps: readonly Step[];
  readonly person: PersonId;
  readonly findings: Findings;
  readonly actions?: readonly Action[];
  readonly identity?: AnswerQuestion;
}

/** A denial ends it; where rules stand for all that is asked, nobody else has to. */
function whatRulesMakeOfIt(asked: Asked, bench: Bench): readonly NewEntry[] {
  const { steps, findings } = asked;
  const applied = ruleEntries(findings);
  const { denial, holds, approvals } = findings;
  if (denial) return [...applied, deniedByRule(denial)];
  if (holds.length > 0 || !allMet(standings(steps, [], coveredBy(approvals)))) return applied;
  return [...applied, ...approved(approvableBy(asked), bench)];
}

function approvableBy(asked: Asked): Approvable {
  const { flow, form, person, actions, identity } = asked;
  const { duration, target } = form;
  return {
    validFor: flow.approval.validFor,
    person,
    ...(flow.access && { strategy: flow.access.strategy }),
    ...(target && { settings: target.settings }),
    ...(duration !== undefined && { duration }),
    ...(actions && { actions }),
    ...(identity && { identity }),
  };
}

function withMessage(form: RequestForm, occasion: Occasion): RequestForm {
  const { message } = occasion.flow;
  return message === undefined ? form : { ...form, message: fillTemplate(message, textsOf(occasion)) };
}

export function mayAsk(
  flow: Flow,
  groups: readonly Group[],
  person: PersonId,
  { inquiry }: Bench,
): Verdict | undefined {
  const answers = groups.map((group) => inquiry.belongs(person, group));
  if (answers.includes(true)) return undefined;
  const unknown = answers.find(isUnknown);
  if (unknown)
    return {
      refusal: { code: 'lookup-failed', what: `whether you may ask for ${flow.label}`, why: unknown.unknown },
    };
  return { refusal: { code: 'not-a-requester', flow: flow.label, groups } };
}

/** What somebody has for good is not asked for. Where it cannot be read now, the escalation will read it. */
function refuseStanding(occasion: Occasion, { inquiry }: Bench): Verdict | undefined {
  const { flow, form, requester } = occasion;
  if (flow.access === undefined || form.target === undefined) return undefined;
  const access = inquiry.access({
    strategy: flow.access.strategy,
    settings: form.target.settings,
    person: requester.person,
    ...identityFor(occasion),
  });
  if ('missing' in access) {
    if (access.missing === 'unanswered')
      return { refusal: { code: 'code-unavailable', hook: 'identity', why: access.why } };
    if (access.missing === 'no-identity')
      return { refusal: { code: 'no-identity', service: access.service, why: access.why } };
    if (access.missing === 'impossible')
      return { refusal: { code: 'flow-unavailable', flow: flow.label, why: access.why } };
    return undefined;
  }
  if (access.live.length === 0 && access.covered)
    return {
      refusal: { code: 'already-held', target: form.target.label, holds: access.effective ?? access.holds },
    };
  return undefined;
}

function requested(
  { desk, voice, thread, origin }: CommandOf<'request'>,
  {
    flow,
    steps,
    stepsBy,
    form,
    by,
    findings,
    broken,
    actions,
  }: {
    readonly flow: Flow;
    readonly steps: readonly Step[];
    readonly stepsBy?: 'code';
    readonly form: RequestForm;
    readonly by: Speaker;
    readonly findings: Findings;
    readonly broken?: BrokenGlass;
    readonly actions?: readonly Action[];
  },
  { now }: Bench,
): NewEntry {
  return {
    type: 'requested',
    by,
    data: {
      desk,
      source: voice.surface,
      form,
      policy: { ...policyOf(flow, steps), ...(stepsBy && { stepsBy }), ...(actions && { actions }) },
      lapseAt: plus(now, flow.approval.lapseAfter),
      ...(thread && { thread }),
      ...(origin && { origin }),
      ...(findings.judged && { judged: findings.judged }),
      ...(broken && { breakGlass: broken }),
    },
  };
}

function policyOf(flow: Flow, steps: readonly Step[]): PinnedPolicy {
  return {
    label: flow.label,
    ...(flow.danger !== undefined && { danger: flow.danger }),
    ...(flow.environment !== undefined && { environment: flow.environment }),
    ...(flow.access && { strategy: flow.access.strategy }),
    ...(flow.code && { code: flow.code }),
    steps,
    selfApproval: flow.approval.selfApproval,
    decisionMessage: flow.approval.decisionMessage,
    ...(flow.extend && { extend: flow.extend }),
    allowRevoke: flow.allowRevoke,
    validFor: flow.approval.validFor,
    ...(flow.sources && !flow.sources.includes('github') && { withoutIssue: true }),
    ...(flow.warnBefore !== undefined && { warnBefore: flow.warnBefore }),
  };
}
