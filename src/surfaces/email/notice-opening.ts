// The first sentence of a mail that says something new: what happened, before how it stands.
import { printDuration } from '../../domain/duration.ts';
import type { Notice } from '../../domain/entries.ts';
import { isOver, type Request } from '../../domain/request.ts';
import { isReviewOverdue } from '../../domain/review.ts';
import { statusTitle } from '../../domain/words.ts';
import { typed } from './escape.ts';

/** Undefined where the request has nothing of the kind to say. */
export function noticeOpening(request: Request, notice: Notice): string | undefined {
  if (notice === 'card' || notice === 'thread') return undefined;
  const { phase, review } = request;
  const who = typed(request.requester.via.name, 80);
  const what = typed(request.form.target?.label ?? request.policy.label, 120);
  if (/^extension-\d/.test(notice)) {
    if (phase.status !== 'active' || phase.extension === undefined) return undefined;
    const { by, total } = phase.extension;
    return `${typed(by.via.name, 80)} asks for more time: ${what}, ${printDuration(total)} in all.`;
  }
  if (notice === 'break-glass')
    return request.breakGlass && `${who} broke the glass: ${what}, without approval.`;
  if (notice === 'reviewed') return review?.closed && `A second person looked at what ${who} had: ${what}.`;
  if (notice.startsWith('review-')) {
    if (review === undefined || review.closed) return undefined;
    const state = isReviewOverdue(request) ? 'The review is overdue' : 'A review is still to be given';
    return `${state}: ${who} had ${what} without approval.`;
  }
  if (notice.startsWith('overdue-'))
    return `The access of ${who} (${what}) should be gone, and was not in time.`;
  if (notice === 'over' && !isOver(request)) return undefined;
  return `${statusTitle(request)}: ${what}, for ${who}.`;
}
