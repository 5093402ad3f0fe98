// What the rest of the app needs of GitHub: an ordinary Octokit per installation, whose requests wait their turn in our queue.
import type { Octokit } from '@octokit/rest';
import type { Instant } from '../../domain/names.ts';

/** Who goes first when GitHub's limits make requests wait: in this order. */
export const lanes = ['revoke', 'ledger', 'escalate', 'card', 'read'] as const;
export type Lane = (typeof lanes)[number];

export interface Call {
  /** A request that has not left by then is dropped with a `GitHubFailure` and never sent. */
  readonly notAfter?: Instant;
  /** Drops a waiting request; one under way is given up as a lost answer. */
  readonly signal?: AbortSignal;
}

/** Our app, installed on one account. */
export interface Installation {
  readonly id: number;
  /** `octokit.rest.*`, `octokit.graphql` and `octokit.paginate` as usual; they throw `GitHubFailure` (see `failure.ts`). */
  at(lane: Lane, call?: Call): Octokit;
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
  forOrganization(org: string): Promise<Installation>;
}
