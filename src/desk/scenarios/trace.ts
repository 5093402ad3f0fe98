// What stands beside a failure: where the request is, and what `/why` says to whoever acted last.
import { explain } from '../../domain/explain.ts';
import type { Refusal } from '../../domain/refusals.ts';
import { whyLines, type WhyLine } from '../../domain/why-lines.ts';
import { refusalWords } from '../../domain/words.ts';
import { oneLine } from './expectation.ts';
import type { Stage } from './stage.ts';

const marks = { yes: '✓', no: '–', unknown: '?', waiting: '…' } as const satisfies {
  readonly [M in WhyLine['mark']]: string;
};

/** What was done last. */
export interface Deed {
  readonly person: string;
  /** As in `bob says approve`. */
  readonly did: string;
  readonly refusal: Refusal | undefined;
}

/** Plain lines for a terminal or a summary. */
export function traceOf(stage: Stage, last: Deed): readonly string[] {
  const { request, now, facts } = stage;
  const met = last.refusal === undefined ? [] : [`– ${wordsOf(last.refusal)}`];
  const code = stage.troubles.map((trouble) => `? ${oneLine(trouble)}`);
  const head = [`${now.slice(0, 16).replace('T', ' ')} UTC, ${last.did}:`, ...met, ...code];
  if (request === undefined) return head;
  const voice = stage.voice(last.person, request.source);
  const explained = explain(request, voice, facts, now);
  if ('needs' in explained) return head;
  const where = `The request is ${request.phase.status}. Why, as ${last.person} reads it:`;
  return [...head, where, ...printWhyLines(whyLines(explained.why))];
}

/** A mark for each line, and what stands behind it further in. */
export function printWhyLines(lines: readonly WhyLine[], depth = 0): readonly string[] {
  return lines.flatMap(({ mark, text, inside }) => [
    `${'  '.repeat(depth)}${marks[mark]} ${oneLine(text)}`,
    ...printWhyLines(inside, depth + 1),
  ]);
}

function wordsOf(refusal: Refusal): string {
  const { reason, remedy } = refusalWords(refusal);
  return `${refusal.code}: ${oneLine(`${reason} ${remedy}`)}`;
}
