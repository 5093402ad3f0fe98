// Finds in what is recorded of requests what operators must know: access or a review that is overdue, access that could not be given, actions that could not be run, notices that reached nobody.
import type { ActionRef, Entry, NewEntry } from '../domain/entries.ts';
import { parseLine } from '../domain/entry-line.ts';
import { nextAlarmAfter } from '../domain/evolve.ts';
import { plus, type DeskId } from '../domain/names.ts';
import type { Request } from '../domain/request.ts';
import { isReviewOverdue } from '../domain/review.ts';
import type { ErrorChannel } from './error-channel.ts';
import type { Clock } from './ports/clock.ts';
import type { Store } from './ports/store.ts';

export interface RequestWatch {
  /** Told after each recording. */
  recorded(request: Request, entries: readonly NewEntry[]): void;
  /** Looks at what a crash may have kept from being told. */
  start(): Promise<void>;
}

export interface RequestWatchParts {
  readonly store: Pick<Store, 'due' | 'load' | 'reviews' | 'uncommitted'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly errors: Pick<ErrorChannel, 'raise' | 'clear' | 'isNew' | 'noteLooked'>;
  readonly desks: readonly DeskId[];
}

/** What was recorded just before a crash is not in the ledger yet: so many requests are looked at again. */
const mostLookedAt = 1000;

export function watchRequests({ store, clock, errors, desks }: RequestWatchParts): RequestWatch {
  function recorded(request: Request, entries: readonly NewEntry[]): void {
    for (const entry of entries) note(request, entry);
  }

  function note(request: Request, entry: NewEntry | Entry): void {
    const { id, desk, thread, phase } = request;
    const about = {
      times: 'again',
      flow: request.flow.name,
      ...('at' in entry && { at: entry.at }),
      ...(thread && { thread }),
    } as const;
    switch (entry.type) {
      case 'deescalation-failed':
        return entry.data.alarm === undefined ? undefined : noteOverdue(request);
      case 'deescalated':
        return errors.clear(desk, overdueKey(request));
      case 'deescalation-started':
      case 'cancelled':
        if (entry.data.why !== 'left') return undefined;
        return errors.raise(desk, {
          key: `left ${request.requester.person}`,
          kind: 'requester-left',
          what: `${request.requester.person} is no longer in people.yml: ${subjectOf(request)} ${entry.type === 'cancelled' ? 'was withdrawn' : 'is taken back'}`,
          ...about,
        });
      case 'review-reminded':
        return noteUnreviewed(request);
      case 'review-closed':
        return errors.clear(desk, reviewKey(request));
      case 'escalated':
        return errors.clear(desk, escalationKey(request));
      case 'escalation-failed':
        if (!entry.data.gaveUp) return undefined;
        return errors.raise(desk, {
          key: escalationKey(request),
          kind: 'escalation-failed',
          what: `${subjectOf(request)}: ${entry.data.error}`,
          ...about,
        });
      case 'action-finished':
        return errors.clear(desk, ofAction(request, entry.data));
      case 'action-failed':
        // Whoever ended it knows that it may not have run.
        if (!entry.data.gaveUp || request.revoked) return undefined;
        return errors.raise(desk, {
          key: ofAction(request, entry.data),
          kind: 'action-failed',
          what: `${entry.data.name}, after the approval of ${subjectOf(request)}: ${entry.data.error}`,
          ...about,
        });
      case 'hook-failed':
        return errors.raise(desk, {
          key: `code ${request.flow.name} ${entry.data.hook}`,
          kind: 'code-failed',
          what: `${subjectOf(request)}: the hook ${entry.data.hook} came to no answer: ${entry.data.problem}`,
          ...about,
        });
      case 'undelivered':
        return errors.raise(desk, {
          key: `undelivered ${id}`,
          kind: 'undelivered',
          what: `${subjectOf(request)}, which is ${phase.status}; “${entry.data.notice}” was not delivered: ${entry.data.error}`,
          ...about,
        });
      default:
        return undefined;
    }
  }

  function noteOverdue(request: Request): void {
    const { desk, phase, thread } = request;
    if (phase.status !== 'deescalating' || phase.alarms === 0) return;
    errors.raise(desk, {
      key: overdueKey(request),
      kind: 'access-overdue',
      what: `${subjectOf(request)}: ${phase.error ?? 'it is not confirmed yet'}`,
      since: phase.since,
      times: phase.alarms,
      flow: request.flow.name,
      ...(thread && { thread }),
    });
  }

  function noteUnreviewed(request: Request): void {
    const { desk, review, thread, requester } = request;
    if (review === undefined || !isReviewOverdue(request)) return;
    errors.raise(desk, {
      key: reviewKey(request),
      kind: 'review-overdue',
      what: `${subjectOf(request)}, which nobody approved: ${requester.person} cannot break the glass again until it is reviewed`,
      since: review.deadline,
      times: review.reminded - 1,
      flow: request.flow.name,
      ...(thread && { thread }),
    });
  }

  /** Where nothing is remembered, the store may have come back from the ledger: what is overdue is alarmed of again soon. */
  async function lookAtOverdue(): Promise<void> {
    for (const id of await store.due(plus(clock.now(), nextAlarmAfter), mostLookedAt)) {
      const stored = await store.load(id);
      if (stored && errors.isNew(stored.request.desk)) noteOverdue(stored.request);
    }
    for (const desk of desks.filter(errors.isNew))
      for (const { request } of await store.reviews(desk)) {
        const stored = await store.load(request);
        if (stored) noteUnreviewed(stored.request);
      }
    for (const desk of desks) errors.noteLooked(desk);
  }

  async function lookAtNewest(desk: DeskId): Promise<void> {
    for (const { request: id, lines, committed } of await store.uncommitted(desk, mostLookedAt)) {
      const entries = lines.slice(committed).flatMap((line) => {
        const parsed = parseLine(line);
        return 'entry' in parsed ? [parsed.entry] : [];
      });
      const stored = await store.load(id);
      if (stored) recorded(stored.request, entries);
    }
  }

  return {
    recorded,
    async start() {
      for (const desk of desks) await lookAtNewest(desk);
      if (desks.some(errors.isNew)) await lookAtOverdue();
    },
  };
}

function subjectOf({ form, policy, requester }: Request): string {
  return `${form.target?.label ?? policy.label} for ${requester.person}`;
}

function reviewKey({ id }: Request): string {
  return `review ${id}`;
}

function overdueKey({ id }: Request): string {
  return `overdue ${id}`;
}

/** Of the flow and the action: the next request for which it runs shows that it is mended. */
function ofAction({ flow }: Request, { name }: ActionRef): string {
  return `action ${flow.name} ${name}`;
}

/** Of the flow and target: the next request that succeeds there shows that it is mended. */
function escalationKey({ flow, form }: Request): string {
  return `escalation ${flow.name} ${form.target?.name ?? ''}`;
}
