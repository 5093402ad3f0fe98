// What AWS answered, in our own words: its messages quote what they were asked for, its error codes do not.
import type { Milliseconds } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';

export class AwsFailure extends Failure {
  /** AWS's name for it, such as `ConflictException`; undefined where there was no answer. */
  readonly code: string | undefined;
  constructor(
    message: string,
    options: {
      readonly transient: boolean;
      readonly code?: string;
      readonly retryAfter?: Milliseconds;
      readonly cause?: unknown;
    },
  ) {
    super(message, options);
    this.code = options.code;
  }
}

/** `what` completes “AWS answered ConflictException to …”. */
export function awsFailure(error: unknown, what: string): Failure {
  if (error instanceof Failure) return error;
  const code = codeOf(error);
  if (code === undefined || !/^[A-Za-z0-9.]{1,80}$/.test(code))
    return new AwsFailure(`AWS did not answer to ${what}.`, { transient: true });
  const meaning = meanings[code];
  return new AwsFailure(`AWS answered ${code} to ${what}.${meaning === undefined ? '' : ` ${meaning}`}`, {
    transient: isTransient(error, code),
    code,
    ...retryAfterOf(error),
  });
}

export function isAwsCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof AwsFailure && error.code !== undefined && codes.includes(error.code);
}

/** Lambda says so where too many call. */
function retryAfterOf(error: unknown): { readonly retryAfter?: Milliseconds } {
  if (typeof error !== 'object' || error === null || !('retryAfterSeconds' in error)) return {};
  const seconds = Number(error.retryAfterSeconds);
  return Number.isFinite(seconds) && seconds >= 0 ? { retryAfter: seconds * 1000 } : {};
}

const busy =
  /Throttl|TooManyRequests|LimitExceeded|RequestLimit|SlowDown|ServiceUnavailable|InternalServer|ServiceFailure|InternalFailure|Conflict|ConcurrentModification|RequestTimeout|EC2Throttled/;

function isTransient(error: unknown, code: string): boolean {
  const status = statusOf(error);
  return busy.test(code) || status === 429 || (status !== undefined && status >= 500);
}

const meanings: { readonly [code: string]: string } = {
  AccessDeniedException: 'The role lacks a permission: compare it with the policy in the documentation.',
  AccessDenied: 'The role lacks a permission, or does not trust us: compare both with the documentation.',
  CredentialsProviderError: 'The app found no credentials of AWS where it runs.',
  UnrecognizedClientException: 'The credentials of the app are not valid.',
  InvalidClientTokenId: 'The credentials of the app are not valid.',
  ExpiredTokenException: 'The credentials of the app have expired.',
};

/** Only errors that the service answered have metadata; what the network says quotes addresses. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return statusOf(error) !== undefined || error.name === 'CredentialsProviderError' ? error.name : undefined;
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const { $metadata: metadata } = error;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
