// Who may decide, and whether enough have: worked out once more, in the simplest way, from the world and the entries.
import type { EntryOf } from '../../src/domain/entries.ts';
import { isSpeaker } from '../../src/domain/evolve.ts';
import type { Step as FlowStep } from '../../src/domain/flow.ts';
import type { Group } from '../../src/domain/names.ts';
import type { Request } from '../../src/domain/request.ts';
import { broken } from '../simulation/broken.ts';
import { currentSteps, openAfter, openIn, type Open } from './open-matter.ts';
import type { Step, WorldNow } from './told-history.ts';

interface Asked {
  readonly name: string;
  readonly count: number;
  readonly needs: readonly string[];
  readonly peopleOnly: boolean;
}

/** The steps of the pinned flow and those that the current one asks of this request. */
export function stepsAsked(open: Open, world: WorldNow): readonly Asked[] {
  const all = versionsOf(open, world);
  const names = new Set(all.map(({ name }) => name));
  return [...names].map((name) => {
    const versions = all.filter((step) => step.name === name);
    return {
      name,
      count: Math.max(...versions.map(({ count }) => count)),
      needs: versions.flatMap(({ needs }) => needs).filter((need) => names.has(need)),
      peopleOnly: versions.some((step) => step.peopleOnly),
    };
  });
}

function versionsOf(open: Open, world: WorldNow): readonly FlowStep[] {
  return [...open.pinned, ...currentSteps(open, world)];
}

/** Whether they belong to this step as it was pinned and as it is now. */
export function isPersonOf(step: string, person: string | null, open: Open, world: WorldNow): boolean {
  const versions = versionsOf(open, world).filter(({ name }) => name === step);
  const isIn = (group: Group): boolean => isMember(group, person, world);
  return versions.length > 0 && versions.every(({ approvers }) => approvers.some(isIn));
}

export function isMember(group: string, person: string | null, { groups }: WorldNow): boolean {
  const members = groups[group] ?? [];
  return members !== 'down' && person !== null && members.includes(person);
}

/** Who the requester is: as recorded, and by their account now. */
export function ownPeople({ requester }: Request, { links }: WorldNow): ReadonlySet<string> {
  return new Set([requester.person, links[requester.via.name] ?? requester.person]);
}

/** Whoever asked for what is to be decided, by whichever account. */
function askers({ more }: Open, request: Request, world: WorldNow): ReadonlySet<string> {
  const own = ownPeople(request, world);
  if (more === undefined) return own;
  const { person, via } = more.by;
  return new Set([...own, ...(person ? [person] : []), world.links[via.name] ?? ''].filter(Boolean));
}

function maySelfApprove({ policy }: Request, { flow }: WorldNow): boolean {
  return policy.selfApproval && typeof flow !== 'string' && flow.approval.selfApproval;
}

export function checkGiven(
  entry: EntryOf<'approval-given' | 'overridden'>,
  before: Request,
  world: WorldNow,
): void {
  const { by, data } = entry;
  const open = openIn(before);
  if (!isSpeaker(by) || by.person === null) return broken(5, 'Nobody approved it.');
  if (open === undefined) return broken(5, 'It was approved and did not wait.');
  const { person } = by;
  const { phase } = before;
  if (phase.status === 'pending' && (by.at ?? '') > phase.lapseAt)
    broken(5, 'It was approved after its deadline.');
  checkInTime(entry, open, before);
  if (typeof world.flow === 'string') broken(8, 'It was approved without its flow.');
  const isOwn = askers(open, before, world).has(person);
  if (isOwn && (entry.type === 'overridden' || !maySelfApprove(before, world)))
    broken(5, 'The requester approved it.');
  if (data.eligible.length === 0) broken(5, 'It counts for nothing.');
  if (entry.type === 'overridden') checkStandIn(entry, person, world);
  for (const name of data.eligible) {
    const step = stepsAsked(open, world).find((each) => each.name === name);
    const mayStandIn = entry.type === 'overridden' && step?.peopleOnly === false;
    if (!mayStandIn && !isPersonOf(name, person, open, world))
      broken(8, `${person} does not belong to ${name}.`);
    if (!fits(placesOf(needed(name, open, world), open, world), counted(open, before, world)))
      broken(5, `${name} was filled before what it needs.`);
  }
  const earlier = counted(open, before, world, person);
  if (earlier.length > 0 && !isComplete(open, before, world)) broken(5, `${person} approved twice.`);
}

