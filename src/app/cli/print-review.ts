// A review in the format that was asked for: for people, for programs, for GitHub Actions, for code scanning.
import type { Diagnostic } from '../../desk/diagnostic.ts';
import { problemWords, scenarioWords } from '../../desk/review-words.ts';
import { countsOf, type Review, type ReviewCounts } from '../../desk/review.ts';
import type { DeskFiles } from '../../desk/desk-reader.ts';
import { list, plural } from '../../domain/words.ts';
import { WrongCall } from './ending.ts';
import { sarifLog, workflowCommands } from './machine-formats.ts';
import { printDiagnostics } from './print-diagnostics.ts';
import { plain, printJson } from './terminal-text.ts';

const formats = ['text', 'json', 'github', 'sarif'] as const;
export type Format = (typeof formats)[number];

export const formatUsage = `  --format FORMAT  text (the usual), json, github (annotations of GitHub Actions) or sarif (code scanning)`;

export function formatOf(text: string | undefined): Format {
  const format = formats.find((each) => each === (text ?? 'text'));
  if (format) return format;
  throw new WrongCall(`There is no format “${text}”. There are ${list(formats, 'and')}.`);
}

export function printReview(
  review: Review,
  {
    format,
    files,
    version,
  }: { readonly format: Format; readonly files: DeskFiles; readonly version: string },
): readonly string[] {
  const { diagnostics } = review;
  switch (format) {
    case 'text':
      return [...printDiagnostics(diagnostics, files), ...conclusion(review)];
    case 'json':
      return [printJson(asJson(review))];
    case 'github':
      return [...workflowCommands(diagnostics), ...conclusion(review)];
    case 'sarif':
      return [printJson(sarifLog(diagnostics, version))];
    default:
      return format satisfies never;
  }
}

function conclusion(review: Review): readonly string[] {
  const counts = countsOf(review);
  const { closed } = review.desk;
  return [
    `${flowsLine(counts)} ${scenariosLine(counts, review.diagnostics)}`,
    ...(closed === undefined ? [] : [plain(closed)]),
  ];
}

function flowsLine(counts: ReviewCounts): string {
  const { sound, broken } = counts;
  const all = sound + broken;
  const flows = `${all} ${plural(all, 'flow')}${broken > 0 ? `, ${broken} of them broken` : ''}`;
  const problems = problemWords(counts);
  return problems === undefined ? `${flows}, nothing wrong.` : `${flows}: ${problems}.`;
}

function scenariosLine(counts: ReviewCounts, diagnostics: readonly Diagnostic[]): string {
  const isKept = diagnostics.some(({ code }) => code === 'scenarios-not-run');
  return scenarioWords(counts) ?? (isKept ? 'No scenario was played.' : 'No scenarios.');
}

function asJson(review: Review): object {
  const { desk, diagnostics, scenarios } = review;
  const counts = countsOf(review);
  return {
    holds: counts.errors === 0,
    counts,
    ...(desk.closed !== undefined && { closed: desk.closed }),
    diagnostics,
    scenarios: scenarios.scenarios,
    coverage: scenarios.coverage,
  };
}
