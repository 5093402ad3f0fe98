// A mail of ours, as plain text and as simple HTML that says the same: no pictures, nothing that is fetched, no trace of who reads it.
import { html, printTime, typed } from './escape.ts';
import type { Asked } from './what-is-asked.ts';
import type { Instant } from '../../domain/names.ts';

export interface Letter {
  readonly subject: string;
  /** What it is about, before everything else. */
  readonly opening: string;
  /** Absent where the opening says it all. */
  readonly asked?: Asked;
  readonly next: readonly string[];
  /** How to decide. */
  readonly link?: { readonly url: string; readonly until: Instant };
  /** Its page on GitHub. */
  readonly issue?: string;
  /** Why this address is told. */
  readonly because: string;
  readonly footnote: string;
}

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** A line, one that stands out, a list of facts, or a link that is ours. */
type Block =
  | { readonly line: string }
  | { readonly strong: string }
  | { readonly facts: Asked['facts'] }
  | { readonly items: readonly string[]; readonly title: string }
  | { readonly url: string; readonly label: string }
  | { readonly small: string };

const longestSubject = 150;

export function renderMail(letter: Letter): RenderedMail {
  const blocks = blocksOf(letter);
  return {
    subject: typed(letter.subject, longestSubject),
    text: `${blocks.map(textOf).join('\n\n')}\n`,
    html: page(blocks.map(htmlOf).join('\n')),
  };
}

function blocksOf({ opening, asked, next, link, issue, because, footnote }: Letter): readonly Block[] {
  return [
    { strong: opening },
    ...(asked?.danger === undefined ? [] : [{ strong: `⚠️ ${asked.danger}` }]),
    ...(asked?.message === undefined ? [] : [{ line: asked.message }]),
    ...(asked ? [{ facts: asked.facts }] : []),
    ...(asked && asked.steps.length > 0 ? [{ title: 'Who decides', items: asked.steps }] : []),
    ...(next.length > 0 ? [{ line: next.join(' ') }] : []),
    ...(link ? linkBlocks(link) : []),
    ...(issue === undefined ? [] : [{ label: 'On GitHub', url: issue }]),
    { small: because },
    { small: footnote },
  ];
}

function linkBlocks({ url, until }: NonNullable<Letter['link']>): readonly Block[] {
  return [
    { label: 'Approve or deny', url },
    {
      line: `Opening it decides nothing: you do, on the page. It works once, until ${printTime(until)}. Whoever has it decides in your name, so do not pass it on.`,
    },
  ];
}

function textOf(block: Block): string {
  if ('line' in block) return block.line;
  if ('strong' in block) return block.strong;
  if ('small' in block) return block.small;
  if ('url' in block) return `${block.label}:\n${block.url}`;
  if ('items' in block) return `${block.title}\n${block.items.map((item) => `- ${item}`).join('\n')}`;
  return block.facts
    .map(({ label, text }) => (text.includes('\n') ? `${label}:\n${text}` : `${label}: ${text}`))
    .join('\n');
}

function htmlOf(block: Block): string {
  if ('line' in block) return `<p>${html(block.line)}</p>`;
  if ('strong' in block) return `<p><strong>${html(block.strong)}</strong></p>`;
  if ('small' in block) return `<p style="color:#666;font-size:13px">${html(block.small)}</p>`;
  if ('url' in block)
    return `<p>${html(block.label)}:<br><a href="${html(block.url)}">${html(block.url)}</a></p>`;
  if ('items' in block)
    return `<p>${html(block.title)}</p>\n<ul>${block.items.map((item) => `<li>${html(item)}</li>`).join('')}</ul>`;
  const rows = block.facts.map(
    ({ label, text }) =>
      `<tr><td style="vertical-align:top;padding:2px 12px 2px 0;color:#666">${html(label)}</td><td style="white-space:pre-wrap">${html(text)}</td></tr>`,
  );
  return `<table style="border-collapse:collapse">\n${rows.join('\n')}\n</table>`;
}

function page(body: string): string {
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"></head>\n<body style="font-family:sans-serif;font-size:15px;line-height:1.4;max-width:40em">\n${body}\n</body></html>\n`;
}
