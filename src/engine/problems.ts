// What operators must know of a desk: each kind of trouble, and what a piece of it consists of.
import { hours } from '../domain/duration.ts';
import type { Thread } from '../domain/entries.ts';
import type { Instant, Milliseconds } from '../domain/names.ts';

interface KindOfProblem {
  /** For a list of problems and for the heading of what to do. */
  readonly title: string;
  /** It is over after so long without another word of it; absent where whoever raised it says so. */
  readonly quietAfter?: Milliseconds;
  /** Where it is told of in a channel, the admins are called by name. */
  readonly callsAdmins?: true;
}

const days = (count: number): Milliseconds => hours(24 * count);

/** `docs/operating.md` says of each what it means and what to do. */
export const problemKinds = {
  'access-overdue': { title: 'Access should be gone and is not', callsAdmins: true },
  'review-overdue': { title: 'Access without approval was not reviewed in time', callsAdmins: true },
  'ledger-diverged': { title: 'The ledger diverged' },
  'ledger-behind': { title: 'The ledger cannot be written' },
  'desk-unsafe': { title: 'The desk takes no requests: it is not safe' },
  'desk-closed': { title: 'The desk takes no requests: its files are broken' },
  'flow-disabled': { title: 'A flow is broken and disabled' },
  'lookup-out': { title: 'A look-up fails' },
  'drift-found': { title: 'Targets hold other access than the ledger says', quietAfter: days(3) },
  'escalation-failed': { title: 'Access could not be given', quietAfter: days(3) },
  'action-failed': { title: 'What was approved could not be run', quietAfter: days(3) },
  'requester-left': {
    title: 'Somebody left, and their access ended',
    quietAfter: days(3),
    callsAdmins: true,
  },
  'code-failed': { title: 'Code of a flow came to no answer', quietAfter: days(3) },
  undelivered: { title: 'A notice reached nobody', quietAfter: days(3) },
  'check-failed': { title: 'Pull requests cannot be checked', quietAfter: days(3) },
  'slack-out': { title: 'Slack does not answer' },
  'slack-deaf': { title: 'What people do in Slack is not heard' },
  'slack-token': { title: 'Slack does not let the app in' },
  'error-channel-missing': { title: 'The error channel on Slack cannot be told' },
  'github-slow': { title: 'What is written to GitHub waits long' },
  'store-rebuilt': { title: 'The store was damaged and rebuilt', quietAfter: days(1) },
} as const satisfies { readonly [kind: string]: KindOfProblem };

export type ProblemKind = keyof typeof problemKinds;

export interface Problem {
  /** Whoever raises it finds it again by this. */
  readonly key: string;
  readonly kind: ProblemKind;
  /** A sentence, with whatever others wrote in it as they wrote it. No secrets, no payloads. */
  readonly what: string;
  /** When it began, where that is known; else it is when it was raised. */
  readonly since?: Instant;
  /** How often it happened, where that is counted; or that it happened once more. */
  readonly times?: number | 'again';
  /** When it was recorded; what was told before is not counted again. */
  readonly at?: Instant;
  /** Where it can be seen. */
  readonly thread?: Thread;
  /** The flow that it is in: its environment may have an error channel of its own. */
  readonly flow?: string;
}

export function isProblemKind(text: string): text is ProblemKind {
  return Object.hasOwn(problemKinds, text);
}

export function quietAfter(kind: ProblemKind): Milliseconds | undefined {
  const described: KindOfProblem = problemKinds[kind];
  return described.quietAfter;
}

export function callsAdmins(kind: ProblemKind): boolean {
  const described: KindOfProblem = problemKinds[kind];
  return described.callsAdmins === true;
}

/** In the order of their weight. */
export const kindsByWeight: readonly ProblemKind[] = Object.keys(problemKinds).filter(isProblemKind);

/** The page that says what a kind means and what to do about it. */
export function explanationOf(kind: ProblemKind): string {
  return `https://github.com/countersign/countersign/blob/main/docs/operating.md#${kind}`;
}
