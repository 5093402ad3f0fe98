// What is granted, and for how long: targets, strategy and durations of a flow before and after a change.
import { printGrantedFor } from '../../domain/duration.ts';
import type {
  AccessOffer,
  DurationOffer,
  GrantedFor,
  StrategyCode,
  StrategyRef,
  Target,
} from '../../domain/flow.ts';
import type { Change, Place } from './change.ts';
import { groups, names, packed, quote, theGroups } from './change-words.ts';
import { compareGroups } from './compare-groups.ts';
import { contrast } from './contrast.ts';
import { compareNamed, compareParts, differenceOf, saidElsewhere, type Parts } from './compare-parts.ts';
import { settingChanges, settingWords } from './compare-settings-values.ts';

const accessParts: Parts<AccessOffer, Place> = {
  // The commit alone says nothing.
  strategy: {
    isTold: true,
    compare: (before, after, place) => compareParts(strategyParts, before, after, place),
  },
  targets: { compare: compareTargets },
  durations: { compare: (before, after, place) => compareParts(durationParts, before, after, place) },
};

/** Undefined: an approval-only flow. */
export function compareAccess(
  before: AccessOffer | undefined,
  after: AccessOffer | undefined,
  place: Place,
): readonly Change[] {
  if (before && after) return compareParts(accessParts, before, after, place);
  if (after === undefined)
    return [
      place.change(
        'access-kind',
        'other',
        `${place.of} grants no access any more: it only records approvals.`,
        'loud',
      ),
    ];
  const begins = `${place.of} newly grants access, where it only recorded approvals:`;
  const [what, ...more] = offerWords(after);
  return [
    place.change('access-kind', 'easier', `${begins} ${what}.`, 'loud'),
    ...more.map((further) =>
      place.change('access-kind', 'easier', `${place.of} newly grants further ${further}.`, 'loud'),
    ),
    ...describeEndless(after, place),
  ];
}

/** Without an end, it lasts until somebody thinks of it. */
export function describeEndless({ durations }: AccessOffer, place: Place): readonly Change[] {
  return durations.options.includes('until-revoked')
    ? [
        place.change(
          'until-revoked',
          'easier',
          `Access by ${place.of} may have no end: it lasts until somebody revokes it.`,
          'loud',
        ),
      ]
    : [];
}

/** All of it: what has no room in the first text stands in the next. */
export function offerWords({ strategy, targets, durations }: AccessOffer): readonly [string, ...string[]] {
  const [first, ...more] = packed(
    targets.flatMap(({ name, settings }) =>
      settingWords(settings).map((words, index) => `${name} (${index === 0 ? '' : 'further: '}${words})`),
    ),
  );
  return [`${first}, by ${strategyWords(strategy)}, for ${optionWords(durations.options)}`, ...more];
}

/** The longest one always. */
function optionWords(options: readonly GrantedFor[]): string {
  const all = options.toSorted((a, b) => inMs(a) - inMs(b)).map(durationWords);
  const rest = all.length - mostOptions;
  return rest < 1
    ? options.map(durationWords).join(', ')
    : `${all.slice(0, mostOptions - 1).join(', ')} and ${rest} more up to ${all.at(-1) ?? ''}`;
}

const mostOptions = 6;

export function strategyWords({ type, integration, endSessions, code }: StrategyRef): string {
  const cut = endSessions ? ' that cuts sessions at the end' : '';
  const calls = code && code.hosts.length > 0 ? `, which may call ${names(code.hosts)}` : '';
  const own = code ? ` (the code of ${code.file}${calls})` : '';
  return `${type}${own}${integration === undefined ? '' : ` through ${integration}`}${cut}`;
}

const codeParts: Parts<StrategyCode, Place> = {
  // What the code of the file says is told of the file.
  commit: saidElsewhere,
  file: {
    compare: (before, after, place) => [
      place.change(
        'strategy',
        'other',
        `${place.of} is granted and taken back by the code of ${after} instead of ${before}.`,
        'loud',
      ),
    ],
  },
  hosts: {
    isSet: true,
    compare: (before, after, place) => {
      const { added, removed } = differenceOf(before, after);
      const say = (how: string, hosts: readonly string[]): readonly Change[] =>
        hosts.length === 0
          ? []
          : [
              place.change(
                'strategy',
                'other',
                `The code that grants ${place.of} ${how} call ${names(hosts)}.`,
                'loud',
              ),
            ];
      return [...say('may newly', added), ...say('may no longer', removed)];
    },
  },
};

const strategyParts: Parts<StrategyRef, Place> = {
  endSessions: {
    compare: (_, after, place) => [
      after
        ? place.change(
            'end-sessions',
            'harder',
            `When access by ${place.of} ends, sessions that are still open are cut.`,
          )
        : place.change(
            'end-sessions',
            'easier',
            `When access by ${place.of} ends, sessions that are still open are no longer cut.`,
            'loud',
          ),
    ],
  },
  type: {
    compare: (before, after, place) => [
      place.change(
        'strategy',
        'other',
        `${place.of} is granted by the strategy ${after} instead of ${before}.`,
        'loud',
      ),
    ],
  },
  code: {
    isTold: true,
    compare: (before, after, place) =>
      // Else the type of the strategy differs too, which is said.
      before && after ? compareParts(codeParts, before, after, place) : [],
  },
  integration: {
    compare: (before, after, place) => [
      place.change(
        'integration-used',
        'other',
        `${place.of} is granted through ${after ?? 'no integration'} instead of ${before ?? 'none'}.`,
        'loud',
      ),
    ],
  },
};

