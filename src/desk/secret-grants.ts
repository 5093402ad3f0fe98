// What the operator says of each secret of a desk, without the secret: to which hosts it may go, in which environments.
import type { Settings, SettingValue } from '../domain/flow.ts';

export interface SecretGrant {
  readonly name: string;
  readonly hosts: readonly string[];
  /** Absent: every integration of the desk may use it. */
  readonly environments?: readonly string[];
}

/** An integration, as far as secrets go. */
export interface SecretPlace {
  /** Absent: it belongs to none, and flows of every environment use it. */
  readonly environment?: string;
  /** Where it leads, as far as its addresses say; empty: they do not. */
  readonly hosts: readonly string[];
}

export type WhyNotGranted = 'no-such-grant' | 'environment' | 'host';

/** Undefined where it may be used there. */
export function whyNotGranted(
  name: string,
  { environment, hosts }: SecretPlace,
  grants: readonly SecretGrant[],
): WhyNotGranted | undefined {
  const grant = grants.find((each) => each.name === name);
  if (grant === undefined) return 'no-such-grant';
  const isOpen = grant.environments === undefined || grant.environments.some((each) => each === environment);
  if (!isOpen) return 'environment';
  return hosts.length === 0 || hosts.some((host) => grant.hosts.includes(host)) ? undefined : 'host';
}

/** The place of an integration by its name, `ENVIRONMENT/NAME` or `NAME`, and its settings. */
export function secretPlaceOf(name: string, settings: Settings): SecretPlace {
  const slash = name.indexOf('/');
  const hosts = new Set(
    textsIn(settings).flatMap((text) =>
      /^https?:\/\//i.test(text) && URL.canParse(text) ? [new URL(text).host] : [],
    ),
  );
  return { hosts: [...hosts], ...(slash > 0 && { environment: name.slice(0, slash) }) };
}

/** The names of all secrets that its texts hold. */
export function secretsIn(settings: Settings): readonly string[] {
  const names = textsIn(settings).flatMap((text) =>
    [...text.matchAll(/\$\{\{\s*secrets\.([A-Z][A-Z0-9_]*)\s*\}\}/g)].map(([, name = '']) => name),
  );
  return [...new Set(names)];
}

function textsIn(value: SettingValue): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object'
    ? Object.values(value).flatMap((inner: SettingValue) => textsIn(inner))
    : [];
}
