// The one card of a request as Slack shows it: edited in place, short enough for a phone, and never saying more than what is recorded.
import type { KnownBlock } from '@slack/web-api';
import type { Card, CardApproval, CardStep } from '../../domain/card.ts';
import type { Destination, Group, RequestId } from '../../domain/names.ts';
import type { Status } from '../../domain/request.ts';
import { inQuotes } from '../../domain/safe-word.ts';
import { codeWords, list, plural, sourceWords, statusLights } from '../../domain/words.ts';
import { footnote, header, most, paragraphs, type Message } from './blocks.ts';
import { cardActions } from './card-actions.ts';
import { clip, clipTelling, oneLine, typedLines } from './escape.ts';
import {
  isPlainLink,
  joined,
  linkPiece,
  listed,
  mentionGroup,
  notification,
  phrasesLine,
  type Line,
  type Mentions,
  whoAsks,
} from './pieces.ts';

export interface CardPlace {
  readonly mentions: Mentions;
  /** The request's issue on GitHub, if it has one. */
  readonly issue?: string;
  /** The destination that the card was posted for. */
  readonly to: Destination;
}

export interface CardMessage extends Message {
  /** By which a card is found again whose posting was answered by nobody. */
  readonly metadata: {
    readonly event_type: 'countersign_card';
    readonly event_payload: { readonly request: RequestId; readonly to: Destination };
  };
}

/** How much is shown: of each text, of all answers and settings, of the groups of a step. Tried until the card fits. */
const caps = [
  { text: 1000, many: 50, names: 6 },
  { text: 300, many: 50, names: 3 },
  { text: 120, many: 12, names: 2 },
  { text: 60, many: 4, names: 1 },
] as const satisfies readonly Cap[];

interface Cap {
  readonly text: number;
  readonly many: number;
  readonly names: number;
}

/** Slack takes about 13,200 characters; some are left for what it counts otherwise. */
const longestBlocks = 12_000;

export function renderCard(card: Card, place: CardPlace): CardMessage {
  const blocks = firstFitting(card, place);
  return {
    text: clip(notification([[headingOf(card)], nextLine(card, 500)]), most.notification),
    blocks,
    metadata: {
      event_type: 'countersign_card',
      event_payload: { request: card.request, to: place.to },
    },
  };
}

function firstFitting(card: Card, place: CardPlace): KnownBlock[] {
  for (const cap of caps) {
    const blocks = [...body(card, place, cap), ...cardActions(card, place.to), ...footer(card, place)];
    if (sizeOf(blocks) <= longestBlocks) return blocks;
  }
  return [
    header(headingOf(card)),
    ...paragraphs(nextLine(card, 300), ['The rest is too long for Slack: it is in the ledger.']),
    ...cardActions(card, place.to),
    ...footer(card, place),
  ];
}

/** Every text in it, and something for each block besides. */
function sizeOf(blocks: KnownBlock[]): number {
  let size = blocks.length * 125;
  JSON.stringify(blocks, (_, value: unknown) => {
    if (typeof value === 'string') size += value.length;
    return value;
  });
  return size;
}

/** What happens next; what people said in it is cut where it is long. */
export function nextLine({ next }: Pick<Card, 'next'>, atMost: number): Line {
  return phrasesLine(next).map((piece) => (typeof piece === 'string' ? clipTelling(piece, atMost) : piece));
}

function body(card: Card, place: CardPlace, cap: Cap): KnownBlock[] {
  const dangers = card.danger === undefined || card.status !== 'pending' ? [] : [card.danger];
  return [
    header(headingOf(card)),
    ...paragraphs(
      ...dangers.map((danger) => ['⚠️ ', { bold: clipTelling(oneLine(danger), cap.text) }]),
      ...(card.message === undefined ? [] : [[clipTelling(oneLine(card.message), cap.text)]]),
    ),
    ...paragraphs(...facts(card, cap)),
    ...paragraphs(...runLines(card, cap)),
    ...paragraphs(...stepLines(card, place.mentions, cap)),
    ...paragraphs(...extensionLines(card, place.mentions, cap)),
    ...paragraphs(nextLine(card, Math.max(cap.text, 300))),
  ];
}

