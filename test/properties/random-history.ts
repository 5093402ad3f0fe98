// Random histories of one request: people whose links and groups change, flows that change, machines that report anything.
import fc from 'fast-check';
import type { BreakGlass, Command, RawForm } from '../../src/domain/commands.ts';
import type { ReviewOutcome } from '../../src/domain/entries.ts';
import type { Access } from '../../src/domain/facts.ts';
import type { Flow } from '../../src/domain/flow.ts';
import { hours, minutes } from '../../src/domain/duration.ts';
import type { Milliseconds } from '../../src/domain/names.ts';
import { askedAbout, groups, someFlow } from './random-flow.ts';
import { someAccess, someReport } from './random-report.ts';
import type { WorldNow } from './told-history.ts';

export const accounts = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6'] as const;
export const people = ['ann', 'bob', 'cleo', 'dora', 'max'] as const;

export type FlowNow = number | 'removed' | 'unavailable';

/** What goes with a decision, or with the wish for more time. */
export interface Also {
  readonly message?: string;
  readonly duration?: Milliseconds;
  readonly as?: 'admin';
  readonly outcome?: ReviewOutcome;
}

/** What people and machines do, and what happens around them. */
export type Deed =
  | {
      readonly deed: 'say';
      readonly type: 'approve' | 'deny' | 'revoke' | 'cancel' | 'extend' | 'review' | 'request';
      /** `asker`: whoever asked for it. */
      readonly account: string;
      /** Undefined: said for the first time; else as one that was said before. */
      readonly again: number | undefined;
      /** How long ago it was said. */
      readonly ago: Milliseconds;
      readonly form: RawForm;
      readonly also: Also;
    }
  | { readonly deed: 'report'; readonly command: Exclude<Command, { voice: unknown }> }
  | { readonly deed: 'wait'; readonly ms: Milliseconds }
  | { readonly deed: 'link'; readonly account: string; readonly person: string | undefined }
  | { readonly deed: 'group'; readonly group: string; readonly members: readonly string[] | 'down' }
  | { readonly deed: 'flow'; readonly to: FlowNow }
  | { readonly deed: 'access'; readonly access: Access };

export interface RandomHistory {
  readonly flows: readonly Flow[];
  readonly links: { readonly [account: string]: string };
  readonly groups: WorldNow['groups'];
  /** What is asked for first. */
  readonly form: RawForm;
  /** They do not wait for approval. */
  readonly breakGlass?: BreakGlass | undefined;
  /** Whether somebody asks who may do that, if there is one. */
  readonly isOnCall: boolean;
  /** Whose review is still to be given, and whether it is overdue; `down`: nobody can tell. */
  readonly owes:
    'down' | readonly { readonly person: string; readonly account: string; readonly overdue: boolean }[];
  readonly deeds: readonly Deed[];
}

const someForm: fc.Arbitrary<RawForm> = fc.record({
  target: fc.constantFrom('prod', 'staging'),
  duration: fc.constantFrom('30m', '30m', '1h', 'until-revoked'),
  fields: fc.constant({}),
});

const someSaying: fc.Arbitrary<Deed> = fc.record({
  deed: fc.constant('say' as const),
  type: fc.constantFrom(
    'approve',
    'approve',
    'approve',
    'approve',
    'approve',
    'approve',
    'deny',
    'revoke',
    'cancel',
    'extend',
    'extend',
    'extend',
    'review',
    'request' as const,
  ),
  also: fc.record(
    {
      message: fc.constantFrom('Because.', ' '),
      duration: fc.constantFrom(minutes(10), minutes(30), hours(1)),
      as: fc.constantFrom('admin' as const),
      outcome: fc.constantFrom('fine', 'concern' as const),
    },
    { requiredKeys: [] },
  ),
  account: fc.constantFrom(...accounts, 'asker'),
  again: fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat(20) }),
  ago: fc.constantFrom(0, 0, 0, minutes(5), hours(23)),
  form: someForm,
});

const someDeed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 10, arbitrary: someSaying },
  {
    weight: 7,
    arbitrary: someReport.map((command) => ({ deed: 'report' as const, command })),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(1000, minutes(1), minutes(10), minutes(31), hours(2), hours(13), -minutes(2))
      .map((ms) => ({ deed: 'wait' as const, ms })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      deed: fc.constant('link' as const),
      account: fc.constantFrom(...accounts),
      person: fc.constantFrom(undefined, ...people),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      deed: fc.constant('group' as const),
      group: fc.constantFrom(...groups),
      members: fc.oneof(fc.constant('down' as const), fc.subarray([...people])),
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<FlowNow>(0, 0, 1, 2, 'removed', 'unavailable')
      .map((to) => ({ deed: 'flow' as const, to })),
  },
  { weight: 2, arbitrary: someAccess.map((access) => ({ deed: 'access' as const, access })) },
);

type SayingType = Extract<Deed, { deed: 'say' }>['type'];

function saying(type: SayingType, account: string, also: Also = { message: 'Because.' }): Deed {
  return { deed: 'say', type, account, again: undefined, ago: 0, form: { fields: {} }, also };
}

/** People who want it to go on, one after the other: without them, few histories come far. */
const somePeopleAgree: fc.Arbitrary<readonly Deed[]> = fc
  .tuple(
    fc.shuffledSubarray([...accounts], { minLength: 3 }),
    fc.constantFrom<readonly Also[]>([{}], [{}], [{ as: 'admin' }, {}], [{ duration: minutes(10) }, {}]),
  )
  .map(([chosen, first]) =>
    chosen.map((account, index) => saying('approve', account, { message: 'Because.', ...first[index] })),
  );

