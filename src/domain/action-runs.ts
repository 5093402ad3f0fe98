// How the actions of a request stand: which were started, which is owed, and what an entry makes of them.
import type { Entry, NewEntry } from './entries.ts';
import type { Action } from './flow.ts';
import type { Instant } from './names.ts';
import type { ActionRun, Request } from './request.ts';

type ActionEntry = Extract<Entry, { type: `action-${string}` }>;

/** Undefined where the entry is not legal: actions run one after the other, and only what was started comes to an end. */
export function actionRunsAfter(request: Request, entry: ActionEntry): readonly ActionRun[] | undefined {
  const { actionRuns: runs, phase } = request;
  const { index } = entry.data;
  if (entry.type === 'action-started') {
    const isNext = index === runs.length && runs.every(({ state }) => state === 'finished');
    const isPlanned = request.policy.actions?.[index]?.name === entry.data.name;
    if (phase.status !== 'approved' || !isNext || !isPlanned) return undefined;
    return [...runs, { state: 'running', startedSeq: entry.seq, startedAt: entry.at }];
  }
  const run = runs[index];
  const after = run && index === runs.length - 1 ? runAfter(run, entry) : undefined;
  return after && [...runs.slice(0, index), after];
}

function runAfter(
  { state, startedSeq, startedAt }: ActionRun,
  { type, at, data }: Exclude<ActionEntry, { type: 'action-started' }>,
): ActionRun | undefined {
  const started = { startedSeq, startedAt };
  if (type === 'action-finished') {
    // It may have been given up when the approval ended, and the answer came after that.
    if (state === 'finished') return undefined;
    return { ...started, state: 'finished', at, ...(data.recorded && { recorded: data.recorded }) };
  }
  if (state !== 'running') return undefined;
  const { error, gaveUp } = data;
  return gaveUp ? { ...started, state: 'failed', at, error } : { ...started, state: 'running', error };
}

export interface OwedAction {
  readonly index: number;
  readonly action: Action;
  readonly startedAt: Instant;
  /** Nothing is called after that. */
  readonly runBy: Instant;
}

/** What is to be called, once the ledger holds that it was started; not after the approval has ended. */
export function owedAction(request: Request, committedSeq: number, now: Instant): OwedAction | undefined {
  const { phase, policy } = request;
  const run = runningAction(request);
  if (phase.status !== 'approved' || phase.validUntil === undefined || run === undefined) return undefined;
  const action = policy.actions?.[run.index];
  if (action === undefined) return undefined;
  if (committedSeq < run.startedSeq || now >= phase.validUntil) return undefined;
  return { index: run.index, action, startedAt: run.startedAt, runBy: phase.validUntil };
}

/** At most one is under way. */
export function runningAction({
  actionRuns,
}: Request): (Extract<ActionRun, { state: 'running' }> & { readonly index: number }) | undefined {
  const run = actionRuns.at(-1);
  return run?.state === 'running' ? { ...run, index: actionRuns.length - 1 } : undefined;
}

/** Whether nothing more is to run, because all did or because one could not; false where nothing was to run. */
export function areActionsOver({ policy, actionRuns }: Request): boolean {
  const planned = policy.actions?.length ?? 0;
  const last = actionRuns.at(-1);
  return (
    last?.state === 'failed' || (planned > 0 && last?.state === 'finished' && actionRuns.length === planned)
  );
}

/** The entry by which an action is to be run; none where there is no such action. */
export function actionStarted(actions: readonly Action[] | undefined, index: number): readonly NewEntry[] {
  const action = actions?.[index];
  if (action === undefined) return [];
  return [{ type: 'action-started', by: { system: 'reconciler' }, data: { index, name: action.name } }];
}