/** The same words as on GitHub. */
export function headingOf({ status, statusTitle, subject, requester, breakGlass }: Card): string {
  return `${breakGlass ? '🚨' : statusLights[status]} ${statusTitle}: ${clip(oneLine(subject), 80)}, for ${clip(whoAsks(requester), 60)}`;
}

function facts(card: Card, cap: Cap): readonly Line[] {
  const { requester, requestedAt, label, environment, answers, shortened } = card;
  const who =
    requester.person === requester.name ? '' : ` (${oneLine(requester.person ?? 'nobody we know')})`;
  const from = requester.surface === 'slack' ? '' : ` from ${sourceWords[requester.surface]}`;
  const flow = oneLine(environment === undefined ? label : `${label} (${environment})`);
  const left = answers.length - cap.many;
  return [
    [{ bold: 'Asked by' }, ` ${clip(oneLine(requester.name), 80)}${who}${from} · `, { time: requestedAt }],
    ...(card.grants || flow !== card.subject ? [[{ bold: 'Flow' }, ` ${flow}`]] : []),
    ...answers.slice(0, cap.many).map((answer) => answerLine(answer, cap)),
    ...(shortened
      ? [
          [
            { bold: 'Time' },
            ` less than the ${shortened.asked} asked for, by ${clip(oneLine(shortened.by), 80)}`,
          ],
        ]
      : []),
    ...(left > 0 ? [[`And ${left} more ${plural(left, 'answer')}, in the ledger.`]] : []),
    ...grantsLine(card, cap),
  ];
}

function answerLine({ label, text }: Card['answers'][number], cap: Cap): Line {
  const shown = clipTelling(typedLines(text), cap.text);
  return [
    { bold: clip(oneLine(label), 120) },
    shown.includes('\n') ? '\n' : ' ',
    isPlainLink(text) ? { link: text } : shown,
  ];
}

/** Afterwards the ledger says it. */
const isAboutToBe: ReadonlySet<Status> = new Set(['pending', 'approved', 'escalating', 'active']);

