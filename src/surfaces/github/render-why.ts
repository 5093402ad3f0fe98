// `/why` on GitHub, and the same lines on the card: a list with what stands behind each line below it.
import { whyLines, type WhyLine } from '../../domain/why-lines.ts';
import type { Why } from '../../domain/explain.ts';
import { escapeSaying } from './escape.ts';

const marks = { yes: '✅', no: '▫️', unknown: '⚠️', waiting: '⏳' } as const satisfies {
  readonly [M in WhyLine['mark']]: string;
};

export function renderWhy(why: Why): string {
  return renderLines(whyLines(why));
}

export function renderLines(lines: readonly WhyLine[], depth = 0): string {
  return lines
    .flatMap(({ mark, text, inside }) => [
      `${'  '.repeat(depth)}- ${marks[mark]} ${escapeSaying(text)}`,
      ...(inside.length === 0 ? [] : [renderLines(inside, depth + 1)]),
    ])
    .join('\n');
}
