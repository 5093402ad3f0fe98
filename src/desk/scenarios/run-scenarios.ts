// Runs the scenario tests of a desk. Pure: the same files come out the same, and no scenario can spoil another.
import type { Flow } from '../../domain/flow.ts';
import { isBroken, type Desk } from '../desk.ts';
import type { DeskFiles } from '../desk-reader.ts';
import { createReport, diagnose, isError, type Diagnostic, type Report } from '../diagnostic.ts';
import { nearest } from '../nearest.ts';
import type { Positions } from '../yaml/positions.ts';
import type { ScenariosFile } from '../schema/scenarios-schema.ts';
import { checkScenariosFile } from '../schema/validator.ts';
import { readYaml } from '../yaml/yaml-file.ts';
import { checkScenarios, type Subject } from './check-scenarios.ts';
import { createWitness, type FlowCoverage } from './coverage.ts';
import { createCodeBook, type CodeBook, type RunCode } from './code-book.ts';
import { createPlay, runsCode, type Mishap } from './play.ts';

export interface ScenarioReport {
  /** All that is to be told at a line: what is wrong in the files, and every failure. */
  readonly diagnostics: readonly Diagnostic[];
  readonly scenarios: readonly ScenarioResult[];
  /** By flow, those without scenarios too; a flow whose scenarios could not be read or run has none. */
  readonly coverage: readonly FlowCoverage[];
}

export interface ScenarioResult {
  readonly file: string;
  readonly flow: string;
  readonly name: string;
  readonly line: number;
  readonly passed: boolean;
  readonly failures: readonly ScenarioFailure[];
}

export interface ScenarioFailure {
  readonly diagnostic: Diagnostic;
  /** What `/why` says at that moment, line by line. */
  readonly trace: readonly string[];
}

/** `desk` as it was read from `files`. Without a book, scenarios that run the flow's own code are not played, and told as such. */
export function runScenarios(desk: Desk, files: DeskFiles, book?: CodeBook): ScenarioReport {
  const diagnostics: Diagnostic[] = [];
  const scenarios: ScenarioResult[] = [];
  const coverage = new Map<string, FlowCoverage>();
  const untold = new Set<string>();
  for (const { path, name, extension } of scenarioFiles(files)) {
    const bytes = files.get(path);
    if (bytes === undefined) continue;
    const ran = extension === 'yml' ? runFile(desk, { path, name, bytes }, book) : misnamed(path, name);
    diagnostics.push(...ran.diagnostics);
    scenarios.push(...(ran.results ?? []));
    if (ran.coverage) coverage.set(name, ran.coverage);
    else untold.add(name);
  }
  for (const [name, flow] of desk.flows)
    if (!isBroken(flow) && !coverage.has(name) && !untold.has(name))
      coverage.set(name, createWitness(flow).coverage(0));
  const inOrder = [...desk.flows.keys()].flatMap((name) => coverage.get(name) ?? []);
  return { diagnostics, scenarios, coverage: inOrder };
}

/** More in a row, and a scenario would never come to its end. */
const mostRounds = 500;

/** With the flows' own code, played again and again until nothing more is to be found out from it. */
export async function runScenariosWithCode(
  desk: Desk,
  files: DeskFiles,
  run: RunCode,
): Promise<ScenarioReport> {
  const book = createCodeBook(run);
  for (let round = 0; round < mostRounds; round += 1) {
    const report = runScenarios(desk, files, book);
    if (!(await book.answer())) return report;
  }
  throw new Error('The code of a flow is asked anew without end.');
}

const scenarioPath = /^flows\/([^/]+)\.test\.(yml|yaml)$/;

function scenarioFiles(
  files: DeskFiles,
): readonly { readonly path: string; readonly name: string; readonly extension: string | undefined }[] {
  return [...files.keys()].sort().flatMap((path) => {
    const [, name, extension] = scenarioPath.exec(path) ?? [];
    return name === undefined ? [] : [{ path, name, extension }];
  });
}

/** Without results where it was not run: the diagnostics say why. */
interface FileRun {
  readonly diagnostics: readonly Diagnostic[];
  readonly results?: readonly ScenarioResult[];
  readonly coverage?: FlowCoverage;
}

