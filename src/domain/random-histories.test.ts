import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkWaiting } from '../../test/properties/judge-people.ts';
import { judgeStep } from '../../test/properties/judge-step.ts';
import { someHistory } from '../../test/properties/random-history.ts';
import { tell } from '../../test/properties/told-history.ts';
import { statuses, type Status } from './request.ts';

const histories = 800;
/** What has to come about among them. */
const decided = [
  'approval-given',
  'overridden',
  'extension-asked',
  'extended',
  'extension-denied',
  'rule-applied approve',
  'rule-applied deny',
  'rule-applied hold',
  'rule-applied release',
  'review-opened',
  'review-reminded',
  'review-closed',
] as const;

test('no history breaks an invariant, whatever is said in whatever order', { timeout: 60_000 }, () => {
  const reached = new Set<Status>();
  const recorded = new Set<string>();
  fc.assert(
    fc.property(someHistory, (history) => {
      const owed = new Set<string>();
      tell(history, (step) => {
        reached.add(step.after.phase.status);
        for (const { entry } of step.added)
          recorded.add(entry.type === 'rule-applied' ? `${entry.type} ${entry.data.effect}` : entry.type);
        judgeStep(step, owed);
        checkWaiting(step);
      });
    }),
    { numRuns: histories },
  );
  // Else it would prove less than it says.
  expect([...reached].sort()).toEqual([...statuses].sort());
  expect([...recorded]).toEqual(expect.arrayContaining([...decided]));
});
