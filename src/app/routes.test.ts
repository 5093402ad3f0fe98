import { createServer, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import type { Readiness } from './readiness.ts';
import { createRoutes } from './routes.ts';
import type { SlackEndpoint } from './slack-door.ts';
import { webhookPath } from './webhook-endpoint.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function given(slack?: ReadonlyMap<string, SlackEndpoint>) {
  const readiness: { state: Readiness } = { state: 'ready' };
  const taken: string[] = [];
  const listening = createServer(
    createRoutes({
      readiness,
      ...(slack && { slack }),
      webhook: async (request, response) => {
        taken.push(request.method ?? '');
        response.writeHead(202).end();
      },
    }),
  );
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const address = listening.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    readiness,
    taken,
    async get(path: string, method = 'GET') {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method });
      return {
        status: answer.status,
        text: await answer.text(),
        connection: answer.headers.get('connection'),
      };
    },
  };
}

test('a process that answers lives, whatever it is doing', async () => {
  const { get, readiness } = await given();
  for (const state of ['starting', 'ready', 'bell-silent', 'stopping'] as const) {
    readiness.state = state;
    expect(await get('/healthz')).toMatchObject({ status: 200, text: 'ok\n' });
  }
});

test('it may be sent work only while it is ready, and says in a word why not', async () => {
  const { get, readiness } = await given();
  expect(await get('/readyz?verbose=1')).toMatchObject({ status: 200, text: 'ready\n' });
  for (const state of ['starting', 'bell-silent', 'stopping'] as const) {
    readiness.state = state;
    expect(await get('/readyz')).toMatchObject({ status: 503, text: `${state}\n` });
  }
});

test('webhooks are taken while it starts, for their senders are not to wait, and no more once it stops', async () => {
  const { get, readiness, taken } = await given();
  readiness.state = 'starting';
  expect((await get(webhookPath, 'POST')).status).toBe(202);
  readiness.state = 'stopping';
  expect(await get(webhookPath, 'POST')).toMatchObject({ status: 503, connection: 'close' });
  expect(taken).toEqual(['POST']);
});

test('there is nothing else', async () => {
  const { get } = await given();
  expect((await get('/')).status).toBe(200);
  expect((await get('/metrics')).status).toBe(404);
});

test('what Slack delivers goes to the door of its workspace, until the process stops', async () => {
  const heard: string[] = [];
  const door = (name: string): SlackEndpoint => {
    return async (_request, response) => {
      heard.push(name);
      response.writeHead(200).end();
    };
  };
  const doors = { '/api/slack/events': door('first'), '/api/slack/customer/events': door('customer') };
  const { get, readiness } = await given(new Map(Object.entries(doors)));
  await get('/api/slack/customer/events?x=1', 'POST');
  await get('/api/slack/events', 'POST');
  expect(heard).toEqual(['customer', 'first']);
  expect((await get('/api/slack/other/events', 'POST')).status).toBe(404);
  readiness.state = 'stopping';
  expect((await get('/api/slack/events', 'POST')).status).toBe(503);
  expect(heard).toHaveLength(2);
});
