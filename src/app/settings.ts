// The one place that reads the environment: every variable of `variables.ts`, checked once, with a sentence where one is wrong or missing.
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deskId, type DeskId } from '../domain/names.ts';
import { rangeOf } from '../clients/http/guarded-fetch.ts';
import { readAws, type AwsSettings } from './aws-settings.ts';
import { readCodeRepositories, type CodeRepository } from './code-settings.ts';
import type { Redirection } from './endpoints.ts';
import { readMail, type MailSettings } from './mail-settings.ts';
import { readSecrets, type SecretSetting } from './secrets/secret-settings.ts';
import { isSlackName, readSlack, type SlackSettings } from './slack-settings.ts';
import { isFromKubernetes, unknownNames } from './unknown-names.ts';

export interface Settings {
  readonly app: AppCredentials;
  readonly webhookSecret: string;
  /** The second app, whose installations may change teams and collaborators. */
  readonly grantsApp?: AppCredentials;
  /** GitHub's REST API; `https://HOST/api/v3` on GitHub Enterprise Server. */
  readonly baseUrl: string;
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
  readonly logFormat: LogFormat;
  readonly desks: readonly DeskSetting[];
  readonly dataFolder: string;
  /** Encrypts what a strategy needs to undo its work. */
  readonly sealingKey?: string;
  readonly secrets: readonly SecretSetting[];
  /** Outside addresses that are to be reached elsewhere. */
  readonly endpoints: readonly Redirection[];
  /** Hosts, addresses and ranges of this machine and its network that a desk may reach. */
  readonly privateHosts: readonly string[];
  readonly aws: AwsSettings;
  /** What code of desks may read on GitHub besides its own desk. */
  readonly codeRepositories: readonly CodeRepository[];
  /** Absent where Slack is not set up. */
  readonly slack?: SlackSettings;
  /** Absent where mail is not set up. */
  readonly mail?: MailSettings;
  /** The file of the sandbox's clock: only ever there where GitHub is the sandbox on this machine. */
  readonly sandboxClock?: string;
}

export interface AppCredentials {
  readonly appId: number;
  readonly privateKey: string;
}

export interface DeskSetting {
  readonly id: DeskId;
  /** For people only; the id decides. */
  readonly name: string;
  readonly acceptedRisks: readonly RiskName[];
}

const logLevels: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

const logFormats = ['pretty', 'json'] as const;
/** For eyes, or a line of JSON each. */
export type LogFormat = (typeof logFormats)[number];

const riskNames = ['public-desk', 'unreviewed-flows'] as const;
export type RiskName = (typeof riskNames)[number];

export type Environment = { readonly [name: string]: string | undefined };

export type SettingsRead =
  | { readonly settings: Settings }
  /** Sentences: which variable, why, and what to set. */
  | { readonly problems: readonly string[] }
  /** Nothing of ours is set at all: the sandbox may start. */
  | { readonly nothingSet: true };

export function readSettings(environment: Environment): SettingsRead {
  if (!Object.keys(environment).some((name) => isOurs(name) && isSet(environment[name])))
    return { nothingSet: true };
  const problems = [...unknownNames(environment)];
  const app = readApp(environment, '', problems);
  const grantsApp = grantsNames.some((name) => isSet(environment[name]))
    ? readApp(environment, 'COUNTERSIGN_GRANTS_', problems)
    : undefined;
  const webhookSecret = required(
    environment,
    'WEBHOOK_SECRET',
    'the secret that GitHub signs webhooks with',
    problems,
  );
  const desks = readDesks(environment, problems);
  const port = readPort(environment, problems);
  const baseUrl = readBaseUrl(environment, problems);
  const logLevel = readLogLevel(environment, problems);
  const logFormat = readLogFormat(environment, problems);
  const sealingKey = readSealingKey(environment, problems);
  const secrets = readSecrets(environment, desks, problems);
  const endpoints = readEndpoints(environment, problems);
  const privateHosts = readPrivateHosts(environment, problems);
  const aws = readAws(environment, desks, problems);
  const codeRepositories = readCodeRepositories(environment, desks, problems);
  const slack = readSlack(environment, problems);
  const mail = readMail(environment, problems);
  const sandboxClock = readSandboxClock(environment, problems);
  if (problems.length > 0 || app === undefined || webhookSecret === undefined) return { problems };
  return {
    settings: {
      app,
      webhookSecret,
      ...(grantsApp && { grantsApp }),
      baseUrl,
      // Set and empty, it would be every address of the machine.
      host: isSet(environment['HOST']) ? environment['HOST'] : '127.0.0.1',
      port,
      logLevel,
      logFormat,
      desks,
      dataFolder: dataFolderOf(environment),
      ...(sealingKey !== undefined && { sealingKey }),
      secrets,
      endpoints,
      privateHosts,
      aws,
      codeRepositories,
      ...(slack && { slack }),
      ...(mail && { mail }),
      ...(sandboxClock !== undefined && { sandboxClock }),
    },
  };
}

