// Reads Slack's variables: one connection for each workspace, told apart by what follows their names.
import { variableOf } from '../clients/slack/variable-of.ts';
import type { Environment } from './settings.ts';

export interface SlackSettings {
  /** `https://slack.com/api/` unless said. */
  readonly apiUrl?: string;
  /** At least one; the one without a name comes first. */
  readonly connections: readonly SlackConnectionSetting[];
}

/** Our app in one workspace. It hears either by HTTP or by Socket Mode. */
export interface SlackConnectionSetting {
  /** `customer`, of `SLACK_BOT_TOKEN_CUSTOMER`; absent for the one without a suffix. */
  readonly name?: string;
  readonly botToken: string;
  /** HTTP: what Slack signs deliveries with. */
  readonly signingSecret?: string;
  /** Socket Mode: what a connection is opened with. */
  readonly appToken?: string;
}

const slackVariable = /^SLACK_(BOT_TOKEN|SIGNING_SECRET|APP_TOKEN)(?:_(.+))?$/;

/** Whether this is one of Slack’s variables of ours; others that begin with `SLACK_` are somebody else’s. */
export function isSlackName(name: string): boolean {
  return name === 'SLACK_API_URL' || slackVariable.test(name);
}

/** Undefined where Slack is not set up. */
export function readSlack(environment: Environment, problems: string[]): SlackSettings | undefined {
  const suffixes = suffixesOf(environment, problems);
  const apiUrl = readApiUrl(environment, suffixes, problems);
  const connections = suffixes.flatMap((suffix) => readConnection(environment, suffix, problems) ?? []);
  for (const [index, { botToken, name = '' }] of connections.entries())
    if (connections.slice(0, index).some((other) => other.botToken === botToken))
      problems.push(
        `${variableOf('SLACK_BOT_TOKEN', name)} is the token of another connection. Each workspace has one of its own.`,
      );
  if (connections.length === 0) return undefined;
  return { ...(apiUrl !== undefined && { apiUrl }), connections };
}

function suffixesOf(environment: Environment, problems: string[]): readonly string[] {
  const found = new Set<string>();
  for (const variable of Object.keys(environment).sort()) {
    const [matched, , suffix = ''] = slackVariable.exec(variable) ?? [];
    if (matched === undefined || valueOf(environment, variable) === undefined) continue;
    if (suffix === '' || /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(suffix)) found.add(suffix);
    else
      problems.push(
        `${variable} ends in what is no name. Name a further workspace in capitals, such as SLACK_BOT_TOKEN_CUSTOMER.`,
      );
  }
  return [...found].sort();
}

function readConnection(
  environment: Environment,
  suffix: string,
  problems: string[],
): SlackConnectionSetting | undefined {
  const end = suffix === '' ? '' : `_${suffix}`;
  const [tokenName, secretName, appName] = [
    `SLACK_BOT_TOKEN${end}`,
    `SLACK_SIGNING_SECRET${end}`,
    `SLACK_APP_TOKEN${end}`,
  ];
  const [botToken, signingSecret, appToken] = [tokenName, secretName, appName].map((name) =>
    valueOf(environment, name),
  );
  const before = problems.length;
  if (botToken === undefined)
    problems.push(
      `${tokenName} is not set. Set it to the bot token of the Slack app, which begins with xoxb-.`,
    );
  else if (!/^xoxb-\S+$/.test(botToken))
    problems.push(
      `${tokenName} is no bot token. It begins with xoxb-, and is shown on the Slack app’s page “OAuth & Permissions”.`,
    );
  if (appToken !== undefined && !/^xapp-\S+$/.test(appToken))
    problems.push(
      `${appName} is no app-level token. It begins with xapp-, and is made on the Slack app’s page “Basic Information”.`,
    );
  if (signingSecret !== undefined && !/^(?!xox|xapp)[\w-]{8,}$/.test(signingSecret))
    problems.push(
      `${secretName} is no signing secret. It is shown on the Slack app’s page “Basic Information”, and is no token.`,
    );
  if (signingSecret === undefined && appToken === undefined)
    problems.push(
      `${secretName} is not set. Set it for HTTP, or ${appName} for Socket Mode: without one, nothing that people do in Slack is heard.`,
    );
  if (signingSecret !== undefined && appToken !== undefined)
    problems.push(
      `${secretName} and ${appName} are both set. Keep the first for HTTP, or the second for Socket Mode: Slack delivers one way alone.`,
    );
  if (botToken === undefined || problems.length > before) return undefined;
  return {
    ...(suffix !== '' && { name: nameOf(suffix) }),
    botToken,
    ...(signingSecret !== undefined && { signingSecret }),
    ...(appToken !== undefined && { appToken }),
  };
}

/** Tokens and messages go there: in the clear, to this machine alone. */
function readApiUrl(
  environment: Environment,
  suffixes: readonly string[],
  problems: string[],
): string | undefined {
  const text = valueOf(environment, 'SLACK_API_URL');
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '');
  const isFit = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal);
  if (!isFit || url.username || url.search || url.hash)
    problems.push(
      'SLACK_API_URL is no address over HTTPS. Leave it out for slack.com; an emulator on this machine may have http://127.0.0.1:PORT/api/.',
    );
  else if (suffixes.length === 0)
    problems.push('SLACK_API_URL is set, and SLACK_BOT_TOKEN is not. Set both or neither.');
  return text.endsWith('/') ? text : `${text}/`;
}

function nameOf(suffix: string): string {
  return suffix.toLowerCase().replaceAll('_', '-');
}

function valueOf(environment: Environment, name: string): string | undefined {
  const text = environment[name]?.trim();
  return text === '' ? undefined : text;
}
