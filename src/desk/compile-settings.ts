// `countersign.yml`: what all flows of a desk share. Secrets are named here and never written.
import { hours, parseDuration } from '../domain/duration.ts';
import type { Settings, SettingValue } from '../domain/flow.ts';
import type { Milliseconds } from '../domain/names.ts';
import type { DeskSettings, Environment, FlowDefaults, Integration, StrategySchemas } from './desk.ts';
import type { Report } from './diagnostic.ts';
import { readGroups, type KnownPeople } from './group-grammar.ts';
import { pathOf, pointerTo } from './positions.ts';
import type { SettingsFile } from './schema/settings-schema.ts';
import { checkSettings, constOf, type JsonSchema } from './schema/validator.ts';
import { placeholdersIn, readSettings } from './setting-values.ts';

const maxLapse: Milliseconds = hours(24 * 7);

export const builtInDefaults: FlowDefaults = {
  lapseAfter: hours(24),
  validFor: hours(1),
  allowRevoke: ['requester', 'approvers'],
};

export interface SettingsContext {
  readonly people: KnownPeople;
  readonly strategies: StrategySchemas;
  readonly report: Report;
}

export function compileSettings(file: SettingsFile, context: SettingsContext): DeskSettings {
  const { report } = context;
  const defaults = file.defaults ?? {};
  return {
    admins: readGroups(file.admins, pointerTo('admins'), context.people, report),
    domains: { members: file.domains?.members ?? [], linkByEmail: file.domains?.link_by_email ?? [] },
    defaults: {
      lapseAfter: readLapse(defaults.lapse_after, pointerTo('defaults', 'lapse_after'), report),
      validFor: readDuration(defaults.valid_for) ?? builtInDefaults.validFor,
      allowRevoke: defaults.allow_revoke ?? builtInDefaults.allowRevoke,
    },
    integrations: new Map(
      Object.entries(file.integrations ?? {}).flatMap(([name, entry]) => {
        const integration = readIntegration(name, entry, context);
        return integration ? [[name, integration] as const] : [];
      }),
    ),
    environments: new Map(
      Object.entries(file.environments ?? {}).map(([name, { label, danger }]) => {
        const environment: Environment = { label: label ?? name, ...(danger !== undefined && { danger }) };
        return [name, environment];
      }),
    ),
    targets: new Map(Object.entries(file.targets ?? {})),
  };
}

/** The schema has seen to it that a text is a duration. */
export function readDuration(text: string | undefined): Milliseconds | undefined {
  return text === undefined ? undefined : parseDuration(text);
}

export function readLapse(
  text: string | undefined,
  at: string,
  report: Report,
  otherwise: Milliseconds = builtInDefaults.lapseAfter,
): Milliseconds {
  const lapse = readDuration(text) ?? otherwise;
  if (lapse > maxLapse) report.add({ at, suggestion: '7d' }, 'lapse-too-long');
  return Math.min(lapse, maxLapse);
}

function readIntegration(
  name: string,
  entry: { readonly type: string; readonly [key: string]: unknown },
  { strategies, report }: SettingsContext,
): Integration | undefined {
  const at = pointerTo('integrations', name);
  const settings = readSettings(entry, at, report);
  if (settings === undefined || !namesItsSecrets(settings, at, report)) return undefined;
  const schema = Object.values(strategies)
    .map(({ integration }) => integration)
    .find((known) => known && integrationType(known) === entry.type);
  if (schema) checkSettings(schema, settings, { base: at, report, discreet: true, isOpen: () => false });
  return { type: entry.type, settings };
}

/** The type of integration that a strategy works with. */
export function integrationType(schema: JsonSchema): string | undefined {
  const type = constOf(schema, 'type');
  return typeof type === 'string' ? type : undefined;
}

const secretName = /^secrets\.[A-Z][A-Z0-9_]*$/;
const soundsSecret =
  /(token|secret|password|passwd|api[_-]?key|private[_-]?key|access[_-]?key|credentials?|authorization)$/i;

function namesItsSecrets(settings: Settings, at: string, report: Report): boolean {
  const wrong = placeholdersIn(settings, at).filter(({ inner }) => !secretName.test(inner ?? ''));
  for (const placeholder of wrong)
    report.add({ at: placeholder.at, offset: placeholder.offset }, 'secret-form');
  const inClear = textsIn(settings, at).filter(
    ({ place, text }) => soundsSecret.test(pathOf(place).at(-1) ?? '') && !text.includes('${{'),
  );
  for (const { place } of inClear)
    if (!wrong.some(({ at: told }) => told === place)) report.add({ at: place }, 'secret-in-clear');
  return wrong.length + inClear.length === 0;
}

function textsIn(
  value: SettingValue,
  place: string,
): readonly { readonly place: string; readonly text: string }[] {
  if (typeof value === 'string') return [{ place, text: value }];
  if (typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, inner]: [string, SettingValue]) =>
    textsIn(inner, place + pointerTo(name)),
  );
}
