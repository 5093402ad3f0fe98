// What became of a request to GitHub that did not succeed, in words that may be shown: no token, no body, no value.
import type { Milliseconds } from '../../domain/names.ts';
import { Failure } from '../../engine/ports.ts';

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
  /** GraphQL's `type` (`STALE_DATA`, `NOT_FOUND`) or REST's `errors[].code` (`already_exists`). */
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
