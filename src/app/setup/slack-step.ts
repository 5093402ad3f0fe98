// The Slack half of setup: a link that makes the app there, for whoever may, and the tokens that come of it, checked.
import type { SlackIdentity } from '../../clients/slack/answers.ts';
import { createSlackApp } from '../../clients/slack/slack-app.ts';
import { askForSocket } from '../../clients/slack/socket-mode.ts';
import { describe } from '../../engine/engine.ts';
import { missingScopes } from '../doctor/slack-checks.ts';
import type { Environment } from '../settings.ts';
import { defaultCommand, isCommand, manifestLink, type SlackManifestWishes } from '../slack-manifest.ts';
import { readSlack, type SlackSettings } from '../slack-settings.ts';
import type { EnvFile } from './env-file.ts';
import type { Html } from './page.ts';
import type { SetupParts } from './setup.ts';
import { slackView } from './slack-view.ts';
import { addressProblems } from './wishes.ts';

export interface SlackStepParts extends Pick<SetupParts, 'fetch' | 'clock' | 'log'> {
  readonly file: EnvFile;
  readonly environment: () => Environment;
}

export interface SlackStep {
  /** `address` is what GitHub was told, where that was just now. */
  view(address: string): Html;
  /** Makes the link. Sentences for what is wrong. */
  ask(fields: URLSearchParams): readonly string[];
  /** Takes the tokens, asks Slack about them and keeps them. Sentences for what is wrong. */
  take(fields: URLSearchParams): Promise<readonly string[]>;
  /** Where the tokens led, once they were taken. */
  readonly workspace: string | undefined;
}

const asked = ['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET', 'SLACK_APP_TOKEN'];

export function createSlackStep({ file, environment, ...around }: SlackStepParts): SlackStep {
  let wishes: SlackManifestWishes | undefined;
  let workspace: string | undefined;

  async function look({ apiUrl, connections }: SlackSettings): Promise<SlackIdentity> {
    const where = apiUrl === undefined ? {} : { apiUrl };
    const [connection] = createSlackApp({ ...around, ...where, connections }).connections;
    if (connection === undefined) throw new Error('There is no token.');
    const identity = await connection.identity();
    const token = connections[0]?.appToken;
    if (token !== undefined) await askForSocket({ ...around, ...where, token, variable: 'SLACK_APP_TOKEN' });
    return identity;
  }

  return {
    get workspace() {
      return workspace;
    },
    view: (address) =>
      slackView({
        command: wishes?.command ?? defaultCommand,
        address: wishes?.address ?? address,
        isSocket: wishes !== undefined && wishes.address === undefined,
        ...(wishes && { link: manifestLink(wishes) }),
      }),
    ask(fields) {
      const field = (name: string): string => (fields.get(name) ?? '').trim();
      const isSocket = field('way') === 'socket';
      const [command, address] = [field('command'), field('address')];
      const problems = [
        ...(isCommand(command)
          ? []
          : ['The command begins with a slash, and has small letters, digits and dashes: /access.']),
        ...(isSocket ? [] : addressProblems(address, 'Slack')),
      ];
      if (problems.length === 0) wishes = isSocket ? { command } : { command, address };
      return problems;
    },
    async take(fields) {
      const values = Object.fromEntries(
        asked.flatMap((name) => {
          const value = (fields.get(name) ?? '').trim();
          return value === '' ? [] : [[name, value]];
        }),
      );
      if (Object.keys(values).length === 0) return ['Enter the tokens of the Slack app.'];
      const problems: string[] = [];
      const { SLACK_API_URL } = environment();
      const slack = readSlack({ ...values, SLACK_API_URL }, problems);
      if (slack === undefined || problems.length > 0) return problems;
      try {
        const identity = await look(slack);
        const missing = missingScopes(identity);
        if (missing.length > 0)
          return [
            `The token for ${identity.teamName} lacks ${missing.join(', ')}. Add them on the Slack app’s page “OAuth & Permissions”, and install the app again.`,
          ];
        file.add(values);
        workspace = identity.teamName;
        return [];
      } catch (error) {
        return [describe(error)];
      }
    },
  };
}
