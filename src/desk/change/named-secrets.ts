// Secrets that the integrations of a desk name, held against those that its operator grants it, and against where to.
import type { Desk } from '../desk.ts';
import type { DeskFiles } from '../desk-reader.ts';
import { placeholdersIn } from '../compile/setting-values.ts';
import { createReport, type Diagnostic } from '../diagnostic.ts';
import { nearest } from '../nearest.ts';
import { secretPlaceOf, whyNotGranted, type SecretGrant, type SecretPlace } from '../secret-grants.ts';
import { pointerTo } from '../yaml/positions.ts';
import { readYaml } from '../yaml/yaml-file.ts';
import { settingsFile } from './change.ts';

/** What is in the secrets is nobody's business here. */
export function secretDiagnostics(
  files: DeskFiles,
  { settings }: Pick<Desk, 'settings'>,
  grants: readonly SecretGrant[],
): readonly Diagnostic[] {
  const content = files.get(settingsFile);
  if (content === undefined || settings === undefined) return [];
  const file = readYaml(settingsFile, content);
  if (!file.ok) return [];
  const report = createReport(settingsFile, file.positions);
  for (const [key, { settings: filled }] of settings.integrations) {
    const place = secretPlaceOf(key, filled);
    for (const { at, offset, inner = '' } of placeholdersIn(filled, pointerOf(key))) {
      const [, name] = /^secrets\.([A-Z][A-Z0-9_]*)$/.exec(inner) ?? [];
      const why = name === undefined ? undefined : whyNotGranted(name, place, grants);
      if (name === undefined || why === undefined) continue;
      const names = grants.map((grant) => grant.name);
      if (why === 'no-such-grant')
        report.add({ at, offset, suggestion: nearest(name, names) }, 'secret-not-granted', name);
      else report.add({ at, offset }, 'secret-not-granted-there', name, whereWords[why](place));
    }
  }
  return report.diagnostics;
}

/** Where an integration stands that compiled is called `ENVIRONMENT/NAME` or `NAME`. */
function pointerOf(key: string): string {
  const [environment = key, name] = key.split('/');
  return name === undefined
    ? pointerTo('integrations', key)
    : pointerTo('environments', environment, 'integrations', name);
}

const whereWords = {
  environment: ({ environment }: SecretPlace): string =>
    environment === undefined
      ? 'for an integration that belongs to no environment'
      : `in the environment ${environment}`,
  host: ({ hosts }: SecretPlace): string => `for the host ${hosts.join(', ')}`,
} as const;
