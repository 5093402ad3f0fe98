// Diagnostics for a terminal, as compilers print them: the place, the sentence, the line itself and a mark under it.
import { sentenceOf, type Diagnostic } from '../../desk/diagnostic.ts';
import type { DeskFiles } from '../../desk/desk-reader.ts';
import { plain } from './terminal-text.ts';

/** More help nobody at once. */
const mostShown = 200;
const widest = 100;

export function printDiagnostics(diagnostics: readonly Diagnostic[], files: DeskFiles): readonly string[] {
  const lines = createLines(files);
  const rest = diagnostics.length - mostShown;
  return [
    ...diagnostics.slice(0, mostShown).flatMap((diagnostic) => [...printOne(diagnostic, lines), '']),
    ...(rest > 0 ? [`… and ${rest} more. Correct these first.`, ''] : []),
  ];
}

function printOne(
  diagnostic: Diagnostic,
  lineOf: (file: string, line: number) => string | undefined,
): readonly string[] {
  const { file, line, column, level, code } = diagnostic;
  const number = String(line).padStart(5);
  const text = lineOf(file, line);
  const shown = text === undefined ? undefined : window(text, column);
  return [
    `${plain(file)}:${line}:${column} ${level} ${code}`,
    `  ${plain(sentenceOf(diagnostic))}`,
    ...(shown ? [`${number} │ ${shown.text}`, `${' '.repeat(number.length)} │ ${shown.mark}`] : []),
  ];
}

/** Of a long line what is around the place. Columns are counted in characters of one width; most are. */
function window(text: string, column: number): { readonly text: string; readonly mark: string } | undefined {
  if (text.trim() === '') return undefined;
  const from = column > widest - 20 ? column - 40 : 0;
  const cut = text.slice(from, from + widest);
  const before = from > 0 ? '…' : '';
  const after = text.length > from + widest ? '…' : '';
  return {
    text: `${before}${plain(cut)}${after}`,
    mark: `${' '.repeat(before.length + column - 1 - from)}^`,
  };
}

/** Each file is taken apart once, and only where something is said of it. */
function createLines(files: DeskFiles): (file: string, line: number) => string | undefined {
  const known = new Map<string, readonly string[]>();
  return (file, line) => {
    const bytes = files.get(file);
    if (bytes === undefined) return undefined;
    const lines = known.get(file) ?? new TextDecoder().decode(bytes).split(/\r\n|[\n\r]/);
    known.set(file, lines);
    return lines[line - 1];
  };
}
