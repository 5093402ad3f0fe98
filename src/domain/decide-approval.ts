// Approve and deny: who the giver is now, which steps they can fill under the pinned and the current flow, and what that completes.
import { allMet, filledPlaces, standings, tighten, type StepStanding, type Voter } from './approvals.ts';
import { speaker, type CommandOf, type Voice } from './commands.ts';
import { escalationStarted } from './decide-grant.ts';
import { minutes } from './duration.ts';
import type { NewEntry } from './entries.ts';
import { isUnknown, type Unknown } from './facts.ts';
import type { FlowStep, Step } from './flow.ts';
import { plus, type Group, type PersonId } from './names.ts';
import type { Refusal } from './refusals.ts';
import type { Approval, Request } from './request.ts';
import { isRequester, type Bench, type Verdict } from './verdict.ts';

/** How long after the approval we go on trying to grant. */
export const startWithin = minutes(15);

export function approve(command: CommandOf<'approve'>, request: Request, bench: Bench): Verdict {
  const closed = refuseUnlessPending(command.voice, request);
  if (closed) return closed;
  const judged = judgeGiver(command.voice, request, bench, 'refuse');
  if ('refusal' in judged) return judged;
  const { person, steps } = judged;
  if (!mayApproveOwn(request, bench) && isRequester(request, person, bench))
    return { refusal: { code: 'self-approval' } };
  const voters = votersNow(request, bench);
  const hasApproved = voters.some((voter) => voter.person === person);
  const before = standings(steps.all, voters);
  // The flow may have asked for more when the last of them came, and no longer does.
  const isDone = allMet(before);
  if (hasApproved && !isDone) return { refusal: { code: 'already-approved' } };
  const places = placesFor(steps, before);
  if ('refusal' in places) return places;
  if (hasApproved) return { entries: approved(request, bench) };
  const after = standings(steps.all, [...voters, { person, eligible: places.eligible }]);
  if (!isDone && filledPlaces(after) === filledPlaces(before))
    return { refusal: { code: 'step-already-met', steps: places.eligible } };
  const given: NewEntry = {
    type: 'approval-given',
    by: speaker(command.voice, person),
    data: {
      eligible: places.eligible,
      ...(command.message !== undefined && { message: command.message }),
      ...(steps.tightened && { steps: steps.all }),
    },
  };
  return { entries: allMet(after) ? [given, ...approved(request, bench)] : [given] };
}

export function deny(command: CommandOf<'deny'>, request: Request, bench: Bench): Verdict {
  const closed = refuseUnlessPending(command.voice, request);
  if (closed) return closed;
  const judged = judgeGiver(command.voice, request, bench, 'judge-by-pinned');
  if ('refusal' in judged) return judged;
  if (isRequester(request, judged.person, bench)) return { refusal: { code: 'self-approval' } };
  if (judged.steps.mine.length === 0) return { refusal: notAnApprover(judged.steps) };
  const { message } = command;
  return {
    entries: [
      {
        type: 'denied',
        by: speaker(command.voice, judged.person),
        data: message === undefined ? {} : { message },
      },
    ],
  };
}

/** Where the flow allows it, as it was asked under and as it is now. */
function mayApproveOwn({ desk, flow, policy }: Request, { inquiry }: Bench): boolean {
  if (!policy.selfApproval) return false;
  const answer = inquiry.flow(desk, flow.name);
  return 'flow' in answer && answer.flow.approval.selfApproval;
}

function refuseUnlessPending(voice: Voice, { phase }: Request): Verdict | undefined {
  if (phase.status !== 'pending') return { refusal: { code: 'too-late', status: phase.status } };
  return voice.at > phase.lapseAt ? { refusal: { code: 'too-late', status: 'lapsed' } } : undefined;
}

interface StepsForGiver {
  readonly all: readonly Step[];
  /** The names of those that the giver's groups may fill. */
  readonly mine: readonly string[];
  /** Whether the current flow asks more than the request was pinned to. */
  readonly tightened: boolean;
}

type JudgedGiver =
  { readonly person: PersonId; readonly steps: StepsForGiver } | { readonly refusal: Refusal };

