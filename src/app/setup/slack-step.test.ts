import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startSmallSlack, type SmallSlack } from '../../../test/small-slack.ts';
import { readEnvFile } from '../environment.ts';
import { slackScopes } from '../slack-manifest.ts';
import { systemClock } from '../system.ts';
import { openEnvFile } from './env-file.ts';
import { createSlackStep, type SlackStep } from './slack-step.ts';

let folder: string;
let slack: SmallSlack;
let step: SlackStep;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-slack-step-'));
  const scopes = Object.keys(slackScopes);
  slack = await startSmallSlack({
    'xoxb-acme': { team: 'T07ACME00', scopes: scopes.join(',') },
    'xoxb-less': { team: 'T07ACME00', scopes: scopes.slice(1).join(',') },
  });
  step = createSlackStep({
    file: openEnvFile(folder),
    environment: () => ({ SLACK_API_URL: slack.apiUrl }),
    fetch: globalThis.fetch,
    clock: systemClock,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
});
afterEach(() => {
  slack.stop();
  rmSync(folder, { recursive: true, force: true });
});

const secret = 'abcdef0123456789';
const page = (): string => step.view('https://countersign.acme.com').html;
const ask = (fields: { readonly [name: string]: string }) => step.ask(new URLSearchParams(fields));
const take = (fields: { readonly [name: string]: string }) => step.take(new URLSearchParams(fields));

test('the link carries the command and the address that were asked for', () => {
  expect(page()).not.toContain('api.slack.com');
  expect(ask({ command: '/sesame', way: 'http', address: 'https://other.acme.com' })).toEqual([]);
  const [, link = ''] = /href="(https:\/\/api\.slack\.com[^"]+)"/.exec(page()) ?? [];
  const manifest = new URL(link.replaceAll('&amp;', '&')).searchParams.get('manifest_json') ?? '';
  expect(JSON.parse(manifest)).toMatchObject({
    features: {
      slash_commands: [{ command: '/sesame', url: 'https://other.acme.com/api/slack/events' }],
    },
    settings: { socket_mode_enabled: false },
  });
});

test('by Socket Mode no address is asked for', () => {
  expect(ask({ command: '/access', way: 'socket', address: '' })).toEqual([]);
  expect(decodeURIComponent(page())).toContain('"socket_mode_enabled":true');
});

test.each([
  [{ command: 'access', way: 'socket' }, /^The command begins with a slash/],
  [{ command: '/access', way: 'http', address: '' }, /^The public address is a whole one/],
  [{ command: '/access', way: 'http', address: 'http://localhost' }, /^Slack reaches public addresses over/],
])('what cannot be is said, and no link made: %j', (fields, sentence) => {
  expect(ask(fields)).toEqual([expect.stringMatching(sentence)]);
  expect(page()).not.toContain('api.slack.com');
});

test('tokens are checked, kept, and told by their workspace', async () => {
  expect(await take({ SLACK_BOT_TOKEN: ' xoxb-acme ', SLACK_SIGNING_SECRET: secret })).toEqual([]);
  expect(readEnvFile(folder)).toEqual({ SLACK_BOT_TOKEN: 'xoxb-acme', SLACK_SIGNING_SECRET: secret });
  expect(step.workspace).toBe('Acme');
  expect(page()).not.toContain('xoxb-acme');
});

test('a token for Socket Mode is tried', async () => {
  expect(await take({ SLACK_BOT_TOKEN: 'xoxb-acme', SLACK_APP_TOKEN: 'xapp-bad' })).toEqual([
    expect.stringMatching(/SLACK_APP_TOKEN is not accepted\./),
  ]);
  expect(await take({ SLACK_BOT_TOKEN: 'xoxb-acme', SLACK_APP_TOKEN: 'xapp-good' })).toEqual([]);
});

test.each([
  [{}, /^Enter the tokens/],
  [{ SLACK_BOT_TOKEN: 'xoxb-acme' }, /^SLACK_SIGNING_SECRET is not set/],
  [{ SLACK_BOT_TOKEN: 'xoxb-other', SLACK_SIGNING_SECRET: secret }, /SLACK_BOT_TOKEN is not accepted\./],
  [{ SLACK_BOT_TOKEN: 'xoxb-less', SLACK_SIGNING_SECRET: secret }, /^The token for Acme lacks commands\./],
])('what is wrong with them is said, and nothing kept: %#', async (fields: object, sentence: RegExp) => {
  const problems = await take({ ...fields });
  expect(problems).toEqual([expect.stringMatching(sentence)]);
  expect(readEnvFile(folder)).toEqual({});
});

test('no form leads the tokens elsewhere', async () => {
  const elsewhere = { SLACK_API_URL: 'https://evil.test/' };
  await take({ SLACK_BOT_TOKEN: 'xoxb-acme', SLACK_SIGNING_SECRET: secret, ...elsewhere });
  expect(slack.asked).toEqual(['auth.test']);
  expect(readEnvFile(folder)).not.toHaveProperty('SLACK_API_URL');
});
