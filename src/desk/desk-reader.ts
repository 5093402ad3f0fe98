// Reads the `flows/` folder of one commit. Pure: the same files are always the same desk.
import type { Flow } from '../domain/flow.ts';
import { compileFlow } from './compile-flow.ts';
import { compilePeople } from './compile-people.ts';
import { compileSettings } from './compile-settings.ts';
import type { BrokenFlow, Desk, DeskSettings, People, StrategySchemas } from './desk.ts';
import { createReport, diagnose, type Diagnostic, type Report } from './diagnostic.ts';
import type { KnownPeople } from './group-grammar.ts';
import { namePattern } from './schema/pieces.ts';
import { checkFlowFile, checkPeopleFile, checkSettingsFile, type Check } from './schema/validator.ts';
import { readYaml } from './yaml-file.ts';

export type DeskFiles = ReadonlyMap<string, Uint8Array>;

export interface DeskReader {
  /** Files by their path in the repository; those outside `flows/` are none of a desk's. */
  readDesk(files: DeskFiles, commit: string): Desk;
}

const settingsPath = 'flows/countersign.yml';
const peoplePath = 'flows/people.yml';

export function createDeskReader({ strategies }: { readonly strategies: StrategySchemas }): DeskReader {
  return {
    readDesk: (files, commit) => {
      const people = readPeople(files);
      const known = people.value && new Set(people.value.persons.keys());
      const settings = readSettingsFile(files, known, strategies);
      const flows = readFlows(files, { commit, people: known, settings: settings.value, strategies });
      const broken = [...flows.values()].flatMap((flow) => ('broken' in flow ? flow.broken : []));
      const closed = closedBecause([...settings.diagnostics, ...people.diagnostics]);
      return {
        commit,
        ...(settings.value && { settings: settings.value }),
        ...(people.value && { people: people.value }),
        flows,
        diagnostics: [...settings.diagnostics, ...people.diagnostics, ...broken],
        ...(closed !== undefined && { closed }),
      };
    },
  };
}

interface Read<T> {
  readonly value: T | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** From bytes to a meaning, or to what is wrong with them. */
function readFile<File, T>(
  path: string,
  bytes: Uint8Array | undefined,
  check: Check<File>,
  compile: (file: File, report: Report) => T,
): Read<T> {
  const top = { file: path, line: 1, column: 1 };
  if (bytes === undefined) return { value: undefined, diagnostics: [diagnose(top, 'file-missing', path)] };
  const yaml = readYaml(path, bytes);
  if (!yaml.ok) return { value: undefined, diagnostics: yaml.diagnostics };
  if (yaml.value === null) return { value: undefined, diagnostics: [diagnose(top, 'file-empty')] };
  const report = createReport(path, yaml.positions);
  const file = check(yaml.value, report);
  const value = file === undefined ? undefined : compile(file, report);
  const { diagnostics } = report;
  return { value: diagnostics.length === 0 ? value : undefined, diagnostics };
}

function readPeople(files: DeskFiles): Read<People> {
  return readFile(peoplePath, files.get(peoplePath), checkPeopleFile, compilePeople);
}

function readSettingsFile(
  files: DeskFiles,
  people: KnownPeople,
  strategies: StrategySchemas,
): Read<DeskSettings> {
  return readFile(settingsPath, files.get(settingsPath), checkSettingsFile, (file, report) =>
    compileSettings(file, { people, strategies, report }),
  );
}

interface FlowSurroundings {
  readonly commit: string;
  readonly people: KnownPeople;
  readonly settings: DeskSettings | undefined;
  readonly strategies: StrategySchemas;
}

const flowPath = /^flows\/([^/]+)\.(yml|yaml)$/;

function readFlows(files: DeskFiles, surroundings: FlowSurroundings): ReadonlyMap<string, Flow | BrokenFlow> {
  const flows = new Map<string, Flow | BrokenFlow>();
  for (const path of [...files.keys()].sort()) {
    const [, name, extension] = flowPath.exec(path) ?? [];
    if (name === undefined || path === settingsPath || path === peoplePath || name.endsWith('.test'))
      continue;
    const misnamed = blameName(path, name, extension);
    // `prod.yaml` beside `prod.yml` must not disable the flow that is there.
    if (misnamed) flows.set(extension === 'yaml' ? `${name}.yaml` : name, { broken: [misnamed] });
    else flows.set(name, readFlow(path, name, files.get(path), surroundings));
  }
  return flows;
}

function blameName(path: string, name: string, extension: string | undefined): Diagnostic | undefined {
  const top = { file: path, line: 1, column: 1 };
  if (extension === 'yaml') return diagnose({ ...top, suggestion: `${name}.yml` }, 'file-extension');
  return new RegExp(namePattern).test(name) ? undefined : diagnose(top, 'file-name', name);
}

function readFlow(
  path: string,
  name: string,
  bytes: Uint8Array | undefined,
  { commit, people, settings, strategies }: FlowSurroundings,
): Flow | BrokenFlow {
  const { value, diagnostics } = readFile(path, bytes, checkFlowFile, (file, report) =>
    compileFlow(file, { ref: { name, commit }, people, settings, strategies, report }),
  );
  return value ?? { broken: diagnostics };
}

/** For people who ask: what is wrong is told to the desk's authors, with its line. */
function closedBecause(diagnostics: readonly Diagnostic[]): string | undefined {
  const files = [...new Set(diagnostics.map(({ file }) => file))];
  if (files.length === 0) return undefined;
  return `This desk takes no requests until ${files.join(' and ')} ${files.length > 1 ? 'are' : 'is'} corrected.`;
}
