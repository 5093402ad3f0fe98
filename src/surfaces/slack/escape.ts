// What people typed, made harmless for Slack: it reads as typed, and can neither format, link, mention nor hide.

/** Keeps Slack from seeing one word where it stands; nobody else sees it. */
const gap = '\u200b';

/**
 * As typed, for rich text and plain text, in which Slack reads no markup at all. Words that would call a whole channel are
 * broken all the same: nobody should find one whole anywhere.
 */
export function asTyped(text: string): string {
  return breakCalls(strip(text));
}

/** The same on one line. */
export function oneLine(text: string): string {
  return asTyped(text).replace(/\s+/g, ' ').trim();
}

/** Its lines, without a crowd of empty ones. */
export function typedLines(text: string): string {
  return asTyped(text)
    .replace(/\r\n|\r|\u2028|\u2029/g, '\n')
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/**
 * For `mrkdwn`, on one line. Slack has no way to say that a mark is only a mark, so each that could format is shown by one
 * that looks like it.
 */
export function escapeText(text: string): string {
  return oneLine(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[*~`]/g, (mark) => looksLike[mark] ?? mark)
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, 'ˍ')
    .replace(/^&gt;/, `${gap}&gt;`)
    .replace(/:(?=[\p{L}\p{N}_+-])/gu, `:${gap}`)
    .replace(/:\/\//g, `:${gap}//`)
    .replace(/www\./gi, (word) => `${word.slice(0, 3)}${gap}.`)
    .replace(/(?<=[\p{L}\p{N}])@(?=[\p{L}\p{N}])/gu, `@${gap}`);
}

const looksLike: { readonly [mark: string]: string } = { '*': '∗', '~': '∼', '`': 'ˋ' };

/** Text as code in `mrkdwn`. A backtick would end it. */
export function code(text: string): string {
  const plain = oneLine(text).replaceAll('`', 'ˋ');
  return plain === ''
    ? '—'
    : `\`${plain.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')}\``;
}

/** At most so many code units, as Slack counts them; never half of what a reader sees as one character. */
export function clip(text: string, most: number): string {
  return text.length <= most ? text : `${wholeStart(text, most - 1).trimEnd()}…`;
}

/** The same with both ends kept: of two that begin alike, each can still be told. */
export function clipMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = wholeEnd(text, Math.floor((most - 1) / 3));
  return `${wholeStart(text, most - 1 - end.length).trimEnd()}…${end.trimStart()}`;
}

/** The same, and how much was left out. */
export function clipTelling(text: string, most: number): string {
  if (text.length <= most) return text;
  const shown = wholeStart(text, most).trimEnd();
  return `${shown}… (${text.length - shown.length} more characters are in the ledger)`;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

function wholeStart(text: string, most: number): string {
  let end = 0;
  // One character may be any number of code units long: what is looked at is bounded by more than is kept.
  for (const { index, segment } of graphemes.segment(text.slice(0, most + 64))) {
    if (index + segment.length > most) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}

function wholeEnd(text: string, most: number): string {
  const from = Math.max(0, text.length - most - 64);
  const parts = [...graphemes.segment(text.slice(from))];
  const first = parts.find(({ index }) => from + index >= text.length - most);
  return first === undefined ? '' : text.slice(from + first.index);
}

/** Without what cannot be seen or turns text around, half characters included; joiners of scripts and emoji stay. */
function strip(text: string): string {
  return text
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/[^\P{Cc}\n\r\t]/gu, ' ')
    .replace(/[^\P{Cf}\u200c\u200d]/gu, '');
}

/** `@channel`, `<!channel>` and `<@U…>`: no longer one word. */
function breakCalls(text: string): string {
  return text.replace(/@(?=here|channel|everyone|group)/gi, `@${gap}`).replace(/<(?=[!@#])/g, `<${gap}`);
}
