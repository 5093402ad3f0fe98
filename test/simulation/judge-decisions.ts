// Who and what approved it, seen from outside: steps are filled anew by trying every way, rules are asked what the town was like.
import type { Entry, EntryOf } from '../../src/domain/entries.ts';
import { hours } from '../../src/domain/duration.ts';
import { plus, type Instant } from '../../src/domain/names.ts';
import { broken } from './broken.ts';
import { mattersOf, type Matter } from './matters.ts';
import {
  countedAtLeast,
  countedAtMost,
  heldThroughout,
  mayHaveHeld,
  type Asked,
  type PastRequest,
} from './town-truth.ts';
import {
  flowAt,
  groupOfStep,
  peopleOnly,
  rulesOf,
  stepConditions,
  versions,
  type TownRule,
} from './town-flows.ts';
import { belonged, belongedAlways, inDoubt, type Town } from './town.ts';

export interface DecisionsAsked {
  readonly town: Town;
  readonly past: readonly PastRequest[];
  /** With the disk goes what was counted and not yet committed. */
  readonly storeWasLost: boolean;
}

/** Each decision on a request, and each on an extension of its access (5, 8). */
export function judgeDecisions(path: string, entries: readonly Entry[], asked: DecisionsAsked): void {
  for (const matter of mattersOf(path, entries)) {
    const about: Asked = { ...asked, matter };
    checkGiven(matter, asked.town);
    checkHolds(matter);
    checkAddedRules(matter, about);
    checkCounts(about);
    for (const entry of matter.entries) if (entry.type === 'rule-applied') checkRule(matter, entry, about);
    if (matter.closing && isApproved(matter)) checkComplete(matter, matter.closing.at, about);
  }
}

function isApproved({ closing }: Matter): boolean {
  return closing?.type === 'approved' || closing?.type === 'extended';
}

/** One person for one step, never whoever asked; a stand-in is an admin, says why, and is not for people of their own. */
function checkGiven(matter: Matter, town: Town): void {
  const { path, name, requester, given, opening } = matter;
  for (const [index, entry] of given.entries()) {
    const { by, at, data } = entry;
    const { person } = by;
    const from = by.at ?? at;
    const isSame = (other: string): boolean =>
      belongedAlways(town, person, `account:${other}`, plus(at, -inDoubt), at);
    // Said once more, it may be what completes it; it counts once all the same.
    const isLast = index === given.length - 1 && isApproved(matter);
    const others = isLast ? [] : given.slice(0, index).map(({ by: { via } }) => via.name);
    for (const other of [requester, ...others])
      if (isSame(other)) broken(5, `${by.via.name} is ${other}, who had spoken, and approved ${path}.`);
    const theirs = data.eligible.filter((step) => belonged(town, person, groupOfStep[step] ?? '', from, at));
    if (entry.type === 'approval-given') {
      if (theirs.length < data.eligible.length)
        broken(8, `${by.via.name} did not belong to all of ${data.eligible.join()} in ${path}.`);
      checkMessage(path, name, entry.data.message);
      continue;
    }
    if (!belonged(town, person, 'role:admin', from, at))
      broken(8, `${by.via.name} stood in for ${path} and was no admin.`);
    if (entry.data.reason.trim() === '')
      broken(8, `${by.via.name} stood in for ${path} and did not say why.`);
    if (data.eligible.some((step) => peopleOnly.has(step) && !theirs.includes(step)))
      broken(8, `${by.via.name} stood in for a step of ${path} that only its own people meet.`);
    if (requester === by.via.name || opening.by.person === person)
      broken(5, `${by.via.name} stood in for their own ${path}.`);
  }
}

function checkMessage(path: string, flow: string, message: string | undefined): void {
  const policy = flowAt(flow, 'c1')?.approval.decisionMessage;
  if (policy === 'required' && (message ?? '').trim() === '')
    broken(8, `${path} was approved without a word, which its flow wants.`);
  if (policy === 'off' && message !== undefined) broken(8, `${path} keeps what its flow does not want kept.`);
}

