// What a check says of the flows that a pull request would leave behind. Pure: the same desk, the same verdict.
import { isBroken, type Desk } from '../../../desk/desk.ts';
import type { Diagnostic } from '../../../desk/diagnostic.ts';

export interface FlowChange {
  /** The desk as the head of the pull request has it. */
  readonly after: Desk;
}

/** Plain values alone: it is made in a thread of its own. */
export interface FlowVerdict {
  readonly conclusion: 'success' | 'failure';
  readonly flows: { readonly sound: number; readonly broken: number };
  /** Why the whole desk would take no requests. */
  readonly closed?: string;
  /** Those with problems, in the order of the files. */
  readonly files: readonly BrokenFile[];
  /** How many there are in all. */
  readonly problems: number;
  /** The first of each file before the others: more than these are not shown at their lines. */
  readonly shown: readonly Diagnostic[];
}

export interface BrokenFile {
  readonly file: string;
  readonly problems: number;
  readonly first: Diagnostic;
}

/** More on one page help nobody. */
export const mostShown = 300;

export function judgeFlows({ after }: FlowChange): FlowVerdict {
  const { diagnostics, closed } = after;
  const all = [...after.flows.values()];
  const broken = all.filter(isBroken).length;
  const files = brokenFiles(diagnostics);
  const firsts = new Set(files.map(({ first }) => first));
  const ordered = [...firsts, ...diagnostics.filter((each) => !firsts.has(each))];
  return {
    conclusion: diagnostics.length === 0 ? 'success' : 'failure',
    flows: { sound: all.length - broken, broken },
    ...(closed !== undefined && { closed }),
    files,
    problems: diagnostics.length,
    shown: ordered.slice(0, mostShown),
  };
}

function brokenFiles(diagnostics: readonly Diagnostic[]): readonly BrokenFile[] {
  const byFile = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics)
    byFile.set(diagnostic.file, [...(byFile.get(diagnostic.file) ?? []), diagnostic]);
  return [...byFile].flatMap(([file, problems]) => {
    // A key that is mistyped is also missing: where it stands is what helps.
    const first = problems.find(({ code }) => code !== 'missing-key') ?? problems[0];
    return first ? [{ file, problems: problems.length, first }] : [];
  });
}
