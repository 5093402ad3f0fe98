// Nobody may ask, or nobody is asked.
import type { Lint } from './lint.ts';

export const nobodyAsked: Lint = ({ flow, possibilities }, report) => {
  if (flow.requesters.length === 0) report.add({ at: '/requesters' }, 'nobody-may-ask');
  const { steps } = flow.approval;
  if (steps.some(({ condition }) => condition === undefined)) return;
  const without = possibilities().find(
    ({ holds, isReal, where }) =>
      isReal &&
      where().length > 0 &&
      steps.every(({ condition }) => holds(condition) === false) &&
      // What is denied anyway needs nobody.
      !flow.rules.some(({ condition, then }) => 'deny' in then && holds(condition) !== false),
  );
  if (without)
    report.add({ at: '/approval/steps', on: 'key' }, 'no-step-asked', without.where().join(' and '));
};
