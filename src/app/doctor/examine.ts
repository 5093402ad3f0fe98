// Looks at everything that a running Countersign needs, and changes nothing: neither here nor at GitHub.
import { createDeskSafety } from '../../clients/github/desk-safety.ts';
import { createDeskSource, repositoryId } from '../../clients/github/desk-source.ts';
import { isNotFound } from '../../clients/github/failure.ts';
import {
  createGitHubApp,
  type GitHubApp,
  type InstalledRepository,
} from '../../clients/github/github-app.ts';
import { gitHubPace } from '../../clients/github/pace.ts';
import type { Fetch } from '../../clients/http/fetch.ts';
import type { Resolve } from '../../clients/http/guarded-fetch.ts';
import { createDeskReader } from '../../desk/desk-reader.ts';
import type { Desk } from '../../desk/desk.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Log } from '../../engine/ports/log.ts';
import { plugIns } from '../plug-ins.ts';
import { grantsApp, mainApp } from '../app-manifest.ts';
import { createSecrets } from '../secrets/secrets.ts';
import { ledgerBranch } from '../github-half.ts';
import { installedAt, type InstalledAt } from '../installed-repositories.ts';
import {
  dataFolderOf,
  readApp,
  readBaseUrl,
  readSettings,
  type DeskSetting,
  type Environment,
  type Settings,
} from '../settings.ts';
import {
  credentialFindings,
  installationFindings,
  permissionFindings,
  type AppPatient,
} from './app-checks.ts';
import { flowFindings, groupFindings, ledgerFindings, placeFindings, riskFindings } from './desk-checks.ts';
import {
  failure,
  lookAt,
  ok,
  skipped,
  troubleOf,
  warning,
  type Check,
  type Finding,
  type Step,
} from './finding.ts';
import { machineChecks } from './machine-checks.ts';
import { grantsNeeds, sealingFindings } from './needs.ts';
import { roleFindings, reachFindings } from './outside-checks.ts';
import type { Examined } from './report.ts';
import { secretFindings } from './secret-checks.ts';
import { settingsChecks } from './settings-checks.ts';
import { slackChecks } from './slack-checks.ts';
import { addressFindings, deliveryFindings, limitFindings } from './webhook-checks.ts';

export interface ExamineParts {
  readonly environment: Environment;
  readonly nodeVersion: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** As `node:dns` resolves a name to all of its addresses. */
  readonly resolve?: Resolve;
}

/** Nothing is said twice, and nobody is waiting for a log. */
const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
/** Somebody sits and waits: an outage is told at once instead of being sat out. */
const pace = { ...gitHubPace, tries: 1, patience: 10_000 };

export async function examine(parts: ExamineParts): Promise<readonly Examined[]> {
  const { environment, clock } = parts;
  const baseUrl = readBaseUrl(environment, []);
  const read = readSettings(environment);
  const settings = 'settings' in read ? read.settings : undefined;
  const main = patientOf(parts, '');
  const desks = settings && main ? await lookAtDesks(settings, main.github) : [];
  const checks = [
    ...machineChecks({ ...parts, baseUrl, dataFolder: dataFolderOf(environment) }),
    ...deskChecks(parts, settings, main, desks),
    ...mainAppChecks(parts, main),
    ...grantsChecks(parts, desks),
    ...settingsChecks(environment),
    ...runningChecks(main, desks),
    ...slackChecks({ ...parts, desks: readable(desks) }),
  ];
  const examined: Examined[] = [];
  for (const check of checks)
    examined.push({ step: check.step, name: check.name, findings: await lookAt(check, clock) });
  return examined;
}

function patientOf(
  { environment, fetch, clock }: ExamineParts,
  prefix: AppPatient['prefix'],
): (AppPatient & { readonly github: GitHubApp }) | undefined {
  const credentials = readApp(environment, prefix, []);
  if (credentials === undefined || Number.isNaN(credentials.appId)) return undefined;
  const baseUrl = readBaseUrl(environment, []);
  return {
    prefix,
    manifest: prefix === '' ? mainApp() : grantsApp(),
    github: createGitHubApp({ ...credentials, baseUrl, fetch, clock, log: silent, pace }),
  };
}

interface DeskSeen {
  readonly setting: DeskSetting;
  readonly place?: InstalledRepository;
  readonly desk?: Desk;
  readonly trouble?: Finding;
}

