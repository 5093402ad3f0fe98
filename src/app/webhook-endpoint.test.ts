import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createWebhookEndpoint, webhookPath } from './webhook-endpoint.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function given() {
  const taken: unknown[] = [];
  const ends: Promise<void>[] = [];
  const endpoint = createWebhookEndpoint({
    verify: async (_payload, signature) => signature === 'sha256=0',
    accept: async (_event, payload) => void taken.push(payload),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  const listening = createServer((request, response) => void ends.push(endpoint(request, response)));
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const address = listening.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const headers = { 'x-github-delivery': 'one', 'x-github-event': 'ping', 'x-hub-signature-256': 'sha256=0' };
  return {
    taken,
    ends,
    post: (body: BodyInit, more: Record<string, string> = {}) =>
      fetch(`http://127.0.0.1:${port}${webhookPath}`, {
        method: 'POST',
        headers: { ...headers, ...more },
        body,
      }),
    /** As a stranger's program writes it. */
    async write(text: string): Promise<Socket> {
      const socket = connect(port, '127.0.0.1');
      await new Promise<void>((resolve) => socket.once('connect', resolve));
      socket.write(text);
      return socket;
    },
    head: (length: string) =>
      [
        `POST ${webhookPath} HTTP/1.1`,
        'host: x',
        ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
        length,
        '\r\n',
      ].join('\r\n'),
  };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

function heard(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (part: Buffer) => (text += part.toString()));
    socket.on('error', () => resolve(text));
    socket.on('close', () => resolve(text));
  });
}

describe('what a stranger may do to the endpoint', () => {
  it('survives whoever hangs up in the middle of a delivery', async () => {
    const { ends, taken, write, head, post } = await given();
    const socket = await write(`${head('content-length: 1000')}{"half":`);
    await until(() => ends.length === 1);
    socket.destroy();
    await expect(ends[0]).resolves.toBeUndefined();
    expect(taken).toEqual([]);
    expect((await post('{}')).status).toBe(202);
  });

  it('survives a chunk that is none', async () => {
    const { ends, taken, write, head } = await given();
    const socket = await write(`${head('transfer-encoding: chunked')}zz\r\nnonsense\r\n`);
    await heard(socket);
    await Promise.all(ends);
    expect(taken).toEqual([]);
  });

  it('takes a delivery that comes in chunks', async () => {
    const { taken, write, head } = await given();
    await write(`${head('transfer-encoding: chunked')}1\r\n{\r\n1\r\n}\r\n0\r\n\r\n`);
    await until(() => taken.length === 1);
    expect(taken).toEqual([{}]);
  });

  it('takes a delivery of a megabyte, and one of five', async () => {
    const { taken, post } = await given();
    for (const megabytes of [1, 5]) {
      const rest = megabytes * 1024 * 1024 - JSON.stringify({ text: '' }).length;
      expect((await post(JSON.stringify({ text: 'x'.repeat(rest) }))).status).toBe(202);
    }
    expect(taken).toHaveLength(2);
  });

  it.each([
    ['no UTF-8', new Uint8Array([0x22, 0xff, 0xfe, 0x22]), 'The body is no UTF-8.'],
    ['half a letter', new Uint8Array([0x22, 0xc3]), 'The body is no UTF-8.'],
    ['a form', 'payload=%7B%7D', 'Set the content type to application/json.'],
    ['cut off', '{"action":', 'The body is no JSON.'],
  ])('says what is wrong with a body that is %s', async (_what, body, sentence) => {
    const { taken, post } = await given();
    const answer = await post(body);
    expect({ status: answer.status, text: await answer.text() }).toEqual({
      status: 400,
      text: expect.stringContaining(sentence),
    });
    expect(taken).toEqual([]);
  });

  it('refuses what says that it is too large without reading it', async () => {
    const { taken, write, head } = await given();
    const socket = await write(head(`content-length: ${6 * 1024 * 1024}`));
    expect(await heard(socket)).toContain('413');
    expect(taken).toEqual([]);
  });

  it('lets whoever is still sending come to the end, and hears the next one', async () => {
    const { write, head } = await given();
    const size = 6 * 1024 * 1024;
    const socket = await write(head(`content-length: ${size}`));
    let text = '';
    socket.on('data', (part: Buffer) => (text += part.toString()));
    await until(() => text.includes('413'));
    socket.write('x'.repeat(size));
    socket.write(`GET ${webhookPath} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    await new Promise((resolve) => socket.once('close', resolve));
    expect(text).toContain('405');
  });

  it('refuses what turns out to be too large, and answers', async () => {
    const { taken, write, head } = await given();
    const socket = await write(head('transfer-encoding: chunked'));
    const answer = heard(socket);
    const part = `100000\r\n${'x'.repeat(0x100000)}\r\n`;
    for (let sent = 0; sent < 6; sent += 1) socket.write(part);
    expect(await answer).toContain('413');
    expect(taken).toEqual([]);
  });

  it('holds no more than so much of deliveries that nobody has verified', async () => {
    const { ends, write, head, post } = await given();
    const five = 5 * 1024 * 1024;
    const sockets = await Promise.all(
      Array.from({ length: 14 }, () => write(`${head(`content-length: ${five}`)}${'x'.repeat(five - 1)}`)),
    );
    const answers = sockets.map(heard);
    expect(await Promise.race(answers)).toContain('503');
    for (const socket of sockets) socket.destroy();
    await Promise.all(ends);
    expect((await post('{}')).status).toBe(202);
  });
});
