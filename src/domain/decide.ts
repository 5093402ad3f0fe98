// The product's judgement: what a command makes of a request. Pure: no clock, no I/O, the same answer every time.
import type { Command, CommandOf, Voice } from './commands.ts';
import { noteActionFailed, noteActionFinished } from './decide-actions.ts';
import { approve, deny } from './decide-approval.ts';
import { cancel, noteLeft, revoke } from './decide-ending.ts';
import { noteHook } from './decide-hook.ts';
import { extend } from './decide-extension.ts';
import { askForAccess } from './decide-request.ts';
import { review } from './decide-review.ts';
import {
  noteDeescalated,
  noteDeescalationFailed,
  noteEscalated,
  noteEscalationFailed,
  noteHandedOver,
  startEscalation,
} from './decide-grant.ts';
import { noteTime } from './decide-time.ts';
import { Inquiry, type Facts, type Question } from './facts.ts';
import { wasSaidBefore } from './giver.ts';
import type { Instant } from './names.ts';
import { isFrozen, liveGrant, openMatter, type Request } from './request.ts';
import { onIssue } from './routes.ts';
import { nothing, type Bench, type Verdict } from './verdict.ts';

/** `needs`: answer these and decide again; nothing was concluded. */
export type Decision = Verdict | { readonly needs: readonly Question[] };

/** `request` is undefined only for the command `request`. */
export function decide(command: Command, request: Request | undefined, facts: Facts, now: Instant): Decision {
  const bench = { inquiry: new Inquiry(facts), now };
  const verdict = request === undefined ? first(command, bench) : judge(command, request, bench);
  return bench.inquiry.missing.length > 0 ? { needs: bench.inquiry.missing } : verdict;
}

function first(command: Command, bench: Bench): Verdict {
  if (command.type !== 'request') throw new Error(`There is no request to ${command.type}.`);
  return askForAccess(command, bench);
}

function judge(command: Command, request: Request, bench: Bench): Verdict {
  if ('voice' in command && request.heard.includes(command.voice.ref)) return nothing;
  if (isFrozen(request) && command.type !== 'request')
    return 'voice' in command ? { refusal: { code: 'read-only' } } : nothing;
  switch (command.type) {
    case 'request':
      return nothing;
    case 'approve':
      return approve(command, request, bench);
    case 'deny':
      return isUnderWay(request, command.voice)
        ? revoke({ ...command, type: 'revoke' }, request, bench)
        : deny(command, request, bench);
    case 'revoke':
      return revoke(command, request, bench);
    case 'cancel':
      return cancel(command, request, bench);
    case 'extend':
      return extend(command, request, bench);
    case 'review':
      return review(command, request, bench);
    case 'note-time':
      return noteTime(request, bench.now);
    case 'note-left':
      return noteLeft(request);
    case 'start-escalation':
      return startEscalation(request, bench);
    case 'note-escalated':
      return noteEscalated(command, request, bench.now);
    case 'note-escalation-failed':
      return noteEscalationFailed(command, request);
    case 'note-handed-over':
      return noteHandedOver(command, request);
    case 'note-deescalated':
      return noteDeescalated(command, request);
    case 'note-deescalation-failed':
      return noteDeescalationFailed(command, request);
    case 'note-action-finished':
      return noteActionFinished(command, request, bench.now);
    case 'note-action-failed':
      return noteActionFailed(command, request);
    case 'note-notified':
      return noteNotified(command, request);
    case 'note-hook':
      return noteHook(command, request, bench);
    case 'note-undelivered':
      return noteUndelivered(command, request);
    default:
      return command satisfies never;
  }
}

/** Once it is approved, a denial is the wish that it ends; while it may be extended, that it is not. */
function isUnderWay(request: Request, voice: Voice): boolean {
  const open = openMatter(request);
  if (open !== undefined && !(open.extension && wasSaidBefore(open.extension, voice))) return false;
  return request.phase.status === 'approved' || liveGrant(request) !== undefined;
}

function noteNotified({ notice, to, thread, ref }: CommandOf<'note-notified'>, request: Request): Verdict {
  if (request.messages.some((each) => each.notice === notice && each.to === to && each.ref === ref))
    return nothing;
  const data = { notice, thread, ref, ...(to !== onIssue && { to }) };
  return { entries: [{ type: 'notified', by: { system: 'reconciler' }, data }] };
}

/** A card is owed for as long as somebody is to decide; any other notice, until it was told once. */
function noteUndelivered(
  { notice, to, error, retried }: CommandOf<'note-undelivered'>,
  request: Request,
): Verdict {
  const isOwed = request.notices.some((owed) => owed.notice === notice && owed.to === to);
  const known = request.undelivered.find((each) => each.to === to);
  const isKnown = known !== undefined && (retried === true || known.retried === undefined);
  if (notice === 'card' ? isKnown : !isOwed || retried === true) return nothing;
  const data = { notice, error, ...(to !== onIssue && { to }), ...(retried && { retried }) };
  return { entries: [{ type: 'undelivered', by: { system: 'reconciler' }, data }] };
}
