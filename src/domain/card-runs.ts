// What runs once a request is approved, as its card shows it: with what exactly, before people approve it, and what came of it.
import { linkOf } from './action-sentences.ts';
import type { Action, SettingValue } from './flow.ts';
import { isOver, type Request } from './request.ts';

export interface CardRun {
  readonly name: string;
  /** The kind: `github-workflow`. */
  readonly run: string;
  /** Through which integration, and where that leads. */
  readonly through?: string;
  readonly settings: readonly { readonly name: string; readonly text: string }[];
  /** `skipped`: it was never started, and will not be. */
  readonly state: 'planned' | 'running' | 'finished' | 'failed' | 'skipped';
  /** Where its result can be seen. */
  readonly link?: string;
  /** What else it wanted to be known. */
  readonly recorded: readonly { readonly name: string; readonly text: string }[];
}

export function runsOf(request: Request): readonly CardRun[] {
  return (request.policy.actions ?? []).map((action, index) => runOf(action, index, request));
}

function runOf(action: Action, index: number, request: Request): CardRun {
  const run = request.actionRuns[index];
  const recorded = run?.state === 'finished' ? run.recorded : undefined;
  const link = linkOf(recorded);
  const { integration, address } = action;
  return {
    name: action.name,
    run: action.run,
    ...(integration !== undefined && {
      through: address === undefined ? integration : `${integration} (${address})`,
    }),
    settings: leavesOf(action.with),
    state: run?.state ?? (isLost(request) ? 'skipped' : 'planned'),
    ...(link !== undefined && { link }),
    recorded: Object.entries(recorded ?? {})
      .filter(([name]) => name !== 'url')
      .map(([name, text]) => ({ name, text })),
  };
}

function isLost(request: Request): boolean {
  return isOver(request) || request.actionRuns.at(-1)?.state === 'failed';
}

/** By their place, `inputs.pull_request`; a list is one value. */
function leavesOf(
  value: SettingValue,
  under = '',
): readonly { readonly name: string; readonly text: string }[] {
  if (typeof value !== 'object') return [{ name: under, text: String(value) }];
  if (isList(value)) return [{ name: under, text: value.join(', ') }];
  return Object.entries(value).flatMap(([name, inner]) =>
    leavesOf(inner, under === '' ? name : `${under}.${name}`),
  );
}

function isList(value: object): value is readonly string[] {
  return Array.isArray(value);
}
