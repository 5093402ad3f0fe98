import { createServer } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { createKeptLog } from '../../test/scripted-github.ts';
import { createVirtualClock } from '../../test/virtual-clock.ts';
import {
  openSlackDoor,
  slackPath,
  type AcceptSlack,
  type SlackDelivery,
  type SlackDoor,
} from './slack-door.ts';

const ends: (() => Promise<unknown> | void)[] = [];
const unheard: unknown[] = [];
process.on('unhandledRejection', (reason) => unheard.push(reason));
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  expect(unheard).toEqual([]);
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** A Slack with Socket Mode, and a door that is connected to it. */
async function given(accept: AcceptSlack = async () => undefined, refusals: readonly object[] = []) {
  const sockets: WebSocket[] = [];
  const acks: unknown[] = [];
  const asked: (string | undefined)[] = [];
  const answers = [...refusals];
  const slack = createServer((request, response) => {
    asked.push(request.headers.authorization);
    const { port } = place();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answers.shift() ?? { ok: true, url: `ws://127.0.0.1:${port}/link` }));
  });
  const place = (): { port: number } => {
    const address = slack.address();
    return { port: typeof address === 'object' && address ? address.port : 0 };
  };
  const links = new WebSocketServer({ server: slack });
  links.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('message', (data) => acks.push(JSON.parse(String(data))));
    socket.send(JSON.stringify({ type: 'hello' }));
  });
  await new Promise<void>((resolve) => slack.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    for (const socket of links.clients) socket.terminate();
    slack.closeAllConnections();
    slack.close();
  });
  const clock = createVirtualClock();
  const log = createKeptLog();
  const taken: SlackDelivery[] = [];
  const door = await openSlackDoor({
    slack: {
      apiUrl: `http://127.0.0.1:${place().port}/api/`,
      connections: [
        { botToken: 'xoxb-1', signingSecret: 'abcdef0123456789' },
        { name: 'customer', botToken: 'xoxb-2', appToken: 'xapp-secret' },
      ],
    },
    accept: async (delivery) => {
      taken.push(delivery);
      return accept(delivery);
    },
    teamOf: async (name) => (name === 'customer' ? 'T9CUST000' : 'T07ACME00'),
    fetch: globalThis.fetch,
    clock,
    log,
  });
  door.connect();
  ends.push(() => door.stop());
  const send = (message: object): void => sockets.at(-1)?.send(JSON.stringify(message));
  return { door, clock, log, taken, acks, asked, sockets, send };
}

const pressed = {
  type: 'interactive',
  envelope_id: 'e1',
  accepts_response_payload: true,
  payload: { type: 'block_actions' },
};

const isConnected = (door: SlackDoor) => () => door.deafSince() === undefined;

test('each workspace has an address of its own, or a connection', async () => {
  const { door } = await given();
  expect([...door.endpoints.keys()]).toEqual(['/api/slack/events']);
  expect(slackPath('customer')).toBe('/api/slack/customer/events');
});

test('what comes by Socket Mode is acked once it is taken, with what is to go along', async () => {
  const { door, clock, taken, acks, asked, send } = await given(async () => ({ response_action: 'clear' }));
  expect(door.deafSince()).toBe(clock.now());
  await until(isConnected(door));
  expect(asked).toEqual(['Bearer xapp-secret']);
  send(pressed);
  await until(() => acks.length === 1);
  expect(taken).toEqual([
    { connection: 'T9CUST000', body: { type: 'block_actions' }, signedAt: clock.now() },
  ]);
  expect(acks).toEqual([{ envelope_id: 'e1', payload: { response_action: 'clear' } }]);
});

test('an event that comes again says so', async () => {
  const { door, taken, send } = await given();
  await until(isConnected(door));
  const payload = { type: 'event_callback', event: { type: 'message' } };
  const again = { retry_attempt: 1, retry_reason: 'timeout' };
  send({ type: 'events_api', envelope_id: 'e2', payload, ...again });
  await until(() => taken.length === 1);
  expect(taken[0]).toMatchObject({ body: payload, retry: { num: 1, reason: 'timeout' } });
});

test('what cannot be taken is not acked, and what nobody can read breaks nothing', async () => {
  const { door, taken, acks, log, send } = await given(async () => {
    throw new Error('The disk is full.');
  });
  await until(isConnected(door));
  log.lines.length = 0;
  send({ type: 'events_api', envelope_id: 'e0' });
  send(pressed);
  await until(() => log.lines.length === 2);
  expect(log.lines).toEqual([
    'A message of Slack could not be read {"name":"customer"}',
    'A delivery could not be taken now {"door":"slack","name":"customer","error":"The disk is full."}',
  ]);
  expect([taken.length, acks]).toEqual([1, []]);
});

test('it is connected anew where Slack asks for it, and where the line breaks', async () => {
  const { door, sockets, taken, send } = await given();
  await until(isConnected(door));
  send({ type: 'disconnect', reason: 'refresh_requested' });
  await until(() => sockets.length === 2 && isConnected(door)());
  sockets.at(-1)?.terminate();
  await until(() => sockets.length === 3 && isConnected(door)());
  send(pressed);
  await until(() => taken.length === 1);
});

test('where Slack says no, it says what to do and tries again, less and less often', async () => {
  const no = { ok: false, error: 'invalid_auth' };
  const { door, clock, log, asked } = await given(undefined, [no, no, no]);
  const since = door.deafSince();
  await until(() => log.lines.length === 1);
  await clock.advance(500);
  await until(() => log.lines.length === 2);
  await clock.advance(500);
  expect(asked).toHaveLength(2);
  await clock.advance(500);
  await until(() => log.lines.length === 3);
  expect(door.deafSince()).toBe(since);
  await clock.advance(2000);
  await until(isConnected(door));
  expect(log.lines[0]).toBe(
    'Slack is not connected by Socket Mode, trying again {"name":"customer","failures":1,"why":"Slack, apps.connections.open: SLACK_APP_TOKEN_CUSTOMER is not accepted. Make an app-level token with connections:write under “Basic Information”, and set SLACK_APP_TOKEN_CUSTOMER to it (invalid_auth)"}',
  );
});

test('it stops for good', async () => {
  const { door, sockets, asked } = await given();
  await until(isConnected(door));
  await door.stop();
  await until(() => sockets[0]?.readyState === 3);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(asked).toHaveLength(1);
});
