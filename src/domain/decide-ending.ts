// Revoke and cancel: who may end it early, in every state. Ending is never harder than starting.
import { speaker, type CommandOf } from './commands.ts';
import { actionOvertaken } from './decide-actions.ts';
import { deescalationStarted } from './decide-grant.ts';
import type { NewEntry } from './entries.ts';
import type { Revoker } from './flow.ts';
import { admins } from './giver.ts';
import type { PersonId } from './names.ts';
import { isOver, type Request } from './request.ts';
import { isRequester, nothing, type Bench, type Verdict } from './verdict.ts';

export function cancel(command: CommandOf<'cancel'>, request: Request, bench: Bench): Verdict {
  const person = bench.inquiry.person(command.voice.account);
  if (person === null)
    return {
      refusal: { code: 'unlinked-account', name: command.voice.name, account: command.voice.account },
    };
  if (!isRequester(request, person, bench))
    return { refusal: { code: 'not-the-requester', requester: request.requester.person } };
  if (request.phase.status === 'pending')
    return { entries: [{ type: 'cancelled', by: speaker(command.voice, person), data: {} }] };
  return end(command, request, person, bench);
}

export function revoke(command: CommandOf<'revoke'>, request: Request, bench: Bench): Verdict {
  const person = bench.inquiry.person(command.voice.account);
  if (person === null)
    return {
      refusal: { code: 'unlinked-account', name: command.voice.name, account: command.voice.account },
    };
  if (request.phase.status === 'pending') return { refusal: { code: 'not-active', status: 'pending' } };
  return end(command, request, person, bench);
}

/** What they were given ends, and what they asked for is asked no more. What they decided of others' stays. */
export function noteLeft({ phase }: Request): Verdict {
  const by = { system: 'sweep' } as const;
  switch (phase.status) {
    case 'pending':
    case 'approved':
      return { entries: [{ type: 'cancelled', by, data: { why: 'left' } }] };
    case 'escalating':
    case 'active':
      return { entries: [{ ...deescalationStarted('left'), by }] };
    default:
      return nothing;
  }
}

function end(
  command: CommandOf<'cancel' | 'revoke'>,
  request: Request,
  person: PersonId,
  bench: Bench,
): Verdict {
  const { phase } = request;
  if (isOver(request)) return { refusal: { code: 'too-late', status: phase.status } };
  if (phase.status === 'deescalating') return { refusal: { code: 'already-ending' } };
  if (!mayEnd(request, person, bench))
    return { refusal: { code: 'not-allowed-to-revoke', by: [...mayEndIt(request), 'admins'] } };
  const message = command.type === 'revoke' ? command.message : undefined;
  const asked: NewEntry = {
    type: 'revoke-asked',
    by: speaker(command.voice, person),
    data: message === undefined ? {} : { message },
  };
  if (phase.status === 'approved') return { entries: [asked, ...actionOvertaken(request, 'revoked')] };
  if (phase.status === 'escalating' || phase.status === 'active')
    return { entries: [asked, deescalationStarted('revoked')] };
  return nothing;
}

/** What nobody approved, everybody may end who has to do with it. */
function mayEndIt({ breakGlass, policy }: Request): readonly (Revoker | 'reviewers')[] {
  return breakGlass ? ['requester', 'approvers', 'reviewers'] : policy.allowRevoke;
}

/** The requester and the approvers as the flow allows, admins always: a lookup that fails is no. */
function mayEnd(request: Request, person: PersonId, bench: Bench): boolean {
  const allowed = mayEndIt(request);
  if (allowed.includes('requester') && isRequester(request, person, bench)) return true;
  const approvers = allowed.includes('approvers')
    ? request.stepsInForce.flatMap((step) => step.approvers)
    : [];
  const reviewers = allowed.includes('reviewers') ? (request.review?.reviewers ?? []) : [];
  return [...approvers, ...reviewers, admins]
    .map((each) => bench.inquiry.belongs(person, each))
    .includes(true);
}
