// Reads the `flows/` folder of one commit. Pure: the same files are always the same desk.
import { isUtf8 } from 'node:buffer';
import type { Flow } from '../domain/flow.ts';
import { compileFlow } from './compile/compile-flow.ts';
import { compilePeople } from './compile/compile-people.ts';
import { compileSettings } from './compile/compile-settings.ts';
import type { BrokenFlow, Desk, DeskSettings, KnownPlugIns, People, PlugIns } from './desk.ts';
import type { KnownPeople } from './group-grammar.ts';
import { createReport, diagnose, isError, type Diagnostic, type Report } from './diagnostic.ts';
import { lintSubject, type DeskLint, type Lint } from './lint/lint.ts';
import type { FlowFile } from './schema/flow-schema.ts';
import { namePattern } from './schema/pieces.ts';
import type { PeopleFile } from './schema/people-schema.ts';
import type { SettingsFile } from './schema/settings-schema.ts';
import { checkFlowFile, checkPeopleFile, checkSettingsFile, type Check } from './schema/validator.ts';
import { readYaml } from './yaml/yaml-file.ts';

export type DeskFiles = ReadonlyMap<string, Uint8Array>;

export interface DeskReader {
  /** Files by their path in the repository; those outside `flows/` are none of a desk's. */
  readDesk(files: DeskFiles, commit: string): Desk;
}

const settingsPath = 'flows/countersign.yml';
const peoplePath = 'flows/people.yml';

export interface DeskReaderParts extends PlugIns {
  /** For those who review a desk. The app, which runs it, needs none. */
  readonly lints?: readonly Lint[];
  readonly deskLints?: readonly DeskLint[];
}

export function createDeskReader({
  strategies,
  integrations,
  actions = {},
  optionSources = {},
  lints = [],
  deskLints = [],
}: DeskReaderParts): DeskReader {
  const plugIns = { strategies, integrations, actions, optionSources };
  return {
    readDesk: (files, commit) => {
      const people = readPeople(files);
      const code = codeIn(files);
      const settings = readSettingsFile(files, people.value, plugIns);
      const flows = readFlows(files, {
        commit,
        people: people.value,
        settings: settings.value,
        ...plugIns,
        codeFiles: Object.keys(code),
        lints,
      });
      const closed = closedBecause([...settings.diagnostics, ...people.diagnostics]);
      return {
        commit,
        ...(settings.value && { settings: settings.value }),
        ...(people.value && { people: people.value }),
        flows: new Map([...flows].map(([name, read]) => [name, read.flow])),
        ...(Object.keys(code).length > 0 && { code }),
        diagnostics: [
          ...lintSettings(deskLints, settings, people.value, [...flows.values()]),
          ...people.diagnostics,
          ...[...flows.values()].flatMap(({ diagnostics }) => diagnostics),
        ],
        ...(closed !== undefined && { closed }),
      };
    },
  };
}

interface Read<File, T> {
  /** Undefined where something is wrong. */
  readonly value: T | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** As it was written, and where more can be said of it; absent where something is wrong. */
  readonly sound?: { readonly file: File; readonly report: Report };
}

/** From bytes to a meaning, or to what is wrong with them. */
function readFile<File, T>(
  path: string,
  bytes: Uint8Array | undefined,
  check: Check<File>,
  compile: (file: File, report: Report) => T,
): Read<File, T> {
  const top = { file: path, line: 1, column: 1 };
  if (bytes === undefined) return { value: undefined, diagnostics: [diagnose(top, 'file-missing', path)] };
  const yaml = readYaml(path, bytes);
  if (!yaml.ok) return { value: undefined, diagnostics: yaml.diagnostics };
  if (yaml.value === null) return { value: undefined, diagnostics: [diagnose(top, 'file-empty')] };
  const report = createReport(path, yaml.positions);
  const file = check(yaml.value, report);
  const value = file === undefined ? undefined : compile(file, report);
  const { diagnostics } = report;
  if (file === undefined || diagnostics.some(isError)) return { value: undefined, diagnostics };
  return { value, diagnostics, sound: { file, report } };
}

const codePath = /^flows\/.+\.ts$/;

/** By path; what is no text is left out. */
export function codeIn(files: DeskFiles): NonNullable<Desk['code']> {
  const texts = [...files].flatMap(([path, bytes]) =>
    codePath.test(path) && isUtf8(bytes) ? [[path, new TextDecoder().decode(bytes)] as const] : [],
  );
  return Object.fromEntries(texts);
}

