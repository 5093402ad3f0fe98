// Where the possible answers of a field are read live: which source, by which integration, and what it may be told.
import type { OptionsSource } from '../../domain/flow.ts';
import type { FieldFile } from '../schema/flow-schema.ts';
import { checkSettings } from '../schema/validator.ts';
import type { DeskSettings, OptionSourceSchemas } from '../desk.ts';
import type { Report } from '../diagnostic.ts';
import { nearest } from '../nearest.ts';
import { resolveIntegration } from './compile-access.ts';
import { integrationType } from './compile-settings.ts';
import { fillSetting, varName, type FillContext } from './compile-vars.ts';
import { placeholdersIn, readSettings, type Placeholder } from './setting-values.ts';

export interface OptionsContext {
  readonly sources: OptionSourceSchemas;
  readonly settings: DeskSettings | undefined;
  readonly environment: string | undefined;
  readonly filling: FillContext;
  /** Names of the fields that are asked before. */
  readonly before: readonly string[];
  readonly report: Report;
}

type OptionsFile = NonNullable<Extract<FieldFile, { type: 'string' }>['options_from']>;

/** Undefined where the report says what is wrong. `at` is the place of `options_from`. */
export function compileOptionsFrom(
  file: OptionsFile,
  at: string,
  context: OptionsContext,
): OptionsSource | undefined {
  const { sources, report, filling } = context;
  const known = Object.hasOwn(sources, file.run) ? sources[file.run] : undefined;
  if (known === undefined) {
    const names = Object.keys(sources);
    report.add(
      { at: `${at}/run`, suggestion: nearest(file.run, names) },
      'unknown-option-source',
      file.run,
      names.join(', '),
    );
    return undefined;
  }
  const written = readSettings(file.with ?? {}, `${at}/with`, report);
  if (written === undefined) return undefined;
  const reads = placeholdersIn(written, `${at}/with`).flatMap((place) => readName(place, context));
  const filled = Object.fromEntries(
    Object.entries(written).map(([key, value]) => [key, fillSetting(value, `${at}/with/${key}`, filling)]),
  );
  checkSettings(known.with, filled, {
    base: `${at}/with`,
    report,
    discreet: false,
    isOpen: (text) => text.includes('${{'),
  });
  const integration = checkIntegration(file, at, context);
  return {
    run: file.run,
    ...(integration !== undefined && { integration }),
    with: filled,
    reads: [...new Set(reads)],
  };
}

const readable = /^fields\.([A-Za-z][A-Za-z0-9_]*)$/;

/** The field that a place names; none where it names something else that is there. */
function readName(place: Placeholder, { before, report }: OptionsContext): readonly string[] {
  const { at, offset, inner } = place;
  if (varName(place) !== undefined || inner === 'requester.id') return [];
  const [, name] = readable.exec(inner ?? '') ?? [];
  if (name === undefined) {
    report.add({ at, offset }, 'options-form');
    return [];
  }
  if (before.includes(name)) return [name];
  report.add({ at, offset, suggestion: nearest(name, before) }, 'options-order', name);
  return [];
}

function checkIntegration(
  { run, integration: written }: OptionsFile,
  at: string,
  { sources, settings, environment, report }: OptionsContext,
): string | undefined {
  const schema = sources[run]?.integration;
  const place = { at: `${at}/integration` };
  if (schema === undefined) {
    if (written !== undefined) report.add(place, 'wrong-integration', run, 'no integration');
    return undefined;
  }
  if (written === undefined) {
    report.add({ at, on: 'key' }, 'missing-key', 'integration');
    return undefined;
  }
  const name = resolveIntegration(written, environment, settings) ?? written;
  const declared = settings?.integrations.get(name);
  const type = integrationType(schema);
  const names = [...(settings?.integrations.keys() ?? [])].filter((each) => !each.includes('/'));
  if (settings && (declared === undefined || written.includes('/')))
    report.add({ ...place, suggestion: nearest(written, names) }, 'unknown-integration', written);
  else if (declared && declared.type !== type)
    report.add(place, 'wrong-integration', run, `integrations of type ${type}`);
  return name;
}
