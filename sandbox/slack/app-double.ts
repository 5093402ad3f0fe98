// An app for tests of the embedded Slack: it keeps what it is sent, and answers as a test wants.
import { createServer } from 'node:http';
import { asJson, asText, parsed, type Json } from './json.ts';

export interface Received {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly raw: string;
  readonly payload: Json;
}

export interface AppDouble {
  readonly url: string;
  readonly received: Received[];
  /** By the payload's type, `command` for commands: a JSON or a text, a status, `silence`; an empty 200 unless said. */
  answers: Record<string, unknown>;
  /** The payloads of one type. */
  payloads(type: string): readonly Json[];
  close(): Promise<void>;
}

export async function startAppDouble(): Promise<AppDouble> {
  const received: Received[] = [];
  const answers: Record<string, unknown> = {};
  const double = { answers };
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(Buffer.from(chunk));
      const raw = Buffer.concat(chunks).toString();
      const payload = payloadOf(raw, request.headers['content-type'] ?? '');
      received.push({ headers: request.headers, raw, payload });
      const answer = double.answers[asText(payload['type']) ?? 'command'];
      if (answer === 'silence') return;
      if (typeof answer === 'number') return response.writeHead(answer).end();
      response.setHeader('content-type', 'application/json');
      response.end(answer === undefined ? '' : typeof answer === 'string' ? answer : JSON.stringify(answer));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return Object.assign(double, {
    url: `http://127.0.0.1:${port}/api/slack/events`,
    received,
    payloads: (type: string) =>
      received.map(({ payload }) => payload).filter((payload) => (payload['type'] ?? 'command') === type),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}

function payloadOf(raw: string, type: string): Json {
  if (type.startsWith('application/json')) return asJson(parsed(raw));
  const form = new URLSearchParams(raw);
  const payload = form.get('payload');
  return payload === null ? Object.fromEntries(form) : asJson(parsed(payload));
}