/** What a command needs that looks at a desk on GitHub and nowhere else. */
export function readGitHubSettings(
  environment: Environment,
):
  | { readonly settings: Pick<Settings, 'app' | 'baseUrl' | 'desks'> }
  | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  const app = readApp(environment, '', problems);
  const desks = readDesks(environment, problems);
  const baseUrl = readBaseUrl(environment, problems);
  return problems.length > 0 || app === undefined ? { problems } : { settings: { app, baseUrl, desks } };
}

/** Also where nothing else can be read. */
export function dataFolderOf(environment: Environment): string {
  const folder = environment['COUNTERSIGN_DATA'];
  return isSet(folder) ? folder : '.countersign';
}

const grantsNames = [
  'COUNTERSIGN_GRANTS_APP_ID',
  'COUNTERSIGN_GRANTS_PRIVATE_KEY',
  'COUNTERSIGN_GRANTS_PRIVATE_KEY_PATH',
];
const credentialNames = ['APP_ID', 'PRIVATE_KEY', 'PRIVATE_KEY_PATH', 'WEBHOOK_SECRET', 'GHE_HOST'];

/** Set any of these and the sandbox does not start: half a configuration is a mistake, not a wish for a demonstration. */
function isOurs(name: string): boolean {
  if (name === 'COUNTERSIGN_DATA' || isFromKubernetes(name)) return false;
  return credentialNames.includes(name) || name.startsWith('COUNTERSIGN_') || isSlackName(name);
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== '';
}

function required(
  environment: Environment,
  name: string,
  what: string,
  problems: string[],
): string | undefined {
  const value = environment[name];
  if (isSet(value)) return value;
  problems.push(`${name} is not set. Set it to ${what}.`);
  return undefined;
}

/** One of the two apps, by the prefix of its variables. */
export function readApp(
  environment: Environment,
  prefix: string,
  problems: string[],
): AppCredentials | undefined {
  const id = required(environment, `${prefix}APP_ID`, 'the numeric id of the GitHub App', problems);
  if (id !== undefined && !/^[0-9]+$/.test(id.trim()))
    problems.push(`${prefix}APP_ID is not a number. It is the “App ID” on the app’s settings page.`);
  const privateKey = readKey(environment, `${prefix}PRIVATE_KEY`, problems);
  return id !== undefined && privateKey !== undefined ? { appId: Number(id), privateKey } : undefined;
}

function readKey(environment: Environment, name: string, problems: string[]): string | undefined {
  const path = environment[`${name}_PATH`];
  const text = isSet(environment[name])
    ? environment[name]
    : isSet(path)
      ? readFile(path, `${name}_PATH`, problems)
      : undefined;
  if (text === undefined) {
    if (!isSet(path))
      problems.push(
        `${name} is not set. Set it to the private key in PEM, or ${name}_PATH to a file that holds it.`,
      );
    return undefined;
  }
  // A key in one line, as most secret stores keep it.
  const key = text.includes('\\n') ? text.replaceAll('\\n', '\n') : text;
  const pem = [key, Buffer.from(key, 'base64').toString()].find(isPrivateKey);
  if (pem === undefined)
    problems.push(
      `${name} is no whole private key. It begins with “-----BEGIN RSA PRIVATE KEY-----” and ends likewise.`,
    );
  return pem;
}

function isPrivateKey(text: string): boolean {
  try {
    return createPrivateKey(text).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}

function readFile(path: string, name: string, problems: string[]): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    problems.push(`${name} names a file that cannot be read. Check the path and its permissions.`);
    return undefined;
  }
}

function readDesks(environment: Environment, problems: string[]): readonly DeskSetting[] {
  const text = required(
    environment,
    'COUNTERSIGN_DESKS',
    'the repositories to serve, such as acme/access#4711',
    problems,
  );
  const accepted = readRisks(environment, problems);
  const desks = words(text).flatMap((word) => {
    const [, name, id] = /^([\w.-]+\/[\w.-]+)#([0-9]+)$/.exec(word) ?? [];
    if (name === undefined || id === undefined) {
      problems.push(
        `COUNTERSIGN_DESKS has “${word}”, which is not owner/name#id. The id pins the repository: gh api repos/OWNER/NAME --jq .id prints it. In .env it stands in quotes.`,
      );
      return [];
    }
    return [{ id: deskId('github', id), name, acceptedRisks: accepted.get(name) ?? [] }];
  });
  for (const name of accepted.keys())
    if (!desks.some((desk) => desk.name === name))
      problems.push(`COUNTERSIGN_ACCEPTED_RISKS names ${name}, which is not in COUNTERSIGN_DESKS.`);
  return desks;
}

