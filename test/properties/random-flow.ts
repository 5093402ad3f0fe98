// Random flows: steps with conditions and needs, rules, extensions. What a condition means can be read from its source.
import fc from 'fast-check';
import type { BreakGlassOffer, Condition, Flow, FlowStep, Rule, Scope } from '../../src/domain/flow.ts';
import { hours, minutes } from '../../src/domain/duration.ts';
import { group } from '../../src/domain/names.ts';
import { aFlow, anApproval, aTarget } from '../builders/flow.ts';

export const groups = ['team:x', 'team:y', 'team:z', 'role:admin'] as const;

/** Longer than this is long. */
export const long = minutes(40);

/** Groups that conditions ask about. */
export const askedAbout = ['team:x', 'team:y', 'role:admin'] as const;

/** The source says it all: whoever judges reads it, and not what the condition says. */
const aboutMembers: readonly Condition[] = askedAbout.map((name) => ({
  source: `in ${name}`,
  judge: ({ circumstances }: Scope) => circumstances?.belongs(group(name)) ?? { unknown: 'nobody asks' },
}));
const conditions: readonly Condition[] = [
  { source: 'true', judge: () => true },
  { source: 'false', judge: () => false },
  { source: '1/0', judge: () => ({ unknown: 'nobody knows' }) },
  {
    source: 'long',
    judge: ({ duration }) =>
      duration === 'until-revoked' || (typeof duration === 'number' && duration > long),
  },
  ...aboutMembers,
];

const stepNames = ['one', 'two', 'three', 'four'] as const;

/** Nobody at all, now and then. */
const someApprovers: fc.Arbitrary<readonly string[]> = fc.oneof(
  { weight: 12, arbitrary: fc.uniqueArray(fc.constantFrom(...groups), { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constant([]) },
);

/** Steps need only what stands before them, so that no two versions of a flow make a circle. */
const someSteps: fc.Arbitrary<readonly FlowStep[]> = fc
  .array(
    fc.record({
      approvers: someApprovers,
      count: fc.constantFrom(1, 1, 1, 1, 2, 3),
      needs: fc.uniqueArray(fc.nat(3), { maxLength: 2 }),
      condition: fc.constantFrom(undefined, undefined, undefined, undefined, ...conditions),
      peopleOnly: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((drawn) =>
    drawn.map(({ approvers, needs, condition, ...rest }, index) => ({
      ...rest,
      name: stepNames[index] ?? 'one',
      approvers: approvers.map(group),
      needs: needs.filter((need) => need < index).map((need) => stepNames[need] ?? 'one'),
      ...(condition && { condition }),
    })),
  );

/** Two versions of a flow may mean different things by one name. */
const someRules: fc.Arbitrary<readonly Rule[]> = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom('first', 'second', 'third'),
      condition: fc.constantFrom(...conditions, ...aboutMembers, ...aboutMembers),
      then: fc.oneof(
        { weight: 3, arbitrary: fc.record({ approve: fc.subarray([...stepNames], { minLength: 1 }) }) },
        { weight: 2, arbitrary: fc.constant({ deny: true } as const) },
      ),
    }),
    { maxLength: 3, selector: ({ name }) => name },
  )
  .chain((rules) => fc.constantFrom<readonly Rule[]>([], rules));

/** Mostly somebody may, so that much of it comes about. */
const someBreakGlass: fc.Arbitrary<BreakGlassOffer | undefined> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(undefined) },
  {
    weight: 2,
    arbitrary: fc
      .record({
        who: fc.subarray([...groups], { minLength: 2 }),
        targets: fc.constantFrom(undefined, undefined, ['prod']),
        max: fc.constantFrom(minutes(30), hours(1), hours(2)),
        reviewers: fc.subarray([...groups], { minLength: 2 }),
        reviewWithin: fc.constantFrom(hours(2), hours(24)),
      })
      .map(({ who, targets, reviewers, ...rest }) => ({
        ...rest,
        who: who.map(group),
        reviewers: reviewers.map(group),
        ...(targets && { targets }),
        tell: [],
      })),
  },
);

export const someFlow: fc.Arbitrary<Flow> = fc
  .record({
    steps: someSteps,
    selfApproval: fc.boolean(),
    allowRevoke: fc.subarray(['requester', 'approvers'] as const),
    grants: fc.constantFrom(true, true, true, false),
    requesters: fc.subarray([...groups], { minLength: 1 }),
    rules: someRules,
    breakGlass: someBreakGlass,
    decisionMessage: fc.constantFrom('optional', 'optional', 'required', 'off' as const),
    extend: fc.constantFrom(
      undefined,
      { maxTotal: hours(1), times: 1 },
      { maxTotal: hours(3), times: 2 },
      { maxTotal: hours(3), times: 2 },
    ),
  })
  .map(({ steps, selfApproval, allowRevoke, grants, requesters, rules, ...rest }) => {
    const { decisionMessage, extend, breakGlass } = rest;
    const flow = aFlow({
      requesters: requesters.map(group),
      allowRevoke,
      rules,
      ...(extend && { extend }),
      ...(breakGlass && grants && { breakGlass }),
      approval: anApproval({ steps, selfApproval, decisionMessage, lapseAfter: hours(24) }),
    });
    const { access, ...approvalOnly } = flow;
    const targets = [aTarget('prod'), aTarget('staging')];
    return grants && access ? { ...flow, access: { ...access, targets } } : approvalOnly;
  });
