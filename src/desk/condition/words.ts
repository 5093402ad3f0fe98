// CEL's own errors, in the words of somebody who writes flows.
import { EvaluationError, ParseError, TypeError } from '@marcbachmann/cel-js';
import { readables, type Purpose, type Readable } from './facts.ts';
import { maxNodes } from './tree.ts';
import type { Place, Report } from '../diagnostic.ts';
import { nearest } from '../nearest.ts';

/** What a name stands in: what may be read there, and where that is told. */
export interface Reading {
  readonly readable: Readable;
  readonly purpose: Purpose;
  readonly place: Place;
  readonly report: Report;
}

export function blameCel(error: unknown, place: Place, report: Report): void {
  const there = placeOf(error, place);
  const reason = reasonOf(error);
  if (/Exceeded max/i.test(reason)) return report.add(there, 'condition-too-big', `${maxNodes} parts`);
  if (/Unexpected character: =/.test(reason))
    return report.add({ ...there, suggestion: '==' }, 'condition-syntax', 'one = compares nothing');
  report.add(there, 'condition-syntax', reason);
}

export function blameType(error: unknown, reading: Reading): void {
  const place = placeOf(error, reading.place);
  const reason = reasonOf(error);
  const [, unknown] = /^(?:No such key|Unknown variable): (.*)$/.exec(reason) ?? [];
  if (unknown === undefined) reading.report.add(place, 'condition-type', reason);
  else blameName(unknown, { ...reading, place });
}

/** Says what could have been meant: a name after its dot, or one of the words that they begin with. */
export function blameName(unknown: string, { readable, purpose, place, report }: Reading): void {
  const known = readables(readable, purpose);
  const close = nearest(
    unknown,
    known.map((name) => name.slice(name.indexOf('.') + 1)),
  );
  const suggestion =
    known.find((name) => name.endsWith(`.${close ?? unknown}`)) ??
    nearest(unknown, ['fields', 'request', 'requester']);
  report.add(
    { ...place, suggestion: suggestion === unknown ? undefined : suggestion },
    'condition-unknown',
    unknown,
    known.join(', ') || 'nothing',
  );
}

/** One line, without the library's own words for things. */
function reasonOf(error: unknown): string {
  const said = isCel(error) ? error.summary : 'it is too complex';
  return said
    .replaceAll('google.protobuf.Duration', 'duration')
    .replaceAll('google.protobuf.Timestamp', 'timestamp')
    .replaceAll('Requester', 'requester')
    .replace(/^(?:no such overload|found no matching overload for):? '?(.*?)'?$/, 'there is no “$1”')
    .replace('Unexpected token: EOF', 'it ends too early')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 160);
}

function placeOf(error: unknown, place: Place): Place {
  return { ...place, offset: (place.offset ?? 0) + ((isCel(error) && error.range?.start) || 0) };
}

function isCel(error: unknown): error is ParseError | EvaluationError | TypeError {
  return error instanceof ParseError || error instanceof EvaluationError || error instanceof TypeError;
}
