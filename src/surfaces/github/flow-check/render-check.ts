// A verdict as GitHub's check shows it: a sentence, what the change does to people, what is wrong, and each problem at its line.
import { replayLines, replayTitle } from '../../../desk/change/replay-words.ts';
import { sectionsOf } from '../../../desk/change/sections.ts';
import { sentenceOf, type Diagnostic } from '../../../desk/diagnostic.ts';
import { problemWords, scenarioWords } from '../../../desk/review-words.ts';
import { gapsOf } from '../../../desk/scenarios/coverage.ts';
import { clip } from '../../../domain/safe-word.ts';
import { plural } from '../../../domain/words.ts';
import { escapeText } from '../escape.ts';
import { fitChanges, type Told } from './fit-changes.ts';
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
  readonly annotation_level: 'failure' | 'warning' | 'notice';
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
const mostGaps = 50;
/** Sentences about a change are kept short where they are made: this only stops what nobody thought of. */
const longestSentence = 3000;
/** For what comes after the changes: what is wrong stands at its line as well. */
const keptForRest = 15_000;

export function renderVerdict(verdict: FlowVerdict): CheckOutput {
  const told = changesIn(verdict);
  return {
    conclusion: conclusionOf(verdict, told),
    title: titleOf(verdict, told),
    summary: fitting([
      opening(verdict, told),
      ...consequences(verdict),
      ...wrongs(verdict),
      ...told.blocks,
      ...rest(verdict),
    ]),
    annotations: verdict.shown.map(annotationOf),
    actions: verdict.forms.length > 0 ? [regenerateForms] : [],
  };
}

