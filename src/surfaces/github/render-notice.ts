// The few new comments that notify people: access is there, it ends soon, how it ended, and the alarm that it should be gone and is not; what nobody approved, and its review.
import { areActionsOver } from '../../domain/action-runs.ts';
import { actionSentences } from '../../domain/action-sentences.ts';
import type { Notice } from '../../domain/entries.ts';
import type { Group } from '../../domain/names.ts';
import { nextSentences, reviewSentences } from '../../domain/next-sentences.ts';
import { cardOf } from '../../domain/card.ts';
import { printDuration } from '../../domain/duration.ts';
import { isOver, type Request } from '../../domain/request.ts';
import { isReviewOverdue } from '../../domain/review.ts';
import { inQuotes } from '../../domain/safe-word.ts';
import { list, ruleOpening, statusTitle } from '../../domain/words.ts';
import { escapeText } from './escape.ts';
import { noticeMarker } from './marker.ts';
import { mentionGroup, mentionPerson, personOf, printPhrase, printTime, type Logins } from './mention.ts';

export interface Mentionable {
  readonly logins: Logins;
  readonly admins: readonly Group[];
}

/** Undefined where the request has nothing of the kind to say. */
export function renderNotice(request: Request, notice: Notice, people: Mentionable): string | undefined {
  const text = textOf(request, notice, people);
  return text === undefined ? undefined : `${text}\n\n${noticeMarker(request.id, notice)}`;
}

function textOf(request: Request, notice: Notice, people: Mentionable): string | undefined {
  if (notice === 'card' || notice === 'thread') return undefined;
  const requester = mentionPerson(personOf(request.requester), people.logins);
  if (notice === 'active') return activeText(request, requester);
  if (notice.startsWith('extension-over-')) return extendedText(request, requester);
  if (notice.startsWith('extension-')) return extensionText(request, people);
  if (notice.startsWith('expiring-')) return expiringText(request, requester);
  if (notice === 'actions-over') return actionsText(request, requester);
  if (notice === 'break-glass') return breakGlassText(request, people);
  if (notice === 'reviewed') return reviewedText(request, requester, people);
  if (notice.startsWith('review-')) return reviewText(request, people);
  if (notice.startsWith('overdue-')) return overdueText(request, people);
  if (notice !== 'over' || !isOver(request)) return undefined;
  const sentences = nextSentences(request).map(printPhrase).join(' ');
  return `${requester} **${statusTitle(request)}: ${subject(request)}.** ${sentences}`;
}

/** It may be read late: it says what is true now. */
function activeText(request: Request, requester: string): string | undefined {
  const { phase, granted } = request;
  const what = subject(request);
  if (phase.status === 'approved' && phase.validUntil)
    return `${requester} **${what} is approved**, until **${printTime(phase.validUntil)}**.`;
  if (granted === undefined)
    return phase.status === 'ended' ? `${requester} **${what} was approved.**` : undefined;
  if (phase.status !== 'active')
    return `${requester} You had access: ${what}, since **${printTime(granted.since)}**. The card says how it ended.`;
  const until = granted.expiresAt
    ? `until **${printTime(granted.expiresAt)}**. Then it is taken back by itself`
    : 'until somebody revokes it';
  return `${requester} **You have access: ${what}**, ${until}. If you are done before, say \`/revoke\`.`;
}

/** What came of all that was to run. */
function actionsText(request: Request, requester: string): string | undefined {
  if (!areActionsOver(request)) return undefined;
  const isFailed = request.actionRuns.at(-1)?.state === 'failed';
  const title = isFailed ? 'Not all that was approved could be run' : 'What was approved was run';
  const sentences = actionSentences(request).map(printPhrase).join(' ');
  return `${requester} **${title}: ${subject(request)}.** ${sentences}`;
}

/** Undefined once it is decided: then there is nobody to ask. */
function extensionText(request: Request, { logins }: Mentionable): string | undefined {
  const { phase } = request;
  if (phase.status !== 'active' || phase.extension === undefined) return undefined;
  const { total, by, message } = phase.extension;
  const open = cardOf(request).extension?.steps.filter(({ state }) => state === 'open') ?? [];
  const groups = [...new Set(open.flatMap(({ approvers }) => approvers))];
  const whom =
    groups.length === 0
      ? ''
      : `${list(
          groups.map((group) => mentionGroup(group, logins)),
          'and',
        )} `;
  const said = message === undefined ? '' : `, saying “${escapeText(inQuotes(message))}”`;
  return `${whom}**${escapeText(by.via.name)} asks for more time: ${subject(request)}, ${printDuration(total)} in all**${said}. Say \`/approve\` or \`/deny\`; the access goes on as it is until then.`;
}

