import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createKeptLog } from '../../../test/scripted-github.ts';
import { createVirtualClock } from '../../../test/virtual-clock.ts';
import { minutes } from '../../domain/duration.ts';
import { plus } from '../../domain/names.ts';
import { createSlackApp } from './slack-app.ts';

type Answer = {
  readonly status?: number;
  readonly headers?: { readonly [name: string]: string };
  readonly json?: unknown;
  readonly text?: string;
};
type Told = { readonly [name: string]: string };

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const identity = {
  ok: true,
  url: 'https://acme.slack.com/',
  team: 'Acme',
  team_id: 'T07ACME00',
  user_id: 'U07SIGN00',
  bot_id: 'B07SIGN00',
};

/** A Slack of a few methods: what each answers, in turn or for ever, and what it was asked. */
async function given(methods: { readonly [method: string]: Answer | ((told: Told) => Answer) }) {
  const asked: { readonly method: string; readonly told: Told; readonly authorization: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      const method = (request.url ?? '').replace('/api/', '');
      const told: Told = request.headers['content-type']?.startsWith('application/json')
        ? JSON.parse(body)
        : Object.fromEntries(new URLSearchParams(body));
      asked.push({ method, told, authorization: request.headers.authorization ?? '' });
      const found = methods[method] ?? { json: { ok: false, error: 'unknown_method' } };
      const { status = 200, headers, json, text } = typeof found === 'function' ? found(told) : found;
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(text ?? JSON.stringify(json ?? { ok: true }));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const clock = createVirtualClock();
  const log = createKeptLog();
  const app = createSlackApp({
    connections: [{ botToken: 'xoxb-acme' }, { name: 'CUSTOMER', botToken: 'xoxb-customer' }],
    apiUrl: `${origin}/api/`,
    fetch: globalThis.fetch,
    clock,
    log,
  });
  const [acme, customer] = app.connections;
  if (acme === undefined || customer === undefined) throw new Error('There are two.');
  const last = (): Told => asked.at(-1)?.told ?? {};
  return { app, acme, customer, asked, last, clock, log, origin };
}

const ok = (json: object): Answer => ({ json: { ok: true, ...json } });
const no = (error: string): Answer => ({ json: { ok: false, error } });

describe('a workspace', () => {
  it('is known by its token, and found by its id', async () => {
    const { app, acme, asked } = await given({
      'auth.test': { json: identity, headers: { 'x-oauth-scopes': 'commands,chat:write' } },
    });
    expect(await acme.identity()).toEqual({
      team: 'T07ACME00',
      teamName: 'Acme',
      url: 'https://acme.slack.com/',
      user: 'U07SIGN00',
      bot: 'B07SIGN00',
      scopes: ['commands', 'chat:write'],
    });
    expect(await app.connection('T07ACME00')).toBe(acme);
    expect(await app.connection('T07ACME00')).toBe(acme);
    expect(await app.connection('T0OTHER00')).toBeUndefined();
    expect(asked[0]?.authorization).toBe('Bearer xoxb-acme');
  });

  it('of which Slack does not say anything keeps nobody from the others', async () => {
    let isDown = true;
    const { app, acme, customer, asked } = await given({
      'auth.test': () =>
        asked.at(-1)?.authorization === 'Bearer xoxb-acme'
          ? { json: identity }
          : isDown
            ? no('token_revoked')
            : { json: { ...identity, team_id: 'T9CUST000' } },
    });
    expect(await app.connection('T07ACME00')).toBe(acme);
    await expect(app.connection('T9CUST000')).rejects.toThrow(/SLACK_BOT_TOKEN_CUSTOMER was revoked/);
    isDown = false;
    expect(await app.connection('T9CUST000')).toBe(customer);
  });
});

describe('what is sent', () => {
  it('is a message that unfolds no links and names nobody by itself', async () => {
    const { acme, last } = await given({ 'chat.postMessage': ok({ channel: 'C1', ts: '1.2' }) });
    const metadata = { event_type: 'countersign_card', event_payload: { request: '01' } };
    const posted = await acme.postMessage({
      channel: 'C1',
      thread: '1.1',
      body: async () => ({ text: 'Hello', blocks: [{ type: 'divider' }], metadata }),
    });
    expect(posted).toEqual({ channel: 'C1', ts: '1.2' });
    expect(last()).toEqual({
      channel: 'C1',
      thread_ts: '1.1',
      text: 'Hello',
      blocks: '[{"type":"divider"}]',
      metadata: JSON.stringify(metadata),
      parse: 'none',
      unfurl_links: 'false',
      unfurl_media: 'false',
    });
  });

  it('is an edit, which removes what it leaves out', async () => {
    const { acme, last } = await given({ 'chat.update': ok({}) });
    await acme.updateMessage({ channel: 'C1', message: '1.2', body: { text: 'Over' } });
    expect(last()).toEqual({ channel: 'C1', ts: '1.2', text: 'Over', blocks: '[]', parse: 'none' });
  });

  it('is what holds when it leaves, after a limit too', async () => {
    let state = 'asked';
    const answers = [{ status: 429, headers: { 'retry-after': '5' } }];
    const { acme, asked, clock } = await given({ 'chat.update': () => answers.shift() ?? ok({}) });
    const done = acme.updateMessage({ channel: 'C1', message: '1.2', body: () => ({ text: state }) });
    while (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    state = 'approved';
    await clock.settle(done);
    expect(asked.map(({ told }) => told['text'])).toEqual(['asked', 'approved']);
  });

  it('is a form, its next state, and a home', async () => {
    const { acme, asked } = await given({
      'views.open': ok({ view: { id: 'V1', hash: 'h1' } }),
      'views.update': ok({ view: { id: 'V1', hash: 'h2' } }),
      'views.publish': ok({ view: { id: 'V2', hash: 'h3' } }),
    });
    expect(await acme.openView({ trigger: 't', view: { type: 'modal' } })).toEqual({ id: 'V1', hash: 'h1' });
    expect(await acme.updateView({ view: 'V1', hash: 'h1', content: { type: 'modal' } })).toEqual({
      id: 'V1',
      hash: 'h2',
    });
    await acme.publishHome({ user: 'U1', view: () => ({ type: 'home' }) });
    expect(asked.map(({ told }) => told)).toEqual([
      { trigger_id: 't', view: '{"type":"modal"}' },
      { view_id: 'V1', hash: 'h1', view: '{"type":"modal"}' },
      { user_id: 'U1', view: '{"type":"home"}' },
    ]);
  });

  it('answers at Slack’s own addresses alone', async () => {
    const { acme, asked, origin } = await given({ '/respond/1': ok({}), '/respond/2': { status: 404 } });
    await acme.respond(`${origin}/respond/1`, { text: 'Done', response_type: 'ephemeral' });
    expect(asked.at(-1)?.told).toEqual({ text: 'Done', response_type: 'ephemeral' });
    expect(asked.at(-1)?.authorization).toBe('');
    for (const elsewhere of ['https://evil.test/x', 'http://hooks.slack.com/x', 'nonsense'])
      await expect(acme.respond(elsewhere, {})).rejects.toThrow('Slack, response_url: it leads elsewhere');
    await expect(acme.respond(`${origin}/respond/2`, {})).rejects.toThrow('it can be answered no more');
  });

  it('goes to the direct message with several, whoever is named first', async () => {
    const { acme, last } = await given({ 'conversations.open': ok({ channel: { id: 'G1' } }) });
    expect(await acme.openDirect(['U2', 'U1'])).toBe('G1');
    expect(last()).toEqual({ users: 'U1,U2' });
  });

  it('and fails names the channel, once it is known', async () => {
    const { acme } = await given({
      'conversations.info': ok({ channel: { id: 'C07ACCESS', name: 'access' } }),
      'chat.postMessage': no('not_in_channel'),
    });
    const post = () => acme.postMessage({ channel: 'C07ACCESS', body: { text: 'x' } });
    await expect(post()).rejects.toThrow(/not in C07ACCESS\./);
    await acme.channel('C07ACCESS');
    await expect(post()).rejects.toThrow('the app is not in #access. Invite it there: /invite @Countersign');
  });
});

describe('what is looked up', () => {
  const channel = { id: 'C07ACCESS', name: 'access', is_private: true };

  it('is a channel by its id, and by its name among those that the app is in before all others', async () => {
    const { acme, asked } = await given({
      'conversations.info': ok({ channel: { ...channel, is_ext_shared: true } }),
      'users.conversations': ({ cursor }) =>
        cursor === 'next'
          ? ok({ channels: [channel] })
          : ok({ channels: [], response_metadata: { next_cursor: 'next' } }),
      'conversations.list': ok({ channels: [{ id: 'C07GENER0', name: 'general' }] }),
    });
    expect(await acme.channel('C07ACCESS')).toMatchObject({ isShared: true, isMember: false });
    expect(await acme.channel('#access')).toEqual({
      ...{ id: 'C07ACCESS', name: 'access' },
      ...{ isPrivate: true, isShared: false, isArchived: false, isMember: true, isDirect: false },
    });
    expect(asked.map(({ method }) => method)).not.toContain('conversations.list');
    expect(await acme.channel('general')).toMatchObject({ isMember: false, isPrivate: false });
    expect(await acme.channel('nowhere')).toBeUndefined();
    expect(asked.filter(({ method }) => method === 'conversations.list')).toHaveLength(1);
  });

  it('is a person, with what makes a guest or a stranger', async () => {
    const { acme } = await given({
      'users.info': ({ user }) =>
        user === 'U9CLEO000'
          ? ok({
              user: {
                ...{ id: 'U9CLEO000', team_id: 'T9CUST000', name: 'cleo', is_stranger: true },
                ...{ is_ultra_restricted: true, profile: { display_name: 'Cleo', email: 'cleo@cust.test' } },
              },
            })
          : no('user_not_found'),
    });
    expect(await acme.user('U9CLEO000')).toEqual({
      ...{ id: 'U9CLEO000', team: 'T9CUST000', handle: 'cleo', name: 'Cleo', email: 'cleo@cust.test' },
      ...{ isEmailConfirmed: false, isBot: false, isDeactivated: false, isStranger: true },
      ...{ isRestricted: true, isUltraRestricted: true },
    });
    expect(await acme.user('U00000000')).toBeUndefined();
  });

  it('is a user group by handle or id, and who is in it', async () => {
    const { acme } = await given({
      'usergroups.list': ok({
        usergroups: [{ id: 'S07DATA00', handle: 'data', name: 'Data', date_delete: 0 }],
      }),
      'usergroups.users.list': ok({ users: ['U1', 'U2'] }),
    });
    const group = { id: 'S07DATA00', handle: 'data', name: 'Data', isDisabled: false };
    expect(await acme.group('@data')).toEqual(group);
    expect(await acme.group('S07DATA00')).toEqual(group);
    expect(await acme.group('other')).toBeUndefined();
    expect(await acme.groupMembers('S07DATA00')).toEqual(['U1', 'U2']);
  });

  it('is asked once for those who ask together, and again after a minute', async () => {
    const { acme, asked, clock } = await given({
      'conversations.members': ({ cursor }) =>
        cursor === undefined || cursor === ''
          ? ok({ members: ['U1'], response_metadata: { next_cursor: 'c' } })
          : ok({ members: ['U2'] }),
    });
    const both = await Promise.all([acme.members('C1'), acme.members('C1')]);
    expect(both).toEqual([
      ['U1', 'U2'],
      ['U1', 'U2'],
    ]);
    expect(asked).toHaveLength(2);
    await clock.advance(59_000);
    await acme.members('C1');
    expect(asked).toHaveLength(2);
    await clock.advance(1000);
    await acme.members('C1');
    expect(asked).toHaveLength(4);
  });

  it('is not remembered where it failed, and one who gives up ends nobody else’s wait', async () => {
    const answers = [no('missing_scope')];
    const { acme } = await given({ 'users.info': () => answers.shift() ?? ok({ user: { id: 'U1' } }) });
    await expect(acme.user('U1')).rejects.toThrow('the app lacks a scope');
    const giveUp = new AbortController();
    const [impatient, patient] = [acme.user('U1', giveUp.signal), acme.user('U1')];
    giveUp.abort();
    await expect(impatient).rejects.toThrow('The call to Slack was stopped.');
    expect(await patient).toMatchObject({ id: 'U1' });
  });

  it('is a message of ours, and never one of somebody else’s app with the same words', async () => {
    const message = (ts: string, bot: string, request: string) => ({
      ...{ ts, bot_id: bot },
      metadata: { event_type: 'countersign_card', event_payload: { request } },
    });
    const { acme, last, clock } = await given({
      'auth.test': { json: identity },
      'conversations.history': ({ cursor }) =>
        cursor === undefined
          ? ok({
              messages: [
                message('1700000005.0', 'B0THERS00', 'a'),
                message('1700000004.0', 'B07SIGN00', 'b'),
              ],
              response_metadata: { next_cursor: 'c' },
            })
          : ok({
              messages: [
                message('1700000003.0', 'B07SIGN00', 'a'),
                message('1700000002.0', 'B07SIGN00', 'a'),
              ],
            }),
      'conversations.replies': ok({ messages: [] }),
    });
    const search = {
      channel: 'C1',
      since: plus(clock.now(), 0),
      isIt: ({ event_payload }: { readonly event_payload: { readonly [name: string]: unknown } }) =>
        event_payload['request'] === 'a',
    };
    expect(await acme.findMessage(search)).toMatchObject({ ts: '1700000003.0' });
    expect(last()).toMatchObject({ include_all_metadata: 'true', oldest: '1795165140.000000' });
    expect(await acme.findMessage({ ...search, thread: '1.1' })).toBeUndefined();
    expect(last()).toMatchObject({ ts: '1.1' });
  });
});

describe('whether Slack is there', () => {
  it('is asked where nothing else was, and told since when', async () => {
    let isDown = false;
    const { app, asked, clock } = await given({
      'auth.test': () => (isDown ? { status: 503, text: 'away' } : { json: identity }),
    });
    await app.look();
    expect(asked).toHaveLength(1);
    // The second workspace's token is shown once, too.
    await app.look();
    await app.look();
    expect(asked.map(({ authorization }) => authorization)).toEqual([
      'Bearer xoxb-acme',
      'Bearer xoxb-customer',
    ]);
    isDown = true;
    await clock.advance(30_000);
    const since = clock.now();
    await app.look();
    await clock.advance(60_000);
    await app.look();
    expect([app.health.isReachable(), app.health.unreachableSince()]).toEqual([false, since]);
    isDown = false;
    await app.look();
    expect([app.health.isReachable(), app.health.outageEndedAt()]).toEqual([true, clock.now()]);
  });

  it('a token that it does not take any more is known by its variable, until it is taken again', async () => {
    let isRevoked = false;
    const { app, clock, asked } = await given({
      'auth.test': () => (isRevoked ? no('token_revoked') : { json: identity }),
    });
    await app.connection('T07ACME00');
    expect(app.shutOut()).toEqual([]);
    isRevoked = true;
    await clock.advance(20_000);
    await app.look();
    expect([asked.length, app.shutOut()]).toEqual([2, []]);
    app.doubt('T07ACME00');
    await app.look();
    expect(app.shutOut()).toEqual([
      { token: 'SLACK_BOT_TOKEN', why: expect.stringContaining('SLACK_BOT_TOKEN was revoked. Install') },
    ]);
    expect(app.health.isReachable()).toBe(true);
    isRevoked = false;
    await clock.advance(minutes(6));
    await app.look();
    expect(app.shutOut()).toEqual([]);
  });

  it('is told without what was sent, and without what came back', async () => {
    const { acme, log } = await given({ 'chat.postMessage': { status: 500, text: 'xoxb-acme secret' } });
    const post = acme.postMessage({ channel: 'C1', body: { text: 'secret' } });
    await expect(post).rejects.toMatchObject({
      ...{ message: 'Slack, chat.postMessage: 500', kind: 'lost', transient: true, cause: undefined },
    });
    expect(log.lines).toEqual([]);
  });
});
