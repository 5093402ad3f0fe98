// What runs once a request is approved, on its card: all of it before the approval, then what came of each.
import type { Card } from '../../domain/card.ts';
import type { CardRun } from '../../domain/card-runs.ts';
import { code, escapeText, leftOut, plainLink } from './escape.ts';

const marks = { planned: '▫️', running: '⏳', finished: '✅', failed: '❌', skipped: '➖' } as const;

export function renderRuns({ runs, status }: Pick<Card, 'runs' | 'status'>, cap: number): string {
  if (runs.length === 0) return '';
  const title = status === 'pending' ? '**What runs once it is approved**' : '**What runs**';
  return [title, ...runs.map((run) => runLine(run, cap))].join('\n');
}

function runLine(run: CardRun, cap: number): string {
  const { name, link, settings, recorded, state } = run;
  const through = run.through === undefined ? '' : ` through ${escapeText(run.through)}`;
  const result = link === undefined ? '' : `: ${plainLink(link) ?? escapeText(link)}`;
  const head = `- ${marks[state]} **${escapeText(name)}**, by ${code(run.run)}${through}${result}`;
  return [head, ...[...settings, ...recorded].map((each) => partLine(each, cap))].join('\n');
}

function partLine({ name, text }: CardRun['settings'][number], cap: number): string {
  return `  - ${escapeText(name)}: ${code(text.slice(0, cap))}${leftOut(text, cap)}`;
}
