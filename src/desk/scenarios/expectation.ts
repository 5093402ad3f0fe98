// Holds one `expect` against how things stand: each word of it that is otherwise is a difference, in plain words.
import type { StepStanding } from '../../domain/approvals.ts';
import { recordedStandings } from '../../domain/decide-matter.ts';
import { parseDuration, printDuration, printGrantedFor } from '../../domain/duration.ts';
import type { GrantedFor } from '../../domain/flow.ts';
import { between, type Instant } from '../../domain/names.ts';
import type { Refusal } from '../../domain/refusals.ts';
import { openMatter, type Denier, type Matter, type Request } from '../../domain/request.ts';
import { toldOfBreakGlass, toldToDecide } from '../../domain/routes.ts';
import { list, refusalWords } from '../../domain/words.ts';
import { pointerTo } from '../yaml/positions.ts';
import type { ExpectFile } from '../schema/scenarios-schema.ts';

/** How things stand after a turn. */
export interface Moment {
  readonly now: Instant;
  /** Absent where the request was refused. */
  readonly request: Request | undefined;
  /** What the turn met. */
  readonly refusal: Refusal | undefined;
}

export interface Difference {
  /** The pointer of the word below `expect`; absent: nothing was expected, and something came. */
  readonly at?: string;
  readonly what: string;
  readonly wanted: string;
  readonly found: string;
}

export function differences(expect: ExpectFile | undefined, moment: Moment): readonly Difference[] {
  const unexpected = expect?.refused === undefined && moment.refusal;
  if (unexpected) return [{ what: 'It', wanted: 'accepted', found: refusalFound(moment.refusal) }];
  return expect === undefined ? [] : words.flatMap((word) => look(word, expect, moment));
}

const words = [
  'refused',
  'status',
  'asks',
  'tells',
  'rules',
  'approved_by',
  'review',
  'denied_by',
  'reason',
  'expires_in',
  'lapses_in',
  'message',
  'runs',
] as const;
type Word = (typeof words)[number];

function look(word: Word, expect: ExpectFile, { now, request, refusal }: Moment): readonly Difference[] {
  if (expect[word] === undefined) return [];
  const { refused, asks = [], tells = [], rules = [], approved_by = {}, denied_by, reason, message } = expect;
  const { runs = [] } = expect;
  switch (word) {
    case 'refused':
      return refusal?.code === refused
        ? []
        : differing('/refused', 'It', `refused: ${refused}`, refusalFound(refusal));
    case 'status':
      return differing('/status', 'The status', expect.status, request?.phase.status ?? noRequest);
    case 'asks':
      return differing(
        '/asks',
        'What is asked now',
        names(asks, 'nothing'),
        names(asked(request), 'nothing'),
      );
    case 'tells':
      return differing('/tells', 'Who is told', names(tells, 'nobody'), names(told(request), 'nobody'));
    case 'rules':
      return differing(
        '/rules',
        'What held of the rules',
        names(rules, 'none'),
        names(held(request), 'none'),
      );
    case 'approved_by':
      return Object.entries(approved_by).flatMap(([step, by]) => {
        const wanted = names(typeof by === 'string' ? [by] : by, 'nobody');
        const found = names(whoMet(step, request), 'nobody');
        return differing(`/approved_by${pointerTo(step)}`, `Who or what met ${step}`, wanted, found);
      });
    case 'review':
      return differing('/review', 'The review', expect.review, reviewFound(request, now));
    case 'denied_by': {
      const denier = denierOf(request);
      const found = denier ? nameOf(denier.by) : nobody(request);
      return differing('/denied_by', 'Who or what denied it', denied_by, found);
    }
    case 'reason': {
      const found = quoted(denierOf(request)?.message) ?? none(request);
      return differing('/reason', 'The reason of the denial', quoted(reason), found);
    }
    case 'expires_in': {
      const found = expiry(request, now) ?? none(request);
      return differing('/expires_in', 'The time until it expires', normal(expect.expires_in), found);
    }
    case 'lapses_in': {
      const found = lapse(request, now) ?? none(request);
      return differing('/lapses_in', 'The time until it lapses', normal(expect.lapses_in), found);
    }
    case 'message':
      return differing(
        '/message',
        'The message on the card',
        quoted(message),
        quoted(request?.form.message) ?? 'none',
      );
    case 'runs':
      return differing('/runs', 'What has run', names(runs, 'nothing'), names(ran(request), 'nothing'));
    default:
      return word satisfies never;
  }
}

