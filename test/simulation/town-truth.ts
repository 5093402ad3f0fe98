// What was true of a requester between two moments: a rule may be held against the app only where it was so all the time.
import type { Entry } from '../../src/domain/entries.ts';
import { plus, type Instant } from '../../src/domain/names.ts';
import type { Matter } from './matters.ts';
import type { Test } from './town-flows.ts';
import { belonged, belongedAlways, inDoubt, type Town } from './town.ts';

/** A request that the ledger holds, as far as others are counted by it. */
export interface PastRequest {
  readonly id: string;
  readonly flow: string;
  readonly person: string;
  /** As their surface signed it, and as it was recorded. */
  readonly said: Instant;
  readonly requestedAt: Instant;
}

export interface Asked {
  readonly town: Town;
  readonly past: readonly PastRequest[];
  readonly storeWasLost: boolean;
  readonly matter: Matter;
}

export function pastOf(first: Entry | undefined): readonly PastRequest[] {
  if (first?.type !== 'requested' || !('person' in first.by) || first.by.person === null) return [];
  return [
    {
      id: first.request,
      flow: first.flow.name,
      person: first.by.person,
      said: first.by.at ?? first.at,
      requestedAt: first.at,
    },
  ];
}

/** Whether it was so at some time from when it was asked until `at`. */
export function mayHaveHeld(test: Test, at: Instant, { town, storeWasLost, ...asked }: Asked): boolean {
  const { person } = asked.matter.requestedBy;
  const from = asked.matter.said;
  switch (test.about) {
    case 'team':
      return belonged(town, person, test.team, from, at);
    case 'guest':
      return !['role:admin', 'role:member'].some((role) => belongedAlways(town, person, role, from, at));
    case 'often':
      return storeWasLost || countedAtMost(test.within, asked) > test.most;
    default:
      return test satisfies never;
  }
}

/** Whether it was so all the time until `at`: from before it was asked, if not from another moment. */
export function heldThroughout(
  test: Test,
  at: Instant,
  { town, ...asked }: Asked,
  from = plus(asked.matter.said, -inDoubt),
): boolean {
  const { person } = asked.matter.requestedBy;
  switch (test.about) {
    case 'team':
      return belongedAlways(town, person, test.team, from, at);
    case 'guest':
      return !['role:admin', 'role:member'].some((role) => belonged(town, person, role, from, at));
    case 'often':
      return countedAtLeast(test.within, asked) > test.most;
    default:
      return test satisfies never;
  }
}

type Counting = Pick<Asked, 'past' | 'matter'>;

/** Those that were there for certain when it was looked at. */
export function countedAtLeast(within: number, { past, matter }: Counting): number {
  const { at = matter.requestedAt } = matter.requestedBy;
  return earlierOf(within, { past, matter }).filter(
    ({ said, requestedAt }) => said < at && requestedAt < matter.said,
  ).length;
}

/** All that may have been there: never the request itself, nor what was asked after it. */
export function countedAtMost(within: number, counting: Counting): number {
  return earlierOf(within, counting).length;
}

function earlierOf(within: number, { past, matter }: Counting): readonly PastRequest[] {
  const { path, name, requestedAt, requestedBy } = matter;
  const asked = requestedBy.at ?? requestedAt;
  return past.filter(
    ({ id, flow, person, said }) =>
      id !== path &&
      flow === name &&
      person === requestedBy.person &&
      said <= asked &&
      said >= plus(asked, -within),
  );
}
