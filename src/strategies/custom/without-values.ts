// Takes out of what code says whatever it was told: its words are shown to people and kept, and settings and seals are not.
import type { SettingValue } from '../../domain/flow.ts';

/** Shorter ones say nothing, and stand in every other word. */
const shortest = 4;

export function withoutValues(words: string, told: SettingValue): string {
  const texts = [...new Set(textsIn(told))].filter((text) => text.length >= shortest);
  // The longest first: one may be part of another.
  return texts
    .sort((a, b) => b.length - a.length)
    .reduce(
      (left, text) => spellings(text).reduce((rest, each) => rest.replaceAll(each, () => '…'), left),
      words,
    );
}

function spellings(text: string): readonly string[] {
  return [...new Set([text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1)])];
}

function textsIn(value: SettingValue): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object') return [];
  return Object.values(value).flatMap((inner: SettingValue) => textsIn(inner));
}
