import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { slackTiers } from '../clients/slack/pace.ts';
import { defaultCommand, isCommand, manifestLink, slackManifest, slackScopes } from './slack-manifest.ts';

const address = 'https://countersign.acme.com/';
const http = slackManifest({ command: defaultCommand, address });
const socket = slackManifest({ command: '/sesame' });

/** What Slack says of each field: "App manifest reference". */
test('stays within what Slack takes', () => {
  const { name, description = '', background_color } = http.display_information;
  expect(name.length).toBeLessThanOrEqual(35);
  expect(description.length).toBeLessThanOrEqual(140);
  expect(background_color).toMatch(/^#[0-9a-f]{6}$/);
  const { bot_user, shortcuts = [], slash_commands = [] } = http.features ?? {};
  expect(bot_user?.display_name).toMatch(/^[a-z0-9._-]{1,80}$/);
  expect(shortcuts.length).toBeLessThanOrEqual(10);
  for (const shortcut of shortcuts) {
    expect(shortcut.name.length).toBeLessThanOrEqual(24);
    expect(shortcut.description.length).toBeLessThanOrEqual(150);
  }
  expect(new Set(shortcuts.map(({ callback_id }) => callback_id)).size).toBe(shortcuts.length);
  for (const { command, usage_hint = '' } of slash_commands) {
    expect(command.length).toBeLessThanOrEqual(32);
    expect(usage_hint.length).toBeLessThanOrEqual(1000);
  }
});

test('sends everything to one address, or nothing anywhere', () => {
  const at = 'https://countersign.acme.com/api/slack/events';
  expect([...JSON.stringify(http).matchAll(/https:[^"]+/g)].map(([url]) => url)).toEqual(Array(4).fill(at));
  expect(http.settings?.socket_mode_enabled).toBe(false);
  expect(JSON.stringify(socket)).not.toContain('http');
  expect(socket.settings?.socket_mode_enabled).toBe(true);
  expect(JSON.stringify(slackManifest({ command: '/a', address, name: 'customer' }))).toContain(
    'https://countersign.acme.com/api/slack/customer/events',
  );
});

test('asks for a history only where it hears of messages, and hears of none without', () => {
  const heard = (http.settings?.event_subscriptions?.bot_events ?? [])
    .filter((event) => event.startsWith('message.'))
    .map((event) => `${event.slice('message.'.length)}:history`);
  const scopes = Object.keys(slackScopes).filter((scope) => scope.endsWith(':history'));
  expect(heard.sort()).toEqual(scopes.sort());
});

test('asks for what the methods that are called need, and for nothing else', () => {
  const needs: { readonly [method: string]: readonly string[] } = {
    'auth.test': [],
    'chat.getPermalink': [],
    'chat.postEphemeral': ['chat:write'],
    'chat.postMessage': ['chat:write'],
    'chat.update': ['chat:write'],
    'conversations.history': ['channels:history', 'groups:history', 'im:history', 'mpim:history'],
    'conversations.info': ['channels:read', 'groups:read'],
    'conversations.list': ['channels:read', 'groups:read'],
    'conversations.members': ['channels:read', 'groups:read'],
    'conversations.open': ['im:write', 'mpim:write'],
    'conversations.replies': ['channels:history', 'groups:history', 'im:history', 'mpim:history'],
    'usergroups.list': ['usergroups:read'],
    'usergroups.users.list': ['usergroups:read'],
    'users.conversations': ['channels:read', 'groups:read'],
    'users.info': ['users:read'],
    'users.lookupByEmail': ['users:read.email'],
    'views.open': [],
    'views.publish': [],
    'views.update': [],
  };
  expect(Object.keys(needs).sort()).toEqual(Object.keys(slackTiers).sort());
  const needed = new Set([...Object.values(needs).flat(), 'commands']);
  expect(Object.keys(slackScopes).sort()).toEqual([...needed].sort());
  expect(http.oauth_config?.scopes?.bot).toEqual(Object.keys(slackScopes));
});

test('every method that is called has its pace', () => {
  const code = ['slack-connection', 'look-ups', 'slack-app'].map((file) =>
    readFileSync(new URL(`../clients/slack/${file}.ts`, import.meta.url), 'utf8'),
  );
  const called = [
    ...code.join('\n').matchAll(/'((?:auth|chat|conversations|usergroups|users|views)\.[\w.]+)'/g),
  ];
  expect([...new Set(called.map(([, method]) => method))].sort()).toEqual(Object.keys(slackTiers).sort());
});

test('the link carries all of it, and nothing secret', () => {
  const link = new URL(manifestLink({ command: '/sesame' }));
  expect(link.origin + link.pathname).toBe('https://api.slack.com/apps');
  expect(link.searchParams.get('new_app')).toBe('1');
  expect(JSON.parse(link.searchParams.get('manifest_json') ?? '')).toEqual(socket);
  expect(link.href.length).toBeLessThan(8000);
});

test.each([
  ['/access', true],
  ['/get-access_2', true],
  ['access', false],
  ['/Access', false],
  ['/with space', false],
  [`/${'x'.repeat(32)}`, false],
])('%s as a command: %s', (command, isFit) => {
  expect(isCommand(command)).toBe(isFit);
});
