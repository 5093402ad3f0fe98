// May this person ask for this, here and now? If so, what exactly is asked of whom.
import { speaker, type CommandOf } from './commands.ts';
import type { PinnedPolicy, RequestForm, Speaker } from './entries.ts';
import { isUnknown } from './facts.ts';
import type { Flow, Scope, Step } from './flow.ts';
import { checkForm } from './form.ts';
import { plus, type Group, type PersonId } from './names.ts';
import { pinStep } from './approvals.ts';
import type { Bench, Verdict } from './verdict.ts';

export function askForAccess(command: CommandOf<'request'>, bench: Bench): Verdict {
  const { voice } = command;
  const person = bench.inquiry.person(voice.account);
  if (person === null) return { refusal: { code: 'unlinked-account', name: voice.name } };
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
  const checked = checkForm(flow, command.form);
  if (!checked.ok) return { refusal: { code: 'invalid-form', problems: checked.problems } };
  const barredFromTarget =
    checked.target?.requesters && mayAsk(flow, checked.target.requesters, person, bench);
  if (barredFromTarget) return barredFromTarget;
  const steps = stepsFor(flow, checked.form);
  if (steps.length === 0) return { refusal: { code: 'no-step-applies', flow: flow.label } };
  return (
    refuseStanding(flow, checked.form, person, bench) ??
    requested(command, flow, steps, checked.form, speaker(voice, person), bench)
  );
}

function mayAsk(
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

/** A step whose condition cannot be judged is asked. */
function stepsFor(flow: Flow, form: RequestForm): readonly Step[] {
  const scope: Scope = {
    fields: form.fields,
    ...(form.target && { target: form.target.name }),
    ...(form.duration !== undefined && { duration: form.duration }),
  };
  const asked = flow.approval.steps
    .filter(({ condition }) => condition === undefined || condition.judge(scope) !== false)
    .map(pinStep);
  const names = new Set(asked.map(({ name }) => name));
  return asked.map((step) => ({ ...step, needs: step.needs.filter((name) => names.has(name)) }));
}

/** What somebody has for good is not asked for. Where it cannot be read now, the escalation will read it. */
function refuseStanding(
  flow: Flow,
  form: RequestForm,
  person: PersonId,
  { inquiry }: Bench,
): Verdict | undefined {
  if (flow.access === undefined || form.target === undefined) return undefined;
  const access = inquiry.access(flow.access.strategy, form.target.settings, person);
  if ('missing' in access) {
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
  command: CommandOf<'request'>,
  flow: Flow,
  steps: readonly Step[],
  form: RequestForm,
  by: Speaker,
  { now }: Bench,
): Verdict {
  const policy: PinnedPolicy = {
    label: flow.label,
    ...(flow.danger !== undefined && { danger: flow.danger }),
    ...(flow.environment !== undefined && { environment: flow.environment }),
    ...(flow.access && { strategy: flow.access.strategy }),
    steps,
    selfApproval: flow.approval.selfApproval,
    allowRevoke: flow.allowRevoke,
    validFor: flow.approval.validFor,
  };
  const { desk, voice, thread } = command;
  return {
    entries: [
      {
        type: 'requested',
        by,
        data: {
          desk,
          source: voice.surface,
          form,
          policy,
          lapseAt: plus(now, flow.approval.lapseAfter),
          ...(thread && { thread }),
        },
      },
    ],
  };
}
