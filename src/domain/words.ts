// The product's voice: why something was refused and what to do next, and what each state is called. Plain text; surfaces escape it.
import { printDuration } from './duration.ts';
import type { FormProblem, Refusal } from './refusals.ts';
import type { Source } from './flow.ts';
import type { Group } from './names.ts';
import type { Request, RuleRef, Status } from './request.ts';

/** Two sentences or more, each complete: why, and what the person can do about it. */
export interface RefusalWords {
  readonly reason: string;
  readonly remedy: string;
}

export function refusalWords(refusal: Refusal): RefusalWords {
  switch (refusal.code) {
    case 'unlinked-account':
      return {
        reason: `The account ${refusal.name} is not linked to a person yet, so what it says cannot count.`,
        remedy: howToLink(refusal),
      };
    case 'link-not-valid':
      return linkRefusals[refusal.why];
    case 'may-not-link':
      return mayNotLink[refusal.why];
    case 'account-taken':
      return {
        reason: `The account ${refusal.account} counts as ${refusal.person ?? 'somebody else'} already.`,
        remedy:
          'If that is wrong, ask an admin to look at flows/people.yml, or to say /unlink with that account.',
      };
    case 'has-another-account':
      return {
        reason: `${capital(refusal.person)} has another account on Slack in this workspace, and one is enough.`,
        remedy: 'Use that one; or take it out of flows/people.yml, or say /unlink, and then link the other.',
      };
    case 'nothing-to-unlink':
      return {
        reason:
          refusal.account === undefined
            ? 'You have linked no account here.'
            : `Nobody has linked the account ${refusal.account} here.`,
        remedy:
          'What stands in flows/people.yml is changed there by a pull request; an e-mail address counts by the settings of the desk.',
      };
    case 'may-not-unlink':
      return {
        reason: `The account ${refusal.account} is somebody else's, and you are no admin of this desk.`,
        remedy: 'To unlink your own, say /unlink. Else ask an admin.',
      };
    case 'nothing-to-forget':
      return {
        reason: `No account ${refusal.account} was found by an e-mail address here.`,
        remedy: 'What stands in flows/people.yml is changed there by a pull request.',
      };
    case 'may-not-forget':
      return {
        reason: `To let go of the account ${refusal.account} is for admins of this desk.`,
        remedy: 'Ask one of them, or write in flows/people.yml whose it is.',
      };
    case 'unknown-flow':
      return {
        reason: `There is no flow called “${refusal.flow}” here.`,
        remedy:
          refusal.known.length === 0
            ? 'This desk has no flows yet: an admin adds the first one to the folder flows.'
            : `Choose one of ${list(refusal.known, 'or')}, and ask again.`,
      };
    case 'flow-unavailable':
      return {
        reason: `“${refusal.flow}” cannot be used now: ${clause(refusal.why)}.`,
        remedy: 'Try again in a while; if it stays so, ask an admin of this desk.',
      };
    case 'wrong-source':
      return {
        reason: `“${refusal.flow}” cannot be asked for from here.`,
        remedy: 'Its flow file says from where it can: ask there.',
      };
    case 'not-a-requester':
      return {
        reason: `“${refusal.flow}” can be asked for by ${groupList(refusal.groups)}, and you are not among them.`,
        remedy:
          refusal.groups.length === 0
            ? 'An admin has to say in the flow who may ask.'
            : 'Ask somebody who is, or an admin of this desk to let you in.',
      };
    case 'not-available':
      return {
        reason: `“${refusal.flow}” is not open to you now: ${clause(refusal.why)}.`,
        remedy: 'That is what the code of this flow says; if it is wrong, tell an admin of this desk.',
      };
    case 'invalid-form':
      return {
        reason: `The request is not complete: ${problemList(refusal.problems)}`,
        remedy: 'Correct it and ask again, in a new issue or a new comment.',
      };
    case 'no-step-applies':
      return {
        reason: `No approval step of “${refusal.flow}” applies to this request, so nobody could approve it.`,
        remedy: 'Ask for something else, or an admin to correct the conditions of its steps.',
      };
    case 'already-held':
      return {
        reason: `You have this already: ${refusal.target} (${refusal.holds}).`,
        remedy: 'There is nothing to ask for: go ahead.',
      };
    case 'no-identity':
      return {
        reason: `It is not known which account of ${refusal.service} is yours: ${clause(refusal.why)}.`,
        remedy: 'Add that account to your entry in flows/people.yml by a pull request, then ask again.',
      };
    case 'self-approval':
      return {
        reason: 'This is your own request, and nobody decides on their own request.',
        remedy: 'Somebody else has to decide. To withdraw it, say /cancel.',
      };
    case 'not-an-approver':
      return {
        reason: `You are not among those who decide this: ${refusal.waitingFor
          .map(({ step, groups }) => `${step} is decided by ${groupList(groups)}`)
          .join('; ')}.`,
        remedy: `Ask one of them to look at it.${standingIn(refusal.mayStandIn)}`,
      };
    case 'not-yet-asked':
      return {
        reason: `Your step ${refusal.step} comes after ${list(refusal.needs, 'and')}, which is not done yet.`,
        remedy: 'You will be told when it is your turn; say it again then.',
      };
    case 'already-approved':
      return {
        reason: 'You have approved this already, and everybody counts once.',
        remedy: 'Somebody else has to approve what is still missing.',
      };
    case 'step-already-met':
      return {
        reason: `Your ${plural(refusal.steps.length, 'step')} ${list(refusal.steps, 'and')} ${refusal.steps.length === 1 ? 'has' : 'have'} all approvals already.`,
        remedy: 'Nothing more is needed from you.',
      };
    case 'lookup-failed':
      return {
        reason: `It could not be found out ${refusal.what}: ${clause(refusal.why)}. So the answer is no for now.`,
        remedy: `Say it again in a few minutes; if it stays so, ask an admin of this desk.${standingIn(refusal.mayStandIn)}`,
      };
    case 'too-late':
      return {
        reason: `It is too late for that: ${statusClause(refusal.status)}.`,
        remedy: tooLateRemedy(refusal.status),
      };
    case 'not-active':
      return {
        reason: `There is no access to end: ${statusClause(refusal.status)}.`,
        remedy: 'An approver ends a request that waits with /deny, and whoever asked for it with /cancel.',
      };
    case 'not-allowed-to-revoke':
      return {
        reason: `This can be ended early by ${list(refusal.by.map(revoker), 'or')}, and you are not among them.`,
        remedy: 'Ask one of them. It also ends by itself when its time is up, where it has one.',
      };
    case 'not-the-requester':
      return {
        reason: `Only ${refusal.requester}, who asked for it, can ${refusal.what === 'extend' ? 'ask for more time' : 'withdraw this request'}.`,
        remedy: 'If you are an approver, say /deny, or /revoke once there is access.',
      };
    case 'already-ending':
      return {
        reason: 'Access is being taken back already.',
        remedy: 'There is nothing to do: the card says when it is gone.',
      };
    case 'message-required':
      return {
        reason: messageWanted[refusal.what],
        remedy: `Say it again with the ${refusal.what === 'reviewing' ? 'words' : 'reason'} behind it: ${messageCommands[refusal.what]}.`,
      };
    case 'not-less':
      return refusal.most === undefined
        ? {
            reason: 'There is no duration here that could be shortened.',
            remedy: 'Say /approve without “for”.',
          }
        : {
            reason: `An approver may grant less than ${printDuration(refusal.most)}, and never more.`,
            remedy: 'Say /approve for all of it, or name a shorter duration.',
          };
    case 'ignored-by-code':
      return {
        reason: `${capital(codeWords)} says: ${refusal.message}`,
        remedy: 'Nothing was changed.',
      };
    case 'code-unavailable':
      return {
        reason: `The flow’s own code has to see this first, and came to no answer: ${refusal.hook}, ${refusal.why.replace(/\.$/, '')}.`,
        remedy: 'Try again in a while. An admin may stand in without it, with a reason.',
      };
    case 'not-an-admin':
      return {
        reason: 'Only an admin of this desk may stand in for others.',
        remedy: 'If you are one of those who decide, say /approve. Else ask an admin.',
      };
    case 'no-step-to-stand-in':
      return {
        reason: `${capital(list(refusal.steps, 'and'))} can be met by ${refusal.steps.length === 1 ? 'its' : 'their'} own people only, so no admin may stand in.`,
        remedy: 'Ask one of them to look at it.',
      };
    case 'held-by-rule':
      return {
        reason: `${refusal.rules
          .map(({ rule, why }) => `The rule ${rule} may deny this, and cannot be judged now: ${clause(why)}.`)
          .join(' ')} So nothing is approved yet.`,
        remedy:
          refusal.what === 'break-glass'
            ? 'Try again in a few minutes. If that is too late, make an ordinary request: an admin may approve it meanwhile.'
            : 'Approve again in a few minutes; if it stays so, an admin may say /approve as admin REASON.',
      };
    case 'denied-by-rule':
      return {
        reason: `The rule ${refusal.rule} denies it${refusal.because === undefined ? '' : `: ${clause(refusal.because)}`}.`,
        remedy: 'The access that there is goes on until its end.',
      };
    case 'not-extendable':
      return {
        reason: notExtendable[refusal.why],
        remedy: 'If access is needed for longer, make a new request before it ends.',
      };
    case 'extension-too-long':
      return {
        reason: `That would be ${printDuration(refusal.total)} in all, and this flow allows ${printDuration(refusal.most)} from the moment that access was there.`,
        remedy: 'Ask for less, or make a new request before it ends.',
      };
    case 'another-matter':
      return {
        reason: 'What you saw there is decided, and something else is asked by now.',
        remedy: 'Look at the card as it is now, and decide on that.',
      };
    case 'extension-open':
      return {
        reason: `More time is asked for already, ${printDuration(refusal.total)} in all, and waits to be decided.`,
        remedy: 'The card says who decides it.',
      };
    case 'break-glass-not-offered':
      return {
        reason: `“${refusal.flow}” cannot be had without approval.`,
        remedy: 'Make an ordinary request: its card says who decides.',
      };
    case 'not-for-break-glass':
      return {
        reason: `“${refusal.flow}” can be had without approval by ${groupList(refusal.groups)}, and you are not among them.`,
        remedy: 'Make an ordinary request, or ask one of them.',
      };
    case 'review-overdue':
      return {
        reason: `You broke the glass before (request ${refusal.request}, by the flow ${refusal.flow}), and the review of that is overdue.`,
        remedy: 'Ask one of its reviewers to give it; until then, make an ordinary request.',
      };
    case 'nothing-to-review':
      return reviewRefusals[refusal.why];
    case 'own-review':
      return {
        reason: 'This was your own access, and nobody reviews that of their own.',
        remedy: 'A second person has to look at it: its card says who may.',
      };
    case 'not-a-reviewer':
      return {
        reason: `This is reviewed by ${groupList(refusal.groups)}, and you are not among them.`,
        remedy: 'Ask one of them to look at it. Once it is overdue, an admin may review it too.',
      };
    case 'please-repeat':
      return {
        reason:
          'Our records were rebuilt after this was said, so it is not certain that it was not counted before.',
        remedy: 'Look at the card, and say it again in a new comment if it is still what you want.',
      };
    case 'read-only':
      return {
        reason: 'A newer Countersign wrote part of this request, and this one cannot read it.',
        remedy: 'Whoever runs Countersign has to start the newer one again; then say it again.',
      };
    case 'desk-frozen':
      return {
        reason: `This desk neither decides nor grants at the moment: ${clause(refusal.why)}. Access is still taken back on time.`,
        remedy: 'An admin has to look at it; then say it again.',
      };
    case 'desk-unsafe':
      return {
        reason: `This desk takes no requests yet: ${refusal.risks.map(clause).join('; ')}.`,
        remedy: 'Whoever runs Countersign has to mend this or accept the risk in writing; then ask again.',
      };
    default:
      return refusal satisfies never;
  }
}

