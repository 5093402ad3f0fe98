// Holds each `{{NAME}}` in the settings of a target against what its strategy fills in: a typo would show when access is to end.
import type { Settings, SettingValue } from '../../domain/flow.ts';
import type { Placeholders } from '../desk.ts';
import type { Report } from '../diagnostic.ts';
import { nearest } from '../nearest.ts';
import { pointerTo } from '../yaml/positions.ts';

/** What is filled in when somebody asks, `${{ … }}`, is none of them. */
const placeholder = /(?<!\$)\{\{\s*([A-Za-z][A-Za-z0-9_.-]*)\s*\}\}/g;

export function checkPlaceholders(
  settings: Settings,
  placeholders: Placeholders | undefined,
  { at, report }: { readonly at: string; readonly report: Report },
): void {
  for (const [setting, { names, listed = {} }] of Object.entries(placeholders ?? {})) {
    const parts = Object.entries(listed).flatMap(([prefix, path]) =>
      textsAt(settings, path).map((part) => `${prefix}.${part}`),
    );
    const known = [...names, ...parts];
    for (const text of textsIn(settings[setting], at + pointerTo(setting)))
      for (const { index, 1: name = '' } of text.text.matchAll(placeholder)) {
        if (known.includes(name)) continue;
        const close = nearest(name, known);
        const shown = known.map((each) => `{{${each}}}`).join(', ');
        const place = { at: text.at, offset: index, suggestion: close && `{{${close}}}` };
        report.add(place, 'unknown-placeholder', name, shown);
      }
  }
}

interface Text {
  readonly at: string;
  readonly text: string;
}

function textsIn(value: SettingValue | undefined, at: string): readonly Text[] {
  if (typeof value === 'string') return [{ at, text: value }];
  if (typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, inner]: [string, SettingValue]) =>
    textsIn(inner, at + pointerTo(name)),
  );
}

/** The list at a path; none where there is none. */
function textsAt(value: SettingValue | undefined, path: readonly string[]): readonly string[] {
  const [first, ...rest] = path;
  if (first === undefined) return isList(value) ? value : [];
  return typeof value === 'object' && !isList(value) ? textsAt(value[first], rest) : [];
}

function isList(value: SettingValue | undefined): value is readonly string[] {
  return Array.isArray(value);
}