function extendedText(request: Request, requester: string): string | undefined {
  const { phase, granted, extensions } = request;
  const { last } = extensions;
  if (last === undefined) return undefined;
  const what = subject(request);
  if (last.denier === undefined) {
    const until = phase.status === 'active' ? phase.expiresAt : granted?.expiresAt;
    return `${requester} **You have more time: ${what}**, until **${until ? printTime(until) : 'its end'}**.`;
  }
  const who = 'rule' in last.denier ? ruleOpening(last.denier) : last.denier.via.name;
  const said = last.message === undefined ? '' : `, saying “${escapeText(inQuotes(last.message))}”`;
  return `${requester} ${escapeText(who)} denied more time for ${what}${said}. Access ends as it was to.`;
}

/** Undefined where it has no end that comes. */
function expiringText(request: Request, requester: string): string | undefined {
  const { phase } = request;
  if (phase.status !== 'active' || phase.expiresAt === undefined) return undefined;
  const more = cardOf(request).actions.includes('extend') ? ' If you need it for longer, say `/extend`.' : '';
  return `${requester} **Your access ends on ${printTime(phase.expiresAt)}: ${subject(request)}.** Then it is taken back by itself.${more}`;
}

/** Everybody who has to do with it: whoever would have decided, whoever reviews it, and the admins. */
function breakGlassText(request: Request, { logins, admins }: Mentionable): string | undefined {
  const { breakGlass, review, policy, requester } = request;
  if (breakGlass === undefined || review === undefined) return undefined;
  const approvers = policy.steps.flatMap((step) => step.approvers);
  const whom = mentions([...approvers, ...review.reviewers, ...admins], logins);
  const who = escapeText(requester.via.name);
  return `${whom}🚨 **${who} broke the glass: ${subject(request)}, without approval.** Why: “${escapeText(inQuotes(breakGlass.reason))}”. To end it now, say \`/revoke\`. ${reviewSentence(request)}`;
}

function reviewText(request: Request, { logins, admins }: Mentionable): string | undefined {
  const { review, requester } = request;
  if (review === undefined || review.closed) return undefined;
  const whom = mentions([...review.reviewers, ...admins], logins);
  const who = escapeText(requester.via.name);
  const what = `**${isReviewOverdue(request) ? 'The review is overdue' : 'A review is still to be given'}: ${who} had ${subject(request)} without approval.**`;
  return `${whom}${what} ${reviewSentence(request)}`;
}

function reviewSentence(request: Request): string {
  const sentences = reviewSentences(request).map(printPhrase).join(' ');
  return `${sentences} Look at what was done, and say \`/review fine\` or \`/review concern\`, and what you found.`;
}

function reviewedText(
  request: Request,
  requester: string,
  { logins, admins }: Mentionable,
): string | undefined {
  const { review } = request;
  if (review?.closed === undefined) return undefined;
  const whom = mentions(admins, logins);
  const what = review.closed.outcome === 'fine' ? 'was reviewed' : 'was reviewed, with a concern';
  return `${requester} ${whom}**The access that nobody approved ${what}: ${subject(request)}.** ${reviewSentences(request).map(printPhrase).join(' ')}`;
}

/** With the blank that follows; each once. */
function mentions(groups: readonly Group[], logins: Logins): string {
  const all = [...new Set(groups)].map((group) => mentionGroup(group, logins));
  return all.length === 0 ? '' : `${list(all, 'and')} `;
}

function overdueText(request: Request, { admins, logins }: Mentionable): string {
  const whom =
    admins.length === 0
      ? ''
      : `${list(
          admins.map((group) => mentionGroup(group, logins)),
          'and',
        )} `;
  const who = escapeText(request.requester.via.name);
  const { phase } = request;
  if (phase.status !== 'deescalating')
    return `${whom}The access of ${who} (${subject(request)}) was not gone in time. The card says what became of it.`;
  const error = phase.error === undefined ? '' : ` What went wrong: ${escapeText(phase.error)}`;
  return `${whom}**The access of ${who} (${subject(request)}) should be gone, and is not confirmed gone.** It is being taken back since **${printTime(phase.since)}**, and tried until it is.${error} Please look at the target yourselves.`;
}

function subject({ form, policy }: Request): string {
  return escapeText(form.target?.label ?? policy.label);
}
