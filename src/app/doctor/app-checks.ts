// Steps 3 and 4: does GitHub know our apps by their keys, and do they have what they need and no more?
import { isNotFound } from '../../clients/github/failure.ts';
import type { GitHubApp } from '../../clients/github/github-app.ts';
import type { AppManifest } from '../app-manifest.ts';
import type { InstalledAt } from '../installed-repositories.ts';
import { failure, ok, warning, type Finding } from './finding.ts';

export interface AppPatient {
  /** The prefix of its variables. */
  readonly prefix: '' | 'COUNTERSIGN_GRANTS_';
  readonly github: Pick<GitHubApp, 'app'>;
  readonly manifest: AppManifest;
}

export async function credentialFindings({ github, prefix }: AppPatient): Promise<readonly Finding[]> {
  try {
    const { data } = await github.app().rest.apps.getAuthenticated();
    return [ok(`GitHub knows the app as ${data?.slug ?? 'one without a name'}`)];
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    if (/could not be decoded/.test(message))
      return [
        failure(
          `GitHub does not take ${prefix}PRIVATE_KEY as a key of the app ${prefix}APP_ID`,
          `Generate a key on the settings page of that app, and set ${prefix}PRIVATE_KEY_PATH to its file.`,
        ),
      ];
    if (isNotFound(error))
      return [
        failure(
          `GitHub knows no app by this ${prefix}APP_ID`,
          'It is the “App ID” on the app’s settings page; on GitHub Enterprise Server set GHE_HOST as well.',
        ),
      ];
    throw error;
  }
}

export async function permissionFindings({ github, manifest }: AppPatient): Promise<readonly Finding[]> {
  const { data } = await github.app().rest.apps.getAuthenticated();
  const has = Object.fromEntries(
    Object.entries(data?.permissions ?? {}).map(([name, level]) => [name, String(level)]),
  );
  const { missing, spare } = compare(manifest.permissions, has);
  const events = data?.events ?? [];
  const unheard = manifest.events.filter((event) => !events.includes(event));
  return [
    ...(missing.length > 0
      ? [
          failure(
            `it lacks ${missing.join(', ')}`,
            'Add them on the app’s settings page, and accept them where it is installed.',
          ),
        ]
      : []),
    ...(unheard.length > 0
      ? [
          failure(
            `it does not hear of ${unheard.join(', ')}`,
            'Subscribe to these events on the app’s settings page.',
          ),
        ]
      : []),
    ...(spare.length > 0
      ? [
          warning(
            `it has more than it needs: ${spare.join(', ')}`,
            'Take them away on the app’s settings page.',
          ),
        ]
      : []),
    ...(missing.length + unheard.length + spare.length === 0
      ? [ok('it has what it needs, and no more')]
      : []),
  ];
}

export function installationFindings(
  installed: readonly InstalledAt[],
  { permissions }: AppManifest,
): readonly Finding[] {
  if (installed.length === 0)
    return [failure('it is installed nowhere', 'Install it: the app’s settings page, “Install App”.')];
  return installed.map(({ account, isSuspended, permissions: granted }) => {
    if (isSuspended)
      return failure(
        `${account} has suspended it`,
        `An owner of ${account} lifts that in the settings, under “GitHub Apps”.`,
      );
    const { missing } = compare(permissions, granted);
    return missing.length > 0
      ? failure(
          `${account} has not granted ${missing.join(', ')}`,
          `An owner of ${account} accepts the new permissions in the settings, under “GitHub Apps”.`,
        )
      : ok(`${account} has installed it`);
  });
}

const levels: readonly string[] = ['read', 'write', 'admin'];

function compare(
  wanted: AppManifest['permissions'],
  has: AppManifest['permissions'],
): { readonly missing: readonly string[]; readonly spare: readonly string[] } {
  const rank = (level: string | undefined): number => levels.indexOf(level ?? '');
  const named = ([name, level]: [string, string]): string => `${name}: ${level}`;
  // Other events and permissions may be wanted for a part of the work alone: metadata comes with every app.
  return {
    missing: Object.entries(wanted)
      .filter(([name, level]) => rank(has[name]) < rank(level))
      .map(named),
    spare: Object.entries(has)
      .filter(([name, level]) => name !== 'metadata' && rank(level) > rank(wanted[name]))
      .map(named),
  };
}
