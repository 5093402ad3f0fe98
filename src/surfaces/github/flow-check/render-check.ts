// A verdict as GitHub's check shows it: a sentence, a table of files, and each problem at its line.
import type { Diagnostic } from '../../../desk/diagnostic.ts';
import { plural } from '../../../domain/words.ts';
import { clip } from '../../../domain/safe-word.ts';
import { escapeText } from '../escape.ts';
import type { BrokenFile, FlowVerdict } from './judge-flows.ts';

export interface CheckOutput {
  readonly conclusion: 'success' | 'failure' | 'neutral';
  readonly title: string;
  readonly summary: string;
  readonly annotations: readonly Annotation[];
}

export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column: number;
  readonly end_column: number;
  readonly annotation_level: 'failure';
  readonly title: string;
  readonly message: string;
}

/** GitHub takes 65,535 bytes. */
const longestSummary = 60_000;
const longestCell = 400;
const longestMessage = 2000;

export function renderVerdict(verdict: FlowVerdict): CheckOutput {
  return {
    conclusion: verdict.conclusion,
    title: titleOf(verdict),
    summary: summaryOf(verdict),
    annotations: verdict.shown.map(annotationOf),
  };
}

/** Ours, and not theirs: it must not look as if their files were wrong. */
export function renderNotChecked(why: string): CheckOutput {
  return {
    conclusion: 'neutral',
    title: 'These flows were not checked',
    summary: `${escapeText(clip(why, longestCell))}\n\nThis says nothing about the files of this pull request. To have them checked, press **Re-run** beside this check, or push again.`,
    annotations: [],
  };
}

function titleOf({ problems, files, flows }: FlowVerdict): string {
  return problems === 0
    ? `${flows.sound} ${plural(flows.sound, 'flow')}, nothing wrong`
    : `${problems} ${plural(problems, 'problem')} in ${files.length} ${plural(files.length, 'file')}`;
}

function summaryOf(verdict: FlowVerdict): string {
  const { flows, closed, problems, shown } = verdict;
  if (problems === 0)
    return `${flows.sound} ${plural(flows.sound, 'flow')} read; all of them can be asked for.`;
  const consequences = [
    ...(flows.broken > 0
      ? [
          `Merged like this, ${flows.broken} of ${flows.broken + flows.sound} flows would be disabled until their files are corrected.`,
        ]
      : []),
    ...(closed === undefined
      ? []
      : [`Merged like this, nobody could ask for anything: ${escapeText(closed)}`]),
  ];
  const rest =
    problems > shown.length
      ? [`Only ${shown.length} of the ${problems} problems are shown at their lines.`]
      : [];
  return [...consequences, ...rest, table(verdict)].join('\n\n');
}

function table({ files }: FlowVerdict): string {
  const head = '| File | Line | What is wrong |\n| :-- | --: | :-- |';
  let text = head;
  for (const [index, file] of files.entries()) {
    const next = `${text}\n${row(file)}`;
    if (Buffer.byteLength(next) > longestSummary - 2000)
      return `${text}\n\nAnd ${files.length - index} more ${plural(files.length - index, 'file')}.`;
    text = next;
  }
  return text;
}

function row({ file, problems, first }: BrokenFile): string {
  const more = problems > 1 ? ` *(and ${problems - 1} more)*` : '';
  return `| ${escapeText(clip(file, longestCell))} | ${first.line} | ${escapeText(clip(sentenceOf(first), longestCell))}${more} |`;
}

function annotationOf(diagnostic: Diagnostic): Annotation {
  const { file, line, column, code } = diagnostic;
  return {
    path: file,
    start_line: line,
    end_line: line,
    start_column: column,
    end_column: column,
    annotation_level: 'failure',
    title: code,
    // Shown as it is, without Markdown.
    message: clip(sentenceOf(diagnostic).replace(/[^\P{C}\n]/gu, ' '), longestMessage),
  };
}

function sentenceOf({ sentence, suggestion }: Diagnostic): string {
  return suggestion === undefined ? sentence : `${sentence} Did you mean “${suggestion}”?`;
}
