import { createHmac } from 'node:crypto';
import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startAppDouble, type AppDouble } from './app-double.ts';
import { asJson, asList, asText, type Json } from './json.ts';
import type { AppRow } from './rows.ts';
import { channels, people, sampleCompany } from './sample-company.ts';
import { startSlack, type StartedSlack } from './slack.ts';

let slack: StartedSlack;
let app: AppRow;
let client: WebClient;
let double: AppDouble;
let time: Date;

beforeEach(async () => {
  time = new Date('2026-03-02T10:00:00Z');
  double = await startAppDouble();
  slack = await startSlack({ clock: { now: () => time }, ackMs: 300 });
  ({ app } = sampleCompany(slack, {
    requestUrl: double.url,
    events: ['app_home_opened', 'message.im'],
    shortcuts: [
      { callback_id: 'ask', type: 'global', name: 'Ask for access' },
      { callback_id: 'from-message', type: 'message', name: 'Ask about this' },
    ],
  }));
  client = new WebClient(app.bot_token, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } });
});

afterEach(async () => {
  await double.close();
  await slack.close();
});

async function errorOf(call: Promise<unknown>): Promise<Json> {
  return call.then(
    () => ({ error: 'none' }),
    (error: unknown) => asJson(error instanceof Error && 'data' in error ? error.data : {}),
  );
}

const card = [
  { type: 'section', text: { type: 'mrkdwn', text: 'Ann asks for *production*.' } },
  {
    type: 'actions',
    block_id: 'countersign:42',
    elements: [
      { type: 'button', action_id: 'approve', value: '42', text: { type: 'plain_text', text: 'Approve' } },
      { type: 'button', action_id: 'deny', value: '42', text: { type: 'plain_text', text: 'Deny' } },
    ],
  },
];

async function post(channel: string): Promise<string> {
  const { ts } = await client.chat.postMessage({ channel, text: 'Ann asks', blocks: card });
  return ts ?? '';
}

test('a token says whose it is', async () => {
  expect(await client.auth.test()).toMatchObject({
    ok: true,
    team_id: 'T07ACME00',
    user_id: app.bot_user_id,
  });
  const wrong = new WebClient('xoxb-wrong', { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } });
  expect(await errorOf(wrong.auth.test())).toMatchObject({ error: 'invalid_auth' });
  const appToken = new WebClient(app.app_token, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } });
  expect(await errorOf(appToken.auth.test())).toMatchObject({ error: 'not_allowed_token_type' });
});

test('a message is posted, changed in place, found by its metadata, and gone', async () => {
  const metadata = { event_type: 'countersign_card', event_payload: { request: 42, to: 'channel' } };
  const channel = channels.access;
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'Ann asks', blocks: card, metadata });
  await client.chat.update({ channel, ts, text: 'Approved', blocks: card.slice(0, 1) });
  const history = await client.conversations.history({ channel, include_all_metadata: true });
  expect(history.messages?.map((each) => [each.ts, each.text, each.blocks?.length, each.metadata])).toEqual([
    [ts, 'Approved', 1, metadata],
  ]);
  await client.chat.delete({ channel, ts });
  expect(await errorOf(client.chat.update({ channel, ts, text: 'x' }))).toMatchObject({
    error: 'message_not_found',
  });
});

test('a channel says no as Slack does', async () => {
  const say = (channel: string): Promise<Json> => errorOf(client.chat.postMessage({ channel, text: 'x' }));
  const closed = slack.company.addChannel({ workspace: 'T07ACME00', name: 'closed', private: true });
  const open = slack.company.addChannel({ workspace: 'T07ACME00', name: 'open' });
  expect(await say('C0NOWHERE')).toMatchObject({ error: 'channel_not_found' });
  expect(await say(closed.id)).toMatchObject({ error: 'channel_not_found' });
  expect(await say(open.id)).toMatchObject({ error: 'not_in_channel' });
  slack.company.changeChannel(channels.access, { is_archived: true });
  expect(await say(channels.access)).toMatchObject({ error: 'is_archived' });
});

