// Folds entries into state. An entry that is not legal where it stands is a bug or a forgery, and is said so.
import { actionRunsAfter, areActionsOver } from './action-runs.ts';
import { alsoOwed, owedAfterAsking, withAwaited, withHook, withoutIdleHooks } from './hooks-owed.ts';
import { minutes, hours } from './duration.ts';
import type { Actor, Entry, EntryOf, EntryType, Judgement, Notice, Speaker } from './entries.ts';
import { hashLine, parseLine, type Line, type LinePlace } from './entry-line.ts';
import type { Step } from './flow.ts';
import { plus, type Destination, type Hash } from './names.ts';
import { reviewAfter } from './review.ts';
import { onIssue, toRequester } from './routes.ts';
import {
  isOver,
  openMatter,
  type Approval,
  type Denier,
  type Extension,
  type Matter,
  type OwedNotice,
  type Phase,
  type Request,
  type RuleRef,
  type Running,
  type Status,
} from './request.ts';

/** An overdue deescalation is first raised after the one, and then again after the other. */
export const firstAlarmAfter = minutes(5);
export const nextAlarmAfter = hours(1);

export class IllegalEntryError extends Error {
  override readonly name = 'IllegalEntryError';
  constructor(entry: Entry, status: Status | 'nothing') {
    super(`Entry ${entry.seq} of ${entry.request} says ${entry.type}, which cannot follow ${status}.`);
  }
}

/** The state after one more line; `line` are the exact bytes of `entry`. */
export function evolve(request: Request | undefined, entry: Entry, line: Line): Request {
  const lastHash = hashLine(line);
  if (request === undefined) {
    if (entry.type !== 'requested') throw new IllegalEntryError(entry, 'nothing');
    return begin(entry, lastHash);
  }
  const visibleSeq = isVisible(entry) ? entry.seq : request.visibleSeq;
  const moved = { ...apply(request, entry), seq: entry.seq, lastAt: entry.at, lastHash, visibleSeq };
  return isSpeaker(entry.by) ? { ...moved, heard: [...moved.heard, entry.by.via.ref] } : moved;
}

/** Every line of a request, in order. */
export function evolveAll(
  lines: readonly { readonly entry: Entry; readonly line: Line }[],
): Request | undefined {
  return lines.reduce<Request | undefined>(
    (request, { entry, line }) => evolve(request, entry, line),
    undefined,
  );
}

/** A line that only a newer Countersign understands keeps its place in the chain, and makes the request read-only. */
export function passOver(request: Request, { seq, lastAt }: LinePlace, line: Line): Request {
  return { ...request, seq, lastAt, lastHash: hashLine(line), isReadOnly: true };
}

/** The state after one more line as it was kept. Throws where it is no entry, or not legal where it stands. */
export function evolveLine(request: Request | undefined, line: Line): Request {
  const parsed = parseLine(line);
  if ('entry' in parsed) return evolveKept(request, parsed.entry, line);
  if (request && 'place' in parsed) return passOver(request, parsed.place, line);
  throw new Error(`A kept line cannot be read: ${parsed.problem}.`);
}

/** What we could not read may have led where an entry that we know is not expected. */
function evolveKept(request: Request | undefined, entry: Entry, line: Line): Request {
  try {
    return evolve(request, entry, line);
  } catch (error) {
    if (!request?.isReadOnly) throw error;
    return passOver(request, { seq: entry.seq, lastAt: entry.at }, line);
  }
}

