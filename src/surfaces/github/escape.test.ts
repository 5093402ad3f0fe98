import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { code, escapeLines, escapeText, escapeTitle, markerPart, plainLink } from './escape.ts';

const gap = /\u200b/g;
const invisible = /[^\P{Cf}\u200c\u200d]/gu;

describe('text that people typed', () => {
  it.each([
    ['everyone', '@everyone and @acme/data'],
    ['a reference', 'see #12, acme/app#12 and GH-12'],
    ['HTML', '<b>bold</b> <script>alert(1)</script>'],
    ['a comment that hides the rest', '<!-- countersign:card:X'],
    ['a link', '[click](https://evil.example) <https://evil.example>'],
    ['a bare address', 'https://evil.example www.evil.example a@evil.example'],
    ['an image', '![x](https://evil.example/x.png)'],
    ['a fence', '``` /approve'],
    ['a heading', '# Approved'],
    ['a task list', '- [x] approved'],
    ['a numbered list', '1. approved'],
    ['a table', '| a | b |'],
    ['a quote', '> /approve'],
    ['a formula', '$\\color{white}{x}$'],
    ['an entity', '&lt;b&gt; &#64;everyone'],
    ['a line under a heading', '==='],
    ['emphasis', '**Approved** ~~Denied~~ _x_'],
    ['a footnote', '[^1]'],
    ['an escape', '\\*x\\*'],
  ])('reads as typed and does nothing else: %s', (_, typed) => {
    const html = render(escapeText(typed));
    expect(tags(html)).toEqual(['p']);
    expect(visible(html)).toBe(typed);
    expect(html).not.toMatch(/@[a-z0-9]|#\d|\bGH-\d/i);
  });

  it('takes its own cell of a table and no more', () => {
    const html = render(`| a | b |\n| --- | --- |\n| x | ${escapeLines('1 | 2\n| 3 |\n\n\n\n<td>4 \\|')} |`);
    expect(html.match(/<td>/g)).toHaveLength(2);
    expect(visible(html)).toContain('1 | 2| 3 |<td>4 \\|');
  });

  it('cannot turn the line around, nor hide in it', () => {
    expect(escapeText('ab\u202ecd\u2066\u200b\ufeff\u00ad\u0007\u{e0041}ef')).toBe('abcd ef');
    expect(escapeText('half \ud83d of it')).toBe('half \ufffd of it');
  });

  it('keeps the joiners of scripts and emoji', () => {
    expect(escapeText('👩\u200d💻 می\u200cخواهم')).toBe('👩\u200d💻 می\u200cخواهم');
  });

  it('keeps what everyday sentences are made of', () => {
    expect(escapeText("Backfill of order 4711 (it's late) - 30% done, ok?")).toBe(
      "Backfill of order 4711 (it's late) - 30% done, ok?",
    );
  });
});

/** Markdown's own characters more often than letters. */
const typed = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'`*_{}[]()<>#+-.!|~$&:=@/\\\n\r\t "\'0123aw'),
    fc.constantFrom('<!--', '-->', 'https://', 'www.', '@everyone', '```', '\u202e', '<b>', 'GH-1', '\n\n'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 40,
});

describe('whatever is typed', () => {
  it('stays text in a line', () => {
    fc.assert(
      fc.property(typed, (text) => {
        const html = render(`**Why** ${escapeText(text)}`);
        expect(tags(html)).toEqual(['p', 'strong']);
        expect(visible(html)).toBe(`Why ${seen(text)}`.trim());
        expect(html).not.toMatch(/@[\p{L}\p{N}]|#\d|:\/\/|\bwww\./iu);
      }),
      { numRuns: 500 },
    );
  });

  it('stays text at the start of a line', () => {
    fc.assert(
      fc.property(typed, (text) => {
        const html = render(escapeText(text));
        expect(tags(html).filter((tag) => tag !== 'p')).toEqual([]);
        expect(visible(html)).toBe(seen(text));
      }),
      { numRuns: 300 },
    );
  });

  it('stays in its cell', () => {
    fc.assert(
      fc.property(typed, (text) => {
        const html = render(`| a | b |\n| --- | --- |\n| ${escapeLines(text)} | last |`);
        const [, ...cells] = html.split('<td>');
        expect(cells).toHaveLength(2);
        expect(tags(html).filter((tag) => !/^t|^br/.test(tag))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('stays code where it is shown as code', () => {
    fc.assert(
      fc.property(typed, (text) => {
        const html = render(`Exactly ${code(text)} it is`);
        expect(tags(html).filter((tag) => tag !== 'p' && tag !== 'code')).toEqual([]);
        expect(visible(html)).toContain('it is');
      }),
      { numRuns: 300 },
    );
  });

  it('mentions nobody from a title', () => {
    fc.assert(
      fc.property(typed, (text) => {
        expect(escapeTitle(text)).not.toMatch(/@[\p{L}\p{N}]|[`\n\r]/u);
      }),
    );
  });
});

describe('addresses', () => {
  it('are linked only if they are nothing else and show what they are', () => {
    expect(plainLink('https://github.com/acme/app/pull/4711')).toBe(
      '<https://github.com/acme/app/pull/4711>',
    );
    for (const text of [
      'http://acme.example',
      'https://acme.example/a b',
      'https://user:pw@acme.example/',
      'https://аcme.example',
      'https://acme.example/>x',
      'javascript:alert(1)',
      'https://acme.example/@everyone',
    ])
      expect(plainLink(text)).toBeUndefined();
  });
});

it('leaves only what ids are made of in a marker', () => {
  expect(markerPart('IC_kw==-->x\n<b>')).toBe('IC_kw==___x__b_');
});

function render(markdown: string): string {
  return micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
}

function tags(html: string): string[] {
  return [...html.matchAll(/<([a-z0-9]+|!--)/g)].map(([, name]) => name ?? '');
}

function visible(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replace(gap, '')
    .trim();
}

/** What a reader sees of it on one line. */
function seen(text: string): string {
  return text
    .replace(/[^\P{Cc}\n\r\t]/gu, ' ')
    .replace(invisible, '')
    .replace(/\s+/g, ' ')
    .trim();
}
