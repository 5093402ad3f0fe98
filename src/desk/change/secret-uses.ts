// Which secret goes where: found in integrations as compiled, so that variables hide nothing.
import type { Settings, SettingValue } from '../../domain/flow.ts';
import type { DeskSettings, Integration } from '../desk.ts';
import { placeholdersIn } from '../compile/setting-values.ts';
import { settingsFile, type Change, type Place } from './change.ts';
import { names, visible } from './change-words.ts';
import { contentOf } from './compare-parts.ts';

export interface SecretUse {
  readonly secret: string;
  /** The address, or, where there is none, what the service is. */
  readonly to: string;
}

/** Every secret of an integration goes wherever it leads. */
export function secretUses({ type, settings }: Integration): readonly SecretUse[] {
  const secrets = new Set(
    placeholdersIn(settings, '').flatMap(({ inner }) => /^secrets\.(\w+)$/.exec(inner ?? '')?.[1] ?? []),
  );
  if (secrets.size === 0) return [];
  const addresses = textsOf(settings).filter((text) => /^[a-z][a-z0-9+.-]*:\/\//i.test(text));
  const to = addresses.length > 0 ? names(addresses.sort()) : serviceOf(type, settings, secrets);
  return [...secrets].map((secret) => ({ secret, to }));
}

/** Without an address, all else that is set may say where it leads. */
function serviceOf(type: string, settings: Settings, secrets: ReadonlySet<string>): string {
  const others = Object.entries(settings).filter(
    ([name, value]) => name !== 'type' && ![...secrets].some((secret) => contentOf(value).includes(secret)),
  );
  const said = others.map(([name, value]) => `${name} ${contentOf(value)}`).sort();
  return visible([`the service ${type}`, ...said].join(', '));
}

function textsOf(value: SettingValue): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object') return [];
  return Object.values(value).flatMap((inner: SettingValue) => textsOf(inner));
}

/** Where secrets newly go; nothing of where they no longer do. */
export function compareSecrets(
  before: DeskSettings | undefined,
  after: DeskSettings,
  place: Place,
): readonly Change[] {
  const was = new Map<string, Set<string>>();
  for (const integration of before?.integrations.values() ?? [])
    for (const { secret, to } of secretUses(integration))
      was.set(secret, (was.get(secret) ?? new Set()).add(to));
  return [...after.integrations].flatMap(([name, integration]) =>
    secretUses(integration).flatMap(({ secret, to }) => {
      const known = was.get(secret);
      if (known?.has(to)) return [];
      const instead = known ? `; until now it went to ${names([...known].sort())} alone` : '';
      return [
        place.change(
          'secret',
          'other',
          `The secret ${secret} would newly be sent to ${to}, through ${name} of ${settingsFile}${instead}.`,
          'loud',
        ),
      ];
    }),
  );
}
