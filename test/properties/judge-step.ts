// What may never be, whatever the history: DESIGN.md, section 3, as far as the domain alone can break it.
import { isDeepStrictEqual } from 'node:util';
import { decide } from '../../src/domain/decide.ts';
import type { EntryOf, EntryType, Speaker } from '../../src/domain/entries.ts';
import { hashLine, parseLine } from '../../src/domain/entry-line.ts';
import { evolveAll, evolveLine, isSpeaker } from '../../src/domain/evolve.ts';
import { plus } from '../../src/domain/names.ts';
import { outstanding } from '../../src/domain/outstanding.ts';
import { nextDeadline } from '../../src/domain/deadlines.ts';
import { isOver, type Request } from '../../src/domain/request.ts';
import { noFacts } from '../builders/facts.ts';
import { broken } from '../simulation/broken.ts';
import { checkApproved, checkGiven, isMember, isPersonOf, ownPeople, stepsAsked } from './judge-people.ts';
import { judgeReview } from './judge-review.ts';
import { judgeRulesOf } from './judge-rules.ts';
import { agreedTo, judgeTime } from './judge-time.ts';
import { openIn } from './open-matter.ts';
import { factsIn, type Step, type WorldNow } from './told-history.ts';

/** `seen`: what was owed in earlier steps of the same history. */
export function judgeStep(step: Step, seen: Set<string>): void {
  checkChain(step);
  checkFold(step);
  checkEnds(step);
  checkDecisions(step);
  judgeRulesOf(step);
  judgeTime(step);
  judgeReview(step);
  checkGrant(step);
  checkNotices(step, seen);
  checkTurns(step);
  checkOwed(step);
}

function checkChain({ lines, added, now, before }: Step): void {
  const refs = new Set<string>();
  for (const [index, { entry }] of lines.entries()) {
    const previous = lines[index - 1];
    if (entry.seq !== index + 1) broken(7, `Entry ${entry.seq} is at place ${index + 1}.`);
    if (entry.prev !== (previous ? hashLine(previous.line) : null)) broken(7, 'The chain is broken.');
    if (previous && entry.at < previous.entry.at) broken(7, 'Time runs back.');
    if (!isSpeaker(entry.by)) continue;
    // A decision and what it sets off may be of one voice; another decision may not.
    if (refs.has(entry.by.via.ref)) broken(6, `${entry.by.via.ref} took effect twice.`);
    refs.add(entry.by.via.ref);
  }
  for (const { entry } of added)
    if (entry.at < now || (before && entry.at > (before.lastAt > now ? before.lastAt : now)))
      broken(7, 'An entry has another time than its decision.');
}

function checkFold({ lines, added, after, before }: Step): void {
  for (const { entry, line } of added) {
    const parsed = parseLine(line);
    if (!('entry' in parsed) || JSON.stringify(parsed.entry) !== line)
      broken(7, 'A line reads back differently.');
    else if (!isDeepStrictEqual(parsed.entry, entry)) broken(7, `A line loses something of ${entry.type}.`);
  }
  if (added.length === 0) return;
  if (!isDeepStrictEqual(evolveAll(lines), after)) broken(7, 'Its entries fold into another state.');
  const kept = added.reduce<Request | undefined>((state, { line }) => evolveLine(state, line), before);
  if (!isDeepStrictEqual(kept, after)) broken(7, 'Its lines fold into another state.');
}

function checkEnds({ before, after, added }: Step): void {
  if (before === undefined || !isOver(before)) return;
  if (!isDeepStrictEqual(before.phase, after.phase))
    broken(5, `It ended ${before.phase.status}, and changed.`);
  const about: readonly EntryType[] = [
    'notified',
    'undelivered',
    'refused',
    'review-reminded',
    'review-closed',
  ];
  if (!added.every(({ entry }) => about.includes(entry.type)))
    broken(5, 'Something was decided after its end.');
}

