// The few messages that notify people: access is there, it ends soon, how it ended, the alarm that it should be gone and is not, and the review of what nobody approved.
import { areActionsOver } from '../../domain/action-runs.ts';
import { actionSentences } from '../../domain/action-sentences.ts';
import { cardOf } from '../../domain/card.ts';
import { printDuration } from '../../domain/duration.ts';
import type { Notice } from '../../domain/entries.ts';
import { between, type Group, type Instant } from '../../domain/names.ts';
import { nextSentences, reviewSentences } from '../../domain/next-sentences.ts';
import { isOver, type Request } from '../../domain/request.ts';
import { isReviewOverdue } from '../../domain/review.ts';
import { inQuotes } from '../../domain/safe-word.ts';
import { ruleOpening, statusTitle } from '../../domain/words.ts';
import { message, type Message } from './blocks.ts';
import { someActions } from './card-actions.ts';
import { durationWords } from './duration-words.ts';
import { clip, clipTelling, oneLine } from './escape.ts';
import { mentionPerson, type Line, type Mentions } from './pieces.ts';
import { namesOf, nextLine } from './render-card.ts';

export interface Noticed {
  readonly mentions: Mentions;
  readonly admins: readonly Group[];
  /** What “in ten minutes” is counted from. */
  readonly now: Instant;
}

/** How much of what people said is repeated. */
const longestSaid = 300;
const mostNamed = 6;

/** Undefined where the request has nothing of the kind to say. */
export function renderNotice(
  request: Request,
  notice: Notice | 'expiring',
  people: Noticed,
): Message | undefined {
  if (notice === 'card' || notice === 'thread') return undefined;
  if (notice === 'expiring' || notice.startsWith('expiring-')) return expiring(request, people);
  const line = lineOf(request, notice, people);
  return line && message([line]);
}

function lineOf(
  request: Request,
  notice: Exclude<Notice, 'card' | 'thread'>,
  people: Noticed,
): Line | undefined {
  if (notice === 'active') return activeLine(request, people);
  if (notice.startsWith('extension-over-')) return extendedLine(request, people);
  if (notice.startsWith('extension-')) return extensionLine(request, people);
  if (notice.startsWith('overdue-')) return overdueLine(request, people);
  if (notice === 'actions-over') return actionsLine(request, people);
  if (notice === 'reviewed') return reviewedLine(request, people);
  if (notice.startsWith('review-')) return reviewLine(request, people);
  if (notice !== 'over' || !isOver(request)) return undefined;
  return [
    ...requesterOf(request, people),
    { bold: `${statusTitle(request)}: ${subject(request)}.` },
    ' ',
    ...nextLine({ next: nextSentences(request) }, longestSaid),
  ];
}

/** Undefined once it is given. */
function reviewLine(request: Request, { mentions, admins }: Noticed): Line | undefined {
  const { review, requester } = request;
  if (review === undefined || review.closed) return undefined;
  const isOverdue = isReviewOverdue(request);
  const title = isOverdue ? 'A review is overdue' : 'A review is still to be given';
  return [
    ...called([...review.reviewers, ...(isOverdue ? admins : [])], mentions),
    { bold: `${title}: ${nameOf(requester.via.name)} had ${subject(request)} without approval.` },
    ' ',
    ...nextLine({ next: reviewSentences(request) }, longestSaid),
  ];
}

function reviewedLine(request: Request, people: Noticed): Line | undefined {
  const { review } = request;
  if (review?.closed === undefined) return undefined;
  const how = review.closed.outcome === 'fine' ? 'was reviewed' : 'was reviewed, with a concern';
  return [
    ...requesterOf(request, people),
    ...(review.closed.outcome === 'concern' ? called(people.admins, people.mentions) : []),
    { bold: `The access that nobody approved ${how}: ${subject(request)}.` },
    ' ',
    ...nextLine({ next: reviewSentences(request) }, longestSaid),
  ];
}

/** It may be read late: it says what is true now. */
function activeLine(request: Request, people: Noticed): Line | undefined {
  const { phase, granted } = request;
  const what = subject(request);
  const whom = requesterOf(request, people);
  if (phase.status === 'approved' && phase.validUntil)
    return [...whom, { bold: `${what} is approved` }, ', until ', { time: phase.validUntil }, '.'];
  if (granted === undefined)
    return phase.status === 'ended' ? [...whom, { bold: `${what} was approved.` }] : undefined;
  if (phase.status !== 'active')
    return [
      ...whom,
      `You had access: ${what}, since `,
      { time: granted.since },
      '. The card says how it ended.',
    ];
  const until: Line = granted.expiresAt
    ? ['until ', { time: granted.expiresAt }, '. Then it is taken back by itself']
    : ['until somebody revokes it'];
  return [
    ...whom,
    { bold: `You have access: ${what}` },
    ', ',
    ...until,
    '. If you are done before, press ',
    { bold: 'Revoke' },
    ' on the card.',
  ];
}