/** Eligible is who belongs under the pinned and under the current flow; a lookup that fails counts as no, and says so. */
function judgeGiver(
  voice: Voice,
  request: Request,
  bench: Bench,
  withoutCurrent: 'refuse' | 'judge-by-pinned',
): JudgedGiver {
  const person = bench.inquiry.person(voice.account);
  if (person === null) return { refusal: { code: 'unlinked-account', name: voice.name } };
  const answer = bench.inquiry.flow(request.desk, request.flow.name);
  if ('missing' in answer && withoutCurrent === 'refuse')
    return {
      refusal: {
        code: 'flow-unavailable',
        flow: request.policy.label,
        why: answer.missing === 'unavailable' ? answer.why : 'it was removed from the desk since',
      },
    };
  const current =
    'missing' in answer ? [] : answer.flow.approval.steps.filter((step) => wouldAsk(step, request));
  const all = tighten(request.policy.steps, current);
  const unknowns: Unknown[] = [];
  const mine = all.filter((step) => {
    const lists = [request.policy.steps, current].flatMap((steps) =>
      steps.filter(({ name }) => name === step.name).map(({ approvers }) => approvers),
    );
    return lists.every((groups) => isIn(person, groups, bench, unknowns));
  });
  const [unknown] = unknowns;
  if (mine.length === 0 && unknown)
    return { refusal: { code: 'lookup-failed', what: 'whether you may decide this', why: unknown.unknown } };
  const tightened = JSON.stringify(all) !== JSON.stringify(request.stepsInForce);
  return { person, steps: { all, mine: mine.map(({ name }) => name), tightened } };
}

/** A step of the current flow applies to this request unless its condition says no. */
function wouldAsk(step: FlowStep, { form }: Request): boolean {
  const { fields, target, duration } = form;
  return (
    step.condition === undefined ||
    step.condition.judge({
      fields,
      ...(target && { target: target.name }),
      ...(duration !== undefined && { duration }),
    }) !== false
  );
}

function isIn(person: PersonId, groups: readonly Group[], { inquiry }: Bench, unknowns: Unknown[]): boolean {
  const answers = groups.map((group) => inquiry.belongs(person, group));
  unknowns.push(...answers.filter(isUnknown));
  return answers.includes(true);
}

/** Earlier approvals by the links as they are now: an unlinked account, a second account of one person or the requester's own do not count. */
export function votersNow(request: Request, bench: Bench): readonly Voter[] {
  const counted = new Map<PersonId, Voter>();
  for (const approval of request.approvals) {
    const person = countedPerson(approval, request, bench);
    if (person === undefined) continue;
    const known = counted.get(person)?.eligible ?? [];
    counted.set(person, { person, eligible: [...new Set([...known, ...approval.eligible])] });
  }
  return [...counted.values()];
}

function countedPerson({ account }: Approval, request: Request, bench: Bench): PersonId | undefined {
  const person = bench.inquiry.person(account);
  if (person === null) return undefined;
  return !mayApproveOwn(request, bench) && isRequester(request, person, bench) ? undefined : person;
}

/** The open steps that this person can fill; a step is not filled before it is asked. */
function placesFor(
  steps: StepsForGiver,
  before: readonly StepStanding[],
): { readonly eligible: readonly string[] } | { readonly refusal: Refusal } {
  if (steps.mine.length === 0) return { refusal: notAnApprover(steps) };
  const waiting = before.find(({ step, state }) => state === 'waiting' && steps.mine.includes(step.name));
  const eligible = before
    .filter(({ step, state }) => state !== 'waiting' && steps.mine.includes(step.name))
    .map(({ step }) => step.name);
  if (eligible.length > 0) return { eligible };
  return {
    refusal: { code: 'not-yet-asked', step: waiting?.step.name ?? '', needs: waiting?.step.needs ?? [] },
  };
}

function notAnApprover({ all }: StepsForGiver): Refusal {
  return {
    code: 'not-an-approver',
    waitingFor: all.map(({ name, approvers }) => ({ step: name, groups: approvers })),
  };
}

function approved(request: Request, bench: Bench): readonly NewEntry[] {
  const by = { system: 'reconciler' } as const;
  const { form, policy, requester } = request;
  if (policy.strategy === undefined || form.target === undefined || form.duration === undefined)
    return [{ type: 'approved', by, data: { validUntil: plus(bench.now, policy.validFor) } }];
  const startBy = plus(bench.now, startWithin);
  const access = bench.inquiry.access(policy.strategy, form.target.settings, requester.person);
  const { target, duration } = form;
  return [
    { type: 'approved', by, data: { startBy } },
    ...escalationStarted(access, { strategy: policy.strategy, settings: target.settings, duration, startBy }),
  ];
}
