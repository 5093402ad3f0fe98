// How values are written in sentences about a change: whole where they are short, without their middle where not, nothing invisible.
import { groupWords, list } from '../../domain/words.ts';
import type { Group } from '../../domain/names.ts';
import type { FieldValue, SettingValue } from '../../domain/flow.ts';

/** What cannot be seen, or turns the text around it, is written by its number. */
export function visible(text: string): string {
  return text.replace(/[\p{C}\p{Default_Ignorable_Code_Point}\u2800]|[^\S ]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** One thing in a sentence: more pushes what comes after it out of sight. */
export const longestItem = 120;

/** Conditions and patterns decide: somebody has to read them. */
export const longestCondition = 240;

/** Without its middle where it is long, and then with how much that is. */
export function short(text: string, most: number = longestItem): string {
  const seen = Array.from(text, visible);
  if (widthOf(seen) <= most) return seen.join('');
  const host = /^https?:\/\/[^/\s]{1,300}/i.exec(text)?.[0] ?? '';
  const head = fitting(seen, Math.max(Math.ceil(most * 0.6), host.length));
  const tail = fitting(seen.slice(head.length).reverse(), Math.floor(most * 0.3)).reverse();
  const rest = seen.length - head.length - tail.length;
  return rest < 1 ? seen.join('') : `${head.join('')}… (${rest} more) …${tail.join('')}`;
}

function widthOf(seen: readonly string[]): number {
  return seen.reduce((width, each) => width + each.length, 0);
}

function fitting(seen: readonly string[], most: number): string[] {
  let width = 0;
  const end = seen.findIndex((each) => (width += each.length) > most);
  return seen.slice(0, end === -1 ? undefined : end);
}

/** In quotation marks. */
export function quote(text: string, most?: number): string {
  return `“${short(text, most)}”`;
}

const mostListed = 6;

/** “a, b and 7 more”: never cut within one of them. */
function listed(items: readonly string[], word: 'and' | 'or'): string {
  const rest = items.length - mostListed;
  return list(rest < 2 ? items : [...items.slice(0, mostListed), `${rest} more`], word);
}

export function names(some: readonly string[]): string {
  return listed(
    some.map((name) => short(name)),
    'and',
  );
}

/** Everybody first, whatever else is in the list. */
export function groups(some: readonly Group[], word: 'and' | 'or' = 'and'): string {
  return listed(
    everybodyFirst(some).map((group) => short(groupWords(group))),
    word,
  );
}

/** Those that `groups` only counts. */
export function unlisted(some: readonly Group[]): readonly Group[] {
  return some.length - mostListed < 2 ? [] : everybodyFirst(some).slice(mostListed);
}

/** To begin a sentence with: what people are called is left as it is. */
export function theGroups(some: readonly Group[]): string {
  const [first] = everybodyFirst(some);
  return first?.startsWith('person:') ? groups(some) : capital(groups(some));
}

export function isEverybody(group: Group): boolean {
  return group === 'role:member';
}

/** People whom no reviewer would let in by the way: everybody, and whoever is from outside. */
export function isWide(group: Group): boolean {
  return isEverybody(group) || group.startsWith('guest:');
}

/** Those of some groups that are not there any more: nobody is left out where everybody is there. */
export function leftOut(removed: readonly Group[], after: readonly Group[]): readonly Group[] {
  return after.some(isEverybody) ? [] : removed;
}

function everybodyFirst(some: readonly Group[]): readonly Group[] {
  return some.toSorted((a, b) => Number(isEverybody(b)) - Number(isEverybody(a)));
}

/** A sentence for so many of them that none goes unnamed; everybody in one of its own. */
export function groupPacks(some: readonly Group[]): readonly (readonly Group[])[] {
  const packs: Group[][] = [];
  for (const group of everybodyFirst(some)) {
    const last = packs.at(-1);
    if (last === undefined || last.length >= mostListed || last.some(isEverybody)) packs.push([group]);
    else if (widthOf([...last, group]) > widest) packs.push([group]);
    else last.push(group);
  }
  return packs;
}

const widest = 300;

/** Joined with commas, in as many texts as it takes for each to be read at once. At least one. */
export function packed(items: readonly string[]): readonly [string, ...string[]] {
  let first = items[0] ?? '';
  const more: string[] = [];
  for (const item of items.slice(1)) {
    const last = more.at(-1) ?? first;
    if (last.length + item.length > widest) more.push(item);
    else if (more.length > 0) more[more.length - 1] = `${last}, ${item}`;
    else first = `${first}, ${item}`;
  }
  return [first, ...more];
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** As one would write it in YAML, on a line. */
export function printSetting(value: SettingValue | FieldValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
