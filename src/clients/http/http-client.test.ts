import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../../test/virtual-clock.ts';
import { plus } from '../../domain/names.ts';
import { createHttpClient, HttpFailure, type HttpClientSettings, type HttpRequest } from './http-client.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A real server on this machine, and a client that knows it. */
async function given(answer: RequestListener, settings: Partial<HttpClientSettings> = {}) {
  const listening = createServer(answer);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const address = listening.address();
  const host = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const clock = createVirtualClock();
  const client = createHttpClient({
    fetch: globalThis.fetch,
    clock,
    baseUrl: `http://${host}/api`,
    allowedHosts: [host],
    ...settings,
  });
  const fails = async (request: Partial<HttpRequest> = {}): Promise<HttpFailure> => {
    const error = await client.send({ ...grant, ...request }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof HttpFailure)) throw new Error('It did not fail as it should.');
    return error;
  };
  return { client, clock, fails };
}

/** When the server has the next request. */
async function arrival(): Promise<void> {
  if (server) await once(server, 'request');
}

const grant: HttpRequest = { name: 'grant', method: 'PUT', path: 'grants/ann' };

describe('what is sent', () => {
  it('goes below the base URL, with headers, query and JSON, and JSON comes back', async () => {
    const { client } = await given((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        const { method, url, headers } = request;
        response.writeHead(201, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ method, url, body, authorization: headers.authorization }));
      });
    });
    const answer = await client.send({
      ...grant,
      query: { role: 'a&b' },
      headers: { authorization: 'Bearer t' },
      json: { for: 'ann' },
    });
    expect(answer).toMatchObject({
      status: 201,
      json: {
        method: 'PUT',
        url: '/api/grants/ann?role=a%26b',
        body: '{"for":"ann"}',
        authorization: 'Bearer t',
      },
    });
  });

  it('takes an empty answer, and one that is no JSON and does not say it is', async () => {
    const { client } = await given((request, response) => {
      if (request.method === 'PUT') response.writeHead(204).end();
      else response.writeHead(200, { 'content-type': 'text/html' }).end('<p>fine</p>');
    });
    expect(await client.send(grant)).toMatchObject({ status: 204, json: undefined });
    expect(await client.send({ ...grant, method: 'GET' })).toMatchObject({ status: 200, json: undefined });
  });

  it.each(['../admin', '..%2f/../../admin', '/../admin', '%2e%2e/admin'])(
    'never leaves the base URL: %s',
    async (path) => {
      const { fails } = await given((_, response) => response.end());
      expect(await fails({ path })).toMatchObject({
        message: 'grant: its path leads elsewhere',
        transient: false,
      });
    },
  );

  it.each(['//evil.test/x', 'https://evil.test/x', '@evil.test/x', '\\\\evil.test\\x'])(
    'stays on its host: %s',
    async (path) => {
      const seen: string[] = [];
      const { client } = await given((request, response) => {
        seen.push(request.url ?? '');
        response.end();
      });
      await client.send({ ...grant, path }).catch(() => undefined);
      expect(seen.every((url) => url.startsWith('/api/'))).toBe(true);
    },
  );

  it.each([
    ['http://intranet.test/', ['intranet.test']],
    ['https://evil.test/', ['good.test']],
    ['https://good.test:8443/', ['good.test']],
    ['file:///etc/passwd', ['']],
    ['nonsense', ['nonsense']],
  ])('is refused where the base URL is %s', async (baseUrl, allowedHosts) => {
    const { fails } = await given((_, response) => response.end(), { baseUrl, allowedHosts });
    expect(await fails()).toMatchObject({ message: 'grant: its address is not allowed', transient: false });
  });

  it('is not sent when it is too late', async () => {
    let asked = 0;
    const { fails, clock } = await given((_, response) => {
      asked += 1;
      response.end();
    });
    const failure = await fails({ notAfter: plus(clock.now(), -1) });
    expect(failure).toMatchObject({ message: 'grant: too late, it was not sent', transient: false });
    expect(asked).toBe(0);
  });
});

describe('what comes back wrong', () => {
  it.each([
    [500, true],
    [503, true],
    [429, true],
    [408, true],
    [400, false],
    [401, false],
    [403, false],
    [404, false],
  ])('%i is transient: %s', async (status, transient) => {
    const { fails } = await given((_, response) =>
      response.writeHead(status).end('{"error":"quoted secret"}'),
    );
    expect(await fails()).toMatchObject({ message: `grant: ${status}`, status, transient });
  });

  it('says when to come back', async () => {
    const { fails } = await given((_, response) => response.writeHead(429, { 'retry-after': '7' }).end());
    expect(await fails()).toMatchObject({ retryAfter: 7000 });
  });

  it('is a redirect, which is not followed: credentials stay here', async () => {
    let asked = 0;
    const { fails } = await given((_, response) => {
      asked += 1;
      response.writeHead(302, { location: '/api/other' }).end();
    });
    expect(await fails()).toMatchObject({ transient: false, status: 302 });
    expect(asked).toBe(1);
  });

  it('is an answer that is too long', async () => {
    const { fails } = await given((_, response) => response.end('x'.repeat(2000)), { maxBytes: 1000 });
    expect((await fails()).message).toBe('grant: 200, with an answer that is too long');
  });

  it('is an answer that says it is JSON and is not', async () => {
    const { fails } = await given((_, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"secret":'),
    );
    expect((await fails()).message).toBe('grant: 200, with an answer that is no JSON');
  });

  it('is a connection that breaks', async () => {
    const { fails } = await given((_, response) => response.destroy());
    expect(await fails()).toMatchObject({ message: 'grant: no answer', transient: true });
  });

  it('is a hang, which is given up after its time', async () => {
    const { fails, clock } = await given(() => {}, { timeoutMs: 5000 });
    const failure = fails();
    await arrival();
    await clock.advance(5000);
    expect(await failure).toMatchObject({ message: 'grant: no answer within 5 s', transient: true });
  });

  it('is given up when its caller does', async () => {
    const { fails } = await given(() => {});
    const giveUp = new AbortController();
    const failure = fails({ signal: giveUp.signal });
    await arrival();
    giveUp.abort();
    expect(await failure).toMatchObject({ message: 'grant: given up', transient: true });
  });

  it('never quotes a header that cannot be sent', async () => {
    const { fails } = await given((_, response) => response.end());
    const failure = await fails({ headers: { authorization: 'Bearer top\nsecret' } });
    expect(failure.message).toBe('grant: its headers or body cannot be sent');
    expect(failure.cause).toBeUndefined();
  });
});