function differing(
  at: string,
  what: string,
  wanted: string | undefined,
  found: string,
): readonly Difference[] {
  return wanted === undefined || wanted === found ? [] : [{ at, what, wanted, found }];
}

function refusalFound(refusal: Refusal | undefined): string {
  return refusal === undefined
    ? 'accepted'
    : `refused: ${refusal.code} (${clause(oneLine(refusalWords(refusal).reason))})`;
}

function clause(text: string): string {
  return text.trim().replace(/\.+$/, '');
}

const noRequest = 'none, since the request was refused';

/** What there is only in some states: what stands in its place. */
function none(request: Request | undefined): string {
  return request ? `none, since the request is ${request.phase.status}` : noRequest;
}

function nobody(request: Request | undefined): string {
  return none(request).replace('none', 'nobody');
}

/** The same steps or rules in another order are the same. */
function names(list_: readonly string[], otherwise: string): string {
  return list_.length === 0 ? otherwise : list([...list_].sort(), 'and');
}

/** What is decided on now, or was last. */
function matterOf(request: Request): Matter {
  return openMatter(request)?.matter ?? request;
}

export function standingsOf(request: Request): readonly StepStanding[] {
  return recordedStandings(matterOf(request));
}

function asked(request: Request | undefined): readonly string[] {
  if (request === undefined || openMatter(request) === undefined) return [];
  return standingsOf(request)
    .filter(({ state }) => state === 'open')
    .map(({ step }) => step.name);
}

function told(request: Request | undefined): readonly string[] {
  if (request === undefined) return [];
  // As the flow writes it: the request names whose manager it is.
  const own = `manager:${request.requester.person}`;
  const places = [...toldToDecide(request), ...toldOfBreakGlass(request)];
  return places.map((to) => (to === own ? 'manager:requester' : to));
}

function ran(request: Request | undefined): readonly string[] {
  return (request?.policy.actions ?? [])
    .filter((_, index) => request?.actionRuns[index]?.state === 'finished')
    .map(({ name }) => name);
}

/** By the clock of the scenario: it is overdue before anybody was reminded of it. */
function reviewFound(request: Request | undefined, now: Instant): string {
  if (request === undefined) return noRequest;
  const { review } = request;
  if (review === undefined) return 'none';
  if (review.closed) return 'given';
  return review.deadline <= now ? 'overdue' : 'open';
}

function held(request: Request | undefined): readonly string[] {
  const judged = request && matterOf(request).judged;
  return (judged?.rules ?? []).filter(({ result }) => result === 'holds').map(({ name }) => name);
}

function whoMet(step: string, request: Request | undefined): readonly string[] {
  if (request === undefined) return [];
  const standing = standingsOf(request).find((each) => each.step.name === step);
  if (standing?.byRule)
    return matterOf(request)
      .ruleApprovals.filter(({ steps }) => steps.includes(step))
      .map(({ rule }) => rule);
  return standing?.filledBy ?? [];
}

function denierOf(
  request: Request | undefined,
): { readonly by: Denier; readonly message?: string | undefined } | undefined {
  if (request?.phase.status === 'denied') return { by: request.phase.denier, message: request.phase.message };
  const last = request?.extensions.last;
  return last?.denier && { by: last.denier, message: last.message };
}

function nameOf(by: Denier): string {
  return 'rule' in by ? by.rule : (by.person ?? by.via.name);
}

function expiry(request: Request | undefined, now: Instant): string | undefined {
  if (request?.phase.status === 'active') {
    const { expiresAt } = request.phase;
    return expiresAt === undefined ? printGrantedFor('until-revoked') : left(expiresAt, now);
  }
  const validUntil = request?.phase.status === 'approved' ? request.phase.validUntil : undefined;
  return validUntil && left(validUntil, now);
}

function lapse(request: Request | undefined, now: Instant): string | undefined {
  return request?.phase.status === 'pending' ? left(request.phase.lapseAt, now) : undefined;
}

function left(until: Instant, now: Instant): string {
  return printDuration(between(now, until));
}

/** `60m` and `1h` are the same. */
function normal(written: string | undefined): string | undefined {
  if (written === undefined) return undefined;
  const read: GrantedFor | undefined = written === 'until-revoked' ? written : parseDuration(written);
  return read === undefined ? written : printGrantedFor(read);
}

function quoted(text: string | undefined): string | undefined {
  return text === undefined ? undefined : `“${oneLine(text)}”`;
}

/** A sentence stands on one line, whatever people wrote. */
export function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}
