import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aStep } from '../../../test/builders/flow.ts';
import { allMet, standings } from '../../domain/approvals.ts';
import { group, personId, type Group, type PersonId } from '../../domain/names.ts';
import { findShortage } from './people-for-steps.ts';

const everybody = ['ann', 'bob', 'cleo', 'dora', 'eve'] as const;
const teams: ReadonlyMap<Group, ReadonlySet<PersonId>> = new Map([
  [group('team:x'), new Set([personId('ann'), personId('bob')])],
  [group('team:y'), new Set([personId('bob'), personId('cleo'), personId('dora')])],
  [group('team:z'), new Set([])],
]);

function members(of: Group): ReadonlySet<PersonId> | undefined {
  return of.startsWith('person:') ? new Set([personId(of.slice('person:'.length))]) : teams.get(of);
}

const someGroup = fc.constantFrom(...teams.keys(), ...everybody.map((name) => group(`person:${name}`)));
const someSteps = fc
  .array(
    fc.record({
      approvers: fc.uniqueArray(someGroup, { minLength: 1, maxLength: 3 }),
      count: fc.constantFrom(1, 1, 2, 3),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((drawn) => drawn.map((each, index) => ({ ...aStep(`s${index}`, 'team:x'), ...each })));

test('there are too few people where not even everybody together meets the steps, and nowhere else', () => {
  let short = 0;
  fc.assert(
    fc.property(
      someSteps,
      fc.option(fc.constantFrom(...everybody)),
      fc.boolean(),
      (steps, requester, selfApproval) => {
        const meets = (people: readonly string[]): boolean =>
          allMet(
            standings(
              steps,
              people.map((name) => ({
                person: personId(name),
                eligible: steps
                  .filter(({ approvers }) => approvers.some((each) => members(each)?.has(personId(name))))
                  .map(({ name: step }) => step),
              })),
            ),
          );
        const others = everybody.filter((name) => selfApproval || name !== requester);
        const found = findShortage({
          steps,
          requesters: requester === null ? [group('team:unknown')] : [group(`person:${requester}`)],
          selfApproval,
          members,
        });
        expect(found === undefined).toBe(meets(others));
        if (found === undefined) return;
        short += 1;
        // It names enough to see it: these steps alone want more than these people.
        expect(found.wanted).toBeGreaterThan(found.people.length);
        const named = steps.filter(({ name }) => found.steps.includes(name));
        const able = everybody.filter((name) =>
          named.some(({ approvers }) => approvers.some((each) => members(each)?.has(personId(name)))),
        );
        expect(found.people.toSorted()).toEqual(able.filter((name) => name !== found.requester).toSorted());
      },
    ),
    { numRuns: 1000 },
  );
  expect(short).toBeGreaterThan(100);
});

test('a group that nobody knows has as many people as it takes', () => {
  const steps = [{ ...aStep('one', 'team:unknown'), count: 9 }, aStep('two', 'person:ann')];
  expect(findShortage({ steps, requesters: [], selfApproval: false, members })).toBeUndefined();
});
