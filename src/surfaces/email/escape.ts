// What people typed, made harmless in a mail and on its page: it reads as typed, and is neither markup nor a link.
import { clip } from '../../domain/safe-word.ts';
import type { Instant } from '../../domain/names.ts';
import type { Phrase } from '../../domain/next-sentences.ts';

/** Keeps a mail program from making a link of it; nobody sees it. */
const gap = '\u200b';

/** On one line, at most so long. */
export function typed(text: string, most: number): string {
  return unlinked(clip(visible(text).replace(/\s+/g, ' ').trim(), most));
}

/** Its lines, without a crowd of empty ones. */
export function typedLines(text: string, most: number): string {
  const lines = visible(text)
    .replace(/\r\n?|\u2028|\u2029/g, '\n')
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n');
  return unlinked(clip(lines.trim(), most));
}

/** For HTML, between tags and in attributes. */
export function html(text: string): string {
  return text.replace(/[&<>"'`]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

/** Without what cannot be seen or turns text around, half characters included; joiners of scripts and emoji stay. */
function visible(text: string): string {
  return text
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/[^\P{Cc}\n\r\t]/gu, ' ')
    .replace(/[^\P{Cf}\u200c\u200d]/gu, '');
}

/** Mail programs make links of what looks like one: whoever asks must not lay one beside ours. */
function unlinked(text: string): string {
  return text
    .replace(/:(?=\/\/)/g, `:${gap}`)
    .replace(/\b(mailto|tel|sms|javascript|data):/gi, `$1:${gap}`)
    .replace(/(?<=[\p{L}\p{N}])([.@])(?=[\p{L}\p{N}])/gu, `$1${gap}`);
}

const longestLink = 500;

/** What people said in it is cut where it is long. */
export function phraseText(phrase: Phrase): string {
  return phrase
    .map((part) => {
      if (typeof part === 'string') return spaced(part);
      return 'time' in part ? printTime(part.time) : typed(part.link, longestLink);
    })
    .join('');
}

/** Cutting trims; the spaces around a part stay. */
function spaced(text: string): string {
  return `${/^\s/.test(text) ? ' ' : ''}${typed(text, 600)}${/\S\s$/.test(text) ? ' ' : ''}`;
}

/** `20 Nov 2026, 12:33 UTC`. */
export function printTime(at: Instant): string {
  const [date = '', time = ''] = at.split('T');
  const [year, month, day] = date.split('-').map(Number);
  return `${day} ${months[(month ?? 1) - 1]} ${year}, ${time.slice(0, 5)} UTC`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
