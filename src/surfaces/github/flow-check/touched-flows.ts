// Whether a pull request touches the flows of its desk: by the list of its files, or by the folder itself where the list ends too early.
import type { Repository } from '../github-place.ts';

export interface PullFacts {
  readonly number: number;
  readonly head: string;
  readonly base: string;
  readonly isOpen: boolean;
  readonly changedFiles: number;
}

const folder = 'flows';
/** GitHub lists 3,000 files of a pull request and no more. */
const maxPages = 30;

export async function readPull({ owner, repo, at }: Repository, pull_number: number): Promise<PullFacts> {
  const { data } = await at('read').rest.pulls.get({ owner, repo, pull_number });
  return {
    number: pull_number,
    head: data.head.sha,
    base: data.base.sha,
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
    folderAt(repository, pull.base),
    folderAt(repository, pull.head),
  ]);
  return before !== after;
}

function isInside(path: string | undefined): boolean {
  return path?.startsWith(`${folder}/`) ?? false;
}

/** By the hash of its content; undefined where there is none. */
async function folderAt({ owner, repo, at }: Repository, commit: string): Promise<string | undefined> {
  const { data } = await at('read').rest.git.getTree({ owner, repo, tree_sha: commit });
  return data.tree.find(({ path }) => path === folder)?.sha;
}
