// Settings before and after a change, value by value: what exactly is granted, and where requests go.
import type { Settings, SettingValue } from '../../domain/flow.ts';
import { printSetting, quote, visible } from './change-words.ts';
import { contrast } from './contrast.ts';

/** A sentence's end for each value that differs: `account_id is “2” instead of “1”`. */
export function settingChanges(before: Settings, after: Settings): readonly string[] {
  const [was, is] = [leavesOf(before), leavesOf(after)];
  const paths = [...new Set([...was.keys(), ...is.keys()])].sort();
  return paths.flatMap((path) => {
    const [old, now] = [was.get(path), is.get(path)];
    if (old === now) return [];
    const name = visible(path);
    if (now === undefined) return [`${name} is gone, which was ${quote(old ?? '')}`];
    if (old === undefined) return [`${name} is newly ${quote(now)}`];
    const said = contrast(old, now);
    return [`${name} is ${said.is} instead of ${said.was}`];
  });
}

/** All of it, on a line. */
export function settingWords(settings: Settings): string {
  const parts = [...leavesOf(settings)].map(([path, value]) => `${visible(path)} ${quote(value)}`);
  return parts.length === 0 ? 'no settings' : parts.join(', ');
}

/** By their place, `grant.path`; a list is one value. `"1"` and `1` are not the same. */
function leavesOf(settings: Settings, under = ''): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(settings).flatMap(
      ([name, value]: [string, SettingValue]): (readonly [string, string])[] =>
        isMap(value)
          ? Object.keys(value).length === 0
            ? [[`${under}${name}`, '{}']]
            : [...leavesOf(value, `${under}${name}.`)]
          : [[`${under}${name}`, printed(value)]],
    ),
  );
}

/** A text that reads like a number or a list is told apart from one. */
function printed(value: SettingValue): string {
  if (typeof value !== 'string') return printSetting(value);
  return /^(?:-?\d+(?:\.\d+)?|true|false|[[{"].*)$/s.test(value) ? JSON.stringify(value) : value;
}

function isMap(value: SettingValue): value is Settings {
  return typeof value === 'object' && !Array.isArray(value);
}
