// What a lint is: it looks at what reads well, for what was perhaps not meant. It never disables anything.
import type { Flow } from '../../domain/flow.ts';
import type { DeskSettings, People } from '../desk.ts';
import type { Report } from '../diagnostic.ts';
import type { FlowFile } from '../schema/flow-schema.ts';
import type { SettingsFile } from '../schema/settings-schema.ts';
import { knownMembers, type Members } from './known-members.ts';
import { possibilitiesOf, type Possibility } from './possibilities.ts';

export interface LintedFlow {
  readonly flow: Flow;
  /** As it was written: what the flow took from elsewhere is not in it. */
  readonly file: FlowFile;
  /** Undefined where `countersign.yml` is broken. */
  readonly settings: DeskSettings | undefined;
  /** Undefined where `people.yml` is broken. */
  readonly people: People | undefined;
}

export interface LintSubject extends LintedFlow {
  /** As far as the desk's files tell. */
  readonly members: Members;
  /** All that can be asked of the flow, worked out once. */
  possibilities(): readonly Possibility[];
}

/** Looks at one flow. Reports warnings alone. */
export type Lint = (subject: LintSubject, report: Report) => void;

export function lintSubject(linted: LintedFlow): LintSubject {
  const members = knownMembers(linted.people, linted.settings);
  let found: readonly Possibility[] | undefined;
  return { ...linted, members, possibilities: () => (found ??= possibilitiesOf(linted.flow, members)) };
}

export interface DeskLintSubject {
  /** As they were written. */
  readonly file: SettingsFile;
  readonly settings: DeskSettings;
  readonly people: People | undefined;
  /** All flows of the desk; undefined where one is broken, so that nobody can say what it would use. */
  readonly flows: readonly FlowFile[] | undefined;
}

/** Looks at `countersign.yml`, and at what the flows make of it. Reports warnings alone. */
export type DeskLint = (subject: DeskLintSubject, report: Report) => void;
