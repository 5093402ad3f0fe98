// What each target grants, written the same however it is spelled: letter case, paths, names of integrations and of targets hide nothing.
import type { Flow, Settings, SettingValue } from '../../domain/flow.ts';
import type { Desk, Integration } from '../desk.ts';
import { isMap } from './compare-settings-values.ts';

/** Plain values: it goes to another thread. */
export interface Grant {
  /** The strategy, and where it leads. */
  readonly way: string;
  /** By path, in the order of paths. */
  readonly settings: readonly (readonly [path: string, value: string])[];
}

export interface TargetGrant {
  readonly target: string;
  readonly grant: Grant;
}

/** The same grant, the same text. */
export function keyOf({ way, settings }: Grant): string {
  return JSON.stringify([way, settings]);
}

export function grantsOf({ access }: Flow, desk: Desk | undefined): readonly TargetGrant[] {
  if (access === undefined) return [];
  const { type, integration, code } = access.strategy;
  const through = integration === undefined ? undefined : desk?.settings?.integrations.get(integration);
  const { leads, under } = through ? addressOf(through) : { leads: [integration ?? ''], under: '' };
  return access.targets.map(({ name, settings }) => {
    // How it is taken away again makes it no other access.
    const given = isMap(settings.grant) ? settings.grant : settings;
    const leaves = [...leavesOf(given, under)].sort(([a], [b]) => (a < b ? -1 : 1));
    const isBelow = leaves.some(([, value]) => value.startsWith('/'));
    return {
      target: name,
      grant: {
        way: JSON.stringify([type, ...(code ? [code.file] : []), ...leads, isBelow ? '' : under]),
        settings: leaves,
      },
    };
  });
}

interface Address {
  readonly leads: readonly string[];
  /** The path under which paths of targets lie. */
  readonly under: string;
}

/** Its URLs where it has some, or else all that it says: with which secret it is reached does not make it another. */
function addressOf({ settings }: Integration): Address {
  const leaves = [...leavesOf(settings, '')].filter(
    ([path, value]) => path !== JSON.stringify('type') && !value.includes('secrets.'),
  );
  const urls = leaves.map(([, value]) => value).filter((value) => /^\/\/[^/]/.test(value));
  const [only] = urls;
  if (only !== undefined && urls.length === 1) {
    const [host = '', ...path] = only.slice(2).split('/');
    return { leads: [host], under: path.length === 0 ? '' : `/${path.join('/')}` };
  }
  return { leads: urls.length > 0 ? urls.sort() : leaves.map((leaf) => leaf.join('=')).sort(), under: '' };
}

function* leavesOf(settings: Settings, under: string, at = ''): Generator<readonly [string, string]> {
  for (const [name, value] of Object.entries(settings)) {
    const path = at + JSON.stringify(name);
    if (isMap(value)) yield* leavesOf(value, under, path);
    else yield [path, spelled(value, under)];
  }
}

/** A URL becomes `//host/path`. */
function spelled(value: SettingValue, under: string): string {
  if (Array.isArray(value))
    return JSON.stringify(value.map((item: unknown) => spelled(String(item), under)).sort());
  const text = String(value).normalize('NFKC').trim().toLowerCase();
  const [, host = '', path = ''] = /^https?:\/\/([^/?#]*)(.*)$/s.exec(text) ?? [];
  if (host !== '') return `//${host.replace(/:(?:80|443)$/, '')}${resolved(path)}`;
  return text.startsWith('/') ? resolved(`${under}${text}`) : text;
}

/** Without `.`, `..`, empty parts and the slash at the end. */
function resolved(path: string): string {
  const [plain = '', ...query] = path.split('?');
  const parts: string[] = [];
  for (const part of decoded(plain).split(/[/\\]/)) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return [parts.length === 0 ? '' : `/${parts.join('/')}`, ...query].join('?');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