/** Neutral stops nobody, and yet is no green tick: somebody has to look. */
function conclusionOf(verdict: FlowVerdict, { isWhole }: ToldChanges): CheckOutput['conclusion'] {
  const isUnsure = loudOf(verdict) > 0 || verdict.unanswered > 0 || !isWhole;
  return verdict.conclusion === 'success' && isUnsure ? 'neutral' : verdict.conclusion;
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

function titleOf(verdict: FlowVerdict, { isWhole }: ToldChanges): string {
  const { counts, files } = verdict;
  const { errors, warnings } = counts;
  const more = isWhole ? '' : ', and more changes than fit here';
  if (errors > 0)
    return `${errors} ${plural(errors, 'problem')} in ${files.length} ${plural(files.length, 'file')}${more}`;
  const loud = loudOf(verdict);
  if (loud > 0) return `${loud} ${plural(loud, 'thing')} to look at first${more}`;
  if (verdict.unanswered > 0) return `Not all could be looked up on Slack${more}`;
  if (!isWhole) return 'More changes than fit here: countersign diff shows all';
  return `${flowsOf(verdict)}${warnings > 0 ? `, ${warnings} ${plural(warnings, 'warning')}` : ', nothing wrong'}`;
}

function flowsOf({ counts, unchanged, removed }: FlowVerdict): string {
  const flows = counts.sound + counts.broken;
  const gone = removed === 0 ? [] : [`${removed} ${plural(removed, 'flow')} removed`];
  const there = flows === 0 ? [] : [`${flows} ${plural(flows, 'flow')}${unchanged > 0 ? ' changed' : ''}`];
  return flows + removed === 0 ? 'No flow changed' : [...there, ...gone].join(', ');
}

interface ToldChanges {
  readonly blocks: readonly string[];
  /** Whether every change has found room. */
  readonly isWhole: boolean;
}

/** What is loud in any case. Of everything else, what there is room for, the weightiest first. */
function changesIn(verdict: FlowVerdict): ToldChanges {
  const { changes, needed } = verdict;
  const all: readonly Told[] = [...changes, ...needed];
  const sizeOf = (told: Told): number => Buffer.byteLength(lineOf(told)) + 1;
  const loud = all.filter((told) => told.loud).reduce((sum, told) => sum + sizeOf(told), 0);
  const after = Buffer.byteLength([...wrongs(verdict), ...rest(verdict)].join('\n\n'));
  const room = longestSummary - keptForWords - loud - Math.min(after, keptForRest);
  const shown = fitChanges({ all, room, size: sizeOf });
  const isWhole =
    loud + keptForWords <= longestSummary &&
    shown.size === all.length &&
    all.every(({ sentence }) => sentence.length <= longestSentence);
  const blockOf = (title: string, some: readonly Told[]): string => {
    const lines = some.filter((told) => shown.has(told)).map(lineOf);
    const left = some.length - lines.length;
    return [`### ${title}`, '', ...lines, ...(left > 0 ? [`- … and ${left} more`] : [])].join('\n');
  };
  return {
    isWhole,
    blocks: [
      ...sectionsOf(changes).map((section) => blockOf(section.title, section.changes)),
      ...(needed.length > 0 ? [blockOf('Still in use', needed)] : []),
    ],
  };
}

/** For the opening, titles and consequences. */
const keptForWords = 3000;

function lineOf(told: Told): string {
  const where = 'example' in told ? whereOf(told.example, told.requests.length) : '';
  return `- ${told.loud ? '⚠️ ' : ''}${escapeText(clip(told.sentence, longestSentence))}${where}`;
}

/** All that comes after the changes. */
function rest(verdict: FlowVerdict): readonly string[] {
  return [...decidedAgain(verdict), ...gaps(verdict)];
}

/** What has to be mended, before anybody asks what it would do. */
function wrongs({ files, failures }: FlowVerdict): readonly string[] {
  return [...(files.length > 0 ? [table(files)] : []), ...failures.map(renderFailure)];
}

/** What a reviewer reads in the first seconds. */
function opening(verdict: FlowVerdict, { isWhole }: ToldChanges): string {
  const { counts, unchanged, changes, shown } = verdict;
  const all = counts.errors + counts.warnings + counts.notes;
  const problems = problemWords(counts);
  const scenarios = scenarioWords(counts) ?? (counts.sound > 0 ? 'No scenarios.' : undefined);
  const hidden = all - shown.length;
  return [
    `**${flowsOf(verdict)}${problems === undefined ? ', nothing wrong' : `: ${problems}`}.**`,
    ...(scenarios === undefined ? [] : [scenarios]),
    ...(unchanged === 1 ? ['1 flow stays as it is.'] : []),
    ...(unchanged > 1 ? [`${unchanged} flows stay as they are.`] : []),
    ...(changes.length === 0 ? ['Nothing changes for anybody.'] : []),
    ...(isWhole ? [] : ['**Not all that changes fits here: countersign diff shows all of it.**']),
    ...(verdict.unanswered > 0
      ? ['**Not all that is named on Slack could be looked up.** Press **Re-run** to try again.']
      : []),
    ...(hidden > 0 ? [`Only ${shown.length} of the ${all} problems are shown at their lines.`] : []),
  ].join(' ');
}

function consequences({ counts, closed }: FlowVerdict): readonly string[] {
  const { broken } = counts;
  return [
    ...(broken > 0
      ? [
          `Merged like this, ${broken} ${plural(broken, 'flow')} would be disabled until ${broken === 1 ? 'its file is' : 'their files are'} corrected.`,
        ]
      : []),
    ...(closed === undefined
      ? []
      : [`Merged like this, nobody could ask for anything: ${escapeText(closed)}`]),
  ];
}

function whereOf({ issue }: { readonly issue?: number }, count: number): string {
  if (issue === undefined) return '';
  return count > 1 ? ` (#${issue} and ${count - 1} more)` : ` (#${issue})`;
}

function decidedAgain({ replayed }: FlowVerdict): readonly string[] {
  if (replayed === undefined || replayed.total === 0) return [];
  const lines = replayLines(replayed).flatMap(({ text, examples }) => [
    `- **${text}**`,
    ...examples.map(
      ({ sentence, requests }) => `  - ${escapeText(clip(sentence, longestCell))} (${requests.join(', ')})`,
    ),
  ]);
  return [[`### ${replayTitle(replayed)}`, '', ...lines].join('\n')];
}

/** Those of one file stand at their lines: more files than this are a mistake made everywhere. */
const mostFiles = 50;

function table(files: readonly BrokenFile[]): string {
  const rows = files.slice(0, mostFiles).map(row);
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
    .slice(0, mostGaps)
    .map((coverage) => `- ${escapeText(coverage.flow)}: ${escapeText(gapsOf(coverage).join('; '))}`);
  const left = found.length - lines.length;
  return [
    ['### What no scenario reaches', '', ...lines, ...(left > 0 ? [`- … and ${left} more`] : [])].join('\n'),
  ];
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

const annotationLevels = { error: 'failure', warning: 'warning', note: 'notice' } as const;

function annotationOf(diagnostic: Diagnostic): Annotation {
  const { file, line, column, level, code } = diagnostic;
  return {
    path: file,
    start_line: line,
    end_line: line,
    start_column: column,
    end_column: column,
    annotation_level: annotationLevels[level],
    title: code,
    // Shown as it is, without Markdown.
    message: clip(sentenceOf(diagnostic).replace(/[^\P{C}\n]/gu, ' '), longestMessage),
  };
}
