// What an issue asks for: the answers of an issue form, or a `/request` at its start.
import type { RawForm } from '../../domain/commands.ts';
import type { Flow } from '../../domain/flow.ts';
import { confirmation } from '../../domain/form.ts';
import { parseComment, type ParsedComment } from './parse-comment.ts';

export type ParsedIssue =
  { readonly type: 'none' } | Extract<ParsedComment, { type: 'request' | 'malformed' }>;

/** What GitHub writes for a question that was not answered. */
const noAnswer = '_No response_';
const firstHeading = 'Flow';

/** Which heading is which field depends on the flow, so the desk's flows are needed. */
export function parseIssue(body: string, flows: readonly Flow[]): ParsedIssue {
  const lines = body.split(/\r\n|\r|\n/);
  const start = lines.findIndex((line) => line.trim() !== '');
  if (headingOf(lines[start] ?? '') === firstHeading) return parseForm(lines.slice(start), flows);
  const parsed = parseComment(body);
  return parsed.type === 'request' || parsed.type === 'malformed' ? parsed : { type: 'none' };
}

interface Block {
  readonly heading: string;
  readonly lines: string[];
}

function parseForm(lines: readonly string[], flows: readonly Flow[]): ParsedIssue {
  const name = answerOf(untilHeading(lines.slice(1)));
  const flow = flows.find(({ ref }) => ref.name === name) ?? flows.find(({ label }) => label === name);
  if (name === undefined)
    return { type: 'malformed', problem: 'It does not say which flow: the answer under “Flow” is empty.' };
  const keys = keysByHeading(flow);
  const blocks = blocksOf(lines, keys);
  const headings = blocks.map(({ heading }) => heading);
  const twice = headings.find((heading, index) =>
    headings.slice(0, index).some((other) => keys.get(other) === keys.get(heading)),
  );
  if (twice !== undefined)
    return {
      type: 'malformed',
      problem: `The heading “${twice}” stands in it twice, so it is not certain what is answered.`,
    };
  return { type: 'request', flow: flow?.ref.name ?? name, form: formOf(blocks, keys) };
}

type Key = { readonly at: 'flow' | 'target' | 'duration' } | { readonly field: string };

/** By label, or by name where no label is the same. The three of our own come first. */
function keysByHeading(flow: Flow | undefined): ReadonlyMap<string, Key> {
  const keys = new Map<string, Key>([[firstHeading, { at: 'flow' }]]);
  if (flow === undefined || flow.access) {
    keys.set('Target', { at: 'target' });
    keys.set('Duration', { at: 'duration' });
  }
  if (flow?.confirm === 'typed') keys.set('Confirm', { field: confirmation });
  for (const field of flow?.fields ?? []) {
    const key = { field: field.name };
    for (const heading of [field.label.trim(), field.name]) if (!keys.has(heading)) keys.set(heading, key);
  }
  return keys;
}

/** A heading that is none of the flow's belongs to the text above it. */
function blocksOf(lines: readonly string[], keys: ReadonlyMap<string, Key>): readonly Block[] {
  const blocks: Block[] = [];
  for (const line of lines) {
    const heading = headingOf(line);
    if (heading !== undefined && keys.has(heading)) blocks.push({ heading, lines: [] });
    else blocks.at(-1)?.lines.push(line);
  }
  return blocks;
}

function formOf(blocks: readonly Block[], keys: ReadonlyMap<string, Key>): RawForm {
  const fields: [string, string][] = [];
  const chosen: { target?: string; duration?: string } = {};
  for (const { heading, lines } of blocks) {
    const key = keys.get(heading);
    const answer = answerOf(lines);
    if (key === undefined || answer === undefined) continue;
    if ('field' in key) fields.push([key.field, answer]);
    else if (key.at !== 'flow') chosen[key.at] = answer;
  }
  return { ...chosen, fields: Object.fromEntries(fields) };
}

function headingOf(line: string): string | undefined {
  const [, heading] = /^### (.+)$/.exec(line) ?? [];
  return heading?.trim();
}

function untilHeading(lines: readonly string[]): readonly string[] {
  const end = lines.findIndex((line) => headingOf(line) !== undefined);
  return end === -1 ? lines : lines.slice(0, end);
}

function answerOf(lines: readonly string[]): string | undefined {
  const answer = lines.join('\n').trim();
  return answer === '' || answer === noAnswer ? undefined : answer;
}
