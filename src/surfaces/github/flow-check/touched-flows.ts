// Whether a pull request touches the flows of its desk, or their issue forms: by the list of its files, or by the folder itself where the list ends too early.
import type { Repository } from '../github-place.ts';

export interface PullFacts {
  readonly number: number;
  readonly head: string;
  readonly base: string;
  /** The number of the account that opened it; absent where the account is gone. */
  readonly author?: number;
  /** The branch that the head is of, and whether it is one of this repository; a fork's is nothing that we write to. */
  readonly branch: string;
  readonly isOwnBranch: boolean;
  readonly isOpen: boolean;
  readonly changedFiles: number;
}

const folder = 'flows';
const forms = '.github/ISSUE_TEMPLATE';
/** GitHub lists 3,000 files of a pull request and no more. */
const maxPages = 30;

export async function readPull({ owner, repo, at }: Repository, pull_number: number): Promise<PullFacts> {
  const { data } = await at('read').rest.pulls.get({ owner, repo, pull_number });
  return {
    number: pull_number,
    head: data.head.sha,
    base: data.base.sha,
    ...(data.user && { author: data.user.id }),
    branch: data.head.ref,
    isOwnBranch: data.head.repo?.id === data.base.repo.id,
    isOpen: data.state === 'open',
    changedFiles: data.changed_files,
  };
}

export async function touchesFlows(repository: Repository, pull: PullFacts): Promise<boolean> {
  const { owner, repo, at } = repository;
  let seen = 0;
  for (let page = 1; page <= maxPages && seen < pull.changedFiles; page += 1) {
    const { data } = await at('read').rest.pulls.listFiles({
      owner,
      repo,
      pull_number: pull.number,
      per_page: 100,
      page,
    });
    // A flow that is moved away is gone from the desk.
    if (data.some(({ filename, previous_filename }) => isInside(filename) || isInside(previous_filename)))
      return true;
    seen += data.length;
    if (data.length < 100) break;
  }
  if (seen >= pull.changedFiles) return false;
  const [before, after] = await Promise.all([
    foldersAt(repository, pull.base),
    foldersAt(repository, pull.head),
  ]);
  return before !== after;
}

function isInside(path: string | undefined): boolean {
  return path !== undefined && [folder, forms].some((each) => path.startsWith(`${each}/`));
}

/** The folders that are ours or hold the forms, by the hashes of their contents. */
async function foldersAt({ owner, repo, at }: Repository, commit: string): Promise<string> {
  const { data } = await at('read').rest.git.getTree({ owner, repo, tree_sha: commit });
  return data.tree
    .filter(({ path }) => path === folder || path === '.github')
    .map(({ path, sha }) => `${path} ${sha}`)
    .join('\n');
}
