// `/why`: what was judged, who is missing, and why the person who asks may decide or may not. The decision itself, looked at and not taken.
import { approveAs, openFor } from './decide-approval.ts';
import type { Voice } from './commands.ts';
import { review } from './decide-review.ts';
import type { Judgement } from './entries.ts';
import { Inquiry, type Facts, type Question, type Unknown } from './facts.ts';
import { weigh, type StepForGiver } from './giver.ts';
import type { StepStanding } from './approvals.ts';
import { recordedStandings } from './decide-matter.ts';
import type { Group, Instant, PersonId } from './names.ts';
import type { Refusal } from './refusals.ts';
import type { Bench } from './verdict.ts';
import {
  openMatter,
  type Hold,
  type Matter,
  type Request,
  type Review,
  type RuleApproval,
} from './request.ts';

export interface Why {
  /** What every rule said, with what was looked up; absent where the flow has none. */
  readonly judged?: Judgement;
  readonly ruleApprovals: readonly RuleApproval[];
  readonly holds: readonly Hold[];
  /** As they count now, under the pinned and the current flow; as they counted, where nothing is to be decided. */
  readonly steps: readonly WhyStep[];
  /** The flow's code said which these are. */
  readonly stepsBy?: 'code';
  readonly you: WhyYou;
  /** Absent where it waited for approval. */
  readonly breakGlass?: WhyBreakGlass;
}

/** Nobody was asked; whether whoever asks may review it now. */
export interface WhyBreakGlass {
  readonly requester: string;
  readonly reason: string;
  readonly review?: Review;
  readonly you: { readonly mayReview: true } | { readonly refusal: Refusal };
}

export interface WhyStep extends StepStanding {
  readonly groups: readonly { readonly group: Group; readonly belongs: boolean | Unknown }[];
}

/** What an approval of whoever asks would do, said now: `may`, or the refusal that it would meet. */
export type WhyYou =
  { readonly person: PersonId; readonly may: readonly string[] } | { readonly refusal: Refusal };

/** `needs`: answer these and explain again. */
export type Explanation = { readonly why: Why } | { readonly needs: readonly Question[] };

export function explain(request: Request, voice: Voice, facts: Facts, now: Instant): Explanation {
  const bench = { inquiry: new Inquiry(facts), now };
  const why = explainNow(request, voice, bench);
  return bench.inquiry.missing.length > 0 ? { needs: bench.inquiry.missing } : { why };
}

function explainNow(request: Request, voice: Voice, bench: Bench): Why {
  const matter = openMatter(request)?.matter ?? request;
  const open = openFor(voice, request);
  const judged = {
    ...(matter.judged && { judged: matter.judged }),
    ruleApprovals: matter.ruleApprovals,
    holds: matter.holds,
    ...(isOfCode(request, matter) && { stepsBy: 'code' as const }),
  };
  if ('refusal' in open && request.breakGlass && request.review)
    return { ...judged, steps: [], you: open, breakGlass: glassOf(request, voice, bench) };
  if ('refusal' in open) return { ...judged, steps: decided(matter), you: open };
  const weighed = weigh(voice, request, open, bench);
  if ('refusal' in weighed) return { ...judged, steps: decided(matter), you: weighed };
  const verdict = approveAs(
    weighed,
    { command: { type: 'approve', voice, message: 'why' }, request, open },
    bench,
  );
  return {
    ...judged,
    steps: weighed.before.map((standing) => withGroups(standing, weighed.mine)),
    you:
      'refusal' in verdict
        ? { refusal: verdict.refusal }
        : { person: weighed.person, may: mayOf(verdict.entries) },
  };
}

/** More time is asked for under steps of its own, and where somebody broke the glass nobody was asked. */
function isOfCode(request: Request, matter: Matter): boolean {
  return matter === request && request.breakGlass === undefined && request.policy.stepsBy === 'code';
}

function glassOf(request: Request, voice: Voice, bench: Bench): WhyBreakGlass {
  const { breakGlass, review: open, requester } = request;
  const verdict = review({ type: 'review', voice, outcome: 'fine', message: 'why' }, request, bench);
  return {
    requester: requester.via.name,
    reason: breakGlass?.reason ?? '',
    ...(open && { review: open }),
    you: 'refusal' in verdict ? verdict : { mayReview: true },
  };
}

function decided(matter: Matter): readonly WhyStep[] {
  return recordedStandings(matter).map((each) => ({ ...each, groups: [] }));
}

function mayOf(entries: readonly { readonly type: string; readonly data: object }[]): readonly string[] {
  return entries.flatMap(({ type, data }) =>
    type === 'approval-given' && 'eligible' in data && Array.isArray(data.eligible) ? data.eligible : [],
  );
}

function withGroups(standing: StepStanding, mine: readonly StepForGiver[]): WhyStep {
  const step = mine.find(({ step: { name } }) => name === standing.step.name);
  return { ...standing, groups: step?.groups ?? [] };
}
