// One request to the service behind an HTTP integration: authenticated, signed, bounded, and its answer judged.
import type { SettingValue } from '../../domain/flow.ts';
import { Failure } from '../../engine/ports/failure.ts';
import { withSecrets } from '../secret-text.ts';
import type { WaysOut } from '../ways-out.ts';
import type { HttpIntegration } from './http-integration.ts';
import { signatureHeaders } from './signature.ts';
import { soundPath } from './sound-path.ts';

export interface HttpRequest {
  readonly method: string;
  /** Below the base URL. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: SettingValue;
  /** The same for each try of the same thing. */
  readonly idempotencyKey?: string;
}

export interface Answered {
  readonly status: number;
  /** Undefined where it is no JSON. */
  readonly json: unknown;
}

export interface HttpCall {
  readonly integration: HttpIntegration;
  readonly using: Pick<WaysOut, 'clock' | 'fetch' | 'secret'>;
}

const longestAnswer = 65_536;

/** Throws `Failure` unless the status is 2xx or one of `also`. */
export async function send(call: HttpCall, request: HttpRequest, also: readonly number[]): Promise<Answered> {
  const { integration, using } = call;
  const base = new URL(integration.base_url);
  // Not even to this machine: what else listens here is not for a desk to speak to. The operator may redirect.
  if (base.protocol !== 'https:')
    throw new Failure('The `base_url` of the integration must begin with https://.', { transient: false });
  const path = `${base.pathname.replace(/\/$/, '')}${soundPath(request.path)}`;
  const body = request.body === undefined ? '' : JSON.stringify(request.body);
  const { method, idempotencyKey } = request;
  const headers = {
    accept: 'application/json',
    'user-agent': 'countersign',
    ...(body !== '' && { 'content-type': 'application/json' }),
    ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    ...(await authentication(call, base.host, { method, path, body })),
  };
  const response = await reachable(
    using.fetch(`${base.origin}${path}`, {
      method,
      headers,
      redirect: 'manual',
      ...(body !== '' && { body }),
    }),
  );
  const text = await reachable(firstPart(response));
  if (response.ok || also.includes(response.status)) return { status: response.status, json: parsed(text) };
  throw refusal(response);
}

/** What proves to the service who we are, by names in small letters. Throws `Failure`. */
export async function authentication(
  { integration, using }: HttpCall,
  host: string,
  { method, path, body }: { readonly method: string; readonly path: string; readonly body: string },
): Promise<Readonly<Record<string, string>>> {
  const filled = (text: string): Promise<string> => withSecrets(text, host, using);
  const { headers = {}, token, signing_secret } = integration;
  const own: [name: string, text: string][] = [];
  for (const [name, text] of Object.entries(headers)) own.push([ownName(name), await filled(text)]);
  const at = using.clock.now();
  return {
    ...Object.fromEntries(own),
    ...(token !== undefined && { authorization: `Bearer ${await filled(token)}` }),
    ...(signing_secret !== undefined &&
      signatureHeaders(await filled(signing_secret), { method, path, body, at })),
  };
}

/** What says where a request goes and how long it is, is ours to say: behind a shared front another `host` is another service. */
const reservedHeaders: readonly string[] = [
  'connection',
  'content-length',
  'content-type',
  'host',
  'idempotency-key',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

function ownName(header: string): string {
  const name = header.toLowerCase();
  if (reservedHeaders.includes(name) || /^(?:countersign|proxy)-/.test(name))
    throw new Failure('The integration sets a header that it may not set.', { transient: false });
  return name;
}

/** A network error may quote the address, and the address holds settings. */
async function reachable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('The service did not answer.', { transient: true });
  }
}

async function firstPart(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > longestAnswer) return '';
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusal({ status, headers }: Response): Failure {
  const transient = status === 408 || status === 425 || status === 429 || status >= 500;
  const seconds = Number(headers.get('retry-after') ?? NaN);
  const isRedirect = status >= 300 && status < 400;
  return new Failure(
    `The service answered ${status}${isRedirect ? ', and redirects are not followed' : ''}.`,
    {
      transient,
      ...(Number.isFinite(seconds) && seconds >= 0 && { retryAfter: seconds * 1000 }),
    },
  );
}
