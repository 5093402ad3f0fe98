// The few blocks that everything on Slack is built from.
import type { ActionsBlock, Button, HeaderBlock, KnownBlock, PlainTextElement } from '@slack/web-api';
import { clip, oneLine } from './escape.ts';
import { notification, richText, type Line } from './pieces.ts';

/** What is posted: the blocks, and the line that a notification shows. */
export interface Message {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

/** How long Slack lets texts be, in code units. */
export const most = {
  title: 24,
  button: 75,
  option: 75,
  value: 150,
  header: 150,
  placeholder: 150,
  label: 2000,
  hint: 2000,
  input: 3000,
  metadata: 3000,
  notification: 3000,
} as const;

/** Never empty: Slack takes no empty text. `:codes:` stand as they are typed. */
export function plain(text: string, length: number): PlainTextElement {
  const line = clip(oneLine(text), length);
  return { type: 'plain_text', text: line === '' ? '—' : line, emoji: false };
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: plain(text, most.header) };
}

export function paragraphs(...lines: readonly Line[]): KnownBlock[] {
  const block = richText(lines);
  return block === undefined ? [] : [block];
}

/** Small and grey. */
export function footnote(text: string): KnownBlock {
  return { type: 'context', elements: [plain(text, 2000)] };
}

export interface ButtonWords {
  readonly action: string;
  readonly text: string;
  readonly value: string;
  readonly style?: 'primary' | 'danger';
}

export function button({ action, text, value, style }: ButtonWords): Button {
  return {
    type: 'button',
    action_id: action,
    text: plain(text, most.button),
    value,
    ...(style && { style }),
  };
}

export function buttons(blockId: string, elements: ActionsBlock['elements']): KnownBlock[] {
  return elements.length === 0 ? [] : [{ type: 'actions', block_id: blockId, elements }];
}

/** A message of nothing but lines. */
export function message(lines: readonly Line[], more: readonly KnownBlock[] = []): Message {
  return { text: clip(notification(lines), most.notification), blocks: [...paragraphs(...lines), ...more] };
}
