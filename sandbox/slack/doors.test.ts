// Slack's own libraries at the other end: what this Slack sends has to be what they understand.
import { createServer, type Server } from 'node:http';
import { HTTPReceiver, LogLevel, SocketModeReceiver, type ReceiverEvent } from '@slack/bolt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AppRow } from './rows.ts';
import { channels, people, sampleCompany } from './sample-company.ts';
import { startSlack, type StartedSlack } from './slack.ts';

let slack: StartedSlack;
let app: AppRow;
let http: Server | null;
let socket: SocketModeReceiver | null;
let seen: ReceiverEvent[];
let answer: unknown;
let errors: string[];
const quiet = {
  debug() {},
  info() {},
  warn() {},
  error: (...words: unknown[]) => void errors.push(words.join(' ')),
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};

beforeEach(async () => {
  seen = [];
  errors = [];
  answer = undefined;
  http = null;
  socket = null;
  slack = await startSlack({ ackMs: 500 });
  ({ app } = sampleCompany(slack, { events: ['app_home_opened'] }));
});

afterEach(async () => {
  await socket?.stop();
  http?.closeAllConnections();
  http?.close();
  await slack.close();
});

const take = async (event: ReceiverEvent): Promise<void> => {
  seen.push(event);
  await event.ack(answer);
};

/** All that a receiver asks of Bolt's App; JSON.parse, because its class has private parts. */
function bolt(): Parameters<HTTPReceiver['init']>[0] {
  return Object.assign(JSON.parse('{}'), { processEvent: take });
}

async function startHttp(): Promise<void> {
  const receiver = new HTTPReceiver({
    signingSecret: app.signing_secret,
    endpoints: '/api/slack/events',
    logger: quiet,
  });
  receiver.init(bolt());
  http = createServer((request, response) => receiver.requestListener(request, response));
  await new Promise<void>((resolve) => http?.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  slack.company.changeApp(app.id, { request_url: `http://127.0.0.1:${port}/api/slack/events` });
}

async function startSocket(): Promise<void> {
  slack.company.changeApp(app.id, { socket_mode: true });
  socket = new SocketModeReceiver({
    appToken: app.app_token,
    // Also how long it waits before it connects anew.
    clientPingTimeout: 200,
    logger: quiet,
    installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl } },
  });
  socket.init(bolt());
  await socket.start();
}

for (const [door, start] of [
  ['HTTP', startHttp],
  ['Socket Mode', startSocket],
] as const) {
  test(`a command, a press and an event arrive by ${door}, and are acknowledged`, async () => {
    await start();
    answer = { text: 'Hello' };
    const commanded = await slack.command(people.ann, [channels.access, '/access production']);
    expect(commanded).toMatchObject({ ok: true, message: { text: 'Hello', only_for: people.ann } });
    expect(seen[0]?.body).toMatchObject({ command: '/access', text: 'production', user_id: people.ann });
    answer = undefined;
    const channel = channels.access;
    const elements = [
      { type: 'button', action_id: 'approve', text: { type: 'plain_text', text: 'Approve' } },
    ];
    const headers = { authorization: `Bearer ${app.bot_token}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ channel, text: 'x', blocks: [{ type: 'actions', elements }] });
    await fetch(`${slack.apiUrl}chat.postMessage`, { method: 'POST', headers, body });
    const ts = slack.messages(channel).at(-1)?.ts ?? '';
    expect(await slack.press(people.bob, { at: { channel, ts }, action: 'approve' })).toEqual({ ok: true });
    expect(seen[1]?.body).toMatchObject({ type: 'block_actions', user: { id: people.bob } });
    slack.openHome(people.ann);
    await slack.settled();
    expect(seen[2]?.body).toMatchObject({ type: 'event_callback', event: { type: 'app_home_opened' } });
    expect(slack.waitingEvents).toBe(0);
    expect(errors).toEqual([]);
  });

  test(`a form is answered with errors by ${door}`, async () => {
    await start();
    slack.company.changeApp(app.id, {
      shortcuts: [{ callback_id: 'ask', type: 'global', name: 'Ask' }],
    });
    await slack.shortcut(people.ann, 'ask');
    const view = {
      type: 'modal',
      title: { type: 'plain_text', text: 'Ask' },
      submit: { type: 'plain_text', text: 'Go' },
      blocks: [
        {
          type: 'input',
          block_id: 'why',
          label: { type: 'plain_text', text: 'Why' },
          element: { type: 'plain_text_input', action_id: 'text' },
        },
      ],
    };
    const headers = { authorization: `Bearer ${app.bot_token}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ trigger_id: seen[0]?.body['trigger_id'], view });
    await fetch(`${slack.apiUrl}views.open`, { method: 'POST', headers, body });
    const opened = slack.modals(people.ann)[0]?.id ?? '';
    answer = { response_action: 'errors', errors: { why: 'Say more' } };
    expect(await slack.submitView(people.ann, { view: opened, state: { why: 'x' } })).toMatchObject({
      error: 'errors',
      errors: { why: 'Say more' },
    });
  });
}

test('an address is taken once it answers the challenge', async () => {
  await startHttp();
  expect(await slack.verifyUrl(app.id)).toBe(true);
  const elsewhere = slack.company.changeApp(app.id, { request_url: `${slack.origin}/nowhere` });
  expect(await slack.verifyUrl(elsewhere.id)).toBe(false);
});

test('a wrong signing secret is refused by the app, and the person sees that it failed', async () => {
  await startHttp();
  slack.company.changeApp(app.id, { signing_secret: 'another' });
  const tried = await slack.command(people.ann, [channels.access, '/access']);
  expect(tried).toMatchObject({ ok: false, error: 'http_client_error' });
  expect(seen).toEqual([]);
});

test('an app that lost its socket is not there, and connects anew when it is asked to', async () => {
  slack.company.changeApp(app.id, { socket_mode: true });
  expect(await slack.command(people.ann, [channels.access, '/access'])).toMatchObject({
    error: 'dispatch_failed',
  });
  await startSocket();
  const reconnected = new Promise<void>((resolve) => socket?.client.once('connected', () => resolve()));
  slack.refreshSockets(app.id);
  await reconnected;
  expect(await slack.command(people.ann, [channels.access, '/access'])).toMatchObject({ ok: true });
});

test('Socket Mode needs an app-level token, and has to be switched on', async () => {
  const open = async (token: string): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${slack.apiUrl}apps.connections.open`, { method: 'POST', headers });
    return response.json();
  };
  expect(await open(app.bot_token)).toMatchObject({ error: 'not_allowed_token_type' });
  expect(await open(app.app_token)).toMatchObject({ error: 'socket_mode_not_enabled' });
  slack.company.changeApp(app.id, { socket_mode: true });
  expect(await open(app.app_token)).toMatchObject({ ok: true, url: expect.stringMatching(/^ws:/) });
});