test('a scope that is missing is named', async () => {
  slack.company.changeApp(app.id, { scopes: ['users:read', 'channels:read'] });
  expect(await errorOf(client.chat.postMessage({ channel: channels.general, text: 'x' }))).toMatchObject({
    error: 'missing_scope',
    needed: 'chat:write',
    provided: 'users:read,channels:read',
  });
  expect(await errorOf(client.conversations.info({ channel: channels.access }))).toMatchObject({
    error: 'missing_scope',
    needed: 'groups:read',
  });
  const { user } = await client.users.info({ user: people.ann });
  expect(user?.profile?.email).toBeUndefined();
});

test('what somebody presses reaches the app signed, and can be verified', async () => {
  const ts = await post(channels.access);
  expect(await slack.press(people.bob, { at: { channel: channels.access, ts }, action: 'approve' })).toEqual({
    ok: true,
  });
  const [first] = double.received;
  const headers = first?.headers ?? {};
  const raw = first?.raw ?? '';
  const timestamp = String(time.getTime() / 1000);
  const expected = createHmac('sha256', app.signing_secret).update(`v0:${timestamp}:${raw}`).digest('hex');
  expect(headers['x-slack-signature']).toBe(`v0=${expected}`);
  expect(headers['x-slack-request-timestamp']).toBe(timestamp);
  expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
});

test('what is not there cannot be pressed', async () => {
  const ts = await post(channels.access);
  await client.chat.update({ channel: channels.access, ts, text: 'Done', blocks: card.slice(0, 1) });
  const at = { channel: channels.access, ts };
  expect(await slack.press(people.bob, { at, action: 'approve' })).toMatchObject({
    error: 'no_such_element',
  });
  expect(await slack.press(people.eve, { at, action: 'approve' })).toMatchObject({ error: 'not_visible' });
  expect(double.received).toEqual([]);
});

test('a command is answered to one person, or to all', async () => {
  double.answers = { command: { text: 'Only for you' } };
  const done = await slack.command(people.ann, [channels.access, '/access production  now']);
  expect(done).toMatchObject({ ok: true, message: { text: 'Only for you', only_for: people.ann } });
  expect(double.received[0]?.payload).toMatchObject({ command: '/access', text: 'production  now' });
  double.answers = { command: { text: 'For all', response_type: 'in_channel' } };
  const all = await slack.command(people.ann, [channels.access, '/access']);
  expect(all).toMatchObject({ ok: true, message: { only_for: null } });
});

test('who may not use commands cannot, and what is no command is none', async () => {
  const tried = (user: string, line: string): Promise<unknown> =>
    slack.command(user, [channels.access, line]);
  expect(await tried(people.gil, '/access')).toMatchObject({ error: 'guest_no_commands' });
  expect(await tried(people.bob, '/acces')).toMatchObject({ error: 'unknown_command' });
  expect(await slack.command(people.cleo, [channels.extCustomer, '/access'])).toMatchObject({
    error: 'unknown_command',
  });
  expect(await tried(people.nora, '/access')).toMatchObject({ ok: true });
});

test('an app that does not answer within its time shows the person an error of Slack', async () => {
  double.answers = { command: 'silence', block_actions: 500 };
  expect(await slack.command(people.ann, [channels.access, '/access'])).toEqual({
    ok: false,
    error: 'operation_timeout',
    shown: '/access failed with the error "operation_timeout"',
  });
  const ts = await post(channels.access);
  const at = { channel: channels.access, ts };
  expect(await slack.press(people.bob, { at, action: 'deny' })).toMatchObject({
    error: 'http_service_error',
  });
  expect(double.received.filter(({ payload }) => payload['type'] === 'block_actions')).toHaveLength(1);
});

const form = {
  type: 'modal' as const,
  callback_id: 'ask',
  title: { type: 'plain_text' as const, text: 'Ask for access' },
  submit: { type: 'plain_text' as const, text: 'Ask' },
  blocks: [
    {
      type: 'input',
      block_id: 'reason',
      label: { type: 'plain_text' as const, text: 'Why' },
      element: { type: 'plain_text_input' as const, action_id: 'text', max_length: 20 },
    },
    {
      type: 'input',
      block_id: 'target',
      optional: true,
      label: { type: 'plain_text' as const, text: 'Where' },
      element: { type: 'external_select' as const, action_id: 'target', min_query_length: 1 },
    },
  ],
};

