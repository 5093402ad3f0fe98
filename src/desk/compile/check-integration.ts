// Whether the integration that something names is declared, and of the type that it works with.
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
  readonly written: string | undefined;
  /** The one that is meant, in this environment. */
  readonly integration: string | undefined;
}

export function checkIntegration(
  { run, schema, written, integration }: NamedIntegration,
  {
    at,
    unfit,
    ...on
  }: {
    readonly at: string;
    readonly on?: 'key';
    readonly unfit: 'action-integration' | 'options-integration';
  },
  { settings, report }: { readonly settings: DeskSettings | undefined; readonly report: Report },
): void {
  if (integration === undefined) {
    if (schema) report.add({ at, ...on }, 'missing-key', 'integration');
    return;
  }
  const place = `${at}/integration`;
  if (schema === undefined) return report.add({ at: place }, unfit, run, 'no integration');
  const declared = settings?.integrations.get(integration);
  const wanted = integrationType(schema);
  if (declared && wanted !== undefined && declared.type !== wanted)
    return report.add({ at: place }, unfit, run, `integrations of type ${wanted}`);
  if (settings === undefined || (declared && !written?.includes('/'))) return;
  const known = [...settings.integrations.keys()].filter((name) => !name.includes('/'));
  report.add({ at: place, suggestion: nearest(integration, known) }, 'unknown-integration', integration);
}
