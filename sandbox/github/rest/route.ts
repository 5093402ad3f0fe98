// What one REST operation is, and the answers it can give.
import type { Actor, Body, GitHub } from '../github.ts';
import { required } from '../github.ts';
import type { Permissions, RepositoryRow, Role } from '../rows.ts';
import type { Caller } from '../tokens.ts';
import type { Webhooks } from '../webhooks.ts';
import type { JsonObject } from './json.ts';

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is, instead of a JSON body. */
  readonly raw?: Uint8Array<ArrayBuffer> | string;
}

export interface Call {
  readonly github: GitHub;
  readonly webhooks: Webhooks;
  readonly caller: Caller;
  /** The person, or the bot of the app. Asking for it without a token is a 401, which the dispatcher has answered. */
  readonly actor: Actor;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  readonly accept: string;
  /** The address that was asked for, without its query. */
  readonly url: string;
}

export interface RepositoryCall extends Call {
  readonly repository: RepositoryRow;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface RouteFacts {
  readonly method: Method;
  /** In Hono's notation, without `/api/v3`. */
  readonly path: string;
  /** Alternatives: one of them must be covered by the token. */
  readonly permissions?: readonly Permissions[];
  /** What a person needs in the repository; read unless said. */
  readonly role?: Role;
  /** Counts as content creation for the secondary limit. */
  readonly createsContent?: boolean;
}

type PlainRoute = RouteFacts & {
  /** `app` asks for a JWT, `token` for an installation's or person's token. */
  readonly scope: 'app' | 'token' | 'installation' | 'anyone';
  readonly answer: (call: Call) => Answer | Promise<Answer>;
};

type RepositoryRoute = RouteFacts & {
  readonly scope: 'repository';
  readonly answer: (call: RepositoryCall) => Answer | Promise<Answer>;
};

export type Route = PlainRoute | RepositoryRoute;

export function route(facts: PlainRoute): Route {
  return facts;
}

/** An operation below `/repos/{owner}/{repo}`. */
export function onRepository(facts: Omit<RepositoryRoute, 'scope'>): Route {
  return { ...facts, path: `/repos/:owner/:repo${facts.path}`, scope: 'repository' };
}

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

export function created(body: Body, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status: 201, body, headers: { ...headers, ...locationOf(body) } };
}

export function noContent(): Answer {
  return { status: 204 };
}

function locationOf(body: Body): Readonly<Record<string, string>> {
  const { url } = body;
  return typeof url === 'string' ? { location: url } : {};
}

/** One page of a list, with the `Link` header; `wrap` puts it into an object, as some lists want it. */
export function page<Row>(
  call: Call,
  rows: readonly Row[],
  render: (row: Row) => unknown,
  wrap: (items: unknown[]) => unknown = (items) => items,
): Answer {
  const perPage = clamp(Number(call.query.get('per_page') ?? 30), 1, 100, 30);
  const last = Math.max(1, Math.ceil(rows.length / perPage));
  const current = clamp(Number(call.query.get('page') ?? 1), 1, Number.MAX_SAFE_INTEGER, 1);
  const items = rows.slice((current - 1) * perPage, current * perPage).map(render);
  const to = (number: number, rel: string): string => {
    const query = new URLSearchParams(call.query);
    query.set('page', String(number));
    return `<${call.url}?${query}>; rel="${rel}"`;
  };
  const links = [
    ...(current > 1 ? [to(Math.min(current - 1, last), 'prev')] : []),
    ...(current < last ? [to(current + 1, 'next'), to(last, 'last')] : []),
    ...(current > 1 ? [to(1, 'first')] : []),
  ];
  const headers = links.length > 0 ? { link: links.join(', ') } : {};
  return { status: 200, body: wrap(items), headers };
}

function clamp(value: number, least: number, most: number, otherwise: number): number {
  return Number.isFinite(value) && value >= least ? Math.min(value, most) : otherwise;
}

export function param(call: Call, name: string): string {
  return required(call.params[name]);
}

export function numberParam(call: Call, name: string): number {
  const text = param(call, name);
  return /^\d+$/.test(text) ? Number(text) : required<number>(undefined);
}
