// Columns that stand below each other in a terminal, whatever letters names are made of.

/** The last column is as wide as it likes. Cells of one line each. */
export function inColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.slice(0, -1).forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, widthOf(cell))));
  return rows.map((row) =>
    row
      .map((cell, at) => cell + ' '.repeat(Math.max(0, (widths[at] ?? 0) - widthOf(cell))))
      .join('  ')
      .trimEnd(),
  );
}

/** Letters of East Asia take two places, marks that sit upon a letter none. */
function widthOf(text: string): number {
  let width = 0;
  for (const sign of text.normalize('NFC')) {
    if (/^\p{M}$/u.test(sign)) continue;
    width += wide.test(sign) ? 2 : 1;
  }
  return width;
}

const wide =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uFF01-\uFF60]$/u;
