// A GitHub of a few lines for tests of our client: it answers what a test scripts, and keeps what it was asked.
import { generateKeyPairSync } from 'node:crypto';
import type { Clock } from '../src/engine/ports/clock.ts';
import type { Log, LogFields } from '../src/engine/ports/log.ts';
import type { Instant } from '../src/domain/names.ts';

export interface Asked {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly body: unknown;
  readonly authorization: string;
  readonly at: Instant;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: { readonly [name: string]: string };
  readonly json?: unknown;
}

/** `hang` never answers, `break` ends the connection. */
export type Script = (asked: Asked) => Reply | 'hang' | 'break';

export interface ScriptedGitHub {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** All but the requests for tokens, in order. */
  readonly asked: Asked[];
  /** How many installation tokens were made: they are `ghs_secret1`, `ghs_secret2` … */
  readonly tokens: { count: number };
  /** How many requests that hung were given up by their sender. */
  readonly given: { up: number };
}

export const testKey = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

export function createScriptedGitHub(clock: Clock, script: Script): ScriptedGitHub {
  const asked: Asked[] = [];
  const tokens = { count: 0 };
  const given = { up: 0 };
  const answer = (request: Asked): ReturnType<Script> => {
    if (request.path.endsWith('/access_tokens')) {
      const reply = script(request);
      if (reply !== tokenAsUsual) return reply;
      tokens.count += 1;
      const expires = new Date(Date.parse(clock.now()) + 3_600_000).toISOString();
      return { status: 201, json: { token: `ghs_secret${tokens.count}`, expires_at: expires } };
    }
    asked.push(request);
    return script(request);
  };
  return {
    asked,
    tokens,
    given,
    fetch: async (url, init) => {
      const { pathname, search } = new URL(url);
      const reply = answer({
        method: init.method ?? 'GET',
        path: pathname + search,
        body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
        authorization: new Headers(init.headers).get('authorization') ?? '',
        at: clock.now(),
      });
      if (reply === 'break') throw new TypeError('fetch failed', { cause: connectionReset() });
      if (reply === 'hang') return await untilAborted(init.signal, () => (given.up += 1));
      const { status = 200, headers = {}, json = {} } = reply;
      return new Response(status === 204 ? null : JSON.stringify(json), {
        status,
        headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
      });
    },
  };
}

/** What a script returns for a token request that it does not care about. */
export const tokenAsUsual: Reply = { status: 201 };

function untilAborted(signal: AbortSignal | null | undefined, heard: () => void): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => {
      heard();
      reject(new DOMException('aborted', 'AbortError'));
    });
  });
}

function connectionReset(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
}

/** A log that keeps its lines as text, so that a test can search all of them. */
export function createKeptLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (message: string, fields?: LogFields): void => {
    lines.push(`${message} ${JSON.stringify(fields ?? {})}`);
  };
  return { lines, info: keep, warn: keep, error: keep };
}
