import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aStep } from '../../test/builders/flow.ts';
import { allMet, filledPlaces, standings, tighten, type Voter } from './approvals.ts';
import type { Step } from './flow.ts';
import { group, personId } from './names.ts';

const stepNames = ['a', 'b', 'c', 'd'];

const someSteps = fc
  .array(fc.record({ count: fc.integer({ min: 1, max: 3 }), needs: fc.subarray([0, 1, 2]) }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((shapes) =>
    shapes.map(({ count, needs }, index): Step => {
      const earlier = needs.filter((need) => need < index).map((need) => stepNames[need] ?? '');
      return aStep(stepNames[index] ?? '', 'team:acme/any', { count, needs: earlier });
    }),
  );

const someVoters = fc
  .array(fc.subarray(stepNames, { minLength: 1 }), { maxLength: 6 })
  .map((lists) => lists.map((eligible, index): Voter => ({ person: personId(`p${index}`), eligible })));

describe('people are assigned to steps', () => {
  it('so that each fills at most one place, and only one they are eligible for', () => {
    fc.assert(
      fc.property(someSteps, someVoters, (steps, voters) => {
        const standing = standings(steps, voters);
        const filled = standing.flatMap(({ filledBy }) => filledBy);
        expect(new Set(filled).size).toBe(filled.length);
        for (const { step, filledBy, state } of standing) {
          expect(filledBy.length).toBeLessThanOrEqual(step.count);
          expect(state === 'met').toBe(filledBy.length === step.count);
          for (const person of filledBy)
            expect(voters.find((voter) => voter.person === person)?.eligible).toContain(step.name);
        }
      }),
    );
  });

  it('so that another approval never undoes a step', () => {
    fc.assert(
      fc.property(someSteps, someVoters, (steps, voters) => {
        const met = (some: readonly Voter[]): string[] =>
          standings(steps, some)
            .filter(({ state }) => state === 'met')
            .map(({ step }) => step.name);
        for (let count = 1; count <= voters.length; count += 1)
          expect(met(voters.slice(0, count))).toEqual(
            expect.arrayContaining(met(voters.slice(0, count - 1))),
          );
      }),
    );
  });

  it('so that as many places are filled as any assignment could fill', () => {
    const flat = someSteps.map((steps) => steps.map((step) => ({ ...step, needs: [] })));
    fc.assert(
      fc.property(flat, someVoters, (steps, voters) => {
        expect(filledPlaces(standings(steps, voters))).toBe(mostPlaces(steps, voters));
      }),
    );
  });

  it('a step is not asked before all that it needs are met', () => {
    const steps = [aStep('b', 'team:x/y', { needs: ['a'] }), aStep('a', 'team:x/y')];
    const voter = { person: personId('p'), eligible: ['a', 'b'] };
    expect(standings(steps, [voter]).map(({ state }) => state)).toEqual(['open', 'met']);
  });

  it('steps that need each other in a circle are never met', () => {
    const steps = [aStep('a', 'team:x/y', { needs: ['b'] }), aStep('b', 'team:x/y', { needs: ['a'] })];
    const voters = ['p', 'q'].map((name) => ({ person: personId(name), eligible: ['a', 'b'] }));
    expect(allMet(standings(steps, voters))).toBe(false);
  });

  it('no steps are not all steps', () => {
    expect(allMet(standings([], []))).toBe(false);
  });

  /** By trying every choice of every voter. */
  function mostPlaces(steps: readonly Step[], [first, ...rest]: readonly Voter[]): number {
    if (first === undefined) return 0;
    const choices = steps.filter(({ name, count }) => count > 0 && first.eligible.includes(name));
    const without = mostPlaces(steps, rest);
    return choices.reduce((best, { name }) => {
      const left = steps.map((step) => (step.name === name ? { ...step, count: step.count - 1 } : step));
      return Math.max(best, 1 + mostPlaces(left, rest));
    }, without);
  }
});

describe('the current flow', () => {
  it('only ever tightens what a request is pinned to', () => {
    const pinned = [aStep('a', 'team:x/a', { count: 2 }), aStep('b', 'team:x/b')];
    const current = [aStep('a', 'team:x/a', { peopleOnly: true }), aStep('c', 'team:x/c')];
    expect(tighten(pinned, current)).toEqual([
      aStep('a', 'team:x/a', { count: 2, peopleOnly: true }),
      aStep('b', 'team:x/b'),
      { ...aStep('c', 'team:x/c'), approvers: [group('team:x/c')] },
    ]);
  });
});
