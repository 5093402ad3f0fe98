import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asTyped, clip, clipMiddle, clipTelling, code, escapeText, oneLine, typedLines } from './escape.ts';

const gap = /\u200b/g;

/** Slack's own marks more often than letters. */
const typed = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'*_~`<>&|:@#!-.()/\\\n\r\t "0123aU'),
    fc.constantFrom('<!channel>', '<@U07BOB000>', '@here', ':tada:', '```', 'https://', '\u202e', '&lt;'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 60,
});

describe('text that people typed', () => {
  it.each([
    ['a call to the channel', '<!channel> <!here|here> @everyone'],
    ['a mention', '<@U07BOB000> and <#C07ACC000>'],
    ['a link', '<https://evil.example|your bank> https://evil.example www.evil.example'],
    ['a quote', '> Approved'],
    ['an emoji', ':white_check_mark: Approved'],
    ['an entity', '&lt;!channel&gt;'],
  ])('reads as typed and does nothing else: %s', (_, text) => {
    const escaped = escapeText(text);
    expect(seen(escaped)).toBe(text);
    expect(escaped).not.toMatch(/[<>]|:[a-z_]+:|:\/\/|^&gt;|@everyone/);
  });

  it('shows what looks like a mark where Slack would take the mark for one', () => {
    expect(escapeText('*Approved* _by_ ~nobody~ `bob`')).toBe('∗Approved∗ ˍbyˍ ∼nobody∼ ˋbobˋ');
    expect(escapeText('account_id = 3')).toBe('account_id = 3');
  });

  it('can never format, mention, link or call', () => {
    fc.assert(
      fc.property(typed, (text) => {
        const escaped = escapeText(text);
        expect(escaped).not.toMatch(/[<>*~`\n\r]|&(?!amp;|lt;|gt;)/);
        expect(escaped).not.toMatch(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/u);
        expect(escaped).not.toMatch(/:[a-z0-9_+-]+:|^&gt;|:\/\/|@(here|channel|everyone)\b/i);
      }),
      { numRuns: 500 },
    );
  });

  it('is the same text where nothing is markup, but for whole calls', () => {
    fc.assert(
      fc.property(typed, (text) => {
        expect(asTyped(text)).not.toMatch(/<[!@#]|@(here|channel|everyone)\b/i);
        expect(asTyped(text).replace(gap, '')).toBe(visible(text));
      }),
      { numRuns: 300 },
    );
  });

  it('cannot turn the line around, nor hide in it', () => {
    expect(oneLine('ab\u202ecd\u2066\u200b\ufeff\u00ad\u0007\u{e0041}ef')).toBe('abcd ef');
    expect(oneLine('half \ud83d of it')).toBe('half \ufffd of it');
    expect(oneLine('👩\u200d💻 می\u200cخواهم')).toBe('👩\u200d💻 می\u200cخواهم');
  });

  it('keeps its lines, and no crowd of empty ones', () => {
    expect(typedLines('\none  \r\ntwo\n\n\n\n\nthree\n')).toBe('one\ntwo\n\nthree');
  });

  it('stays code where it is shown as code', () => {
    fc.assert(
      fc.property(typed, (text) => {
        expect(code(text)).toMatch(/^(?:—|`[^`<>\n]+`)$/);
      }),
    );
  });
});

describe('a text that is too long', () => {
  it('is cut between characters, whichever they are, and says so', () => {
    const family = '👨‍👩‍👧‍👦';
    expect(clip(family.repeat(3), 24)).toBe(`${family}${family}…`);
    expect(clipTelling('x'.repeat(12), 10)).toBe('xxxxxxxxxx… (2 more characters are in the ledger)');
    expect(clipMiddle(`${'a'.repeat(80)}-eu`, 20)).toBe(`${'a'.repeat(13)}…aaa-eu`);
  });

  it('fits, and never ends in half a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.integer({ min: 4, max: 40 }),
        (text, n) => {
          for (const cut of [clip(text, n), clipMiddle(text, n)]) {
            expect(cut.length).toBeLessThanOrEqual(n);
            expect(cut).not.toMatch(/\p{Cs}/u);
          }
        },
      ),
    );
  });
});

function seen(escaped: string): string {
  return escaped.replace(gap, '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function visible(text: string): string {
  return text
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/[^\P{Cc}\n\r\t]/gu, ' ')
    .replace(/[^\P{Cf}\u200c\u200d]/gu, '');
}
