// The ledger as a branch on GitHub: each commit is one GraphQL call, compare-and-set, Verified as the app's own.
import type { Octokit } from '@octokit/rest';
import { commitOnBranch } from '../clients/github/commit-on-branch.ts';
import { GitHubFailure, isNotFound } from '../clients/github/failure.ts';
import type { Ledger, LedgerCommit } from '../engine/ports/ledger.ts';
import { firstFiles, firstMessage } from './first-commit.ts';
import { readGitHubFiles } from './github-files.ts';
import { readGitHubHistory } from './github-history.ts';
import { findStrangers } from './github-strangers.ts';
import { printMessage } from './message.ts';

/** A repository as it is called now; `octokit` throws `GitHubFailure` and repeats nothing that makes a commit. */
export interface GitHubPlace {
  readonly octokit: Octokit;
  readonly owner: string;
  readonly name: string;
}

export interface GitHubLedgerOptions {
  /** Asked before each use, so that a rename is followed. */
  readonly place: () => Promise<GitHubPlace>;
  /** `countersign/ledger` */
  readonly branch: string;
  /** The app's own account: `countersign[bot]`. Asked for only where a history has to be judged. */
  readonly botLogin: () => Promise<string>;
}

export function createGitHubLedger({ place, branch, botLogin }: GitHubLedgerOptions): Ledger {
  return {
    async head() {
      return readHead(await place(), branch);
    },
    async begin() {
      const at = await place();
      return (await readHead(at, branch)) ?? beginBranch(at, branch);
    },
    async append(commit, expectedHead) {
      return appendTo(await place(), branch, commit, expectedHead);
    },
    async since(head) {
      const at = await place();
      const tip = await readHead(at, branch);
      return tip === undefined ? 'unrelated' : readGitHubHistory(at, head, tip);
    },
    async *read(head) {
      yield* readGitHubFiles(await place(), head);
    },
    async strangers(head, asked) {
      return findStrangers(await place(), { ...asked, head, botLogin });
    },
  };
}

async function readHead({ octokit, owner, name }: GitHubPlace, branch: string): Promise<string | undefined> {
  try {
    const { data } = await octokit.rest.git.getRef({ owner, repo: name, ref: `heads/${branch}` });
    return data.object.sha;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** A commit without a parent can only be made by REST; without author and committer GitHub signs it. */
async function beginBranch(place: GitHubPlace, branch: string): Promise<string> {
  const { octokit, owner, name } = place;
  const at = { owner, repo: name };
  const files = firstFiles.map(
    ({ path, content }) => ({ path, content, mode: '100644', type: 'blob' }) as const,
  );
  const tree = await octokit.rest.git.createTree({ ...at, tree: files });
  const first = await octokit.rest.git.createCommit({
    ...at,
    message: firstMessage,
    tree: tree.data.sha,
    parents: [],
  });
  const { sha } = first.data;
  try {
    await octokit.rest.git.createRef({ ...at, ref: `refs/heads/${branch}`, sha });
    return sha;
  } catch (error) {
    // Somebody was faster, or our own answer was lost on the way.
    const begun = error instanceof GitHubFailure ? await readHead(place, branch) : undefined;
    if (begun === undefined) throw error;
    return begun;
  }
}

async function appendTo(
  { octokit, owner, name }: GitHubPlace,
  branch: string,
  commit: LedgerCommit,
  expectedHeadOid: string,
): ReturnType<Ledger['append']> {
  const additions = commit.files.map(({ path, content }) => ({
    path,
    contents: Buffer.from(content).toString('base64'),
  }));
  return commitOnBranch(octokit, {
    clientMutationId: commit.batch,
    branch: { repositoryNameWithOwner: `${owner}/${name}`, branchName: branch },
    message: printMessage(commit),
    expectedHeadOid,
    fileChanges: { additions },
  });
}
