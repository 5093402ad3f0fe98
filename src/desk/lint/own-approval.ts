// Self-approval where one approval is enough: whoever asks decides alone.
import type { Lint } from './lint.ts';
import { membersOfAll } from './known-members.ts';

export const ownApproval: Lint = ({ flow, members, possibilities }, report) => {
  const { steps, selfApproval } = flow.approval;
  if (!selfApproval) return;
  const isEnough = possibilities().every(
    ({ holds }) =>
      steps.reduce((sum, { condition, count }) => sum + (holds(condition) === false ? 0 : count), 0) <= 1,
  );
  if (!isEnough) return;
  const askers = membersOfAll(flow.requesters, members);
  const givers = membersOfAll(
    steps.flatMap(({ approvers }) => approvers),
    members,
  );
  const areApart = askers && givers && [...askers].every((person) => !givers.has(person));
  if (!areApart) report.add({ at: '/approval/allow_self_approval' }, 'own-approval');
};
