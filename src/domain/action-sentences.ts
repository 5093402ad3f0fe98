// What runs once a request is approved, in sentences: what will, what does, what did, and what could not.
import type { Phrase } from './next-sentences.ts';
import { isOver, type ActionRun, type Request } from './request.ts';
import { list } from './words.ts';

/** “migrate and announce run, one after the other”; empty where nothing does. */
export function whatWillRun({ policy }: Request): string {
  const names = (policy.actions ?? []).map(({ name }) => name);
  if (names.length === 0) return '';
  return names.length === 1 ? `${names[0]} runs` : `${list(names, 'and')} run, one after the other`;
}

/** How each of them stands; empty before the approval, and where nothing was to run. */
export function actionSentences(request: Request): readonly Phrase[] {
  const { policy, actionRuns } = request;
  const actions = policy.actions ?? [];
  if (actionRuns.length === 0) return [];
  return [
    ...actionRuns.flatMap((run, index) => sentences(actions[index]?.name ?? '', run)),
    ...left(request),
  ];
}

/** Where a result can be seen, if it says so: `url`. */
export function linkOf(recorded: { readonly [name: string]: string } | undefined): string | undefined {
  return recorded?.['url'];
}

function sentences(name: string, run: ActionRun): readonly Phrase[] {
  switch (run.state) {
    case 'running':
      return [
        [`${name} is being run.`],
        ...(run.error === undefined
          ? []
          : [[`What went wrong the last time: ${clause(run.error)}. It is tried again.`]]),
      ];
    case 'finished': {
      const link = linkOf(run.recorded);
      return [[`${name} was run on `, { time: run.at }, ...(link === undefined ? ['.'] : [': ', { link }])]];
    }
    case 'failed':
      return [[`${name} could not be run: ${clause(run.error)}.`]];
    default:
      return run satisfies never;
  }
}

/** Those that were never started. */
function left(request: Request): readonly Phrase[] {
  const { policy, actionRuns } = request;
  const names = (policy.actions ?? []).slice(actionRuns.length).map(({ name }) => name);
  const verb = names.length === 1 ? 'does' : 'do';
  if (names.length === 0) return [];
  if (actionRuns.at(-1)?.state === 'failed')
    return [
      [`So ${list(names, 'and')}, which ${names.length === 1 ? 'comes' : 'come'} after it, ${verb} not run.`],
    ];
  return isOver(request)
    ? [[`The approval ended before, so that ${list(names, 'and')} ${verb} not run.`]]
    : [];
}

function clause(text: string): string {
  return text.trim().replace(/\.+$/, '');
}
