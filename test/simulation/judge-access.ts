// How long access lasts, seen from outside: never longer than people saw, asked for and agreed to, and never longer than is recorded.
import type { Entry, EntryOf } from '../../src/domain/entries.ts';
import { parseLine } from '../../src/domain/entry-line.ts';
import { isSpeaker } from '../../src/domain/evolve.ts';
import type { GrantedFor } from '../../src/domain/flow.ts';
import { between, plus, type Instant, type Milliseconds } from '../../src/domain/names.ts';
import { isOver } from '../../src/domain/request.ts';
import type { Stored } from '../../src/engine/ports/store.ts';
import { broken } from './broken.ts';
import { longOfQuick, offerOf, urgency, versions } from './town-flows.ts';
import {
  belonged,
  belongedAlways,
  everybody,
  inDoubt,
  personAt,
  rank,
  type Issue,
  type Town,
} from './town.ts';

/** Of one request, from first to last (3, 12). */
export function judgeAccess(path: string, entries: readonly Entry[], town: Town): void {
  let agreed: GrantedFor | undefined;
  let endBy: Instant | undefined;
  let since: Instant | undefined;
  let until: Instant | undefined;
  let asked: EntryOf<'extension-asked'> | undefined;
  let extended = 0;
  const ends: string[] = [];
  for (const entry of entries) {
    switch (entry.type) {
      case 'requested':
        agreed = entry.data.form.duration;
        break;
      case 'approval-given':
      case 'overridden': {
        const { duration } = entry.data;
        if (duration === undefined) break;
        if (asked || agreed === undefined || !isLess(duration, agreed))
          broken(12, `${path} was approved for ${duration} ms, and asked for ${agreed}.`);
        agreed = duration;
        break;
      }
      case 'escalation-started': {
        const { grant } = entry.data;
        if (grant.duration !== agreed)
          broken(12, `${path} grants for ${grant.duration}, and people agreed to ${agreed}.`);
        endBy = grant.endBy;
        if (grant.duration !== 'until-revoked' && endBy !== plus(grant.startBy, grant.duration))
          broken(12, `${path} ends by ${endBy}.`);
        break;
      }
      case 'escalated': {
        since = entry.at;
        const latest = typeof agreed === 'number' ? plus(since, agreed) : undefined;
        const { expiresAt } = entry.data;
        until = expiresAt;
        if ((latest === undefined) !== (expiresAt === undefined) || (expiresAt ?? '') > (latest ?? ''))
          broken(12, `${path} expires at ${expiresAt}, and people agreed to ${latest}.`);
        break;
      }
      case 'extension-asked':
        checkAsked(path, entries, entry, { had: agreed, extended, town });
        asked = entry;
        break;
      case 'extension-denied':
        asked = undefined;
        break;
      case 'extended': {
        const { duration, expiresAt } = entry.data;
        if (asked === undefined || since === undefined || typeof agreed !== 'number' || endBy === undefined)
          return broken(12, `${path} was extended, which nobody asked for.`);
        if (ends.length > 0) broken(3, `${path} was extended after its end.`);
        if (duration !== asked.data.total)
          broken(12, `${path} lasts ${duration} ms, and ${asked.data.total} were asked for.`);
        if (expiresAt > plus(since, duration)) broken(12, `${path} expires after all that was agreed to.`);
        if (entry.data.endBy !== plus(endBy, duration - agreed) || expiresAt > entry.data.endBy)
          broken(12, `${path} ends by ${entry.data.endBy}, and ended by ${endBy} before ${duration} ms.`);
        [agreed, endBy, until, asked] = [duration, entry.data.endBy, expiresAt, undefined];
        extended += 1;
        break;
      }
      case 'deescalation-started':
        if (entry.data.why === 'left') checkLeft(path, entries, entry.at, town);
        if (entry.data.why === 'expired' && (until === undefined || entry.at < until))
          broken(3, `${path} was ended at ${entry.at}, and lasts until ${until}.`);
        ends.push(entry.type);
        break;
      case 'cancelled':
        if (entry.data.why === 'left') checkLeft(path, entries, entry.at, town);
        ends.push(entry.type);
        break;
      case 'denied':
      case 'lapsed':
        ends.push(entry.type);
        break;
      default:
        break;
    }
    if (ends.length > 0 && ['approved', 'escalation-started', 'escalated'].includes(entry.type))
      broken(5, `${path} was ${ends.join()}, and then ${entry.type}.`);
  }
}

/** Nobody loses anything for having left who was there all the while. */
function checkLeft(path: string, [first]: readonly Entry[], at: Instant, town: Town): void {
  if (first === undefined || !isSpeaker(first.by) || first.by.person === null) return;
  if (belongedAlways(town, first.by.person, everybody, plus(at, -inDoubt), at))
    broken(8, `${path} was ended as if ${first.by.person} had left.`);
}

function isLess(duration: Milliseconds, than: GrantedFor): boolean {
  return than === 'until-revoked' || duration < than;
}

