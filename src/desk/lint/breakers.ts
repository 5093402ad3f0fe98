// Access without approval that comes to nothing: who may break the glass and may not ask, and who would be the only one to review it.
import type { Lint } from './lint.ts';
import { membersOfAll } from './known-members.ts';

export const breakers: Lint = ({ flow, members }, report) => {
  const { breakGlass, requesters } = flow;
  const who = breakGlass && membersOfAll(breakGlass.who, members);
  if (breakGlass === undefined || who === undefined) return;
  const askers = membersOfAll(requesters, members);
  const reviewers = membersOfAll(breakGlass.reviewers, members);
  const barred = [...who].filter((person) => askers && !askers.has(person)).sort();
  for (const person of barred) report.add({ at: '/break_glass/who' }, 'breaker-cannot-ask', person);
  const alone = [...who].filter((person) => reviewers?.size === 1 && reviewers.has(person)).sort();
  for (const person of alone) report.add({ at: '/break_glass/reviewers' }, 'nobody-to-review', person);
};
