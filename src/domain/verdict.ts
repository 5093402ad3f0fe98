// What each part of the judgement is given, and what it concludes.
import type { NewEntry } from './entries.ts';
import type { Inquiry } from './facts.ts';
import type { Instant, PersonId } from './names.ts';
import type { Refusal } from './refusals.ts';
import type { Request } from './request.ts';

/** No entries and no refusal: there is nothing to say, since it is so already. */
export type Verdict = { readonly entries: readonly NewEntry[] } | { readonly refusal: Refusal };

export const nothing: Verdict = { entries: [] };

export interface Bench {
  readonly inquiry: Inquiry;
  readonly now: Instant;
}

/** Whether the person asked for this themselves, by any account that is theirs now. */
export function isRequester(request: Request, person: PersonId, { inquiry }: Bench): boolean {
  return request.requester.person === person || inquiry.person(request.requester.via.account) === person;
}

/** Whether it was they who asked for what is to be decided: an extension may be asked for by another account of theirs. */
export function hasAsked(request: Request, person: PersonId, bench: Bench): boolean {
  const asker = request.phase.status === 'active' ? request.phase.extension?.by : undefined;
  return (
    isRequester(request, person, bench) ||
    (asker !== undefined && (asker.person === person || bench.inquiry.person(asker.via.account) === person))
  );
}

/** For somebody who decides on, or asks more of, a request whose flow is gone or broken by now. */
export function flowUnavailable({ desk, flow, policy }: Request, { inquiry }: Bench): Refusal {
  const answer = inquiry.flow(desk, flow.name);
  const why =
    'missing' in answer && answer.missing === 'unavailable'
      ? answer.why
      : 'it was removed from the desk since';
  return { code: 'flow-unavailable', flow: policy.label, why };
}
