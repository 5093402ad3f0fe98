// Access without approval, before and after a change: whoever gets it newly needs nobody's yes.
import { destinationWords } from '../../domain/destination-words.ts';
import { printDuration } from '../../domain/duration.ts';
import type { BreakGlassOffer } from '../../domain/flow.ts';
import type { Change, Place } from './change.ts';
import { names } from './change-words.ts';
import { compareGroups } from './compare-groups.ts';
import { compareParts, differenceOf, type Parts } from './compare-parts.ts';

export function compareBreakGlass(
  before: BreakGlassOffer | undefined,
  after: BreakGlassOffer | undefined,
  place: Place,
): readonly Change[] {
  if (before && after) return compareParts(parts, before, after, place);
  if (after === undefined)
    return [place.change('break-glass', 'harder', `Nobody can have ${place.of} without approval any more.`)];
  const { who, targets, max, reviewers, reviewWithin } = after;
  const which = targets ? `only ${names(targets)}` : 'every target';
  return [
    ...parts.who.compare([], who, place),
    place.change(
      'break-glass',
      'easier',
      `Without approval, ${which} of ${place.of} can be had, for ${printDuration(max)} at most; it is reviewed within ${printDuration(reviewWithin)}.`,
      'loud',
    ),
    ...parts.reviewers.compare([], reviewers, place),
  ];
}

const parts: Parts<BreakGlassOffer, Place> = {
  who: {
    isSet: true,
    compare: (before, after, place) =>
      compareGroups(
        { before, after, kind: 'break-glass', what: `have ${place.of} without approval` },
        loudly(place),
      ),
  },
  targets: { isSet: true, compare: compareTargets },
  max: {
    compare: (before, after, place) => [
      place.change(
        'break-glass',
        after > before ? 'easier' : 'harder',
        `Access by ${place.of} without approval lasts ${printDuration(after)} at most instead of ${printDuration(before)}.`,
      ),
    ],
  },
  reviewers: {
    isSet: true,
    compare: (before, after, place) =>
      compareGroups(
        {
          before,
          after,
          kind: 'break-glass-review',
          what: `review access by ${place.of} that nobody approved`,
        },
        place,
      ),
  },
  reviewWithin: {
    compare: (before, after, place) => [
      place.change(
        'break-glass-review',
        after > before ? 'easier' : 'harder',
        `Access by ${place.of} without approval is reviewed within ${printDuration(after)} instead of ${printDuration(before)}.`,
      ),
    ],
  },
  /** That is who is told of the environment; the steps say how that changes. */
  tell: {
    isSet: true,
    compare: (before, after, place) => {
      const { added, removed } = differenceOf(before, after);
      const some = [
        ...(added.length > 0 ? [`newly ${names(added.map(destinationWords))}`] : []),
        ...(removed.length > 0 ? [`no longer ${names(removed.map(destinationWords))}`] : []),
      ];
      return [
        place.change(
          'routes',
          'other',
          `Who hears of access by ${place.of} without approval: ${some.join(', ')}.`,
        ),
      ];
    },
  },
};

/** Whoever comes in here comes in alone. */
function loudly(place: Place): Place {
  return {
    ...place,
    change: (kind, effect, sentence, how) =>
      place.change(kind, effect, sentence, effect === 'easier' ? 'loud' : how),
  };
}

function compareTargets(
  before: readonly string[] | undefined,
  after: readonly string[] | undefined,
  place: Place,
): readonly Change[] {
  if (after === undefined)
    return [
      place.change(
        'break-glass',
        'easier',
        `Every target of ${place.of} can newly be had without approval, and not only ${names(before ?? [])}.`,
        'loud',
      ),
    ];
  if (before === undefined)
    return [
      place.change(
        'break-glass',
        'harder',
        `Of ${place.of}, only ${names(after)} can still be had without approval.`,
      ),
    ];
  const { added, removed } = differenceOf(before, after);
  return [
    ...(added.length > 0
      ? [
          place.change(
            'break-glass',
            'easier',
            `${names(added)} of ${place.of} can newly be had without approval.`,
            'loud',
          ),
        ]
      : []),
    ...(removed.length > 0
      ? [
          place.change(
            'break-glass',
            'harder',
            `${names(removed)} of ${place.of} can no longer be had without approval.`,
          ),
        ]
      : []),
  ];
}
