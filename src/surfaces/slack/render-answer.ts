// What a person is answered in private: why not, why, and where a request stands.
import { cardOf } from '../../domain/card.ts';
import type { Why } from '../../domain/explain.ts';
import type { Refusal } from '../../domain/refusals.ts';
import type { Request } from '../../domain/request.ts';
import { whyLines, type WhyLine } from '../../domain/why-lines.ts';
import { list, plural, refusalWords } from '../../domain/words.ts';
import { message, type Message } from './blocks.ts';
import { inButtons } from './button-words.ts';
import { clip } from './escape.ts';
import type { Line } from './pieces.ts';
import { headingOf, namesOf, nextLine } from './render-card.ts';

export function renderRefusal(refusal: Refusal): Message {
  return message([refusalLine(refusal)]);
}

/** The same for a form, which shows it above what was filled in. */
export function refusalLine(refusal: Refusal): Line {
  const { reason, remedy } = refusalWords(refusal);
  return inButtons(`${clip(reason, 2000)} ${clip(remedy, 800)}`);
}

const marks = { yes: '✅', no: '▫️', unknown: '⚠️', waiting: '⏳' } as const satisfies {
  readonly [M in WhyLine['mark']]: string;
};

/** How many lines, and how long each: an answer is one message. */
const mostLines = 40;
const longestLine = 250;

export function renderWhyAnswer(why: Why): Message {
  const lines = whyLines(why).flatMap((line) => nested(line, 0));
  // The last line is about whoever asks: it always stands.
  const shown =
    lines.length <= mostLines
      ? lines
      : [
          ...lines.slice(0, mostLines - 1),
          [`And ${lines.length - mostLines} more ${plural(lines.length - mostLines, 'line')}.`],
          ...lines.slice(-1),
        ];
  return message([[{ bold: 'This is why, as it stands now:' }], ...shown]);
}

function nested({ mark, text, inside }: WhyLine, depth: number): readonly Line[] {
  const indent = '\u2003'.repeat(depth);
  return [
    [`${indent}${marks[mark]} `, ...inButtons(clip(text, depth === 0 ? longestLine * 2 : longestLine))],
    ...inside.flatMap((line) => nested(line, depth + 1)),
  ];
}

export function renderStatus(request: Request): Message {
  const card = cardOf(request);
  const steps = [...card.steps, ...(card.extension?.steps ?? [])];
  const open = steps.filter(({ state }) => state === 'open' || state === 'waiting');
  return message([
    [{ bold: headingOf(card) }],
    nextLine(card, 500),
    ...(open.length === 0 ? [] : [[{ bold: 'Still missing' }]]),
    ...open.map(({ name, missing, approvers, state, after }): Line => [
      state === 'open' ? '⏳ ' : '▫️ ',
      { bold: name },
      `: ${missing} ${plural(missing, 'approval')} from `,
      ...namesOf(approvers, new Map(), { atMost: 3, word: 'or' }),
      state === 'waiting' ? `, asked after ${clip(list(after, 'and'), 100)}` : '',
    ]),
  ]);
}
