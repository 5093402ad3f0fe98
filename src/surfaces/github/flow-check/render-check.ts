// A verdict as GitHub's check shows it: a sentence, what the change does to people, what is wrong, and each problem at its line.
import { replayLines, replayTitle } from '../../../desk/change/replay-words.ts';
import { sectionsOf, type Section } from '../../../desk/change/sections.ts';
import { sentenceOf, type Diagnostic } from '../../../desk/diagnostic.ts';
import { gapsOf } from '../../../desk/scenarios/coverage.ts';
import { clip } from '../../../domain/safe-word.ts';
import { list, plural } from '../../../domain/words.ts';
import { escapeText } from '../escape.ts';
import type { BrokenFile, FailedScenario, FlowVerdict } from './judge-flows.ts';

export interface CheckOutput {
  readonly conclusion: 'success' | 'failure' | 'neutral';
  readonly title: string;
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  /** Buttons beside the check, for whoever may push. */
  readonly actions: readonly CheckAction[];
}

export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column: number;
  readonly end_column: number;
  readonly annotation_level: 'failure' | 'warning';
  readonly title: string;
  readonly message: string;
}

/** GitHub takes 20 characters of label and identifier, and 40 of description. */
export interface CheckAction {
  readonly label: string;
  readonly description: string;
  readonly identifier: string;
}

export const regenerateForms: CheckAction = {
  label: 'Regenerate forms',
  description: 'Commit issue forms that fit the flows',
  identifier: 'regenerate-forms',
};

/** GitHub takes 65,535 bytes. */
const longestSummary = 60_000;
const longestCell = 400;
const longestMessage = 2000;
const mostInSection = 50;

export function renderVerdict(verdict: FlowVerdict): CheckOutput {
  return {
    conclusion: conclusionOf(verdict),
    title: titleOf(verdict),
    summary: summaryOf(verdict),
    annotations: verdict.shown.map(annotationOf),
    actions: verdict.forms.length > 0 ? [regenerateForms] : [],
  };
}

/** Neutral stops nobody, and yet is no green tick: somebody has to look. */
function conclusionOf(verdict: FlowVerdict): CheckOutput['conclusion'] {
  return verdict.conclusion === 'success' && loudOf(verdict) > 0 ? 'neutral' : verdict.conclusion;
}

/** Ours, and not theirs: it must not look as if their files were wrong. */
export function renderNotChecked(why: string): CheckOutput {
  return {
    conclusion: 'neutral',
    title: 'These flows were not checked',
    summary: `${escapeText(clip(why, longestCell))}\n\nThis says nothing about the files of this pull request. To have them checked, press **Re-run** beside this check, or push again.`,
    annotations: [],
    actions: [],
  };
}

function loudOf({ changes, needed }: FlowVerdict): number {
  return [...changes, ...needed].filter(({ loud }) => loud).length;
}

function titleOf(verdict: FlowVerdict): string {
  const { counts, files } = verdict;
  const { errors, warnings } = counts;
  if (errors > 0)
    return `${errors} ${plural(errors, 'problem')} in ${files.length} ${plural(files.length, 'file')}`;
  const loud = loudOf(verdict);
  if (loud > 0) return `${loud} ${plural(loud, 'thing')} to look at first`;
  return `${flowsOf(verdict)}${warnings > 0 ? `, ${warnings} ${plural(warnings, 'warning')}` : ', nothing wrong'}`;
}

function flowsOf({ counts, unchanged, removed }: FlowVerdict): string {
  const flows = counts.sound + counts.broken;
  const gone = removed === 0 ? [] : [`${removed} ${plural(removed, 'flow')} removed`];
  const there = flows === 0 ? [] : [`${flows} ${plural(flows, 'flow')}${unchanged > 0 ? ' changed' : ''}`];
  return flows + removed === 0 ? 'No flow changed' : [...there, ...gone].join(', ');
}

function summaryOf(verdict: FlowVerdict): string {
  const { changes, failures, files } = verdict;
  return fitting([
    opening(verdict),
    ...consequences(verdict),
    ...sectionsOf(changes).map(renderSection),
    ...stillInUse(verdict),
    ...decidedAgain(verdict),
    ...(files.length > 0 ? [table(files)] : []),
    ...failures.map(renderFailure),
    ...gaps(verdict),
  ]);
}

/** What a reviewer reads in the first seconds. */
function opening(verdict: FlowVerdict): string {
  const { counts, unchanged, changes, shown } = verdict;
  const { errors, warnings, passed, failed } = counts;
  const found = [
    ...(errors > 0 ? [`${errors} ${plural(errors, 'error')}`] : []),
    ...(warnings > 0 ? [`${warnings} ${plural(warnings, 'warning')}`] : []),
  ];
  const all = passed + failed;
  const hidden = errors + warnings - shown.length;
  return [
    `**${flowsOf(verdict)}${found.length === 0 ? ', nothing wrong' : `: ${list(found, 'and')}`}.**`,
    ...(failed > 0 ? [`${failed} of ${all} ${plural(all, 'scenario')} failed.`] : []),
    ...(failed === 0 && all > 0 ? [`${all} ${plural(all, 'scenario')} passed.`] : []),
    ...(all === 0 && counts.sound > 0 ? ['No scenarios.'] : []),
    ...(unchanged === 1 ? ['1 flow stays as it is.'] : []),
    ...(unchanged > 1 ? [`${unchanged} flows stay as they are.`] : []),
    ...(changes.length === 0 ? ['Nothing changes for anybody.'] : []),
    ...(hidden > 0
      ? [`Only ${shown.length} of the ${errors + warnings} problems are shown at their lines.`]
      : []),
  ].join(' ');
}

