// Makes a word that people typed fit to stand anywhere, a commit message above all: it can forge no line, trailer, mention or reference.

const usual = 32;

/** Letters, digits and a few marks stay; whatever else there was is seen to have been there. Never empty, never long. */
export function safeWord(typed: string, longest = usual): string {
  const word = typed
    .normalize('NFC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/[^\p{L}\p{M}\p{N} ._'/+-]+/gu, '_');
  return word === '' ? '_' : clip(word, longest);
}

/** Whether there is anything in it that somebody could read. */
export function isLegible(text: string): boolean {
  // Mostly the first letter tells, and looking up what Unicode says of each takes long.
  // The blank of Braille is a letter to Unicode.
  return /[!-~]/.test(text) || /[^\s\p{C}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text);
}

const doubled =
  /(?:["“”„‟″‶〝〞〟＂ˮ״❝❞]|['‘’‚‛′‵＇ʼʻ`´\u200b-\u200d]{2,})["“”„‟″‶〝〞〟＂ˮ״❝❞'‘’‚‛′‵＇ʼʻ`´]*/gu;

/** For between the quotation marks of a sentence of ours: nothing in it closes them, so that what follows is ours as well. */
export function inQuotes(text: string): string {
  return text.replace(doubled, (_, at: number) => (/^$|[\s(]$/.test(text.slice(0, at)) ? '‘' : '’'));
}

/** At most so many characters, the last of them then an ellipsis. */
export function clip(text: string, length: number): string {
  // No text has more characters than code units.
  if (text.length <= length) return text;
  const characters = [...text];
  return characters.length <= length
    ? text
    : `${characters
        .slice(0, length - 1)
        .join('')
        .trimEnd()}…`;
}
