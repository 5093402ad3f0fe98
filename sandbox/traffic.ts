// Every request on its way in and out: logged, and met with the trouble that somebody asked for.
import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import type { Activity } from './activity.ts';
import type { Faults, RequestFault } from './faults.ts';
import { GitHubProblem } from './github/problem.ts';
import { identify } from './github/tokens.ts';
import { payer, problemAnswer, respond } from './github/rest/serve.ts';
import type { RestParts } from './github/rest/serve.ts';
import { primaryLimit, secondaryLimit } from './limits.ts';

export interface LoggedRequest {
  /** Counts up, so that a list of calls can be told apart. */
  readonly id: number;
  readonly method: string;
  /** Without `/api/v3`, with the query. */
  readonly path: string;
  /** 0 when the connection was broken on purpose. */
  readonly status: number;
  /** The calling app's slug, a person's login, or null. */
  readonly by: string | null;
  readonly app: string | null;
  readonly at: string;
  /** For GraphQL: the first field asked for, such as `createCommitOnBranch`. */
  readonly operation: string | null;
  readonly body: string;
}

type SandboxContext = Context<{ Bindings: HttpBindings }>;
const MOST_LOGGED = 20_000;

export function traffic(
  parts: RestParts & {
    readonly faults: Faults;
    readonly activity: Activity;
    readonly log: LoggedRequest[];
    readonly onRequest: () => void;
  },
): MiddlewareHandler<{ Bindings: HttpBindings }> {
  let count = 0;
  const watched: MiddlewareHandler<{ Bindings: HttpBindings }> = async (context, next) => {
    const url = new URL(context.req.url);
    const { method } = context.req;
    const body = method === 'GET' || method === 'HEAD' ? '' : await context.req.text();
    const path = url.pathname.replace(/^\/api\/v3/, '') + url.search;
    const { by, app, who } = callerOf(parts, context);
    const fault = parts.faults.forRequest({ method, path, body, app });
    const keep = (status: number): void => {
      if (parts.log.length >= MOST_LOGGED) parts.log.splice(0, MOST_LOGGED / 2);
      const at = parts.github.now().toISOString();
      count += 1;
      parts.log.push({
        id: count,
        method,
        path,
        status,
        by,
        app,
        at,
        operation: operationOf(path, body),
        body,
      });
      parts.onRequest();
    };
    if (fault?.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.ms));
    const instead = fault ? answerInstead(parts, fault, who) : undefined;
    if (instead && !(fault?.kind === 'error' && fault.performed)) {
      keep(instead.status);
      return instead;
    }
    if (fault?.kind === 'reset') {
      keep(0);
      return hangUp(context);
    }
    await next();
    if (fault?.kind === 'answer-lost') {
      keep(0);
      return hangUp(context);
    }
    if (instead) context.res = instead;
    keep(context.res.status);
    return undefined;
  };
  return async (context, next) => {
    parts.activity.began();
    try {
      return await watched(context, next);
    } finally {
      parts.activity.ended();
    }
  };
}

function callerOf(
  parts: RestParts,
  context: SandboxContext,
): { readonly by: string | null; readonly app: string | null; readonly who: string } {
  try {
    const caller = identify(parts.github, context.req.header('authorization'));
    const who = payer(caller);
    if (caller.kind === 'nobody') return { by: null, app: null, who };
    if (caller.kind === 'person') return { by: caller.actor.account.login, app: null, who };
    return { by: caller.app.slug, app: caller.app.slug, who };
  } catch (problem) {
    if (!(problem instanceof GitHubProblem)) throw problem;
    return { by: null, app: null, who: 'nobody' };
  }
}

function answerInstead(parts: RestParts, fault: RequestFault, who: string): Response | undefined {
  switch (fault.kind) {
    case 'error':
      return respond(parts, who, {
        status: fault.status,
        body:
          fault.status === 500
            ? { message: 'Server Error' }
            : { message: 'Unicorn! The server is unavailable.' },
      });
    case 'too-many-requests':
      return respond(parts, who, {
        status: 429,
        body: { message: 'Too many requests. Please wait before you try again.', status: '429' },
        headers: { 'retry-after': String(fault.retryAfterSeconds) },
      });
    case 'secondary-limit':
      return respond(parts, who, problemAnswer(secondaryLimit(fault.retryAfterSeconds)));
    case 'primary-limit': {
      const reset = Math.ceil(parts.github.now().getTime() / 1000) + fault.resetInSeconds;
      return respond(parts, who, problemAnswer(primaryLimit(who, reset)));
    }
    default:
      return undefined;
  }
}

/** Breaks the connection; what is returned reaches nobody. */
function hangUp(context: SandboxContext): Response {
  context.env.incoming.socket.destroy();
  return new Response(null, { status: 500, headers: { 'x-hono-already-sent': 'true' } });
}

function operationOf(path: string, body: string): string | null {
  if (!path.startsWith('/api/graphql')) return null;
  try {
    const { query }: { query?: unknown } = JSON.parse(body);
    return /\{\s*(?:\w+\s*:\s*)?(\w+)/.exec(String(query))?.[1] ?? null;
  } catch {
    return null;
  }
}
