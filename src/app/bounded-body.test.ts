import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { answer, createBodyReader, refuse, type BodyLimits } from './bounded-body.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function given(limits: BodyLimits): Promise<number> {
  const read = createBodyReader(limits);
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      if ('refusal' in body) refuse(request, response, body.refusal);
      else answer(response, 200, `${body.bytes.length} bytes`);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Sends all but the last byte, and then nothing. */
async function stalls(port: number, bytes: number): Promise<{ socket: Socket; heard: () => string }> {
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  socket.on('data', (data) => (heard += String(data))).on('error', () => undefined);
  socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${bytes}\r\n\r\n`);
  await new Promise<void>((resolve) => socket.write(Buffer.alloc(bytes - 1, 32), () => resolve()));
  return { socket, heard: () => heard };
}

const post = async (port: number, body: string) =>
  fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body }).then(({ status }) => status);

test('whoever stalls keeps nobody else out', async () => {
  const port = await given({ maxBytes: 1000, maxBytesTogether: 10_000 });
  const stalled: Awaited<ReturnType<typeof stalls>>[] = [];
  for (let index = 0; index < 12; index += 1) stalled.push(await stalls(port, 1000));
  for (let index = 0; index < 20; index += 1) expect(await post(port, 'x'.repeat(900))).toBe(200);
  // The first made way.
  await expect.poll(() => stalled[0]?.heard()).toMatch(/^HTTP\/1\.1 503 /);
  expect(stalled.at(-1)?.heard()).toBe('');
  for (const { socket } of stalled) socket.destroy();
});

test('whoever takes too long is told so, and makes room', async () => {
  const port = await given({ maxBytes: 1000, maxBytesTogether: 10_000, longest: 200 });
  const { heard } = await stalls(port, 1000);
  await expect.poll(heard).toMatch(/^HTTP\/1\.1 408 /);
  for (let index = 0; index < 11; index += 1) expect(await post(port, 'x'.repeat(1000))).toBe(200);
});

test('all that is sent at once fits, or is refused with a word', async () => {
  const port = await given({ maxBytes: 1000, maxBytesTogether: 3000 });
  const statuses = await Promise.all(Array.from({ length: 50 }, () => post(port, 'x'.repeat(1000))));
  expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
  expect(await post(port, 'x'.repeat(1000))).toBe(200);
});