function checkDecisions(step: Step): void {
  const { before, after, world, added } = step;
  for (const { entry } of added) {
    if (entry.type === 'requested') checkRequested(entry, world);
    const isBroken = entry.type === 'approved' && after.breakGlass !== undefined;
    if ((entry.type === 'approved' && !isBroken) || entry.type === 'extended') checkApproved(step);
    if (before === undefined) continue;
    const { by, type } = entry;
    if (type === 'approval-given' || type === 'overridden') checkGiven(entry, before, world);
    if (!isSpeaker(by) || type === 'refused') continue;
    if (by.person === null || world.links[by.via.name] !== by.person)
      broken(8, `${by.via.name} did something (${type}) and is not linked to ${by.person}.`);
    if (type === 'denied' || type === 'extension-denied') checkDenied(by, before, world);
    if (type === 'cancelled' && !ownPeople(before, world).has(by.person)) broken(5, 'Another withdrew it.');
    if (type === 'revoke-asked') checkRevoked(by, before, world);
    if (type === 'revoke-asked' && !['ended', 'deescalating'].includes(after.phase.status))
      broken(3, `It was ended early and is ${after.phase.status}.`);
  }
}

function checkRequested({ by, data }: EntryOf<'requested'>, world: WorldNow): void {
  const { flow } = world;
  if (!isSpeaker(by) || typeof flow === 'string') return broken(8, 'Nobody asked, or for nothing.');
  const mayAsk = flow.requesters.some((each) => isMember(each, by.person, world));
  if (!mayAsk) broken(8, `${by.person} may not ask.`);
  if (data.policy.steps.length === 0) broken(5, 'Nobody is asked.');
}

function checkDenied(by: Speaker, before: Request, world: WorldNow): void {
  const open = openIn(before);
  if (open === undefined) return broken(5, 'It was denied and did not wait.');
  if (before.phase.status === 'pending' && (by.at ?? '') > before.phase.lapseAt)
    broken(5, 'It was denied after its deadline.');
  if (ownPeople(before, world).has(by.person ?? '')) broken(5, 'The requester denied it.');
  if (!stepsAsked(open, world).some(({ name }) => isPersonOf(name, by.person, open, world)))
    broken(8, `${by.person} is no approver and denied it.`);
}

function checkRevoked({ person }: Speaker, before: Request, world: WorldNow): void {
  const { links } = world;
  const { allowRevoke } = before.policy;
  const own = person === before.requester.person || person === links[before.requester.via.name];
  const approvers = before.stepsInForce.flatMap((each) => each.approvers);
  const isBroken = before.breakGlass !== undefined;
  const reviewers = before.review?.reviewers ?? [];
  const may =
    (own && (isBroken || allowRevoke.includes('requester'))) ||
    ((isBroken || allowRevoke.includes('approvers')) &&
      approvers.some((each) => isMember(each, person, world))) ||
    reviewers.some((each) => isMember(each, person, world)) ||
    isMember('role:admin', person, world);
  if (!may) broken(8, `${person} may not end it.`);
}

function checkGrant({ added, lines, before, after, world, now }: Step): void {
  for (const { entry } of added) {
    if (entry.type === 'escalation-started') {
      const { grant } = entry.data;
      const { form, policy } = after;
      const agreed = agreedTo(lines.map((line) => line.entry));
      if ('missing' in world.access) return broken(4, 'It is granted without knowing what was there.');
      const [oldest] = world.access.live;
      if (grant.before !== (oldest?.before ?? world.access.holds))
        broken(4, 'It forgets what was there before.');
      if (
        !isDeepStrictEqual(
          [grant.settings, grant.duration, grant.strategy],
          [form.target?.settings, agreed, policy.strategy],
        )
      )
        broken(12, 'It grants something else than what was asked.');
      if (now >= grant.startBy) broken(2, 'It starts after start-by.');
      const approved = before?.phase.status === 'approved' ? before.phase.startBy : undefined;
      if (approved !== undefined && approved !== grant.startBy) broken(2, 'It puts start-by off.');
      const end = grant.duration === 'until-revoked' ? undefined : plus(grant.startBy, grant.duration);
      if (grant.endBy !== end) broken(3, 'Its end-by is not start-by and the duration.');
    }
    if (entry.type === 'escalated' && before && 'grant' in before.phase) {
      const { duration, endBy } = before.phase.grant;
      const { expiresAt } = entry.data;
      const latest = duration === 'until-revoked' ? undefined : plus(now, duration);
      if ((expiresAt === undefined) !== (latest === undefined)) broken(3, 'It never expires, or does.');
      if (expiresAt && latest && endBy && (expiresAt > latest || expiresAt > endBy))
        broken(12, 'It lasts longer than was approved.');
    }
  }
}

