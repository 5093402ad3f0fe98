import { afterEach, beforeEach, expect, test } from 'vitest';
import { startSmallSlack, type SmallSlack } from '../../../test/small-slack.ts';
import type { Environment } from '../settings.ts';
import { slackScopes } from '../slack-manifest.ts';
import { systemClock } from '../system.ts';
import { lookAt } from './finding.ts';
import { slackChecks } from './slack-checks.ts';

const all = Object.keys(slackScopes).join(',');
let slack: SmallSlack;
beforeEach(async () => {
  slack = await startSmallSlack({
    'xoxb-acme': { team: 'T07ACME00', scopes: all },
    'xoxb-again': { team: 'T07ACME00', scopes: all },
    'xoxb-less': { team: 'T9CUST000', scopes: `${all.replace('commands,', '')},admin` },
  });
});
afterEach(() => slack.stop());

const http: Environment = { SLACK_BOT_TOKEN: 'xoxb-acme', SLACK_SIGNING_SECRET: 'abcdef0123456789' };

/** `ok Workspace: what it says` */
async function found(environment: Environment): Promise<readonly string[]> {
  const checks = slackChecks({
    environment: { ...environment, ...(environment['SLACK_BOT_TOKEN'] && { SLACK_API_URL: slack.apiUrl }) },
    fetch: globalThis.fetch,
    clock: systemClock,
    desks: new Map(),
  });
  const lines: string[] = [];
  for (const check of checks)
    for (const { mark, says } of await lookAt(check, systemClock))
      lines.push(`${mark} ${check.name}: ${says}`);
  return lines;
}

test('all is well over HTTP', async () => {
  expect(await found(http)).toEqual([
    'ok Workspace: the app is in Acme (T07ACME00), https://acme.slack.com/',
    'ok Scopes: it has the scopes that it needs, and no more',
    'ok Hearing: Slack is to deliver to https://YOUR-ADDRESS/api/slack/events, and there is a secret for it',
  ]);
});

test('by Socket Mode a connection is asked for, and none is opened', async () => {
  const socket = { SLACK_BOT_TOKEN: 'xoxb-acme', SLACK_APP_TOKEN: 'xapp-good' };
  expect((await found(socket)).at(-1)).toBe('ok Hearing: Slack opens a connection by Socket Mode');
  expect((await found({ ...socket, SLACK_APP_TOKEN: 'xapp-bad' })).at(-1)).toMatch(
    /^failure Hearing: Slack, apps\.connections\.open: SLACK_APP_TOKEN is not accepted\. Make an app-level token/,
  );
});

test('without Slack nothing is missing, and where its settings are wrong nothing is asked', async () => {
  expect(await found({})).toEqual(['ok Slack: is not set up: GitHub alone is the door']);
  expect(await found({ SLACK_BOT_TOKEN: 'xoxb-acme' })).toEqual([
    'skipped Slack: its settings are not whole: step 5',
  ]);
  expect(slack.asked).toEqual([]);
});

test('a token that nobody knows, and one that lacks a scope and has another', async () => {
  const [first] = await found({ ...http, SLACK_BOT_TOKEN: 'xoxb-unknown' });
  expect(first).toMatch(/^failure Workspace: Slack, auth\.test: SLACK_BOT_TOKEN is not accepted\. Install/);
  expect(await found({ ...http, SLACK_BOT_TOKEN: 'xoxb-less' })).toEqual(
    expect.arrayContaining([
      'failure Scopes: it lacks commands',
      'warning Scopes: it has more than it needs: admin',
    ]),
  );
});

test('a second connection that leads to the same workspace', async () => {
  const second = { SLACK_BOT_TOKEN_B: 'xoxb-again', SLACK_APP_TOKEN_B: 'xapp-good' };
  expect(await found({ ...http, ...second })).toContain(
    'failure Workspace of b: SLACK_BOT_TOKEN_B is for Acme (T07ACME00), as SLACK_BOT_TOKEN is',
  );
});