const notExtendable = {
  'not-active': 'There is no access that could last longer now.',
  'not-offered': 'This flow does not let access be extended.',
  'no-end': 'This access has no end that could be put off: it lasts until somebody revokes it.',
  'often-enough': 'This access was extended as often as its flow allows.',
  'break-glass': 'Nobody approved this access, and it lasts as long already as it may without.',
} as const;

type Wanting = Extract<Refusal, { code: 'message-required' }>['what'];

const messageWanted = {
  approving: 'This flow wants a reason for approving.',
  denying: 'This flow wants a reason for denying.',
  'standing in': 'Whoever stands in says why.',
  reviewing: 'A review says what you looked at, and what you think of it.',
} as const satisfies { readonly [W in Wanting]: string };

const messageCommands = {
  approving: '/approve REASON',
  denying: '/deny REASON',
  'standing in': '/approve as admin REASON',
  reviewing: '/review fine WORDS, or /review concern WORDS',
} as const satisfies { readonly [W in Wanting]: string };

const reviewRefusals = {
  'no-break-glass': {
    reason: 'Nothing waits for a review here: nobody broke the glass.',
    remedy: 'To decide on the request, say /approve or /deny.',
  },
  'not-there-yet': {
    reason: 'The access is not there yet, so that there is nothing to review.',
    remedy: 'Say it again once the card says that access is there. To end it early, say /revoke.',
  },
  reviewed: {
    reason: 'This was reviewed already, and is reviewed once.',
    remedy: 'The card says by whom, and what they said.',
  },
} as const satisfies {
  readonly [W in Extract<Refusal, { code: 'nothing-to-review' }>['why']]: RefusalWords;
};

