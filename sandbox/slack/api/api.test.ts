import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { asJson, type Json } from '../json.ts';
import type { AppRow } from '../rows.ts';
import { channels, people, sampleCompany } from '../sample-company.ts';
import { startSlack, type StartedSlack } from '../slack.ts';

let slack: StartedSlack;
let app: AppRow;
let client: WebClient;
let time: Date;

beforeEach(async () => {
  time = new Date('2026-03-02T10:00:00Z');
  slack = await startSlack({ clock: { now: () => time } });
  ({ app } = sampleCompany(slack));
  client = new WebClient(app.bot_token, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } });
});

afterEach(() => slack.close());

async function raw(
  method: string,
  { headers = {}, body = '' }: { readonly headers?: Record<string, string>; readonly body?: string },
): Promise<{ readonly status: number; readonly body: Json; readonly headers: Headers }> {
  const answer = await fetch(`${slack.apiUrl}${method}`, { method: 'POST', headers, body });
  return { status: answer.status, body: asJson(await answer.json()), headers: answer.headers };
}

async function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'none',
    (error: unknown) => asJson(asJson(error)['data'])['error'],
  );
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
const asJsonBody = { 'content-type': 'application/json; charset=utf-8' };
const asForm = { 'content-type': 'application/x-www-form-urlencoded' };

test('a call comes as a form or as JSON, and says no to anything else', async () => {
  const form = `channel=${channels.general}&text=form`;
  const json = JSON.stringify({ channel: channels.general, text: 'json', blocks: [{ type: 'divider' }] });
  const token = bearer(app.bot_token);
  const method = 'chat.postMessage';
  expect((await raw(method, { headers: { ...token, ...asForm }, body: form })).body['ok']).toBe(true);
  expect((await raw(method, { headers: { ...token, ...asJsonBody }, body: json })).body['ok']).toBe(true);
  const withToken = `${form}&token=${app.bot_token}`;
  expect((await raw(method, { headers: asForm, body: withToken })).body['ok']).toBe(true);
  expect((await raw(method, { headers: asForm, body: form })).body).toEqual({
    ok: false,
    error: 'not_authed',
  });
  const xml = { headers: { ...token, 'content-type': 'text/xml' }, body: '<a/>' };
  expect((await raw(method, xml)).body['error']).toBe('invalid_post_type');
  const broken = { headers: { ...token, ...asJsonBody }, body: '{' };
  expect((await raw(method, broken)).body['error']).toBe('invalid_json');
});

test('blocks that break a limit are refused with their place', async () => {
  const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3001) } }];
  const body = JSON.stringify({ channel: channels.general, text: 'x', blocks });
  const headers = { ...bearer(app.bot_token), ...asJsonBody };
  const message = 'must be less than 3001 characters [json-pointer:/blocks/0/text/text]';
  expect((await raw('chat.postMessage', { headers, body })).body).toEqual({
    ok: false,
    error: 'invalid_blocks',
    errors: [message],
    response_metadata: { messages: [`[ERROR] ${message}`] },
  });
});

test('no call is logged with its token', async () => {
  await raw('auth.test', { headers: asForm, body: `token=${app.bot_token}&x=1` });
  await client.auth.test();
  expect(slack.calls.map(({ args }) => args)).toEqual([{ x: '1' }, {}]);
  expect(JSON.stringify(slack.calls)).not.toContain(app.bot_token);
});

test('lists come in pages', async () => {
  const seen: string[] = [];
  let cursor = '';
  do {
    const page = await client.conversations.members({
      channel: channels.general,
      limit: 5,
      ...(cursor ? { cursor } : {}),
    });
    seen.push(...(page.members ?? []));
    expect(page.members?.length).toBeLessThanOrEqual(5);
    cursor = page.response_metadata?.next_cursor ?? '';
  } while (cursor);
  expect(seen).toHaveLength(12);
  expect(new Set(seen).size).toBe(12);
  expect(await errorOf(client.conversations.members({ channel: channels.general, cursor: 'x' }))).toBe(
    'invalid_cursor',
  );
});

