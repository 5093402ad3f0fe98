// App Home: what waits for this person, what access they have and for how long, and what they asked for lately.
import type { HomeView, KnownBlock } from '@slack/web-api';
import { cardOf, type CardAction } from '../../domain/card.ts';
import { statusLights } from '../../domain/words.ts';
import { durationWords } from './duration-words.ts';
import { between, type Instant } from '../../domain/names.ts';
import type { Request } from '../../domain/request.ts';
import { button, buttons, footnote, header, paragraphs } from './blocks.ts';
import { someActions } from './card-actions.ts';
import { clip, oneLine } from './escape.ts';
import { askAction } from './flow-list.ts';
import { whoAsks, type Line } from './pieces.ts';
import { nextLine } from './render-card.ts';

export interface HomeParts {
  /** Those that this person may decide now. */
  readonly waiting: readonly Request[];
  /** Their own, newest first; what they hold now stands by itself. */
  readonly mine: readonly Request[];
  readonly now: Instant;
  /** The first is 0. */
  readonly page: number;
  /** Guests decide, and never ask. */
  readonly mayAsk: boolean;
}

/** The card has them all. */
const mostAnswers = 3;

/** Three blocks each at most, and Slack takes a hundred in all. */
const pageSize = 25;
export const pageAction = 'home-page';

type Section = 'waiting' | 'active' | 'asked';
const titles = {
  waiting: 'Waiting for you',
  active: 'Your access',
  asked: 'What you asked for',
} as const satisfies { readonly [S in Section]: string };
const actionsIn = {
  waiting: ['approve', 'deny'],
  active: ['hand-over', 'extend', 'revoke'],
  asked: [],
} as const satisfies { readonly [S in Section]: readonly CardAction[] };

interface Row {
  readonly section: Section;
  readonly request: Request;
}

export function renderHome({ waiting, mine, now, page, mayAsk }: HomeParts): HomeView {
  const rows = rowsOf(waiting, mine);
  const last = Math.max(0, Math.ceil(rows.length / pageSize) - 1);
  const shown = Math.min(Math.max(0, page), last);
  return {
    type: 'home',
    blocks: [
      ...(mayAsk
        ? buttons('home', [
            button({ action: askAction, text: 'Ask for access', value: 'list', style: 'primary' }),
          ])
        : []),
      ...(rows.length === 0 ? nothing : []),
      ...rowBlocks(rows.slice(shown * pageSize, (shown + 1) * pageSize), now),
      ...pager(shown, last),
    ],
  };
}

const nothing = paragraphs(['Nothing waits for you, and you have no access that ends.']);

/** Each request once, where it matters most. */
function rowsOf(waiting: readonly Request[], mine: readonly Request[]): readonly Row[] {
  const seen = new Set<string>();
  const rows = [
    ...waiting.map((request) => ({ section: 'waiting', request }) as const),
    ...mine.filter(isHeld).map((request) => ({ section: 'active', request }) as const),
    ...mine.filter((request) => !isHeld(request)).map((request) => ({ section: 'asked', request }) as const),
  ];
  return rows.filter(({ request }) => !seen.has(request.id) && seen.add(request.id));
}

function isHeld({ phase }: Request): boolean {
  return phase.status === 'active' || phase.status === 'deescalating';
}

function rowBlocks(rows: readonly Row[], now: Instant): KnownBlock[] {
  return rows.flatMap(({ section, request }, index) => [
    ...(rows[index - 1]?.section === section ? [] : [header(titles[section])]),
    ...paragraphs(...rowLines({ section, request }, now)),
    ...someActions(cardOf(request), actionsIn[section]),
  ]);
}

function rowLines({ section, request }: Row, now: Instant): readonly Line[] {
  const card = cardOf(request);
  const more = card.extension === undefined ? '' : ` asks for ${card.extension.total} in all`;
  const whose = section === 'waiting' ? `, for ${whoAsks(card.requester)}${more}` : '';
  const { phase } = request;
  const left =
    phase.status === 'active' && phase.expiresAt !== undefined
      ? ` · ${durationWords(between(now, phase.expiresAt))} left`
      : ` · ${card.statusTitle}`;
  const first: Line = [
    `${statusLights[card.status]} `,
    { bold: clip(oneLine(card.subject), 200) },
    `${whose}${left}`,
  ];
  const answers = card.answers
    .slice(0, mostAnswers)
    .map(({ label, text }): Line => [`${clip(oneLine(label), 80)} `, { bold: clip(oneLine(text), 150) }]);
  if (section !== 'waiting') return [first, ...answers.slice(0, 1), nextLine(card, 200)];
  const danger: readonly Line[] =
    card.danger === undefined ? [] : [[`⚠️ ${clip(oneLine(card.danger), 200)}`]];
  return [first, ...danger, ...answers];
}

function pager(page: number, last: number): KnownBlock[] {
  if (last === 0) return [];
  return [
    ...buttons('home-pages', [
      ...(page > 0 ? [button({ action: pageAction, text: '← Back', value: String(page - 1) })] : []),
      ...(page < last
        ? [button({ action: `${pageAction}-on`, text: 'More →', value: String(page + 1) })]
        : []),
    ]),
    footnote(`Page ${page + 1} of ${last + 1}`),
  ];
}
