// Access that waited for nobody, seen from outside: who had it, what they owed, and that a second person looked at it or everybody knows that nobody did.
import type { Entry, EntryOf } from '../../src/domain/entries.ts';
import { isSpeaker } from '../../src/domain/evolve.ts';
import { plus, type Instant } from '../../src/domain/names.ts';
import { broken } from './broken.ts';
import type { LedgerFileRead } from './judge.ts';
import { urgency } from './town-flows.ts';
import { belonged, belongedAlways, inDoubt, type Town } from './town.ts';

interface Asked {
  readonly town: Town;
  readonly storeWasLost: boolean;
}

/** Of one request, with all others: a debt is of another. */
export function judgeReview(
  { request: { id }, entries }: LedgerFileRead,
  files: readonly LedgerFileRead[],
  asked: Asked,
): void {
  const [first] = entries;
  const opened = entries.filter((entry) => entry.type === 'review-opened');
  const isUrgent = first?.type === 'requested' && first.data.breakGlass !== undefined;
  const isDenied = entries.some(({ type }) => type === 'denied');
  if (opened.length !== (isUrgent && !isDenied ? 1 : 0)) broken(3, `${id} has ${opened.length} reviews.`);
  const [review] = opened;
  if (!isUrgent || first.type !== 'requested') return;
  checkBroken(id, first, asked.town);
  checkDebts(id, first, files, asked);
  if (review) checkReview(id, review, entries, asked.town);
}

function checkBroken(id: string, { by, at, data }: EntryOf<'requested'>, town: Town): void {
  if (!isSpeaker(by) || by.person === null) return broken(8, `Nobody broke the glass of ${id}.`);
  const who = urgency.who.some((team) => belonged(town, by.person ?? '', team, by.at ?? at, at));
  if (!who) broken(8, `${by.via.name} broke the glass of ${id}, and was not on call.`);
  if ((data.breakGlass?.reason ?? '').trim() === '')
    broken(8, `The glass of ${id} was broken for no reason.`);
  const { duration } = data.form;
  if (typeof duration !== 'number' || duration > urgency.max)
    broken(12, `${id} lasts ${duration} without approval.`);
  const comment = town.issues.flatMap(({ comments }) => comments).find(({ ref }) => ref === by.via.ref);
  if (comment?.form?.breakGlass?.confirm !== data.form.target?.name)
    broken(8, `${id} was confirmed as ${comment?.form?.breakGlass?.confirm}.`);
}

/** What was overdue for certain when it was asked, and was theirs for certain. */
function checkDebts(
  id: string,
  { by, at }: EntryOf<'requested'>,
  files: readonly LedgerFileRead[],
  { town, storeWasLost }: Asked,
): void {
  if (!isSpeaker(by) || storeWasLost) return;
  for (const { request, entries } of files) {
    const opened = entries.find((entry) => entry.type === 'review-opened');
    const closed = entries.find(({ type }) => type === 'review-closed');
    if (opened === undefined || request.id === id || opened.data.deadline > at) continue;
    if (closed && closed.at <= at) continue;
    const { person, via } = request.requester;
    const isTheirs =
      person === by.person ||
      belongedAlways(town, by.person ?? '', `account:${via.name}`, plus(at, -inDoubt), at);
    if (isTheirs) broken(8, `${by.via.name} broke the glass of ${id}, and owes the review of ${request.id}.`);
  }
}

/** By a second person who is a reviewer, or by an admin once it is overdue; else it is raised, and goes on being so. */
function checkReview(
  id: string,
  opened: EntryOf<'review-opened'>,
  entries: readonly Entry[],
  town: Town,
): void {
  const { deadline } = opened.data;
  if (deadline !== plus(opened.at, urgency.reviewWithin))
    broken(3, `The review of ${id} has another deadline.`);
  const closings = entries.filter((entry) => entry.type === 'review-closed');
  const raised = entries.filter((entry) => entry.type === 'review-reminded');
  if (closings.length > 1) broken(6, `${id} was reviewed ${closings.length} times.`);
  const [closing] = closings;
  if (closing) checkClosing(id, closing, { deadline, entries, town });
  else if (!raised.some(({ data }) => data.times >= 2))
    broken(3, `Nobody reviewed ${id}, and nobody was told.`);
  for (const { at, data } of raised) {
    if (data.times >= 2 && at < deadline) broken(3, `The review of ${id} is called overdue too early.`);
    if (closing && at > closing.at) broken(3, `The review of ${id} was raised after it was given.`);
  }
}

function checkClosing(
  id: string,
  { by, at, seq, data }: EntryOf<'review-closed'>,
  {
    deadline,
    entries,
    town,
  }: { readonly deadline: Instant; readonly entries: readonly Entry[]; readonly town: Town },
): void {
  const [first] = entries;
  if (!isSpeaker(by) || by.person === null || !first || !isSpeaker(first.by))
    return broken(5, `Nobody reviewed ${id}.`);
  const { person } = by;
  const from = by.at ?? at;
  const isOwn =
    person === first.by.person ||
    belongedAlways(town, person, `account:${first.by.via.name}`, plus(at, -inDoubt), at);
  if (isOwn) broken(5, `${by.via.name} reviewed their own ${id}.`);
  if (data.message.trim() === '') broken(8, `${by.via.name} reviewed ${id} without a word.`);
  const team = data.as === 'admin' ? ['role:admin'] : urgency.reviewers;
  if (data.as === 'admin' && at < deadline) broken(8, `An admin reviewed ${id} before it was overdue.`);
  if (!team.some((each) => belonged(town, person, each, from, at)))
    broken(8, `${by.via.name} reviewed ${id}, and is no reviewer.`);
  const before = entries.filter((entry) => entry.seq < seq).map(({ type }) => type);
  if (!before.includes('escalated') && !before.includes('deescalation-started') && !isOverBy(before))
    broken(5, `${id} was reviewed before access was there.`);
}

function isOverBy(types: readonly string[]): boolean {
  return types.includes('revoke-asked') || types.includes('escalation-failed');
}
