// Once the weather has cleared and all is over: the ledger, the store, the target and people's eyes have to agree.
import type { Entry } from '../../src/domain/entries.ts';
import type { Request } from '../../src/domain/request.ts';
import { isOver } from '../../src/domain/request.ts';
import type { Store } from '../../src/engine/ports/store.ts';
import { broken } from './broken.ts';
import { judgeAccess, judgeExtensionNotices } from './judge-access.ts';
import { judgeActions } from './judge-actions.ts';
import { judgeDecisions } from './judge-decisions.ts';
import { checkAttempt, checkOnce, readDeskStream, type RefusedAttempt } from './judge-desk.ts';
import { judgeReview } from './judge-review.ts';
import { readLedger, type LedgerFileRead } from './judge.ts';
import { shown, type Surroundings } from './life.ts';
import type { MemoryBranch } from './memory-ledger.ts';
import { accountOf, isOnSlack, rank, theDesk, type Issue, type Town } from './town.ts';
import { pastOf } from './town-truth.ts';

/** What is left of a history. */
export interface Remains {
  readonly town: Town;
  readonly branch: MemoryBranch;
  readonly around: Surroundings;
  readonly storeWasLost: boolean;
  count(name: string): void;
}

export async function judgeEnd(store: Store, remains: Remains): Promise<void> {
  const { town, branch, storeWasLost } = remains;
  const files = readLedger(branch, town);
  for (const { entries } of files) for (const entry of entries) remains.count(`entry ${nameOf(entry)}`);
  for (const account of new Set([...town.holdings.keys(), ...town.standing.keys()]))
    if (rank(town.holdings.get(account) ?? 'none') !== rank(town.standing.get(account) ?? 'none'))
      broken(
        4,
        `${account} is left with ${town.holdings.get(account)}, and had ${town.standing.get(account)} before.`,
      );
  const past = files.flatMap(({ entries: [first] }) => pastOf(first));
  for (const file of files) {
    judgeDecisions(file.request.id, file.entries, { town, past, storeWasLost });
    judgeAccess(file.request.id, file.entries, town);
    judgeReview(file, files, { town, storeWasLost });
    judgeActions(file.request.id, file.entries, town);
    await judgeRequest(store, file, town);
  }
  for (const issue of town.issues) judgeIssue(issue);
  await judgeHeard(store, files, remains);
  await judgeStream(store, remains);
}

function nameOf(entry: Entry): string {
  return entry.type === 'rule-applied' ? `${entry.type} ${entry.data.effect}` : entry.type;
}

async function judgeStream(store: Store, remains: Remains): Promise<void> {
  const { branch, town, around, storeWasLost } = remains;
  const read = readDeskStream(branch);
  for (const { type } of read.entries) remains.count(`entry desk: ${type}`);
  const kept = await store.deskStream(theDesk);
  if ((kept?.committedSeq ?? 0) !== read.lines.length || (kept?.end.seq ?? 0) !== read.lines.length)
    broken(7, `The ledger holds ${read.lines.length} entries of the desk, the store ${kept?.end.seq}.`);
  if (kept && kept.lines.join('\n') !== read.lines.slice(-kept.lines.length).join('\n'))
    broken(7, 'The stream of the desk differs between store and ledger.');
  if (!storeWasLost) checkOnce(read);
  const edited = town.issues.flatMap(({ comments }) => comments.filter(({ isEdited }) => isEdited));
  for (const attempt of around.refusedAttempts) {
    const isRequest = (await store.byKey(`github:${attempt.ref}`)) !== undefined;
    // With the disk goes what was not committed; it comes again where what was said can still be read.
    const isGone =
      storeWasLost && (edited.some(({ ref }) => ref === attempt.ref) || isToldAnew(attempt, around));
    if (!isRequest && !isGone) checkAttempt(read, attempt);
  }
}

/** The answer may be another the next time. */
function isToldAnew({ ref, answeredAt, code }: RefusedAttempt, { refusedAttempts }: Surroundings): boolean {
  return refusedAttempts.some(
    (other) => other.ref === ref && other.answeredAt > answeredAt && other.code !== code,
  );
}

async function judgeRequest(
  store: Store,
  { request, entries, lines }: LedgerFileRead,
  town: Town,
): Promise<void> {
  if (!isOver(request)) broken(3, `${request.id} is still ${request.phase.status}.`);
  const stored = await store.load(request.id);
  if (stored?.lines.join('\n') !== lines.join('\n'))
    broken(7, `${request.id} differs between store and ledger.`);
  const issue = town.issues[(request.thread?.issue ?? 0) - 1];
  const cards = issue?.messages.filter(({ marker }) => marker === `card ${request.id}`) ?? [];
  if (cards.length !== 1) broken(9, `${request.id} has ${cards.length} cards.`);
  if (cards[0]?.shows !== shown(request))
    broken(9, `The card of ${request.id} shows ${cards[0]?.shows}, which is ${shown(request)}.`);
  if (request.notices.length > 0)
    broken(9, `${request.id} still owes ${request.notices.map(({ notice }) => notice).join()}.`);
  judgeSlack(request, town);
  judgeExtensionNotices(request.id, entries, issue);
}

/** Each place has one card, which shows how it ended; and whoever could be told was. */
function judgeSlack(request: Request, { slack }: Town): void {
  const cards = request.messages.filter(
    ({ notice, thread }) => notice === 'card' && thread.surface === 'slack',
  );
  for (const { to, ref } of cards) {
    const there = slack.filter(({ marker }) => marker === `card ${to} ${request.id}`);
    if (there.length !== 1) broken(9, `${request.id} has ${there.length} cards at ${to}.`);
    if (there[0]?.ref !== ref) broken(9, `The card of ${request.id} at ${to} is not the one that is known.`);
    if (there[0]?.shows !== shown(request))
      broken(9, `The card of ${request.id} at ${to} shows ${there[0]?.shows}, which is ${shown(request)}.`);
  }
}

function judgeIssue({ number, messages }: Issue): void {
  const markers = messages.map(({ marker }) => marker);
  const twice = markers.find((marker, index) => markers.indexOf(marker) !== index);
  if (twice) broken(6, `Issue ${number} says twice: ${twice}.`);
  const cards = markers.filter((marker) => marker.startsWith('card '));
  if (cards.length > 1) broken(6, `Issue ${number} became two requests: ${cards.join()}.`);
}

/** Nothing that somebody said is lost: the ledger holds it, or it was answered, or the same was refused before. */
async function judgeHeard(
  store: Store,
  files: readonly LedgerFileRead[],
  { town, around }: Remains,
): Promise<void> {
  const waiting = await store.waiting();
  if (waiting.length > 0) broken(6, `${waiting.length} commands wait for ever.`);
  const heard = new Set(files.flatMap(({ request }) => request.heard));
  const refused = new Set(files.flatMap(({ request }) => refusedIn(request)));
  for (const { comments } of town.issues) {
    const [first] = comments;
    const request = first && (await store.byKey(`github:${first.ref}`));
    for (const { ref, name, isEdited } of comments) {
      const isKnown =
        heard.has(ref) || around.answered.has(ref) || refused.has(`${request} ${accountOf(name)}`);
      const isBefore = request === undefined && ref !== first?.ref;
      // Whoever pressed in vain was told so by Slack.
      if (isOnSlack(name) && !around.acked.has(ref)) continue;
      if (!isKnown && !isEdited && !isBefore) broken(6, `What ${name} said as ${ref} was lost.`);
    }
  }
}

function refusedIn({ id, refused }: Request): readonly string[] {
  return refused.map((key) => `${id} ${key.split(' ')[0]}`);
}
