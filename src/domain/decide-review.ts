// Reviewing access that nobody approved: by a second person, under what was pinned and what the flow says now.
import { speaker, type CommandOf } from './commands.ts';
import { isUnknown, type Unknown } from './facts.ts';
import { admins } from './giver.ts';
import type { Group, PersonId } from './names.ts';
import type { Refusal } from './refusals.ts';
import { isOver, type Request, type Review } from './request.ts';
import { reviewersOf } from './review.ts';
import { isLegible } from './safe-word.ts';
import { flowUnavailable, hasAsked, type Bench, type Verdict } from './verdict.ts';

export function review(command: CommandOf<'review'>, request: Request, bench: Bench): Verdict {
  const { voice, outcome, message = '' } = command;
  const person = bench.inquiry.person(voice.account);
  if (person === null)
    return { refusal: { code: 'unlinked-account', name: voice.name, account: voice.account } };
  const open = request.review;
  const why = whyNot(request);
  if (open === undefined || why)
    return { refusal: { code: 'nothing-to-review', why: why ?? 'no-break-glass' } };
  if (hasAsked(request, person, bench)) return { refusal: { code: 'own-review' } };
  const as = capacityOf(person, open, request, bench);
  if (typeof as === 'object') return { refusal: as };
  if (!isLegible(message)) return { refusal: { code: 'message-required', what: 'reviewing' } };
  const data = { outcome, message: message.trim(), ...(as === 'admin' && { as }) };
  return { entries: [{ type: 'review-closed', by: speaker(voice, person), data }] };
}

/** It may be given as soon as access is there, and for ever after. */
export function mayBeReviewed(request: Request): boolean {
  return whyNot(request) === undefined;
}

type WhyNot = Extract<Refusal, { code: 'nothing-to-review' }>['why'];

function whyNot(request: Request): WhyNot | undefined {
  const { review: open, granted, phase } = request;
  if (open === undefined) return 'no-break-glass';
  if (open.closed) return 'reviewed';
  return granted || isOver(request) || phase.status === 'deescalating' ? undefined : 'not-there-yet';
}

/** Once it is overdue, an admin may review it too: else nobody could, where its reviewers are gone. */
function capacityOf(
  person: PersonId,
  open: Review,
  request: Request,
  bench: Bench,
): 'reviewer' | 'admin' | Refusal {
  const answer = bench.inquiry.flow(request.desk, request.flow.name);
  if ('missing' in answer && answer.missing === 'unavailable') return flowUnavailable(request, bench);
  const offer = 'flow' in answer ? answer.flow.breakGlass : undefined;
  // A flow that no longer lets anybody break the glass names no reviewers: then those of before are enough.
  const versions = [open.reviewers, ...(offer ? [reviewersOf(offer, request.requester.person)] : [])];
  const may = versions.map((groups) => belongsToAny(person, groups, bench));
  if (may.every((each) => each === true)) return 'reviewer';
  if (open.deadline <= bench.now && bench.inquiry.belongs(person, admins) === true) return 'admin';
  const unknown = may.includes(false) ? undefined : may.find(isUnknown);
  return unknown
    ? { code: 'lookup-failed', what: 'whether you may review this', why: unknown.unknown }
    : { code: 'not-a-reviewer', groups: versions.at(-1) ?? [] };
}

function belongsToAny(person: PersonId, groups: readonly Group[], { inquiry }: Bench): boolean | Unknown {
  const answers = groups.map((group) => inquiry.belongs(person, group));
  return answers.includes(true) || (answers.find(isUnknown) ?? false);
}