interface TargetPlace extends Place {
  readonly target: string;
}

const targetParts: Parts<Target, TargetPlace> = {
  name: saidElsewhere,
  label: {
    compare: (before, after, place) => {
      const { was, is } = contrast(before, after);
      return [
        place.change(
          'text',
          'other',
          `The target ${place.target} of ${place.of} is shown as ${is} instead of ${was}.`,
        ),
      ];
    },
  },
  settings: {
    compare: (before, after, place) =>
      settingChanges(before, after).map((what) =>
        place.change(
          'target-setting',
          'other',
          `The target ${place.target} of ${place.of} grants something else: ${what}.`,
          'loud',
        ),
      ),
  },
  requesters: { isSet: true, compare: compareTargetRequesters },
};

function compareTargets(
  before: readonly Target[],
  after: readonly Target[],
  place: Place,
): readonly Change[] {
  return compareNamed(before, after, {
    added: ({ name, settings, requesters }) => {
      const who = requesters ? theGroups(requesters) : `Whoever may ask for ${place.of}`;
      const [what, ...more] = settingWords(settings);
      return [
        place.change('target-added', 'easier', `${who} can newly ask for the target ${name} of it: ${what}.`),
        ...more.map((further) =>
          place.change(
            'target-added',
            'easier',
            `The new target ${name} of ${place.of} has further: ${further}.`,
          ),
        ),
      ];
    },
    removed: ({ name }) => [
      place.change(
        'target-removed',
        'harder',
        `Nobody can ask for the target ${name} of ${place.of} any more.`,
      ),
    ],
    kept: (was, is) => compareParts(targetParts, was, is, { ...place, target: is.name }),
    reordered: () => [place.change('order', 'other', `The targets of ${place.of} stand in another order.`)],
  });
}

/** They narrow the flow's own requesters; undefined: they do not. */
function compareTargetRequesters(
  before: Target['requesters'],
  after: Target['requesters'],
  place: TargetPlace,
): readonly Change[] {
  const target = `the target ${place.target} of ${place.of}`;
  if (after === undefined)
    return [
      place.change(
        'target-requesters',
        'easier',
        `Whoever may ask for ${place.of} can newly ask for its target ${place.target}; that was left to ${groups(before ?? [])}.`,
      ),
    ];
  if (before === undefined)
    return [place.change('target-requesters', 'harder', `Only ${groups(after)} can ask for ${target} now.`)];
  return compareGroups({ before, after, kind: 'target-requesters', what: `ask for ${target}` }, place);
}

const durationParts: Parts<DurationOffer, Place> = {
  options: { isSet: true, compare: compareOptions },
  default: {
    compare: (before, after, place) => [
      place.change(
        'default-duration',
        'other',
        `Who does not choose gets ${place.of} for ${durationWords(after)} instead of ${durationWords(before)}.`,
      ),
    ],
  },
};

function compareOptions(
  before: readonly GrantedFor[],
  after: readonly GrantedFor[],
  place: Place,
): readonly Change[] {
  const [was, is] = [longest(before), longest(after)];
  const endless = 'until-revoked';
  if (after.includes(endless) && !before.includes(endless))
    return [
      place.change(
        'until-revoked',
        'easier',
        `Access by ${place.of} may newly have no end: it lasts until somebody revokes it. Before, at most ${durationWords(was)}.`,
        'loud',
      ),
    ];
  if (before.includes(endless) && !after.includes(endless))
    return [
      place.change(
        'until-revoked',
        'harder',
        `Access by ${place.of} has an end again: after ${durationWords(is)} at the latest.`,
      ),
    ];
  const offered = ({ added, removed }: ReturnType<typeof differenceOf<GrantedFor>>): string =>
    [
      ...(added.length > 0 ? [`${optionWords(added)} can newly be chosen`] : []),
      ...(removed.length > 0 ? [`${optionWords(removed)} no longer`] : []),
    ].join(', ');
  const difference = differenceOf(before, after);
  if (was === is)
    return [place.change('durations', 'other', `Of the durations of ${place.of}, ${offered(difference)}.`)];
  const isLonger = is !== undefined && was !== undefined && inMs(is) > inMs(was);
  return [
    place.change(
      'durations',
      isLonger ? 'easier' : 'harder',
      `Access by ${place.of} may last ${durationWords(is)} instead of ${durationWords(was)} at most.`,
    ),
  ];
}

function longest(options: readonly GrantedFor[]): GrantedFor | undefined {
  return options.toSorted((a, b) => inMs(b) - inMs(a))[0];
}

function inMs(duration: GrantedFor): number {
  return duration === 'until-revoked' ? Number.POSITIVE_INFINITY : duration;
}

function durationWords(duration: GrantedFor | undefined): string {
  return duration === undefined ? quote('') : printGrantedFor(duration);
}
