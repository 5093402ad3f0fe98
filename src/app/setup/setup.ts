// Makes the GitHub App in a few clicks, on this machine alone, and writes what it needs into `.env`.
import { randomBytes } from 'node:crypto';
import { createGitHubApp, type GitHubApp } from '../../clients/github/github-app.ts';
import type { Fetch } from '../../clients/http/fetch.ts';
import { describe } from '../../engine/engine.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Log } from '../../engine/ports/log.ts';
import { grantsApp, mainApp, type AppManifest } from '../app-manifest.ts';
import { installedAt } from '../installed-repositories.ts';
import { readApp, readBaseUrl, type Environment } from '../settings.ts';
import { convert, type MadeApp } from './conversion.ts';
import { openEnvFile } from './env-file.ts';
import { same } from './guard.ts';
import { contentPolicy, renderPage, steps, type PageParts } from './page.ts';
import { progressOf, type Progress } from './progress.ts';
import { createSlackStep } from './slack-step.ts';
import {
  appView,
  doneView,
  goodbyeView,
  grantsView,
  halfView,
  handOverView,
  installView,
  unreadableView,
} from './views.ts';
import { manifestOf, wishProblems, type Wishes } from './wishes.ts';

export interface SetupParts {
  /** Where `.env` is, or is to be. */
  readonly folder: string;
  /** What is set outside of it: it counts, and is not asked again. */
  readonly environment: Environment;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: Log;
  /** Where the browser finds us. */
  readonly origin: () => string;
  /** Once it has been said that this is all. */
  readonly finish: () => void;
}

export type Shown = { readonly page: string; readonly policy: string } | { readonly redirect: string };

export interface Setup {
  show(): Promise<Shown>;
  /** What a form of ours was sent with. */
  take(action: string, fields: URLSearchParams): Promise<Shown | undefined>;
  /** GitHub sent the browser back. */
  created(query: URLSearchParams): Promise<Shown>;
}

interface Asked {
  readonly which: 'main' | 'grants';
  readonly state: string;
  readonly wishes: Wishes;
}

