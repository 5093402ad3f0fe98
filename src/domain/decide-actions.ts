// What came of an action: the next one is started, or nothing more runs. And what becomes of one that the end overtook.
import { actionStarted, runningAction } from './action-runs.ts';
import type { CommandOf } from './commands.ts';
import type { NewEntry } from './entries.ts';
import type { Instant } from './names.ts';
import type { Request } from './request.ts';
import { nothing, type Verdict } from './verdict.ts';

const by = { system: 'reconciler' } as const;

/** A hiccup is nobody's business: only what fails so often in a row, and then each time that the tries have doubled. */
const firstTold = 4;

export function noteActionFinished(
  { index, recorded }: CommandOf<'note-action-finished'>,
  request: Request,
  now: Instant,
): Verdict {
  const { phase, policy, actionRuns } = request;
  const run = actionRuns[index];
  const action = policy.actions?.[index];
  if (run === undefined || action === undefined || run.state === 'finished') return nothing;
  const isValid = phase.status === 'approved' && phase.validUntil !== undefined && now < phase.validUntil;
  return {
    entries: [
      {
        type: 'action-finished',
        by,
        data: { index, name: action.name, ...(recorded && { recorded }) },
      },
      ...(isValid ? actionStarted(policy.actions, index + 1) : []),
    ],
  };
}

export function noteActionFailed(
  { index, error, gaveUp, attempts }: CommandOf<'note-action-failed'>,
  request: Request,
): Verdict {
  const action = request.policy.actions?.[index];
  if (action === undefined || runningAction(request)?.index !== index) return nothing;
  if (!gaveUp && (attempts < firstTold || !Number.isInteger(Math.log2(attempts)))) return nothing;
  return { entries: [{ type: 'action-failed', by, data: { index, name: action.name, error, gaveUp } }] };
}

/** The approval ends while one is under way: whether it was begun is told if its answer still comes. */
export function actionOvertaken(
  request: Request,
  why: 'expired' | 'revoked',
  actor: NewEntry['by'] = by,
): readonly NewEntry[] {
  const run = runningAction(request);
  const action = run && request.policy.actions?.[run.index];
  if (run === undefined || action === undefined) return [];
  const ended = why === 'expired' ? 'The time of the approval was up' : 'Somebody ended the approval';
  const last = run.error === undefined ? '' : ` The last try failed: ${run.error}`;
  const error = `${ended} before it was known to be done.${last}`;
  return [
    { type: 'action-failed', by: actor, data: { index: run.index, name: action.name, error, gaveUp: true } },
  ];
}
