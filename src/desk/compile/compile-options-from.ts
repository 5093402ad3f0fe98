// Where the possible answers of a field are read live: which source, by which integration, and what it may be told.
import type { Field, OptionsSource, Settings } from '../../domain/flow.ts';
import type { FieldFile } from '../schema/flow-schema.ts';
import { checkIntegration } from './check-integration.ts';
import { demandCodeOf } from './code-file.ts';
import { checkSettings } from '../schema/validator.ts';
import type { DeskSettings, OptionSourceSchemas } from '../desk.ts';
import type { Report } from '../diagnostic.ts';
import { nearest } from '../nearest.ts';
import { pointerTo } from '../yaml/positions.ts';
import { isLimited, resolveIntegration } from './compile-access.ts';
import { fillSetting, varName, type FillContext } from './compile-vars.ts';
import { placeholdersIn, readSettings, type Placeholder } from './setting-values.ts';

export interface OptionsContext {
  readonly optionSources: OptionSourceSchemas;
  /** Undefined where `countersign.yml` is broken, so that integrations cannot be judged. */
  readonly settings: DeskSettings | undefined;
  readonly environment: string | undefined;
  readonly filling: FillContext;
  /** The fields that are asked before. */
  readonly before: readonly Field[];
  /** Paths of the desk's code. */
  readonly codeFiles: readonly string[];
  readonly report: Report;
}

export type OptionsFile = NonNullable<Extract<FieldFile, { type: 'string' }>['options_from']>;
type Source = OptionSourceSchemas[string];

/** Undefined where the report says what is wrong. `at` is the place of `options_from`. */
export function compileOptionsFrom(
  file: OptionsFile,
  at: string,
  context: OptionsContext,
): OptionsSource | undefined {
  const { optionSources, report, settings, environment } = context;
  const { run } = file;
  const source = Object.hasOwn(optionSources, run) ? optionSources[run] : undefined;
  if (source === undefined) {
    blameSource(run, `${at}/run`, context);
    return undefined;
  }
  const integration = resolveIntegration(file.integration, environment, settings);
  checkIntegration(
    { run, schema: source.integration, written: file.integration, integration },
    { at, on: 'key', unfit: 'options-integration' },
    context,
  );
  const written = readSettings(file.with ?? {}, `${at}/with`, report);
  if (written === undefined) return undefined;
  demandCodeOf({ run, with: written }, at, context);
  const { filled, reads } = compileWith(written, source, `${at}/with`, context);
  const encoded = Object.keys(source.takes).filter((key) => source.takes[key] === 'limited');
  return {
    run,
    ...(integration !== undefined && { integration }),
    with: filled,
    ...(encoded.length > 0 && { encoded }),
    reads: [...new Set(reads)],
  };
}

function blameSource(run: string, at: string, { optionSources, report }: OptionsContext): void {
  const known = Object.keys(optionSources);
  report.add(
    { at, suggestion: nearest(run, known) },
    'unknown-option-source',
    run,
    known.join(', ') || 'none',
  );
}

function compileWith(
  written: Settings,
  source: Source,
  at: string,
  context: OptionsContext,
): { readonly filled: Settings; readonly reads: readonly string[] } {
  const { filling, report } = context;
  const reads = Object.entries(written).flatMap(([key, value]) =>
    placeholdersIn(value, at + pointerTo(key)).flatMap(
      (place) => checkPlace(place, { key, takes: source.takes[key] }, context) ?? [],
    ),
  );
  const filled = Object.fromEntries(
    Object.entries(written).map(([key, value]) => [key, fillSetting(value, at + pointerTo(key), filling)]),
  );
  checkSettings(source.with, filled, {
    base: at,
    report,
    discreet: false,
    isOpen: (text) => text.includes('${{'),
  });
  return { filled, reads };
}

const readable = /^fields\.([A-Za-z][A-Za-z0-9_]*)$/;

/** The field that a place names; undefined where it names none, or one that cannot stand there. */
function checkPlace(
  place: Placeholder,
  { key, takes }: { readonly key: string; readonly takes: Source['takes'][string] | undefined },
  { before, report }: OptionsContext,
): string | undefined {
  if (varName(place) !== undefined) return undefined;
  const { at, offset, inner = '', text } = place;
  const here = { at, offset: Math.max(offset, text.indexOf(inner, offset)) };
  const [, name] = readable.exec(inner) ?? [];
  if (name === undefined && inner !== 'requester.id') {
    report.add({ at, offset }, 'options-form');
    return undefined;
  }
  if (takes === undefined) {
    report.add(here, 'options-place', inner, key);
    return undefined;
  }
  if (name === undefined) return undefined;
  const field = before.find((known) => known.name === name);
  if (field === undefined) {
    const suggestion = nearest(
      name,
      before.map((known) => known.name),
    );
    report.add({ ...here, suggestion: suggestion && `fields.${suggestion}` }, 'options-order', name);
    return undefined;
  }
  if (takes === 'limited') checkLimited(field, here, { before, report });
  return name;
}

function checkLimited(
  field: Field,
  place: { readonly at: string; readonly offset: number },
  { before, report }: Pick<OptionsContext, 'before' | 'report'>,
): void {
  const { name, type } = field;
  if (!['string', 'int', 'bool'].includes(type)) report.add(place, 'options-type', name, type);
  else if (!isLimited(field, before)) report.add(place, 'options-unlimited', name);
}
