// One flow before and after a change, as compiled: whatever file the cause stands in, each part that differs is told.
import { printDuration } from '../../domain/duration.ts';
import type { ExtendOffer, Flow, Revoker, Source } from '../../domain/flow.ts';
import { boundFields } from '../../domain/template.ts';
import type { Change, Place } from './change.ts';
import { capital, groupPacks, groups, isEverybody, names, theGroups } from './change-words.ts';
import { contrast } from './contrast.ts';
import { compareAccess, describeEndless, offerWords } from './compare-access.ts';
import { compareActions } from './compare-actions.ts';
import { compareCode } from './compare-code.ts';
import { compareBreakGlass } from './compare-break-glass.ts';
import { compareApproval, describeSteps } from './compare-approval.ts';
import { compareFields, type FieldPlace } from './compare-fields.ts';
import { compareGroups } from './compare-groups.ts';
import { compareParts, differenceOf, saidElsewhere, type Part, type Parts } from './compare-parts.ts';
import { compareRules } from './compare-rules.ts';

const textPart = (which: string): Part<string | undefined, FieldPlace> => ({
  compare: (before, after, place) => {
    const { was, is } = contrast(before ?? '', after ?? '');
    const now = after === undefined ? 'gone' : is;
    return [
      place.change(
        'text',
        'other',
        `The ${which} of ${place.of} is ${now}${before === undefined ? '' : `; it was ${was}`}.`,
      ),
    ];
  },
});

const flowParts: Parts<Flow, FieldPlace> = {
  ref: saidElsewhere,
  label: textPart('label'),
  description: textPart('description'),
  header: textPart('header'),
  danger: textPart('warning'),
  message: textPart('line on the card'),
  confirm: {
    compare: (_, after, place) => [
      after === undefined
        ? place.change(
            'confirm',
            'easier',
            `Nobody has to type a confirmation to ask for ${place.of} any more.`,
          )
        : place.change('confirm', 'harder', `Whoever asks for ${place.of} has to type a confirmation.`),
    ],
  },
  environment: {
    compare: (before, after, place) => [
      place.change(
        'environment',
        'other',
        `${place.of} belongs to ${environmentWords(after)} instead of ${environmentWords(before)}.`,
      ),
    ],
  },
  access: { isTold: true, compare: compareAccess },
  requesters: {
    isSet: true,
    compare: (before, after, place) =>
      compareGroups(
        { before, after, kind: 'requesters', what: `ask for ${place.of}`, nobodyLeft: ' Nobody can.' },
        place,
      ),
  },
  sources: { isSet: true, compare: compareSources },
  fields: { compare: compareFields },
  approval: { compare: compareApproval },
  /** Told of the whole flow: what a rule stands for depends on the steps. */
  rules: saidElsewhere,
  allowRevoke: { isSet: true, compare: compareRevokers },
  warnBefore: {
    compare: (_, after, place) => [
      place.change(
        'warning',
        'other',
        after === undefined
          ? `Nobody is warned any more before access by ${place.of} ends.`
          : `Whoever asked is warned ${printDuration(after)} before access by ${place.of} ends.`,
      ),
    ],
  },
  allowGuests: {
    compare: (_, after, place) => [
      after
        ? place.change(
            'guests-allowed',
            'easier',
            `Guests can newly decide on ${place.of}, where a step names their group, and end what they approved.`,
            'loud',
          )
        : place.change('guests-allowed', 'harder', `Guests can no longer decide on ${place.of}.`),
    ],
  },
  guestLinks: {
    compare: (_, after, place) => [
      after
        ? place.change(
            'guests-allowed',
            'easier',
            `Guests can newly decide on ${place.of} by a link in an e-mail: whoever reads the mail can.`,
            'loud',
          )
        : place.change(
            'guests-allowed',
            'harder',
            `Guests can no longer decide on ${place.of} by a link in an e-mail.`,
          ),
    ],
  },
  extend: { compare: compareExtension },
  breakGlass: { compare: compareBreakGlass },
  actions: { compare: compareActions },
  code: { compare: compareCode },
  notify: {
    compare: (_, __, place) => [
      place.change(
        'routes',
        'other',
        `Other people are told where the code of ${place.of} says nothing of it.`,
      ),
    ],
  },
};

/** Under the name that it has afterwards. */
export function compareFlow(before: Flow, after: Flow, place: Place): readonly Change[] {
  const bound = new Set([...boundOf(before), ...boundOf(after)]);
  const whole = { ...place, bound };
  return [
    ...compareParts(flowParts, withoutValidity(before), withoutValidity(after), whole),
    ...compareRules(before, after, whole),
  ];
}

/** How long an approval may be used is nothing where it is used at once. */
function withoutValidity(flow: Flow): Flow {
  return flow.access ? { ...flow, approval: { ...flow.approval, validFor: 0 } } : flow;
}

function boundOf({ access }: Flow): readonly string[] {
  return (access?.targets ?? []).flatMap(({ settings }) => boundFields(settings));
}

