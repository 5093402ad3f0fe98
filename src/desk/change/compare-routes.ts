// Who is told that a step is asked, before and after a change: apart from who may decide it.
import { routesWords } from '../../domain/destination-words.ts';
import type { Route } from '../../domain/flow.ts';
import type { Change, Place } from './change.ts';
import { longestCondition, short } from './change-words.ts';
import { contrast } from './contrast.ts';

interface StepPlace extends Place {
  readonly step: string;
}

export function compareRoutes(
  before: readonly Route[] | undefined,
  after: readonly Route[] | undefined,
  place: StepPlace,
): readonly Change[] {
  const step = `the step ${place.step} of ${place.of}`;
  const tell = (sentence: string): readonly Change[] => [place.change('routes', 'other', sentence)];
  if (after === undefined)
    return tell(`Nobody is told of ${step} any more, except on GitHub; it was ${printed(before ?? [])}.`);
  if (before === undefined) return tell(`Newly told of ${step}: ${printed(after)}.`);
  const { was, is } = contrast(routesWords(before), routesWords(after));
  return tell(`Who is told of ${step} changes: from ${was} to ${is}.`);
}

function printed(routes: readonly Route[]): string {
  return short(routesWords(routes), longestCondition);
}