function standingIn(mayStandIn: true | undefined): string {
  return mayStandIn ? ' As an admin you may stand in with a reason: /approve as admin REASON.' : '';
}

const linkRefusals = {
  code: {
    reason: 'This line is not valid here: it was used already, or is too old, or was made for another desk.',
    remedy:
      'Ask for a new one on Slack, for example by /access link, and say it on GitHub within ten minutes.',
  },
  changed: {
    reason: 'This line does not say what we wrote, so it is not valid any more.',
    remedy:
      'Ask for a new one yourself on Slack, and comment it as it is. Use no line that somebody else gave you.',
  },
  answer: {
    reason:
      'Nothing waits for this answer: it was given already, or came too late, or was asked of another account.',
    remedy: 'Begin anew on Slack, for example by /access link.',
  },
} as const satisfies { readonly [W in Extract<Refusal, { code: 'link-not-valid' }>['why']]: RefusalWords };

const mayNotLink = {
  guest: {
    reason: 'Guests link no accounts.',
    remedy: 'An admin of this desk says in flows/countersign.yml who its guests are.',
  },
  'not-a-colleague': {
    reason: 'Only full members of the workspace link their account: no guests, bots, or people of elsewhere.',
    remedy: 'Ask an admin of this desk to write you down in its files.',
  },
  'other-workspace': {
    reason: 'No desk here belongs to this workspace.',
    remedy: 'Say it in the workspace that your desk works in, or ask an admin of the desk.',
  },
  'too-many': {
    reason: 'So many accounts were linked here today that no more are taken before tomorrow.',
    remedy: 'Add your account to flows/people.yml by a pull request, or try again tomorrow.',
  },
} as const satisfies { readonly [W in Extract<Refusal, { code: 'may-not-link' }>['why']]: RefusalWords };