function readPeople(files: DeskFiles): Read<PeopleFile, People> {
  return readFile(peoplePath, files.get(peoplePath), checkPeopleFile, compilePeople);
}

function readSettingsFile(
  files: DeskFiles,
  people: People | undefined,
  plugIns: KnownPlugIns,
): Read<SettingsFile, DeskSettings> {
  return readFile(settingsPath, files.get(settingsPath), checkSettingsFile, (file, report) =>
    compileSettings(file, { people, ...plugIns, report }),
  );
}

/** What is to be said of the settings, once all flows are known. */
function lintSettings(
  lints: readonly DeskLint[],
  { value, diagnostics, sound }: Read<SettingsFile, DeskSettings>,
  people: People | undefined,
  flows: readonly ReadFlow[],
): readonly Diagnostic[] {
  if (value === undefined || sound === undefined) return diagnostics;
  const { file, report } = sound;
  const written = flows.flatMap((read) => read.file ?? []);
  const subject = {
    file,
    settings: value,
    people,
    flows: written.length < flows.length ? undefined : written,
  };
  for (const lint of lints) lint(subject, report);
  return report.diagnostics;
}

function knownOf(people: People | undefined): KnownPeople {
  return people && new Set(people.persons.keys());
}

interface FlowSurroundings extends KnownPlugIns {
  readonly commit: string;
  readonly people: People | undefined;
  readonly settings: DeskSettings | undefined;
  readonly codeFiles: readonly string[];
  readonly lints: readonly Lint[];
}

interface ReadFlow {
  readonly flow: Flow | BrokenFlow;
  readonly diagnostics: readonly Diagnostic[];
  /** As it was written; absent where something is wrong. */
  readonly file?: FlowFile;
}

const flowPath = /^flows\/([^/]+)\.(yml|yaml)$/;

function readFlows(files: DeskFiles, surroundings: FlowSurroundings): ReadonlyMap<string, ReadFlow> {
  const read = createFlowFileReader(surroundings);
  const flows = new Map<string, ReadFlow>();
  for (const path of [...files.keys()].sort()) {
    const [, name, extension] = flowPath.exec(path) ?? [];
    if (name === undefined || path === settingsPath || path === peoplePath || name.endsWith('.test'))
      continue;
    const misnamed = blameName(path, name, extension);
    // `prod.yaml` beside `prod.yml` must not disable the flow that is there.
    if (misnamed) flows.set(extension === 'yaml' ? `${name}.yaml` : name, broken([misnamed]));
    else flows.set(name, read(path, name, files.get(path)));
  }
  return flows;
}

function blameName(path: string, name: string, extension: string | undefined): Diagnostic | undefined {
  const top = { file: path, line: 1, column: 1 };
  if (extension === 'yaml') return diagnose({ ...top, suggestion: `${name}.yml` }, 'file-extension');
  return new RegExp(namePattern).test(name) ? undefined : diagnose(top, 'file-name', name);
}

function broken(diagnostics: readonly Diagnostic[]): ReadFlow {
  return { flow: { broken: diagnostics }, diagnostics };
}

type FlowFileReader = (path: string, name: string, bytes: Uint8Array | undefined) => ReadFlow;

function createFlowFileReader({
  commit,
  people,
  settings,
  codeFiles,
  strategies,
  integrations,
  actions,
  optionSources,
  lints,
}: FlowSurroundings): FlowFileReader {
  const known = knownOf(people);
  const compile = (name: string, file: FlowFile, report: Report): Flow => {
    const flow = compileFlow(file, {
      ref: { name, commit },
      people: known,
      settings,
      codeFiles,
      strategies,
      integrations,
      actions,
      optionSources,
      report,
    });
    // Of a flow that is wrong nobody can say what was meant.
    if (lints.length === 0 || report.diagnostics.length > 0) return flow;
    const subject = lintSubject({ flow, file, settings, people });
    for (const lint of lints) lint(subject, report);
    return flow;
  };
  return (path, name, bytes) => {
    const { value, diagnostics, sound } = readFile(path, bytes, checkFlowFile, (file, report) =>
      compile(name, file, report),
    );
    return value && sound ? { flow: value, diagnostics, file: sound.file } : broken(diagnostics);
  };
}

/** For people who ask: what is wrong is told to the desk's authors, with its line. */
function closedBecause(diagnostics: readonly Diagnostic[]): string | undefined {
  const files = [...new Set(diagnostics.map(({ file }) => file))];
  if (files.length === 0) return undefined;
  return `This desk takes no requests until ${files.join(' and ')} ${files.length > 1 ? 'are' : 'is'} corrected.`;
}
