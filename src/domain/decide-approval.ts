// Approve and deny: what a decision of this person, given now, makes of the request or of an extension of its access.
import { allMet, filledPlaces, standings } from './approvals.ts';
import { speaker, type CommandOf, type Voice } from './commands.ts';
import { approvableOf, approved, deniedByRule, extended, isLeft } from './decide-matter.ts';
import type { JudgedRule, NewEntry } from './entries.ts';
import { isUnknown } from './facts.ts';
import type { DecisionMessage } from './flow.ts';
import {
  admins,
  examinationOf,
  mayApproveOwn,
  mayFill,
  wasSaidBefore,
  weigh,
  type Weighed,
} from './giver.ts';
import type { PersonId } from './names.ts';
import type { Refusal } from './refusals.ts';
import { durationOf, matterOf, openMatter, type Hold, type OpenMatter, type Request } from './request.ts';
import { askHook } from './decide-with-code.ts';
import { denialApplied, judgeRules, ruleApplied, type Denial } from './rules.ts';
import { isLegible } from './safe-word.ts';
import { flowUnavailable, hasAsked, type Bench, type Verdict } from './verdict.ts';

export function approve(command: CommandOf<'approve'>, request: Request, bench: Bench): Verdict {
  const open = shownTo(command, request);
  if ('refusal' in open) return open;
  const weighed = weigh(command.voice, request, open, bench);
  if ('refusal' in weighed) return weighed;
  return approveAs(weighed, { command, request, open }, bench);
}

/** What is approved: by whom was weighed already. */
export interface Approving {
  readonly command: CommandOf<'approve'>;
  readonly request: Request;
  readonly open: OpenMatter;
}

export function approveAs(weighed: Weighed, { command, request, open }: Approving, bench: Bench): Verdict {
  const { person, steps, voters, covered, before } = weighed;
  if (weighed.current === undefined) return { refusal: flowUnavailable(request, bench) };
  if (isOwn(command, request, person, bench)) return { refusal: { code: 'self-approval' } };
  const mine = placesOf(command, weighed, bench);
  if ('refusal' in mine) return mine;
  const wanting = wantsMessage(command, request, bench) ?? wantsLess(command, request, open);
  if (wanting) return { refusal: wanting };
  const doubts = judgeDoubts(request, open, weighed, bench);
  if (doubts.denial) return { entries: [inVain(command.voice, person), ...denialOf(doubts.denial, open)] };
  if (doubts.holds.length > 0 && command.as !== 'admin')
    return { refusal: { code: 'held-by-rule', rules: doubts.holds } };

  const hasApproved = voters.some((voter) => voter.person === person);
  // The flow may have asked for more when the last of them came, and no longer does; or a rule held it back.
  const isDone = allMet(before);
  if (hasApproved && !isDone) return { refusal: { code: 'already-approved' } };
  const places = openPlaces(mine.steps, weighed);
  if ('refusal' in places) return places;
  const after = standings(steps, [...voters, { person, eligible: places.eligible }], covered);
  if (!isDone && filledPlaces(after) === filledPlaces(before))
    return { refusal: { code: 'step-already-met', steps: places.eligible } };
  const said = messagePolicy(request, bench) === 'off' ? undefined : command.message;
  const isLast = hasApproved || allMet(after);
  const heard = askHook(
    { request, flow: weighed.current, hook: 'on_approve', voice: command.voice },
    { by: person, steps: places.eligible, ...pick(command), isLast },
    bench,
  );
  if ('refusal' in heard) return heard;
  if (heard.denial)
    return {
      entries: [inVain(command.voice, person), ...heard.entries, ...denialOf(heard.denial, open)],
    };
  // Said again by one who counts already, it is recorded as well: it is what completes it.
  const given = givenEntry(command, weighed, places.eligible, { said, lifts: doubts.holds });
  const completed = isLast ? completion(shortened(request, command), open, bench) : [];
  return { entries: [...doubts.released.map(releaseOf), ...heard.entries, given, ...completed] };
}

export function deny(command: CommandOf<'deny'>, request: Request, bench: Bench): Verdict {
  const open = shownTo(command, request);
  if ('refusal' in open) return open;
  const weighed = weigh(command.voice, request, open, bench);
  if ('refusal' in weighed) return weighed;
  if (hasAsked(request, weighed.person, bench)) return { refusal: { code: 'self-approval' } };
  if (mayFill(weighed).length === 0) return { refusal: notTheirs(weighed, bench) };
  const message = messageKept(command, request, bench);
  if ('refusal' in message) return message;
  const heard =
    weighed.current &&
    askHook(
      { request, flow: weighed.current, hook: 'on_deny', voice: command.voice },
      { by: weighed.person, steps: mayFill(weighed), ...pick(command) },
      bench,
    );
  if (heard && 'refusal' in heard) return heard;
  const by = speaker(command.voice, weighed.person);
  return {
    entries: [
      ...(heard?.entries ?? []),
      { type: open.extension ? 'extension-denied' : 'denied', by, data: message },
    ],
  };
}