async function openForm(): Promise<string> {
  await slack.shortcut(people.ann, 'ask');
  const trigger_id = asText(double.received.at(-1)?.payload['trigger_id']) ?? '';
  const { view } = await client.views.open({ trigger_id, view: form });
  return view?.id ?? '';
}

test('a form is opened, filled in, and submitted with what was typed', async () => {
  const view = await openForm();
  double.answers = {
    block_suggestion: { options: [{ text: { type: 'plain_text', text: 'Shop' }, value: 'shop' }] },
  };
  const offered = await slack.suggest(people.ann, { at: { view }, action: 'target', typed: 'sh' });
  expect(offered).toMatchObject({ ok: true, options: [{ value: 'shop' }] });
  const state = { reason: 'Incident', target: 'shop' };
  expect(await slack.submitView(people.ann, { view, state })).toEqual({ ok: true, then: 'closed' });
  const [values] = double.received.flatMap(({ payload }) =>
    payload['type'] === 'view_submission' ? [asJson(asJson(payload['view'])['state'])['values']] : [],
  );
  expect(values).toMatchObject({
    reason: { text: { type: 'plain_text_input', value: 'Incident' } },
    target: { target: { type: 'external_select', selected_option: { value: 'shop' } } },
  });
  expect(slack.modals(people.ann)).toEqual([]);
});

test('a form that is not filled in rightly never leaves the client', async () => {
  const view = await openForm();
  const submit = (state: Record<string, string>): Promise<unknown> =>
    slack.submitView(people.ann, { view, state });
  expect(await submit({})).toMatchObject({
    error: 'invalid_input',
    errors: { reason: 'Please complete this required field.' },
  });
  expect(await submit({ reason: 'x'.repeat(21) })).toMatchObject({ error: 'invalid_input' });
  expect(await submit({ reason: 'x', target: 'never-offered' })).toMatchObject({ error: 'invalid_input' });
  expect(double.received.filter(({ payload }) => payload['type'] === 'view_submission')).toEqual([]);
});

test('the app says what becomes of a submitted form', async () => {
  const view = await openForm();
  const submit = (): Promise<unknown> => slack.submitView(people.ann, { view, state: { reason: 'x' } });
  double.answers = { view_submission: { response_action: 'errors', errors: { reason: 'Say more' } } };
  expect(await submit()).toMatchObject({ error: 'errors', errors: { reason: 'Say more' } });
  double.answers = { view_submission: { response_action: 'errors', errors: { nowhere: 'Say more' } } };
  expect(await submit()).toMatchObject({ error: 'invalid_answer' });
  double.answers = { view_submission: { response_action: 'push', view: form } };
  expect(await submit()).toEqual({ ok: true, then: 'pushed' });
  expect(slack.modals(people.ann)).toHaveLength(2);
  expect(await submit()).toMatchObject({ error: 'not_on_top' });
  const top = slack.modals(people.ann).at(-1)?.id ?? '';
  double.answers = { view_submission: { response_action: 'clear' } };
  expect(await slack.submitView(people.ann, { view: top, state: { reason: 'x' } })).toMatchObject({
    then: 'cleared',
  });
  expect(slack.modals(people.ann)).toEqual([]);
});

test('a trigger is good for one form, and for three seconds', async () => {
  await slack.shortcut(people.ann, 'ask');
  const trigger_id = asText(double.received[0]?.payload['trigger_id']) ?? '';
  await client.views.open({ trigger_id, view: form });
  expect(await errorOf(client.views.open({ trigger_id, view: form }))).toMatchObject({
    error: 'exchanged_trigger_id',
  });
  await slack.shortcut(people.ann, 'ask');
  time = new Date(time.getTime() + 3001);
  const late = asText(double.received[1]?.payload['trigger_id']) ?? '';
  expect(await errorOf(client.views.open({ trigger_id: late, view: form }))).toMatchObject({
    error: 'expired_trigger_id',
  });
  expect(await errorOf(client.views.open({ trigger_id: 'made-up', view: form }))).toMatchObject({
    error: 'invalid_arguments',
    response_metadata: { messages: ['[ERROR] invalid `trigger_id`'] },
  });
});