/** What exactly is granted: what an approver's yes is about. */
function grantsLine({ grants, status }: Card, cap: Cap): readonly Line[] {
  if (grants === undefined || !isAboutToBe.has(status)) return [];
  // Parts of a call to some service tell a reader less than what was answered does, and are long.
  const readable = grants.settings.filter(({ text }) => !/^[[{]/.test(text));
  const settings = readable
    .slice(0, cap.many)
    .map(({ name, text }): Line => [
      `${clip(oneLine(name), 80)} `,
      { code: clipTelling(oneLine(text), Math.min(cap.text, 200)) },
    ]);
  const left = grants.settings.length - settings.length;
  const more: readonly Line[] =
    left > 0 ? [[`${left} ${settings.length > 0 ? 'more' : plural(left, 'setting')} in the ledger`]] : [];
  const strategy: Line = [{ bold: 'Grants' }, ' ', { code: grants.strategy }];
  return [joined([strategy, ...settings, ...more], ' · ')];
}

const runMarks = { planned: '▫️', running: '⏳', finished: '✅', failed: '❌', skipped: '➖' } as const;

/** With all that is called, for as long as somebody may approve it; then the ledger says it. */
function runLines({ runs, status }: Card, cap: Cap): readonly Line[] {
  if (runs.length === 0) return [];
  const isPending = status === 'pending';
  const title = isPending ? 'What runs once it is approved' : 'What runs';
  return [
    [{ bold: title }],
    ...runs.map(({ name, run, through, settings, state, link, recorded }): Line => {
      const head: Line = [`${runMarks[state]} `, { bold: clip(name, 80) }, ' by ', { code: run }];
      const where: readonly Line[] =
        through === undefined ? [] : [[`through ${clipTelling(oneLine(through), cap.text)}`]];
      const parts = isPending ? settings : recorded;
      const shown = parts
        .slice(0, cap.many)
        .map((part): Line => [
          `${clip(oneLine(part.name), 80)} `,
          { code: clipTelling(oneLine(part.text), Math.min(cap.text, 200)) },
        ]);
      const left = parts.length - shown.length;
      const more: readonly Line[] = left > 0 ? [[`${left} more in the ledger`]] : [];
      const result: readonly Line[] = link === undefined ? [] : [[linkPiece(link)]];
      return joined([head, ...where, ...result, ...shown, ...more], ' · ');
    }),
  ];
}

function stepLines(card: Card, mentions: Mentions, cap: Cap): readonly Line[] {
  const isDecided = card.status !== 'pending';
  if (isDecided && !card.steps.some(({ state }) => state === 'met')) return [];
  const title = isDecided ? 'Who decided' : 'Who decides';
  const said = card.stepsBy === 'code' ? `, as ${codeWords} said` : '';
  return [[{ bold: title }, said], ...card.steps.map((step) => stepLine(step, mentions, cap))];
}

function extensionLines({ extension }: Card, mentions: Mentions, cap: Cap): readonly Line[] {
  if (extension === undefined) return [];
  return [
    [{ bold: `Who decides on ${extension.total} in all` }],
    ...extension.steps.map((step) => stepLine(step, mentions, cap)),
  ];
}

const marks = { met: '✅', open: '⏳', waiting: '▫️', closed: '➖' } as const;

function stepLine(step: CardStep, mentions: Mentions, cap: Cap): Line {
  const parts = [
    ...(step.rule ? [ruleLine(step.rule, cap)] : []),
    ...step.by.map((approval) => approvalLine(approval, cap)),
    ...missingLine(step, mentions, cap),
  ];
  return [`${marks[step.state]} `, { bold: step.name }, ': ', ...joined(parts, '; ')];
}

function ruleLine({ rule, by, because }: NonNullable<CardStep['rule']>, cap: Cap): Line {
  const reason =
    because === undefined ? '' : `, saying “${clipTelling(inQuotes(oneLine(because)), cap.text)}”`;
  return by === 'code' ? [`met by ${codeWords}${reason}`] : ['met by the rule ', { bold: rule }, reason];
}

function approvalLine({ name, at, message, asAdmin }: CardApproval, cap: Cap): Line {
  const said = message === undefined ? '' : `, saying “${clipTelling(inQuotes(oneLine(message)), cap.text)}”`;
  const who = clip(oneLine(name), 80);
  return asAdmin
    ? ['⚠️ ', who, ' ', { bold: 'stood in as admin' }, ' ', { time: at }, said]
    : [who, ' approved ', { time: at }, said];
}

/** Only an open step mentions: whoever is asked now hears of it. */
function missingLine(step: CardStep, mentions: Mentions, cap: Cap): readonly Line[] {
  const { state, missing, after } = step;
  switch (state) {
    case 'met':
      return [];
    case 'open':
      return [[`waiting for ${missing} ${plural(missing, 'approval')} from `, ...whom(step, mentions, cap)]];
    case 'waiting':
      return [
        [
          `${missing} ${plural(missing, 'approval')} from `,
          ...whom(step, new Map(), cap),
          `, asked after ${clip(list(after, 'and'), 200)}`,
        ],
      ];
    case 'closed':
      return [['was not decided']];
    default:
      return state satisfies never;
  }
}

function whom({ approvers }: CardStep, mentions: Mentions, cap: Cap): Line {
  return namesOf(approvers, mentions, { atMost: cap.names, word: 'or' });
}

/** The first few by name. */
export function namesOf(
  groups: readonly Group[],
  mentions: Mentions,
  { atMost, word }: { readonly atMost: number; readonly word: 'and' | 'or' },
): Line {
  const left = groups.length - atMost;
  const named = groups.slice(0, atMost).map((group) => {
    const piece = mentionGroup(group, mentions);
    return typeof piece === 'string' ? clip(oneLine(piece), 120) : piece;
  });
  return listed([...named, ...(left > 0 ? [`${left} more`] : [])], word);
}

function footer({ request, flow }: Card, { issue }: CardPlace): KnownBlock[] {
  const words = `Request ${request}, by the flow ${flow.name} at ${flow.commit.slice(0, 7)}`;
  const number = issue === undefined ? undefined : /^https?:\/\/[^\s<>|]+\/issues\/(\d+)$/.exec(issue)?.[1];
  if (issue === undefined || number === undefined) return [footnote(words)];
  return [
    {
      type: 'context',
      elements: [
        { type: 'mrkdwn', text: `<${issue}|Issue ${number} on GitHub>`, verbatim: true },
        { type: 'plain_text', text: words, emoji: false },
      ],
    },
  ];
}
