// What people typed, made harmless for GitHub's Markdown: it reads as typed, and can neither format, link, mention nor hide.

/** Keeps GitHub from seeing one word where it stands; nobody else sees it. */
const gap = '\u200b';

/**
 * Text for inside a line of ours: one line, no markup, no mention, no link. Entities and backslashes do not stop
 * mentions and references, which GitHub looks for in the finished page: those are broken by an invisible gap.
 */
export function escapeText(text: string): string {
  const plain = strip(text).replace(/\s+/g, ' ').trim();
  return escapeMarks(breakWords(plain));
}

/** The same, keeping its lines. */
export function escapeLines(text: string): string {
  const lines = strip(text)
    .split(/\r\n|\r|\n|\u2028|\u2029/)
    .map((line) => escapeText(line));
  return lines
    .join('<br>')
    .replace(/(<br>){3,}/g, '<br><br>')
    .replace(/^(<br>)+|(<br>)+$/g, '');
}

/** Text as code, for inside a line, but not in a table: exactly as typed, but for line breaks and what cannot be seen. */
export function code(text: string): string {
  const plain = strip(text).replace(/\s+/g, ' ').trim();
  if (plain === '') return '—';
  const longest = Math.max(0, ...(plain.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = plain.startsWith('`') || plain.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${plain}${pad}${fence}`;
}

/** For an issue's title, which is plain text but for code and mentions. */
export function escapeTitle(text: string): string {
  return breakWords(strip(text).replace(/\s+/g, ' ').replaceAll('`', "'").trim());
}

/** An address that shows what it is, on this machine also without https; undefined where the text is anything else. */
export function plainLink(text: string): string | undefined {
  return /^(?:https:\/\/[A-Za-z0-9.-]+|http:\/\/127\.0\.0\.1)(?::\d+)?(?:\/[A-Za-z0-9./_~%=&?#+-]*)?$/.test(
    text,
  ) && text.length <= 500
    ? `<${text}>`
    : undefined;
}

/** How much of a long text is not shown. */
export function leftOut(text: string, cap: number): string {
  return text.length <= cap ? '' : `… *(${text.length - cap} more characters are in the ledger)*`;
}

/** For inside `<!-- -->`: only what an id is made of. */
export function markerPart(text: string): string {
  return text.replace(/[^A-Za-z0-9_=:.]/g, '_');
}

/** Without what cannot be seen or turns text around, half characters included; joiners of scripts and emoji stay. */
function strip(text: string): string {
  return text
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/[^\P{Cc}\n\r\t]/gu, ' ')
    .replace(/[^\P{Cf}\u200c\u200d]/gu, '');
}

/** `@name`, `#12`, `GH-12`, addresses and `www.`: no longer one word. */
function breakWords(text: string): string {
  return text
    .replace(/@/g, `@${gap}`)
    .replace(/#(?=\d)/g, `#${gap}`)
    .replace(/(gh)-(?=\d)/gi, `$1-${gap}`)
    .replace(/:\/\//g, `:${gap}//`)
    .replace(/(mailto|xmpp):/gi, `$1${gap}:`)
    .replace(/www\./gi, (word) => `${word.slice(0, 3)}${gap}.`);
}

function escapeMarks(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>|~$&!#]/g, '\\$&')
    .replace(/^([-+=:])/, '\\$1')
    .replace(/^(\d{1,9})([.)])/, '$1\\$2');
}

/** A sentence of ours that tells what can be said: `/approve` stands as code. Whatever else is in it is escaped. */
export function escapeSaying(text: string): string {
  return text
    .split(
      /(?<=^|[\s(])(\/(?:approve|deny|revoke|cancel|extend|request|status|why|link|unlink|help)(?: as admin)?(?: REASON)?)(?=[\s.,;:)]|$)/,
    )
    .map((part, index) => (index % 2 === 1 ? code(part) : spaced(part)))
    .join('');
}

/** Escaping trims; the spaces around a command stay. */
function spaced(part: string): string {
  const [before = '', after = ''] = [/^\s*/.exec(part)?.[0], /\s*$/.exec(part)?.[0]];
  return part.trim() === '' ? part : `${before}${escapeText(part)}${after}`;
}
