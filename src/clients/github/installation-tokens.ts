// The tokens of our installations: made when needed, kept until shortly before they expire, never asked for twice at once.
import type { Octokit } from '@octokit/rest';
import { minutes } from '../../domain/duration.ts';
import { parseInstant, plus, type Instant } from '../../domain/names.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import { GitHubFailure } from './failure.ts';

export interface InstallationTokens {
  /** The one at hand, or a new one. */
  ready(installation: number): Promise<string>;
  /** This one was not accepted: the next `ready` makes another. */
  refuse(installation: number, token: string | undefined): void;
}

const margin = minutes(5);

export function createInstallationTokens(deps: {
  readonly app: () => Octokit;
  readonly clock: Clock;
  /** The installation is gone, or no longer lets us in. */
  readonly onGone: (installation: number) => void;
}): InstallationTokens {
  const { app, clock, onGone } = deps;
  const tokens = new Map<number, { readonly token: string; readonly until: Instant }>();
  const underWay = new Map<number, Promise<string>>();

  async function make(installation: number): Promise<string> {
    try {
      const { data } = await app().rest.apps.createInstallationAccessToken({ installation_id: installation });
      const expiresAt = parseInstant(data.expires_at) ?? clock.now();
      tokens.set(installation, { token: data.token, until: plus(expiresAt, -margin) });
      return data.token;
    } catch (error) {
      throw noToken(error, () => onGone(installation));
    } finally {
      underWay.delete(installation);
    }
  }

  return {
    ready(installation) {
      const known = tokens.get(installation);
      if (known && clock.now() < known.until) return Promise.resolve(known.token);
      const making = underWay.get(installation) ?? make(installation);
      underWay.set(installation, making);
      return making;
    },
    refuse(installation, token) {
      // Several requests may come back refused with one token, after the first of them has led to a new one.
      if (tokens.get(installation)?.token === token) tokens.delete(installation);
    },
  };
}

/** Whatever became of the token, the request that needed it has not left. */
function noToken(error: unknown, gone: () => void): unknown {
  if (!(error instanceof GitHubFailure)) return error;
  if (error.status === 401 || error.status === 403 || error.status === 404) gone();
  const { transient, status, codes, retryAfter } = error;
  return new GitHubFailure(error.message, {
    kind: 'not-sent',
    transient,
    codes,
    ...(status !== undefined && { status }),
    ...(retryAfter !== undefined && { retryAfter }),
  });
}
