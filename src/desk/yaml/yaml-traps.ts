// What is YAML, and yet not what its author meant: tags, aliases, doubled keys, commas and colons in bare text.
import { COLLECTION_STYLE, EVENT_ID, getScalarValue, type Event, type ScalarEvent } from 'js-yaml';
import { diagnose, maxDiagnostics, type Diagnostic } from '../diagnostic.ts';
import { createPositions, startOf, type Position } from './positions.ts';

interface Frame {
  readonly kind: 'list' | 'map';
  readonly inBraces: boolean;
  readonly seen: Map<string, Position>;
  key: { readonly name: string; readonly start: number } | undefined;
  /** The last whole text of this map, to show how it should have been quoted. */
  previous: { readonly key: string; readonly text: string } | undefined;
}

/** At most one a file: what follows a trap is usually noise. Doubled keys are all told. */
export function findTraps(file: string, source: string, events: readonly Event[]): readonly Diagnostic[] {
  const lines = createPositions(source, []);
  const frames: Frame[] = [];
  const doubled: Diagnostic[] = [];
  for (const [index, event] of events.entries()) {
    if (event.type === EVENT_ID.DOCUMENT) {
      if (index === 0) continue;
      return [diagnose({ file, ...lines.at(offsetOf(events, index)) }, 'yaml-documents')];
    }
    if (event.type === EVENT_ID.POP) {
      frames.pop();
      continue;
    }
    const frame = frames.at(-1);
    const start = startOf(event, frame?.key?.start ?? 0);
    const trap = trapOf(event, source, frame);
    if (trap) return [trap.diagnose({ file, ...lines.at(trap.at ?? start) })];
    const isKey = frame?.kind === 'map' && frame.key === undefined;
    if (isKey && event.type !== EVENT_ID.SCALAR) return [diagnose({ file, ...lines.at(start) }, 'yaml-key')];
    if (isKey && event.type === EVENT_ID.SCALAR) {
      const again = enterKey(frame, getScalarValue(source, event), lines.at(start), start);
      if (again && doubled.length < maxDiagnostics)
        doubled.push(
          diagnose({ file, ...lines.at(start) }, 'duplicate-key', getScalarValue(source, event), again.line),
        );
      continue;
    }
    leaveValue(frame, event, source);
    const opened = open(event);
    if (opened) frames.push(opened);
  }
  return doubled;
}

interface Trap {
  /** Absent: where the value begins. */
  readonly at?: number;
  diagnose(where: { readonly file: string } & Position): Diagnostic;
}

function trapOf(event: Event, source: string, frame: Frame | undefined): Trap | undefined {
  if (event.type === EVENT_ID.ALIAS) return { diagnose: (where) => diagnose(where, 'yaml-alias') };
  if (event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP) return undefined;
  if (event.tagStart >= 0) return tagTrap(event.tagStart, event.tagEnd, source, frame);
  if (event.anchorStart >= 0)
    return { at: event.anchorStart - 1, diagnose: (where) => diagnose(where, 'yaml-alias') };
  if (event.type === EVENT_ID.SCALAR && isLeftOut(event) && frame?.inBraces && frame.key && frame.previous) {
    const { key, text } = frame.previous;
    const rest = frame.key.name;
    const suggestion = `${key}: "${text}, ${rest}"`;
    return { diagnose: (where) => diagnose({ ...where, suggestion }, 'comma-needs-quotes', rest) };
  }
  return undefined;
}

function tagTrap(start: number, end: number, source: string, frame: Frame | undefined): Trap {
  const tag = source.slice(start, end);
  const restOfLine = /^[^\n\r]*/.exec(source.slice(start, start + 500))?.[0].trimEnd() ?? tag;
  if (frame?.key?.name !== 'if') return { at: start, diagnose: (where) => diagnose(where, 'yaml-tag', tag) };
  const suggestion = `if: ${JSON.stringify(restOfLine)}`;
  return { at: start, diagnose: (where) => diagnose({ ...where, suggestion }, 'condition-needs-quotes') };
}

function isLeftOut({ valueStart, style }: ScalarEvent): boolean {
  return valueStart < 0 && style === 1;
}

/** The place of the same key above, where there is one. */
function enterKey(frame: Frame, name: string, position: Position, start: number): Position | undefined {
  const again = frame.seen.get(name);
  if (again === undefined) frame.seen.set(name, position);
  frame.key = { name, start };
  return again;
}

function leaveValue(frame: Frame | undefined, event: Event, source: string): void {
  if (frame === undefined) return;
  frame.previous =
    frame.key && event.type === EVENT_ID.SCALAR
      ? { key: frame.key.name, text: getScalarValue(source, event) }
      : undefined;
  frame.key = undefined;
}

function open(event: Event): Frame | undefined {
  if (event.type !== EVENT_ID.SEQUENCE && event.type !== EVENT_ID.MAPPING) return undefined;
  return {
    kind: event.type === EVENT_ID.SEQUENCE ? 'list' : 'map',
    inBraces: event.type === EVENT_ID.MAPPING && event.style === COLLECTION_STYLE.FLOW,
    seen: new Map(),
    key: undefined,
    previous: undefined,
  };
}

function offsetOf(events: readonly Event[], index: number): number {
  for (const event of events.slice(index)) {
    const offset = startOf(event, -1);
    if (offset >= 0) return offset;
  }
  return 0;
}

/** What the parser says, in the words of somebody who writes flows. */
export function blameSyntax(
  file: string,
  source: string,
  reason: string,
  mark: { readonly line: number; readonly column: number },
): Diagnostic {
  const where = { file, line: mark.line + 1, column: mark.column + 1 };
  // Clipped: the expressions below look at a line as people write it.
  const line = (source.split('\n', mark.line + 1)[mark.line] ?? '').slice(0, 500);
  if (/tab character/.test(reason)) return diagnose(where, 'yaml-tab');
  if (/nesting|depth/i.test(reason)) return diagnose(where, 'yaml-too-deep');
  if (/[[{].*:\s*\$\{\{|[[,]\s*\$\{\{/.test(line))
    return diagnose({ ...where, column: line.indexOf('${{') + 1 }, 'braces-need-quotes');
  const [, lead = '', key = '', text = ''] = /^(\s*(?:- )*)([A-Za-z_]+): ([^"'|>{[].*: .*)$/.exec(line) ?? [];
  if (text !== '')
    return diagnose(
      {
        ...where,
        column: lead.length + key.length + ': '.length + 1,
        suggestion: `${key}: ${JSON.stringify(text.trimEnd())}`,
      },
      'colon-needs-quotes',
    );
  const [sign] = /^[@`%]/.exec(line.slice(mark.column)) ?? [];
  if (sign !== undefined)
    return diagnose(where, 'yaml-syntax', `no text begins with ${sign}, unless it stands in quotes`);
  return diagnose(where, 'yaml-syntax', reason.replaceAll(/\s+/g, ' ').slice(0, 200));
}
