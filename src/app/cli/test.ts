// countersign test: plays the scenarios of a desk, and shows for each that failed what was expected, what came, and why.
import { parseArgs } from 'node:util';
import { isError } from '../../desk/diagnostic.ts';
import { gapsOf, type FlowCoverage } from '../../desk/scenarios/coverage.ts';
import type { ScenarioReport, ScenarioResult } from '../../desk/scenarios/run-scenarios.ts';
import { list, plural } from '../../domain/words.ts';
import type { CliCommand, CliConsole } from './command.ts';
import { desksIn, filesInFolder } from './desk-files.ts';
import { endingOf, WrongCall } from './ending.ts';
import { noSuchFlow, reviewAndRunCode } from './known-desk.ts';
import { sarifLog, workflowCommands } from './machine-formats.ts';
import { printDiagnostics } from './print-diagnostics.ts';
import { formatOf, formatUsage, type Format } from './print-review.ts';
import { plain, printJson } from './terminal-text.ts';
import { ownVersion } from './version.ts';

export const test: CliCommand = {
  name: 'test',
  summary: 'plays the scenarios of flows, and shows why one failed',
  usage: `[FLOW … | FOLDER/ …] [--folder FOLDER] [--coverage] [--format FORMAT]

Plays flows/NAME.test.yml for each flow that is named, or for all. Needs no server and no network: a scenario says itself
who belongs where. Where a scenario gives what answers outside calls, the flow's own code runs, in its sandbox.
docs/testing-flows.md shows how they are written. A word with a slash, or a dot, is a folder: that of a
desk, or one that holds the folders of several, each of which is played.

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
    const format = formatOf(values.format);
    const folders = positionals.filter((word) => /^\.\.?$|[/\\]/.test(word));
    const flows = positionals.filter((word) => !folders.includes(word));
    const desks = (await Promise.all((folders.length > 0 ? folders : [values.folder]).map(desksIn))).flat();
    if (desks.length > 1 && flows.length > 0)
      throw new WrongCall('Name flows of one desk, or a folder of several, not both.');
    const played: Played[] = [];
    for (const folder of desks) played.push(await play(folder, flows));
    for (const line of printed(played, format)) console.out(line);
    const isWhole = !values.coverage || played.every(({ report }) => isCovered(report));
    return isWhole && !played.some(({ report }) => hasFailed(report)) ? 0 : 1;
  });
}

interface Played {
  readonly folder: string;
  readonly report: ScenarioReport;
  /** For people. */
  readonly lines: readonly string[];
}

async function play(folder: string, flows: readonly string[]): Promise<Played> {
  const files = await filesInFolder(folder);
  const { desk, scenarios: all } = await reviewAndRunCode(files);
  const stranger = flows.find((name) => !desk.flows.has(name));
  if (stranger !== undefined) throw noSuchFlow(stranger, desk);
  const report = flows.length === 0 ? all : ofFlows(all, flows);
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
  ];
  return { folder, report, lines };
}

function isCovered({ coverage }: ScenarioReport): boolean {
  return coverage.every((each) => gapsOf(each).length === 0);
}

/** A desk without scenarios has nothing that could fail. */
function hasFailed({ diagnostics }: ScenarioReport): boolean {
  return diagnostics.some((each) => isError(each) || each.code === 'scenarios-not-run');
}

function printed(played: readonly Played[], format: Format): readonly string[] {
  const [only, ...others] = played;
  const whole = others.length === 0 && only ? only.report : together(played);
  switch (format) {
    case 'text':
      return [
        ...played.flatMap(({ folder, lines }) => (others.length === 0 ? lines : [plain(folder), ...lines])),
        others.length === 0 ? conclusion(whole) : conclusionOfSeveral(played, whole),
      ];
    case 'json':
      return [
        printJson(
          others.length === 0
            ? whole
            : { desks: played.map(({ folder, report }) => ({ folder, ...report })) },
        ),
      ];
    case 'github':
      return [...workflowCommands(whole.diagnostics), conclusion(whole)];
    case 'sarif':
      return [printJson(sarifLog(whole.diagnostics, ownVersion()))];
    default:
      return format satisfies never;
  }
}

function conclusionOfSeveral(played: readonly Played[], whole: ScenarioReport): string {
  const mute = played.filter(({ report }) => report.scenarios.length === 0);
  const without =
    mute.length === 0
      ? ''
      : ` None could be played in ${list(
          mute.map(({ folder }) => plain(folder)),
          'and',
        )}.`;
  return `${played.length} desks: ${conclusion(whole)}${without}`;
}

/** Of several desks, each file is told with its folder. */
function together(played: readonly Played[]): ScenarioReport {
  const below = <T extends { readonly file: string }>(folder: string, each: T): T => ({
    ...each,
    file: `${folder}/${each.file}`.replaceAll('\\', '/'),
  });
  return {
    diagnostics: played.flatMap(({ folder, report }) =>
      report.diagnostics.map((each) => below(folder, each)),
    ),
    scenarios: played.flatMap(({ folder, report }) => report.scenarios.map((each) => below(folder, each))),
    coverage: played.flatMap(({ report }) => report.coverage),
  };
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
