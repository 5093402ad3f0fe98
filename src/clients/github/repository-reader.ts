// Reads one repository and nothing else: by tokens that GitHub itself narrows to it and to reading, apart from all that the app may do.
import { minutes } from '../../domain/duration.ts';
import { parseInstant, plus, type Instant, type Milliseconds } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Fetch } from '../http/fetch.ts';
import { createHttpClient, HttpFailure } from '../http/http-client.ts';
import { demand } from './answer.ts';
import type { GitHubApp } from './github-app.ts';

export interface RepositoryReader {
  /** What GitHub answers to a GET, as JSON. Throws `Failure`, whose sentence holds nothing of the path. */
  read(of: RepositoryQuestion): Promise<unknown>;
}

export interface RepositoryQuestion {
  /** The installation of the app that has it. */
  readonly installation: number;
  /** Without its owner, whose installation it is. */
  readonly repository: string;
  /** `/repos/acme/app/pulls/7`, sound already. */
  readonly path: string;
  readonly signal: AbortSignal;
}

export interface RepositoryReaderParts {
  readonly github: Pick<GitHubApp, 'app'>;
  readonly baseUrl: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
}

/** All that the app asks for, as reading; neither teams nor whatever an installation gave it besides. */
const permissions = {
  metadata: 'read',
  contents: 'read',
  issues: 'read',
  pull_requests: 'read',
  checks: 'read',
} as const;
const margin: Milliseconds = minutes(5);
const maxBytes = 512 * 1024;

export function createRepositoryReader({
  github,
  baseUrl,
  fetch,
  clock,
}: RepositoryReaderParts): RepositoryReader {
  const tokens = new Map<string, Promise<Token>>();
  const client = createHttpClient({
    ...{ fetch, clock, baseUrl, maxBytes },
    allowedHosts: [new URL(baseUrl).host],
    timeoutMs: 10_000,
  });

  async function tokenFor(key: string, { installation, repository }: RepositoryQuestion): Promise<string> {
    const known = await tokens.get(key);
    if (known && clock.now() < known.until) return known.token;
    const making = make(installation, repository);
    tokens.set(key, making);
    making.catch(() => tokens.delete(key));
    return (await making).token;
  }

  async function make(installation: number, repository: string): Promise<Token> {
    const { data } = await demand(
      'making a token that may only read the repository',
      github.app().rest.apps.createInstallationAccessToken({
        installation_id: installation,
        repositories: [repository],
        permissions,
      }),
    );
    const expiresAt = parseInstant(data.expires_at) ?? clock.now();
    return { token: data.token, until: plus(expiresAt, -margin) };
  }

  return {
    async read(question) {
      const key = `${question.installation}/${question.repository}`.toLowerCase();
      const token = await tokenFor(key, question);
      try {
        const { json, text } = await client.send({
          name: 'GitHub',
          method: 'GET',
          path: question.path,
          headers: { accept: 'application/vnd.github+json', authorization: `token ${token}` },
          signal: question.signal,
        });
        if (json === undefined && text !== '')
          throw new Failure('GitHub answered no JSON.', { transient: false });
        return json ?? null;
      } catch (error) {
        // Whatever became of it, the next call gets another.
        if (error instanceof HttpFailure && error.status === 401) tokens.delete(key);
        throw error;
      }
    },
  };
}

interface Token {
  readonly token: string;
  readonly until: Instant;
}
