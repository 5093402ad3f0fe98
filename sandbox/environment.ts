// The environment variables that point the app at this sandbox.
import type { GitHub } from './github/github.ts';
import type { Slack } from './slack/slack.ts';
import type { World } from './world.ts';

export function environmentOf(github: GitHub, world: World, port: number): Readonly<Record<string, string>> {
  const { state } = github;
  const [main, grants] = world.apps.map((one) => state.apps.get(one.id));
  if (!main) throw new Error('This world has no app.');
  const [owner = '', name = ''] = world.desk.split('/');
  const desk = github.repository(owner, name);
  return {
    APP_ID: String(main.id),
    PRIVATE_KEY: main.private_key,
    WEBHOOK_SECRET: main.webhook_secret,
    GHE_HOST: `127.0.0.1:${port}`,
    GHE_PROTOCOL: 'http',
    ...(grants
      ? {
          COUNTERSIGN_GRANTS_APP_ID: String(grants.id),
          COUNTERSIGN_GRANTS_PRIVATE_KEY: grants.private_key,
        }
      : {}),
    COUNTERSIGN_DESKS: `${world.desk}#${desk?.id ?? 0}`,
    COUNTERSIGN_SECRET_VAULT_TOKEN: state.secrets.get('vault-token')?.value ?? '',
    COUNTERSIGN_SECRET_VAULT_TOKEN_FOR: 'vault.acme.com',
    COUNTERSIGN_ENDPOINTS: `https://vault.acme.com/v1=http://127.0.0.1:${port}/service/vault`,
  };
}

/** The same for the embedded Slack. */
export function slackEnvironment(slack: Slack): Readonly<Record<string, string>> {
  const [app] = slack.state.apps.all();
  if (!app) throw new Error('This Slack has no app.');
  return {
    SLACK_BOT_TOKEN: app.bot_token,
    SLACK_SIGNING_SECRET: app.signing_secret,
    SLACK_API_URL: slack.apiUrl,
  };
}
