import { createHmac } from 'node:crypto';
import { createServer, request as send, type IncomingHttpHeaders, type Server } from 'node:http';
import { HTTPReceiver } from '@slack/bolt';
import { afterEach, describe, expect, test } from 'vitest';
import { createKeptLog } from '../../test/scripted-github.ts';
import { instant } from '../domain/names.ts';
import type { SlackAnswer, SlackDelivery } from './slack-door.ts';
import { createSlackEndpoint } from './slack-endpoint.ts';

const secret = 'abcdef0123456789';
const form = 'application/x-www-form-urlencoded';

const servers: Server[] = [];
const unheard: unknown[] = [];
const hear = (reason: unknown): number => unheard.push(reason);
process.on('unhandledRejection', hear);
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  expect(unheard).toEqual([]);
});

type Take = (delivery: Omit<SlackDelivery, 'connection'>) => Promise<SlackAnswer>;

/** An endpoint, and a Slack that delivers to it. */
async function given(take: Take = async () => undefined, now = Date.now()) {
  const log = createKeptLog();
  const taken: Omit<SlackDelivery, 'connection'>[] = [];
  const endpoint = createSlackEndpoint({
    HTTPReceiver,
    path: '/api/slack/events',
    name: '',
    signingSecret: secret,
    clock: { now: () => instant(now), sleep: async () => undefined },
    log,
    longestWait: 50,
    take: async (delivery) => {
      taken.push(delivery);
      return take(delivery);
    },
  });
  const server = createServer((request, response) => void endpoint(request, response));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  function deliver(
    body: string,
    more: { readonly [name: string]: string | undefined } = {},
    method = 'POST',
  ) {
    const at = more['x-slack-request-timestamp'] ?? String(Math.floor(now / 1000));
    const signature = `v0=${createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')}`;
    const headers = Object.entries({
      'content-type': 'application/json',
      'x-slack-request-timestamp': at,
      'x-slack-signature': signature,
      ...more,
    }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
    return new Promise<{ status: number; text: string; headers: IncomingHttpHeaders }>((resolve, reject) => {
      const outgoing = send({ port, method, path: '/api/slack/events?x=1' }, (answer) => {
        let text = '';
        answer.on('data', (chunk) => (text += String(chunk)));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers }));
      });
      outgoing.on('error', reject);
      for (const [name, value] of headers) outgoing.setHeader(name, value);
      outgoing.end(body);
    });
  }
  return { deliver, taken, log, port };
}

const event = { type: 'event_callback', event_id: 'Ev1', event: { type: 'app_home_opened' } };

