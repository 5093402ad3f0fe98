// Who gives a decision, judged as everything is now: which steps are asked, which of them they may fill, and who counts already.
import { standings, tighten, type StepStanding, type Voter } from './approvals.ts';
import { whoIsAskedNow } from './code-answers.ts';
import type { Voice } from './commands.ts';
import { coveredBy } from './decide-matter.ts';
import { isUnknown, type Unknown } from './facts.ts';
import type { Flow, Step } from './flow.ts';
import { group, personId, type Group, type PersonId } from './names.ts';
import type { Refusal } from './refusals.ts';
import type { Approval, Extension, Matter, OpenMatter, Request, RuleApproval } from './request.ts';
import { examine, type Examination } from './rules.ts';
import { hasAsked, type Bench } from './verdict.ts';

export const admins = group('role:admin');

/** Whoever spoke before it was asked meant something else, though it is heard only now. */
export function wasSaidBefore({ by, at }: Extension, voice: Voice): boolean {
  return voice.at < (by.at ?? at);
}

/** Whether a person belongs to the groups of a step: of the step as pinned, and as the current flow has it. */
export interface StepForGiver {
  readonly step: Step;
  readonly may: boolean | Unknown;
  readonly groups: readonly { readonly group: Group; readonly belongs: boolean | Unknown }[];
}

export interface Weighed {
  readonly person: PersonId;
  /** All that are asked now. */
  readonly steps: readonly Step[];
  /** Whether the current flow asks more than the request was pinned to. */
  readonly tightened: boolean;
  readonly mine: readonly StepForGiver[];
  readonly voters: readonly Voter[];
  /** Steps that rules stand for, under the pinned and under the current flow. */
  readonly covered: ReadonlySet<string>;
  /** Where each step stands before this decision. */
  readonly before: readonly StepStanding[];
  /** Absent where the current flow is gone or cannot be read: then only what is pinned was judged. */
  readonly current?: Flow;
}

export function weigh(
  voice: Voice,
  request: Request,
  open: OpenMatter,
  bench: Bench,
): Weighed | { readonly refusal: Refusal } {
  const person = bench.inquiry.person(voice.account);
  if (person === null)
    return { refusal: { code: 'unlinked-account', name: voice.name, account: voice.account } };
  const { current, asked, steps, voters, approvals } = standingNow(request, open, bench);
  const covered = coveredBy(approvals);
  return {
    person,
    steps,
    tightened: JSON.stringify(steps) !== JSON.stringify(open.matter.stepsInForce),
    mine: steps.map((step) =>
      stepForGiver(step, giverOf(voice, person), { versions: [open.pinned, asked], current }, bench),
    ),
    voters,
    covered,
    before: standings(steps, voters, covered),
    ...(current && { current }),
  };
}

/** What is asked now, and who and what counts for it, whoever looks. */
export interface StandingNow extends Pick<Weighed, 'steps' | 'voters' | 'current'> {
  /** As the current flow asks it. */
  readonly asked: readonly Step[];
  /** What stands for steps without a person, under the pinned and under the current flow. */
  readonly approvals: Matter['ruleApprovals'];
}

export function standingNow(request: Request, open: OpenMatter, bench: Bench): StandingNow {
  const answer = bench.inquiry.flow(request.desk, request.flow.name);
  const current = 'flow' in answer ? answer.flow : undefined;
  const asked = current
    ? whoIsAskedNow(request, open, examinationOf(request, open, current, bench), bench)
    : [];
  const steps = tighten(open.pinned, asked);
  const voters = votersNow(request, open.matter, { bench, steps });
  const approvals = rulesInForce(open.matter, current);
  return { asked, steps, voters, approvals, ...(current && { current }) };
}

/** The same conditions as when it was asked, under a flow that may be newer. */
export function examinationOf(
  request: Request,
  { extension }: OpenMatter,
  flow: Flow,
  bench: Bench,
): Examination {
  const { desk, form, requester, source, requestedAt } = request;
  // Granting less spares no step that was asked for more.
  const duration = extension?.total ?? form.duration;
  const said = extension?.by ?? requester;
  return examine(
    {
      desk,
      flow,
      form,
      ...(duration !== undefined && { duration }),
      requester: { person: requester.person, name: requester.via.name },
      source,
      at: said.at ?? extension?.at ?? requestedAt,
      request: request.id,
      historyUntil: requester.at ?? requestedAt,
    },
    bench,
  );
}

