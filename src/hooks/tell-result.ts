// What came out of a room, in words and JSON that others may use: looked at, cleaned, and without secrets.
import { SourceMap } from 'node:module';
import type { RunProblem } from './code-problem.ts';
import type { Answered, Told } from './code-rooms.ts';
import type { CodeFiles } from './compile-messages.ts';
import type { CodeLimits } from './limits.ts';
import { plainWords } from './plain-words.ts';
import { readJson } from './read-json.ts';
import type { RoomResult } from './room.ts';
import type { SecretMarks } from './secret-marks.ts';

export interface Telling {
  readonly limits: CodeLimits;
  readonly secrets: SecretMarks;
  readonly sourceMaps: CodeFiles;
}

export function tellResult(
  { outcome, said, unsaid }: RoomResult,
  telling: Telling,
): Answered & Pick<Told, 'said'> {
  const { limits, secrets } = telling;
  const lines = said.map((line) => plainWords(secrets.hide(line), limits.logLength));
  const all = unsaid > 0 ? [...lines, `(and ${unsaid} more lines)`] : lines;
  if (outcome.kind !== 'answer')
    return { ok: false, problem: problemOf(outcome.kind, outcome.text, telling), said: all };
  if (outcome.text === '') return { ok: true, answer: undefined, said: all };
  const answer = readJson(outcome.text, { length: limits.answerLength, depth: limits.depth });
  if (answer !== undefined) return { ok: true, answer: secrets.hideAll(answer), said: all };
  const message = `The answer is nested deeper than ${limits.depth}, or no JSON that we take.`;
  return { ok: false, problem: { kind: 'output', message }, said: all };
}

function problemOf(kind: RunProblem['kind'], text: string, { secrets, sourceMaps }: Telling): RunProblem {
  const told = readJson(text, { length: 20_000, depth: 2 });
  const part = (name: string): string => textIn(told, name);
  const name = ['', 'Error', 'ServiceFailure'].includes(part('name')) ? '' : `${part('name')}: `;
  const message = plainWords(secrets.hide(`${kind === 'threw' ? name : ''}${part('message')}`), 500);
  const transient = valueIn(told, 'transient');
  return {
    kind,
    message: message || 'It threw something without words.',
    ...(kind === 'threw' && typeof transient === 'boolean' && { transient }),
    ...thrownAt(part('stack'), sourceMaps),
  };
}

function textIn(json: unknown, name: string): string {
  const value = valueIn(json, name);
  return typeof value === 'string' ? value : '';
}

function valueIn(json: unknown, name: string): unknown {
  if (typeof json !== 'object' || json === null || !Object.hasOwn(json, name)) return undefined;
  const value: unknown = Reflect.get(json, name);
  return value;
}

/** The first place of the stack that is in the desk's own files, as they were written. */
function thrownAt(stack: string, sourceMaps: CodeFiles): { readonly file?: string; readonly line?: number } {
  for (const [, file = '', line = '', column = ''] of stack.matchAll(/\((flows\/[^():\s]+):(\d+):(\d+)\)/g)) {
    if (!Object.hasOwn(sourceMaps, file)) continue;
    return { file, line: originalLine(sourceMaps[file] ?? '', Number(line), Number(column)) };
  }
  return {};
}

function originalLine(sourceMap: string, line: number, column: number): number {
  const entry = new SourceMap(JSON.parse(sourceMap)).findEntry(line - 1, column - 1);
  return 'originalLine' in entry ? entry.originalLine + 1 : line;
}
