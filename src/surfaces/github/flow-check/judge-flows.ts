// What the check says of a pull request, in plain values: it is worked out in a thread of its own. The same change, the same verdict.
import type { Change } from '../../../desk/change/change.ts';
import type { ReplayReport } from '../../../desk/change/replay.ts';
import type { ChangeReview } from '../../../desk/change/review-change.ts';
import type { Needed } from '../../../desk/change/still-needed.ts';
import { isError, type Diagnostic } from '../../../desk/diagnostic.ts';
import { countsOf, type ReviewCounts } from '../../../desk/review.ts';
import type { FormChange } from '../../../desk/forms/stale-forms.ts';
import { gapsOf, type FlowCoverage } from '../../../desk/scenarios/coverage.ts';

export interface FlowVerdict {
  readonly conclusion: 'success' | 'failure';
  /** Of what changes; `unchanged` flows were not looked at. */
  readonly counts: ReviewCounts;
  readonly unchanged: number;
  readonly removed: number;
  /** Why the whole desk would take no requests. */
  readonly closed?: string;
  /** Those with errors, in the order of the files. */
  readonly files: readonly BrokenFile[];
  /** Errors before warnings and notes, the first of each file before the others: more than these are not shown at their lines. */
  readonly shown: readonly Diagnostic[];
  /** Scenarios that failed; the first of them. */
  readonly failures: readonly FailedScenario[];
  /** Flows of which no scenario reached everything. */
  readonly gaps: readonly FlowCoverage[];
  /** What it does to people, the weightiest first. */
  readonly changes: readonly Change[];
  /** What is open or live, and counts on what would be gone. */
  readonly needed: readonly Needed[];
  /** How much of what the files name could not be looked up. */
  readonly unanswered: number;
  /** Absent where there was nothing to decide again. */
  readonly replayed?: ReplayReport;
  /** Issue forms that do not fit, with what they should be. */
  readonly forms: readonly FormChange[];
}

export interface BrokenFile {
  readonly file: string;
  readonly problems: number;
  readonly first: Diagnostic;
}

export interface FailedScenario {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly sentences: readonly string[];
  readonly trace: readonly string[];
}

/** More on one page help nobody. */
export const mostShown = 300;
const mostFailures = 20;

export function judgeFlows(change: ChangeReview): FlowVerdict {
  const { review, unchanged, removed, changes, needed, replayed } = change;
  const { desk, diagnostics, scenarios, forms } = review;
  const counts = countsOf(review);
  const errors = diagnostics.filter(isError);
  const files = brokenFiles(errors);
  const firsts = new Set(files.map(({ first }) => first));
  const ordered = [
    ...firsts,
    ...errors.filter((each) => !firsts.has(each)),
    ...diagnostics.filter((each) => !isError(each)),
  ];
  return {
    conclusion: errors.length === 0 ? 'success' : 'failure',
    counts,
    unchanged,
    removed,
    ...(desk.closed !== undefined && { closed: desk.closed }),
    files,
    shown: ordered.slice(0, mostShown),
    failures: scenarios.scenarios
      .filter(({ passed }) => !passed)
      .slice(0, mostFailures)
      .map(({ file, line, name, failures }) => ({
        file,
        line,
        name,
        sentences: failures.map(({ diagnostic }) => diagnostic.sentence),
        // Several expectations of one moment have the same.
        trace: failures[0]?.trace ?? [],
      })),
    gaps: scenarios.coverage.filter((each) => each.scenarios > 0 && gapsOf(each).length > 0),
    changes,
    needed,
    unanswered: diagnostics.filter(({ code }) => code === 'slack-unanswered').length,
    ...(replayed && { replayed }),
    forms: forms.filter(({ is }) => is !== 'own'),
  };
}

function brokenFiles(errors: readonly Diagnostic[]): readonly BrokenFile[] {
  const byFile = new Map<string, Diagnostic[]>();
  for (const error of errors) byFile.set(error.file, [...(byFile.get(error.file) ?? []), error]);
  return [...byFile].flatMap(([file, problems]) => {
    // A key that is mistyped is also missing: where it stands is what helps.
    const first = problems.find(({ code }) => code !== 'missing-key') ?? problems[0];
    return first ? [{ file, problems: problems.length, first }] : [];
  });
}
