// Random histories of one request: people whose links and groups change, flows that change, machines that report anything.
import fc from 'fast-check';
import type { Command, RawForm } from '../../src/domain/commands.ts';
import type { Access } from '../../src/domain/facts.ts';
import type { Condition, Flow, FlowStep } from '../../src/domain/flow.ts';
import { hours, minutes } from '../../src/domain/duration.ts';
import { group, requestId, type Milliseconds } from '../../src/domain/names.ts';
import { aFlow, anApproval, aTarget } from '../builders/flow.ts';

export const accounts = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6'] as const;
export const people = ['ann', 'bob', 'cleo', 'dora', 'max'] as const;
export const groups = ['team:x', 'team:y', 'team:z', 'role:admin'] as const;

export type FlowNow = number | 'removed' | 'unavailable';

/** What people and machines do, and what happens around them. */
export type Deed =
  | {
      readonly deed: 'say';
      readonly type: 'approve' | 'deny' | 'revoke' | 'cancel' | 'extend' | 'request';
      readonly account: string;
      /** Undefined: said for the first time; else as one that was said before. */
      readonly again: number | undefined;
      /** How long ago it was said. */
      readonly ago: Milliseconds;
      readonly form: RawForm;
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
  readonly groups: { readonly [group: string]: readonly string[] };
  readonly deeds: readonly Deed[];
}

const judgements: readonly (Condition | undefined)[] = [
  undefined,
  undefined,
  { source: 'true', judge: () => true },
  { source: 'false', judge: () => false },
  { source: '1/0', judge: () => ({ unknown: 'nobody knows' }) },
];

const stepNames = ['one', 'two', 'three', 'four'] as const;

/** Steps need only what stands before them, so that no two versions of a flow make a circle. */
const someSteps: fc.Arbitrary<readonly FlowStep[]> = fc
  .array(
    fc.record({
      approvers: fc.uniqueArray(fc.constantFrom(...groups), { minLength: 0, maxLength: 3 }),
      count: fc.constantFrom(1, 1, 1, 2, 3),
      needs: fc.uniqueArray(fc.nat(3), { maxLength: 2 }),
      condition: fc.constantFrom(...judgements),
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

const someFlow: fc.Arbitrary<Flow> = fc
  .record({
    steps: someSteps,
    selfApproval: fc.boolean(),
    allowRevoke: fc.subarray(['requester', 'approvers'] as const),
    grants: fc.constantFrom(true, true, true, false),
    requesters: fc.subarray([...groups], { minLength: 1 }),
  })
  .map(({ steps, selfApproval, allowRevoke, grants, requesters }) => {
    const flow = aFlow({
      requesters: requesters.map(group),
      allowRevoke,
      approval: anApproval({ steps, selfApproval, lapseAfter: hours(24) }),
    });
    const { access, ...approvalOnly } = flow;
    const targets = [aTarget('prod'), aTarget('staging')];
    return grants && access ? { ...flow, access: { ...access, targets } } : approvalOnly;
  });

const someAccess: fc.Arbitrary<Access> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      resource: fc.constant('toy:prod'),
      account: fc.constant('toy:ann'),
      wanted: fc.constant('member'),
      holds: fc.constantFrom('none', 'none', 'reader', 'member'),
      covered: fc.constantFrom(false, false, true),
      live: fc.array(
        fc.record({
          request: fc.constantFrom(requestId('R1'), requestId('R2')),
          before: fc.constantFrom('none', 'reader'),
        }),
        { maxLength: 2 },
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Access>(
      { missing: 'unavailable', why: 'It does not answer.' },
      { missing: 'unavailable', why: 'It is asleep.' },
      { missing: 'impossible', why: 'There is no such team.' },
      { missing: 'no-identity', service: 'toy', why: 'Nobody knows.' },
    ),
  },
);

const thread = { surface: 'github', repository: 'acme/access', issue: 1 } as const;
const someNotice = fc.constantFrom('card', 'thread', 'active', 'over', 'overdue-1', 'overdue-2' as const);

/** Whatever machines may report, in whatever state: also what they never would. */
const someReport: fc.Arbitrary<Exclude<Command, { voice: unknown }>> = fc.oneof(
  fc.constant({ type: 'note-time' } as const),
  fc.constant({ type: 'start-escalation' } as const),
  fc.constant({ type: 'start-escalation' } as const),
  fc
    .record({
      verified: fc.constantFrom('read-back', 'answered' as const),
      sealed: fc.constantFrom(undefined, 'sealed'),
    })
    .map(({ verified, sealed }) => ({
      type: 'note-escalated' as const,
      verified,
      ...(sealed !== undefined && { sealed }),
    })),
  fc.constant({ type: 'note-escalation-failed', error: 'It said no.' } as const),
  fc
    .record({
      holds: fc.constantFrom('none', 'reader'),
      neededBy: fc.subarray([requestId('R1'), requestId('R2')]),
    })
    .map((outcome) => ({ type: 'note-deescalated' as const, verified: 'read-back' as const, ...outcome })),
  fc
    .integer({ min: -1, max: 9 })
    .map((attempts) => ({ type: 'note-deescalation-failed' as const, error: 'Down.', attempts })),
  fc
    .record({ notice: someNotice, ref: fc.constantFrom('M1', 'M2', 'M3') })
    .map((message) => ({ type: 'note-notified' as const, thread, ...message })),
  someNotice.map((notice) => ({ type: 'note-undelivered' as const, notice, error: 'It was deleted.' })),
);

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
    'request' as const,
  ),
  account: fc.constantFrom(...accounts),
  again: fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat(20) }),
  ago: fc.constantFrom(0, 0, 0, minutes(5), hours(23)),
  form: fc.record({
    target: fc.constantFrom('prod', 'staging'),
    duration: fc.constantFrom('30m', '1h', 'until-revoked'),
    fields: fc.constant({}),
  }),
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

export const someHistory: fc.Arbitrary<RandomHistory> = fc.record({
  flows: fc.tuple(someFlow, someFlow, someFlow).map((drawn) => [...drawn]),
  links: fc
    .tuple(...accounts.map(() => fc.constantFrom(...people)))
    .map((drawn) => Object.fromEntries(accounts.map((account, index) => [account, drawn[index] ?? 'ann']))),
  groups: fc
    .tuple(...groups.map(() => fc.subarray([...people], { minLength: 2 })))
    .map((drawn) => Object.fromEntries(groups.map((name, index) => [name, drawn[index] ?? []]))),
  deeds: fc.array(someDeed, { minLength: 10, maxLength: 45, size: 'max' }),
});
