// Who may have access without approval, and who says afterwards what they think of it: worked out from the world and the entries.
import type { Entry, EntryOf } from '../../src/domain/entries.ts';
import { isSpeaker } from '../../src/domain/evolve.ts';
import type { BreakGlassOffer } from '../../src/domain/flow.ts';
import { isOver } from '../../src/domain/request.ts';
import { broken } from '../simulation/broken.ts';
import { isMember, ownPeople } from './judge-people.ts';
import type { Step, WorldNow } from './told-history.ts';

export function judgeReview(step: Step): void {
  const { added, lines, command } = step;
  for (const { entry } of added) {
    if (entry.type === 'requested' && entry.data.breakGlass) checkBroken(entry, step);
    if (entry.type === 'review-closed') checkClosed(entry, step);
    if (entry.type === 'review-reminded' && command.type !== 'note-time')
      broken(3, 'A review was raised by something else than time.');
  }
  const all = lines.map(({ entry }) => entry);
  checkCounts(all);
  if (command.type === 'note-time') checkRaised(step);
}

function offerNow({ flow }: WorldNow): BreakGlassOffer | undefined {
  return typeof flow === 'string' ? undefined : flow.breakGlass;
}

function checkBroken({ by, data, at }: EntryOf<'requested'>, { command, world }: Step): void {
  const offer = offerNow(world);
  const said = command.type === 'request' ? command.breakGlass : undefined;
  if (offer === undefined || said === undefined) return broken(8, 'The glass was broken of itself.');
  const person = isSpeaker(by) ? by.person : null;
  if (!offer.who.some((each) => isMember(each, person, world)))
    broken(8, `${person} may not break the glass.`);
  if (said.reason.trim() === '') broken(8, 'The glass was broken for no reason.');
  const { target, duration } = data.form;
  if (said.confirm !== target?.name) broken(8, `${target?.name} was confirmed as ${said.confirm}.`);
  if (offer.targets && !offer.targets.includes(target?.name ?? ''))
    broken(12, `${target?.name} is not behind glass.`);
  if (typeof duration !== 'number' || duration > offer.max)
    broken(12, `It lasts ${duration}, of ${offer.max}.`);
  if (world.reviews === 'down') return broken(8, 'The glass was broken by one whose debts nobody knows.');
  for (const debt of world.reviews) {
    const debtors = [debt.person, world.links[debt.account.replace('github:', '')]];
    if (debtors.includes(person ?? '') && debt.deadline <= at)
      broken(8, `${person} has a review to wait for.`);
  }
}

/** Every break-glass has exactly one review, unless a rule denied it; nothing else has any. */
function checkCounts(entries: readonly Entry[]): void {
  const count = (type: Entry['type']): number => entries.filter((entry) => entry.type === type).length;
  const [first] = entries;
  const isBroken = first?.type === 'requested' && first.data.breakGlass !== undefined;
  const isDenied = count('denied') > 0;
  if (count('review-opened') !== (isBroken && !isDenied ? 1 : 0))
    broken(3, `${count('review-opened')} reviews were asked for.`);
  if (count('review-closed') > 1) broken(6, 'It was reviewed twice.');
  const closed = entries.findIndex(({ type }) => type === 'review-closed');
  const last = entries.findLastIndex(({ type }) => type === 'review-reminded');
  if (closed !== -1 && last > closed) broken(3, 'It was raised after it was reviewed.');
}

function checkClosed({ by, data, at }: EntryOf<'review-closed'>, { before, world }: Step): void {
  const review = before?.review;
  if (before === undefined || review === undefined || !isSpeaker(by) || by.person === null)
    return broken(5, 'Nothing was reviewed, or by nobody.');
  const { person } = by;
  if (ownPeople(before, world).has(person)) broken(5, `${person} reviewed their own.`);
  if (data.message.trim() === '') broken(8, 'It was reviewed without a word.');
  const isThere = before.granted !== undefined || isOver(before) || before.phase.status === 'deescalating';
  if (!isThere) broken(5, 'It was reviewed before it was there.');
  const now = offerNow(world)?.reviewers;
  const versions = [review.reviewers, ...(now ? [now] : [])];
  const isReviewer = versions.every((groups) => groups.some((each) => isMember(each, person, world)));
  const mayStandIn = isMember('role:admin', person, world) && at >= review.deadline;
  if (world.flow === 'unavailable') broken(8, 'It was reviewed while nobody knew the flow.');
  if (data.as === 'admin' ? !mayStandIn : !isReviewer) broken(8, `${person} may not review it.`);
}

/** What is not reviewed in time is known to be so as soon as somebody looks at the clock. */
function checkRaised({ after: { review }, now }: Step): void {
  if (review === undefined || review.closed || review.deadline > now) return;
  if (review.reminded < 2) broken(3, 'A review is overdue, and nobody says so.');
}
