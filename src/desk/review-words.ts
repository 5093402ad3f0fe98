// How many of what a review found, in words: the same on the check and at the terminal.
import { list, plural } from '../domain/words.ts';
import type { ReviewCounts } from './review.ts';

/** As in `1 error and 2 warnings`; undefined where there is nothing. */
export function problemWords({ errors, warnings, notes }: ReviewCounts): string | undefined {
  const found = [
    ...(errors > 0 ? [`${errors} ${plural(errors, 'error')}`] : []),
    ...(warnings > 0 ? [`${warnings} ${plural(warnings, 'warning')}`] : []),
    ...(notes > 0 ? [`${notes} ${plural(notes, 'note')}`] : []),
  ];
  return found.length === 0 ? undefined : list(found, 'and');
}

/** What came of those that were played, in a sentence; undefined where none was. */
export function scenarioWords({ passed, failed }: ReviewCounts): string | undefined {
  const all = passed + failed;
  const scenarios = `${all} ${plural(all, 'scenario')}`;
  if (all === 0) return undefined;
  return failed === 0 ? `${scenarios} passed.` : `${failed} of ${scenarios} failed.`;
}