function readRisks(environment: Environment, problems: string[]): ReadonlyMap<string, readonly RiskName[]> {
  const accepted = new Map<string, readonly RiskName[]>();
  for (const word of words(environment['COUNTERSIGN_ACCEPTED_RISKS'])) {
    const [desk, risks, more] = word.split('=');
    const named = (risks ?? '').split('+').flatMap((risk) => riskNames.find((name) => name === risk) ?? []);
    if (desk && named.length === risks?.split('+').length && more === undefined) accepted.set(desk, named);
    else
      problems.push(
        `COUNTERSIGN_ACCEPTED_RISKS has “${word}”, which is not owner/name=risk+risk. The risks are ${riskNames.join(' and ')}.`,
      );
  }
  return accepted;
}

function readPort(environment: Environment, problems: string[]): number {
  const text = environment['PORT'];
  if (!isSet(text)) return 3000;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  problems.push('PORT is not a number from 0 to 65535.');
  return 3000;
}

/** GitHub’s REST API, wherever it is. */
export function readBaseUrl(environment: Environment, problems: string[]): string {
  const host = environment['GHE_HOST'];
  if (!isSet(host)) return 'https://api.github.com';
  const protocol = environment['GHE_PROTOCOL'] ?? 'https';
  if (protocol !== 'https' && protocol !== 'http') problems.push('GHE_PROTOCOL is neither https nor http.');
  if (!/^[\w.-]+(:[0-9]+)?$/.test(host))
    problems.push('GHE_HOST is no host. Set it to the name alone, such as github.acme.com.');
  return `${protocol}://${host}/api/v3`;
}

/** A clock that somebody can push would end deadlines early, or let tokens live on: never beside a real GitHub. */
function readSandboxClock(environment: Environment, problems: string[]): string | undefined {
  const file = environment['COUNTERSIGN_SANDBOX_CLOCK'];
  if (!isSet(file)) return undefined;
  if (/^(127\.0\.0\.1|localhost)(:[0-9]+)?$/.test(environment['GHE_HOST'] ?? '')) return file;
  problems.push(
    'COUNTERSIGN_SANDBOX_CLOCK is for the sandbox alone, and GHE_HOST is not this machine. Leave it out.',
  );
  return undefined;
}

function readLogLevel(environment: Environment, problems: string[]): string {
  const level = environment['LOG_LEVEL'];
  if (!isSet(level)) return 'info';
  if (!logLevels.includes(level)) problems.push(`LOG_LEVEL is none of ${logLevels.join(', ')}.`);
  return level;
}

function readLogFormat(environment: Environment, problems: string[]): LogFormat {
  const text = environment['LOG_FORMAT'];
  if (!isSet(text)) return 'pretty';
  const format = logFormats.find((each) => each === text);
  if (format === undefined) problems.push(`LOG_FORMAT is neither ${logFormats.join(' nor ')}.`);
  return format ?? 'pretty';
}

function readSealingKey(environment: Environment, problems: string[]): string | undefined {
  const text = environment['COUNTERSIGN_SEALING_KEY'];
  if (!isSet(text)) return undefined;
  if (Buffer.from(text, 'base64').length !== 32)
    problems.push(
      'COUNTERSIGN_SEALING_KEY is not 32 bytes in base64. Make one with: openssl rand -base64 32',
    );
  return text;
}

function words(text: string | undefined): readonly string[] {
  return (text ?? '').split(/[\s,]+/).filter((word) => word !== '');
}

function readEndpoints(environment: Environment, problems: string[]): readonly Redirection[] {
  return words(environment['COUNTERSIGN_ENDPOINTS']).flatMap((word) => {
    const [from, to, more] = word.split('=');
    if (from && to && more === undefined && URL.canParse(from) && URL.canParse(to)) return [{ from, to }];
    problems.push('COUNTERSIGN_ENDPOINTS has an entry that is not https://from=https://to.');
    return [];
  });
}

function readPrivateHosts(environment: Environment, problems: string[]): readonly string[] {
  const entries = words(environment['COUNTERSIGN_PRIVATE_HOSTS']);
  for (const entry of entries)
    if (rangeOf(entry) === undefined && !/^[A-Za-z0-9][A-Za-z0-9.-]*[A-Za-z][A-Za-z0-9.-]*$/.test(entry))
      problems.push(
        `COUNTERSIGN_PRIVATE_HOSTS has “${entry}”, which is no host, no address and no range such as 10.1.0.0/16.`,
      );
  return entries;
}