function readable(desks: readonly DeskSeen[]): ReadonlyMap<string, Desk> {
  return new Map(desks.flatMap(({ setting, desk }) => (desk ? [[setting.name, desk] as const] : [])));
}

async function lookAtDesks(settings: Settings, github: GitHubApp): Promise<readonly DeskSeen[]> {
  const source = createDeskSource({ github });
  const reader = createDeskReader(plugIns);
  return Promise.all(
    settings.desks.map(async (setting): Promise<DeskSeen> => {
      let place: InstalledRepository | undefined;
      try {
        place = await github.forRepositoryId(repositoryId(setting.id));
        const { commit } = await source.head(setting.id);
        return { setting, place, desk: reader.readDesk(await source.read(setting.id, commit), commit) };
      } catch (error) {
        const trouble = place === undefined && isNotFound(error) ? notInstalled(setting) : troubleOf(error);
        return { setting, ...(place && { place }), trouble };
      }
    }),
  );
}

function notInstalled({ name, id }: DeskSetting): Finding {
  return failure(
    `the app is not installed on ${name}, or ${repositoryId(id)} is not its number`,
    `Install it there, and compare: gh api repos/${name} --jq .id prints the number.`,
  );
}

const unsettled = skipped('the settings are not whole: step 5');
const unread = skipped('no flows could be read that may need it: steps 5 and 2');

function deskChecks(
  parts: ExamineParts,
  settings: Settings | undefined,
  main: (AppPatient & { readonly github: GitHubApp }) | undefined,
  desks: readonly DeskSeen[],
): readonly Check[] {
  const check = (name: string, look: Check['look']): Check => ({ step: 2, name, look });
  if (settings === undefined || main === undefined) return [check('Desks', async () => [unsettled])];
  const { github } = main;
  const safety = createDeskSafety({
    github,
    source: createDeskSource({ github }),
    clock: parts.clock,
    // All of them are asked for; what was accepted is said as well.
    accepted: () => [],
  });
  const secrets = createSecrets(settings, { clock: parts.clock });
  const each = desks.flatMap(({ setting, place, desk, trouble }) => {
    const { name, id } = setting;
    if (place === undefined) return [check(name, async () => (trouble ? [trouble] : []))];
    const found = check(name, async () => placeFindings(setting, place));
    const safe = check(`${name} is safe`, () => riskFindings(setting, safety));
    const ledger = check(`${name} ledger`, () => ledgerFindings(place, ledgerBranch));
    if (desk === undefined)
      return [found, safe, check(`${name} flows`, async () => (trouble ? [trouble] : [])), ledger];
    return [
      found,
      safe,
      check(`${name} flows`, async () => flowFindings(desk)),
      ledger,
      check(`${name} teams`, () => groupFindings(desk, github)),
      check(`${name} secrets`, async () => [
        ...(await secretFindings(desk, id, { settings, secrets })),
        ...sealingFindings(desk, settings),
      ]),
      check(`${name} services`, async () => [
        ...roleFindings(desk, id, settings),
        ...(await reachFindings(desk, settings, parts.resolve)),
      ]),
    ];
  });
  return [...each, check('Other repositories', () => otherFindings(parts, settings, github))];
}

/** So many are looked into, for an app that is installed on all of a large organisation. */
const mostOthers = 200;

async function otherFindings(
  { fetch }: ExamineParts,
  { desks, baseUrl }: Settings,
  github: GitHubApp,
): Promise<readonly Finding[]> {
  const listed = new Set(desks.map(({ id }) => repositoryId(id)));
  const visible = (await installedAt({ app: github, baseUrl, fetch })).flatMap((each) => each.repositories);
  const others = visible.filter(({ id, isArchived }) => !listed.has(id) && !isArchived);
  const ignored: string[] = [];
  for (const { name } of others.slice(0, mostOthers)) if (await isDesk(github, name)) ignored.push(name);
  const findings = ignored.map((name) =>
    warning(
      `${name} holds flows/countersign.yml and is ignored`,
      `Add it to COUNTERSIGN_DESKS if it is to be a desk.`,
    ),
  );
  if (others.length > mostOthers)
    findings.push(
      warning(
        `only ${mostOthers} of ${others.length} were looked into`,
        'Install the app on its desks alone.',
      ),
    );
  return findings.length > 0 ? findings : [ok('none looks like a desk that is not listed')];
}

