// From bytes to a value with positions: whatever the bytes are, the answer is a value or diagnostics with a line.
import { constructFromEvents, CORE_SCHEMA, parseEvents, YAMLException, type Event } from 'js-yaml';
import { diagnose, type Diagnostic } from '../diagnostic.ts';
import { createPositions, type Positions } from './positions.ts';
import { blameSyntax, findTraps } from './yaml-traps.ts';

export type YamlFile =
  | { readonly ok: true; readonly value: unknown; readonly positions: Positions }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

const maxBytes = 256 * 1024;
const maxLines = 10_000;
const maxDepth = 20;

export function readYaml(file: string, bytes: Uint8Array): YamlFile {
  const text = decode(file, bytes);
  if (typeof text !== 'string') return { ok: false, diagnostics: [text] };
  const parsed = parse(file, text);
  if ('broken' in parsed) return { ok: false, diagnostics: [parsed.broken] };
  const { events } = parsed;
  if (events.length === 0)
    return { ok: false, diagnostics: [diagnose({ file, line: 1, column: 1 }, 'file-empty')] };
  const traps = findTraps(file, text, events);
  if (traps.length > 0) return { ok: false, diagnostics: traps };
  try {
    const [value] = constructFromEvents([...events], { source: text, schema: CORE_SCHEMA, maxAliases: 0 });
    return { ok: true, value, positions: createPositions(text, events) };
  } catch (error) {
    return { ok: false, diagnostics: [blame(file, text, error)] };
  }
}

function decode(file: string, bytes: Uint8Array): string | Diagnostic {
  const top = { file, line: 1, column: 1 };
  if (bytes.byteLength > maxBytes) return diagnose(top, 'file-too-large', `${maxBytes / 1024} KB`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return diagnose({ file, ...firstBroken(bytes) }, 'not-utf8');
  }
  if (text.startsWith('\uFEFF')) return diagnose(top, 'byte-order-mark');
  return countLines(text) > maxLines ? diagnose(top, 'file-too-large', `${maxLines} lines`) : text;
}

/** The replacement character stands where the decoder met what it could not read. */
function firstBroken(bytes: Uint8Array): { readonly line: number; readonly column: number } {
  const lenient = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const before = lenient.slice(0, Math.max(0, lenient.indexOf('\uFFFD')));
  return { line: countLines(before), column: before.length - before.lastIndexOf('\n') };
}

function countLines(text: string): number {
  let count = 1;
  for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1)) count += 1;
  return count;
}

function parse(
  file: string,
  text: string,
): { readonly events: readonly Event[] } | { readonly broken: Diagnostic } {
  try {
    return { events: parseEvents(text, { maxDepth }) };
  } catch (error) {
    return { broken: blame(file, text, error) };
  }
}

function blame(file: string, text: string, error: unknown): Diagnostic {
  if (error instanceof YAMLException)
    return blameSyntax(file, text, error.reason, error.mark ?? { line: 0, column: 0 });
  const reason = error instanceof Error ? error.name : 'it cannot be read';
  return diagnose({ file, line: 1, column: 1 }, 'yaml-syntax', reason);
}
