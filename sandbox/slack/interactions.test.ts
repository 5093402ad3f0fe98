import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startAppDouble, type AppDouble } from './app-double.ts';
import { asJson, asText } from './json.ts';
import type { AppRow } from './rows.ts';
import { channels, people, sampleCompany } from './sample-company.ts';
import { startSlack, type StartedSlack } from './slack.ts';

let slack: StartedSlack;
let double: AppDouble;
let app: AppRow;
let client: WebClient;

beforeEach(async () => {
  double = await startAppDouble();
  slack = await startSlack({ clock: { now: () => new Date('2026-03-02T10:00:00Z') } });
  ({ app } = sampleCompany(slack, {
    requestUrl: double.url,
    events: ['message.groups', 'message.channels', 'app_mention'],
    shortcuts: [{ callback_id: 'ask', type: 'global', name: 'Ask for access' }],
  }));
  client = new WebClient(app.bot_token, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } });
});

afterEach(async () => {
  await double.close();
  await slack.close();
});

async function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'none',
    (error: unknown) => asJson(asJson(error)['data'])['error'],
  );
}

const label = { type: 'plain_text' as const, text: 'Label' };
const option = (value: string): object => ({ text: { type: 'plain_text', text: value }, value });
const form = {
  type: 'modal' as const,
  title: { type: 'plain_text' as const, text: 'Ask' },
  submit: { type: 'plain_text' as const, text: 'Go' },
  blocks: [
    {
      type: 'input',
      block_id: 'many',
      optional: true,
      label,
      element: {
        type: 'multi_static_select' as const,
        action_id: 'many',
        max_selected_items: 1,
        options: [option('one'), option('two')],
      },
    },
    {
      type: 'input',
      block_id: 'told',
      optional: true,
      dispatch_action: true,
      label,
      element: { type: 'static_select' as const, action_id: 'told', options: [option('one')] },
    },
    {
      type: 'input',
      block_id: 'loaded',
      optional: true,
      label,
      element: { type: 'external_select' as const, action_id: 'loaded' },
    },
  ],
};

/** `blocks` are right as they stand; their types are Slack's own, and narrower than what is written here. */
const asView = (
  view: unknown,
): { readonly type: 'modal'; readonly title: typeof label; readonly blocks: [] } =>
  JSON.parse(JSON.stringify(view));

async function openForm(more: object = {}): Promise<string> {
  await slack.shortcut(people.ann, 'ask');
  const trigger_id = asText(double.payloads('shortcut').at(-1)?.['trigger_id']) ?? '';
  const { view } = await client.views.open({ trigger_id, view: asView({ ...form, ...more }) });
  return view?.id ?? '';
}

test('a field tells the app only where it is asked to, and keeps what was chosen', async () => {
  const view = await openForm();
  expect(await slack.press(people.ann, { at: { view }, action: 'many', choose: ['two'] })).toEqual({
    ok: true,
  });
  expect(double.payloads('block_actions')).toEqual([]);
  await slack.press(people.ann, { at: { view }, action: 'told', choose: 'one' });
  expect(double.payloads('block_actions')).toMatchObject([
    {
      actions: [{ action_id: 'told', selected_option: { value: 'one' } }],
      view: { state: { values: { many: { many: { selected_options: [{ value: 'two' }] } } } } },
    },
  ]);
});

test('no more can be selected than is allowed, and nothing that is not there', async () => {
  const view = await openForm();
  const choose = (action: string, chosen: string | string[]): Promise<unknown> =>
    slack.press(people.ann, { at: { view }, action, choose: chosen });
  expect(await choose('many', ['one', 'two'])).toMatchObject({ shown: 'Select no more than 1.' });
  expect(await choose('many', ['three'])).toMatchObject({ error: 'not_selectable' });
});

test('options are loaded once enough is typed: three characters unless said', async () => {
  const view = await openForm();
  double.answers = { block_suggestion: { options: [option('shop')] } };
  const typing = (typed: string): Promise<unknown> =>
    slack.suggest(people.ann, { at: { view }, action: 'loaded', typed });
  expect(await typing('sh')).toMatchObject({ options: [] });
  expect(double.payloads('block_suggestion')).toEqual([]);
  expect(await typing('sho')).toMatchObject({ options: [{ value: 'shop' }] });
  double.answers = { block_suggestion: { options: Array.from({ length: 101 }, (_, i) => option(`${i}`)) } };
  expect(await typing('shop')).toMatchObject({ error: 'invalid_answer' });
});

test('three forms lie on one another, and not a fourth', async () => {
  let view = await openForm();
  const push = async (): Promise<unknown> => {
    await slack.press(people.ann, { at: { view }, action: 'told', choose: 'one' });
    const trigger_id = asText(double.payloads('block_actions').at(-1)?.['trigger_id']) ?? '';
    const error = await errorOf(client.views.push({ trigger_id, view: asView(form) }));
    view = slack.modals(people.ann).at(-1)?.id ?? '';
    return error;
  };
  expect(await push()).toBe('none');
  expect(await push()).toBe('none');
  expect(await push()).toBe('push_limit_reached');
  const [root, second] = slack.modals(people.ann);
  expect(second).toMatchObject({ root_view_id: root?.id, previous_view_id: root?.id });
  await slack.closeView(people.ann, { view, all: true });
  expect(slack.modals(people.ann)).toEqual([]);
});

