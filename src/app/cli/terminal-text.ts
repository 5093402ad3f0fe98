// Words for a terminal: strangers wrote some of them, so that nothing in them moves a cursor or changes a colour.

/** What nobody sees, or what a terminal obeys, is seen as a dot. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '·');
}
