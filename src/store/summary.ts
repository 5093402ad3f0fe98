// What the store knows of a request without reading its lines: enough to find it, little enough to keep for ever.
import { readFileSync } from 'node:fs';
import type { Entry, GitHubThread, SlackThread } from '../domain/entries.ts';
import { parseLine, type Line } from '../domain/entry-line.ts';
import { evolveLine, isSpeaker } from '../domain/evolve.ts';
import type { Account, DeskId, Instant, PersonId, RequestId } from '../domain/names.ts';
import { outstanding } from '../domain/outstanding.ts';
import { nextDeadline } from '../domain/deadlines.ts';
import { isReviewOpen, isSettled, liveGrant, type Request, type Status } from '../domain/request.ts';
import { keyOf } from '../engine/ports/store.ts';

/**
 * What a snapshot says of its summaries. Another release may work them out otherwise, and an older one said other
 * things: then they are worked out anew from the lines. The number is raised where that has to happen within a release.
 */
export const summaryForm = `${releaseOf(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))} 5`;

/** Kept in memory of every request there ever was. */
export interface EndedSummary {
  readonly id: RequestId;
  readonly desk: DeskId;
  readonly flow: string;
  readonly requester: PersonId;
  readonly status: Status;
  /** When it was asked, as its surface signed it: an outage of ours makes none of them a later one. */
  readonly requestedAt: Instant;
  readonly lastAt: Instant;
  readonly seq: number;
  /** Whether access was there, or an approval that could be used. */
  readonly granted?: true;
  /** The key that started it. */
  readonly key: string;
  readonly thread?: GitHubThread;
}

export interface Summary extends EndedSummary {
  /** Nothing is left of it, and no review either. */
  readonly over: boolean;
  /** Still to be given. */
  readonly review?: { readonly account: Account; readonly deadline: Instant };
  /** Whether people are still to be told something, besides the card. */
  readonly owes: boolean;
  readonly visibleSeq: number;
  /** Its cards on Slack: what is said below them is said about it. */
  readonly cards?: readonly SlackThread[];
  readonly deadline?: Instant;
  readonly grant?: StartedGrant;
  /** Keys of everything that was said and recorded. */
  readonly keys: readonly string[];
}

/** Where a grant is counted, and since when; all else about it is in the lines. */
export interface StartedGrant {
  readonly resource: string;
  readonly account: string;
  readonly startedAt: Instant;
}

export interface EntryLine {
  readonly entry: Entry;
  readonly line: Line;
}

/** `before`: the summary that `added` follow; undefined where `added` are all the entries. */
export function summarize(
  request: Request,
  added: readonly EntryLine[],
  before: Summary | undefined,
): Summary {
  const deadline = nextDeadline(request);
  const review = openReview(request);
  const grant = startedGrant(request, added, before);
  const cards = request.messages.flatMap(({ notice, thread: at }) =>
    notice === 'card' && at.surface === 'slack' ? [at] : [],
  );
  const { id, desk, flow, requester, phase, requestedAt, lastAt, seq, thread, visibleSeq } = request;
  return {
    id,
    desk,
    flow: flow.name,
    requester: requester.person,
    status: phase.status,
    requestedAt: requester.at ?? requestedAt,
    lastAt,
    seq,
    ...(wasGranted(request, added, before) && { granted: true }),
    key: keyOf(requester.via),
    ...(thread && { thread }),
    over: isSettled(request),
    ...(review && { review }),
    owes: outstanding(request, { committedSeq: seq, shownSeq: seq }, lastAt).length > 0,
    visibleSeq,
    ...(cards.length > 0 && { cards }),
    ...(deadline && { deadline }),
    ...(grant && { grant }),
    keys: [...(before?.keys ?? []), ...keysOf(added)],
  };
}

function openReview(request: Request): Summary['review'] {
  const { review, requester } = request;
  if (review === undefined || !isReviewOpen(request)) return undefined;
  return { account: requester.via.account, deadline: review.deadline };
}

export function forgetDetails(summary: Summary): EndedSummary {
  const { id, desk, flow, requester, status, requestedAt, lastAt, seq, granted, key, thread } = summary;
  return {
    id,
    desk,
    flow,
    requester,
    status,
    requestedAt,
    lastAt,
    seq,
    ...(granted && { granted }),
    key,
    ...(thread && { thread }),
  };
}

/** An approval-only flow grants with the approval itself. */
function wasGranted(
  { granted, policy }: Request,
  added: readonly EntryLine[],
  before: Summary | undefined,
): boolean {
  const isApproved = policy.strategy === undefined && added.some(({ entry }) => entry.type === 'approved');
  return before?.granted === true || granted !== undefined || isApproved;
}

export function keysOf(entries: readonly EntryLine[]): readonly string[] {
  return entries.flatMap(({ entry }) => (isSpeaker(entry.by) ? [keyOf(entry.by.via)] : []));
}

/** Throws where a line is no entry, or not legal where it stands: these lines are not what was written. */
export function readLines(lines: readonly Line[]): {
  readonly request: Request;
  readonly entries: readonly EntryLine[];
} {
  const request = lines.reduce<Request | undefined>(evolveLine, undefined);
  if (request === undefined) throw new Error('A request without lines was kept.');
  const entries = lines.flatMap((line) => {
    const parsed = parseLine(line);
    return 'entry' in parsed ? [{ entry: parsed.entry, line }] : [];
  });
  return { request, entries };
}

/** Worked out from nothing but the lines, whoever wrote them down. Throws like `readLines`. */
export function summaryOf(lines: readonly Line[]): Summary {
  const { request, entries } = readLines(lines);
  return summarize(request, entries, undefined);
}

export function readEntry(line: Line): Entry {
  const parsed = parseLine(line);
  if ('problem' in parsed) throw new Error(`A kept line cannot be read: ${parsed.problem}.`);
  return parsed.entry;
}

function startedGrant(
  request: Request,
  added: readonly EntryLine[],
  before: Summary | undefined,
): StartedGrant | undefined {
  const grant = liveGrant(request);
  if (grant === undefined) return undefined;
  const started = added.find(({ entry }) => entry.type === 'escalation-started')?.entry.at;
  const startedAt = started ?? before?.grant?.startedAt ?? request.lastAt;
  return { resource: grant.resource, account: grant.account, startedAt };
}

function releaseOf(packageFile: string): string {
  const read: { readonly version: string } = JSON.parse(packageFile);
  return read.version;
}
