// Slack over HTTP: the size is bounded, Bolt verifies the signature, the command is durable, and only then it is acked.
import type { IncomingMessage } from 'node:http';
import type { HTTPReceiver as Receiver } from '@slack/bolt';
import { instant, type Milliseconds } from '../domain/names.ts';
import { describe } from '../engine/engine.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Log } from '../engine/ports/log.ts';
import { quietSlackLogger } from '../clients/slack/quiet-logger.ts';
import { answer, createBodyReader, refuse } from './bounded-body.ts';
import type { SlackAnswer, SlackDelivery, SlackEndpoint } from './slack-door.ts';
import { receiverEvent } from './slack-receiver.ts';

export interface SlackEndpointParts {
  readonly HTTPReceiver: typeof Receiver;
  readonly path: string;
  readonly name: string;
  readonly signingSecret: string;
  readonly take: (delivery: Omit<SlackDelivery, 'connection'>) => Promise<SlackAnswer>;
  readonly clock: Clock;
  readonly log: Log;
  /** For what takes a delivery; afterwards it is not acked. */
  readonly longestWait?: Milliseconds;
}

/** A form with everything that Slack lets stand in it is far smaller. */
const limits = { maxBytes: 1024 * 1024, maxBytesTogether: 32 * 1024 * 1024, longest: 3000 };
/** Slack gives three seconds; a late acknowledgement would be none. */
const inTime: Milliseconds = 2500;
/** In both directions: a captured delivery is worth nothing later. */
const longestSkew: Milliseconds = 5 * 60_000;

export function createSlackEndpoint(parts: SlackEndpointParts): SlackEndpoint {
  const { path, name, clock, log } = parts;
  const read = createBodyReader(limits);
  const receiver = createReceiver(parts);

  return async (request, response) => {
    if (request.method !== 'POST') return answer(response, 405, 'Deliveries are posted.');
    const body = await read(request);
    if ('refusal' in body) return refuse(request, response, body.refusal);
    if (isOutOfTime(request, Date.parse(clock.now()))) {
      log.warn('A delivery was signed too long ago, or ahead of our clock', { door: 'slack', name });
      return answer(response, 401, 'It was not signed just now.');
    }
    if (!holdsObject(request, body.bytes)) return answer(response, 400, 'This is no delivery of Slack.');
    response.once('finish', () => {
      if (response.statusCode === 401)
        log.warn('A delivery is not signed with our secret', { door: 'slack', name });
    });
    try {
      // Bolt takes a body that was read already, and a path of its own.
      receiver.requestListener(Object.assign(request, { rawBody: body.bytes, url: path }), response);
    } catch (error) {
      log.error('A delivery broke its reader', { door: 'slack', name, error: kindOf(error) });
      if (!response.headersSent) answer(response, 500, 'Not taken. Please deliver it again.');
    }
  };
}

function createReceiver({
  HTTPReceiver,
  path,
  name,
  signingSecret,
  take,
  log,
  clock,
  longestWait = inTime,
}: SlackEndpointParts): Receiver {
  const receiver = new HTTPReceiver({
    signingSecret,
    endpoints: [path],
    // It would quote what it could not read.
    logger: quietSlackLogger,
    unhandledRequestTimeoutMillis: longestWait,
    unhandledRequestHandler({ response }) {
      if (response.headersSent) return;
      log.warn('A delivery was not durable in time, and was not acked', { door: 'slack', name });
      answer(response, 503, 'Not taken in time. Please deliver it again.');
    },
    customPropertiesExtractor: ({ headers }) => ({ signedMs: signedMs(headers) }),
    async processEventErrorHandler({ error, response }) {
      if (!response.headersSent) {
        log.warn('A delivery could not be taken now', { door: 'slack', name, error: describe(error) });
        answer(response, 500, 'Not taken. Please deliver it again.');
      }
      // So that nobody waits for an acknowledgement any more.
      return true;
    },
  });
  receiverEvent(receiver, async ({ body, ack, retry, properties }) => {
    const now = Date.parse(clock.now());
    const signed = properties['signedMs'];
    const signedAt = instant(Math.min(typeof signed === 'number' ? signed : now, now));
    await ack(await take({ body, signedAt, ...(retry && { retry }) }));
  });
  return receiver;
}

function signedMs({ 'x-slack-request-timestamp': text }: IncomingMessage['headers']): number {
  return Number(text) * 1000;
}

/** What has no time is for Bolt to refuse: a check of the certificate has none. */
function isOutOfTime({ headers }: IncomingMessage, now: Milliseconds): boolean {
  const signed = signedMs(headers);
  return Math.abs(signed - now) > longestSkew;
}

const ampersand = '&'.charCodeAt(0);
const equals = '='.charCodeAt(0);
/** Of a field of Slack; longer ones are none that matter here. */
const longestName = 64;

function endOf(bytes: Buffer, what: number, from: number): number {
  const at = bytes.indexOf(what, from);
  return at === -1 ? bytes.length : at;
}

/** Bolt trips over a body that is JSON and no object, even where it is signed. */
function holdsObject({ headers }: IncomingMessage, bytes: Buffer): boolean {
  if (headers['content-type'] !== 'application/x-www-form-urlencoded')
    return /^\s*\{/.test(bytes.toString('latin1', 0, 100));
  for (let at = 0; at < bytes.length;) {
    const end = endOf(bytes, ampersand, at);
    const name = bytes.toString('latin1', at, Math.min(endOf(bytes, equals, at), end, at + longestName));
    // Slack encodes no name: what does could mean one that we look for.
    if (/[%+]/.test(name)) return false;
    if (name === 'payload')
      return /^=(?:%7B|\{)/i.test(bytes.toString('latin1', at + name.length, at + name.length + 4));
    at = end + 1;
  }
  return true;
}

function kindOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