async function isDesk(github: GitHubApp, fullName: string): Promise<boolean> {
  const [owner = '', repo = ''] = fullName.split('/');
  try {
    const installation = await github.forRepository(owner, repo);
    await installation.at('read').rest.repos.getContent({ owner, repo, path: 'flows/countersign.yml' });
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

type Patient = AppPatient & { readonly github: GitHubApp };

function mainAppChecks(parts: ExamineParts, main: Patient | undefined): readonly Check[] {
  return main === undefined
    ? [{ step: 3, name: 'App', look: async () => [unsettled] }]
    : appChecks(3, parts, main, () => installed(parts, main));
}

function appChecks(
  step: Step,
  parts: ExamineParts,
  patient: Patient,
  where: () => Promise<readonly InstalledAt[]>,
): readonly Check[] {
  return [
    { step, name: 'Credentials', look: () => credentialFindings(patient) },
    { step, name: 'Permissions', look: () => permissionFindings(patient) },
    {
      step,
      name: 'Installations',
      look: async () => installationFindings(await where(), patient.manifest),
    },
  ];
}

function installed(
  { fetch, environment }: ExamineParts,
  { github }: Patient,
): Promise<readonly InstalledAt[]> {
  return installedAt({ app: github, baseUrl: readBaseUrl(environment, []), fetch });
}

function grantsChecks(parts: ExamineParts, desks: readonly DeskSeen[]): readonly Check[] {
  const needs = grantsNeeds(desks.flatMap(({ desk }) => desk ?? []));
  const check = (name: string, look: Check['look']): Check => ({ step: 4, name, look });
  const grants = patientOf(parts, 'COUNTERSIGN_GRANTS_');
  const areRead = desks.length > 0 && desks.every(({ desk }) => desk !== undefined);
  const unneeded = (words: string): Finding => (areRead ? ok(words) : unread);
  if (grants === undefined)
    return [check('App', async () => [withoutGrantsApp(parts, needs.flows, unneeded)])];
  const patient: Patient = {
    ...grants,
    // Only what the flows ask for; where there are none yet, what setup asked for.
    manifest:
      needs.flows.length === 0 ? grants.manifest : { ...grants.manifest, permissions: needs.permissions },
  };
  return [
    ...appChecks(4, parts, patient, () => installed(parts, patient)),
    check('Reach', async () => {
      const there = new Set((await installed(parts, patient)).map(({ account }) => account.toLowerCase()));
      const missing = needs.organizations.filter((name) => !there.has(name.toLowerCase()));
      return missing.length === 0
        ? [
            needs.flows.length === 0
              ? unneeded('no flow needs it yet')
              : ok(`it serves ${needs.flows.join(', ')}`),
          ]
        : missing.map((name) =>
            failure(`flows grant in ${name}, and it is not installed there`, `Install it on ${name}.`),
          );
    }),
  ];
}

function withoutGrantsApp(
  { environment }: ExamineParts,
  flows: readonly string[],
  unneeded: (words: string) => Finding,
): Finding {
  if (Object.keys(environment).some((name) => name.startsWith('COUNTERSIGN_GRANTS_') && environment[name]))
    return unsettled;
  return flows.length === 0
    ? unneeded('none is set, and no flow needs it')
    : failure(
        `${flows.join(', ')} act through a second app, and none is set`,
        'npm run setup makes it; or set COUNTERSIGN_GRANTS_APP_ID and COUNTERSIGN_GRANTS_PRIVATE_KEY_PATH.',
      );
}

function runningChecks(main: Patient | undefined, desks: readonly DeskSeen[]): readonly Check[] {
  const check = (name: string, look: Check['look']): Check => ({ step: 6, name, look });
  if (main === undefined) return [check('Webhooks', async () => [unsettled])];
  const place = desks.find((each) => each.place)?.place;
  return [
    check('Webhook address', () => addressFindings(main.github)),
    check('Deliveries', () => deliveryFindings(main.github)),
    check('Rate limit', async () =>
      place ? limitFindings(place.installation) : [skipped('no desk is found: step 2')],
    ),
  ];
}
