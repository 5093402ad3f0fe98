// Where GitHub delivers: the size is bounded, the signature verified, the command durable, and only then the answer is given.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../engine/ports.ts';

export interface Delivery {
  readonly id: string;
  readonly name: string;
  readonly signature: string;
  readonly payload: string;
}

export interface WebhookEndpointParts {
  /** Rejects with a status of 400 where the signature is wrong, and otherwise where it has to be sent again. */
  readonly receive: (delivery: Delivery) => Promise<void>;
  readonly log: Log;
}

export const webhookPath = '/api/github/webhooks';

/** GitHub sends at most 25 MB; what we read of is far smaller, and a push this large is found by reading the branch. */
const maxBytes = 5 * 1024 * 1024;
/** Of all deliveries that are being read at once: until the signature is verified, anybody may have sent them. */
const maxBytesTogether = 64 * 1024 * 1024;

export function createWebhookEndpoint({ receive, log }: WebhookEndpointParts) {
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
    try {
      await receive({ id, name, signature, payload });
      answer(response, 202, 'Taken.');
    } catch (error) {
      const isForged = statusOf(error) === 400;
      log.warn(isForged ? 'A delivery is not signed with our secret' : 'A delivery could not be taken now', {
        event: safe(name),
        delivery: safe(id),
      });
      answer(
        response,
        isForged ? 401 : 500,
        isForged ? 'The signature does not match.' : 'Not taken. Please deliver it again.',
      );
    }
  };
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
): Promise<{ readonly payload: string } | { readonly refusal: Refusal }> {
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
    return { payload: Buffer.concat(chunks).toString('utf8') };
  } catch {
    return { refusal: 'gone' };
  } finally {
    reading.bytes -= bytes;
  }
}

/** What is left of the delivery is not waited for. */
function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  if (refusal === 'gone') return void request.destroy();
  const [status, sentence] = answers[refusal];
  response.once('finish', () => request.destroy());
  response.setHeader('connection', 'close');
  answer(response, status, sentence);
}

function answer(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${sentence}\n`);
}

/** Octokit gathers the errors of a delivery; the first with a status tells. */
function statusOf(error: unknown): number | undefined {
  if (error instanceof AggregateError)
    return error.errors.map(statusOf).find((status) => status !== undefined);
  if (typeof error !== 'object' || error === null || !('status' in error)) return undefined;
  return typeof error.status === 'number' ? error.status : undefined;
}

/** Headers are a stranger's words until the signature was verified. */
function safe(text: string): string {
  return text.replace(/[^\w.-]/g, '?').slice(0, 64);
}
