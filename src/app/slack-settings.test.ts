import { describe, expect, test } from 'vitest';
import { readSettings, type Environment } from './settings.ts';
import { readSlack, type SlackSettings } from './slack-settings.ts';
import { variables } from './variables.ts';

const http: Environment = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'abcdef0123456789' };

function settings(environment: Environment): SlackSettings | undefined {
  const problems: string[] = [];
  const read = readSlack(environment, problems);
  expect(problems).toEqual([]);
  return read;
}

function problems(environment: Environment): readonly string[] {
  const found: string[] = [];
  readSlack(environment, found);
  return found;
}

describe('Slack', () => {
  test('is not set up where nothing is said of it', () => {
    expect(settings({ SLACK_WEBHOOK_URL: 'somebody else’s', SLACK_BOT_TOKEN: ' ' })).toBeUndefined();
    expect(readSettings({ SLACK_WEBHOOK_URL: 'somebody else’s' })).toEqual({ nothingSet: true });
  });

  test('is heard over HTTP, or by Socket Mode', () => {
    expect(settings(http)).toEqual({
      connections: [{ botToken: 'xoxb-1', signingSecret: 'abcdef0123456789' }],
    });
    expect(settings({ SLACK_BOT_TOKEN: ' xoxb-1 ', SLACK_APP_TOKEN: 'xapp-1' })).toEqual({
      connections: [{ botToken: 'xoxb-1', appToken: 'xapp-1' }],
    });
  });

  test('may be several workspaces, each by its name', () => {
    const more = { SLACK_BOT_TOKEN_BIG_CUSTOMER: 'xoxb-2', SLACK_APP_TOKEN_BIG_CUSTOMER: 'xapp-2' };
    expect(settings({ ...more, ...http })?.connections).toEqual([
      { botToken: 'xoxb-1', signingSecret: 'abcdef0123456789' },
      { name: 'big-customer', botToken: 'xoxb-2', appToken: 'xapp-2' },
    ]);
  });

  test.each([
    ['https://slack.acme.test/api', 'https://slack.acme.test/api/'],
    ['http://127.0.0.1:4000/api/', 'http://127.0.0.1:4000/api/'],
  ])('may be elsewhere: %s', (SLACK_API_URL, apiUrl) => {
    expect(settings({ ...http, SLACK_API_URL })?.apiUrl).toBe(apiUrl);
  });

  test.each([
    [{ SLACK_BOT_TOKEN: 'xoxp-1' }, /^SLACK_BOT_TOKEN is no bot token\. It begins with xoxb-/],
    [{ SLACK_BOT_TOKEN: 'xapp-1' }, /^SLACK_BOT_TOKEN is no bot token\./],
    [{ SLACK_SIGNING_SECRET: 'xoxb-1234567' }, /^SLACK_SIGNING_SECRET is no signing secret\./],
    [{ SLACK_SIGNING_SECRET: '', SLACK_APP_TOKEN: 'xoxb-1' }, /^SLACK_APP_TOKEN is no app-level token\./],
    [
      { SLACK_SIGNING_SECRET: '' },
      /^SLACK_SIGNING_SECRET is not set\. .* or SLACK_APP_TOKEN for Socket Mode/,
    ],
    [{ SLACK_BOT_TOKEN: '' }, /^SLACK_BOT_TOKEN is not set\./],
    [{ SLACK_APP_TOKEN: 'xapp-1' }, /^SLACK_SIGNING_SECRET and SLACK_APP_TOKEN are both set\./],
    [{ SLACK_BOT_TOKEN_B: 'xoxb-2' }, /^SLACK_SIGNING_SECRET_B is not set\./],
    [
      { SLACK_BOT_TOKEN_B: 'xoxb-1', SLACK_APP_TOKEN_B: 'xapp-1' },
      /^SLACK_BOT_TOKEN_B is the token of another/,
    ],
    [{ SLACK_BOT_TOKEN_acme: 'xoxb-2' }, /^SLACK_BOT_TOKEN_acme ends in what is no name\./],
    [{ SLACK_API_URL: 'http://slack.acme.test/api/' }, /^SLACK_API_URL is no address over HTTPS\./],
    [{ SLACK_API_URL: 'https://user@slack.acme.test/' }, /^SLACK_API_URL is no address over HTTPS\./],
    [{ SLACK_API_URL: 'nonsense' }, /^SLACK_API_URL is no address over HTTPS\./],
  ])('that is set wrong is told in one sentence: %j', (wrong: Environment, sentence) => {
    expect(problems({ ...http, ...wrong })).toEqual([expect.stringMatching(sentence)]);
  });

  test('has its address alone, and no token', () => {
    expect(problems({ SLACK_API_URL: 'https://slack.acme.test/' })).toEqual([
      'SLACK_API_URL is set, and SLACK_BOT_TOKEN is not. Set both or neither.',
    ]);
  });

  test('shows no value in any sentence, and every variable it names is listed', () => {
    const names = variables.map(({ name }) => name.replace('<NAME>', 'B'));
    for (const name of ['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET', 'SLACK_APP_TOKEN', 'SLACK_APP_TOKEN_B'])
      for (const sentence of problems({ ...http, [name]: 'xoxz SECRET' })) {
        expect(sentence).not.toContain('xoxz');
        for (const [said] of sentence.matchAll(/SLACK_[A-Z_]+/g)) expect(names).toContain(said);
      }
  });
});