/** Whose account it is can be seen by its number alone: a login may be renamed. */
function howToLink({ name, account }: { readonly name: string; readonly account?: string }): string {
  const [service, id] = account?.split(':') ?? [];
  if (service === 'slack')
    return 'Say the command of this app with the word link, such as /access link: it tells you how to show which account on GitHub is yours. Or add this account to your entry in flows/people.yml, which an admin makes where you have none. Then say it again.';
  const line =
    service === 'github' && id !== undefined
      ? ` The line it needs: github: { login: ${name}, id: ${id} }.`
      : '';
  return `Add yourself with this account to flows/people.yml by a pull request, then say it again.${line}`;
}

const titles = {
  pending: 'Waiting for approval',
  approved: 'Approved',
  escalating: 'Approved, being granted',
  active: 'Access is there',
  deescalating: 'Being taken back',
  ended: 'Ended',
  denied: 'Denied',
  cancelled: 'Withdrawn',
  lapsed: 'Lapsed',
  failed: 'Failed',
} as const satisfies { readonly [S in Status]: string };

/** How a status looks from afar. */
export const statusLights = {
  pending: '🟡',
  approved: '🔵',
  escalating: '🔵',
  active: '🟢',
  deescalating: '🔵',
  ended: '⚪',
  denied: '🔴',
  cancelled: '⚪',
  lapsed: '⚪',
  failed: '🔴',
} as const satisfies { readonly [S in Status]: string };

/** A few words that stand alone. */
export function statusTitle(request: Request): string {
  const title = titleOf(request);
  return request.breakGlass ? `Break-glass, ${title.charAt(0).toLowerCase()}${title.slice(1)}` : title;
}

