// `http` for a desk's code: to hosts and through integrations that it was granted, with secrets put in as the request leaves, and nothing followed.
import type { Fetch } from '../clients/http/fetch.ts';
import { createHttpClient, type HttpRequest } from '../clients/http/http-client.ts';
import type { Milliseconds } from '../domain/names.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Json, JsonObject } from '../sdk/json.ts';
import type { Authenticate } from './calls/authenticate.ts';
import { grantedIntegration } from './calls/granted-integration.ts';
import { OutsideRefusal, type Capability, type GrantedIntegration, type Grants } from './capabilities.ts';

export interface HttpCallParts {
  /** Refuses addresses that a public name must not lead to. */
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** For requests through an integration. */
  readonly authenticate: Authenticate;
  readonly timeoutMs?: Milliseconds;
  readonly maxBytes?: number;
}

export const httpTimeoutMs: Milliseconds = 10_000;

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const mostHeaders = 30;
const longestHeader = 8 * 1024;

/** Of the connection, and not of what is said over it; another `host` would be another service behind the same door, and another method would be no reading. */
const notForCode =
  /^(?:host|connection|content-length|content-type|expect|keep-alive|te|trailer|transfer-encoding|upgrade|proxy-.*|x-http-method|x-(?:http-)?method-override)$/;

export function createHttpCall({
  fetch,
  clock,
  authenticate,
  timeoutMs = httpTimeoutMs,
  maxBytes = 512 * 1024,
}: HttpCallParts): Capability {
  return async (call) => {
    const { args, grants, secrets, signal } = call;
    const wanted = readArgs(args);
    const { method } = wanted;
    const { url, integration } = placeOf(wanted, grants);
    if (secrets.has(url.href) || secrets.has(decoded(url.href)))
      throw new OutsideRefusal(
        'refused',
        'A secret does not stand in an address: addresses are written down on the way.',
      );
    const client = createHttpClient({
      fetch,
      clock,
      baseUrl: url.origin,
      allowedHosts: [url.host],
      timeoutMs,
      maxBytes,
    });
    const path = `${url.pathname}${url.search}`;
    const sent = wanted.json === undefined ? undefined : await secrets.fillAll(wanted.json, url.host);
    const body = sent === undefined ? '' : JSON.stringify(sent);
    const own = await filled(wanted.headers, (value) => secrets.fill(value, url.host));
    const ours = integration && (await authenticate(call, integration, { method, path, body }));
    const {
      status,
      json,
      text = '',
    } = await client.send({
      ...{ name: 'http', method, path },
      // What proves who we are is not for code to say otherwise.
      headers: { ...own, ...ours },
      ...(sent !== undefined && { json: sent }),
      signal,
      ...(grants.notAfter !== undefined && { notAfter: grants.notAfter }),
      anyStatus: true,
    });
    return { status, json: asJson(json), text };
  };
}

interface Wanted {
  readonly method: HttpRequest['method'];
  readonly url: string | undefined;
  readonly integration: string | undefined;
  readonly path: string;
  readonly headers: { readonly [name: string]: string };
  readonly json: Json | undefined;
}

function readArgs(args: Json): Wanted {
  if (!isObject(args)) throw refused('It takes an object.');
  const method = methods.find((known) => known === (args['method'] ?? 'GET'));
  if (method === undefined) throw refused(`Its method is one of ${methods.join(', ')}.`);
  return {
    method,
    url: textOf(args, 'url'),
    integration: textOf(args, 'integration'),
    path: textOf(args, 'path') ?? '',
    headers: headersOf(args['headers']),
    json: args['json'],
  };
}

interface Place {
  readonly url: URL;
  readonly integration?: GrantedIntegration;
}

function placeOf(wanted: Wanted, grants: Grants): Place {
  const { url, integration: name, path, method } = wanted;
  if ((url === undefined) === (name === undefined))
    throw refused('It takes a url, or an integration and a path.');
  if (url !== undefined) return { url: granted(parsed(url), grants) };
  const integration = grantedIntegration(grants, 'http', name);
  if (method !== 'GET' && !integration.write)
    throw new OutsideRefusal('not-granted', 'This code may only read (GET) through that integration.');
  const base = String(integration.settings['base_url']);
  // Not even to this machine: what else listens there is not for a desk to speak to. The operator may redirect.
  if (!base.startsWith('https://')) throw refused('The base_url of the integration begins with https.');
  const address = below(base, path);
  if (!integration.write && [...address.searchParams.keys()].some((key) => key.toLowerCase() === '_method'))
    throw new OutsideRefusal('not-granted', 'This code may only read (GET) through that integration.');
  return { url: address, integration };
}

function granted(address: URL, { hosts }: Grants): URL {
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(address.hostname);
  if (address.protocol !== 'https:' && !(address.protocol === 'http:' && isLocal))
    throw refused('Its address begins with https.');
  if (address.username || address.password)
    throw refused('Its address holds no user and password: use a header.');
  if (!hosts.includes(address.host))
    throw new OutsideRefusal(
      'not-granted',
      `This code may not reach ${shownHost(address.host)}: \`hosts\`, where the flow names the code, does not list it.`,
    );
  return address;
}

/** Dots between slashes that are encoded, once or more: nothing to a URL, and a way up to many a service. */
const climbs = /(?:^|[/\\]|%(?:25)*(?:2f|5c))(?:\.|%(?:25)*2e){1,2}(?=$|[/\\;]|%(?:25)*(?:2f|5c|3b))/i;

/** Whatever the path holds, it stays below the base. */
function below(base: string, path: string): URL {
  const root = parsed(base);
  const folder = `${root.pathname.replace(/\/$/, '')}/`;
  const url = parsed(`${root.origin}${folder}${path.replace(/^\//, '')}`);
  if (url.origin !== root.origin || !url.pathname.startsWith(folder) || climbs.test(url.pathname))
    throw refused('Its path leads elsewhere.');
  return url;
}

function headersOf(headers: Json | undefined): { readonly [name: string]: string } {
  if (headers === undefined || headers === null) return {};
  if (!isObject(headers)) throw refused('Its headers are an object.');
  const all = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  if (all.length > mostHeaders) throw refused(`It takes at most ${mostHeaders} headers.`);
  return Object.fromEntries(
    all.map(([name, value]) => {
      if (!/^[a-z0-9][a-z0-9_-]{0,99}$/.test(name) || notForCode.test(name))
        throw refused('One of its headers is not for code to set.');
      if (typeof value !== 'string' || value.length > longestHeader)
        throw refused('A header is a text, and not endless.');
      return [name, value];
    }),
  );
}

async function filled(
  headers: Wanted['headers'],
  fill: (value: string) => Promise<string>,
): Promise<{ readonly [name: string]: string }> {
  const all = Object.entries(headers).map(async ([name, value]) => [name, await fill(value)] as const);
  return Object.fromEntries(await Promise.all(all));
}

function parsed(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw refused('Its address is none.');
  return url;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What an answer holds came from `JSON.parse`. */
function asJson(value: unknown): Json {
  return isJson(value) ? value : null;
}
function isJson(value: unknown): value is Json {
  return value !== undefined;
}

function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function textOf(args: JsonObject, name: string): string | undefined {
  const value = args[name];
  if (value !== undefined && typeof value !== 'string') throw refused(`Its ${name} is a text.`);
  return value;
}

function shownHost(host: string): string {
  return /^[\w.:[\]-]{1,100}$/.test(host) ? host : 'that host';
}

function refused(message: string): OutsideRefusal {
  return new OutsideRefusal('refused', `http: ${message}`);
}
