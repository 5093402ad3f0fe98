// Who decides, and with how much: the steps of a flow before and after a change.
import { printDuration } from '../../domain/duration.ts';
import type { ApprovalPolicy, Condition, FlowStep } from '../../domain/flow.ts';
import type { Change, Effect, Place } from './change.ts';
import {
  groupPacks,
  groups,
  isWide,
  longestCondition,
  names,
  quote,
  theGroups,
  unlisted,
} from './change-words.ts';
import { compareGroups } from './compare-groups.ts';
import { compareRoutes } from './compare-routes.ts';
import { contrast } from './contrast.ts';
import { compareNamed, compareParts, differenceOf, saidElsewhere, type Parts } from './compare-parts.ts';

const approvalParts: Parts<ApprovalPolicy, Place> = {
  steps: { compare: compareSteps },
  lapseAfter: {
    compare: (before, after, place) => [
      place.change(
        'lapse',
        'other',
        `A request for ${place.of} that nobody decides lapses after ${printDuration(after)} instead of ${printDuration(before)}.`,
      ),
    ],
  },
  selfApproval: {
    compare: (_, after, place) => [
      after
        ? place.change(
            'self-approval',
            'easier',
            `Whoever asks for ${place.of} can newly approve their own request, where a step is theirs.`,
            'loud',
          )
        : place.change(
            'self-approval',
            'harder',
            `Nobody can approve their own request for ${place.of} any more.`,
          ),
    ],
  },
  decisionMessage: {
    compare: (before, after, place) => [
      place.change(
        'decision-message',
        after === 'required' ? 'harder' : before === 'required' ? 'easier' : 'other',
        `A message with a decision on ${place.of} is ${messageWords[after]}; it was ${messageWords[before]}.`,
      ),
    ],
  },
  validFor: {
    compare: (before, after, place) => [
      place.change(
        'validity',
        after > before ? 'easier' : 'harder',
        `An approval of ${place.of} may be used for ${printDuration(after)} instead of ${printDuration(before)}.`,
      ),
    ],
  },
};

const messageWords = { off: 'not kept', optional: 'optional', required: 'required' } as const;

export function compareApproval(
  before: ApprovalPolicy,
  after: ApprovalPolicy,
  place: Place,
): readonly Change[] {
  return compareParts(approvalParts, before, after, place);
}

function compareSteps(
  before: readonly FlowStep[],
  after: readonly FlowStep[],
  place: Place,
): readonly Change[] {
  return compareNamed(before, after, {
    added: (step) => [
      place.change(
        'step-added',
        'harder',
        `${place.of} newly asks ${stepWords(step)}.`,
        isOpen(step) ? 'loud' : undefined,
      ),
      ...furtherApprovers(step, place),
      ...(step.routes ? compareRoutes(undefined, step.routes, { ...place, step: step.name }) : []),
    ],
    removed: (step) => [
      place.change('step-removed', 'easier', `${place.of} no longer asks ${stepWords(step)}.`, 'loud'),
    ],
    kept: (was, is) => compareParts(stepParts, was, is, { ...place, step: is.name }),
    reordered: () => [place.change('order', 'other', `The steps of ${place.of} stand in another order.`)],
  });
}

interface StepPlace extends Place {
  readonly step: string;
}

