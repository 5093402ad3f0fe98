// What an access flow grants: strategy, targets with their settings, durations.
import type { AccessOffer, DurationOffer, Field, GrantedFor, Revoker, Target } from '../../domain/flow.ts';
import { parseDuration } from '../../domain/duration.ts';
import { boundFields } from '../../domain/template.ts';
import { checkPlaceholders } from './check-placeholders.ts';
import { compileStrategyCode } from './compile-code.ts';
import { checkIntegration } from './check-integration.ts';
import { inEnvironment } from './compile-settings.ts';
import { fillSetting, fillText, varName, type FillContext } from './compile-vars.ts';
import type { DeskSettings, StrategySchemas } from '../desk.ts';
import type { Report } from '../diagnostic.ts';
import { readGroups, type KnownPeople } from '../group-grammar.ts';
import { nearest } from '../nearest.ts';
import { pointerTo } from '../yaml/positions.ts';
import type { FlowFile } from '../schema/flow-schema.ts';
import { checkSettings } from '../schema/validator.ts';
import { placeholdersIn, readSettings, type Placeholder } from './setting-values.ts';

export interface AccessContext {
  /** At which the flow is read. */
  readonly commit: string;
  /** Paths of the desk's code. */
  readonly codeFiles: readonly string[];
  readonly fields: readonly Field[];
  readonly allowRevoke: readonly Revoker[];
  readonly people: KnownPeople;
  /** Undefined where `countersign.yml` is broken, so that integrations cannot be judged. */
  readonly settings: DeskSettings | undefined;
  readonly strategies: StrategySchemas;
  /** The variables that may stand in settings and labels. */
  readonly filling: FillContext;
  readonly report: Report;
}

type StrategyFile = NonNullable<FlowFile['strategy']>;

/** Undefined for an approval-only flow, and where the report says what is wrong. */
export function compileAccess(file: FlowFile, context: AccessContext): AccessOffer | undefined {
  const { report } = context;
  const { strategy, targets, shared_targets: shared, duration } = file;
  if (strategy === undefined) {
    if (targets !== undefined) report.add({ at: '/targets', on: 'key' }, 'approval-only', 'targets');
    if (shared !== undefined)
      report.add({ at: '/shared_targets', on: 'key' }, 'approval-only', 'shared_targets');
    if (duration !== undefined) report.add({ at: '/duration', on: 'key' }, 'approval-only', 'duration');
    return undefined;
  }
  if (targets === undefined && shared === undefined)
    report.add({ at: '/strategy', on: 'key' }, 'missing-key', 'targets');
  if (duration === undefined) report.add({ at: '/strategy', on: 'key' }, 'missing-key', 'duration');
  const integration = resolveIntegration(strategy.integration, file.environment, context.settings);
  const known = checkStrategy(strategy, integration, context);
  const code = compileStrategyCode(strategy, known, context);
  const durations = duration && compileDurations(duration, context);
  const own = Object.entries(targets ?? {}).flatMap(
    ([name, target]) => compileTarget(name, target, known, context) ?? [],
  );
  const offered = [...own, ...compileShared(shared ?? [], Object.keys(targets ?? {}), known, context)];
  checkTargetLabels(offered, report);
  return (
    durations && {
      strategy: {
        type: strategy.type,
        ...(integration !== undefined && { integration }),
        ...(strategy.end_sessions === true && { endSessions: true }),
        ...(code && { code }),
      },
      targets: offered,
      durations,
    }
  );
}

/** The environment's own, where it has one of that name. */
export function resolveIntegration(
  name: string | undefined,
  environment: string | undefined,
  settings: DeskSettings | undefined,
): string | undefined {
  if (name === undefined || environment === undefined) return name;
  const own = inEnvironment(environment, name);
  return settings?.integrations.has(own) ? own : name;
}

function checkStrategy(
  { type, integration: written, end_sessions: ends }: StrategyFile,
  integration: string | undefined,
  { strategies, settings, report }: AccessContext,
): StrategySchemas[string] | undefined {
  const known = Object.hasOwn(strategies, type) ? strategies[type] : undefined;
  if (known === undefined) {
    const names = Object.keys(strategies);
    report.add(
      { at: '/strategy/type', suggestion: nearest(type, names) },
      'unknown-strategy',
      type,
      names.join(', '),
    );
    return undefined;
  }
  if (ends === true && known.endsSessions === undefined)
    report.add(
      { at: '/strategy/end_sessions' },
      'cannot-end-sessions',
      type,
      Object.keys(strategies)
        .filter((each) => strategies[each]?.endsSessions)
        .join(', '),
    );
  checkIntegration(
    {
      ...{ run: type, schema: known.integration, written, integration },
      ...(known.runsCode && { isOptional: true }),
    },
    { at: '/strategy', unfit: 'wrong-integration' },
    { settings, report },
  );
  return known;
}

/** What is wrong with a shared target is said where the flow names it: it may be right for another strategy. */
function compileShared(
  names: readonly string[],
  own: readonly string[],
  known: StrategySchemas[string] | undefined,
  context: AccessContext,
): readonly Target[] {
  const { settings, report } = context;
  return names.flatMap((name, index) => {
    const at = pointerTo('shared_targets', String(index));
    const target = settings?.targets.get(name);
    if (settings && target === undefined)
      report.add({ at, suggestion: nearest(name, settings.targets.keys()) }, 'unknown-shared-target', name);
    if (own.includes(name)) report.add({ at }, 'target-label', name);
    const here: Report = {
      ...report,
      get isFull() {
        return report.isFull;
      },
      add: (_, code, ...facts) => report.add({ at }, code, ...facts),
    };
    const inFlow = { ...context, report: here, filling: { ...context.filling, report: here } };
    return (target && compileTarget(name, target, known, inFlow)) ?? [];
  });
}