test('a direct message is opened once, and a group has up to eight others', async () => {
  const first = await client.conversations.open({ users: people.ann });
  const again = await client.conversations.open({ users: people.ann, return_im: true });
  expect(again).toMatchObject({ already_open: true, channel: { id: first.channel?.id, is_im: true } });
  const group = await client.conversations.open({ users: `${people.ann},${people.bob}` });
  expect(group.channel?.id).toMatch(/^C/);
  const open = (users: readonly string[]): Promise<unknown> =>
    errorOf(client.conversations.open({ users: users.join(',') }));
  const nine = Object.values(people).slice(0, 9);
  expect(await open(nine)).toBe('too_many_users');
  expect(await open(nine.slice(0, 8))).toBe('none');
  expect(await open([])).toBe('users_list_not_supplied');
  expect(await open(['U0NOBODY0'])).toBe('user_not_found');
  slack.company.changeUser(people.eve, { deleted: true });
  expect(await open([people.eve])).toBe('user_disabled');
});

test('of people Slack tells who is a guest, and who is of another workspace', async () => {
  const info = async (user: string): Promise<Json> => asJson((await client.users.info({ user })).user);
  expect(await info(people.ann)).toMatchObject({
    team_id: 'T07ACME00',
    is_restricted: false,
    profile: { email: 'ann@acme.com' },
  });
  expect(await info(people.ann)).not.toHaveProperty('is_stranger');
  expect(await info(people.gil)).toMatchObject({ is_restricted: true, is_ultra_restricted: true });
  expect(await info(people.nora)).toMatchObject({ is_restricted: true, is_ultra_restricted: false });
  expect(await info(people.cleo)).toMatchObject({
    team_id: 'T9CUST000',
    is_stranger: false,
    profile: { email: 'cleo@customer.example' },
  });
  expect(await info(people.cleo)).not.toHaveProperty('is_admin');
});

test('a person of another workspace whom the app does not meet is a stranger, or nobody', async () => {
  slack.leave(app.bot_user_id, channels.extCustomer);
  slack.company.changeChannel(channels.extCustomer, { kind: 'private' });
  const { user } = await client.users.info({ user: people.cleo });
  expect(user).toMatchObject({ is_stranger: true });
  expect(user?.profile?.email).toBeUndefined();
  slack.leave(people.cleo, channels.extCustomer);
  expect(await errorOf(client.users.info({ user: people.cleo }))).toBe('user_not_found');
});

test('an e-mail finds people of the own workspace who are still there', async () => {
  const found = await client.users.lookupByEmail({ email: 'ANN@acme.com' });
  expect(found.user?.id).toBe(people.ann);
  expect(await errorOf(client.users.lookupByEmail({ email: 'cleo@customer.example' }))).toBe(
    'users_not_found',
  );
  slack.company.changeUser(people.ann, { deleted: true });
  expect(await errorOf(client.users.lookupByEmail({ email: 'ann@acme.com' }))).toBe('users_not_found');
});

test('a channel says whether it is public, private or shared', async () => {
  const info = async (channel: string): Promise<Json> =>
    asJson((await client.conversations.info({ channel })).channel);
  expect(await info(channels.access)).toMatchObject({
    is_private: true,
    is_ext_shared: false,
    is_member: true,
  });
  expect(await info(channels.extCustomer)).toMatchObject({
    is_private: false,
    is_ext_shared: true,
    connected_team_ids: ['T9CUST000'],
  });
  const list = await client.conversations.list({ types: 'public_channel,private_channel', limit: 1000 });
  expect(list.channels?.map(({ name }) => name).sort()).toEqual([
    'access',
    'access-errors',
    'data-access',
    'ext-customer',
    'general',
  ]);
});

