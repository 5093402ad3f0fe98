// Who may decide, and whether enough have: worked out once more, in the simplest way, from the world and the entries.
import type { EntryOf } from '../../src/domain/entries.ts';
import { isSpeaker } from '../../src/domain/evolve.ts';
import type { Step as FlowStep } from '../../src/domain/flow.ts';
import type { Group } from '../../src/domain/names.ts';
import type { Request } from '../../src/domain/request.ts';
import { broken } from '../simulation/broken.ts';
import type { Step, WorldNow } from './told-history.ts';

/** The steps of the pinned flow and those that the current one asks of this request. */
export function stepsAsked(
  request: Request,
  world: WorldNow,
): readonly { name: string; count: number; needs: readonly string[] }[] {
  const current = currentSteps(world);
  const names = new Set([...request.policy.steps, ...current].map(({ name }) => name));
  return [...names].map((name) => {
    const versions = [...request.policy.steps, ...current].filter((step) => step.name === name);
    return {
      name,
      count: Math.max(...versions.map(({ count }) => count)),
      needs: versions.flatMap(({ needs }) => needs).filter((need) => names.has(need)),
    };
  });
}

function currentSteps({ flow }: WorldNow): readonly FlowStep[] {
  if (typeof flow === 'string') return [];
  return flow.approval.steps.filter(({ condition }) => condition?.judge({ fields: {} }) !== false);
}

/** Whether they belong to this step as it was pinned and as it is now. */
export function isPersonOf(step: string, person: string | null, request: Request, world: WorldNow): boolean {
  const versions = [...request.policy.steps, ...currentSteps(world)].filter(({ name }) => name === step);
  const isIn = (group: Group): boolean => {
    const members = world.groups[group] ?? [];
    return members !== 'down' && person !== null && members.includes(person);
  };
  return versions.length > 0 && versions.every(({ approvers }) => approvers.some(isIn));
}

/** Who the requester is: as recorded, and by their account now. */
export function ownPeople({ requester }: Request, { links }: WorldNow): ReadonlySet<string> {
  return new Set([requester.person, links[requester.via.name] ?? requester.person]);
}

function maySelfApprove({ policy }: Request, { flow }: WorldNow): boolean {
  return policy.selfApproval && typeof flow !== 'string' && flow.approval.selfApproval;
}

export function checkGiven({ by, data }: EntryOf<'approval-given'>, before: Request, world: WorldNow): void {
  if (!isSpeaker(by) || by.person === null) return broken(5, 'Nobody approved it.');
  const { person } = by;
  if (before.phase.status !== 'pending') return broken(5, 'It was approved and did not wait.');
  if ((by.at ?? '') > before.phase.lapseAt) broken(5, 'It was approved after its deadline.');
  if (typeof world.flow === 'string') broken(8, 'It was approved without its flow.');
  if (ownPeople(before, world).has(person) && !maySelfApprove(before, world))
    broken(5, 'The requester approved it.');
  if (data.eligible.length === 0) broken(5, 'It counts for nothing.');
  for (const step of data.eligible)
    if (!isPersonOf(step, person, before, world)) broken(8, `${person} does not belong to ${step}.`);
  for (const step of data.eligible)
    if (!fits(placesOf(needed(step, before, world), before, world), counted(before, world)))
      broken(5, `${step} was filled before what it needs.`);
  const earlier = before.approvals.map(({ account }) => world.links[account.replace('github:', '')]);
  if (earlier.includes(person)) broken(5, `${person} approved twice.`);
}

/** Approved exactly where different people can fill every place, the last approval included. */
export function checkApproved({ before, after, world }: Step): void {
  if (before === undefined) return broken(5, 'It was approved before it was asked.');
  if (!isComplete(after, world)) broken(5, 'It was approved, and not every step is met.');
}

/** The other way round: what is complete does not go on waiting, once somebody who may says so. */
export function checkWaiting({ after, added, refusal, world }: Step): void {
  const isNew = added.some(({ entry }) => entry.type === 'approval-given');
  const isTurnedAway = refusal === 'step-already-met' || refusal === 'already-approved';
  if ((isNew || isTurnedAway) && after.phase.status === 'pending' && isComplete(after, world))
    broken(5, 'Every step is met, and it still waits.');
}

function isComplete(request: Request, world: WorldNow): boolean {
  const names = stepsAsked(request, world).map(({ name }) => name);
  return fits(placesOf(names, request, world), counted(request, world));
}

/** What each person who counts now could fill. */
function counted(request: Request, world: WorldNow): readonly ReadonlySet<string>[] {
  const own = ownPeople(request, world);
  const eligible = new Map<string, Set<string>>();
  for (const { account, eligible: steps } of request.approvals) {
    const person = world.links[account.replace('github:', '')];
    if (person === undefined || (own.has(person) && !maySelfApprove(request, world))) continue;
    eligible.set(person, new Set([...(eligible.get(person) ?? []), ...steps]));
  }
  return [...eligible.values()];
}

/** All that stands before a step. */
function needed(step: string, request: Request, world: WorldNow): readonly string[] {
  const needs = stepsAsked(request, world).find(({ name }) => name === step)?.needs ?? [];
  return [...new Set(needs.flatMap((need) => [need, ...needed(need, request, world)]))];
}

function placesOf(names: readonly string[], request: Request, world: WorldNow): readonly string[] {
  return stepsAsked(request, world)
    .filter(({ name }) => names.includes(name))
    .flatMap(({ name, count }) => Array.from({ length: count }, () => name));
}

/** Tries every way to seat people: slow, short and certainly right. */
function fits([place, ...rest]: readonly string[], people: readonly ReadonlySet<string>[]): boolean {
  if (place === undefined) return true;
  if (rest.length + 1 > people.length) return false;
  return people.some((steps, index) => steps.has(place) && fits(rest, people.toSpliced(index, 1)));
}