function begin(entry: EntryOf<'requested'>, lastHash: Hash): Request {
  const { by, data } = entry;
  if (!isSpeaker(by) || by.person === null) throw new IllegalEntryError(entry, 'nothing');
  return {
    id: entry.request,
    desk: data.desk,
    flow: entry.flow,
    source: data.source,
    requester: { ...by, person: by.person },
    requestedAt: entry.at,
    form: data.form,
    policy: data.policy,
    ...newMatter(data.policy.steps, data.judged),
    extensions: { asked: 0, given: 0 },
    actionRuns: [],
    ...(data.thread && { thread: data.thread }),
    ...(data.origin && { origin: data.origin }),
    ...(data.breakGlass && { breakGlass: data.breakGlass }),
    ...(data.policy.code && { code: { outputs: {}, owed: owedAfterAsking(entry, data.policy.code) } }),
    messages: [],
    notices: [],
    undelivered: [],
    heard: [by.via.ref],
    refused: [],
    visibleSeq: entry.seq,
    seq: entry.seq,
    lastAt: entry.at,
    lastHash,
    phase: { status: 'pending', lapseAt: data.lapseAt },
  };
}

function apply(request: Request, entry: Entry): Request {
  switch (entry.type) {
    case 'requested':
      throw new IllegalEntryError(entry, request.phase.status);
    case 'notified':
      return withMessage(request, entry);
    case 'undelivered':
      return withoutMessage(request, entry);
    case 'forwarded':
      return {
        ...withMatter(request, entry, (matter) => forwardedAfter(matter, entry)),
        ...alsoOwed(request, entry),
      };
    case 'refused':
      return isSpeaker(entry.by)
        ? { ...request, refused: [...request.refused, refusalKey(entry.by.via.account, entry.data.code)] }
        : request;
    case 'approval-given':
    case 'overridden':
      return withApproval(request, entry);
    case 'rule-applied':
      return withMatter(request, entry, (matter) => applyRule(matter, entry));
    case 'hook-ran':
    case 'hook-failed':
      return withHook(request, entry);
    case 'handed-over': {
      const { granted } = request;
      if (granted === undefined) throw new IllegalEntryError(entry, request.phase.status);
      return announce(request, { ...request, granted: { ...granted, handedOverAt: entry.at } });
    }
    case 'hook-awaited':
      return withAwaited(request, entry);
    case 'review-opened':
    case 'review-reminded':
    case 'review-closed': {
      const review = reviewAfter(request, entry);
      if (review === undefined) throw new IllegalEntryError(entry, request.phase.status);
      return announce(request, { ...request, review });
    }
    case 'action-started':
    case 'action-finished':
    case 'action-failed': {
      const actionRuns = actionRunsAfter(request, entry);
      if (actionRuns === undefined) throw new IllegalEntryError(entry, request.phase.status);
      return announce(request, { ...request, actionRuns });
    }
    default:
      return announce(
        request,
        withoutIdleHooks({
          ...request,
          ...kept(request, entry),
          ...alsoOwed(request, entry),
          phase: nextPhase(request, entry),
        }),
      );
  }
}

/** What a turn leaves behind for all that is said later. */
function kept(
  { granted, extensions }: Request,
  entry: Turning,
): Partial<Pick<Request, 'granted' | 'revoked' | 'extensions'>> {
  switch (entry.type) {
    case 'escalated': {
      const { verified, expiresAt } = entry.data;
      return { granted: { since: entry.at, verified, ...(expiresAt && { expiresAt }) } };
    }
    case 'extension-asked':
      return { extensions: { asked: extensions.asked + 1, given: extensions.given } };
    case 'extension-denied': {
      const { message } = entry.data;
      const last = { at: entry.at, denier: denierOf(entry), ...(message !== undefined && { message }) };
      return { extensions: { ...extensions, last } };
    }
    case 'extended':
      return {
        extensions: { ...extensions, given: extensions.given + 1, last: { at: entry.at } },
        ...(granted && { granted: { ...granted, expiresAt: entry.data.expiresAt } }),
      };
    case 'revoke-asked': {
      if (!isSpeaker(entry.by)) return {};
      const { message } = entry.data;
      return { revoked: { by: entry.by, ...(message !== undefined && { message }) } };
    }
    default:
      return {};
  }
}

/** A refusal is answered once for each account and reason. */
export function refusalKey(account: string, code: string): string {
  return `${account} ${code}`;
}

