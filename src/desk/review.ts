// All that can be said of a desk's files by themselves: what is wrong, what was perhaps not meant, whether its scenarios pass.
import { isBroken, type Desk, type PlugIns } from './desk.ts';
import { createDeskReader, type DeskFiles } from './desk-reader.ts';
import { diagnose, type Diagnostic } from './diagnostic.ts';
import type { DiagnosticLevel } from './diagnostic-words.ts';
import { deskLints, lints } from './lint/lints.ts';
import { runScenarios, type ScenarioReport } from './scenarios/run-scenarios.ts';
import { staleForms, type FormChange } from './forms/stale-forms.ts';

export interface Review {
  readonly desk: Desk;
  /** Of flows, scenarios and forms, in the order of files and lines. */
  readonly diagnostics: readonly Diagnostic[];
  readonly scenarios: ScenarioReport;
  readonly forms: readonly FormChange[];
}

/** Pure: the same files, the same review. */
export interface Reviewer {
  /**
   * `files` may hold issue forms besides what is in `flows/`. Of a part of a desk it is not said what nothing in it uses.
   */
  review(files: DeskFiles, commit: string, how?: { readonly isPart?: boolean }): Review;
  /** What the files mean, and no word about them. */
  read(files: DeskFiles, commit: string): Desk;
}

export function createReviewer(plugIns: PlugIns): Reviewer {
  const plain = createDeskReader(plugIns);
  const whole = createDeskReader({ ...plugIns, lints, deskLints });
  const part = createDeskReader({ ...plugIns, lints });

  function review(files: DeskFiles, commit: string, { isPart = false } = {}): Review {
    const desk = (isPart ? part : whole).readDesk(files, commit);
    const scenarios = runScenarios(desk, files);
    const forms = staleForms(desk, files);
    const found = [...desk.diagnostics, ...scenarios.diagnostics, ...forms.flatMap(formDiagnostics)];
    return { desk, scenarios, forms, diagnostics: found.toSorted(byPlace) };
  }

  return { review, read: (files, commit) => plain.readDesk(files, commit) };
}

/** With the scenarios as they came out where the flows' own code was run too. */
export function withScenarios(review: Review, scenarios: ScenarioReport): Review {
  const before = new Set(review.scenarios.diagnostics);
  const others = review.diagnostics.filter((each) => !before.has(each));
  return { ...review, scenarios, diagnostics: [...others, ...scenarios.diagnostics].toSorted(byPlace) };
}

/** With what somebody else found out. */
export function withDiagnostics(review: Review, more: readonly Diagnostic[]): Review {
  return more.length === 0
    ? review
    : { ...review, diagnostics: [...review.diagnostics, ...more].toSorted(byPlace) };
}

export interface ReviewCounts {
  readonly sound: number;
  readonly broken: number;
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
  readonly passed: number;
  readonly failed: number;
}

export function countsOf({ desk, diagnostics, scenarios }: Review): ReviewCounts {
  const flows = [...desk.flows.values()];
  const broken = flows.filter(isBroken).length;
  const count = (level: DiagnosticLevel): number => diagnostics.filter((each) => each.level === level).length;
  const passed = scenarios.scenarios.filter((scenario) => scenario.passed).length;
  return {
    sound: flows.length - broken,
    broken,
    errors: count('error'),
    warnings: count('warning'),
    notes: count('note'),
    passed,
    failed: scenarios.scenarios.length - passed,
  };
}

function formDiagnostics({ path, is }: FormChange): readonly Diagnostic[] {
  const top = { file: path, line: 1, column: 1 };
  switch (is) {
    case 'outdated':
      return [diagnose(top, 'form-outdated')];
    case 'left-over':
      return [diagnose(top, 'form-left-over')];
    case 'missing':
      return [diagnose({ ...top, file: flowPathOf(path) }, 'form-missing')];
    case 'own':
      return [];
    default:
      return is satisfies never;
  }
}

function flowPathOf(form: string): string {
  return form.replace(/^.*\//, 'flows/');
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  if (a.file !== b.file) return turnOf(a.file) < turnOf(b.file) ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

/** The scenarios of a flow come after it: what is wrong with it explains what is wrong with them. */
function turnOf(file: string): string {
  return file.replace(/\.test\.yml$/, '.yml.test');
}
