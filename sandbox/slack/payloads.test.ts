// One whole example of each thing that Slack sends: this is what the app has to understand.
import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startAppDouble, type AppDouble } from './app-double.ts';
import type { AppRow } from './rows.ts';
import { channels, people, sampleCompany } from './sample-company.ts';
import { startSlack, type StartedSlack } from './slack.ts';
import { asText, type Json } from './json.ts';

let slack: StartedSlack;
let double: AppDouble;
let app: AppRow;
let client: WebClient;

beforeEach(async () => {
  double = await startAppDouble();
  slack = await startSlack({ clock: { now: () => new Date('2026-03-02T10:00:00Z') } });
  ({ app } = sampleCompany(slack, {
    requestUrl: double.url,
    events: ['app_home_opened', 'member_joined_channel'],
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

const blocks = [
  {
    type: 'actions',
    block_id: 'countersign:42',
    elements: [
      { type: 'button', action_id: 'approve', value: '42', text: { type: 'plain_text', text: 'Approve' } },
      {
        type: 'overflow',
        action_id: 'more',
        options: [{ text: { type: 'plain_text', text: 'Grant less' }, value: 'less' }],
      },
    ],
  },
];
const form = {
  type: 'modal' as const,
  callback_id: 'ask',
  private_metadata: '{"flow":"production"}',
  notify_on_close: true,
  title: { type: 'plain_text' as const, text: 'Ask' },
  submit: { type: 'plain_text' as const, text: 'Go' },
  blocks: [
    {
      type: 'input',
      block_id: 'target',
      label: { type: 'plain_text' as const, text: 'Where' },
      element: { type: 'external_select' as const, action_id: 'choose', min_query_length: 0 },
    },
  ],
};

/** Who acts, and through which app; the same in everything but commands. */
const actor = (user: Json): Json => ({
  user,
  api_app_id: 'A07CSIGN00',
  token: app.verification_token,
  team: { id: 'T07ACME00', domain: 'acme' },
  enterprise: null,
  is_enterprise_install: false,
});
const ann = { id: 'U07ANN000', username: 'ann', name: 'ann', team_id: 'T07ACME00' };
const made = expect.stringMatching(/./);
const ts = expect.stringMatching(/^\d{10}\.\d{6}$/);
const responseUrl = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/response\/T07ACME00\//);

async function card(channel: string): Promise<string> {
  const { ts: posted } = await client.chat.postMessage({ channel, text: 'Ann asks', blocks });
  return posted ?? '';
}

test('a slash command is a form with everything flat', async () => {
  await slack.command(people.ann, [channels.access, '/access production']);
  expect(double.payloads('command')).toEqual([
    {
      token: app.verification_token,
      team_id: 'T07ACME00',
      team_domain: 'acme',
      channel_id: 'C07ACCESS0',
      channel_name: 'privategroup',
      user_id: 'U07ANN000',
      user_name: 'ann',
      command: '/access',
      text: 'production',
      api_app_id: 'A07CSIGN00',
      is_enterprise_install: 'false',
      response_url: responseUrl,
      trigger_id: made,
    },
  ]);
});

test('a global shortcut has no channel and no response URL', async () => {
  await slack.shortcut(people.ann, 'ask');
  expect(double.payloads('shortcut')).toEqual([
    {
      type: 'shortcut',
      action_ts: ts,
      ...actor({ id: 'U07ANN000', username: 'ann', team_id: 'T07ACME00' }),
      callback_id: 'ask',
      trigger_id: made,
    },
  ]);
});

test('a message shortcut has both, and the message', async () => {
  const said = slack.say(people.ann, { channel: channels.access, text: 'May I <!channel>?' });
  const posted = said.ok ? said.message.ts : '';
  await slack.messageShortcut(people.ann, {
    channel: channels.access,
    ts: posted,
    callbackId: 'from-message',
  });
  expect(double.payloads('message_action')).toEqual([
    {
      type: 'message_action',
      action_ts: ts,
      ...actor(ann),
      channel: { id: 'C07ACCESS0', name: 'privategroup' },
      callback_id: 'from-message',
      trigger_id: made,
      response_url: responseUrl,
      message_ts: posted,
      message: {
        type: 'message',
        client_msg_id: made,
        user: 'U07ANN000',
        team: 'T07ACME00',
        ts: posted,
        text: 'May I &lt;!channel&gt;?',
        blocks: [expect.objectContaining({ type: 'rich_text' })],
      },
    },
  ]);
});

test.each([
  ['a member', people.ann, ann],
  // A guest is of the workspace like a member; only users.info says that they are a guest.
  [
    'a single-channel guest',
    people.gil,
    { id: 'U07GUEST0', username: 'gil', name: 'gil', team_id: 'T07ACME00' },
  ],
  ['a guest', people.nora, { id: 'U07GUEST1', username: 'nora', name: 'nora', team_id: 'T07ACME00' }],
])('a button that %s pressed comes with the message', async (_who, id, user) => {
  const posted = await card(channels.access);
  await slack.press(id, { at: { channel: channels.access, ts: posted }, action: 'approve' });
  expect(double.payloads('block_actions')).toEqual([
    {
      type: 'block_actions',
      ...actor(user),
      container: { type: 'message', message_ts: posted, channel_id: 'C07ACCESS0', is_ephemeral: false },
      trigger_id: made,
      channel: { id: 'C07ACCESS0', name: 'privategroup' },
      message: {
        type: 'message',
        user: 'U07CSIGN0',
        ts: posted,
        bot_id: app.bot_id,
        app_id: 'A07CSIGN00',
        bot_profile: expect.objectContaining({ id: app.bot_id, team_id: 'T07ACME00' }),
        text: 'Ann asks',
        team: 'T07ACME00',
        blocks,
      },
      state: { values: {} },
      response_url: responseUrl,
      actions: [
        {
          type: 'button',
          block_id: 'countersign:42',
          action_id: 'approve',
          value: '42',
          text: { type: 'plain_text', text: 'Approve' },
          action_ts: ts,
        },
      ],
    },
  ]);
});

test('over Slack Connect the person is of their workspace, and the team is of the app', async () => {
  const posted = await card(channels.extCustomer);
  await slack.press(people.cleo, { at: { channel: channels.extCustomer, ts: posted }, action: 'approve' });
  expect(double.payloads('block_actions')).toMatchObject([
    {
      user: { id: 'U09CLEO00', username: 'cleo', name: 'cleo', team_id: 'T9CUST000' },
      team: { id: 'T07ACME00', domain: 'acme' },
      channel: { id: 'C07EXTCUST', name: 'ext-customer' },
      enterprise: null,
      is_enterprise_install: false,
    },
  ]);
});

test('what is chosen in a menu is an option', async () => {
  const posted = await card(channels.access);
  const at = { channel: channels.access, ts: posted };
  await slack.press(people.ann, { at, action: 'more', choose: 'less' });
  expect(double.payloads('block_actions')).toMatchObject([
    {
      actions: [
        {
          type: 'overflow',
          action_id: 'more',
          block_id: 'countersign:42',
          selected_option: { text: { type: 'plain_text', text: 'Grant less' }, value: 'less' },
          action_ts: ts,
        },
      ],
    },
  ]);
});

test('a form is asked for options, submitted and closed with the view as it is then', async () => {
  await slack.shortcut(people.ann, 'ask');
  const trigger_id = asText(double.received[0]?.payload['trigger_id']) ?? '';
  const { view: opened } = await client.views.open({ trigger_id, view: form });
  const view = opened?.id ?? '';
  const option = { text: { type: 'plain_text', text: 'Shop' }, value: 'shop' };
  double.answers = {
    block_suggestion: { options: [option] },
    view_submission: { response_action: 'update', view: form },
  };
  await slack.suggest(people.ann, { at: { view }, action: 'choose', typed: 'sh' });
  await slack.submitView(people.ann, { view, state: { target: 'shop' } });
  await slack.closeView(people.ann, { view });
  const viewAs = (values: Json): Json => ({
    id: view,
    team_id: 'T07ACME00',
    type: 'modal',
    blocks: form.blocks,
    private_metadata: '{"flow":"production"}',
    callback_id: 'ask',
    state: { values },
    hash: made,
    title: form.title,
    clear_on_close: false,
    notify_on_close: true,
    close: null,
    submit: form.submit,
    submit_disabled: false,
    previous_view_id: null,
    root_view_id: view,
    app_id: 'A07CSIGN00',
    external_id: '',
    app_installed_team_id: 'T07ACME00',
    bot_id: app.bot_id,
  });
  const blank = { target: { choose: { type: 'external_select', selected_option: null } } };
  const filled = { target: { choose: { type: 'external_select', selected_option: option } } };
  expect(double.received.slice(1).map(({ payload }) => payload)).toEqual([
    {
      type: 'block_suggestion',
      ...actor(ann),
      container: { type: 'view', view_id: view },
      action_id: 'choose',
      block_id: 'target',
      value: 'sh',
      view: viewAs(blank),
    },
    {
      type: 'view_submission',
      ...actor(ann),
      trigger_id: made,
      view: viewAs(filled),
      response_urls: [],
    },
    { type: 'view_closed', ...actor(ann), view: viewAs(filled), is_cleared: false },
  ]);
});

test('a button in App Home comes with the view, and without a channel', async () => {
  await client.views.publish({ user_id: people.ann, view: { type: 'home', blocks } });
  const view = slack.home(people.ann)?.id ?? '';
  await slack.press(people.ann, { at: { view }, action: 'approve' });
  const [payload = {}] = double.payloads('block_actions');
  expect(Object.keys(payload).sort()).toEqual(
    [...Object.keys(actor(ann)), 'type', 'container', 'trigger_id', 'view', 'actions'].sort(),
  );
  expect(payload).toMatchObject({ container: { type: 'view', view_id: view }, view: { type: 'home' } });
});

test('an event comes in an envelope that says for whom it is', async () => {
  slack.openHome(people.ann);
  await slack.settled();
  expect(double.payloads('event_callback')).toEqual([
    {
      token: app.verification_token,
      team_id: 'T07ACME00',
      context_team_id: 'T07ACME00',
      context_enterprise_id: null,
      api_app_id: 'A07CSIGN00',
      event: {
        type: 'app_home_opened',
        user: 'U07ANN000',
        channel: slack.directMessage(people.ann, app.id).id,
        tab: 'home',
        event_ts: ts,
      },
      type: 'event_callback',
      event_id: expect.stringMatching(/^Ev/),
      event_time: 1_772_445_600,
      authorizations: [
        {
          enterprise_id: null,
          team_id: 'T07ACME00',
          user_id: 'U07CSIGN0',
          is_bot: true,
          is_enterprise_install: false,
        },
      ],
      is_ext_shared_channel: false,
      event_context: made,
    },
  ]);
});

test('what somebody of another workspace says comes with theirs, in a shared channel', async () => {
  slack.company.changeApp(app.id, { events: ['message.channels'] });
  slack.say(people.cleo, { channel: channels.extCustomer, text: 'Please' });
  await slack.settled();
  expect(double.payloads('event_callback')).toMatchObject([
    {
      team_id: 'T9CUST000',
      context_team_id: 'T07ACME00',
      is_ext_shared_channel: true,
      authorizations: [{ team_id: 'T07ACME00' }],
      event: {
        type: 'message',
        user: 'U09CLEO00',
        team: 'T9CUST000',
        user_team: 'T9CUST000',
        source_team: 'T9CUST000',
        channel: 'C07EXTCUST',
        channel_type: 'channel',
        text: 'Please',
      },
    },
  ]);
});

test('who comes to a channel is told of', async () => {
  slack.join(people.eve, channels.access);
  await slack.settled();
  expect(double.payloads('event_callback')).toMatchObject([
    {
      event: { type: 'member_joined_channel', user: people.eve, channel: channels.access, channel_type: 'G' },
    },
  ]);
});
