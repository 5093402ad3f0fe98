// What became of the requests that were decided again, as people read it.
import { plural } from '../../domain/words.ts';
import { replayOutcomes, type ReplayExample, type ReplayOutcome, type ReplayReport } from './replay.ts';

export interface ReplayLine {
  /** As in `3 would now be approved without anybody`. */
  readonly text: string;
  readonly examples: readonly AlikeExamples[];
}

/** Of which the same is to be said. */
export interface AlikeExamples {
  readonly sentence: string;
  /** Some of them: `#12`, or the id of a request that has no issue of its own. */
  readonly requests: readonly string[];
}

const words: { readonly [outcome in ReplayOutcome]: string } = {
  same: 'as before',
  'now-automatic': 'would now be approved without anybody',
  'now-allowed': 'would no longer be refused',
  'asks-others': 'would ask others',
  'now-refused': 'would now be refused',
  'cannot-tell': 'cannot be told: something was not recorded',
};

/** As in `The last 120 requests, decided again`. */
export function replayTitle({ total }: ReplayReport): string {
  return total === 1
    ? 'The last request, decided again'
    : `The last ${total} ${plural(total, 'request')}, decided again`;
}

/** Only what happened to at least one, the dangerous first. */
export function replayLines({ counts, examples }: ReplayReport): readonly ReplayLine[] {
  const order: readonly ReplayOutcome[] = [...replayOutcomes.filter((each) => each !== 'same'), 'same'];
  return order.flatMap((outcome) =>
    counts[outcome] === 0
      ? []
      : [{ text: `${counts[outcome]} ${words[outcome]}`, examples: alike(examples[outcome]) }],
  );
}

function alike(examples: readonly ReplayExample[]): readonly AlikeExamples[] {
  const bySentence = new Map<string, string[]>();
  for (const { sentence, issue, request } of examples)
    bySentence.set(sentence, [
      ...(bySentence.get(sentence) ?? []),
      issue === undefined ? request : `#${issue}`,
    ]);
  return [...bySentence].map(([sentence, requests]) => ({ sentence, requests }));
}
