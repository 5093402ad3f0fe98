// Where GitHub delivers: the size is bounded, the signature verified, the command durable, and only then the answer is given.
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe } from '../engine/engine.ts';
import type { Log } from '../engine/ports.ts';

export interface WebhookEndpointParts {
  /** Whether GitHub signed it with the secret that it shares with us. */
  readonly verify: (payload: string, signature: string) => Promise<boolean>;
  /** Durable when it resolves; rejects where it has to be sent again. */
  readonly accept: (event: string, payload: unknown) => Promise<void>;
  readonly log: Log;
}

export const webhookPath = '/api/github/webhooks';

/** GitHub sends at most 25 MB; what we read of is far smaller, and a push this large is found by reading the branch. */
const maxBytes = 5 * 1024 * 1024;
/** Of all deliveries that are being read at once: until the signature is verified, anybody may have sent them. */
const maxBytesTogether = 64 * 1024 * 1024;

export function createWebhookEndpoint({ verify, accept, log }: WebhookEndpointParts) {
  const reading = { bytes: 0 };
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'POST') return answer(response, 405, 'Deliveries are posted.');
    const [id, name, signature] = ['x-github-delivery', 'x-github-event', 'x-hub-signature-256'].map(
      (header) => one(request, header),
    );
    if (!id || !name || !signature) return answer(response, 400, 'This is no signed delivery of GitHub.');
    const read = await readBody(request, reading);
    if ('refusal' in read) return refuse(request, response, read.refusal);
    const { payload } = read;
    const which = { event: safe(name), delivery: safe(id) };
    if (payload === undefined) return answer(response, 400, 'The body is no UTF-8.');
    if (!(await verify(payload, signature).catch(() => false))) {
      log.warn('A delivery is not signed with our secret', which);
      return answer(response, 401, 'The signature does not match.');
    }
    const said = parseJson(payload);
    if (said === undefined) {
      log.warn('A delivery is no JSON: set the content type of the webhook to application/json', which);
      return answer(response, 400, 'The body is no JSON. Set the content type to application/json.');
    }
    try {
      await accept(name, said);
      answer(response, 202, 'Taken.');
    } catch (error) {
      log.warn('A delivery could not be taken now', { ...which, error: describe(error) });
      answer(response, 500, 'Not taken. Please deliver it again.');
    }
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function one({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

type Refusal = 'too-large' | 'too-many' | 'gone';

const answers = {
  'too-large': [413, 'The delivery is too large.'],
  'too-many': [503, 'Too many deliveries at once. Please deliver it again.'],
} as const;

/** Never rejects: whoever hangs up in the middle, or sends what is no HTTP, is no concern of the process. */
async function readBody(
  request: IncomingMessage,
  reading: { bytes: number },
): Promise<{ readonly payload: string | undefined } | { readonly refusal: Refusal }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) return { refusal: 'too-large' };
    // Leaving the loop must not end the connection: it is still to be answered.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      const part = Buffer.from(chunk);
      bytes += part.length;
      reading.bytes += part.length;
      if (bytes > maxBytes) return { refusal: 'too-large' };
      if (reading.bytes > maxBytesTogether) return { refusal: 'too-many' };
      chunks.push(part);
    }
    const body = Buffer.concat(chunks);
    return { payload: isUtf8(body) ? body.toString('utf8') : undefined };
  } catch {
    return { refusal: 'gone' };
  } finally {
    reading.bytes -= bytes;
  }
}

/** So long what is left of a delivery is let in and forgotten: whoever is cut off while sending never reads the answer. */
const lingerMs = 2000;

function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  if (refusal === 'gone') return void request.destroy();
  const [status, sentence] = answers[refusal];
  response.once('finish', () => {
    const cut = setTimeout(() => request.destroy(), lingerMs).unref();
    request.once('close', () => clearTimeout(cut));
    request.resume();
  });
  // A promise to close would be kept at once, by the server itself.
  answer(response, status, sentence);
}

function answer(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${sentence}\n`);
}

/** Headers are a stranger's words until the signature was verified. */
function safe(text: string): string {
  return text.replace(/[^\w.-]/g, '?').slice(0, 64);
}
