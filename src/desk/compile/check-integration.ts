// Whether the integration that something names is declared, of the type that it works with, and holds all that it needs.
import type { Settings } from '../../domain/flow.ts';
import { list } from '../../domain/words.ts';
import type { DeskSettings } from '../desk.ts';
import type { Report } from '../diagnostic.ts';
import { nearest } from '../nearest.ts';
import type { JsonSchema } from '../schema/validator.ts';
import { integrationType } from './compile-settings.ts';

export interface NamedIntegration {
  /** What works with it, as it is called in the file. */
  readonly run: string;
  /** What it has to hold; undefined where none is needed. */
  readonly schema: JsonSchema | undefined;
  /** It may do without one. */
  readonly isOptional?: true;
  readonly written: string | undefined;
  /** The one that is meant, in this environment. */
  readonly integration: string | undefined;
}

export function checkIntegration(
  { run, schema, isOptional, written, integration }: NamedIntegration,
  {
    at,
    unfit,
    ...on
  }: {
    readonly at: string;
    readonly on?: 'key';
    readonly unfit: 'wrong-integration' | 'action-integration' | 'options-integration';
  },
  { settings, report }: { readonly settings: DeskSettings | undefined; readonly report: Report },
): void {
  if (integration === undefined) {
    if (schema && !isOptional) report.add({ at, ...on }, 'missing-key', 'integration');
    return;
  }
  const place = `${at}/integration`;
  if (schema === undefined) return report.add({ at: place }, unfit, run, 'no integration');
  const declared = settings?.integrations.get(integration);
  const wanted = integrationType(schema);
  if (declared && wanted !== undefined && declared.type !== wanted)
    return report.add({ at: place }, unfit, run, `integrations of type ${wanted}`);
  const lacks = declared ? missingFrom(declared.settings, schema) : [];
  if (lacks.length > 0)
    return report.add({ at: place }, 'integration-lacks', run, integration, list(lacks.map(code), 'and'));
  if (settings === undefined || (declared && !written?.includes('/'))) return;
  const known = [...settings.integrations.keys()].filter((name) => !name.includes('/'));
  report.add({ at: place, suggestion: nearest(integration, known) }, 'unknown-integration', integration);
}

/** One type serves several strategies, and not each needs all that it may hold. */
function missingFrom(settings: Settings, { required }: JsonSchema): readonly string[] {
  return Array.isArray(required) ? required.map(String).filter((name) => !Object.hasOwn(settings, name)) : [];
}

function code(name: string): string {
  return `\`${name}\``;
}
