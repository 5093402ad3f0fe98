// `countersign.yml`: what all flows of a desk share. Secrets are named here and never written.
import { hours } from '../../domain/duration.ts';
import type { Settings, SettingValue } from '../../domain/flow.ts';
import { readExtendDefaults } from './compile-extend.ts';
import { compileGuests } from './compile-guests.ts';
import { compileText } from './compile-texts.ts';
import { fillSetting, readVars, varName, type Vars } from './compile-vars.ts';
import type {
  DeskSettings,
  Environment,
  FlowDefaults,
  Integration,
  People,
  KnownPlugIns,
  StrategySchemas,
} from '../desk.ts';
import type { Report } from '../diagnostic.ts';
import { readDuration, readLapse } from './duration-texts.ts';
import { readErrorChannel, readRoutes, type DestinationContext } from '../destination-grammar.ts';
import { readGroups } from '../group-grammar.ts';
import { nearest } from '../nearest.ts';
import { pathOf, pointerTo } from '../yaml/positions.ts';
import type { SettingsFile } from '../schema/settings-schema.ts';
import { checkSettings, constOf, type JsonSchema } from '../schema/validator.ts';
import { placeholdersIn, readSettings } from './setting-values.ts';

export const builtInDefaults: FlowDefaults = {
  lapseAfter: hours(24),
  validFor: hours(1),
  allowRevoke: ['requester', 'approvers'],
  decisionMessage: 'optional',
};

export interface SettingsContext extends KnownPlugIns {
  /** Undefined where `people.yml` is broken. */
  readonly people: People | undefined;
  readonly report: Report;
}

export function compileSettings(file: SettingsFile, context: SettingsContext): DeskSettings {
  const { people, report } = context;
  const workspace = file.slack?.workspace;
  const telling = { people: people && new Set(people.persons.keys()), report };
  const notify = file.notify && readRoutes(file.notify, pointerTo('notify'), telling);
  const errors = readErrorChannel(file.errors, pointerTo('errors'), telling);
  const vars = readVars(file.vars, new Map(), pointerTo('vars'), report);
  const integrations = readIntegrations(file.integrations, pointerTo('integrations'), vars, context);
  const environments = Object.entries(file.environments ?? {}).map(([name, environment]) =>
    readEnvironment(name, environment, { ...context, outer: vars, telling, notify }),
  );
  return {
    admins: readGroups(file.admins, pointerTo('admins'), {
      ...telling,
      integrations: new Map(Object.entries(file.integrations ?? {})),
    }),
    domains: { members: file.domains?.members ?? [], linkByEmail: file.domains?.link_by_email ?? [] },
    defaults: readDefaults(file.defaults ?? {}, report),
    integrations: new Map([
      ...integrations,
      ...environments.flatMap(({ name, own }) =>
        own.map(([key, integration]) => [inEnvironment(name, key), integration] as const),
      ),
    ]),
    environments: new Map(environments.map(({ name, environment }) => [name, environment])),
    targets: new Map(Object.entries(file.targets ?? {})),
    vars,
    guests: compileGuests(file.guests, { people, workspace, report }),
    ...(notify && { notify }),
    ...(errors !== undefined && { errors }),
    ...(workspace !== undefined && { slack: { workspace } }),
  };
}

/** The key of an integration that belongs to one environment alone; no name holds a slash. */
export function inEnvironment(environment: string, integration: string): string {
  return `${environment}/${integration}`;
}

function readDefaults(file: NonNullable<SettingsFile['defaults']>, report: Report): FlowDefaults {
  const extend = readExtendDefaults(file.extend, pointerTo('defaults', 'extend'), report);
  const lapseAt = pointerTo('defaults', 'lapse_after');
  const warnBefore = readDuration(file.warn_before_expiry);
  return {
    lapseAfter: readLapse(file.lapse_after, lapseAt, report, builtInDefaults.lapseAfter),
    validFor: readDuration(file.valid_for) ?? builtInDefaults.validFor,
    allowRevoke: file.allow_revoke ?? builtInDefaults.allowRevoke,
    decisionMessage: file.decision_message ?? builtInDefaults.decisionMessage,
    ...(extend && { extend }),
    ...(warnBefore !== undefined && { warnBefore }),
  };
}