describe('a delivery of Slack', () => {
  test('is acked once it is taken, with what is to go along', async () => {
    const steps: string[] = [];
    const { deliver, taken } = await given(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      steps.push('durable');
      return { options: [] };
    });
    const answer = await deliver(JSON.stringify(event));
    steps.push('acked');
    expect(answer).toMatchObject({ status: 200, text: '{"options":[]}' });
    expect(answer.headers['content-type']).toBe('application/json');
    expect(steps).toEqual(['durable', 'acked']);
    expect(taken[0]?.body).toEqual(event);
  });

  test('is acked with nothing where there is nothing to say', async () => {
    const { deliver } = await given();
    expect(await deliver(JSON.stringify(event))).toMatchObject({ status: 200, text: '' });
  });

  test('may be a form: a slash command, or a payload', async () => {
    const { deliver, taken } = await given();
    await deliver('command=%2Faccess&text=prod+30m', { 'content-type': form });
    const payload = JSON.stringify({ type: 'block_actions', actions: [] });
    await deliver(`payload=${encodeURIComponent(payload)}`, { 'content-type': form });
    expect(taken.map(({ body }) => ({ ...Object(body) }))).toEqual([
      { command: '/access', text: 'prod 30m' },
      { type: 'block_actions', actions: [] },
    ]);
  });

  test('says when Slack signed it, and never a later time than it came', async () => {
    const now = Date.now();
    const { deliver, taken } = await given(undefined, now);
    const second = Math.floor(now / 1000);
    for (const at of [second - 200, second + 200])
      await deliver(JSON.stringify(event), { 'x-slack-request-timestamp': String(at) });
    expect(taken.map(({ signedAt }) => signedAt)).toEqual([instant((second - 200) * 1000), instant(now)]);
  });

  test('that comes again says so', async () => {
    const { deliver, taken } = await given();
    await deliver(JSON.stringify(event), {
      'x-slack-retry-num': '2',
      'x-slack-retry-reason': 'http_timeout',
    });
    await deliver(JSON.stringify(event));
    expect(taken.map(({ retry }) => retry)).toEqual([{ num: 2, reason: 'http_timeout' }, undefined]);
  });

  test('that is not signed with our secret is refused, and told without what it said', async () => {
    const { deliver, taken, log } = await given();
    const wrong = `v0=${'0'.repeat(64)}`;
    expect((await deliver('{"secret":1}', { 'x-slack-signature': wrong })).status).toBe(401);
    expect((await deliver('{"secret":1}', { 'x-slack-signature': undefined })).status).toBe(401);
    expect((await deliver('{"secret":1}', { 'x-slack-request-timestamp': 'x' })).status).toBe(401);
    expect(taken).toEqual([]);
    expect(log.lines).toEqual(
      Array(3).fill('A delivery is not signed with our secret {"door":"slack","name":""}'),
    );
  });

  test.each([-301, 301])('that was signed %i seconds from now is refused', async (seconds) => {
    const { deliver, taken } = await given();
    const at = String(Math.floor(Date.now() / 1000) + seconds);
    expect((await deliver(JSON.stringify(event), { 'x-slack-request-timestamp': at })).status).toBe(401);
    expect(taken).toEqual([]);
  });

  test('that cannot be taken now is a 500, so that Slack sends it again', async () => {
    const { deliver, log } = await given(async () => {
      throw new Error('The disk is full.');
    });
    expect((await deliver(JSON.stringify(event))).status).toBe(500);
    expect(log.lines).toEqual([
      'A delivery could not be taken now {"door":"slack","name":"","error":"The disk is full."}',
    ]);
  });

  test('that takes too long is not acked, and what comes of it later breaks nothing', async () => {
    let finish = (): void => undefined;
    const { deliver, log } = await given(() => new Promise((resolve) => (finish = () => resolve(undefined))));
    expect((await deliver(JSON.stringify(event))).status).toBe(503);
    finish();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(log.lines).toEqual([
      'A delivery was not durable in time, and was not acked {"door":"slack","name":""}',
    ]);
  });

  test.each([
    ['null', 'application/json'],
    ['[1]', 'application/json'],
    ['"text"', 'application/json'],
    ['{"half":', 'application/json'],
    ['payload=null', form],
    ['a=1&payload=null', form],
    ['%70ayload=null', form],
    ['a=1&pay%6Coad=null', form],
    ['payload', form],
    ['payload=', form],
    ['payload=%5B1%5D', form],
    ['payload=%7Bhalf', form],
  ])('that is signed and no object is refused, and breaks nothing: %s', async (body, type) => {
    const { deliver, taken, log } = await given();
    expect((await deliver(body, { 'content-type': type })).status).toBe(400);
    expect([taken, log.lines]).toEqual([[], []]);
  });

  test('that is too large is refused before it is read', async () => {
    const { deliver, taken } = await given();
    expect((await deliver(JSON.stringify({ long: 'x'.repeat(1024 * 1024) }))).status).toBe(413);
    expect(taken).toEqual([]);
  });

  test('is posted', async () => {
    const { deliver } = await given();
    expect((await deliver('', {}, 'GET')).status).toBe(405);
  });
});

describe('what Slack asks of an address', () => {
  test('is answered: its challenge, signed', async () => {
    const { deliver, taken } = await given();
    const body = JSON.stringify({ type: 'url_verification', challenge: 'c1' });
    expect(await deliver(body)).toMatchObject({ status: 200, text: '{"challenge":"c1"}' });
    expect((await deliver(body, { 'x-slack-signature': 'v0=00' })).status).toBe(401);
    expect(taken).toEqual([]);
  });

  test('is answered: whether there is a certificate, unsigned, and nothing smuggled in with it', async () => {
    const { deliver, taken } = await given();
    const unsigned = {
      'content-type': form,
      'x-slack-signature': undefined,
      'x-slack-request-timestamp': undefined,
    };
    const smuggled = `ssl_check=1&payload=${encodeURIComponent('{"type":"block_actions"}')}`;
    for (const body of ['ssl_check=1&token=x', smuggled])
      expect((await deliver(body, unsigned)).status).toBe(200);
    expect(taken).toEqual([]);
  });
});
