// What is asked of whoever asks: the fields of a flow before and after a change.
import type { Field } from '../../domain/flow.ts';
import { printValue } from '../../domain/form.ts';
import type { Change, Place } from './change.ts';
import { compareCondition } from './compare-approval.ts';
import { longestCondition, names, packed, quote } from './change-words.ts';
import { contrast } from './contrast.ts';
import { compareNamed, compareParts, differenceOf, saidElsewhere, type Parts } from './compare-parts.ts';

export interface FieldPlace extends Place {
  /** Fields whose answers become a part of what is granted. */
  readonly bound: ReadonlySet<string>;
}

interface OneFieldPlace extends FieldPlace {
  readonly was: Field;
  readonly is: Field;
}

const fieldParts: Parts<Field, OneFieldPlace> = {
  name: saidElsewhere,
  type: {
    compare: (before, after, place) => [
      place.change(
        'field-otherwise',
        'other',
        `${what(place)} is of the type ${after} instead of ${before}.`,
        loudness(place),
      ),
    ],
  },
  label: { compare: (before, after, place) => [text('label', before, after, place)] },
  description: { compare: (before, after, place) => [text('description', before, after, place)] },
  required: {
    compare: (_, after, place) => [
      place.change(
        'field-required',
        after ? 'harder' : 'easier',
        `${what(place)} ${after ? 'has to be answered' : 'need not be answered any more'}.`,
      ),
    ],
  },
  default: {
    compare: (before, after, place) => {
      const written = (value: Field['default'], field: Field): string =>
        value === undefined ? 'nothing' : quote(printValue(field, value));
      return [
        place.change(
          'field-otherwise',
          'other',
          `${what(place)} is answered with ${written(after, place.is)} where nothing is said, instead of ${written(before, place.was)}.`,
          loudness(place),
        ),
      ];
    },
  },
  options: { compare: compareOptions },
  optionsFrom: {
    compare: (before, after, place) => {
      const read = after && ` are read live, by ${after.run}${before ? ', in another way than before' : ''}.`;
      return [
        place.change(
          'field-limits',
          before === undefined ? 'harder' : after === undefined ? 'easier' : 'other',
          `The possible answers to ${what(place)}${read ?? ' are no longer read live.'}`,
          loudness(place),
        ),
      ];
    },
  },
  pattern: {
    compare: (before, after, place) => {
      if (after === undefined)
        return [
          place.change(
            'field-limits',
            'easier',
            `${what(place)} may newly be anything; it had to match ${quote(before?.source ?? '', longestCondition)}.`,
            loudness(place),
          ),
        ];
      if (before === undefined)
        return [
          place.change(
            'field-limits',
            'harder',
            `${what(place)} must match ${quote(after.source, longestCondition)}.`,
          ),
        ];
      const { was, is } = contrast(before.source, after.source);
      return [
        place.change(
          'field-limits',
          'other',
          `${what(place)} must match ${is} instead of ${was}.`,
          loudness(place),
        ),
      ];
    },
  },
  condition: {
    compare: (before, after, place) => [
      compareCondition(before, after, { place, kind: 'field-condition', what: what(place) }),
    ],
  },
};

/** By whoever is asked. */
function hasToBeAnswered({ required, default: usual }: Field): boolean {
  return required && usual === undefined;
}

export function compareFields(
  before: readonly Field[],
  after: readonly Field[],
  place: FieldPlace,
): readonly Change[] {
  return compareNamed(before, after, {
    added: (field) => [
      place.change(
        'field-added',
        hasToBeAnswered(field) ? 'harder' : 'other',
        `${place.of} newly asks for ${fieldWords(field)}.`,
      ),
    ],
    removed: (field) => [
      place.change(
        'field-removed',
        hasToBeAnswered(field) ? 'easier' : 'other',
        `${place.of} no longer asks for ${field.name}, ${quote(field.label)}.`,
      ),
    ],
    kept: (was, is) => compareParts(fieldParts, was, is, { ...place, was, is }),
    reordered: () => [place.change('order', 'other', `The fields of ${place.of} stand in another order.`)],
  });
}

function compareOptions(
  before: Field['options'],
  after: Field['options'],
  place: OneFieldPlace,
): readonly Change[] {
  if (after === undefined)
    return [
      place.change(
        'field-limits',
        'easier',
        `${what(place)} is no longer chosen from a list, but may be ${place.is.pattern ? `whatever matches ${quote(place.is.pattern.source, longestCondition)}` : 'anything'}.`,
        loudness(place),
      ),
    ];
  const printed = (some: Field['options'], field: Field): readonly string[] =>
    (some ?? []).map((one) => printValue(field, one));
  const { added, removed } = differenceOf(printed(before, place.was), printed(after, place.is));
  const quoted = (some: readonly string[]): string => names(some.map((one) => quote(one)));
  if (before === undefined)
    return [place.change('field-limits', 'harder', `${what(place)} is newly chosen from ${quoted(added)}.`)];
  if (added.length + removed.length === 0)
    return [place.change('order', 'other', `The options of ${lower(what(place))} stand in another order.`)];
  return [
    ...packed(added.map((one) => quote(one))).flatMap((some) =>
      added.length === 0
        ? []
        : [place.change('field-limits', 'easier', `${what(place)} may newly be ${some}.`, loudness(place))],
    ),
    ...(removed.length > 0
      ? [place.change('field-limits', 'harder', `${what(place)} may no longer be ${quoted(removed)}.`)]
      : []),
  ];
}

function what({ is, of, bound }: OneFieldPlace): string {
  return `The field ${is.name} of ${of}${bound.has(is.name) ? ', which becomes a part of what is granted,' : ''}`;
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

function loudness({ bound, is }: OneFieldPlace): 'loud' | undefined {
  return bound.has(is.name) ? 'loud' : undefined;
}

function text(
  which: 'label' | 'description',
  before: string | undefined,
  after: string | undefined,
  place: OneFieldPlace,
): Change {
  const { was, is } = contrast(before ?? '', after ?? '');
  return place.change(
    'text',
    'other',
    `The ${which} of the field ${place.is.name} of ${place.of} is ${is}; it was ${was}.`,
  );
}

function fieldWords({ name, label, required, condition }: Field): string {
  const asked = condition
    ? `, if ${quote(condition.source, longestCondition)}`
    : required
      ? ''
      : ', which need not be answered';
  return `${name}, ${quote(label)}${asked}`;
}