interface ScenariosAt {
  readonly path: string;
  /** Of the flow. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

function runFile(desk: Desk, { path, name, bytes }: ScenariosAt, book: CodeBook | undefined): FileRun {
  const subject = subjectOf(desk, path, name);
  if ('diagnostics' in subject) return subject;
  const yaml = readYaml(path, bytes);
  if (!yaml.ok) return { diagnostics: yaml.diagnostics };
  if (yaml.value === null) return { diagnostics: [diagnose(topOf(path), 'file-empty')] };
  const report = createReport(path, yaml.positions);
  const file = checkScenariosFile(yaml.value, report);
  if (file) checkScenarios(file, subject, report);
  const { diagnostics } = report;
  if (file === undefined || diagnostics.some(isError)) return { diagnostics };
  if (book === undefined) tellUnplayed(file, report);
  const ran = runAll(file, subject, { path, positions: yaml.positions, book });
  const failures = ran.results.flatMap((result) => result.failures.map(({ diagnostic }) => diagnostic));
  const { results, coverage } = ran;
  // What those would reach that were not played is not known.
  const isWhole = results.length === file.scenarios.length;
  return { results, ...(isWhole && { coverage }), diagnostics: [...report.diagnostics, ...failures] };
}

/** At the first of them. */
function tellUnplayed(file: ScenariosFile, report: Report): void {
  const left = file.scenarios.flatMap((scenario, index) => (runsCode(file.given, scenario) ? [index] : []));
  if (left.length > 0) report.add({ at: `/scenarios/${left[0]}/name` }, 'scenarios-need-code', left.length);
}

function topOf(file: string): { readonly file: string; readonly line: number; readonly column: number } {
  return { file, line: 1, column: 1 };
}

function misnamed(path: string, name: string): FileRun {
  return {
    diagnostics: [diagnose({ ...topOf(path), suggestion: `${name}.test.yml` }, 'scenarios-extension')],
  };
}

function subjectOf(desk: Desk, path: string, name: string): Subject | FileRun {
  const flow = desk.flows.get(name);
  if (flow === undefined) {
    const meant = nearest(name, desk.flows.keys());
    const where = { ...topOf(path), suggestion: meant && `${meant}.test.yml` };
    return { diagnostics: [diagnose(where, 'scenarios-without-flow', name)] };
  }
  const notRun = (what: string): FileRun => ({
    diagnostics: [diagnose(topOf(path), 'scenarios-not-run', what)],
  });
  if (isBroken(flow)) return notRun(`the flow “${name}”`);
  if (desk.people === undefined) return notRun('people.yml');
  if (desk.settings === undefined) return notRun('countersign.yml');
  return { flow, people: desk.people, admins: desk.settings.admins };
}

function runAll(
  file: ScenariosFile,
  subject: Subject,
  {
    path,
    positions,
    book,
  }: { readonly path: string; readonly positions: Positions; readonly book: CodeBook | undefined },
): { readonly results: readonly ScenarioResult[]; readonly coverage: FlowCoverage } {
  const flow: Flow = subject.flow;
  const witness = createWitness(flow);
  const play = createPlay({ shared: file.given, subject, witness, ...(book && { book }) });
  const results = file.scenarios.flatMap((scenario, index): ScenarioResult | readonly [] => {
    if (book === undefined && runsCode(file.given, scenario)) return [];
    const at = `/scenarios/${index}`;
    const failures = play(scenario).map((mishap) => ({
      diagnostic: diagnosticOf(mishap),
      trace: mishap.trace,
    }));
    return {
      file: path,
      flow: flow.ref.name,
      name: scenario.name,
      // Most lines are never asked for, and to know one is to have gone through the file.
      get line() {
        return positions.locate(`${at}/name`, 'key', 0).line;
      },
      passed: failures.length === 0,
      failures,
    };

    function diagnosticOf(mishap: Mishap): Diagnostic {
      const where = { file: path, ...positions.locate(at + mishap.at, 'key', 0) };
      if ('undone' in mishap) return diagnose(where, 'scenario-outside', mishap.undone);
      if ('broken' in mishap) return diagnose(where, 'scenario-broken', mishap.broken);
      const { what, wanted, found } = mishap.difference;
      return diagnose(where, 'scenario-failed', what, wanted, found);
    }
  });
  return { results, coverage: witness.coverage(results.length) };
}
