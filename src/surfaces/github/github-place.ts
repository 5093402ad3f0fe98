// Where on GitHub we write: an issue of a desk, by the names that its repository has now.
import type { Octokit } from '@octokit/rest';
import type { Call, GitHubApp, Lane } from '../../clients/github/github-app.ts';
import type { GitHubThread } from '../../domain/entries.ts';
import type { DeskId } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';

/** An issue, as the parameters of GitHub's API. */
export interface Place {
  readonly owner: string;
  readonly repo: string;
  readonly issue_number: number;
  at(lane: Lane, call?: Call): Octokit;
}

export async function placeOf(github: GitHubApp, thread: GitHubThread): Promise<Place> {
  const { at, owner, repo } = await repositoryNumbered(github, Number(thread.repository));
  return { owner, repo, issue_number: thread.issue, at };
}

export interface Repository extends Omit<Place, 'issue_number'> {
  readonly defaultBranch: string;
}

export async function repositoryOf(github: GitHubApp, desk: DeskId): Promise<Repository> {
  return repositoryNumbered(github, repositoryNumber(desk));
}

/** A desk is named by its repository: `github:4711`. */
export function repositoryNumber(desk: DeskId): number {
  return Number(desk.replace(/^github:/, ''));
}

async function repositoryNumbered(github: GitHubApp, id: number): Promise<Repository> {
  if (!Number.isSafeInteger(id)) throw new Failure('This is no repository of GitHub.', { transient: false });
  const { installation, owner, name, defaultBranch } = await github.forRepositoryId(id);
  return { owner, repo: name, defaultBranch, at: (lane, call) => installation.at(lane, call) };
}