const denied = accounts.map((account) => saying('deny', account));
const granted: readonly Deed[] = [
  { deed: 'report', command: { type: 'note-escalated', verified: 'read-back' } },
];

const notGranted: readonly Deed[] = [
  { deed: 'report', command: { type: 'note-escalation-failed', error: 'It said no.' } },
  {
    deed: 'report',
    command: { type: 'note-deescalated', verified: 'read-back', holds: 'none', neededBy: [] },
  },
];

/** Access, and then more of it, or not. */
const somethingLasting: fc.Arbitrary<readonly Deed[]> = fc
  .tuple(
    somePeopleAgree,
    fc.oneof({ weight: 4, arbitrary: somePeopleAgree }, { weight: 1, arbitrary: fc.constant(denied) }),
    fc.constantFrom(minutes(10), minutes(30)),
  )
  .map(([first, then, duration]) => [
    ...first,
    ...granted,
    saying('extend', 'asker', { message: 'It takes longer.', duration }),
    ...then,
  ]);

/** Nobody can look up who is in a group, and then everybody can: what was held back may be released. */
const someOutage: fc.Arbitrary<readonly Deed[]> = fc
  .tuple(
    fc.constantFrom(...groups),
    fc.subarray([...people]),
    somePeopleAgree,
    fc.array(someDeed, { maxLength: 2 }),
  )
  .map(([group, members, agreeing, between]) => [
    { deed: 'group', group, members: 'down' },
    saying('extend', 'asker'),
    ...between,
    { deed: 'group', group, members },
    ...agreeing,
  ]);

/** Everybody looks at it, the requester too. */
const someReview: fc.Arbitrary<readonly Deed[]> = fc
  .tuple(fc.shuffledSubarray([...accounts], { minLength: 2 }), fc.constantFrom('Fine by me.', ' '))
  .map(([chosen, message]) => chosen.map((account) => saying('review', account, { message })));

/** Whichever is asked for. */
export const theTarget = 'TARGET';

/** As it may be said: mostly rightly. */
const someBreakGlass: fc.Arbitrary<BreakGlass | undefined> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: fc.record({
      reason: fc.constantFrom('It burns.', 'It burns.', 'It burns.', ' '),
      confirm: fc.constantFrom(theTarget, theTarget, theTarget, theTarget, 'prod', 'Prod', ''),
    }),
  },
);

const someDebts: fc.Arbitrary<RandomHistory['owes']> = fc.oneof(
  { weight: 12, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.constant('down' as const) },
  {
    weight: 2,
    arbitrary: fc.array(
      fc.record({
        person: fc.constantFrom(...people),
        account: fc.constantFrom(...accounts),
        overdue: fc.boolean(),
      }),
      { maxLength: 2 },
    ),
  },
);

/** Nobody says anything for long, until a deadline has passed. */
const someSilence: fc.Arbitrary<readonly Deed[]> = fc
  .constantFrom(minutes(16), hours(2), hours(25))
  .map((ms) => [
    { deed: 'wait', ms },
    { deed: 'report', command: { type: 'note-time' } },
  ]);

const someScene: fc.Arbitrary<readonly Deed[]> = fc.oneof(
  { weight: 14, arbitrary: someDeed.map((deed) => [deed]) },
  { weight: 2, arbitrary: somePeopleAgree },
  { weight: 2, arbitrary: fc.constantFrom(granted, notGranted) },
  { weight: 2, arbitrary: somethingLasting },
  { weight: 1, arbitrary: someOutage },
  { weight: 1, arbitrary: someSilence },
  { weight: 1, arbitrary: someReview },
  { weight: 1, arbitrary: someReview.map((reviews) => [...granted, ...reviews]) },
);

/** Groups as they are at first, and what comes after: a group that nobody could look up when it was asked for can be looked up. */
const someGroups: fc.Arbitrary<{ readonly at: WorldNow['groups']; readonly then: readonly Deed[] }> = fc
  .record({
    members: fc.tuple(...groups.map(() => fc.subarray([...people], { minLength: 2 }))),
    inDoubt: fc.constantFrom(undefined, undefined, undefined, ...askedAbout),
    found: fc.subarray([...people], { maxLength: 2 }),
    agreeing: somePeopleAgree,
  })
  .map(({ members, inDoubt, found, agreeing }) => {
    const at = Object.fromEntries(groups.map((name, index) => [name, members[index] ?? []]));
    if (inDoubt === undefined) return { at, then: [] };
    const answer: Deed = { deed: 'group', group: inDoubt, members: found };
    return { at: { ...at, [inDoubt]: 'down' as const }, then: [answer, ...agreeing] };
  });

export const someHistory: fc.Arbitrary<RandomHistory> = fc
  .record({
    flows: fc.tuple(someFlow, someFlow, someFlow).map((drawn) => [...drawn]),
    form: someForm,
    breakGlass: someBreakGlass,
    isOnCall: fc.constantFrom(true, true, true, false),
    owes: someDebts,
    links: fc
      .tuple(...accounts.map(() => fc.constantFrom(...people)))
      .map((drawn) => Object.fromEntries(accounts.map((account, index) => [account, drawn[index] ?? 'ann']))),
    groups: someGroups,
    scenes: fc.array(someScene, { minLength: 5, maxLength: 20, size: 'max' }),
  })
  .map(({ groups: { at, then }, scenes, ...rest }) => ({
    ...rest,
    groups: at,
    deeds: [...then, ...scenes.flat()],
  }));