/** Nothing is approved while a rule that may deny cannot be judged, unless an admin lifts that. */
function checkHolds(matter: Matter): void {
  const { path, entries } = matter;
  const holds = new Set<string>();
  for (const entry of entries) {
    if (entry.type === 'rule-applied') {
      if (entry.data.effect === 'hold') holds.add(entry.data.rule);
      if (entry.data.effect === 'release' && !holds.delete(entry.data.rule))
        broken(8, `${path} is released from ${entry.data.rule}, which did not hold it.`);
    }
    if (entry.type === 'overridden') for (const rule of entry.data.lifts ?? []) holds.delete(rule);
    if (entry.type === 'approval-given' && holds.size > 0)
      broken(8, `${path} was approved while ${[...holds].join()} held it back.`);
  }
  if (isApproved(matter) && holds.size > 0)
    broken(8, `${path} went on while ${[...holds].join()} held it back.`);
}

/** A rule that the flow has had since denies as well: nobody's approval counts while it does. */
function checkAddedRules(matter: Matter, asked: Asked): void {
  const { path, name, said, opening, given } = matter;
  const atFirst = rulesInForce(matter, said, opening.at, asked.town);
  for (const entry of given) {
    const { at } = entry;
    const lifts = entry.type === 'overridden' ? (entry.data.lifts ?? []) : [];
    for (const rule of rulesThroughout(matter, at, asked.town)) {
      const isAdded = !atFirst.some((other) => other.name === rule.name);
      if (!isAdded || rule.approve || lifts.includes(rule.name)) continue;
      if (heldThroughout(rule.test, at, asked, plus(at, -inDoubt)))
        broken(8, `${path} was approved, and ${rule.name}, which ${name} has by now, denies it.`);
    }
  }
}

/** What rules were told of earlier requests is what the ledger holds of them, without the request itself. */
function checkCounts({ matter, past, storeWasLost }: Asked): void {
  const { facts = {} } = matter.opening.data.judged ?? {};
  const counted = facts[`requester.requests('3h')`];
  if (typeof counted !== 'number' || storeWasLost) return;
  const [least, most] = [
    countedAtLeast(hours(3), { past, matter }),
    countedAtMost(hours(3), { past, matter }),
  ];
  if (counted < least || counted > most)
    broken(8, `${matter.path} counts ${counted} earlier requests, and there were ${least} to ${most}.`);
}

/** A rule had its effect: it was in the flow, it could hold, and it names the steps. */
function checkRule(matter: Matter, { at, data, seq, by }: EntryOf<'rule-applied'>, asked: Asked): void {
  // Code of the flow is no rule, and in this town it stands for nobody.
  if ('system' in by && by.system === 'code') {
    if (data.effect !== 'deny') broken(8, `${matter.path}: code stood for steps, and had not said so.`);
    return;
  }
  const { path, closing } = matter;
  const rule = rulesInForce(matter, matter.said, at, asked.town).find(({ name }) => name === data.rule);
  if (data.effect === 'release') return;
  if (rule === undefined) return broken(8, `${path} obeys ${data.rule}, which its flow does not have.`);
  if ((data.effect === 'approve') !== (rule.approve !== undefined))
    broken(8, `${data.rule} does ${data.effect} in ${path}.`);
  if (data.effect === 'hold') return;
  if (!mayHaveHeld(rule.test, at, asked)) broken(8, `${data.rule} was applied to ${path}, and did not hold.`);
  if (data.effect === 'approve') {
    const named = (data.steps ?? []).every((step) => rule.approve?.includes(step) && !peopleOnly.has(step));
    if (!named) broken(8, `${data.rule} stands for ${data.steps?.join()} in ${path}.`);
    return;
  }
  const isDenied = closing && closing.seq === seq + 1 && closing.type.endsWith('denied');
  if (!isDenied) broken(8, `${data.rule} denied ${path}, which went on.`);
}