test('a view is changed by whoever saw it as it is', async () => {
  const view_id = await openForm();
  const before = slack.modals(people.ann)[0]?.hash ?? '';
  await client.views.update({ view_id, hash: before, view: { ...form, callback_id: 'second' } });
  expect(
    await errorOf(client.views.update({ view_id, hash: before, view: { ...form, callback_id: 'third' } })),
  ).toMatchObject({ error: 'hash_conflict' });
  expect(await errorOf(client.views.update({ view_id: 'V0GONE', view: form }))).toMatchObject({
    error: 'not_found',
  });
});

test('the app learns that somebody opens its home, and fills it', async () => {
  expect(slack.openHome(people.ann)).toMatchObject({ ok: true, view: null });
  await slack.settled();
  expect(double.received[0]?.payload).toMatchObject({
    event: { type: 'app_home_opened', user: people.ann, tab: 'home' },
  });
  await client.views.publish({
    user_id: people.ann,
    view: { type: 'home', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'Nothing waits' } }] },
  });
  expect(asList(slack.home(people.ann)?.content['blocks'])).toHaveLength(1);
  expect(slack.openHome(people.ann)).toMatchObject({ view: { type: 'home' } });
});

test('an event that is not taken comes again: at once, after a minute, after five', async () => {
  double.answers = { event_callback: 500 };
  const { id: channel } = slack.directMessage(people.ann, app.id);
  slack.say(people.ann, { channel, text: 'help' });
  await slack.settled();
  const seen = (): unknown[] =>
    double.received.map(({ headers }) => [headers['x-slack-retry-num'], headers['x-slack-retry-reason']]);
  expect(seen()).toEqual([
    [undefined, undefined],
    ['1', 'http_error'],
  ]);
  await slack.tick();
  expect(double.received).toHaveLength(2);
  time = new Date(time.getTime() + 60_000);
  await slack.tick();
  expect(seen().at(-1)).toEqual(['2', 'http_error']);
  time = new Date(time.getTime() + 300_000);
  await slack.tick();
  expect(seen().at(-1)).toEqual(['3', 'http_error']);
  expect(slack.waitingEvents).toBe(0);
  expect(slack.lostEvents).toHaveLength(1);
  expect(new Set(double.received.map(({ payload }) => payload['event_id'])).size).toBe(1);
});

test('a response URL takes five answers within thirty minutes', async () => {
  const ts = await post(channels.access);
  await slack.press(people.bob, { at: { channel: channels.access, ts }, action: 'approve' });
  const url = asText(double.received[0]?.payload['response_url']) ?? '';
  const answer = async (body: unknown): Promise<number> =>
    (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).status;
  expect(await answer({ text: 'You may not', replace_original: false })).toBe(200);
  expect(slack.messages(channels.access).at(-1)).toMatchObject({ only_for: people.bob, text: 'You may not' });
  expect(await answer({ text: 'Changed', replace_original: true })).toBe(200);
  expect(slack.messages(channels.access)[0]).toMatchObject({ ts, text: 'Changed' });
  await answer({ text: '3' });
  await answer({ text: '4' });
  expect(await answer({ text: '5' })).toBe(200);
  expect(await answer({ text: '6' })).toBe(404);
});

test('a method that is not known is said loudly', async () => {
  expect(await errorOf(client.apiCall('chat.shout', {}))).toMatchObject({ error: 'unknown_method' });
  expect(slack.unknownMethods).toEqual(['chat.shout']);
});

test('while Slack is down nobody acts and nothing is answered', async () => {
  slack.weather.set('down', true);
  await expect(client.auth.test()).rejects.toThrow();
  expect(await slack.command(people.ann, [channels.access, '/access'])).toMatchObject({
    error: 'slack_down',
  });
  slack.weather.set('down', false);
  expect(await client.auth.test()).toMatchObject({ ok: true });
});

test('an answer that is lost was performed', async () => {
  slack.faults.onRequest({ kind: 'answer-lost', path: '/api/chat.postMessage', times: 1 });
  await expect(client.chat.postMessage({ channel: channels.access, text: 'once' })).rejects.toThrow();
  expect(slack.messages(channels.access).map(({ text }) => text)).toEqual(['once']);
});