function consequences({ counts, closed }: FlowVerdict): readonly string[] {
  const { sound, broken } = counts;
  return [
    ...(broken > 0
      ? [
          `Merged like this, ${broken} of ${broken + sound} ${plural(broken + sound, 'flow')} would be disabled until their files are corrected.`,
        ]
      : []),
    ...(closed === undefined
      ? []
      : [`Merged like this, nobody could ask for anything: ${escapeText(closed)}`]),
  ];
}

function renderSection({ title, changes }: Section): string {
  const rest = changes.length - mostInSection;
  const lines = changes
    .slice(0, mostInSection)
    .map(({ sentence, loud }) => `- ${loud ? '⚠️ ' : ''}${escapeText(clip(sentence, longestCell))}`);
  return [`### ${title}`, '', ...lines, ...(rest > 0 ? [`- … and ${rest} more`] : [])].join('\n');
}

function stillInUse({ needed }: FlowVerdict): readonly string[] {
  if (needed.length === 0) return [];
  const lines = needed
    .slice(0, mostInSection)
    .map(
      ({ sentence, loud, requests, example }) =>
        `- ${loud ? '⚠️ ' : ''}${escapeText(clip(sentence, longestCell))}${where(example, requests.length)}`,
    );
  return [['### Still in use', '', ...lines].join('\n')];
}

function where({ issue }: { readonly issue?: number }, count: number): string {
  if (issue === undefined) return '';
  return count > 1 ? ` (#${issue} and ${count - 1} more)` : ` (#${issue})`;
}

function decidedAgain({ replayed }: FlowVerdict): readonly string[] {
  if (replayed === undefined || replayed.total === 0) return [];
  const lines = replayLines(replayed).flatMap(({ text, examples }) => [
    `- **${text}**`,
    ...examples.map(
      (example) => `  - ${escapeText(clip(example.sentence, longestCell))}${where(example, 1)}`,
    ),
  ]);
  return [[`### ${replayTitle(replayed)}`, '', ...lines].join('\n')];
}

function table(files: readonly BrokenFile[]): string {
  const rows = files.slice(0, 100).map(row);
  const rest = files.length - rows.length;
  return [
    '### What is wrong',
    '',
    '| File | Line | What is wrong |',
    '| :-- | --: | :-- |',
    ...rows,
    ...(rest > 0 ? ['', `And ${rest} more ${plural(rest, 'file')}.`] : []),
  ].join('\n');
}

function row({ file, problems, first }: BrokenFile): string {
  const more = problems > 1 ? ` *(and ${problems - 1} more)*` : '';
  return `| ${escapeText(clip(file, longestCell))} | ${first.line} | ${escapeText(clip(sentenceOf(first), longestCell))}${more} |`;
}

/** Folded: what was expected stands at the line, and why it came otherwise here. */
function renderFailure({ file, line, name, sentences, trace }: FailedScenario): string {
  return [
    `<details><summary>Failed: ${escapeText(clip(name, longestCell))} (${escapeText(file)}, line ${line})</summary>`,
    '',
    ...sentences.map((sentence) => `${escapeText(clip(sentence, longestCell))}\n`),
    ...trace.map(
      (text) =>
        `${escapeText(clip(text, longestCell)).replace(/^ +/, (spaces) => '&nbsp;'.repeat(spaces.length))}<br>`,
    ),
    '',
    '</details>',
  ].join('\n');
}

function gaps({ gaps: found }: FlowVerdict): readonly string[] {
  if (found.length === 0) return [];
  const lines = found
    .slice(0, mostInSection)
    .map((coverage) => `- ${escapeText(coverage.flow)}: ${escapeText(gapsOf(coverage).join('; '))}`);
  return [['### What no scenario reaches', '', ...lines].join('\n')];
}

/** What comes first matters most: the last lines go where there is no room. */
function fitting(blocks: readonly string[]): string {
  const lines = blocks.join('\n\n').split('\n');
  let bytes = 0;
  const end = lines.findIndex((line) => (bytes += Buffer.byteLength(line) + 1) > longestSummary);
  if (end === -1) return lines.join('\n');
  return [...lines.slice(0, end), '', 'The rest has no room here: countersign diff shows all of it.'].join(
    '\n',
  );
}

function annotationOf(diagnostic: Diagnostic): Annotation {
  const { file, line, column, level, code } = diagnostic;
  return {
    path: file,
    start_line: line,
    end_line: line,
    start_column: column,
    end_column: column,
    annotation_level: level === 'error' ? 'failure' : 'warning',
    title: code,
    // Shown as it is, without Markdown.
    message: clip(sentenceOf(diagnostic).replace(/[^\P{C}\n]/gu, ' '), longestMessage),
  };
}