const unseen: ReadonlySet<EntryType> = new Set([
  'notified',
  'undelivered',
  'forwarded',
  'refused',
  'expiry-warned',
  'hook-awaited',
  'hook-ran',
  'hook-failed',
]);

/** What we did to show it is not itself shown. */
function isVisible(entry: Entry): boolean {
  // Cards elsewhere lead to the issue.
  if (entry.type === 'notified') return entry.data.notice === 'thread';
  // Of all that raises a review, cards show that it is overdue.
  if (entry.type === 'review-reminded') return entry.data.times === 2;
  return !unseen.has(entry.type);
}

type Turning = Exclude<
  Entry,
  {
    type:
      | 'requested'
      | 'notified'
      | 'undelivered'
      | 'forwarded'
      | 'refused'
      | 'approval-given'
      | 'overridden'
      | 'rule-applied'
      | 'hook-awaited'
      | 'hook-ran'
      | 'hook-failed'
      | 'review-opened'
      | 'review-reminded'
      | 'review-closed'
      | 'action-started'
      | 'action-finished'
      | 'action-failed'
      | 'handed-over';
  }
>;

function nextPhase(request: Request, entry: Turning): Phase {
  const { phase } = request;
  const illegal = (): never => {
    throw new IllegalEntryError(entry, phase.status);
  };
  switch (entry.type) {
    case 'approved': {
      const { startBy, validUntil } = entry.data;
      if (phase.status !== 'pending') return illegal();
      return {
        status: 'approved',
        approvedAt: entry.at,
        ...(startBy && { startBy }),
        ...(validUntil && { validUntil }),
      };
    }
    case 'denied': {
      if (phase.status !== 'pending') return illegal();
      const { message } = entry.data;
      return {
        status: 'denied',
        at: entry.at,
        denier: denierOf(entry),
        ...(message !== undefined && { message }),
      };
    }
    case 'cancelled':
      return cancelledFrom(phase, entry) ?? illegal();
    case 'lapsed':
      return phase.status === 'pending' ? { status: 'lapsed', at: entry.at } : illegal();
    case 'expired':
      return phase.status === 'approved' ? { status: 'ended', at: entry.at, why: 'expired' } : illegal();
    case 'escalation-started':
      return phase.status === 'approved'
        ? { status: 'escalating', grant: entry.data.grant, startedSeq: entry.seq }
        : illegal();
    case 'escalated':
      return phase.status === 'escalating' ? activeSince(phase, entry) : illegal();
    case 'escalation-failed':
      if (phase.status === 'approved') return { status: 'failed', at: entry.at, error: entry.data.error };
      return phase.status === 'escalating' ? { ...phase, error: entry.data.error } : illegal();
    case 'extension-asked':
      return phase.status === 'active' && phase.extension === undefined
        ? { ...phase, extension: extensionOf(entry) }
        : illegal();
    case 'extension-denied':
      return phase.status === 'active' && phase.extension ? withoutExtension(phase) : illegal();
    case 'extended':
      return phase.status === 'active' && phase.extension ? longer(phase, entry) : illegal();
    case 'expiry-warned':
      return phase.status === 'active' ? { ...phase, warnedOf: entry.data.expiresAt } : illegal();
    case 'revoke-asked':
      if (phase.status === 'approved') return { status: 'ended', at: entry.at, why: 'revoked' };
      return phase.status === 'escalating' || phase.status === 'active' ? phase : illegal();
    case 'deescalation-started':
      return phase.status === 'escalating' || phase.status === 'active' ? ending(phase, entry) : illegal();
    case 'deescalation-failed': {
      if (phase.status !== 'deescalating') return illegal();
      const { error, alarm } = entry.data;
      return alarm === undefined
        ? { ...phase, error }
        : { ...phase, alarms: alarm, nextAlarmAt: plus(entry.at, nextAlarmAfter) };
    }
    case 'deescalated':
      return phase.status === 'deescalating' ? ended(phase, entry) : illegal();
    default:
      return entry satisfies never;
  }
}

