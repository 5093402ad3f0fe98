// What became of a request to GitHub that did not succeed, in words that may be shown: no token, no body, no value.
import { RequestError } from '@octokit/request-error';
import type { Milliseconds } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';

/**
 * `refused`: GitHub answered that it did not do it. `lost`: nobody knows whether it was done; search before creating
 * again. `not-sent`: it never left.
 */
export type FailureKind = 'refused' | 'lost' | 'not-sent';

/** Thrown by every Octokit that `GitHubApp` hands out. */
export class GitHubFailure extends Failure {
  readonly kind: FailureKind;
  /** GitHub's status, where it answered; a GraphQL error has 200. */
  readonly status: number | undefined;
  /** GraphQL's `type` (`STALE_DATA`, `NOT_FOUND`), REST's `errors[].code` (`already_exists`), ours (`too-late`, `aborted`). */
  readonly codes: readonly string[];

  constructor(
    message: string,
    options: {
      readonly kind: FailureKind;
      readonly transient: boolean;
      readonly status?: number;
      readonly codes?: readonly string[];
      readonly retryAfter?: Milliseconds;
    },
  ) {
    super(message, {
      transient: options.transient,
      ...(options.retryAfter !== undefined && { retryAfter: options.retryAfter }),
    });
    this.kind = options.kind;
    this.status = options.status;
    this.codes = options.codes ?? [];
  }
}

/** Whether GitHub says that the thing is not there (or not ours to see, which it does not tell apart). */
export function isNotFound(error: unknown): boolean {
  return error instanceof GitHubFailure && (error.status === 404 || error.codes.includes('NOT_FOUND'));
}

/** Whether it was dropped because it could not leave in time. */
export function isTooLate(error: unknown): boolean {
  return error instanceof GitHubFailure && error.kind === 'not-sent' && error.codes.includes('too-late');
}

export function tooLate(name: string): GitHubFailure {
  return new GitHubFailure(`${name}: too late, it was not sent`, {
    kind: 'not-sent',
    transient: false,
    codes: ['too-late'],
  });
}

export function aborted(name: string): GitHubFailure {
  return new GitHubFailure(`${name}: given up before it was sent`, {
    kind: 'not-sent',
    transient: true,
    codes: ['aborted'],
  });
}

export function lostAnswer(name: string, why: string): GitHubFailure {
  return new GitHubFailure(`${name}: ${why}`, { kind: 'lost', transient: true });
}

