// Where GitHub delivers: the size is bounded, the signature verified, the command durable, and only then the answer is given.
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe } from '../engine/engine.ts';
import type { Log } from '../engine/ports/log.ts';
import { answer, createBodyReader, refuse } from './bounded-body.ts';

export interface WebhookEndpointParts {
  /** Whether GitHub signed it with the secret that it shares with us. */
  readonly verify: (payload: string, signature: string) => Promise<boolean>;
  /** Durable when it resolves; rejects where it has to be sent again. */
  readonly accept: (event: string, payload: unknown) => Promise<void>;
  readonly log: Log;
}

export const webhookPath = '/api/github/webhooks';

/** GitHub sends at most 25 MB; what we read of is far smaller, and a push this large is found by reading the branch. */
const limits = { maxBytes: 5 * 1024 * 1024, maxBytesTogether: 64 * 1024 * 1024 };

export function createWebhookEndpoint({ verify, accept, log }: WebhookEndpointParts) {
  const read = createBodyReader(limits);
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'POST') return answer(response, 405, 'Deliveries are posted.');
    const [id, name, signature] = ['x-github-delivery', 'x-github-event', 'x-hub-signature-256'].map(
      (header) => one(request, header),
    );
    if (!id || !name || !signature) return answer(response, 400, 'This is no signed delivery of GitHub.');
    const body = await read(request);
    if ('refusal' in body) return refuse(request, response, body.refusal);
    const payload = isUtf8(body.bytes) ? body.bytes.toString('utf8') : undefined;
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

/** Headers are a stranger's words until the signature was verified. */
function safe(text: string): string {
  return text.replace(/[^\w.-]/g, '?').slice(0, 64);
}
