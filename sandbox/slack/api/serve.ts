// Answers the Web API and the response URLs over HTTP, as Slack does: 200 with `ok: false` for nearly every no.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Faults, RequestFault } from '../../faults.ts';
import { asJson, isJson, parsed, type Json } from '../json.ts';
import { SlackProblem } from '../problem.ts';
import type { Rates } from '../rates.ts';
import { readResponse, respond } from '../responses.ts';
import type { AppRow } from '../rows.ts';
import type { World } from '../world.ts';
import { Arguments, readBody } from './arguments.ts';
import { chatMethods } from './chat.ts';
import { conversationMethods } from './conversations.ts';
import { missingScope, type Method } from './method.ts';
import { peopleMethods } from './users.ts';
import { viewMethods } from './views.ts';

export interface LoggedCall {
  /** Counts up, so that a list of calls can be told apart. */
  readonly id: number;
  readonly method: string;
  readonly at: string;
  readonly app: string | null;
  /** What it was called with, without any token. */
  readonly args: Json;
  readonly ok: boolean;
  readonly error: string | null;
  /** 0 where the connection was broken on purpose. */
  readonly status: number;
}

export interface ServeParts {
  readonly world: World;
  readonly rates: Rates;
  readonly faults: Faults;
  /** Before each path: `/slack`. */
  readonly base: string;
  readonly log: (call: Omit<LoggedCall, 'id' | 'at'>) => void;
  readonly onUnknown: (method: string) => void;
}

interface Answer {
  readonly status: number;
  readonly body: Json;
  readonly headers?: Readonly<Record<string, string>>;
}

const LARGEST_BODY = 4 * 1024 * 1024;

const methods = new Map<string, Method>(
  [...chatMethods, ...conversationMethods, ...peopleMethods, ...viewMethods].map((method) => [
    method.name,
    method,
  ]),
);

/** False where the path is none of Slack's. */
export async function serve(
  parts: ServeParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const url = new URL(request.url ?? '/', 'http://sandbox');
  if (!url.pathname.startsWith(`${parts.base}/`)) return false;
  const path = url.pathname.slice(parts.base.length);
  const isCall = path.startsWith('/api/');
  if (!isCall && !path.startsWith('/response/')) return false;
  const body = await bodyOf(request);
  const app = isCall ? appOf(parts.world, tokenOf(request, url, body)) : undefined;
  const fault = parts.faults.forRequest({ method: request.method ?? '', path, body, app: app?.id ?? null });
  if (fault?.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.ms));
  if (fault?.kind === 'reset') {
    request.socket.destroy();
    return true;
  }
  const instead = fault ? answerInstead(fault) : undefined;
  const isPerformed = !instead || (fault?.kind === 'error' && fault.performed === true);
  const performed = isPerformed
    ? isCall
      ? callMethod(parts, path.slice('/api/'.length), { request, url, body })
      : answerResponse(parts.world, path, body)
    : undefined;
  const answer = instead ?? performed ?? { status: 500, body: {} };
  const isLost = fault?.kind === 'answer-lost';
  if (isCall) {
    parts.log({
      method: path.slice('/api/'.length),
      app: app?.id ?? null,
      args: withoutToken(request, body, url),
      ok: answer.body['ok'] === true,
      error: typeof answer.body['error'] === 'string' ? answer.body['error'] : null,
      status: isLost ? 0 : answer.status,
    });
  }
  if (isLost) request.socket.destroy();
  else write(response, answer);
  return true;
}

interface Incoming {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly body: string;
}

function callMethod(parts: ServeParts, name: string, { request, url, body }: Incoming): Answer {
  const { world } = parts;
  const method = methods.get(name);
  try {
    if (!method) {
      parts.onUnknown(name);
      throw new SlackProblem('unknown_method', { req_method: name });
    }
    const args = new Arguments(readBody(request.headers['content-type'] ?? '', body, url.searchParams));
    const app = authorized(world, method, tokenOf(request, url, body));
    const by = method.rate.by === undefined ? '' : (args.text(method.rate.by) ?? '');
    const wait = parts.rates.charge(app, method, by);
    if (wait !== undefined) return tooMany(wait);
    return {
      status: 200,
      body: { ok: true, ...method.run({ world, app, args }) },
      headers: {
        'x-oauth-scopes': app.scopes.join(','),
        'x-accepted-oauth-scopes': method.scopes.join(','),
      },
    };
  } catch (problem) {
    if (!(problem instanceof SlackProblem)) throw problem;
    return { status: 200, body: { ok: false, error: problem.error, ...problem.extra } };
  }
}

function authorized(world: World, method: Method, token: string | undefined): AppRow {
  if (token === undefined) throw new SlackProblem('not_authed');
  const app = appOf(world, token);
  if (!app) throw new SlackProblem('invalid_auth');
  if (!app.installed) throw new SlackProblem('account_inactive');
  const isAppToken = token === app.app_token;
  if (isAppToken !== (method.token === 'app')) throw new SlackProblem('not_allowed_token_type');
  const missing = method.scopes.filter((scope) => !app.scopes.includes(scope));
  if (missing.length > 0) throw missingScope(app, missing);
  return app;
}

function appOf(world: World, token: string | undefined): AppRow | undefined {
  if (token === undefined) return undefined;
  return world.state.apps.find((row) => row.bot_token === token || row.app_token === token);
}

function tokenOf(request: IncomingMessage, url: URL, body: string): string | undefined {
  const bearer = /^Bearer\s+(.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  const isJsonBody = /^application\/json/i.test(request.headers['content-type'] ?? '');
  // In a JSON body Slack does not look for it.
  const inBody = isJsonBody ? undefined : new URLSearchParams(body).get('token');
  return inBody ?? url.searchParams.get('token') ?? undefined;
}

function withoutToken(request: IncomingMessage, body: string, url: URL): Json {
  try {
    const values = readBody(request.headers['content-type'] ?? '', body, url.searchParams);
    return Object.fromEntries(Object.entries(values).filter(([name]) => name !== 'token'));
  } catch {
    return {};
  }
}

function answerResponse(world: World, path: string, body: string): Answer {
  const to = world.responseUrls.use(path);
  if (typeof to === 'string') {
    return { status: 404, body: { ok: false, error: to } };
  }
  const answer = readResponse(parsed(body));
  if (!answer) return { status: 400, body: { ok: false, error: 'invalid_payload' } };
  const responded = respond(world, to, answer);
  return responded.ok
    ? { status: 200, body: { ok: true } }
    : { status: 400, body: { ok: false, error: responded.error } };
}

function answerInstead(fault: RequestFault): Answer | undefined {
  switch (fault.kind) {
    case 'error':
      return { status: fault.status, body: { ok: false, error: 'service_unavailable' } };
    case 'too-many-requests':
    case 'secondary-limit':
      return tooMany(fault.retryAfterSeconds);
    default:
      return undefined;
  }
}

function tooMany(seconds: number): Answer {
  return {
    status: 429,
    body: { ok: false, error: 'ratelimited' },
    headers: { 'retry-after': String(seconds) },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > LARGEST_BODY) break;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString();
}

function write(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'x-slack-req-id': '0123456789abcdef',
    ...headers,
  });
  response.end(JSON.stringify(isJson(body) ? body : asJson(body)));
}
