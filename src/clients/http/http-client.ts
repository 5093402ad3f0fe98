// A small client for the HTTP services that flows name: known hosts only, no redirects, nothing endless, nothing told twice.
import { between, type Instant, type Milliseconds } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { Clock } from '../../engine/ports/clock.ts';
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
  /** In the place of both: a text as it is, such as a policy file. */
  readonly text?: { readonly type: string; readonly body: string };
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
  readonly text: string;
  readonly headers: Headers;
}

export interface HttpClient {
  /** Sends it once. Throws `HttpFailure` for anything but a 2xx, unless any status was asked for. */
  send(request: HttpRequest): Promise<HttpAnswer>;
}

export class HttpFailure extends Failure {
  /** Undefined where there was no answer. */
  readonly status: number | undefined;
  /** The service's own code for it, such as `E0000006`, where the client was told how to find one. */
  readonly reason: string | undefined;
  constructor(
    message: string,
    options: {
      readonly transient: boolean;
      readonly status?: number;
      readonly retryAfter?: Milliseconds;
      readonly reason?: string;
    },
  ) {
    const { transient, status, retryAfter, reason } = options;
    super(message, { transient, ...(retryAfter !== undefined && { retryAfter }) });
    this.status = status;
    this.reason = reason;
  }
}

/** What a service says in its own way when it refuses; what is left out is told from the status and `retry-after`. */
export interface Explanation {
  /** A code, never a sentence: those quote what was asked. */
  readonly reason?: string;
  readonly transient?: boolean;
  readonly retryAfter?: Milliseconds;
}

export type Explain = (answer: Omit<HttpAnswer, 'text'>, now: Instant) => Explanation;

export interface HttpClientSettings {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly baseUrl: string;
  /** `api.example.com` or `127.0.0.1:4000`, in lower case. Plain HTTP goes to this machine alone. */
  readonly allowedHosts: readonly string[];
  readonly timeoutMs?: Milliseconds;
  readonly maxBytes?: number;
  /** Looks at a refusal; without it, nothing of its body is read. */
  readonly explain?: Explain;
}

export function createHttpClient(settings: HttpClientSettings): HttpClient {
  const { fetch, clock, timeoutMs = 30_000, maxBytes = 1024 * 1024, explain } = settings;
  return {
    async send(request) {
      const url = addressOf(request, settings);
      const init = contentOf(request);
      if (request.notAfter !== undefined && between(request.notAfter, clock.now()) > 0)
        throw new HttpFailure(`${request.name}: too late, it was not sent`, { transient: false });
      const exchange = async (signal: AbortSignal): Promise<HttpAnswer> => {
        const response = await fetch(url, { ...init, redirect: 'manual', signal });
        const now = clock.now();
        const isRedirect = response.status >= 300 && response.status < 400;
        if (isRedirect || (!response.ok && !request.anyStatus))
          throw await refusalOf(request.name, response, { explain, now });
        return readAnswer(request, response, maxBytes);
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

function contentOf({ name, method, headers = {}, json, form, text }: HttpRequest): RequestInit {
  try {
    const all = new Headers({ accept: 'application/json', 'user-agent': 'countersign', ...headers });
    if (text) all.set('content-type', text.type);
    else if (form) all.set('content-type', 'application/x-www-form-urlencoded');
    else if (json !== undefined) all.set('content-type', 'application/json');
    const body = text?.body ?? (form ? new URLSearchParams(form).toString() : JSON.stringify(json));
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

/** Long enough for any service's error, and nothing that is kept. */
const maxRefusalBytes = 16 * 1024;

async function refusalOf(
  name: string,
  response: Response,
  { explain, now }: { readonly explain: Explain | undefined; readonly now: Instant },
): Promise<HttpFailure> {
  const { status, headers } = response;
  if (status >= 300 && status < 400) {
    await response.body?.cancel();
    return new HttpFailure(`${name}: ${status}, a redirect, which is not followed`, {
      transient: false,
      status,
    });
  }
  const explained = explain?.({ status, headers, json: await readRefusal(name, response) }, now) ?? {};
  if (explain === undefined) await response.body?.cancel();
  const retryAfter = explained.retryAfter ?? readRetryAfter(headers.get('retry-after'), now);
  return new HttpFailure(`${name}: ${status}`, {
    transient: explained.transient ?? (status === 408 || status === 429 || status >= 500),
    status,
    ...(retryAfter !== undefined && { retryAfter }),
    ...(explained.reason !== undefined && { reason: explained.reason }),
  });
}

/** A refusal stays one, whatever its body is. */
async function readRefusal(name: string, response: Response): Promise<unknown> {
  try {
    return JSON.parse(await readText(name, response, maxRefusalBytes));
  } catch {
    return undefined;
  }
}

async function readAnswer({ name }: HttpRequest, response: Response, maxBytes: number): Promise<HttpAnswer> {
  const { status, headers } = response;
  const text = await readText(name, response, maxBytes);
  if (text === '' || !/[/+]json\b/i.test(headers.get('content-type') ?? ''))
    return { status, headers, text, json: undefined };
  try {
    const json: unknown = JSON.parse(text);
    return { status, headers, text, json };
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
