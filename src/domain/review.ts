// The review of access that nobody approved: when it is raised, and how the entries that tell of it change its state.
import { hours } from './duration.ts';
import type { EntryOf, NewEntry } from './entries.ts';
import type { BreakGlassOffer, Step } from './flow.ts';
import {
  between,
  destination,
  instant,
  plus,
  type Destination,
  type Instant,
  type PersonId,
} from './names.ts';
import type { Request, Review } from './request.ts';
import { stepOfRequester } from './rules.ts';

/** An overdue review is raised again each day. */
const nextReminderAfter = hours(24);

/** The entry, with the manager of whoever asked settled. */
export function reviewOpened(offer: BreakGlassOffer, requester: PersonId, now: Instant): NewEntry {
  const reviewers = reviewersOf(offer, requester);
  const places = placesOf(offer, requester);
  const channels = reviewers
    .filter((each) => each.startsWith('slack-channel:'))
    .map((each) => destination(each));
  return {
    type: 'review-opened',
    by: { system: 'reconciler' },
    data: {
      reviewers,
      deadline: plus(now, offer.reviewWithin),
      tell: [...new Set([...channels, ...places])],
    },
  };
}

export function reviewersOf(offer: BreakGlassOffer, requester: PersonId): Review['reviewers'] {
  return asStep(offer, requester).approvers;
}

/** Where people hear of it besides those who would have been asked. */
export function placesOf(offer: BreakGlassOffer, requester: PersonId): readonly Destination[] {
  return (asStep(offer, requester).routes ?? []).flatMap(({ to }) => to);
}

/** Whose manager is named is settled as it is with a step. */
function asStep({ reviewers, tell }: BreakGlassOffer, requester: PersonId): Step {
  const routes = [{ to: tell }];
  const step = { name: 'review', approvers: reviewers, count: 1, needs: [], peopleOnly: true, routes };
  return stepOfRequester(step, requester);
}

/** When it is raised next; undefined where none is open. What a newer Countersign wrote of it may have closed it. */
export function reviewAt({ review, isReadOnly }: Request): Instant | undefined {
  return review === undefined || review.closed || isReadOnly ? undefined : review.nextAt;
}

/** Nothing where it is not the time. */
export function dueReminder(request: Request, now: Instant): readonly NewEntry[] {
  const { review } = request;
  const at = reviewAt(request);
  if (review === undefined || at === undefined || now < at) return [];
  // After an outage, half of the time is no news once all of it is over.
  const times = review.deadline <= now ? Math.max(2, review.reminded + 1) : 1;
  return [{ type: 'review-reminded', by: { system: 'sweep' }, data: { times } }];
}

/** Whether that was recorded: the deadline alone says nothing to who has no clock. */
export function isReviewOverdue({ review }: Request): boolean {
  return review !== undefined && review.closed === undefined && review.reminded >= 2;
}

type ReviewEntry = EntryOf<'review-opened' | 'review-reminded' | 'review-closed'>;

/** The review after an entry; undefined where it cannot follow. */
export function reviewAfter(request: Request, entry: ReviewEntry): Review | undefined {
  const { review } = request;
  if (entry.type === 'review-opened') {
    const { reviewers, deadline, tell } = entry.data;
    if (request.breakGlass === undefined || review) return undefined;
    const half = instant(Date.parse(entry.at) + Math.floor(between(entry.at, deadline) / 2));
    return { openedAt: entry.at, reviewers, deadline, tell, reminded: 0, nextAt: half };
  }
  if (review === undefined || review.closed) return undefined;
  if (entry.type === 'review-reminded') {
    const { times } = entry.data;
    const nextAt = times === 1 ? review.deadline : plus(entry.at, nextReminderAfter);
    return { ...review, reminded: times, nextAt };
  }
  const { outcome, message, as } = entry.data;
  if (!('via' in entry.by)) return undefined;
  const closed = { by: entry.by, at: entry.at, outcome, message, ...(as && { asAdmin: true as const }) };
  return { ...review, closed };
}