const stepParts: Parts<FlowStep, StepPlace> = {
  name: saidElsewhere,
  approvers: {
    isSet: true,
    compare: (before, after, place) =>
      compareGroups(
        {
          before,
          after,
          kind: 'approvers',
          what: `approve the step ${place.step} of ${place.of}`,
          nobodyLeft: ' Nobody can.',
        },
        place,
      ),
  },
  count: {
    compare: (before, after, place) => [
      after < before
        ? place.change('count', 'easier', countWords(before, after, place), 'loud')
        : place.change('count', 'harder', countWords(before, after, place)),
    ],
  },
  needs: {
    isSet: true,
    compare: (before, after, place) => {
      const { added, removed } = differenceOf(before, after);
      const step = `The step ${place.step} of ${place.of}`;
      return [
        ...(removed.length > 0
          ? [place.change('step-needs', 'easier', `${step} no longer waits for ${names(removed)}.`)]
          : []),
        ...(added.length > 0
          ? [place.change('step-needs', 'harder', `${step} newly waits for ${names(added)}.`)]
          : []),
      ];
    },
  },
  peopleOnly: {
    compare: (_, after, place) => [
      after
        ? place.change(
            'people-only',
            'harder',
            `The step ${place.step} of ${place.of} is met by its own people only: no rule and no admin stands in.`,
          )
        : place.change(
            'people-only',
            'easier',
            `Rules and admins can newly stand in for the step ${place.step} of ${place.of}, which only its own people could meet.`,
            'loud',
          ),
    ],
  },
  condition: {
    compare: (before, after, place) => [
      compareCondition(before, after, {
        place,
        kind: 'step-condition',
        what: `The step ${place.step} of ${place.of}`,
      }),
    ],
  },
  /** Told once, of the whole flow. */
  byLink: saidElsewhere,
  routes: { compare: compareRoutes },
};

function countWords(before: number, after: number, { step, of }: StepPlace): string {
  return `The step ${step} of ${of} needs ${after} ${after === 1 ? 'approval' : 'approvals'} instead of ${before}.`;
}

/** What is asked under a condition is asked less often than what is asked always. Whether one text asks more than another is not decided. */
export function compareCondition(
  before: Condition | undefined,
  after: Condition | undefined,
  {
    place,
    kind,
    what,
  }: { readonly place: Place; readonly kind: 'step-condition' | 'field-condition'; readonly what: string },
): Change {
  const tell = (effect: Effect, sentence: string): Change =>
    place.change(kind, effect, sentence, kind === 'step-condition' && after ? 'loud' : undefined);
  if (after === undefined) return tell('harder', `${what} is asked always, and no longer under a condition.`);
  if (before === undefined)
    return tell(
      'easier',
      `${what} is no longer asked always, but only if ${quote(after.source, longestCondition)}.`,
    );
  const { was, is } = contrast(before.source, after.source);
  return tell('other', `The condition changes under which ${lower(what)} is asked: from ${was} to ${is}.`);
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Of a flow that is told whole: who decides, step by step. */
export function describeSteps(steps: readonly FlowStep[], place: Place, how?: 'loud'): readonly Change[] {
  // Where no condition holds, nobody may be asked.
  const isSometimes = steps.every(({ condition }) => condition !== undefined);
  return steps.flatMap((step) => [
    place.change(
      'flow-asks',
      'easier',
      `${place.of} asks ${stepWords(step)}.`,
      isOpen(step) || isSometimes ? 'loud' : how,
    ),
    ...furtherApprovers(step, place, how),
    ...(step.routes ? compareRoutes(undefined, step.routes, { ...place, step: step.name }) : []),
  ]);
}

function isOpen({ approvers }: FlowStep): boolean {
  return approvers.some(isWide);
}

/** Those that had no room in what is said of the step. */
function furtherApprovers({ name, approvers }: FlowStep, place: Place, how?: 'loud'): readonly Change[] {
  return groupPacks(unlisted(approvers)).map((some) =>
    place.change(
      'approvers',
      'easier',
      `${theGroups(some)} can approve the step ${name} of ${place.of} as well.`,
      how,
    ),
  );
}

/** As it stands, with all that it takes. */
export function stepWords({ name, approvers, count, needs, peopleOnly, condition }: FlowStep): string {
  const of = approvers.length === 0 ? 'nobody' : groups(approvers, 'or');
  return [
    `${count} of ${of} (${name})`,
    ...(condition ? [`if ${quote(condition.source, longestCondition)}`] : []),
    ...(needs.length > 0 ? [`after ${names(needs)}`] : []),
    ...(peopleOnly ? ['its own people only'] : []),
  ].join(', ');
}