/** More was asked by whoever had it, within the total and as often as the flow allows, pinned and current. */
function checkAsked(
  path: string,
  [first]: readonly Entry[],
  { by, at, data, flow }: EntryOf<'extension-asked'>,
  {
    had,
    extended,
    town,
  }: { readonly had: GrantedFor | undefined; readonly extended: number; readonly town: Town },
): void {
  if (first === undefined || !isSpeaker(by) || !isSpeaker(first.by) || by.person === null)
    return broken(5, `Nobody asked for more of ${path}.`);
  const from = by.at ?? at;
  const isTheirs =
    by.person === first.by.person || belonged(town, by.person, `account:${first.by.via.name}`, from, at);
  if (!isTheirs) broken(5, `${by.via.name} asked for more of ${path}, which is not theirs.`);
  const offers = [flow.commit, ...offeredNow(flow.name, at, town)].map((each) => offerOf(flow.name, each));
  if (typeof had !== 'number' || data.total <= had)
    broken(12, `${path} is to last ${data.total}, as it does.`);
  for (const { maxTotal, times } of offers) {
    if (data.total > maxTotal) broken(12, `${path} is to last ${data.total}, of ${maxTotal}.`);
    if (extended >= times) broken(12, `${path} is to be extended once more than ${times} times.`);
  }
  if (first.type === 'requested' && first.data.breakGlass && data.total > urgency.max)
    broken(12, `${path} is to last ${data.total}, and nobody had to approve it.`);
  if (
    flow.name === 'quick' &&
    data.total > longOfQuick &&
    !data.steps.some(({ name }) => name === 'security')
  )
    broken(8, `${path} is to last ${data.total}, and security is not asked.`);
}

/** At which commit the flow was, where that is certain. */
function offeredNow(name: string, at: Instant, town: Town): readonly string[] {
  return versions.filter((version) => belongedAlways(town, version, `flow:${name}`, plus(at, -inDoubt), at));
}

/** Whoever waits for an answer about more time gets one, once (9). */
export function judgeExtensionNotices(id: string, entries: readonly Entry[], issue: Issue | undefined): void {
  let asked = 0;
  for (const { type } of entries) {
    if (type === 'extension-asked') asked += 1;
    if (type !== 'extended' && type !== 'extension-denied') continue;
    const over = `extension-over-${asked}`;
    const isTold =
      issue?.messages.some(({ marker }) => marker === `${over} ${id}`) === true ||
      entries.some((entry) => entry.type === 'undelivered' && entry.data.notice === over);
    if (!isTold) broken(9, `Nobody was told of ${over} in ${id}.`);
  }
}

/** A grant as the lines of its request say, whatever was made of them. */
interface RecordedGrant {
  readonly account: string;
  /** As last recorded: by `extended`, else by `escalated`, else what it was started with. */
  readonly until?: Instant;
  readonly isAlarmed: boolean;
}

export function grantIn({ request, lines }: Stored): readonly RecordedGrant[] {
  if (isOver(request) || request.phase.status === 'pending') return [];
  const entries = lines.filter(isOfGrant).flatMap((line) => {
    const read = parseLine(line);
    return 'entry' in read ? [read.entry] : [];
  });
  const grant = recordedGrant(entries);
  return grant ? [grant] : [];
}

function isOfGrant(line: string): boolean {
  return /"type":"(escalat|extended|deescalat)/.test(line);
}

function recordedGrant(entries: readonly Entry[]): RecordedGrant | undefined {
  const started = entries.find((entry) => entry.type === 'escalation-started');
  if (started === undefined || entries.some(({ type }) => type === 'deescalated')) return undefined;
  const last = entries.findLast((entry) => entry.type === 'escalated' || entry.type === 'extended');
  const until = last ? last.data.expiresAt : started.data.grant.endBy;
  return {
    account: started.data.grant.account,
    ...(until && { until }),
    isAlarmed: entries.some(
      (entry) => entry.type === 'deescalation-failed' && entry.data.alarm !== undefined,
    ),
  };
}

/** What is held beyond what was there before needs a grant that is in time, or an alarm that says it is not (3, 4). */
export function checkHoldings(
  town: Town,
  grants: readonly RecordedGrant[],
  now: Instant,
  slackMs: Milliseconds,
): void {
  for (const [account, level] of town.holdings) {
    const standing = town.standing.get(account) ?? 'none';
    if (rank(level) < rank(standing))
      broken(4, `${account} lost standing access: ${standing} is now ${level}.`);
    if (rank(level) === rank(standing)) continue;
    const theirs = grants.filter((grant) => grant.account === account);
    if (theirs.length === 0) broken(3, `${account} holds ${level}, and no request accounts for it.`);
    const isLate = theirs.every(({ until }) => {
      const end = leftAt(town, account) ?? until;
      return end !== undefined && between(end, now) > slackMs;
    });
    if (isLate && !theirs.some(({ isAlarmed }) => isAlarmed))
      broken(3, `${account} holds ${level} long after its time, and nobody was told.`);
  }
}

/** Since when the person of an account is no longer among the people. */
function leftAt(town: Town, account: string): Instant | undefined {
  const person = personAt(town, account);
  const last = town.stays.findLast((stay) => stay.group === everybody && stay.person === person);
  return last?.to;
}
