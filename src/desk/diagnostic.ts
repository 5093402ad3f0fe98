// What is wrong with a desk's file, and where: a value, never an exception. All codes and their words stand here.
import {
  words,
  type DiagnosticCode,
  type DiagnosticFacts,
  type DiagnosticLevel,
} from './diagnostic-words.ts';
import type { Positions } from './yaml/positions.ts';

export interface Diagnostic {
  readonly file: string;
  /** Counted from 1, as editors do. */
  readonly line: number;
  readonly column: number;
  readonly level: DiagnosticLevel;
  readonly code: DiagnosticCode;
  readonly sentence: string;
  /** What to write instead. */
  readonly suggestion?: string;
}

/** A place in a file: a JSON pointer, on its value unless the key is meant, some characters in. */
export interface Place {
  readonly at: string;
  readonly on?: 'key';
  /** Characters into the text of the value. */
  readonly offset?: number;
  readonly suggestion?: string | undefined;
}

/** Collects what is found in one file. */
export interface Report {
  add<C extends DiagnosticCode>(place: Place, code: C, ...facts: DiagnosticFacts[C]): void;
  /** No more is taken: what is dear to find need not be looked for. */
  readonly isFull: boolean;
  /** A text or number as it was typed, quotes left out. */
  typed(pointer: string): string | undefined;
  /** By line and column. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What comes after so many is noise, and finding it takes time. */
export const maxDiagnostics = 100;

export function createReport(file: string, positions: Positions): Report {
  const found: Diagnostic[] = [];
  return {
    add: ({ at, on, offset, suggestion }, code, ...facts) => {
      if (found.length >= maxDiagnostics) return;
      const { line, column } = positions.locate(at, on ?? 'value', offset ?? 0);
      const diagnostic = diagnose({ file, line, column, suggestion }, code, ...facts);
      if (!found.some((known) => isSame(known, diagnostic))) found.push(diagnostic);
    },
    get isFull() {
      return found.length >= maxDiagnostics;
    },
    typed: (pointer) => positions.typed(pointer),
    get diagnostics() {
      return found.toSorted((a, b) => a.line - b.line || a.column - b.column);
    },
  };
}

export function diagnose<C extends DiagnosticCode>(
  where: {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly suggestion?: string | undefined;
  },
  code: C,
  ...facts: DiagnosticFacts[C]
): Diagnostic {
  const { file, line, column, suggestion } = where;
  return {
    file,
    line,
    column,
    level: words[code].level,
    code,
    sentence: words[code].says(...facts),
    ...(suggestion !== undefined && { suggestion }),
  };
}

/** The sentence, with what was probably meant. */
export function sentenceOf({ sentence, suggestion }: Diagnostic): string {
  return suggestion === undefined ? sentence : `${sentence} Did you mean “${suggestion}”?`;
}

/** As compilers print it, for a log, a test or a terminal. */
export function printDiagnostic({ file, line, column, code, sentence, suggestion }: Diagnostic): string {
  const instead = suggestion === undefined ? '' : ` Did you mean \`${suggestion}\`?`;
  return `${file}:${line}:${column} ${code}: ${sentence}${instead}`;
}

/** Something to be mended, or to be looked at. */
export function isProblem({ level }: Pick<Diagnostic, 'level'>): boolean {
  return level !== 'note';
}

export function isError({ level }: Pick<Diagnostic, 'level'>): boolean {
  return level === 'error';
}

function isSame(a: Diagnostic, b: Diagnostic): boolean {
  return a.line === b.line && a.column === b.column && a.code === b.code && a.sentence === b.sentence;
}
