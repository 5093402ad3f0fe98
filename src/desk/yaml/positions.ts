// Where each part of a YAML file stands: JSON pointer → line and column, from the parser's own events.
import { EVENT_ID, getScalarValue, type Event } from 'js-yaml';

export interface Position {
  /** Both counted from 1. */
  readonly line: number;
  readonly column: number;
}

export interface Positions {
  /** Of a key or value, or of the nearest thing around it that is there. */
  locate(pointer: string, on: 'key' | 'value', offset: number): Position;
  /** Of a place in the text. */
  at(offset: number): Position;
  /** A scalar as it was typed, quotes left out; undefined for anything else. */
  typed(pointer: string): string | undefined;
}

interface Span {
  readonly key: number;
  readonly value: number;
  readonly end: number;
  /** Whether the text between is the value itself, so that an offset into one is an offset into the other. */
  readonly verbatim: boolean;
}

export function createPositions(source: string, events: readonly Event[]): Positions {
  // Most files have nothing wrong, and are never asked.
  const lines = once(() => lineStarts(source));
  const found = once(() => readSpans(source, events));
  const at = (offset: number): Position => toPosition(lines(), offset);
  return {
    at,
    locate: (pointer, on, offset) => {
      const spans = found();
      const span = spans.get(pointer);
      if (span === undefined) return at(nearestSpan(spans, pointer)?.key ?? 0);
      if (on === 'key') return at(span.key);
      return at(span.value + (span.verbatim ? Math.min(offset, span.end - span.value) : 0));
    },
    typed: (pointer) => {
      const span = found().get(pointer);
      return span && span.end > span.value ? source.slice(span.value, span.end) : undefined;
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

export function pointerTo(...path: readonly (string | number)[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The path of a JSON pointer. */
export function pathOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function nearestSpan(spans: ReadonlyMap<string, Span>, pointer: string): Span | undefined {
  for (let cut = pointer.lastIndexOf('/'); cut >= 0; cut = pointer.lastIndexOf('/', cut - 1)) {
    const span = spans.get(pointer.slice(0, cut));
    if (span) return span;
    if (cut === 0) return undefined;
  }
  return undefined;
}

interface Frame {
  readonly pointer: string;
  readonly kind: 'list' | 'map';
  /** Where the key that waits for its value begins. */
  key: { readonly name: string; readonly start: number } | undefined;
  index: number;
}

/** Walks the first document. Keys that are no scalars have no pointer; the reader refuses them before. */
function readSpans(source: string, events: readonly Event[]): ReadonlyMap<string, Span> {
  const spans = new Map<string, Span>();
  const frames: Frame[] = [];
  for (const event of events.slice(1)) {
    if (event.type === EVENT_ID.DOCUMENT) break;
    if (event.type === EVENT_ID.POP) {
      frames.pop();
      continue;
    }
    const frame = frames.at(-1);
    const start = startOf(event, frame?.key?.start ?? 0);
    if (frame?.kind === 'map' && frame.key === undefined) {
      frame.key = {
        name: event.type === EVENT_ID.SCALAR ? getScalarValue(source, event) : '',
        start,
      };
      if (event.type !== EVENT_ID.SEQUENCE && event.type !== EVENT_ID.MAPPING) continue;
    }
    const pointer = enter(frame);
    const text = event.type === EVENT_ID.SCALAR && event.valueStart >= 0 ? event : undefined;
    spans.set(pointer, {
      key: frame?.key?.start ?? start,
      value: start,
      end: text?.valueEnd ?? start,
      verbatim: text !== undefined && source.slice(start, text.valueEnd) === getScalarValue(source, text),
    });
    if (frame) frame.key = undefined;
    if (event.type === EVENT_ID.SEQUENCE) frames.push({ pointer, kind: 'list', key: undefined, index: 0 });
    if (event.type === EVENT_ID.MAPPING) frames.push({ pointer, kind: 'map', key: undefined, index: 0 });
  }
  return spans;
}

function enter(frame: Frame | undefined): string {
  if (frame === undefined) return '';
  if (frame.kind === 'map') return frame.pointer + pointerTo(frame.key?.name ?? '');
  frame.index += 1;
  return frame.pointer + pointerTo(frame.index - 1);
}

/** A value that was left out stands where its key does. */
export function startOf(event: Event, otherwise: number): number {
  switch (event.type) {
    case EVENT_ID.SCALAR:
      return event.valueStart >= 0 ? event.valueStart : otherwise;
    case EVENT_ID.SEQUENCE:
    case EVENT_ID.MAPPING:
      return event.start;
    case EVENT_ID.ALIAS:
      return event.anchorStart - 1;
    default:
      return otherwise;
  }
}

function lineStarts(source: string): readonly number[] {
  const starts = [0];
  for (let index = source.indexOf('\n'); index >= 0; index = source.indexOf('\n', index + 1))
    starts.push(index + 1);
  return starts;
}

function toPosition(starts: readonly number[], offset: number): Position {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}
