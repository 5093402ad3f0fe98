// Serves setup on loopback: its forms, and the way back from GitHub.
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { admit } from './guard.ts';
import { createSetup, type Setup, type SetupParts, type Shown } from './setup.ts';

export interface RunningSetup {
  /** Carries the token. */
  readonly url: string;
  /** Resolves once somebody has said that this is all. */
  readonly finished: Promise<void>;
  stop(): Promise<void>;
}

/** A form of ours has a few short fields. */
const maxBytes = 16 * 1024;

export async function startSetup(
  parts: Omit<SetupParts, 'origin' | 'finish'>,
  port: number,
): Promise<RunningSetup> {
  const token = randomBytes(24).toString('hex');
  const place = { port };
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const origin = (): string => `http://127.0.0.1:${place.port}`;
  const setup = createSetup({ ...parts, origin, finish });
  const server = createServer((request, response) => {
    serve(setup, request, response, () => admit(request, place.port, token)).catch(() => {
      if (!response.headersSent) plain(response, 500, 'This went wrong. Load the page again.');
      else response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address === 'object' && address) place.port = address.port;
  return {
    url: `${origin()}/?token=${token}`,
    finished,
    async stop() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function serve(
  setup: Setup,
  request: IncomingMessage,
  response: ServerResponse,
  ask: () => ReturnType<typeof admit>,
): Promise<void> {
  response.setHeader('cache-control', 'no-store');
  // Not `no-referrer`: with it Chromium keeps silent about the origin of our own forms too.
  response.setHeader('referrer-policy', 'same-origin');
  response.setHeader('x-content-type-options', 'nosniff');
  const admission = ask();
  if ('refused' in admission) return plain(response, admission.refused, admission.sentence);
  if ('redirect' in admission) {
    response.setHeader('set-cookie', admission.cookie);
    return redirect(response, admission.redirect);
  }
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const shown = await answerTo(setup, request, pathname, searchParams);
  if (shown === undefined) return plain(response, 404, 'There is nothing here.');
  if ('redirect' in shown) return redirect(response, shown.redirect);
  response.setHeader('content-security-policy', shown.policy);
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(shown.page);
}

async function answerTo(
  setup: Setup,
  request: IncomingMessage,
  path: string,
  query: URLSearchParams,
): Promise<Shown | undefined> {
  if (request.method === 'POST') return setup.take(path, new URLSearchParams(await bodyOf(request)));
  if (request.method !== 'GET') return undefined;
  if (path === '/created') return setup.created(query);
  return path === '/' ? setup.show() : undefined;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > maxBytes) throw new Error('A form of setup is not that long.');
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function redirect(response: ServerResponse, to: string): void {
  response.writeHead(303, { location: to }).end();
}

function plain(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${sentence}\n`);
}
