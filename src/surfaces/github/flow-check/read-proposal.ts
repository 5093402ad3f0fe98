// Reads from GitHub what a pull request would change of a desk: from where it left the branch that is in force, and no more than differs.
import { narrow } from '../../../desk/change/narrow.ts';
import type { ProposedChange } from '../../../desk/change/review-change.ts';
import { account, type DeskId } from '../../../domain/names.ts';
import type { Repository } from '../github-place.ts';
import type { PullFacts } from './touched-flows.ts';

/** A desk's files at a commit, a fork's too. */
export interface FilesAt {
  /** By path, whatever tells their contents apart. */
  readonly versions: ReadonlyMap<string, string>;
  read(isWanted: (path: string) => boolean): Promise<ReadonlyMap<string, Uint8Array>>;
}

/** Throws `Failure`. `asked`: told of each thing that GitHub is asked for. */
export type ReadFilesAt = (desk: DeskId, commit: string, asked: () => void) => Promise<FilesAt>;

export interface Proposal {
  readonly desk: DeskId;
  readonly sha: string;
  /** Undefined where it is not known which pull request the commit is of. */
  readonly pull: PullFacts | undefined;
}

export async function readProposal(
  { desk, sha, pull }: Proposal,
  repository: Repository,
  { at, asked }: { readonly at: ReadFilesAt; readonly asked: () => void },
): Promise<ProposedChange> {
  const base = await leftAt(repository, pull?.base ?? repository.defaultBranch, sha);
  const [was, is] = await Promise.all([at(desk, base, asked), at(desk, sha, asked)]);
  const { isWanted, unchanged } = narrow(was.versions, is.versions);
  const [before, after] = await Promise.all([was.read(isWanted), is.read(isWanted)]);
  return {
    before: { files: before, commit: base },
    after: { files: after, commit: sha },
    unchanged,
    ...(pull?.author !== undefined && { author: account('github', pull.author) }),
  };
}

/** Where the two went apart: what came to the branch since is no doing of the pull request. */
async function leftAt({ owner, repo, at }: Repository, base: string, head: string): Promise<string> {
  const { data } = await at('read').rest.repos.compareCommitsWithBasehead({
    owner,
    repo,
    basehead: `${base}...${head}`,
    // Only the first page has the files, with all that changes in them; nobody needs those here.
    per_page: 1,
    page: 2,
  });
  return data.merge_base_commit.sha;
}
