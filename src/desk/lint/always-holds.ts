// A condition that nothing makes false: it limits nothing, and a rule under it leaves people no say.
import { pointerTo } from '../yaml/positions.ts';
import type { Lint } from './lint.ts';
import { isAlways } from './possibilities.ts';

export const alwaysHolds: Lint = ({ flow, possibilities }, report) => {
  for (const { name, condition } of flow.fields)
    if (condition && isAlways(possibilities(), condition, true))
      report.add({ at: pointerTo('fields', name, 'if') }, 'always-asked', name);
  for (const [index, { name, condition }] of flow.approval.steps.entries())
    if (condition && isAlways(possibilities(), condition, true))
      report.add({ at: `/approval/steps/${index}/if` }, 'always-asked', name);
  for (const [index, { condition, then }] of flow.rules.entries()) {
    // Whoever writes `true` means it.
    if (condition.source.trim() === 'true' || !isAlways(possibilities(), condition, true)) continue;
    const at = `/rules/${index}/if`;
    if ('deny' in then) report.add({ at }, 'rule-always-denies');
    else report.add({ at }, 'rule-always-approves', then.approve.join(', '));
  }
};
