// A small client for the HTTP services that flows name: known hosts only, no redirects, nothing endless, nothing told twice.
import { between, type Instant, type Milliseconds } from '../../domain/names.ts';
import { Failure, type Clock } from '../../engine/ports.ts';
import type { Fetch } from './fetch.ts';

export interface HttpRequest {
  /** What this is, for messages: never a value. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the base URL; parts that hold values are the caller's to encode. */
  readonly path: string;
  readonly query?: { readonly [name: string]: string };
  readonly headers?: { readonly [name: string]: string };
  readonly json?: unknown;
  /** In the place of `json`: `application/x-www-form-urlencoded`, as token endpoints want it. */
  readonly form?: { readonly [name: string]: string };
  /** Not sent after this. */
  readonly notAfter?: Instant;
  readonly signal?: AbortSignal;
  /** Whatever status comes is an answer, redirects aside; text that is no JSON comes too. */
  readonly anyStatus?: true;
}

export interface HttpAnswer {
  readonly status: number;
  /** Undefined where it is empty or no JSON. */
  readonly json: unknown;
  readonly headers: Headers;
  /** Where any status is an answer: what is no JSON. */
  readonly text?: string;
}

export interface HttpClient {
  /** Sends it once. Throws `HttpFailure` for anything but a 2xx, unless any status was asked for. */
  send(request: HttpRequest): Promise<HttpAnswer>;
}

export class HttpFailure extends Failure {
  /** Undefined where there was no answer. */
  readonly status: number | undefined;
  constructor(
    message: string,
    options: {
      readonly transient: boolean;
      readonly status?: number;
      readonly retryAfter?: Milliseconds;
    },
  ) {
    const { transient, status, retryAfter } = options;
    super(message, { transient, ...(retryAfter !== undefined && { retryAfter }) });
    this.status = status;
  }
}

export interface HttpClientSettings {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly baseUrl: string;
  /** `api.example.com` or `127.0.0.1:4000`, in lower case. Plain HTTP goes to this machine alone. */
  readonly allowedHosts: readonly string[];
  readonly timeoutMs?: Milliseconds;
  readonly maxBytes?: number;
}

export function createHttpClient(settings: HttpClientSettings): HttpClient {
  const { fetch, clock, timeoutMs = 30_000, maxBytes = 1024 * 1024 } = settings;
  return {
    async send(request) {
      const url = addressOf(request, settings);
      const init = contentOf(request);
      if (request.notAfter !== undefined && between(request.notAfter, clock.now()) > 0)
        throw new HttpFailure(`${request.name}: too late, it was not sent`, { transient: false });
      const exchange = async (signal: AbortSignal): Promise<HttpAnswer> => {
        const response = await fetch(url, { ...init, redirect: 'manual', signal });
        return readAnswer(request, response, maxBytes, clock.now());
      };
      return await within(exchange, request, clock, timeoutMs);
    },
  };
}

/** Whatever the path holds, it stays on the base URL's host and below its path. */
function addressOf({ name, path, query = {} }: HttpRequest, settings: HttpClientSettings): string {
  const base = parseUrl(settings.baseUrl);
  const root = base && `${base.pathname.replace(/\/$/, '')}/`;
  const url = base && parseUrl(`${base.origin}${root}${path.replace(/^\//, '')}`);
  if (!base || !root || !url || !isAllowed(base, settings.allowedHosts))
    throw new HttpFailure(`${name}: its address is not allowed`, { transient: false });
  if (url.origin !== base.origin || !url.pathname.startsWith(root) || url.username || url.password)
    throw new HttpFailure(`${name}: its path leads elsewhere`, { transient: false });
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
  url.hash = '';
  return url.href;
}

function isAllowed({ protocol, host, hostname }: URL, allowed: readonly string[]): boolean {
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return (protocol === 'https:' || (protocol === 'http:' && isLocal)) && allowed.includes(host);
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function contentOf({ name, method, headers = {}, json, form }: HttpRequest): RequestInit {
  try {
    const body = json === undefined ? form && new URLSearchParams(form).toString() : JSON.stringify(json);
    const all = new Headers({ accept: 'application/json', 'user-agent': 'countersign', ...headers });
    if (body !== undefined)
      all.set('content-type', form ? 'application/x-www-form-urlencoded' : 'application/json');
    return { method, headers: all, ...(body !== undefined && { body }) };
  } catch {
    // The error would quote the header, which may be a secret.
    throw new HttpFailure(`${name}: its headers or body cannot be sent`, { transient: false });
  }
}

async function within<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { name, signal }: HttpRequest,
  clock: Clock,
  timeoutMs: Milliseconds,
): Promise<T> {
  const done = new AbortController();
  const giveUp = AbortSignal.any([done.signal, ...(signal ? [signal] : [])]);
  const silence = clock.sleep(timeoutMs, giveUp).then(() => {
    throw noAnswer(name, signal?.aborted ? 'given up' : `no answer within ${timeoutMs / 1000} s`);
  });
  try {
    return await Promise.race([work(giveUp), silence]);
  } catch (error) {
    if (error instanceof HttpFailure) throw error;
    // What `fetch` says may quote the address.
    throw noAnswer(name, signal?.aborted ? 'given up' : 'no answer');
  } finally {
    done.abort();
  }
}

async function readAnswer(
  { name, anyStatus }: HttpRequest,
  response: Response,
  maxBytes: number,
  now: Instant,
): Promise<HttpAnswer> {
  const { status, headers } = response;
  const isRedirect = status >= 300 && status < 400;
  if (!response.ok && (isRedirect || !anyStatus)) {
    await response.body?.cancel();
    if (isRedirect)
      throw new HttpFailure(`${name}: ${status}, a redirect, which is not followed`, {
        transient: false,
        status,
      });
    const retryAfter = readRetryAfter(headers.get('retry-after'), now);
    throw new HttpFailure(`${name}: ${status}`, {
      transient: status === 408 || status === 429 || status >= 500,
      status,
      ...(retryAfter !== undefined && { retryAfter }),
    });
  }
  const text = await readText(name, response, maxBytes);
  if (text === '' || !/[/+]json\b/i.test(headers.get('content-type') ?? ''))
    return { status, headers, json: undefined, ...(anyStatus && { text }) };
  try {
    const json: unknown = JSON.parse(text);
    return { status, headers, json };
  } catch {
    throw new HttpFailure(`${name}: ${status}, with an answer that is no JSON`, { transient: false, status });
  }
}

async function readText(name: string, { body, status }: Response, maxBytes: number): Promise<string> {
  if (body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  // Leaving the loop early ends the connection.
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes)
      throw new HttpFailure(`${name}: ${status}, with an answer that is too long`, {
        transient: false,
        status,
      });
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Seconds, or a date. */
function readRetryAfter(value: string | null, now: Instant): Milliseconds | undefined {
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.parse(now));
}

function noAnswer(name: string, why: string): HttpFailure {
  return new HttpFailure(`${name}: ${why}`, { transient: true });
}