function titleOf({ phase, granted, policy }: Request): string {
  if (phase.status === 'deescalating' && !phase.wasActive) return 'Giving up';
  if (phase.status !== 'ended') return titles[phase.status];
  if (granted) return phase.why === 'expired' ? 'Ended on time' : 'Ended early';
  return policy.strategy ? 'Stopped before anything was granted' : titles.ended;
}

/** While it lives, a new request would be no help. */
function tooLateRemedy(status: Status): string {
  switch (status) {
    case 'approved':
    case 'escalating':
    case 'active':
      return 'Nothing more is needed; to end it early, say /revoke.';
    case 'deescalating':
      return 'Once it is gone, a new request can be made.';
    default:
      return 'If it is still needed, make a new request.';
  }
}

/** As part of a sentence: “it is too late: the request was denied”. */
export function statusClause(status: Status): string {
  switch (status) {
    case 'pending':
      return 'the request is still waiting for approval';
    case 'approved':
      return 'the request is approved already';
    case 'escalating':
      return 'the request is approved and access is being granted';
    case 'active':
      return 'the request is approved and access is there';
    case 'deescalating':
      return 'access is being taken back';
    case 'ended':
      return 'the request has ended';
    case 'denied':
      return 'the request was denied';
    case 'cancelled':
      return 'the request was withdrawn';
    case 'lapsed':
      return 'nobody decided in time, and the request lapsed';
    case 'failed':
      return 'the access could not be granted, and the request is closed';
    default:
      return status satisfies never;
  }
}

/** `team:acme/data` is “the team acme/data”. */
export function groupWords(group: Group): string {
  const [kind = '', ...rest] = group.split(':');
  const id = rest.join(':');
  if (kind === 'team') return `the team ${id}`;
  if (kind === 'codeowners') {
    const [owner, name, ...path] = id.split('/');
    return `the code owners of ${path.join('/')} in ${owner}/${name}`;
  }
  if (kind === 'person' || kind === 'user') return id;
  if (kind === 'slack-group') return `the Slack group ${id}`;
  if (kind === 'slack-channel') return `the members of the Slack channel ${id}`;
  if (kind === 'guest') return `the guests ${id}`;
  if (kind === 'manager') return `the manager of ${id === 'requester' ? 'whoever asks' : id}`;
  if (group === 'role:admin') return 'the admins of this desk';
  if (group === 'role:member') return 'all members';
  if (Object.hasOwn(serviceGroups, kind)) return `${serviceGroups[kind]} ${id}`;
  return `${kind.replaceAll('-', ' ')} ${id}`.trim();
}

/** The integration stands before the id where the file needs it. */
const serviceGroups: Readonly<Record<string, string>> = {
  'okta-group': 'the Okta group',
  'google-group': 'the Google group',
  'pagerduty-schedule': 'whoever is on call by the PagerDuty schedule',
  'pagerduty-escalation-policy': 'whoever is on call by the PagerDuty escalation policy',
};

/** Where somebody asked or decided, in a sentence. */
export const sourceWords = {
  github: 'GitHub',
  slack: 'Slack',
  api: 'the API',
  web: 'the web page',
} as const satisfies { readonly [S in Source]: string };

/** “a, b and c”. */
/** What decides in the place of people, within a sentence. */
export function ruleWords({ rule, by }: RuleRef): string {
  return by === 'code' ? codeWords : `the rule ${rule}`;
}

/** The same, where a sentence begins. */
export function ruleOpening(rule: RuleRef): string {
  return ruleWords(rule).replace(/^t/, 'T');
}

export const codeWords = 'the flow’s code';

export function list(items: readonly string[], word: 'and' | 'or'): string {
  const last = items.at(-1) ?? 'nobody';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} ${word} ${last}`;
}

export function plural(count: number, noun: string): string {
  return count === 1 ? noun : `${noun}s`;
}

function groupList(groups: readonly Group[]): string {
  return list(groups.map(groupWords), 'or');
}

function problemList(problems: readonly FormProblem[]): string {
  return problems.map(({ sentence }) => sentence).join(' ');
}

function revoker(by: string): string {
  if (by === 'requester') return 'whoever asked for it';
  return by === 'approvers' || by === 'reviewers' ? `its ${by}` : by;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Others' sentences inside ours: without their full stop. */
function clause(text: string): string {
  return text.trim().replace(/\.+$/, '');
}
