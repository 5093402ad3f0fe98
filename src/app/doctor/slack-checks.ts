// Step 7: does Slack know our tokens, which workspaces are they for, may the app do there what it needs and no more, and is it where the desks want it?
import type { SlackIdentity } from '../../clients/slack/answers.ts';
import { slackPace } from '../../clients/slack/pace.ts';
import { createSlackApp } from '../../clients/slack/slack-app.ts';
import { askForSocket } from '../../clients/slack/socket-mode.ts';
import { variableOf } from '../../clients/slack/variable-of.ts';
import type { Desk } from '../../desk/desk.ts';
import type { Fetch } from '../../clients/http/fetch.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Log } from '../../engine/ports/log.ts';
import type { Environment } from '../settings.ts';
import { slackPath } from '../slack-door.ts';
import { slackScopes } from '../slack-manifest.ts';
import { readSlack, type SlackConnectionSetting, type SlackSettings } from '../slack-settings.ts';
import { failure, ok, skipped, warning, type Check, type Finding } from './finding.ts';
import { deskChannelFindings } from './slack-desk-checks.ts';

export interface SlackCheckParts {
  readonly environment: Environment;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** Those that could be read, by their names. */
  readonly desks: ReadonlyMap<string, Desk>;
}

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
/** Somebody sits and waits. */
const pace = { ...slackPace, tries: 1, patience: 10_000 };

export function slackChecks(parts: SlackCheckParts): readonly Check[] {
  const problems: string[] = [];
  const slack = readSlack(parts.environment, problems);
  const check = (name: string, look: Check['look']): Check => ({ step: 7, name, look });
  if (problems.length > 0)
    return [check('Slack', async () => [skipped('its settings are not whole: step 5')])];
  if (slack === undefined)
    return [check('Slack', async () => [ok('is not set up: GitHub alone is the door')])];
  const app = createSlackApp({ ...parts, ...slack, log: silent, pace });
  const identities = new Map<string, SlackIdentity>();
  const ofDesks = [...parts.desks].map(([name, desk]) =>
    check(`${name} channels`, () => deskChannelFindings(desk, app)),
  );
  const ofConnections = slack.connections.flatMap((setting, index) => {
    const connection = app.connections[index];
    if (connection === undefined) return [];
    const title = (what: string): string =>
      setting.name === undefined ? what : `${what} of ${setting.name}`;
    return [
      check(title('Workspace'), async () => {
        const identity = await connection.identity();
        const twin = [...identities].find(([, { team }]) => team === identity.team)?.[0];
        identities.set(connection.name, identity);
        return [workspaceFinding(identity, variableOf('SLACK_BOT_TOKEN', connection.name), twin)];
      }),
      check(title('Scopes'), async () => scopeFindings(await connection.identity())),
      check(title('Hearing'), () => hearingFindings(parts, slack, setting)),
    ];
  });
  return [...ofConnections, ...ofDesks];
}

function workspaceFinding(
  { team, teamName, url }: SlackIdentity,
  variable: string,
  twin: string | undefined,
): Finding {
  if (twin === undefined) return ok(`the app is in ${teamName} (${team}), ${url}`);
  return failure(
    `${variable} is for ${teamName} (${team}), as ${variableOf('SLACK_BOT_TOKEN', twin)} is`,
    'Each connection is another workspace: remove one of them.',
  );
}

/** What the manifest asks for, against what the token has. Exported for setup, which refuses a token that lacks some. */
export function missingScopes({ scopes }: SlackIdentity): readonly string[] {
  return scopes === undefined ? [] : Object.keys(slackScopes).filter((scope) => !scopes.includes(scope));
}

function scopeFindings(identity: SlackIdentity): readonly Finding[] {
  const { scopes } = identity;
  if (scopes === undefined) return [skipped('Slack does not say which scopes the token has')];
  const missing = missingScopes(identity);
  const spare = scopes.filter((scope) => !(scope in slackScopes));
  if (missing.length + spare.length === 0) return [ok('it has the scopes that it needs, and no more')];
  return [
    ...(missing.length > 0
      ? [
          failure(
            `it lacks ${missing.join(', ')}`,
            'Add them on the Slack app’s page “OAuth & Permissions”, and install the app again.',
          ),
        ]
      : []),
    ...(spare.length > 0
      ? [
          warning(
            `it has more than it needs: ${spare.join(', ')}`,
            'Take them away on the Slack app’s page “OAuth & Permissions”, and install the app again.',
          ),
        ]
      : []),
  ];
}

async function hearingFindings(
  parts: SlackCheckParts,
  { apiUrl }: SlackSettings,
  { name, appToken }: SlackConnectionSetting,
): Promise<readonly Finding[]> {
  if (appToken === undefined)
    return [
      ok(`Slack is to deliver to https://YOUR-ADDRESS${slackPath(name)}, and there is a secret for it`),
    ];
  await askForSocket({
    ...parts,
    ...{ token: appToken, variable: variableOf('SLACK_APP_TOKEN', name ?? ''), log: silent, pace },
    ...(apiUrl !== undefined && { apiUrl }),
  });
  return [ok('Slack opens a connection by Socket Mode')];
}