test('an external id is given once', async () => {
  const view_id = await openForm({ external_id: 'request-42' });
  const updated = { ...form, external_id: 'request-42' };
  expect(await errorOf(client.views.update({ external_id: 'request-42', view: asView(updated) }))).toBe(
    'none',
  );
  await client.views.publish({
    user_id: people.bob,
    view: { type: 'home', blocks: [], external_id: 'other' },
  });
  const twin = client.views.update({ view_id, view: asView({ ...form, external_id: 'other' }) });
  expect(await errorOf(twin)).toBe('duplicate_external_id');
});

test('a form of somebody else can be neither seen nor submitted', async () => {
  const view = await openForm();
  expect(await slack.submitView(people.bob, { view })).toMatchObject({ error: 'no_such_view' });
  expect(slack.seenBy(people.bob).modals).toEqual([]);
  expect(slack.seenBy(people.ann).modals).toHaveLength(1);
});

test('an app hears of messages where it is a member, of its own too, and not of what one person saw', async () => {
  const quiet = slack.company.addChannel({ workspace: app.team_id, name: 'quiet', members: [people.ann] });
  slack.say(people.ann, { channel: quiet.id, text: 'unheard' });
  slack.say(people.ann, { channel: channels.access, text: `heard <@${app.bot_user_id}>` });
  const { ts = '' } = await client.chat.postMessage({ channel: channels.access, text: 'own' });
  await client.chat.postEphemeral({ channel: channels.access, user: people.ann, text: 'for Ann' });
  await client.chat.update({ channel: channels.access, ts, text: 'changed' });
  await slack.settled();
  const heard = double.payloads('event_callback').map((payload) => {
    const event = asJson(payload['event']);
    return [event['type'], event['subtype'] ?? event['text']];
  });
  const mention = `heard <@${app.bot_user_id}>`;
  expect(heard.sort()).toEqual(
    [
      ['message', mention],
      ['app_mention', mention],
      ['message', 'own'],
      ['message', 'message_changed'],
    ].sort(),
  );
});

test('metadata is told to who asks for it', async () => {
  const channel = channels.access;
  const metadata = { event_type: 'card', event_payload: { request: 1 } };
  await client.chat.postMessage({ channel, text: 'x', metadata });
  const read = async (include_all_metadata: boolean): Promise<unknown> =>
    (await client.conversations.history({ channel, include_all_metadata })).messages?.[0]?.metadata;
  expect(await read(true)).toEqual(metadata);
  expect(await read(false)).toBeUndefined();
});

test('what one person saw cannot be changed by its ts, but by its response URL', async () => {
  const channel = channels.access;
  double.answers = { command: { text: 'Choose', blocks: [{ type: 'actions', elements: [button] }] } };
  const commanded = await slack.command(people.ann, [channel, '/access']);
  const ts = commanded.ok ? (commanded.message?.ts ?? '') : '';
  expect(await errorOf(client.chat.update({ channel, ts, text: 'x' }))).toBe('message_not_found');
  expect(await slack.press(people.bob, { at: { channel, ts }, action: 'go' })).toMatchObject({
    error: 'no_such_message',
  });
  await slack.press(people.ann, { at: { channel, ts }, action: 'go' });
  const [pressed = {}] = double.payloads('block_actions');
  expect(pressed).toMatchObject({ container: { is_ephemeral: true } });
  const body = JSON.stringify({ delete_original: true });
  await fetch(asText(pressed['response_url']) ?? '', { method: 'POST', body });
  expect(slack.messages(channel)).toEqual([]);
});

const button = { type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } };

test('in an archived channel nothing changes any more', async () => {
  const channel = channels.access;
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'x' });
  slack.company.changeChannel(channel, { is_archived: true });
  expect(await errorOf(client.chat.update({ channel, ts, text: 'y' }))).toBe('is_inactive');
  expect(slack.say(people.ann, { channel, text: 'y' })).toMatchObject({ error: 'is_archived' });
});

test('the address of a socket is good once', async () => {
  slack.company.changeApp(app.id, { socket_mode: true });
  const headers = { authorization: `Bearer ${app.app_token}` };
  const answer = await fetch(`${slack.apiUrl}apps.connections.open`, { method: 'POST', headers });
  const url = asText(asJson(await answer.json())['url']) ?? '';
  const connect = (): Promise<string> =>
    new Promise((resolve) => {
      const socket = new WebSocket(url);
      socket.on('message', (data) => resolve(String(asJson(JSON.parse(String(data)))['type'])));
      socket.on('error', () => resolve('refused'));
    });
  expect(await connect()).toBe('hello');
  expect(await connect()).toBe('refused');
});
