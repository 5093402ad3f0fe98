// What GitHub answered a strategy or an action: found, absent, or a `Failure` whose sentence names the call and no setting's value.
import { GitHubFailure, isNotFound } from './failure.ts';
import { Failure } from '../../engine/ports/failure.ts';

/** Undefined where GitHub answers that there is no such thing. `what` completes “GitHub answered 403 to …”. */
export async function found<T>(what: string, call: Promise<{ readonly data: T }>): Promise<T | undefined> {
  try {
    return (await call).data;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw inOurWords(error, what);
  }
}

/** `refused` says what a 403 means here. */
export async function demand<T>(what: string, call: Promise<T>, refused?: string): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw inOurWords(error, what, refused);
  }
}

/** To take away what is not there is a success. */
export async function remove(what: string, call: Promise<unknown>, refused: string): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!isNotFound(error)) throw inOurWords(error, what, refused);
  }
}

/** Whether GitHub answered with this status. */
export function isStatus(error: unknown, status: number): boolean {
  return error instanceof GitHubFailure && error.status === status;
}

/** Where the grants app is installed on a repository. */
export async function installedOn<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (isNotFound(error))
      throw new Failure('The grants app is not installed on the repository.', {
        transient: false,
        isUntouched: true,
      });
    throw inOurWords(error, 'finding the grants app on the repository');
  }
}

/** Where the grants app is installed in the organisation. */
export async function installed<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (isNotFound(error))
      throw new Failure('The grants app is not installed in the organisation.', { transient: false });
    throw inOurWords(error, 'finding the grants app in the organisation');
  }
}

/** Where the grants app sees the repository. */
export async function seen<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (isNotFound(error))
      throw new Failure(
        'The grants app no longer sees the repository: it was deleted, or moved where the app is not installed.',
        { transient: false },
      );
    throw inOurWords(error, 'reading the repository by its id');
  }
}

/** GitHub's own words may quote what it was asked for. */
function inOurWords(error: unknown, what: string, refused?: string): unknown {
  if (!(error instanceof GitHubFailure)) return error;
  const { status, transient, retryAfter, codes, kind } = error;
  const answer = status === undefined ? 'did not answer' : `answered ${[status, ...codes].join(' ')}`;
  const meaning = status === 403 && !transient && refused !== undefined ? ` ${refused}` : '';
  return new Failure(`GitHub ${answer} to ${what}.${meaning}`, {
    transient,
    isUntouched: kind !== 'lost',
    ...(retryAfter !== undefined && { retryAfter }),
  });
}