/** What became of the last try, where an earlier one was not answered and may have been performed. */
export function afterLostTry({
  message,
  transient,
  status,
  codes,
  retryAfter,
}: GitHubFailure): GitHubFailure {
  return new GitHubFailure(`${message}; an earlier try was not answered`, {
    kind: 'lost',
    transient,
    codes,
    ...(status !== undefined && { status }),
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

/** What the queue has to know about a request that failed. */
export type Setback =
  /** Certainly not performed; `wait` is undefined where GitHub does not say how long. */
  | { readonly type: 'limited'; readonly primary: boolean; readonly wait: Milliseconds | undefined }
  /** The token is not accepted: certainly not performed. */
  | { readonly type: 'unauthorized'; readonly failure: GitHubFailure }
  /** Perhaps performed. */
  | { readonly type: 'broken'; readonly failure: GitHubFailure }
  | { readonly type: 'refused'; readonly failure: GitHubFailure };

/** GraphQL says no with status 200. */
export class GraphqlErrors extends Error {
  override readonly name = 'GraphqlErrors';
  readonly headers: Headers;
  readonly errors: readonly unknown[];
  constructor(headers: Headers, errors: readonly unknown[]) {
    super('GraphQL answered with errors');
    this.headers = headers;
    this.errors = errors;
  }
}

export type Headers = { readonly [name: string]: string | number | undefined };

/** Reads whatever Octokit threw for the request `name`. `now` is only asked where GitHub gives no time of its own. */
export function readSetback(error: unknown, name: string, now: Milliseconds): Setback {
  if (error instanceof GitHubFailure)
    return { type: error.kind === 'lost' ? 'broken' : 'refused', failure: error };
  if (error instanceof GraphqlErrors) return readGraphqlErrors(error, name, now);
  if (!(error instanceof RequestError) || error.response === undefined)
    return broken(lostAnswer(name, networkReason(error)));
  const { status } = error.response;
  const headers = headersOf(error.response.headers);
  const body: unknown = error.response.data;
  const message = textOf(body, 'message');
  const limit = readLimit(status, headers, message, now);
  if (limit) return limit;
  const said = `${name}: ${status}${quote(message)}`;
  if (status >= 500 || status === 408) return broken(outage(said, status, seconds(headers['retry-after'])));
  const codes = listOf(body, 'errors').flatMap((item) => textOf(item, 'code') ?? []);
  const failure = new GitHubFailure(said, { kind: 'refused', transient: false, status, codes });
  return { type: status === 401 ? 'unauthorized' : 'refused', failure };
}

function readGraphqlErrors({ headers, errors }: GraphqlErrors, name: string, now: Milliseconds): Setback {
  const codes = errors.flatMap((item) => textOf(item, 'type') ?? []);
  const message = errors.flatMap((item) => textOf(item, 'message') ?? []).join('; ');
  if (codes.includes('RATE_LIMITED') || secondaryLimit.test(message))
    return limited(headers, now, !secondaryLimit.test(message));
  // What GitHub says of its own timeouts: the mutation may yet have happened.
  if (/^something went wrong|timed? ?out/i.test(message))
    return broken(outage(`${name}${quote(message)}`, 200));
  return {
    type: 'refused',
    failure: new GitHubFailure(`${name}${quote(message)}`, {
      kind: 'refused',
      transient: false,
      status: 200,
      codes,
    }),
  };
}

const secondaryLimit = /secondary rate limit|abuse detection mechanism|submitted too quickly/i;
const primaryLimit = /API rate limit (already )?exceeded/i;

function readLimit(
  status: number,
  headers: Headers,
  message: string | undefined,
  now: Milliseconds,
): Setback | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const says = message ?? '';
  const isSecondary = headers['retry-after'] !== undefined || secondaryLimit.test(says);
  const isPrimary = !isSecondary && (spent(headers) || primaryLimit.test(says));
  return status === 429 || isSecondary || isPrimary ? limited(headers, now, isPrimary) : undefined;
}

function limited(headers: Headers, now: Milliseconds, primary: boolean): Setback {
  const told = seconds(headers['retry-after']);
  const wait = told === undefined ? undefined : Math.max(1000, told);
  return { type: 'limited', primary, wait: wait ?? (spent(headers) ? untilReset(headers, now) : undefined) };
}

/** Whether the primary limit is used up. */
export function spent(headers: Headers): boolean {
  return String(headers['x-ratelimit-remaining']) === '0';
}

/** How long until the primary limit is lifted, measured by GitHub's own clock where it shows it. */
export function untilReset(headers: Headers, now: Milliseconds): Milliseconds | undefined {
  const reset = seconds(headers['x-ratelimit-reset']);
  if (reset === undefined) return undefined;
  const theirNow = Date.parse(String(headers['date']));
  return Math.max(1000, reset - (Number.isNaN(theirNow) ? now : theirNow));
}

function broken(failure: GitHubFailure): Setback {
  return { type: 'broken', failure };
}

function outage(said: string, status: number, retryAfter?: Milliseconds): GitHubFailure {
  return new GitHubFailure(said, {
    kind: 'lost',
    transient: true,
    status,
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

/** A system's error code where there is one (`ECONNRESET`); other texts might quote an address with values in it. */
function networkReason(error: unknown): string {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 4; cause = cause.cause, depth += 1) {
    const code = textOf(cause, 'code');
    if (code !== undefined && /^[A-Z_]+$/.test(code)) return `no answer (${code})`;
  }
  return 'no answer';
}

/** GitHub's own words, on one line and not too many. */
function quote(message: string | undefined): string {
  const line = (message ?? '').replaceAll(/[\u0000-\u001f\u007f-\u009f\s]+/g, ' ').trim();
  if (line === '') return '';
  return ` (${line.length > 200 ? `${line.slice(0, 199)}…` : line})`;
}

function seconds(value: string | number | undefined): Milliseconds | undefined {
  const count = typeof value === 'string' && value.trim() === '' ? NaN : Number(value);
  return Number.isFinite(count) && count >= 0 ? count * 1000 : undefined;
}

function headersOf(value: object): Headers {
  return Object.fromEntries(
    Object.entries(value).filter(([, text]) => typeof text === 'string' || typeof text === 'number'),
  );
}

function textOf(value: unknown, name: string): string | undefined {
  const found = propertyOf(value, name);
  return typeof found === 'string' ? found : undefined;
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const found = propertyOf(value, name);
  return Array.isArray(found) ? found : [];
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
