import { createServer, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import type { Readiness } from './readiness.ts';
import { createRoutes } from './routes.ts';
import { webhookPath } from './webhook-endpoint.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function given() {
  const readiness: { state: Readiness } = { state: 'ready' };
  const taken: string[] = [];
  const listening = createServer(
    createRoutes({
      readiness,
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
