// What is wrong with a desk's files as they were just read, in a sentence for each flow and for the desk.
import { isBroken, type Desk } from '../desk/desk.ts';
import { printDiagnostic, type Diagnostic } from '../desk/diagnostic.ts';
import type { DeskFilesNow } from '../engine/watch-desks.ts';

export function filesNow({ flows, closed, diagnostics }: Desk): DeskFilesNow {
  const broken = [...flows].flatMap(([flow, read]) =>
    isBroken(read) ? [{ flow, problems: read.broken }] : [],
  );
  const ofFlows = new Set(broken.flatMap(({ problems }) => problems));
  const disabled = broken.map(({ flow, problems }) => ({ flow, why: firstOf(problems) }));
  if (closed === undefined) return { disabled };
  return {
    disabled,
    closed: `${closed} ${firstOf(diagnostics.filter((each) => !ofFlows.has(each)))}`.trim(),
  };
}

/** A key that is mistyped is also missing: where it stands is what helps. */
function firstOf(problems: readonly Diagnostic[]): string {
  const first = problems.find(({ code }) => code !== 'missing-key') ?? problems[0];
  return first ? printDiagnostic(first) : '';
}