/** More time is approved after it was asked, and before the access is over. */
function checkInTime(
  { by }: EntryOf<'approval-given' | 'overridden'>,
  { more }: Open,
  before: Request,
): void {
  const said = isSpeaker(by) ? (by.at ?? '') : '';
  if (more === undefined || before.phase.status !== 'active') return;
  if (said < more.said) broken(5, 'It was said before more was asked for.');
  if (before.phase.expiresAt && said >= before.phase.expiresAt) broken(3, 'It is extended after its end.');
}

function checkStandIn({ data }: EntryOf<'overridden'>, person: string, world: WorldNow): void {
  if (!isMember('role:admin', person, world)) broken(8, `${person} stood in and is no admin.`);
  if (data.reason.trim() === '') broken(8, `${person} stood in and did not say why.`);
}

/** Approved or extended exactly where different people can fill every place that no rule fills, the last approval included. */
export function checkApproved(step: Step): void {
  const open = openAfter(step);
  if (open === undefined) return broken(5, 'It was approved before it was asked.');
  if (open.holds.length > 0) broken(8, `It was approved while ${open.holds.join()} held it back.`);
  if (!isComplete(open, step.after, step.world)) broken(5, 'It was approved, and not every step is met.');
}

/** The other way round: what is complete does not go on waiting, once somebody who may says so. */
export function checkWaiting({ after, added, refusal, world }: Step): void {
  const isNew = added.some(({ entry }) => entry.type === 'approval-given' || entry.type === 'overridden');
  const isTurnedAway = refusal === 'step-already-met' || refusal === 'already-approved';
  const open = openIn(after);
  if ((isNew || isTurnedAway) && open && isComplete(open, after, world))
    broken(5, 'Every step is met, and it still waits.');
}

function isComplete(open: Open, request: Request, world: WorldNow): boolean {
  const names = stepsAsked(open, world).map(({ name }) => name);
  return fits(placesOf(names, open, world), counted(open, request, world));
}

/** What each person who counts now could fill. */
function counted(
  open: Open,
  request: Request,
  world: WorldNow,
  only?: string,
): readonly ReadonlySet<string>[] {
  const own = askers(open, request, world);
  const strict = stepsAsked(open, world).flatMap(({ name, peopleOnly }) => (peopleOnly ? [name] : []));
  const eligible = new Map<string, Set<string>>();
  for (const { account, eligible: all, asAdmin, stoodInFor } of open.approvals) {
    const person = world.links[account.replace('github:', '')];
    if (person === undefined || (own.has(person) && (asAdmin || !maySelfApprove(request, world)))) continue;
    const steps = all.filter((step) => !(stoodInFor.includes(step) && strict.includes(step)));
    if (steps.length === 0) continue;
    eligible.set(person, new Set([...(eligible.get(person) ?? []), ...steps]));
  }
  return [...eligible].flatMap(([person, steps]) => (only === undefined || only === person ? [steps] : []));
}

/** All that stands before a step. */
function needed(step: string, open: Open, world: WorldNow): readonly string[] {
  const needs = stepsAsked(open, world).find(({ name }) => name === step)?.needs ?? [];
  return [...new Set(needs.flatMap((need) => [need, ...needed(need, open, world)]))];
}

/** Places that people have to fill: none where a rule stands in, as the flow still has it. */
function placesOf(names: readonly string[], open: Open, world: WorldNow): readonly string[] {
  return stepsAsked(open, world)
    .filter(({ name, peopleOnly }) => names.includes(name) && (peopleOnly || !isCovered(name, open, world)))
    .flatMap(({ name, count }) => Array.from({ length: count }, () => name));
}

function isCovered(step: string, { covering, judged }: Open, { flow }: WorldNow): boolean {
  return covering.some(({ rule, steps }) => {
    if (!steps.includes(step)) return false;
    if (typeof flow === 'string') return true;
    const asked = judged.find(({ name }) => name === rule)?.if;
    const still = flow.rules.find(({ name, condition }) => name === rule && condition.source === asked);
    return still !== undefined && 'approve' in still.then && still.then.approve.includes(step);
  });
}

/** Tries every way to seat people: slow, short and certainly right. */
function fits([place, ...rest]: readonly string[], people: readonly ReadonlySet<string>[]): boolean {
  if (place === undefined) return true;
  if (rest.length + 1 > people.length) return false;
  return people.some((steps, index) => steps.has(place) && fits(rest, people.toSpliced(index, 1)));
}
