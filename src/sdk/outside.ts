// The ways out of the sandbox. Each is a message to Countersign, which performs it where this call was granted it.
import type { Json, JsonObject } from './json.ts';

/** An outside call that was not made, or came to nothing. */
export class OutsideError extends Error {
  override readonly name = 'OutsideError';
  /** `not-granted`: this desk may not; `refused`: it could never work as asked; `failed`: the other side; `too-many`: of this call's limits. */
  readonly code: OutsideErrorCode;
  /** Whether the same may work later. */
  readonly transient: boolean;
  constructor(code: OutsideErrorCode, message: string, transient: boolean) {
    super(message);
    this.code = code;
    this.transient = transient;
  }
}
export type OutsideErrorCode = 'not-granted' | 'refused' | 'failed' | 'too-many';

interface Host {
  call(name: string, args: unknown): Promise<Json>;
  log(text: string): void;
  mark(form: string, ...parts: readonly string[]): string;
}

/**
 * Asks Countersign for something by its name. The functions below are made of it; an integration may offer more.
 * Throws `OutsideError`. At most 20 calls may be made in one run of a hook, and each of its arguments is JSON.
 */
export async function call(name: string, args: JsonObject): Promise<Json> {
  try {
    return await host().call(name, args);
  } catch (error) {
    throw asOutsideError(error);
  }
}

/** Writes a line for the people who run this desk: at most 50 lines a call, of 500 characters each. Never write what is private. */
export function log(text: string): void {
  host().log(String(text));
}

/**
 * A secret by its name, as the operator granted it. It can stand in headers and in the JSON of `http`, by itself or within a
 * text; only as the request leaves for a host that it is granted to, its text is put in. Here it has no text: what is logged,
 * answered or put into a URL is a mark that nobody else can read. It is good for the call that is running.
 */
export function secret(name: string): Secret {
  return new Secret(name);
}

/** A handle; see `secret`. Whoever wants to read it as text gets a mark. */
export class Secret {
  readonly #name: string;
  constructor(name: string) {
    this.#name = name;
    Object.freeze(this);
  }
  /** What stands for `user:secret` in base64: `authorization: \`Basic ${secret('CRM').basic('ann')}\``. */
  basic(user: string): string {
    return host().mark('basic', this.#name, String(user));
  }
  toString(): string {
    return host().mark('text', this.#name);
  }
  toJSON(): string {
    return this.toString();
  }
}

export interface HttpRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** In full: `https://crm.example.com/people?id=7`. HTTPS only, to a host that the flow names. Or name an integration. */
  readonly url?: string;
  /** An integration that the flow names, whose base URL `path` goes below; it says who calls. Reading alone, unless the flow says `write`. */
  readonly integration?: string;
  readonly path?: string;
  readonly headers?: { readonly [name: string]: string | Secret };
  /** Sent as JSON. */
  readonly json?: unknown;
}

export interface HttpAnswer {
  readonly status: number;
  /** Whether the status is 2xx. A 404 is an answer like any other, and throws nothing. */
  readonly ok: boolean;
  /** What came as JSON; null where it was none. */
  readonly json: Json;
  /** What came, where it was no JSON; empty otherwise. */
  readonly text: string;
}

/**
 * Sends one request. Redirects are not followed: they throw. Answers beyond 512 KB throw, as does one that does not come within ten seconds.
 * Throws `OutsideError`: `not-granted` for a host or a secret that this desk was not given.
 */
export async function http(request: HttpRequest): Promise<HttpAnswer> {
  const answer = await call('http', {
    ...request,
    headers: spelled(request.headers),
    json: plain(request.json),
  });
  return {
    status: numberIn(answer, 'status'),
    ok: numberIn(answer, 'status') >= 200 && numberIn(answer, 'status') < 300,
    json: valueIn(answer, 'json') ?? null,
    text: textIn(answer, 'text'),
  };
}

/** Invokes an AWS Lambda function that the flow lists, by its ARN, through an integration, and answers what it returned. Throws `OutsideError`. */
export function invokeLambda(invocation: {
  readonly integration: string;
  readonly arn: string;
  readonly payload: JsonObject;
}): Promise<Json> {
  return call('lambda.invoke', invocation);
}

export const slack = {
  /** Sends a text, in Slack's mrkdwn, to a place that the flow names: `slack-channel:data-access`, `person:bob`, `requester`. Throws `OutsideError`. */
  async send(message: { readonly to: string; readonly text: string }): Promise<void> {
    await call('slack.send', message);
  },
};

export const pagerduty = {
  /** The e-mail addresses of who is on call now, for a schedule or an escalation policy by its id. Throws `OutsideError`. */
  async onCall(of: {
    readonly integration?: string;
    readonly schedule?: string;
    readonly policy?: string;
  }): Promise<readonly string[]> {
    return textsOf(await call('pagerduty.on-call', of));
  },
};

export const okta = {
  /** The names of the groups that the user with this e-mail address is in. Throws `OutsideError`. */
  async groupsOf(user: {
    readonly integration?: string;
    readonly email: string;
  }): Promise<readonly string[]> {
    return textsOf(await call('okta.groups-of', user));
  },
};

export const github = {
  /**
   * Reads by GitHub's REST API, below a repository that the flow names: `{ method: 'GET', path: '/repos/acme/app/pulls/7' }`.
   * Answers its JSON. Throws `OutsideError`.
   */
  request(request: { readonly method: 'GET'; readonly path: string }): Promise<Json> {
    return call('github.request', request);
  },
};

function host(): Host {
  const found: unknown = Reflect.get(globalThis, Symbol.for('countersign.host'));
  if (isHost(found)) return found;
  throw new Error('This runs in Countersign alone. In a test, use countersign/sdk/testing.');
}

function isHost(value: unknown): value is Host {
  return typeof value === 'object' && value !== null && 'call' in value && 'log' in value && 'mark' in value;
}

function asOutsideError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const code = outsideErrorCodes.find((known) => known === error.code);
  return code
    ? new OutsideError(code, error.message, 'transient' in error && error.transient === true)
    : error;
}
const outsideErrorCodes: readonly OutsideErrorCode[] = ['not-granted', 'refused', 'failed', 'too-many'];

function spelled(headers: HttpRequest['headers'] = {}): JsonObject {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

/** As it will be sent: handles turn into marks. */
function plain(value: unknown): Json | undefined {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value) ?? 'null');
}

function valueIn(answer: Json, key: string): Json | undefined {
  return answer !== null && typeof answer === 'object' && !isList(answer) ? answer[key] : undefined;
}
function numberIn(answer: Json, key: string): number {
  const value = valueIn(answer, key);
  return typeof value === 'number' ? value : 0;
}
function textIn(answer: Json, key: string): string {
  const value = valueIn(answer, key);
  return typeof value === 'string' ? value : '';
}
function textsOf(answer: Json): readonly string[] {
  return isList(answer) ? answer.filter((each) => typeof each === 'string') : [];
}
function isList(answer: Json): answer is readonly Json[] {
  return Array.isArray(answer);
}
