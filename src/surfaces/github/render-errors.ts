// The open problems of a desk as GitHub shows them: one issue, written anew each time, the open ones first.
import type { Group } from '../../domain/names.ts';
import { list, plural } from '../../domain/words.ts';
import type { ErrorBoard, OpenProblem, SolvedProblem, Untold } from '../../engine/error-board.ts';
import { explanationOf, kindsByWeight, problemKinds, type ProblemKind } from '../../engine/problems.ts';
import { escapeText } from './escape.ts';
import { errorsMarker, errorToldMarker } from './marker.ts';
import { mentionGroup, printTime, type Logins } from './mention.ts';
import { longestBody } from './render-card.ts';

export const errorsTitle = 'Countersign: errors';

/** How many of one kind and how many solved ones are shown, tried until it fits. */
const caps = [
  { open: 200, solved: 50 },
  { open: 50, solved: 25 },
  { open: 10, solved: 5 },
  { open: 3, solved: 0 },
] as const;

export function renderErrors(board: ErrorBoard): string {
  const bodies = caps.map((cap) => bodyOf(board, cap));
  return bodies.find((body) => body.length <= longestBody) ?? tooLong(board);
}

function bodyOf(board: ErrorBoard, cap: (typeof caps)[number]): string {
  return [
    heading(board),
    ...unreached(board),
    ...kindsByWeight.flatMap((kind) => openOf(board, kind, cap.open)),
    ...leftOut(board.leftOut),
    ...solvedOf(board, cap.solved),
    errorsMarker,
  ].join('\n\n');
}

function heading({ open }: ErrorBoard): string {
  const count =
    open.length === 0
      ? '🟢 **Nothing is open.**'
      : `🔴 **${open.length} ${plural(open.length, 'problem')} ${open.length === 1 ? 'is' : 'are'} open.**`;
  return `${count} What needs somebody’s eyes stands here, and is crossed off by itself once it is over. This text is written anew each time. Of each new kind of problem people are told: in the error channel on Slack, or else in a comment below.`;
}

/** Nobody should believe that a channel was told which was not. */
function unreached({ open, unreached: why }: ErrorBoard): readonly string[] {
  if (open.length === 0 || why.length === 0) return [];
  return [
    `⚠️ Not all of this could be told on Slack. ${why.map((each) => sentence(escapeText(each))).join(' ')}`,
  ];
}

function openOf({ open }: ErrorBoard, kind: ProblemKind, cap: number): readonly string[] {
  const mine = open.filter((each) => each.kind === kind);
  if (mine.length === 0) return [];
  const more = mine.length > cap ? [`- … and ${mine.length - cap} more`] : [];
  return [
    [`### ${titleOf(kind)}`, whatToDo(kind), '', ...mine.slice(0, cap).map(openLine), ...more].join('\n'),
  ];
}

function openLine({ what, since, times, thread }: OpenProblem): string {
  const facts = [`since ${printTime(since)}`, ...(times > 1 ? [`${times} times`] : [])];
  return `- ${escapeText(what)}${placeOf(thread)}<br><sub>${facts.join(', ')}</sub>`;
}

function leftOut(count: number): readonly string[] {
  return count === 0 ? [] : [`There were ${count} more than can be kept; the log has them.`];
}

function solvedOf({ solved }: ErrorBoard, cap: number): readonly string[] {
  const shown = solved.slice(0, cap);
  if (shown.length === 0) return [];
  return [
    [
      '<details>',
      `<summary>Over: the last ${shown.length}</summary>`,
      '',
      ...shown.map(solvedLine),
      '',
      '</details>',
    ].join('\n'),
  ];
}

function solvedLine({ kind, what, since, until, thread }: SolvedProblem): string {
  return `- ${titleOf(kind)}: ${escapeText(what)}${placeOf(thread)}<br><sub>from ${printTime(since)} until ${printTime(until)}</sub>`;
}

/** What is told elsewhere has no address here. */
function placeOf(thread: OpenProblem['thread']): string {
  return thread?.surface === 'github' ? ` (#${thread.issue})` : '';
}

function titleOf(kind: ProblemKind): string {
  return problemKinds[kind].title;
}

function whatToDo(kind: ProblemKind): string {
  return `[What it means, and what to do](${explanationOf(kind)})`;
}

function tooLong({ open }: ErrorBoard): string {
  const counts = kindsByWeight.flatMap((kind) => {
    const count = open.filter((each) => each.kind === kind).length;
    return count === 0 ? [] : [`- ${titleOf(kind)}: ${count}. ${whatToDo(kind)}`];
  });
  return [
    `🔴 **${open.length} problems are open**, too many to show; the log has them.`,
    counts.join('\n'),
    errorsMarker,
  ].join('\n\n');
}

/** What notifies people: once for each kind that is new. */
export function renderErrorTold(
  { kind, at }: Untold,
  { open }: ErrorBoard,
  people: { readonly admins: readonly Group[]; readonly logins: Logins },
): string {
  const mine = open.filter((each) => each.kind === kind);
  const whom = people.admins.map((group) => mentionGroup(group, people.logins));
  const [first] = mine;
  const now =
    first === undefined
      ? 'It is over by now.'
      : `${sentence(escapeText(first.what))}${mine.length > 1 ? ` And ${mine.length - 1} more.` : ''}`;
  return [
    `${whom.length === 0 ? '' : `${list(whom, 'and')}: `}**${titleOf(kind)}.** ${now} ${whatToDo(kind)}; what is open now stands at the top.`,
    errorToldMarker(kind, at),
  ].join('\n\n');
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
