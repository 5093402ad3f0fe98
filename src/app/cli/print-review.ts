// A review in the format that was asked for: for people, for programs, for GitHub Actions, for code scanning.
import type { Diagnostic } from '../../desk/diagnostic.ts';
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

function flowsLine({ sound, broken, errors, warnings }: ReviewCounts): string {
  const found = [
    ...(errors > 0 ? [`${errors} ${plural(errors, 'error')}`] : []),
    ...(warnings > 0 ? [`${warnings} ${plural(warnings, 'warning')}`] : []),
  ];
  const all = sound + broken;
  const flows = `${all} ${plural(all, 'flow')}${broken > 0 ? `, ${broken} of them broken` : ''}`;
  return found.length === 0 ? `${flows}, nothing wrong.` : `${flows}: ${list(found, 'and')}.`;
}

function scenariosLine({ passed, failed }: ReviewCounts, diagnostics: readonly Diagnostic[]): string {
  const all = passed + failed;
  if (all === 0)
    return diagnostics.some(({ code }) => code === 'scenarios-not-run')
      ? 'No scenario was played.'
      : 'No scenarios.';
  if (failed === 0) return `${all} ${plural(all, 'scenario')} passed.`;
  return `${failed} of ${all} ${plural(all, 'scenario')} failed.`;
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