export function createSetup(parts: SetupParts): Setup {
  const file = openEnvFile(parts.folder);
  let wishes: Wishes = { organization: '', host: '', address: '' };
  let asked: Asked | undefined;
  let isGrantsDeclined = false;
  let isSlackDeclined = false;
  let grantsInstallUrl: string | undefined;

  const environment = (): Environment => ({ ...file.values, ...parts.environment });
  const progress = (): Progress => progressOf(environment(), { isGrantsDeclined, isSlackDeclined });
  const slack = createSlackStep({ ...parts, file, environment });
  const baseUrlOf = (host: string): string =>
    readBaseUrl(host === '' ? environment() : { ...environment(), GHE_HOST: host }, []);
  const webOf = (host: string): string =>
    baseUrlOf(host)
      .replace(/^https:\/\/api\.github\.com$/, 'https://github.com')
      .replace(/\/api\/v3$/, '');
  const isHostKnown = (): boolean => (environment()['GHE_HOST'] ?? '') !== '';

  function shown(page: PageParts): Shown {
    return { page: renderPage(page), policy: contentPolicy([webOf(wishes.host)]) };
  }

  async function show(problems: readonly string[] = []): Promise<Shown> {
    const now = progress();
    switch (now.step) {
      case 'app':
        return shown({
          at: 0,
          title: 'Make the app',
          body: appView(mainApp(), wishes, isHostKnown()),
          problems,
        });
      case 'half':
        return shown({
          at: 0,
          title: 'Half of it is set',
          body: halfView(now.present, now.missing, file.path),
          problems,
        });
      case 'desk':
        return showDesks(problems);
      case 'grants':
        return shown({ at: 2, title: 'The app that grants', body: grantsView(grantsApp()), problems });
      case 'slack':
        return shown({ at: 3, title: 'Slack', body: slack.view(wishes.address), problems });
      case 'done':
        return shown({ at: 4, title: 'Ready to start', body: doneView({ ...doneFacts() }), problems });
      default:
        return now satisfies never;
    }
  }

  function doneFacts(): Parameters<typeof doneView>[0] {
    return {
      path: file.path,
      backup: file.backup,
      names: Object.keys(file.values),
      grantsInstallUrl,
      workspace: slack.workspace,
    };
  }

  async function showDesks(problems: readonly string[]): Promise<Shown> {
    try {
      const app = gitHub();
      const installUrl = await installUrlOf(app);
      const installed = await installedAt({ app, baseUrl: baseUrlOf(''), fetch: parts.fetch });
      return shown({
        at: 1,
        title: 'Install it, and choose the desk',
        body: installView(installUrl, installed),
        problems,
      });
    } catch (error) {
      return shown({
        at: 1,
        title: 'Install it, and choose the desk',
        body: unreadableView(file.path),
        problems: [...problems, describe(error)],
      });
    }
  }

  function gitHub(): GitHubApp {
    const problems: string[] = [];
    const credentials = readApp(environment(), '', problems);
    if (credentials === undefined) throw new Error(problems.join(' '));
    const { fetch, clock, log } = parts;
    return createGitHubApp({ ...credentials, baseUrl: baseUrlOf(''), fetch, clock, log });
  }

  /** GitHub Enterprise Server has it at another place than github.com: GitHub itself says where. */
  async function installUrlOf(app: GitHubApp): Promise<string> {
    const { data } = await app.app().rest.apps.getAuthenticated();
    return `${data?.html_url ?? ''}/installations/new`;
  }

  function handOver(which: Asked['which'], app: AppManifest): Shown {
    const { organization, host, address } = wishes;
    asked = { which, state: randomBytes(32).toString('hex'), wishes };
    const place =
      organization === '' ? '/settings/apps/new' : `/organizations/${organization}/settings/apps/new`;
    const manifest = manifestOf(app, {
      organization,
      ...(which === 'main' && { address }),
      back: `${parts.origin()}/created`,
    });
    return shown({
      at: which === 'main' ? 0 : 2,
      title: 'Confirm on GitHub',
      body: handOverView(`${webOf(host)}${place}?state=${asked.state}`, manifest, organization),
    });
  }

  async function askForApp(fields: URLSearchParams): Promise<Shown> {
    const field = (name: string): string => (fields.get(name) ?? '').trim();
    wishes = { organization: field('organization'), host: field('host'), address: field('address') };
    const host = wishes.host || (environment()['GHE_HOST'] ?? '');
    const problems = wishProblems({ ...wishes, host });
    if (problems.length > 0) return show(problems);
    return progress().step === 'app' ? handOver('main', mainApp()) : show();
  }

  async function askForGrantsApp(fields: URLSearchParams): Promise<Shown> {
    const organization = (fields.get('organization') ?? '').trim();
    const address = 'https://is.not.asked';
    const problems = wishProblems({ organization, host: '', address });
    if (problems.length > 0 || organization === '')
      return show(['Name the organisation whose teams or repositories it is for.']);
    wishes = { organization, host: '', address };
    return progress().step === 'grants' ? handOver('grants', grantsApp()) : show();
  }

  async function created(query: URLSearchParams): Promise<Shown> {
    const expected = asked;
    asked = undefined;
    const code = query.get('code') ?? '';
    if (expected === undefined || code === '' || !same(query.get('state') ?? '', expected.state))
      return show(['GitHub’s answer is not to what was asked here last. Begin this step again.']);
    try {
      const { host } = expected.wishes;
      const made = await convert(code, { fetch: parts.fetch, baseUrl: baseUrlOf(host) });
      return await keep(made, expected);
    } catch (error) {
      return show([describe(error)]);
    }
  }

  /** The key first: GitHub gives it this once. */
  async function keep(made: MadeApp, { which, wishes: { host } }: Asked): Promise<Shown> {
    const key = file.keep(`countersign-app-${made.id}.pem`, made.privateKey);
    const id = String(made.id);
    if (which === 'grants') {
      file.add({ COUNTERSIGN_GRANTS_APP_ID: id, COUNTERSIGN_GRANTS_PRIVATE_KEY_PATH: key });
      grantsInstallUrl = `${made.htmlUrl}/installations/new`;
      return { redirect: '/' };
    }
    const secret = made.webhookSecret;
    file.add({
      ...(host !== '' && !isHostKnown() && { GHE_HOST: host }),
      APP_ID: id,
      PRIVATE_KEY_PATH: key,
      ...(secret !== undefined && { WEBHOOK_SECRET: secret }),
    });
    return { redirect: '/' };
  }

  async function chooseDesks(fields: URLSearchParams): Promise<Shown> {
    const desks = fields.getAll('repository').filter((each) => /^[\w.-]+\/[\w.-]+#[0-9]+$/.test(each));
    if (desks.length === 0) return show(['Choose at least one repository.']);
    const isSealed = (environment()['COUNTERSIGN_SEALING_KEY'] ?? '') !== '';
    try {
      file.add({
        COUNTERSIGN_DESKS: desks.join(' '),
        ...(!isSealed && { COUNTERSIGN_SEALING_KEY: randomBytes(32).toString('base64') }),
      });
    } catch (error) {
      return show([describe(error)]);
    }
    return { redirect: '/' };
  }

  async function takeSlackTokens(fields: URLSearchParams): Promise<Shown> {
    const problems = await slack.take(fields);
    return problems.length > 0 ? show(problems) : { redirect: '/' };
  }

  return {
    show: () => show(),
    created,
    async take(action, fields) {
      switch (action) {
        case '/app':
          return askForApp(fields);
        case '/desk':
          return chooseDesks(fields);
        case '/grants':
          return askForGrantsApp(fields);
        case '/no-grants':
          isGrantsDeclined = true;
          return { redirect: '/' };
        case '/slack':
          return show(slack.ask(fields));
        case '/slack-tokens':
          return takeSlackTokens(fields);
        case '/no-slack':
          isSlackDeclined = true;
          return { redirect: '/' };
        case '/finish':
          parts.finish();
          return shown({ at: steps.length, title: 'All is set', body: goodbyeView() });
        default:
          return undefined;
      }
    },
  };
}
