// The open problems of a desk as Slack shows them in its error channel: one message, written anew each time, and a short one for each new kind.
import type { KnownBlock } from '@slack/web-api';
import type { DeskId, Group } from '../../domain/names.ts';
import { plural } from '../../domain/words.ts';
import type { ErrorBoard, OpenProblem, SolvedProblem } from '../../engine/error-board.ts';
import { explanationOf, kindsByWeight, problemKinds, type ProblemKind } from '../../engine/problems.ts';
import { header, message, paragraphs, type Message } from './blocks.ts';
import { clipTelling, oneLine } from './escape.ts';
import type { Line, Mentions, Piece } from './pieces.ts';
import { namesOf } from './render-card.ts';

export interface ErrorsOf {
  readonly desk: DeskId;
  /** `acme/access`, where it is known: desks may share a channel. */
  readonly name?: string;
  /** The page of a problem, where it has one. */
  readonly pageOf: (problem: OpenProblem) => string | undefined;
}

/** By which it is found again where the answer to its posting was lost. */
type WithMetadata = Message & {
  readonly metadata: {
    readonly event_type: string;
    readonly event_payload: { readonly [name: string]: string };
  };
};

export const boardEvent = 'countersign_errors';
export const toldEvent = 'countersign_error';

/** How many of one kind and how many that are over are shown, and how much of each, tried until it fits. */
const caps = [
  { open: 20, solved: 5, text: 500 },
  { open: 5, solved: 3, text: 300 },
  { open: 2, solved: 0, text: 150 },
  { open: 0, solved: 0, text: 0 },
] as const;

/** Slack takes about 13,200 characters; some are left for what it counts otherwise. */
const longestBlocks = 12_000;

export function errorBoard(board: ErrorBoard, about: ErrorsOf): WithMetadata {
  const tried = caps.map((cap) => blocksOf(board, about, cap));
  const blocks = tried.find((each) => JSON.stringify(each).length <= longestBlocks) ?? tried.at(-1) ?? [];
  return {
    text: message([titleLine(about), headingOf(board)]).text,
    blocks,
    metadata: { event_type: boardEvent, event_payload: { desk: about.desk } },
  };
}

type Cap = (typeof caps)[number];

function blocksOf(board: ErrorBoard, about: ErrorsOf, cap: Cap): KnownBlock[] {
  return [
    header(titleOf(about)),
    ...paragraphs(headingOf(board)),
    ...kindsByWeight.flatMap((kind) => kindBlocks(board, kind, about, cap)),
    ...(board.leftOut === 0
      ? []
      : paragraphs([`There were ${board.leftOut} more than can be kept; the log has them.`])),
    ...solvedBlocks(board, about, cap),
  ];
}

function headingOf({ open }: ErrorBoard): Line {
  const count =
    open.length === 0
      ? '🟢 Nothing is open.'
      : `🔴 ${open.length} ${plural(open.length, 'problem')} ${open.length === 1 ? 'is' : 'are'} open.`;
  return [{ bold: count }, ' This message is written anew each time; what is over is crossed off by itself.'];
}

function kindBlocks({ open }: ErrorBoard, kind: ProblemKind, about: ErrorsOf, cap: Cap): KnownBlock[] {
  const mine = open.filter((each) => each.kind === kind);
  if (mine.length === 0) return [];
  const more = mine.length - cap.open;
  return paragraphs(
    [{ bold: kindTitle(kind) }, cap.open === 0 ? `: ${mine.length}. ` : '. ', whatToDo(kind)],
    ...mine.slice(0, cap.open).map((problem) => openLine(problem, about, cap)),
    ...(more > 0 && cap.open > 0 ? [[`… and ${more} more`]] : []),
  );
}

function openLine(problem: OpenProblem, about: ErrorsOf, cap: Cap): Line {
  const { what, since, times } = problem;
  return [
    `• ${shortened(what, cap)}`,
    ...pageLine(about.pageOf(problem)),
    ', since ',
    { time: since },
    ...(times > 1 ? [`, ${times} times`] : []),
  ];
}

function solvedBlocks({ solved }: ErrorBoard, about: ErrorsOf, cap: Cap): KnownBlock[] {
  const shown = solved.slice(0, cap.solved);
  if (shown.length === 0) return [];
  return paragraphs(
    [{ bold: `Over: the last ${shown.length}` }],
    ...shown.map((each) => solvedLine(each, about, cap)),
  );
}

function solvedLine(problem: SolvedProblem, about: ErrorsOf, cap: Cap): Line {
  const { kind, what, until } = problem;
  return [
    `• ${kindTitle(kind)}: ${shortened(what, cap)}`,
    ...pageLine(about.pageOf(problem)),
    ', until ',
    { time: until },
  ];
}

export interface ToldErrors extends ErrorsOf {
  readonly admins: readonly Group[];
  readonly mentions: Mentions;
  /** The message that shows all of it. */
  readonly all?: string;
}

const mostNamed = 6;

/** Of a kind that is new: what notifies people. */
export function errorTold(kind: ProblemKind, { open }: ErrorBoard, about: ToldErrors): WithMetadata {
  const mine = open.filter((each) => each.kind === kind);
  const [first] = mine;
  const what = first === undefined ? 'It is over by now.' : sentence(clipTelling(oneLine(first.what), 500));
  const { admins, mentions, all, desk } = about;
  const called: Line =
    admins.length === 0 ? [] : [...namesOf(admins, mentions, { atMost: mostNamed, word: 'and' }), ': '];
  const line: Line = [
    ...called,
    { bold: `${kindTitle(kind)}${about.name === undefined ? '' : ` (${about.name})`}.` },
    ` ${what}${mine.length > 1 ? ` And ${mine.length - 1} more.` : ''} `,
    whatToDo(kind),
    ...(all === undefined ? [] : ['. ', { link: all, text: 'All that is open' }]),
  ];
  return {
    ...message([line]),
    metadata: { event_type: toldEvent, event_payload: { desk, kind } },
  };
}

/** What stays where nothing is told any more. */
export function errorsMoved(about: Omit<ErrorsOf, 'pageOf'>): Message {
  return message([
    titleLine(about),
    ['What is wrong is no longer told here: the desk names another channel.'],
  ]);
}

function titleOf({ name }: Pick<ErrorsOf, 'name'>): string {
  return `Countersign: errors${name === undefined ? '' : ` of ${name}`}`;
}

function titleLine(about: Pick<ErrorsOf, 'name'>): Line {
  return [{ bold: titleOf(about) }];
}

function kindTitle(kind: ProblemKind): string {
  return problemKinds[kind].title;
}

function whatToDo(kind: ProblemKind): Piece {
  return { link: explanationOf(kind), text: 'What it means, and what to do' };
}

function pageLine(page: string | undefined): Line {
  const number = page === undefined ? undefined : /\/issues\/(\d+)$/.exec(page)?.[1];
  return page === undefined || number === undefined
    ? []
    : [' (', { link: page, text: `issue ${number}` }, ')'];
}

function shortened(text: string, { text: most }: Cap): string {
  return clipTelling(oneLine(text), most);
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
