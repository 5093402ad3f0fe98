// Words for a terminal: strangers wrote some of them, so that nothing in them moves a cursor or changes a colour.

/** What nobody sees, or what a terminal obeys, is seen as a dot. GitHub Actions obeys `##[` wherever it stands in a line. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '·').replaceAll('##[', '##·[');
}

/** For machines: the same object, and nothing in it that GitHub Actions obeys. */
export function printJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll('##[', '#\\u0023[');
}
