// What a state still owes the world. Level-triggered: derived from the state each time, so that no crash can lose it.
import type { EntryType, Grant, Notice, Thread } from './entries.ts';
import type { Destination, Instant } from './names.ts';
import { owedAction, type OwedAction } from './action-runs.ts';
import { eventAfter } from './hook-events.ts';
import { isAwaited, isEscalationAwaited } from './hooks-owed.ts';
import type { CodeOffer, HookEvent } from './hooks.ts';
import { actionKey, isFrozen, type OwedHook, type Request } from './request.ts';
import { cardPlaces, onIssue } from './routes.ts';

export type Effect =
  | { readonly type: 'start-escalation' }
  | { readonly type: 'escalate-access'; readonly grant: Grant }
  | { readonly type: 'deescalate-access'; readonly grant: Grant; readonly sealed?: string }
  /** The key is the same each time: whoever is called twice can tell. */
  | ({ readonly type: 'run-action'; readonly key: string } & OwedAction)
  | {
      readonly type: 'run-hook';
      readonly owed: OwedHook;
      readonly event: HookEvent;
      readonly code: CodeOffer;
    }
  | { readonly type: 'open-thread' }
  | {
      readonly type: 'show-card';
      readonly to: Destination;
      /** The card that is there; absent where none is known yet. */
      readonly card?: { readonly thread: Thread; readonly ref: string };
      readonly seq: number;
    }
  | { readonly type: 'send-notice'; readonly notice: Notice; readonly to: Destination };

/** What is known about a request besides its entries. */
export interface Marks {
  /** The last entry that the ledger holds. */
  readonly committedSeq: number;
  /** The last entry that every card shows. */
  readonly shownSeq: number;
  /** Cards that show more than that. */
  readonly ahead?: ReadonlyMap<Destination, number>;
  /** The first entry that the ledger must hold before people read it; undefined where there is none it lacks. */
  readonly unproven?: number;
}

/** Facts that people may read only once the ledger holds them. */
export const provenBeforeShown: ReadonlySet<EntryType> = new Set([
  'approved',
  'denied',
  'escalated',
  'extended',
]);

export function outstanding(request: Request, marks: Marks, now: Instant): readonly Effect[] {
  return [
    ...accessOwed(request, marks, now),
    ...hooksOwed(request, marks, now),
    ...messagesOwed(request, marks),
  ];
}

/** What is waited for first; the others one after the other, in their order. Only what the ledger holds. */
function hooksOwed(request: Request, { committedSeq }: Marks, now: Instant): readonly Effect[] {
  const { code } = request.policy;
  const owed = request.code?.owed ?? [];
  if (code === undefined) return [];
  const next = [owed.find(isAwaited), owed.find((each) => !isAwaited(each))];
  return next.flatMap((each) =>
    each === undefined || committedSeq < each.after
      ? []
      : [{ type: 'run-hook', owed: each, code, event: eventAfter(request, each, now) } as const],
  );
}

function accessOwed(request: Request, { committedSeq }: Marks, now: Instant): readonly Effect[] {
  const { phase } = request;
  if (request.isReadOnly && phase.status !== 'deescalating') return [];
  switch (phase.status) {
    case 'approved':
      if (phase.startBy === undefined) return actionOwed(request, committedSeq, now);
      return now < phase.startBy ? [{ type: 'start-escalation' }] : [];
    case 'escalating':
      return committedSeq >= phase.startedSeq && now < phase.grant.startBy && !isEscalationAwaited(request)
        ? [{ type: 'escalate-access', grant: phase.grant }]
        : [];
    case 'deescalating':
      return [
        {
          type: 'deescalate-access',
          grant: phase.grant,
          ...(phase.sealed !== undefined && { sealed: phase.sealed }),
        },
      ];
    default:
      return [];
  }
}

function actionOwed(request: Request, committedSeq: number, now: Instant): readonly Effect[] {
  const owed = owedAction(request, committedSeq, now);
  return owed ? [{ type: 'run-action', key: actionKey(request.id, owed.index), ...owed }] : [];
}

function messagesOwed(request: Request, marks: Marks): readonly Effect[] {
  if (marks.unproven !== undefined) return [];
  // Its cards were written by one who knows more; what is told once may still be owed.
  if (request.isReadOnly) return request.thread && !isFrozen(request) ? noticesOwed(request) : [];
  const issue = request.thread === undefined && !request.policy.withoutIssue;
  return [
    ...(issue ? [{ type: 'open-thread' } as const] : []),
    ...cardPlaces(request).flatMap((to) => cardOwed(request, to, marks) ?? []),
    ...noticesOwed(request),
  ];
}

function cardOwed(request: Request, to: Destination, { shownSeq, ahead }: Marks): Effect | undefined {
  const { thread, messages, undelivered, visibleSeq } = request;
  if (to === onIssue && thread === undefined) return undefined;
  const known = messages.findLast((message) => message.notice === 'card' && message.to === to);
  if (known === undefined) {
    const isGivenUp = undelivered.some((each) => each.to === to && !each.retried);
    return isGivenUp ? undefined : { type: 'show-card', to, seq: visibleSeq };
  }
  const isShown = Math.max(shownSeq, ahead?.get(to) ?? 0) >= visibleSeq;
  const { thread: there, ref } = known;
  return isShown ? undefined : { type: 'show-card', to, card: { thread: there, ref }, seq: visibleSeq };
}

/** What belongs on the issue waits until there is one. */
function noticesOwed({ notices, thread }: Request): readonly Effect[] {
  return notices
    .filter(({ to }) => to !== onIssue || thread !== undefined)
    .map(({ notice, to }) => ({ type: 'send-notice', notice, to }) as const);
}