/** A rule that the flow dropped since, that asks something else or approves less by now, stands for nothing it no longer says. */
function rulesInForce({ ruleApprovals, judged }: Matter, current: Flow | undefined): Matter['ruleApprovals'] {
  if (current === undefined) return ruleApprovals;
  return ruleApprovals.map((approval) => {
    if (approval.by === 'code') return { ...approval, steps: stepsOfCode(approval, current) };
    const asked = judged?.rules.find(({ name }) => name === approval.rule)?.if;
    const rule = current.rules.find(
      ({ name, condition }) => name === approval.rule && condition.source === asked,
    );
    const named = rule && 'approve' in rule.then ? rule.then.approve : [];
    return { ...approval, steps: approval.steps.filter((step) => named.includes(step)) };
  });
}

/** What the code said it said once. It stands while the flow still asks that hook, for steps that are not left to people by now. */
function stepsOfCode({ rule, steps }: RuleApproval, { code, approval }: Flow): readonly string[] {
  const hooks: readonly string[] = code?.hooks ?? [];
  const left = approval.steps.filter(({ peopleOnly }) => peopleOnly).map(({ name }) => name);
  return hooks.includes(rule) ? steps.filter((step) => !left.includes(step)) : [];
}

/** Whose groups count. */
interface Giver {
  readonly person: PersonId;
  readonly byLink: boolean;
}

/** A link proves an address and no more: it is the address that has to be in the group, whoever else that person is. */
function giverOf({ proof, account }: Voice, person: PersonId): Giver {
  return proof === 'email-link' ? { person: personId(account), byLink: true } : { person, byLink: false };
}

/** The steps as pinned and as the flow has them now; without a flow, only what is pinned can be judged. */
interface Versions {
  readonly versions: readonly (readonly Step[])[];
  readonly current: Flow | undefined;
}

function stepForGiver(
  step: Step,
  { person, byLink }: Giver,
  { versions, current }: Versions,
  { inquiry }: Bench,
): StepForGiver {
  // A step that the flow has dropped since is still asked, but not of guests whom it no longer allows.
  const areOut = current?.allowGuests === undefined || (byLink && current.guestLinks === undefined);
  const isOut = (group: Group): boolean => areOut && group.startsWith('guest:');
  const lists = versions.flatMap((steps) => steps.filter(({ name }) => name === step.name));
  const judged = lists.map((each) =>
    each.approvers.map((group) => ({
      group,
      belongs: isOut(group) || (byLink && !each.byLink) ? false : inquiry.belongs(person, group),
    })),
  );
  return { step, may: all(judged.map(inAny)), groups: unique(judged.flat()) };
}

function inAny(groups: StepForGiver['groups']): boolean | Unknown {
  const answers = groups.map(({ belongs }) => belongs);
  return answers.includes(true) || (answers.find(isUnknown) ?? false);
}

function all(answers: readonly (boolean | Unknown)[]): boolean | Unknown {
  if (answers.includes(false)) return false;
  return answers.find(isUnknown) ?? true;
}

function unique(groups: StepForGiver['groups']): StepForGiver['groups'] {
  return groups.filter(({ group: one }, index) => groups.findIndex((each) => each.group === one) === index);
}

/** Those that they may fill: a lookup that fails counts as no. */
export function mayFill({ mine }: Weighed): readonly string[] {
  return mine.filter(({ may }) => may === true).map(({ step }) => step.name);
}

/**
 * Earlier approvals by the links as they are now: an unlinked account, a second account of one person or the requester's
 * own do not count. Nor does standing in for a step that by now only its own people meet.
 */
function votersNow(
  request: Request,
  { approvals }: Matter,
  { bench, steps }: { readonly bench: Bench; readonly steps: readonly Step[] },
): readonly Voter[] {
  const counted = new Map<PersonId, Voter>();
  const strict = new Set(steps.filter(({ peopleOnly }) => peopleOnly).map(({ name }) => name));
  for (const approval of approvals) {
    const person = countedPerson(approval, request, bench);
    const fills = approval.eligible.filter(
      (name) => !(strict.has(name) && approval.stoodInFor?.includes(name)),
    );
    if (person === undefined || fills.length === 0) continue;
    const known = counted.get(person)?.eligible ?? [];
    counted.set(person, { person, eligible: [...new Set([...known, ...fills])] });
  }
  return [...counted.values()];
}

function countedPerson({ account, asAdmin }: Approval, request: Request, bench: Bench): PersonId | undefined {
  const person = bench.inquiry.person(account);
  if (person === null) return undefined;
  const mayBeOwn = asAdmin === undefined && mayApproveOwn(request, bench);
  return !mayBeOwn && hasAsked(request, person, bench) ? undefined : person;
}

/** Where the flow allows it, as it was asked under and as it is now. */
export function mayApproveOwn({ desk, flow, policy }: Request, { inquiry }: Bench): boolean {
  if (!policy.selfApproval) return false;
  const answer = inquiry.flow(desk, flow.name);
  return 'flow' in answer && answer.flow.approval.selfApproval;
}