/** All places are filled by different people or by rules that still stand, and nothing that denies it was passed over. */
function checkComplete(matter: Matter, at: Instant, asked: Asked): void {
  const { path, given, opening, deadline } = matter;
  const { town } = asked;
  // What waits for nobody asks no place of people; what denies it does all the same.
  const isUrgent = opening.type === 'requested' && opening.data.breakGlass !== undefined;
  const covered = new Set(coveredSteps(matter, at, town));
  const places = placesAsked(matter, at, asked).filter((step) => !covered.has(step));
  if (!isUrgent && !fits(places, votersOf(matter, at, town)))
    broken(5, `${path} asks ${places.join()} of people, and was approved by ${given.length}.`);
  for (const { by } of given)
    if (deadline !== undefined && (by.at ?? at) > deadline)
      broken(5, `${path} was approved after its deadline.`);
  for (const rule of rulesThroughout(matter, at, town)) {
    if (rule.approve || !heldThroughout(rule.test, at, asked)) continue;
    const isLifted = given.some(
      (entry) => entry.type === 'overridden' && entry.data.lifts?.includes(rule.name),
    );
    if (!isLifted)
      broken(8, `${path} was approved by ${opening.by.via.name}’s rules, and ${rule.name} denies it.`);
  }
}

/** A place for each that a step asks, with what the flow asks by now. */
function placesAsked(matter: Matter, at: Instant, asked: Asked): readonly string[] {
  const { path, name, steps } = matter;
  const original = flowAt(name, 'c1')?.approval.steps ?? [];
  for (const step of original) {
    const test = stepConditions[name]?.[step.name];
    const isSpared = step.condition !== undefined && !(test && heldThroughout(test, at, asked));
    if (!isSpared && !steps.some((each) => each.name === step.name))
      broken(8, `${path} does not ask ${step.name}.`);
  }
  const isStrict = belongedAlways(asked.town, 'c2', `flow:${name}`, plus(at, -inDoubt), at);
  const added = isStrict && !steps.some((step) => step.name === 'platform') ? ['platform'] : [];
  return [...steps.flatMap((step) => Array.from({ length: step.count }, () => step.name)), ...added];
}

/** By rules that the flow may still have had. */
function coveredSteps({ name, entries }: Matter, at: Instant, town: Town): readonly string[] {
  const still = versionsBetween(name, plus(at, -inDoubt), at, town).flatMap((version) =>
    rulesOf(name, version),
  );
  return entries.flatMap((entry) => {
    if (entry.type !== 'rule-applied' || entry.data.effect !== 'approve') return [];
    const named = still
      .filter((rule) => rule.name === entry.data.rule)
      .flatMap(({ approve = [] }) => approve);
    return (entry.data.steps ?? []).filter((step) => named.includes(step));
  });
}

function rulesInForce({ name }: Matter, from: Instant, to: Instant, town: Town): readonly TownRule[] {
  return versionsBetween(name, plus(from, -inDoubt), to, town).flatMap((version) => rulesOf(name, version));
}

/** Those that the flow had all the while before the decision. */
function rulesThroughout({ name }: Matter, at: Instant, town: Town): readonly TownRule[] {
  const [first, ...rest] = versionsBetween(name, plus(at, -inDoubt), at, town);
  if (first === undefined) return [];
  return rulesOf(name, first).filter((rule) =>
    rest.every((version) => rulesOf(name, version).some((other) => other.name === rule.name)),
  );
}

function versionsBetween(name: string, from: Instant, to: Instant, town: Town): readonly string[] {
  return versions.filter((version) => belonged(town, version, `flow:${name}`, from, to));
}

/** Each person once, with all that they could fill: by the links that were certain then, else as recorded. */
function votersOf({ given, requester }: Matter, at: Instant, town: Town): readonly ReadonlySet<string>[] {
  const voters = new Map<string, Set<string>>();
  const own = linkedTo(requester, at, town);
  for (const { by, data } of given) {
    const person = linkedTo(by.via.name, at, town) ?? by.person;
    if (person !== own) voters.set(person, new Set([...(voters.get(person) ?? []), ...data.eligible]));
  }
  return [...voters.values()];
}

function linkedTo(name: string, at: Instant, town: Town): string | undefined {
  const from = plus(at, -inDoubt);
  return town.stays.find(
    ({ person, group }) => group === `account:${name}` && belongedAlways(town, person, group, from, at),
  )?.person;
}

/** Tries every way to seat people: slow, short and certainly right. */
function fits([place, ...rest]: readonly string[], people: readonly ReadonlySet<string>[]): boolean {
  if (place === undefined) return true;
  return people.some((steps, index) => steps.has(place) && fits(rest, people.toSpliced(index, 1)));
}