test('groups, the team and the bot can be read', async () => {
  const groups = await client.usergroups.list({ include_users: true });
  expect(groups.usergroups).toMatchObject([{ handle: 'data-team', users: [people.bob, people.yuki] }]);
  expect((await client.usergroups.users.list({ usergroup: 'S07DATA00' })).users).toHaveLength(2);
  expect(await errorOf(client.usergroups.users.list({ usergroup: 'S0NONE000' }))).toBe('no_such_subteam');
  expect((await client.team.info()).team).toMatchObject({ id: 'T07ACME00', domain: 'acme' });
  expect((await client.bots.info({ bot: app.bot_id })).bot).toMatchObject({ app_id: app.id });
});

test('a thread is its root and its replies; what one person saw is in no list', async () => {
  const channel = channels.access;
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'root' });
  await client.chat.postMessage({ channel, text: 'reply', thread_ts: ts });
  await client.chat.postEphemeral({ channel, user: people.bob, text: 'for Bob' });
  const replies = await client.conversations.replies({ channel, ts });
  expect(replies.messages?.map(({ text }) => text)).toEqual(['root', 'reply']);
  expect(replies.messages?.[0]).toMatchObject({ reply_count: 1 });
  const history = await client.conversations.history({ channel });
  expect(history.messages?.map(({ text }) => text)).toEqual(['root']);
  const seen = (user: string): string[] =>
    slack.messagesSeenBy(user, { channel }).map(({ body }) => String(body['text']));
  expect(seen(people.bob)).toEqual(['root', 'for Bob']);
  expect(seen(people.dora)).toEqual(['root']);
  expect(seen(people.eve)).toEqual([]);
  const notThere = client.chat.postEphemeral({ channel, user: people.eve, text: 'x' });
  expect(await errorOf(notThere)).toBe('user_not_in_channel');
  const lost = client.chat.postMessage({ channel, text: 'x', thread_ts: '1.000001' });
  expect(await errorOf(lost)).toBe('cannot_reply_to_message');
  const { permalink } = await client.chat.getPermalink({ channel, message_ts: ts });
  expect(permalink).toBe(`https://acme.slack.com/archives/${channel}/p${ts.replace('.', '')}`);
});

test('an app changes and removes its own messages alone', async () => {
  const said = slack.say(people.ann, { channel: channels.access, text: 'mine' });
  const at = { channel: channels.access, ts: said.ok ? said.message.ts : '' };
  expect(await errorOf(client.chat.update({ ...at, text: 'x' }))).toBe('cant_update_message');
  expect(await errorOf(client.chat.delete(at))).toBe('cant_delete_message');
});

test('five messages a channel at once, then one a second', async () => {
  slack.enforceLimits(true);
  const headers = { ...bearer(app.bot_token), ...asForm };
  const post = (channel: string): ReturnType<typeof raw> =>
    raw('chat.postMessage', { headers, body: `channel=${channel}&text=x` });
  for (let count = 0; count < 5; count += 1) expect((await post(channels.access)).status).toBe(200);
  const limited = await post(channels.access);
  expect([limited.status, limited.body['error'], limited.headers.get('retry-after')]).toEqual([
    429,
    'ratelimited',
    '5',
  ]);
  expect((await post(channels.general)).status).toBe(200);
  time = new Date(time.getTime() + 5000);
  expect((await post(channels.access)).status).toBe(200);
});

test('each method has its own limit in a minute', async () => {
  slack.enforceLimits(true);
  for (let count = 0; count < 20; count += 1) await client.usergroups.list();
  const over = await raw('usergroups.list', { headers: bearer(app.bot_token) });
  expect([over.status, over.headers.get('retry-after')]).toEqual([429, '60']);
  expect(await client.users.info({ user: people.ann })).toMatchObject({ ok: true });
  time = new Date(time.getTime() + 60_000);
  expect(await client.usergroups.list()).toMatchObject({ ok: true });
});

test('an app that was taken out has no token any more', async () => {
  slack.uninstall(app.id);
  expect(await errorOf(client.auth.test())).toBe('account_inactive');
});
