// A condition that nothing makes true: its rule never applies, its step or field is never asked.
import { pointerTo } from '../yaml/positions.ts';
import type { Lint } from './lint.ts';
import { isAlways } from './possibilities.ts';

export const neverHolds: Lint = ({ flow, possibilities }, report) => {
  for (const { name, condition } of flow.fields)
    if (condition && isAlways(possibilities(), condition, false))
      report.add({ at: pointerTo('fields', name, 'if') }, 'field-never-asked', name);
  for (const [index, { name, condition }] of flow.approval.steps.entries())
    if (condition && isAlways(possibilities(), condition, false))
      report.add({ at: `/approval/steps/${index}/if` }, 'step-never-asked', name);
  for (const [index, { name, condition }] of flow.rules.entries())
    if (isAlways(possibilities(), condition, false))
      report.add({ at: `/rules/${index}/if` }, 'rule-never-applies', name);
};
