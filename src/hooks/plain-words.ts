// Words of a desk's code, as they may stand in a log, on a card or in an entry: one line, of bounded length.

export function plainWords(text: string, length: number): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  const cut = line.length > length ? `${line.slice(0, length - 1)}…` : line;
  // Half a pair is no character, whether it came so or was cut so.
  return cut.replace(/\p{Cs}/gu, '\uFFFD');
}
