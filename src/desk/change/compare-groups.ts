// Whoever may newly do something, and whoever no longer may: the same sentences for asking and for approving.
import type { Group } from '../../domain/names.ts';
import type { Change, ChangeKind, Place } from './change.ts';
import { groupPacks, isWide, leftOut, theGroups } from './change-words.ts';
import { differenceOf } from './compare-parts.ts';

export interface GroupsToCompare {
  readonly before: readonly Group[];
  readonly after: readonly Group[];
  readonly kind: ChangeKind;
  /** As in `can newly ask for prod`. */
  readonly what: string;
  /** Said of those who no longer may, where nobody is left. */
  readonly nobodyLeft?: string;
}

export function compareGroups(
  { before, after, kind, what, nobodyLeft = '' }: GroupsToCompare,
  place: Place,
): readonly Change[] {
  const { added, removed } = differenceOf(before, after);
  const isEmpty = after.length === 0;
  return [
    ...groupPacks(added).map((some) =>
      place.change(
        kind,
        'easier',
        `${theGroups(some)} can newly ${what}.`,
        some.some(isWide) ? 'loud' : undefined,
      ),
    ),
    ...groupPacks(leftOut(removed, after)).map((some) =>
      place.change(kind, 'harder', `${theGroups(some)} can no longer ${what}.${isEmpty ? nobodyLeft : ''}`),
    ),
  ];
}