/** What was approved and not begun ends without a call, where whoever asked has left. */
function cancelledFrom({ status }: Phase, { at, data: { why } }: EntryOf<'cancelled'>): Phase | undefined {
  if (status === 'pending') return { status: 'cancelled', at, ...(why && { why }) };
  return status === 'approved' && why === 'left' ? { status: 'ended', at, why } : undefined;
}

function activeSince({ grant, startedSeq }: Running, { at, data }: EntryOf<'escalated'>): Phase {
  const { expiresAt, sealed } = data;
  return {
    status: 'active',
    since: at,
    grant,
    startedSeq,
    ...(expiresAt && { expiresAt }),
    ...(sealed !== undefined && { sealed }),
  };
}

function ending(
  phase: Extract<Phase, { status: 'escalating' | 'active' }>,
  { at, data }: EntryOf<'deescalation-started'>,
): Phase {
  const { grant, startedSeq } = phase;
  return {
    status: 'deescalating',
    grant,
    startedSeq,
    since: at,
    why: data.why,
    wasActive: phase.status === 'active',
    nextAlarmAt: plus(at, firstAlarmAfter),
    alarms: 0,
    ...('error' in phase && phase.error !== undefined && { error: phase.error }),
    ...('sealed' in phase && phase.sealed !== undefined && { sealed: phase.sealed }),
  };
}

function ended(
  phase: Extract<Phase, { status: 'deescalating' }>,
  { at, data: { holds, neededBy = [] } }: EntryOf<'deescalated'>,
): Phase {
  const { why } = phase;
  if (why === 'escalation-failed')
    return { status: 'failed', at, error: phase.error ?? 'It could not be granted.' };
  if (neededBy.length > 0) return { status: 'ended', at, why, left: 'by-another' };
  return { status: 'ended', at, why, ...(holds !== 'none' && { left: 'as-before' }) };
}

type Active = Extract<Phase, { status: 'active' }>;

function extensionOf({ by, at, data }: EntryOf<'extension-asked'>): Extension {
  if (!isSpeaker(by)) throw new Error('An extension was asked for by nobody.');
  const { total, message, steps, judged } = data;
  return { by, at, total, steps, ...(message !== undefined && { message }), ...newMatter(steps, judged) };
}

function withoutExtension({ extension: _, ...phase }: Active): Active {
  return phase;
}

function longer(phase: Active, { data }: EntryOf<'extended'>): Active {
  const { duration, expiresAt, endBy } = data;
  return { ...withoutExtension(phase), expiresAt, grant: { ...phase.grant, duration, endBy } };
}

/** A person, the rule that is named, or the flow's code. */
function denierOf({ by, data }: EntryOf<'denied' | 'extension-denied'>): Denier {
  return isSpeaker(by) ? by : { rule: data.rule ?? 'of the flow', ...byCode(by) };
}

function newMatter(steps: readonly Step[], judged: Judgement | undefined): Matter {
  return {
    stepsInForce: steps,
    approvals: [],
    ruleApprovals: [],
    holds: [],
    forwarded: {},
    ...(judged && { judged }),
  };
}

/** Changes what is being decided: the request, or the extension of its access. */
function withMatter(request: Request, entry: Entry, change: (matter: Matter) => Partial<Matter>): Request {
  const { phase } = request;
  if (phase.status === 'pending') return { ...request, ...change(request) };
  if (phase.status !== 'active' || phase.extension === undefined)
    throw new IllegalEntryError(entry, phase.status);
  const { extension } = phase;
  return { ...request, phase: { ...phase, extension: { ...extension, ...change(extension) } } };
}

function byCode(by: Actor): Pick<RuleRef, 'by'> {
  return 'system' in by && by.system === 'code' ? { by: 'code' } : {};
}