type EnvironmentFile = NonNullable<SettingsFile['environments']>[string];
type NamedIntegration = readonly [name: string, integration: Integration];

interface EnvironmentContext extends SettingsContext {
  readonly outer: Vars;
  readonly telling: DestinationContext;
  /** The desk's own. */
  readonly notify: Environment['notify'];
}

function readEnvironment(
  name: string,
  { label, danger, vars: file, integrations, notify: told, errors: channel }: EnvironmentFile,
  { outer, telling, ...context }: EnvironmentContext,
): {
  readonly name: string;
  readonly environment: Environment;
  readonly own: readonly NamedIntegration[];
} {
  const at = pointerTo('environments', name);
  const { report } = context;
  const vars = readVars(file, outer, `${at}/vars`, report);
  const notify = told ? readRoutes(told, `${at}/notify`, telling) : context.notify;
  const errors = readErrorChannel(channel, `${at}/errors`, telling);
  if (danger !== undefined) compileText(danger, `${at}/danger`, { vars, areAllKnown: true, report });
  return {
    name,
    environment: {
      label: label ?? name,
      ...(danger !== undefined && { danger }),
      vars,
      ...(notify && { notify }),
      ...(errors !== undefined && { errors }),
    },
    own: readIntegrations(integrations, `${at}/integrations`, vars, context),
  };
}

function readIntegrations(
  file: SettingsFile['integrations'] = {},
  at: string,
  vars: Vars,
  context: SettingsContext,
): readonly NamedIntegration[] {
  return Object.entries(file).flatMap(([name, entry]) => {
    const integration = readIntegration(entry, at + pointerTo(name), vars, context);
    return integration ? [[name, integration] as const] : [];
  });
}

function readIntegration(
  entry: { readonly type: string; readonly [key: string]: unknown },
  at: string,
  vars: Vars,
  { strategies, integrations, report }: SettingsContext,
): Integration | undefined {
  const written = readSettings(entry, at, report);
  if (written === undefined || !namesItsSecrets(written, at, report)) return undefined;
  const settings = fillSettings(written, at, vars, report);
  const schema = integrations ? integrations[entry.type] : schemaAmong(strategies, entry.type);
  if (integrations && !Object.hasOwn(integrations, entry.type)) {
    const suggestion = nearest(entry.type, Object.keys(integrations));
    const known = Object.keys(integrations).sort().join(', ');
    report.add({ at: `${at}/type`, suggestion }, 'unknown-integration-type', entry.type, known);
  }
  if (schema) checkSettings(schema, settings, { base: at, report, discreet: true, isOpen: () => false });
  return { type: entry.type, settings };
}

function schemaAmong(strategies: StrategySchemas, type: string): JsonSchema | undefined {
  return Object.values(strategies)
    .map(({ integration }) => integration)
    .find((known) => known && integrationType(known) === type);
}

function fillSettings(written: Settings, at: string, vars: Vars, report: Report): Settings {
  return Object.fromEntries(
    Object.entries(written).map(([name, value]) => [
      name,
      fillSetting(value, at + pointerTo(name), { vars, areAllKnown: true, report }),
    ]),
  );
}

/** The type of integration that a strategy works with. */
export function integrationType(schema: JsonSchema): string | undefined {
  const type = constOf(schema, 'type');
  return typeof type === 'string' ? type : undefined;
}

const namesSecret = /\$\{\{\s*secrets\./;
const secretName = /^secrets\.[A-Z][A-Z0-9_]*$/;
const soundsSecret =
  /(token|secret|password|passwd|api[_-]?key|private[_-]?key|access[_-]?key|credentials?|authorization)$/i;

function namesItsSecrets(settings: Settings, at: string, report: Report): boolean {
  const wrong = placeholdersIn(settings, at).filter(
    (place) => !secretName.test(place.inner ?? '') && varName(place) === undefined,
  );
  for (const placeholder of wrong)
    report.add({ at: placeholder.at, offset: placeholder.offset }, 'secret-form');
  const inClear = textsIn(settings, at).filter(
    ({ place, text }) => soundsSecret.test(pathOf(place).at(-1) ?? '') && !namesSecret.test(text),
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
