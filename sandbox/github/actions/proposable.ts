// Branches that a pull request could be opened for: ahead of the default branch, and of no open pull request yet.
import type { GitHub } from '../github.ts';
import type { IssueRow, RepositoryRow } from '../rows.ts';

export interface ProposableBranch {
  readonly branch: string;
  /** First line of its newest commit: what GitHub prefills the title with. */
  readonly subject: string;
  readonly author: string;
}

/** What shares no commit with the default branch, as a ledger, cannot be merged into it. */
export function proposableBranches(github: GitHub, repository: RepositoryRow): ProposableBranch[] {
  const git = github.git(repository);
  const base = git.readRef(`refs/heads/${repository.default_branch}`);
  if (base === undefined) return [];
  const inBase = new Set([...git.history(base)].map(({ sha }) => sha));
  return git.refs('refs/heads/').flatMap(({ name, sha }) => {
    const branch = name.slice('refs/heads/'.length);
    const commit = git.commit(sha);
    if (!commit || inBase.has(sha) || openPullOf(github, repository, branch)) return [];
    if (git.mergeBase(base, sha) === undefined) return [];
    return [{ branch, subject: subjectOf(commit.message), author: commit.author.name }];
  });
}

export function openPullOf(github: GitHub, repository: RepositoryRow, branch: string): IssueRow | undefined {
  return github.state.issues
    .in(repository.id)
    .find(
      ({ pull, state }) => state === 'open' && pull?.head_ref === branch && pull.fork_owner_id === undefined,
    );
}

function subjectOf(message: string): string {
  return message.trim().split('\n')[0] ?? '';
}