/** A flow that was not there, or could not be used: who may ask, what they get, who decides, and what else is dangerous in it. */
export function describeNewFlow(
  flow: Flow,
  place: Place,
  kind: 'flow-added' | 'flow-mended',
): readonly Change[] {
  // What nobody could ask for a while may be quite another flow by now.
  const how = kind === 'flow-mended' ? 'loud' : undefined;
  const {
    extend: _extend,
    allowGuests: _guests,
    guestLinks: _links,
    breakGlass: _glass,
    actions: _actions,
    ...rest
  } = flow;
  const strict: Flow = { ...rest, rules: [], approval: { ...flow.approval, selfApproval: false } };
  return [
    ...describeRequesters(flow, place, kind),
    ...describeOffer(flow, place, how),
    ...describeSteps(flow.approval.steps, place, how),
    ...compareFlow(strict, flow, place),
  ];
}

function describeRequesters(
  { requesters, access }: Flow,
  place: Place,
  kind: 'flow-added' | 'flow-mended',
): readonly Change[] {
  const asks = kind === 'flow-added' ? 'can newly ask for' : 'can ask again for';
  const all =
    requesters.length === 0
      ? [place.change(kind, 'easier', `Nobody can ask for ${place.of}: it names no requesters.`)]
      : groupPacks(requesters).map((some) =>
          place.change(
            kind,
            'easier',
            `${theGroups(some)} ${asks} ${place.of}.`,
            kind === 'flow-mended' || some.some(isEverybody) ? 'loud' : undefined,
          ),
        );
  const narrowed = (access?.targets ?? []).flatMap(({ name, requesters: own }) =>
    own
      ? [
          place.change(
            'target-requesters',
            'other',
            `Of ${place.of}, only ${groups(own)} can ask for the target ${name}.`,
          ),
        ]
      : [],
  );
  return [...all, ...narrowed];
}

function describeOffer({ access }: Flow, place: Place, how: 'loud' | undefined): readonly Change[] {
  const tell = (what: string): Change => place.change('flow-grants', 'easier', `${place.of} ${what}.`, how);
  if (access === undefined) return [tell('grants nothing, and records approvals')];
  const [what, ...more] = offerWords(access);
  return [
    tell(`grants ${what}`),
    ...more.map((further) => tell(`grants further ${further}`)),
    ...describeEndless(access, place),
  ];
}

function environmentWords(label: string | undefined): string {
  return label === undefined ? 'no environment' : `the environment ${names([label])}`;
}

function compareSources(
  before: readonly Source[] | undefined,
  after: readonly Source[] | undefined,
  place: Place,
): readonly Change[] {
  if (after === undefined)
    return [
      place.change(
        'sources',
        'easier',
        `${place.of} can newly be asked for from everywhere, and not only from ${names(before ?? [])}.`,
      ),
    ];
  if (before === undefined)
    return [
      place.change(
        'sources',
        'harder',
        `${place.of} can be asked for from ${after.length === 0 ? 'nowhere' : `${names(after)} only`}.`,
      ),
    ];
  const { added, removed } = differenceOf(before, after);
  return [
    ...(added.length > 0
      ? [place.change('sources', 'easier', `${place.of} can newly be asked for from ${names(added)}.`)]
      : []),
    ...(removed.length > 0
      ? [place.change('sources', 'harder', `${place.of} can no longer be asked for from ${names(removed)}.`)]
      : []),
  ];
}

const revokerWords = { requester: 'whoever asked for it', approvers: 'its approvers' } as const;

/** Access that fewer may end is kept more easily. */
function compareRevokers(
  before: readonly Revoker[],
  after: readonly Revoker[],
  place: Place,
): readonly Change[] {
  const { added, removed } = differenceOf(before, after);
  const who = (some: readonly Revoker[]): string => capital(names(some.map((one) => revokerWords[one])));
  return [
    ...(removed.length > 0
      ? [
          place.change(
            'revokers',
            'easier',
            `${who(removed)} can no longer end early what ${place.of} gives.`,
          ),
        ]
      : []),
    ...(added.length > 0
      ? [place.change('revokers', 'harder', `${who(added)} can newly end early what ${place.of} gives.`)]
      : []),
  ];
}

const extendParts: Parts<ExtendOffer, Place> = {
  maxTotal: {
    compare: (before, after, place) => [
      place.change(
        'extension',
        after > before ? 'easier' : 'harder',
        `Access by ${place.of} may be extended to ${printDuration(after)} in all instead of ${printDuration(before)}.`,
      ),
    ],
  },
  times: {
    compare: (before, after, place) => [
      place.change(
        'extension',
        after > before ? 'easier' : 'harder',
        `Access by ${place.of} may be extended ${timesWords(after)} instead of ${timesWords(before)}.`,
      ),
    ],
  },
};

function compareExtension(
  before: ExtendOffer | undefined,
  after: ExtendOffer | undefined,
  place: Place,
): readonly Change[] {
  if (before && after) return compareParts(extendParts, before, after, place);
  return [
    after
      ? place.change(
          'extension',
          'easier',
          `Access by ${place.of} may newly be extended, ${timesWords(after.times)} and to ${printDuration(after.maxTotal)} in all.`,
        )
      : place.change('extension', 'harder', `Access by ${place.of} may no longer be extended.`),
  ];
}

function timesWords(times: number): string {
  return times === 1 ? 'once' : `${times} times`;
}
