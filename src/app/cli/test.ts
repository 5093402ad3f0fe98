// countersign test: plays the scenarios of a desk, and shows for each that failed what was expected, what came, and why.
import { parseArgs } from 'node:util';
import { isError } from '../../desk/diagnostic.ts';
import { gapsOf, type FlowCoverage } from '../../desk/scenarios/coverage.ts';
import type { ScenarioReport, ScenarioResult } from '../../desk/scenarios/run-scenarios.ts';
import { plural } from '../../domain/words.ts';
import type { CliCommand, CliConsole } from './command.ts';
import { filesInFolder } from './desk-files.ts';
import { endingOf } from './ending.ts';
import { noSuchFlow, reviewFiles } from './known-desk.ts';
import { sarifLog, workflowCommands } from './machine-formats.ts';
import { printDiagnostics } from './print-diagnostics.ts';
import { formatOf, formatUsage, type Format } from './print-review.ts';
import { plain, printJson } from './terminal-text.ts';
import { ownVersion } from './version.ts';

export const test: CliCommand = {
  name: 'test',
  summary: 'plays the scenarios of flows, and shows why one failed',
  usage: `[FLOW …] [--folder FOLDER] [--coverage] [--format FORMAT]

Plays flows/NAME.test.yml for each flow that is named, or for all. Needs no server and no network: a scenario says itself
who belongs where. docs/testing-flows.md shows how they are written.

  --folder FOLDER  where flows/ is; where you are, unless given
${formatUsage}
  --coverage       fails where a rule never held, a step was never asked, or a target nobody asked for

Ends with 0 where all passed, 1 where one failed or could not be read, 2 when called wrongly, 3 where the desk could not be
read.`,
  run,
};

function run(args: readonly string[], console: CliConsole): Promise<number> {
  return endingOf('test', console, async () => {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        folder: { type: 'string', default: '.' },
        coverage: { type: 'boolean', default: false },
        format: { type: 'string' },
      },
      allowPositionals: true,
    });
    const files = await filesInFolder(values.folder);
    const { desk, scenarios: all } = reviewFiles(files);
    const stranger = positionals.find((name) => !desk.flows.has(name));
    if (stranger !== undefined) throw noSuchFlow(stranger, desk);
    const report = positionals.length === 0 ? all : ofFlows(all, positionals);
    const isPlayed = new Set(report.scenarios.map(({ file }) => file));
    const unread = report.diagnostics.filter(({ file }) => !isPlayed.has(file));
    const notRun = new Set(unread.filter(({ code }) => code === 'scenarios-not-run').map(({ file }) => file));
    // What keeps them from being played is what helps.
    const why = desk.diagnostics.filter(
      (each) => isError(each) && (!desk.flows.has(flowOf(each.file)) || notRun.has(testOf(each.file))),
    );
    const lines = [
      ...printDiagnostics(notRun.size === 0 ? unread : [...why, ...unread], files),
      ...report.scenarios.flatMap(printScenario),
      '',
      ...report.coverage.flatMap(printCoverage),
      conclusion(report),
    ];
    const machine = forMachines(report, formatOf(values.format));
    for (const line of machine ?? lines) console.out(line);
    const isWhole = !values.coverage || report.coverage.every((each) => gapsOf(each).length === 0);
    const hasFailed = report.diagnostics.some((each) => isError(each) || each.code === 'scenarios-not-run');
    return hasFailed || !isWhole ? 1 : 0;
  });
}

function flowOf(file: string): string {
  return file.replace(/^flows\/|\.yml$/g, '');
}

function testOf(file: string): string {
  return file.replace(/\.yml$/, '.test.yml');
}

function ofFlows(report: ScenarioReport, names: readonly string[]): ScenarioReport {
  const files = new Set(names.map((name) => `flows/${name}.test.yml`));
  return {
    diagnostics: report.diagnostics.filter(({ file }) => files.has(file)),
    scenarios: report.scenarios.filter(({ flow }) => names.includes(flow)),
    coverage: report.coverage.filter(({ flow }) => names.includes(flow)),
  };
}

/** As people read it; those that failed with what came instead, and why. */
export function printScenario({ file, flow, name, passed, failures }: ScenarioResult): readonly string[] {
  return [
    `${passed ? '✓' : '✗'} ${flow}: ${plain(name)}`,
    ...failures.flatMap(({ diagnostic, trace }) => [
      `    ${plain(file)}:${diagnostic.line}  ${plain(diagnostic.sentence)}`,
      ...trace.map((line) => `      │ ${plain(line)}`),
    ]),
  ];
}

/** Undefined for people. */
function forMachines(report: ScenarioReport, format: Format): readonly string[] | undefined {
  const { diagnostics, scenarios, coverage } = report;
  switch (format) {
    case 'text':
      return undefined;
    case 'json':
      return [printJson({ diagnostics, scenarios, coverage })];
    case 'github':
      return [...workflowCommands(diagnostics), conclusion(report)];
    case 'sarif':
      return [printJson(sarifLog(diagnostics, ownVersion()))];
    default:
      return format satisfies never;
  }
}

function printCoverage(coverage: FlowCoverage): readonly string[] {
  const found = gapsOf(coverage);
  return found.length === 0 ? [] : [`${coverage.flow}: ${found.join('; ')}.`];
}

function conclusion({ scenarios, diagnostics }: ScenarioReport): string {
  const failed = scenarios.filter(({ passed }) => !passed).length;
  const count = `${scenarios.length} ${plural(scenarios.length, 'scenario')}`;
  if (scenarios.length === 0)
    return diagnostics.length > 0
      ? 'No scenario could be played.'
      : 'No scenarios: flows/NAME.test.yml holds those of a flow.';
  return failed === 0 ? `${count} passed.` : `${failed} of ${count} failed.`;
}
