// What follows once everything that was asked is approved, denied or extended: shared by people's decisions and by rules.
import { actionStarted } from './action-runs.ts';
import { standings, type StepStanding } from './approvals.ts';
import { identityOf } from './code-answers.ts';
import { escalationStarted } from './decide-grant.ts';
import { minutes } from './duration.ts';
import type { NewEntry } from './entries.ts';
import type { Action, GrantedFor, Settings, StrategyRef } from './flow.ts';
import type { AnswerQuestion } from './hooks.ts';
import { between, earlier, plus, type Instant, type Milliseconds, type PersonId } from './names.ts';
import { durationOf, type Matter, type Phase, type Request, type RuleApproval } from './request.ts';
import type { Denial } from './rules.ts';
import type { Bench } from './verdict.ts';

/** How long after the approval we go on trying to grant. */
export const startWithin = minutes(15);

/** What an approval brings: access, or a time in which it may be used and what was planned runs. */
export interface Approvable {
  readonly person: PersonId;
  readonly strategy?: StrategyRef;
  readonly settings?: Settings;
  readonly duration?: GrantedFor;
  readonly validFor: Milliseconds;
  readonly actions?: readonly Action[];
  /** Where the flow's code says whose account it is. */
  readonly identity?: AnswerQuestion;
}

export function approvableOf(request: Request): Approvable {
  const { form, policy, requester } = request;
  const duration = durationOf(request);
  return {
    person: requester.person,
    validFor: policy.validFor,
    ...(policy.strategy && { strategy: policy.strategy }),
    ...(form.target && { settings: form.target.settings }),
    ...(duration !== undefined && { duration }),
    ...(policy.actions && { actions: policy.actions }),
    ...identityOf(request),
  };
}

export function approved(
  { person, strategy, settings, duration, validFor, actions, identity }: Approvable,
  { inquiry, now }: Bench,
): readonly NewEntry[] {
  const by = { system: 'reconciler' } as const;
  if (strategy === undefined || settings === undefined || duration === undefined)
    return [
      { type: 'approved', by, data: { validUntil: plus(now, validFor) } },
      ...actionStarted(actions, 0),
    ];
  const startBy = plus(now, startWithin);
  const access = inquiry.access({ strategy, settings, person, ...(identity && { identity }) });
  return [
    { type: 'approved', by, data: { startBy } },
    ...escalationStarted(access, { strategy, settings, duration, startBy }),
  ];
}

export function deniedByRule(
  { rule, because, by }: Denial,
  type: 'denied' | 'extension-denied' = 'denied',
): NewEntry {
  return {
    type,
    by: { system: by ?? 'rules' },
    data: { rule, ...(because !== undefined && { message: because }) },
  };
}

/** The total counts from the moment that the access was there. */
export function extended(
  { since, grant }: Extract<Phase, { status: 'active' }>,
  total: Milliseconds,
): NewEntry {
  const had = grant.duration === 'until-revoked' ? total : grant.duration;
  const endBy = plus(grant.endBy ?? plus(since, had), total - had);
  return {
    type: 'extended',
    by: { system: 'reconciler' },
    data: { duration: total, expiresAt: earlier(plus(since, total), endBy), endBy },
  };
}

/** Where each step stands by what is recorded, without looking at who may what now. Who approved twice counts as they last did. */
export function recordedStandings({
  stepsInForce,
  approvals,
  ruleApprovals,
}: Matter): readonly StepStanding[] {
  const voters = new Map(approvals.map(({ person, eligible }) => [person, { person, eligible }]));
  return standings(stepsInForce, [...voters.values()], coveredBy(ruleApprovals));
}

export function coveredBy(approvals: readonly RuleApproval[]): ReadonlySet<string> {
  const covered = new Set<string>();
  for (const { steps } of approvals) for (const step of steps) covered.add(step);
  return covered;
}

/** Whether so much is left that asking makes sense. */
export function isLeft(expiresAt: Instant | undefined, at: Instant): boolean {
  return expiresAt !== undefined && between(at, expiresAt) > 0;
}