/** Whoever pressed a button decides what it stood below, and nothing that took its place meanwhile. */
function shownTo(
  { voice, matter }: CommandOf<'approve' | 'deny'>,
  request: Request,
): OpenMatter | { readonly refusal: Refusal } {
  const open = openFor(voice, request);
  if ('refusal' in open || matter === undefined || matter === matterOf(request)) return open;
  return { refusal: { code: 'another-matter' } };
}

export function openFor(voice: Voice, request: Request): OpenMatter | { readonly refusal: Refusal } {
  const { phase } = request;
  const open = openMatter(request);
  if (open === undefined) return { refusal: { code: 'too-late', status: phase.status } };
  if (phase.status === 'pending' && voice.at > phase.lapseAt)
    return { refusal: { code: 'too-late', status: 'lapsed' } };
  if (phase.status === 'active' && !isLeft(phase.expiresAt, voice.at))
    return { refusal: { code: 'too-late', status: 'deescalating' } };
  if (open.extension && wasSaidBefore(open.extension, voice))
    return { refusal: { code: 'too-late', status: phase.status } };
  return open;
}

/** An admin who asked for it never stands in, whatever the flow says of one's own approval. */
function isOwn({ as }: CommandOf<'approve'>, request: Request, person: PersonId, bench: Bench): boolean {
  return (as === 'admin' || !mayApproveOwn(request, bench)) && hasAsked(request, person, bench);
}

type Places = { readonly steps: readonly string[] } | { readonly refusal: Refusal };

/** The steps that they may fill, by their groups or by standing in. */
function placesOf({ as }: CommandOf<'approve'>, weighed: Weighed, bench: Bench): Places {
  const steps = mayFill(weighed);
  if (as === undefined) return steps.length > 0 ? { steps } : { refusal: notTheirs(weighed, bench) };
  const isAdmin = bench.inquiry.belongs(weighed.person, admins);
  if (isUnknown(isAdmin))
    return { refusal: { code: 'lookup-failed', what: 'whether you are an admin', why: isAdmin.unknown } };
  if (!isAdmin) return { refusal: { code: 'not-an-admin' } };
  const internal = weighed.steps.filter(({ peopleOnly }) => !peopleOnly).map(({ name }) => name);
  if (internal.length === 0)
    return { refusal: { code: 'no-step-to-stand-in', steps: weighed.steps.map(({ name }) => name) } };
  return { steps: [...new Set([...steps, ...internal])] };
}

/** A lookup that fails is a no that says so; an admin is told that they may stand in. */
function notTheirs({ mine, person }: Weighed, { inquiry }: Bench): Refusal {
  const unknown = mine.map(({ may }) => may).find(isUnknown);
  const mayStandIn = inquiry.belongs(person, admins) === true;
  if (unknown)
    return {
      code: 'lookup-failed',
      what: 'whether you may decide this',
      why: unknown.unknown,
      ...(mayStandIn && { mayStandIn }),
    };
  return {
    code: 'not-an-approver',
    waitingFor: mine.map(({ step: { name, approvers } }) => ({ step: name, groups: approvers })),
    ...(mayStandIn && { mayStandIn }),
  };
}

/** The stricter of the pinned and the current flow. */
function messagePolicy({ desk, flow, policy }: Request, { inquiry }: Bench): DecisionMessage {
  const answer = inquiry.flow(desk, flow.name);
  const both = [
    policy.decisionMessage ?? 'optional',
    ...('flow' in answer ? [answer.flow.approval.decisionMessage] : []),
  ];
  if (both.includes('required')) return 'required';
  return both.includes('off') ? 'off' : 'optional';
}

function wantsMessage(command: CommandOf<'approve'>, request: Request, bench: Bench): Refusal | undefined {
  if (command.message !== undefined && isLegible(command.message)) return undefined;
  if (command.as === 'admin') return { code: 'message-required', what: 'standing in' };
  return messagePolicy(request, bench) === 'required'
    ? { code: 'message-required', what: 'approving' }
    : undefined;
}

function messageKept(
  { message }: CommandOf<'deny'>,
  request: Request,
  bench: Bench,
): { readonly message?: string } | { readonly refusal: Refusal } {
  const policy = messagePolicy(request, bench);
  const isGiven = message !== undefined && isLegible(message);
  if (policy === 'required' && !isGiven) return { refusal: { code: 'message-required', what: 'denying' } };
  return message === undefined || policy === 'off' ? {} : { message };
}

