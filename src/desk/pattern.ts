// Regular expressions that cannot be made to hang: RE2, over the whole text, of bounded size.
import { RE2JS, RE2JSSyntaxException } from 're2js';
import type { Pattern } from '../domain/flow.ts';
import type { Place, Report } from './diagnostic.ts';

const maxPatternLength = 500;
/** Steps of the compiled program: judging takes at most this many for each character. */
const maxProgram = 500;

/** Undefined where the report says why. */
export function compilePattern(source: string, place: Place, report: Report): Pattern | undefined {
  const compiled = compileLinear(source, place, report);
  return compiled && { source, matches: (text) => compiled.testExact(text) };
}

export interface LinearSearch {
  test(text: string): boolean;
  /** How many steps each character takes at most. */
  readonly programSize: number;
}

/** For `matches` in conditions: like CEL's own, anywhere in the text. */
export function compileSearch(source: string, place: Place, report: Report): LinearSearch | undefined {
  const compiled = compileLinear(source, place, report);
  return compiled && { test: (text) => compiled.test(text), programSize: compiled.programSize() };
}

function compileLinear(source: string, place: Place, report: Report): RE2JS | undefined {
  if (source.length > maxPatternLength) {
    report.add(place, 'pattern-too-long', maxPatternLength);
    return undefined;
  }
  try {
    const compiled = RE2JS.compile(source);
    if (compiled.programSize() <= maxProgram) return compiled;
    report.add(place, 'pattern-too-big');
  } catch (error) {
    blame(source, error, place, report);
  }
  return undefined;
}

function blame(source: string, error: unknown, place: Place, report: Report): void {
  const beyond = /\(\?<?[=!]/.exec(source) ?? /\\[1-9]|\\k</.exec(source);
  if (beyond)
    return report.add(
      { ...place, offset: (place.offset ?? 0) + beyond.index },
      'pattern-not-linear',
      beyond[0].startsWith('(') ? 'Look-around' : 'A back-reference',
    );
  const said = error instanceof RE2JSSyntaxException ? error.message : '';
  if (/invalid repeat count/.test(said)) return report.add(place, 'pattern-too-big');
  const reason = said.replace(/^error parsing regexp: /, '').slice(0, 120);
  report.add(place, 'pattern-syntax', reason || 'it is not a regular expression');
}
