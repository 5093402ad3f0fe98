// Says an entry as a sentence, for `git log`: who did what to which request.
import type { DeskActor } from '../domain/desk-entries.ts';
import type { Actor, Entry, EntryOf, EntryType } from '../domain/entries.ts';
import { safeWord } from '../domain/safe-word.ts';
import { ruleWords } from '../domain/words.ts';

/** What the sentences about a request name. */
export interface Subject {
  readonly request: string;
  /** `aws-power-user → prod` */
  readonly what: string;
  readonly requester: string;
}

/** From a request's first entry. */
export function subjectOf(first: Entry): Subject {
  const target = first.type === 'requested' ? first.data.form.target?.name : undefined;
  const flow = safeWord(first.flow.name);
  return {
    request: safeWord(first.request),
    what: target === undefined ? flow : `${flow} → ${safeWord(target)}`,
    requester: nameOf(first.by),
  };
}

/** `bob approved 01JD… aws-power-user → prod for ann` */
export function sentence(entry: Entry, { request, what, requester }: Subject): string {
  const isOwn = nameOf(entry.by) === requester;
  return `${phrase(entry)} ${request} ${what}${isOwn ? '' : ` for ${requester}`}`;
}

/** The entry that a commit is about. Of equals the first. */
export function leadOf<Said extends { readonly entry: Entry }>(said: readonly Said[]): Said | undefined {
  return [...said].sort((a, b) => weight.indexOf(a.entry.type) - weight.indexOf(b.entry.type))[0];
}

/** What people decided comes before what followed from it, and that before what was said about it. */
const weight: readonly EntryType[] = [
  'denied',
  'approval-given',
  'overridden',
  'revoke-asked',
  'review-closed',
  'extended',
  'extension-denied',
  'extension-asked',
  'cancelled',
  'requested',
  'deescalated',
  'escalated',
  'action-failed',
  'action-finished',
  'lapsed',
  'expired',
  'escalation-failed',
  'deescalation-failed',
  'approved',
  'rule-applied',
  'hook-failed',
  'escalation-started',
  'action-started',
  'review-opened',
  'deescalation-started',
  'refused',
  'forwarded',
  'handed-over',
  'expiry-warned',
  'review-reminded',
  'undelivered',
  'hook-ran',
  'hook-awaited',
  'notified',
] satisfies EntryType[];

function phrase(entry: Entry): string {
  const who = nameOf(entry.by);
  switch (entry.type) {
    case 'requested':
      return `${who} ${entry.data.breakGlass ? 'broke the glass by' : 'requested'}`;
    case 'notified':
      return entry.data.notice === 'thread' || entry.data.notice === 'card' ? 'showed' : 'told people about';
    case 'undelivered':
      return 'could not tell people about';
    case 'forwarded':
      return 'told others that they decide on';
    case 'handed-over':
      return `showed ${who} what goes with`;
    case 'expiry-warned':
      return 'warned of the end of';
    case 'rule-applied':
      return `${ruleOrCode(entry.data.rule, entry.by)} ${ruleVerbs[entry.data.effect]}`;
    case 'hook-awaited':
      return `the hook ${safeWord(entry.data.hook)} is asked of`;
    case 'hook-ran':
      return `the hook ${safeWord(entry.data.hook)} ran for`;
    case 'hook-failed':
      return `the hook ${safeWord(entry.data.hook)} came to no answer for`;
    case 'approval-given':
      return `${who} approved`;
    case 'overridden':
      return `${who} approved as admin`;
    case 'approved':
      return 'all steps are met of';
    case 'review-opened':
      return 'asked for a review of';
    case 'review-reminded':
      return entry.data.times === 1 ? 'reminded of the review of' : 'the review is overdue of';
    case 'review-closed':
      return `${who} ${entry.data.outcome === 'fine' ? 'reviewed' : 'has a concern about'}`;
    case 'denied':
      return `${denierOf(entry)} denied`;
    case 'cancelled':
      return entry.data.why === 'left' ? 'withdrew, as its requester has left,' : `${who} cancelled`;
    case 'lapsed':
      return 'nobody decided in time on';
    case 'escalation-started':
      return 'began to escalate';
    case 'escalated':
      return 'escalated';
    case 'escalation-failed':
      return 'could not escalate';
    case 'extension-asked':
      return `${who} asked for more time with`;
    case 'extension-denied':
      return `${denierOf(entry)} denied more time with`;
    case 'extended':
      return 'extended';
    case 'revoke-asked':
      return `${who} revoked`;
    case 'deescalation-started':
      return entry.data.why === 'left'
        ? 'began to deescalate, as its requester has left,'
        : 'began to deescalate';
    case 'deescalated':
      return 'deescalated';
    case 'deescalation-failed':
      return entry.data.alarm === undefined ? 'could not yet deescalate' : 'is overdue to deescalate';
    case 'expired':
      return 'the approval ran out of';
    case 'action-started':
      return `began to run ${safeWord(entry.data.name)} for`;
    case 'action-finished':
      return `ran ${safeWord(entry.data.name)} for`;
    case 'action-failed':
      return `could not ${entry.data.gaveUp ? '' : 'yet '}run ${safeWord(entry.data.name)} for`;
    case 'refused':
      return `refused ${safeWord(entry.data.command)} by ${who} on`;
    default:
      return entry satisfies never;
  }
}

const ruleVerbs = {
  approve: 'approved',
  deny: 'denied',
  hold: 'holds back',
  release: 'lets go on',
} as const;

function denierOf({ by, data }: EntryOf<'denied' | 'extension-denied'>): string {
  return data.rule === undefined ? nameOf(by) : ruleOrCode(data.rule, by);
}

function ruleOrCode(rule: string, by: Actor): string {
  return ruleWords({ rule: safeWord(rule), ...('system' in by && by.system === 'code' && { by: 'code' }) });
}

export function nameOf(by: Actor | DeskActor): string {
  return 'via' in by ? safeWord(by.person ?? by.via.name) : by.system;
}