function checkNotices({ before, after }: Step, seen: Set<string>): void {
  for (const { notice, to } of after.notices) {
    if (before?.notices.some((owed) => owed.notice === notice && owed.to === to)) continue;
    if (seen.has(`${notice} ${to}`)) broken(9, `${notice} is owed again to ${to}.`);
    if (before?.messages.some((message) => message.notice === notice && message.to === to))
      broken(9, `${notice} was said to ${to} already.`);
    seen.add(`${notice} ${to}`);
  }
}

/** Whoever may end it, does; and what was not begun by start-by is not begun any more. */
function checkTurns({ command, before, after, refusal, world }: Step): void {
  const isLive = before && ['approved', 'escalating', 'active'].includes(before.phase.status);
  const isHeard = 'voice' in command && before?.heard.includes(command.voice.ref);
  const isEnding = command.type === 'revoke' || command.type === 'deny' || command.type === 'cancel';
  const isOfExtension = command.type === 'deny' && before !== undefined && openIn(before) !== undefined;
  if (
    isEnding &&
    !isOfExtension &&
    isLive &&
    !isHeard &&
    refusal === undefined &&
    after.phase.status === before.phase.status
  )
    broken(3, `${command.type} was neither refused nor did it end anything.`);
  const startBy = after.phase.status === 'approved' ? after.phase.startBy : undefined;
  if (startBy === undefined) return;
  const late = decide({ type: 'start-escalation' }, after, factsIn(world), startBy);
  if (!('entries' in late) || late.entries.length > 0) broken(2, 'It would start after start-by.');
}

/** Nothing hangs: what is not over owes something now, or has a time when it will, or can be ended by people. */
function checkOwed({ command, after, now }: Step): void {
  const deadline = nextDeadline(after);
  const owed = outstanding(after, { committedSeq: after.seq, shownSeq: after.seq }, now);
  const access = owed.filter(({ type }) => type.endsWith('-access') || type === 'start-escalation');
  const { status } = after.phase;
  if (isOver(after)) {
    const isReviewed = after.review === undefined || after.review.closed !== undefined;
    if ((deadline !== undefined && isReviewed) || access.length > 0)
      broken(3, `It is ${status} and still owes something.`);
    if (deadline === undefined && !isReviewed) broken(3, 'Its review is forgotten.');
    return;
  }
  const isEndless = after.phase.status === 'active' && after.phase.grant.duration === 'until-revoked';
  if (deadline === undefined && !isEndless) broken(3, `It is ${status} for ever.`);
  const granting = access.some(({ type }) => type !== 'deescalate-access');
  if (granting && (deadline ?? '') <= now) broken(2, 'It grants after start-by.');
  if (status === 'escalating' && (deadline ?? '') > now && access.length === 0) broken(3, 'It never grants.');
  if (status === 'deescalating' && access[0]?.type !== 'deescalate-access')
    broken(3, 'It is never taken back.');
  if (status === 'active' && access.length > 0) broken(3, 'It is active and owes access.');
  const early = outstanding(after, { committedSeq: 0, shownSeq: 0 }, now);
  if (early.some(({ type }) => type === 'escalate-access')) broken(1, 'It grants before the ledger knows.');
  const due = decide({ type: 'note-time' }, after, noFacts, now);
  const isDue = deadline !== undefined && deadline <= now;
  if (command.type === 'note-time' && isDue)
    broken(3, `It is ${status}, and the same is due again and again.`);
  if (!('entries' in due) || due.entries.length > 0 !== isDue)
    broken(3, `Time does not do its part: ${status}.`);
}
