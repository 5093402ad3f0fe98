// Steps that cannot all be met, because they want more people than there are: as far as the desk's own files tell.
import type { Flow, FlowStep } from '../../domain/flow.ts';
import type { Lint } from './lint.ts';
import { membersOfAll, type Members } from './known-members.ts';
import { findShortage, type StepsForPeople } from './people-for-steps.ts';
import type { Possibility } from './possibilities.ts';

export const tooFewPeople: Lint = ({ flow, file, members, possibilities }, report) => {
  const { steps } = flow.approval;
  if (steps.every(({ approvers }) => membersOfAll(approvers, members) === undefined)) return;
  const told = new Set<string>();
  for (const question of questionsOf(flow, members, possibilities())) {
    const shortage = findShortage(question);
    if (shortage === undefined || told.has(shortage.steps.join())) continue;
    told.add(shortage.steps.join());
    const index = steps.findIndex(({ name }) => name === shortage.steps.at(-1));
    const isCount = shortage.steps.length === 1 && file.approval.steps[index]?.count !== undefined;
    const people = shortage.people.toSorted();
    const at = `/approval/steps/${index}/${isCount ? 'count' : 'approvers'}`;
    report.add({ at }, 'too-few-people', { ...shortage, people });
  }
};

/** Each set of steps that some request certainly asks people for, with those who may have asked. */
function questionsOf(
  flow: Flow,
  members: Members,
  possibilities: readonly Possibility[],
): readonly StepsForPeople[] {
  const { requesters, approval } = flow;
  const questions = new Map<string, StepsForPeople>();
  for (const possibility of possibilities) {
    if (!possibility.isReal) continue;
    const steps = approval.steps.filter((step) => asksPeople(step, flow, possibility));
    const askers = requesters.filter((group) => [...(members(group) ?? [])].every(possibility.mayBeOf));
    const key = [...steps.map(({ name }) => name), ...askers].join();
    questions.set(key, { steps, requesters: askers, selfApproval: approval.selfApproval, members });
  }
  return [...questions.values()];
}

/** Not where a rule may stand for it, or may deny the request. */
function asksPeople(
  { name, condition, peopleOnly }: FlowStep,
  { rules }: Flow,
  { holds }: Possibility,
): boolean {
  return (
    holds(condition) === true &&
    !rules.some(
      ({ condition: when, then }) =>
        holds(when) !== false &&
        ('deny' in then ? holds(when) === true : !peopleOnly && then.approve.includes(name)),
    )
  );
}
