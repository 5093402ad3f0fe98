// What a state still owes the world. Level-triggered: derived from the state each time, so that no crash can lose it.
import type { Grant, Notice } from './entries.ts';
import type { EntryType } from './entries.ts';
import type { Instant } from './names.ts';
import { isFrozen, type Request } from './request.ts';

export type Effect =
  | { readonly type: 'start-escalation' }
  | { readonly type: 'escalate-access'; readonly grant: Grant }
  | { readonly type: 'deescalate-access'; readonly grant: Grant; readonly sealed?: string }
  | { readonly type: 'open-thread' }
  | { readonly type: 'show-card'; readonly ref?: string; readonly seq: number }
  | { readonly type: 'send-notice'; readonly notice: Notice };

/** What is known about a request besides its entries. */
export interface Marks {
  /** The last entry that the ledger holds. */
  readonly committedSeq: number;
  /** The last entry that the card shows. */
  readonly shownSeq: number;
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
  return [...accessOwed(request, marks, now), ...messagesOwed(request, marks)];
}

function accessOwed(request: Request, { committedSeq }: Marks, now: Instant): readonly Effect[] {
  const { phase } = request;
  if (request.isReadOnly && phase.status !== 'deescalating') return [];
  switch (phase.status) {
    case 'approved':
      return phase.startBy !== undefined && now < phase.startBy ? [{ type: 'start-escalation' }] : [];
    case 'escalating':
      return committedSeq >= phase.startedSeq && now < phase.grant.startBy
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

function messagesOwed(request: Request, marks: Marks): readonly Effect[] {
  if (marks.unproven !== undefined) return [];
  // Its card was written by one who knows more; what is told once may still be owed.
  if (request.isReadOnly) return request.thread && !isFrozen(request) ? noticesOwed(request) : [];
  if (request.thread === undefined) return [{ type: 'open-thread' }];
  const card = request.messages.findLast(({ notice }) => notice === 'card');
  const isShown = card !== undefined && marks.shownSeq >= request.visibleSeq;
  return [
    ...(isShown
      ? []
      : [{ type: 'show-card', seq: request.visibleSeq, ...(card && { ref: card.ref }) } as const]),
    ...noticesOwed(request),
  ];
}

function noticesOwed({ notices }: Request): readonly Effect[] {
  return notices.map((notice) => ({ type: 'send-notice', notice }) as const);
}