function compileTarget(
  name: string,
  file: NonNullable<FlowFile['targets']>[string],
  known: StrategySchemas[string] | undefined,
  { fields, people, settings: desk, filling, report }: AccessContext,
): Target | undefined {
  const at = pointerTo('targets', name);
  const written = readSettings(file.settings, `${at}/settings`, report);
  if (written === undefined) return undefined;
  for (const placeholder of placeholdersIn(written, `${at}/settings`))
    checkBound(placeholder, fields, report);
  for (const placeholder of placeholdersIn(file.label ?? '', `${at}/label`))
    checkBound(placeholder, fields, report);
  const settings = Object.fromEntries(
    Object.entries(written).map(([key, value]) => [
      key,
      fillSetting(value, `${at}/settings${pointerTo(key)}`, filling),
    ]),
  );
  checkPlaceholders(written, known?.placeholders, { at: `${at}/settings`, report });
  if (known)
    checkSettings(known.settings, settings, {
      base: `${at}/settings`,
      report,
      discreet: false,
      isOpen: (text) => text.includes('${{'),
    });
  return {
    name,
    label: file.label === undefined ? name : fillText(file.label, `${at}/label`, filling),
    settings,
    ...(file.requesters && {
      requesters: readGroups(file.requesters, `${at}/requesters`, {
        ...{ people, integrations: desk?.integrations, report },
      }),
    }),
  };
}

const fieldsPrefix = 'fields.';

/** What nobody could have meant to allow: it passes only a pattern that limits nothing. */
const outlandish = '../~ %2e%2e ${{ ☃ }} 0 unlimited';

/** Whoever asks types a part of what is granted: only where the flow limits what can be typed. */
export function checkBound(placeholder: Placeholder, fields: readonly Field[], report: Report): void {
  if (varName(placeholder) !== undefined) return; // the desk's own words
  const { at, offset, inner, text } = placeholder;
  const [name] = boundFields(`\${{ ${inner ?? ''} }}`);
  if (inner === undefined || name === undefined || !boundFields(text).includes(name))
    return report.add({ at, offset }, 'bound-form');
  const place = { at, offset: text.indexOf(fieldsPrefix, offset) + fieldsPrefix.length };
  const field = fields.find((known) => known.name === name);
  if (field === undefined) {
    const close = nearest(
      name,
      fields.map((known) => known.name),
    );
    return report.add(
      { ...place, suggestion: close && `\${{ fields.${close} }}` },
      'unknown-bound-field',
      name,
    );
  }
  if (!['string', 'int', 'bool'].includes(field.type))
    return report.add(place, 'bound-type', name, field.type);
  if (field.condition || (!field.required && field.default === undefined))
    return report.add(place, 'bound-optional', name);
  if (!isLimited(field, fields)) report.add(place, 'bound-unlimited', name);
}

/** Whether its flow says what may be answered: whoever asks cannot make up an answer. */
export function isLimited(field: Field, fields: readonly Field[]): boolean {
  const { type, options, optionsFrom, pattern } = field;
  if (type === 'bool' || options !== undefined) return true;
  if (pattern !== undefined && !pattern.matches(outlandish)) return true;
  // A source that is told what somebody typed may offer just that: a search does.
  return optionsFrom?.reads.every((name) => isLimitedByName(name, fields)) ?? false;
}

function isLimitedByName(name: string, fields: readonly Field[]): boolean {
  const field = fields.find((known) => known.name === name);
  return field !== undefined && isLimited(field, fields);
}

function checkTargetLabels(targets: readonly Target[], report: Report): void {
  for (const [index, { name, label }] of targets.entries()) {
    if (label === name) continue;
    const isTaken =
      targets.some((other) => other.name === label) ||
      targets.slice(0, index).some((earlier) => earlier.label === label);
    if (isTaken) report.add({ at: pointerTo('targets', name, 'label') }, 'target-label', label);
  }
}

function compileDurations(
  { options, default: chosen }: NonNullable<FlowFile['duration']>,
  { allowRevoke, report }: AccessContext,
): DurationOffer | undefined {
  const read = options.map(readGrantedFor);
  const endless = read.indexOf('until-revoked');
  if (endless >= 0 && allowRevoke.length === 0)
    report.add({ at: `/duration/options/${endless}` }, 'revoke-needed');
  read.forEach((option, index) => {
    if (read.indexOf(option) < index)
      report.add({ at: `/duration/options/${index}` }, 'repeated', options[index] ?? '');
  });
  const [first] = read;
  const otherwise = chosen === undefined ? first : readGrantedFor(chosen);
  if (otherwise === undefined) return undefined;
  if (!read.includes(otherwise))
    report.add({ at: '/duration/default' }, 'duration-not-an-option', chosen ?? '');
  return { options: read, default: otherwise };
}

/** The schema has seen to it that the text is one or the other. */
function readGrantedFor(text: string): GrantedFor {
  return parseDuration(text) ?? 'until-revoked';
}
