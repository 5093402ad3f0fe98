// Brings something to an app, signed over HTTP or by its socket, and says what came of it within three seconds.
import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { asJson, asText, parsed, type Json } from './json.ts';
import type { AppRow } from './rows.ts';
import type { Envelope } from './sockets.ts';
import type { World } from './world.ts';

export interface Parcel {
  readonly kind: Envelope['type'];
  readonly payload: Json;
  /** Of an event that comes again: 1 to 3, and why. */
  readonly retry?: { readonly number: number; readonly reason: string };
}

export type Delivered =
  | {
      readonly ok: true;
      /** The answer's JSON; undefined where the body is empty or no JSON. */
      readonly answer: unknown;
      readonly text: string;
      readonly ms: number;
    }
  | {
      readonly ok: false;
      readonly reason: 'http_timeout' | 'http_error' | 'connection_failed';
      readonly status: number;
      /** The app asked for no more: `x-slack-no-retry`. */
      readonly isFinal: boolean;
      readonly ms: number;
    };

/** How an app is reached; tests make the three seconds shorter. */
export interface Delivery {
  deliver(app: AppRow, parcel: Parcel): Promise<Delivered>;
}

export function createDelivery(world: World, ackMs: number): Delivery {
  return {
    deliver: (app, parcel) =>
      app.socket_mode ? bySocket(world, app, parcel, ackMs) : byHttp(world, app, parcel, ackMs),
  };
}

async function bySocket(world: World, app: AppRow, parcel: Parcel, ackMs: number): Promise<Delivered> {
  const began = performance.now();
  const failed = (reason: 'http_timeout' | 'connection_failed'): Delivered => ({
    ok: false,
    reason,
    status: 0,
    isFinal: false,
    ms: Math.round(performance.now() - began),
  });
  if (!world.sockets.isConnected(app)) return failed('connection_failed');
  const answer = await world.sockets.send(
    app,
    {
      type: parcel.kind,
      payload: parcel.payload,
      accepts_response_payload: parcel.kind !== 'events_api',
      ...(parcel.retry
        ? { retry_attempt: parcel.retry.number, retry_reason: parcel.retry.reason.replace('http_', '') }
        : parcel.kind === 'events_api'
          ? { retry_attempt: 0, retry_reason: '' }
          : {}),
    },
    ackMs,
  );
  if (answer === undefined) return failed('http_timeout');
  const isEmpty = Object.keys(answer).length === 0;
  return {
    ok: true,
    answer: isEmpty ? undefined : answer,
    text: isEmpty ? '' : (asText(answer['text']) ?? JSON.stringify(answer)),
    ms: Math.round(performance.now() - began),
  };
}

/** `payload=` in a form for what people do in messages and forms; a form for a command; JSON for an event. */
function bodyOf({ kind, payload }: Parcel): { readonly type: string; readonly body: string } {
  const form = 'application/x-www-form-urlencoded';
  switch (kind) {
    case 'events_api':
      return { type: 'application/json', body: JSON.stringify(payload) };
    case 'interactive':
      return { type: form, body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString() };
    case 'slash_commands':
      return {
        type: form,
        body: new URLSearchParams(
          Object.entries(payload).map(([name, value]): [string, string] => [name, String(value)]),
        ).toString(),
      };
  }
}

/** The headers by which an app knows that it was Slack. */
export function signed(app: AppRow, body: string, at: Date): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const hash = createHmac('sha256', app.signing_secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${hash}` };
}

function byHttp(world: World, app: AppRow, parcel: Parcel, ackMs: number): Promise<Delivered> {
  const began = performance.now();
  const { type, body } = bodyOf(parcel);
  const ms = (): number => Math.round(performance.now() - began);
  const url = app.request_url;
  if (url === null) {
    return Promise.resolve({ ok: false, reason: 'connection_failed', status: 0, isFinal: false, ms: 0 });
  }
  return new Promise((resolve) => {
    const failed = (reason: 'http_timeout' | 'http_error' | 'connection_failed', status = 0): void =>
      resolve({ ok: false, reason, status, isFinal: false, ms: ms() });
    const outgoing = request(
      url,
      {
        method: 'POST',
        agent: false,
        headers: {
          accept: '*/*',
          'content-type': type,
          'content-length': String(Buffer.byteLength(body)),
          'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
          ...signed(app, body, world.now()),
          ...(parcel.retry
            ? {
                'x-slack-retry-num': String(parcel.retry.number),
                'x-slack-retry-reason': parcel.retry.reason,
              }
            : {}),
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', () => failed('connection_failed'));
        incoming.on('end', () => {
          const status = incoming.statusCode ?? 0;
          const text = Buffer.concat(chunks).toString();
          const isFinal = incoming.headers['x-slack-no-retry'] === '1';
          if (status < 200 || status > 299) {
            return resolve({ ok: false, reason: 'http_error', status, isFinal, ms: ms() });
          }
          resolve({ ok: true, answer: parsed(text), text, ms: ms() });
        });
      },
    );
    const deadline = setTimeout(() => {
      failed('http_timeout');
      outgoing.destroy();
    }, ackMs);
    outgoing.on('close', () => clearTimeout(deadline));
    outgoing.on('error', () => failed('connection_failed'));
    outgoing.end(body);
  });
}

/** Whether the address answers Slack's challenge, as it must before it is taken. */
export async function verifyUrl(world: World, delivery: Delivery, app: AppRow): Promise<boolean> {
  const challenge = world.state.newSecret(20);
  const delivered = await delivery.deliver(app, {
    kind: 'events_api',
    payload: { token: app.verification_token, challenge, type: 'url_verification' },
  });
  if (!delivered.ok) return false;
  return delivered.text === challenge || asJson(delivered.answer)['challenge'] === challenge;
}
