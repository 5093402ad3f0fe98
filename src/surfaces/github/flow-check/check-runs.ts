// Our check run on a commit: found again, made, and finished, fifty annotations at a time.
import type { Repository } from '../github-place.ts';
import { part } from '../read-delivery.ts';
import type { Annotation, CheckAction, CheckOutput } from './render-check.ts';

export const checkName = 'Countersign flows';

export interface CheckRun {
  readonly id: number;
  readonly isCompleted: boolean;
  readonly completedAt: string | undefined;
  /** How many annotations it has by now. */
  readonly annotations: number;
}

/** GitHub takes so many in one call, and adds them to those that are there. */
const atOnce = 50;

/** The newest of ours: by our app and by what we call it. */
export async function newestRun(
  { owner, repo, at }: Repository,
  sha: string,
  { externalId, appSlug }: { readonly externalId: string; readonly appSlug: string },
): Promise<CheckRun | undefined> {
  const { data } = await at('read').rest.checks.listForRef({
    owner,
    repo,
    ref: sha,
    check_name: checkName,
    per_page: 100,
  });
  const ours = data.check_runs.filter(
    ({ app, external_id }) => app?.slug === appSlug && external_id === externalId,
  );
  const [newest] = ours.toSorted((a, b) => b.id - a.id);
  return newest && readRun(newest);
}

function readRun(run: {
  readonly id: number;
  readonly status: string;
  readonly completed_at: string | null;
}): CheckRun {
  const count = part(part(run, 'output'), 'annotations_count');
  return {
    id: run.id,
    isCompleted: run.status === 'completed',
    completedAt: run.completed_at ?? undefined,
    annotations: typeof count === 'number' ? count : 0,
  };
}

/**
 * Makes a run, or finishes one that was begun: the same output always has the same annotations in the same order, so
 * that those which are there already are not sent again.
 */
export async function sendRun(
  { owner, repo, at }: Repository,
  {
    sha,
    externalId,
    output,
    begun,
  }: {
    readonly sha: string;
    readonly externalId: string;
    readonly output: CheckOutput;
    readonly begun: CheckRun | undefined;
  },
): Promise<void> {
  const { checks } = at('card').rest;
  const [first, ...rest] = batchesOf(output.annotations.slice(begun?.annotations ?? 0));
  let id = begun?.id;
  if (id === undefined) {
    const { data } = await checks.create({
      owner,
      repo,
      name: checkName,
      head_sha: sha,
      external_id: externalId,
      ...stateOf(output, first ?? [], rest.length === 0),
    });
    id = data.id;
    if (rest.length === 0) return;
  } else rest.unshift(first ?? []);
  for (const [index, batch] of rest.entries())
    await checks.update({
      owner,
      repo,
      check_run_id: id,
      ...stateOf(output, batch, index === rest.length - 1),
    });
}

interface RunState {
  readonly status: 'in_progress' | 'completed';
  readonly conclusion?: CheckOutput['conclusion'];
  readonly output: {
    readonly title: string;
    readonly summary: string;
    readonly annotations: Annotation[];
  };
  readonly actions?: CheckAction[];
}

function stateOf(
  { title, summary, conclusion, actions }: CheckOutput,
  annotations: readonly Annotation[],
  isLast: boolean,
): RunState {
  const output = { title, summary, annotations: [...annotations] };
  const buttons = actions.length === 0 ? {} : { actions: actions.map((action) => ({ ...action })) };
  return isLast ? { status: 'completed', conclusion, output, ...buttons } : { status: 'in_progress', output };
}

function batchesOf(all: readonly Annotation[]): readonly (readonly Annotation[])[] {
  const count = Math.max(1, Math.ceil(all.length / atOnce));
  return Array.from({ length: count }, (_, index) => all.slice(index * atOnce, (index + 1) * atOnce));
}