function applyRule(matter: Matter, { data, by, at }: EntryOf<'rule-applied'>): Partial<Matter> {
  const { rule, effect, steps = [], because } = data;
  const reason = because === undefined ? {} : { because };
  const code = byCode(by);
  switch (effect) {
    case 'approve': {
      const approval = { rule, steps, ...reason, ...code, ...(code.by && { at }) };
      return { ruleApprovals: [...matter.ruleApprovals, approval] };
    }
    case 'hold':
      return { holds: [...matter.holds, { rule, why: because ?? '' }] };
    case 'release':
      return { holds: matter.holds.filter((hold) => hold.rule !== rule) };
    case 'deny':
      return {};
    default:
      return effect satisfies never;
  }
}

function withApproval(request: Request, entry: EntryOf<'approval-given' | 'overridden'>): Request {
  const { by, at, data } = entry;
  if (!isSpeaker(by) || by.person === null)
    throw new Error(`An approval of ${request.id} was recorded of nobody.`);
  const { account, name } = by.via;
  const { eligible, steps, duration } = data;
  const message = entry.type === 'overridden' ? entry.data.reason : entry.data.message;
  const inForce = steps ?? openMatter(request)?.matter.stepsInForce ?? [];
  const strict = inForce.filter(({ peopleOnly }) => peopleOnly).map((step) => step.name);
  const stoodInFor = eligible.filter((step) => !strict.includes(step));
  const approval: Approval = {
    account,
    person: by.person,
    name,
    eligible,
    at,
    ...(message !== undefined && { message }),
    ...(entry.type === 'overridden' && { asAdmin: true, stoodInFor }),
  };
  const lifts = entry.type === 'overridden' ? (entry.data.lifts ?? []) : [];
  const decided = withMatter(request, entry, ({ approvals, holds }) => ({
    stepsInForce: inForce,
    approvals: [...approvals, approval],
    holds: holds.filter(({ rule }) => !lifts.includes(rule)),
  }));
  return duration === undefined ? decided : { ...decided, narrowed: { duration, by } };
}

function withMessage(request: Request, { data }: EntryOf<'notified'>): Request {
  const { notice, thread, ref, to = onIssue } = data;
  return {
    ...request,
    ...(thread.surface === 'github' && { thread: request.thread ?? thread }),
    messages: [...request.messages, { notice, to, thread, ref }],
    notices: request.notices.filter((owed) => !isSame(owed, { notice, to })),
    undelivered:
      notice === 'card' ? request.undelivered.filter((each) => each.to !== to) : request.undelivered,
  };
}

/** A card that cannot be edited any more is no longer known. */
function withoutMessage(request: Request, { data }: EntryOf<'undelivered'>): Request {
  const { notice, to = onIssue, retried } = data;
  if (notice === 'card') {
    const others = request.undelivered.filter((each) => each.to !== to);
    return {
      ...request,
      messages: retried
        ? request.messages
        : request.messages.filter((known) => !isSame(known, { notice, to })),
      undelivered: [...others, { to, ...(retried && { retried }) }],
    };
  }
  if (retried) return request;
  return { ...request, notices: request.notices.filter((owed) => !isSame(owed, { notice, to })) };
}

function isSame(one: OwedNotice, other: OwedNotice): boolean {
  return one.notice === other.notice && one.to === other.to;
}

function forwardedAfter({ forwarded, heldBack }: Matter, { data }: EntryOf<'forwarded'>): Partial<Matter> {
  const { step, route } = data;
  const and = (known: Matter['forwarded'] = {}): Matter['forwarded'] => ({
    ...known,
    [step]: [...(known[step] ?? []), route],
  });
  return { forwarded: and(forwarded), ...(data.heldBack !== undefined && { heldBack: and(heldBack) }) };
}

