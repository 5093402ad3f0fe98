// How values are written in sentences about a change: whole where they are short, around the difference where not, nothing invisible.
import { groupWords, list } from '../../domain/words.ts';
import type { Group } from '../../domain/names.ts';
import type { FieldValue, SettingValue } from '../../domain/flow.ts';

/** What cannot be seen, or turns the text around it, is written by its number. */
export function visible(text: string): string {
  return text.replace(/[\p{C}\p{Default_Ignorable_Code_Point}\u2800]|[^\S ]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

const longest = 200;

/** In quotation marks; a long one says how long it is. */
export function quote(text: string): string {
  const seen = [...text];
  return seen.length <= longest
    ? `“${visible(text)}”`
    : `“${visible(seen.slice(0, longest).join(''))}…” (${seen.length} characters)`;
}

/** Both texts as far as they differ, so that no length hides the difference. */
export function contrast(before: string, after: string): { readonly was: string; readonly is: string } {
  const [a, b] = [[...before], [...after]];
  if (a.length <= longest && b.length <= longest) return { was: quote(before), is: quote(after) };
  const around = 20;
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const from = Math.max(0, start - around);
  const rest = Math.max(0, end - around);
  const cut = (text: readonly string[]): string => {
    const middle = text.slice(from, text.length - rest);
    return `${from > 0 ? '…' : ''}${middle.join('')}${rest > 0 ? '…' : ''}`;
  };
  return { was: quote(cut(a)), is: quote(cut(b)) };
}

export function groups(some: readonly Group[], word: 'and' | 'or' = 'and'): string {
  return list(
    some.map((group) => visible(groupWords(group))),
    word,
  );
}

/** To begin a sentence with: what people are called is left as it is. */
export function theGroups(some: readonly Group[]): string {
  return some[0]?.startsWith('person:') ? groups(some) : capital(groups(some));
}

export function names(some: readonly string[]): string {
  return list(some.map(visible), 'and');
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** As one would write it in YAML, on a line. */
export function printSetting(value: SettingValue | FieldValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
