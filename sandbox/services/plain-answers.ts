// Lets a double answer with plain objects: what was asked is read whole, and what the service does not have is told loudly.
import type { Answering } from './double.ts';

export interface AskedWhole {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: { readonly [name: string]: string };
  readonly json?: unknown;
  readonly text?: string;
}

/** `answer` gives undefined for what the service does not have. */
export function plainAnswers(answer: (asked: AskedWhole) => Answer | undefined): Answering {
  return {
    async answer(request, stranger) {
      const { pathname, searchParams } = new URL(request.url);
      const { method, headers } = request;
      const asked = { method, path: pathname, query: searchParams, headers, body: await request.text() };
      const given = answer(asked);
      if (given !== undefined) return respond(given);
      stranger(`${method} ${pathname}`);
      return new Response(`The double knows no ${method} ${pathname}.`, { status: 501 });
    },
  };
}

function respond({ status, headers = {}, json, text }: Answer): Response {
  if (json === undefined) return new Response(text ?? null, { status, headers });
  return new Response(JSON.stringify(json), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  });
}

/** The body as JSON; undefined where it is none, or is not said to be. */
export function jsonOf({ headers, body }: AskedWhole): unknown {
  if (!/^application\/json\b/.test(headers.get('content-type') ?? '')) return undefined;
  try {
    const value: unknown = JSON.parse(body);
    return value;
  } catch {
    return undefined;
  }
}

/** The fields of a body that is a map; undefined for anything else. */
export function fieldsOf(value: unknown): { readonly [name: string]: unknown } | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.fromEntries(Object.entries(value));
}