/** What came of all that was to run. */
function actionsLine(request: Request, people: Noticed): Line | undefined {
  if (!areActionsOver(request)) return undefined;
  const isFailed = request.actionRuns.at(-1)?.state === 'failed';
  const title = isFailed ? 'Not all that was approved could be run' : 'What was approved was run';
  return [
    ...requesterOf(request, people),
    { bold: `${title}: ${subject(request)}.` },
    ' ',
    ...nextLine({ next: actionSentences(request) }, longestSaid),
  ];
}

/** Undefined where there is no end that comes soon. */
function expiring(request: Request, people: Noticed): Message | undefined {
  const { phase } = request;
  if (phase.status !== 'active' || phase.expiresAt === undefined || phase.expiresAt <= people.now)
    return undefined;
  const card = cardOf(request);
  const mayExtend = card.actions.includes('extend');
  const line: Line = [
    ...requesterOf(request, people),
    {
      bold: `Your access to ${subject(request)} ends in ${durationWords(between(people.now, phase.expiresAt))}`,
    },
    ': ',
    { time: phase.expiresAt },
    mayExtend
      ? '. Then it is taken back by itself. If you need it for longer, ask now.'
      : '. Then it is taken back by itself.',
  ];
  return message([line], someActions(card, ['extend', 'revoke']));
}

/** Undefined once it is decided: then there is nobody to ask. */
function extensionLine(request: Request, { mentions }: Noticed): Line | undefined {
  const { phase } = request;
  if (phase.status !== 'active' || phase.extension === undefined) return undefined;
  const { total, by, message: reason } = phase.extension;
  const open = cardOf(request).extension?.steps.filter(({ state }) => state === 'open') ?? [];
  const groups = [...new Set(open.flatMap(({ approvers }) => approvers))];
  return [
    ...called(groups, mentions),
    {
      bold: `${nameOf(by.via.name)} asks for more time: ${subject(request)}, ${printDuration(total)} in all`,
    },
    saying(reason),
    '. Press ',
    { bold: 'Approve' },
    ' or ',
    { bold: 'Deny' },
    ' on the card; the access goes on as it is until then.',
  ];
}

function extendedLine(request: Request, people: Noticed): Line | undefined {
  const { phase, granted, extensions } = request;
  const { last } = extensions;
  if (last === undefined) return undefined;
  const what = subject(request);
  const whom = requesterOf(request, people);
  if (last.denier === undefined) {
    const until = phase.status === 'active' ? phase.expiresAt : granted?.expiresAt;
    return [
      ...whom,
      { bold: `You have more time: ${what}` },
      ', until ',
      until ? { time: until } : 'its end',
      '.',
    ];
  }
  const who = 'rule' in last.denier ? ruleOpening(last.denier) : nameOf(last.denier.via.name);
  return [
    ...whom,
    `${who} denied more time for ${what}`,
    saying(last.message),
    '. Access ends as it was to.',
  ];
}

function overdueLine(request: Request, { admins, mentions }: Noticed): Line {
  const whom = called(admins, mentions);
  const whose = `The access of ${nameOf(request.requester.via.name)} (${subject(request)})`;
  const { phase } = request;
  if (phase.status !== 'deescalating')
    return [...whom, `${whose} was not gone in time. The card says what became of it.`];
  const error =
    phase.error === undefined ? '' : ` What went wrong: ${clipTelling(oneLine(phase.error), 500)}`;
  return [
    ...whom,
    { bold: `${whose} should be gone, and is not confirmed gone.` },
    ' It is being taken back since ',
    { time: phase.since },
    `, and tried until it is.${error} Please look at the target yourselves.`,
  ];
}

function requesterOf({ requester: { person, via } }: Request, { mentions }: Noticed): Line {
  return [mentionPerson({ person, name: nameOf(via.name), surface: via.surface }, mentions), ' '];
}

function called(groups: readonly Group[], mentions: Mentions): Line {
  const [first, ...others] = namesOf(groups, mentions, { atMost: mostNamed, word: 'and' });
  if (first === undefined) return [];
  const begin = typeof first === 'string' ? `${first.charAt(0).toUpperCase()}${first.slice(1)}` : first;
  return [begin, ...others, ': '];
}

function saying(text: string | undefined): string {
  return text === undefined ? '' : `, saying “${clipTelling(inQuotes(oneLine(text)), longestSaid)}”`;
}

function nameOf(name: string): string {
  return clip(oneLine(name), 80);
}

function subject({ form, policy }: Request): string {
  return clip(oneLine(form.target?.label ?? policy.label), 200);
}
