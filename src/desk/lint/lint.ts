// What a lint is: it looks at one flow that reads well, for what was perhaps not meant. It never disables anything.
import type { Flow } from '../../domain/flow.ts';
import type { DeskSettings, People } from '../desk.ts';
import type { Report } from '../diagnostic.ts';
import type { FlowFile } from '../schema/flow-schema.ts';

export interface LintSubject {
  readonly flow: Flow;
  /** As it was written: what the flow took from elsewhere is not in it. */
  readonly file: FlowFile;
  /** Undefined where `countersign.yml` is broken. */
  readonly settings: DeskSettings | undefined;
  /** Undefined where `people.yml` is broken. */
  readonly people: People | undefined;
}

/** Reports warnings alone. */
export type Lint = (subject: LintSubject, report: Report) => void;