/** What people are to be told because of where the request now stands. */
function announce(before: Request, request: Request): Request {
  const told = noticesOf(before);
  const owed = request.notices.filter(({ notice }) => !isStale(notice, request));
  const added = noticesOf(request).filter(
    (notice) =>
      // What could not be delivered is not owed again where nothing has turned.
      !told.includes(notice) && !request.messages.some((message) => message.notice === notice),
  );
  if (added.length === 0 && owed.length === request.notices.length) return request;
  const anew = added.flatMap((notice) => audienceOf(notice, request).map((to) => ({ notice, to })));
  return { ...request, notices: [...owed, ...anew] };
}

/** Whom a notice is for: whoever asked, where they asked; of an extension, those who decide, wherever they have a card. */
function audienceOf(notice: Notice, request: Request): readonly Destination[] {
  const onTheirs = request.source === 'slack' ? toRequester : onIssue;
  if (/^extension-\d/.test(notice)) {
    const cards = request.messages.flatMap((message) => (message.notice === 'card' ? [message.to] : []));
    const issue = request.policy.withoutIssue ? [] : [onIssue];
    return [...new Set([...issue, ...cards.filter((to) => to !== toRequester)])];
  }
  if (notice === 'break-glass') return request.policy.withoutIssue ? [] : [onIssue];
  if (notice === 'reviewed' || notice.startsWith('review-')) return reviewAudience(request);
  if (notice.startsWith('overdue-')) return [request.policy.withoutIssue ? toRequester : onIssue];
  return [onTheirs];
}

/** The issue and the reviewers' own places; where there are none, wherever there is a card. */
function reviewAudience({ policy, messages, review, source }: Request): readonly Destination[] {
  const told = [...(policy.withoutIssue ? [] : [onIssue]), ...(review?.tell ?? [])];
  const cards = messages.flatMap((message) => (message.notice === 'card' ? [message.to] : []));
  const own = source === 'slack' && review?.closed ? [toRequester] : [];
  return [...new Set([...(told.length > 0 ? told : cards), ...own])];
}

/** Nobody is asked about an extension that is decided, nor warned of an end that is past or put off. */
function isStale(notice: Notice, request: Request): boolean {
  const { phase, extensions } = request;
  if (notice.startsWith('expiring-'))
    return phase.status !== 'active' || notice !== `expiring-${extensions.given + 1}`;
  if (notice === 'break-glass' || notice.startsWith('review-')) return reviewNotice(request) !== notice;
  const isOpen = phase.status === 'active' && phase.extension !== undefined;
  return notice === `extension-${extensions.asked}` && !isOpen;
}

function noticesOf(request: Request): readonly Notice[] {
  const { phase, extensions } = request;
  const isWarned =
    phase.status === 'active' && phase.warnedOf !== undefined && phase.warnedOf === phase.expiresAt;
  const main = noticeOf(request);
  const ofReview = reviewNotice(request);
  return [
    ...(main ? [main] : []),
    ...(ofReview ? [ofReview] : []),
    ...(areActionsOver(request) ? (['actions-over'] as const) : []),
    ...(isWarned ? [`expiring-${extensions.given + 1}` as const] : []),
  ];
}

function reviewNotice({ review }: Request): Notice | undefined {
  if (review === undefined) return undefined;
  if (review.closed) return 'reviewed';
  return review.reminded === 0 ? 'break-glass' : `review-${review.reminded}`;
}

function noticeOf(request: Request): Notice | undefined {
  const { phase, extensions } = request;
  if (phase.status === 'active') {
    if (phase.extension) return `extension-${extensions.asked}`;
    return extensions.last ? `extension-over-${extensions.asked}` : 'active';
  }
  if (phase.status === 'deescalating' && phase.alarms > 0) return `overdue-${phase.alarms}`;
  if (phase.status === 'approved' && phase.startBy === undefined) return 'active';
  return isOver(request) && phase.status !== 'cancelled' ? 'over' : undefined;
}

export function isSpeaker(by: Actor): by is Speaker {
  return 'via' in by;
}
