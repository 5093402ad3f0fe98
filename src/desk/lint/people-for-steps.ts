// Whether there are enough people for the steps of a request: one person fills one step, and the requester none.
import type { FlowStep } from '../../domain/flow.ts';
import type { Group, PersonId } from '../../domain/names.ts';
import { membersOfAll, type Members } from './known-members.ts';

export interface StepsForPeople {
  /** Those that are asked together. */
  readonly steps: readonly Pick<FlowStep, 'name' | 'approvers' | 'count'>[];
  readonly requesters: readonly Group[];
  readonly selfApproval: boolean;
  /** Undefined is as many as it takes. */
  readonly members: Members;
}

export interface Shortage {
  /** Together they ask for more people than there are; in the order of the flow. */
  readonly steps: readonly string[];
  /** How many approvals they want. */
  readonly wanted: number;
  /** All who could give them. */
  readonly people: readonly PersonId[];
  /** Where there would be enough if somebody else asked. */
  readonly requester?: PersonId;
}

/** Undefined where the steps can be met, whoever asks; of those who ask, only people that the flow names are looked at. */
export function findShortage(question: StepsForPeople): Shortage | undefined {
  const { steps, requesters, selfApproval, members } = question;
  const wanted = steps.reduce((sum, { count }) => sum + count, 0);
  const limited: readonly Limited[] = steps.flatMap(({ name, approvers, count }) => {
    const people = membersOfAll(approvers, members);
    // So many are enough, whatever the other steps take of them, and without the requester.
    return people === undefined || people.size > wanted ? [] : [{ name, count, people }];
  });
  const always = shortageWithout(undefined, limited);
  if (always || selfApproval || limited.length === 0) return always;
  for (const asker of requesters.flatMap((group) => namedBy(group, members))) {
    const found = shortageWithout(asker, limited);
    if (found) return { ...found, requester: asker };
  }
  return undefined;
}

/** Of a group of many, some may ask in vain: only who is meant by name is told of. */
function namedBy(group: Group, members: Members): readonly PersonId[] {
  return group.startsWith('person:') ? [...(members(group) ?? [])] : [];
}

interface Limited {
  readonly name: string;
  readonly count: number;
  readonly people: ReadonlySet<PersonId>;
}

/** By augmenting paths: what was tried in vain for a place are the steps that have too few people together. */
function shortageWithout(requester: PersonId | undefined, steps: readonly Limited[]): Shortage | undefined {
  const taken = new Map<PersonId, Limited>();
  for (const step of steps)
    for (let place = 0; place < step.count; place += 1) {
      const tried = new Set<PersonId>();
      if (fill(step, tried)) continue;
      const short = steps.filter(
        (each) => each === step || [...tried].some((person) => taken.get(person) === each),
      );
      return {
        steps: short.map(({ name }) => name),
        wanted: short.reduce((sum, { count }) => sum + count, 0),
        people: [...tried],
      };
    }
  return undefined;

  function fill(step: Limited, tried: Set<PersonId>): boolean {
    for (const person of step.people) {
      if (person === requester || tried.has(person)) continue;
      tried.add(person);
      const present = taken.get(person);
      if (present !== undefined && !fill(present, tried)) continue;
      taken.set(person, step);
      return true;
    }
    return false;
  }
}