/** An approver may grant less than the card shows, and never more. */
function wantsLess(
  { duration }: CommandOf<'approve'>,
  request: Request,
  { extension }: OpenMatter,
): Refusal | undefined {
  if (duration === undefined) return undefined;
  const most = extension ? undefined : durationOf(request);
  if (most === undefined) return { code: 'not-less' };
  if (most === 'until-revoked' || duration < most) return undefined;
  return { code: 'not-less', most };
}

function shortened(request: Request, { duration, voice }: CommandOf<'approve'>): Request {
  return duration === undefined ? request : { ...request, narrowed: { duration, by: speaker(voice, null) } };
}

interface Doubts {
  readonly denial?: Denial;
  readonly holds: readonly Hold[];
  /** Rules that held it back and no longer do. */
  readonly released: readonly string[];
}

/** Rules that could not be judged before, and those that the current flow added since: whatever may deny it is judged first. */
export function judgeDoubts(
  request: Request,
  open: OpenMatter,
  { current, steps }: Pick<Weighed, 'current' | 'steps'>,
  bench: Bench,
): Doubts {
  const held = open.matter.holds.map(({ rule }) => rule);
  const judged = open.matter.judged?.rules ?? [];
  const inDoubt = (current?.rules ?? []).filter(
    ({ name, condition, then }) =>
      'deny' in then &&
      (held.includes(name) || !judged.some((rule) => isSameDenial(rule, name, condition.source))),
  );
  if (current === undefined || (inDoubt.length === 0 && held.length === 0))
    return { holds: [], released: [] };
  const { denial, holds } = judgeRules(inDoubt, steps, examinationOf(request, open, current, bench));
  const released = held.filter((rule) => !holds.some((hold) => hold.rule === rule));
  return { ...(denial && { denial }), holds, released };
}

/** A rule that approved when it was judged said nothing of what denies. */
function isSameDenial(rule: JudgedRule, name: string, source: string): boolean {
  return rule.approve === undefined && rule.name === name && rule.if === source;
}

function denialOf(denial: Denial, { extension }: OpenMatter): readonly NewEntry[] {
  return [denialApplied(denial), deniedByRule(denial, extension ? 'extension-denied' : 'denied')];
}

/** What the code is told of it besides. */
function pick({ message, ...command }: CommandOf<'approve' | 'deny'>): {
  readonly message?: string;
  readonly as?: 'admin';
} {
  const isAdmin = 'as' in command && command.as === 'admin';
  return { ...(message !== undefined && { message }), ...(isAdmin && { as: 'admin' }) };
}

/** Whose approval it was that the rule was judged for: what somebody said is in the ledger. */
function inVain(voice: Voice, person: PersonId): NewEntry {
  const code = 'denied-by-rule' satisfies Refusal['code'];
  return { type: 'refused', by: speaker(voice, person), data: { command: 'approve', code } };
}

function releaseOf(rule: string): NewEntry {
  return ruleApplied({ rule, effect: 'release' });
}

/** The open steps that this person can fill; a step is not filled before it is asked. */
function openPlaces(
  mine: readonly string[],
  { before }: Weighed,
): { readonly eligible: readonly string[] } | { readonly refusal: Refusal } {
  const theirs = before.filter(({ step }) => mine.includes(step.name));
  const eligible = theirs.filter(({ state }) => state !== 'waiting').map(({ step }) => step.name);
  if (eligible.length > 0) return { eligible };
  const waiting = theirs.find(({ state }) => state === 'waiting');
  return {
    refusal: { code: 'not-yet-asked', step: waiting?.step.name ?? '', needs: waiting?.step.needs ?? [] },
  };
}

function givenEntry(
  { as, message, duration, voice }: CommandOf<'approve'>,
  { person, steps, tightened }: Weighed,
  eligible: readonly string[],
  { said, lifts }: { readonly said: string | undefined; readonly lifts: readonly Hold[] },
): NewEntry {
  const by = speaker(voice, person);
  const also = { ...(tightened && { steps }), ...(duration !== undefined && { duration }) };
  if (as === 'admin') {
    const lifted = lifts.map(({ rule }) => rule);
    const data = { eligible, reason: message ?? '', ...also, ...(lifted.length > 0 && { lifts: lifted }) };
    return { type: 'overridden', by, data };
  }
  return {
    type: 'approval-given',
    by,
    data: { eligible, ...(said !== undefined && { message: said }), ...also },
  };
}

function completion(request: Request, { extension }: OpenMatter, bench: Bench): readonly NewEntry[] {
  if (extension === undefined) return approved(approvableOf(request), bench);
  return request.phase.status === 'active' ? [extended(request.phase, extension.total)] : [];
}
