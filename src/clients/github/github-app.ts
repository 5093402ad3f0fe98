// What the rest of the app needs of GitHub: an ordinary Octokit per installation, whose requests wait their turn in our queue.
import { createAppAuth } from '@octokit/auth-app';
import type { Octokit } from '@octokit/rest';
import type { Milliseconds } from '../../domain/names.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Log } from '../../engine/ports/log.ts';
import type { Fetch } from '../http/fetch.ts';
import { signAppToken } from './app-token.ts';
import { createInstallationTokens } from './installation-tokens.ts';
import { createInstallationFinder } from './installation-finder.ts';
import type { Call, Lane } from './lane.ts';
import { createOneOriginFetch } from './one-origin-fetch.ts';
import { gitHubPace, type Pace } from './pace.ts';
import { createQueuedOctokit, type Authorization } from './queued-octokit.ts';
import type { RequestKind } from './request-kind.ts';
import { WriteQueue } from './write-queue.ts';

export type { Call, Lane } from './lane.ts';

/** Our app, installed on one account. */
export interface Installation {
  readonly id: number;
  /** `octokit.rest.*`, `octokit.graphql` and `octokit.paginate` as usual; they throw `GitHubFailure` (see `failure.ts`). */
  at(lane: Lane, call?: Call): Octokit;
}

/** Our app where it is installed on an organisation. */
export interface InstalledOrganization extends Installation {
  /** As it is now, where it was found by its id. */
  readonly login: string;
}

/** A repository as it is called now, found by the id that outlives renames. */
export interface InstalledRepository {
  readonly installation: Installation;
  readonly owner: string;
  readonly name: string;
  readonly private: boolean;
  readonly defaultBranch: string;
}

export interface GitHubApp {
  /** Authenticated as the app itself, for `/app` and the look-up of installations. */
  app(): Octokit;
  forRepository(owner: string, name: string): Promise<Installation>;
  forRepositoryId(id: number): Promise<InstalledRepository>;
  /** By its login, or by the id that outlives renames. */
  forOrganization(org: string | number): Promise<InstalledOrganization>;
}

export interface PacedGitHubApp extends GitHubApp {
  /** How long that has waited which waits longest to leave for GitHub. */
  longestWait(): Milliseconds;
}

export interface GitHubAppSettings {
  readonly appId: string | number;
  /** PEM. */
  readonly privateKey: string;
  /** `https://api.github.com`, or `https://HOST/api/v3`. */
  readonly baseUrl: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: Log;
  readonly pace?: Pace;
  /** From 0 to 1. */
  readonly random?: () => number;
}

export function createGitHubApp(given: GitHubAppSettings): PacedGitHubApp {
  const settings = { ...given, fetch: createOneOriginFetch(given.fetch, given.baseUrl) };
  const { clock, log, pace = gitHubPace, random = Math.random } = settings;
  const newQueue = (): WriteQueue => new WriteQueue({ clock, log, pace, random });
  const asApp = createAppOctokit(settings, newQueue());
  const app = (): Octokit => asApp;
  const tokens = createInstallationTokens({ app, clock, onGone: (id) => finder.forget(id) });
  const queues = new Map<number, WriteQueue>();

  function installation(id: number): Installation {
    const queue = queues.get(id) ?? newQueue();
    queues.set(id, queue);
    return {
      id,
      at: (lane, call = {}) =>
        createQueuedOctokit({
          ...settings,
          queue,
          lane: () => lane,
          call,
          authorize: () => authorize(id),
        }),
    };
  }

  function authorize(id: number): Authorization {
    let token: string | undefined;
    return {
      prepare: async () => {
        token = await tokens.ready(id);
      },
      header: () => `token ${token}`,
      renew: () => tokens.refuse(id, token),
    };
  }

  const finder = createInstallationFinder({ app, installation });
  const { forRepository, forRepositoryId, forOrganization } = finder;
  return {
    ...{ app, forRepository, forRepositoryId, forOrganization },
    longestWait: () => Math.max(0, ...[...queues.values()].map((queue) => queue.longestWait)),
  };
}

/** Its limits are the app's own; tokens come before what merely reads. */
function createAppOctokit(settings: GitHubAppSettings, queue: WriteQueue): Octokit {
  const { appId, privateKey, clock } = settings;
  const createJwt = async (): Promise<{ jwt: string; expiresAt: string }> =>
    signAppToken(appId, privateKey, clock.now());
  return createQueuedOctokit({
    ...settings,
    queue,
    lane: laneAsApp,
    call: {},
    authorize: () => ({ prepare: async () => {}, header: () => undefined, renew: () => {} }),
    auth: { authStrategy: createAppAuth, auth: { appId, createJwt } },
  });
}

function laneAsApp({ name, reads }: RequestKind): Lane {
  if (name.endsWith('/access_tokens')) return 'revoke';
  return reads ? 'read' : 'card';
}
