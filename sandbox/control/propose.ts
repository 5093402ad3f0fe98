// Changes of files by pull request, as the web page of GitHub makes them: on a new branch, or in a fork by who may not push.
import type { Person } from '../driver.ts';
import { atLeast, roleIn } from '../github/access.ts';
import { findIssue } from '../github/actions/issues.ts';
import { proposableBranches } from '../github/actions/proposable.ts';
import type { GitRepository } from '../github/git/repository.ts';
import { unprocessable } from '../github/problem.ts';
import type { GitHub } from '../github/github.ts';
import type { IssueRow, RepositoryRow } from '../github/rows.ts';
import type { Sandbox } from '../server.ts';

/** Path to new text, or null to delete. */
type Files = Readonly<Record<string, string | null>>;

export interface Proposal {
  readonly title: string;
  readonly files: Files;
  /** Of the new branch; a fork's has a name of its own. */
  readonly branch: string;
  /** The commit that the editor showed. */
  readonly from: string;
}

export function proposeChange({ github, desk }: Sandbox, person: Person, proposal: Proposal): IssueRow {
  const { title, files, branch, from } = proposal;
  refuseStale(github.git(desk), files, from, desk.default_branch);
  if (!atLeast(roleIn(github, desk, person.account), 'write'))
    return person.openPullRequestFromFork({ title, files });
  if (!isBranchName(branch)) throw unprocessable(`A branch cannot be called “${branch}”.`);
  if (github.git(desk).readRef(`refs/heads/${branch}`) !== undefined)
    throw unprocessable(
      `There is a branch called ${branch} already. Choose another name for yours${
        isProposable(github, desk, branch) ? ', or open a pull request for that one: Flows lists it' : ''
      }.`,
    );
  person.pushFiles({ branch, message: title, files });
  return person.openPullRequest({ title, head: branch });
}

/** For a branch that somebody pushed. */
export function openPullFor(
  { github, desk }: Sandbox,
  person: Person,
  { branch, title }: { readonly branch: string; readonly title: string },
): IssueRow {
  // Who may not look learns nothing of branches either.
  if (atLeast(roleIn(github, desk, person.account), 'read') && !isProposable(github, desk, branch))
    throw unprocessable(
      `${branch} has an open pull request already, or nothing that ${desk.default_branch} lacks, or is gone.`,
    );
  return person.openPullRequest({ title, head: branch });
}

function isProposable(github: GitHub, desk: RepositoryRow, branch: string): boolean {
  return proposableBranches(github, desk).some((one) => one.branch === branch);
}

export interface FurtherPush {
  readonly number: number;
  readonly message: string;
  readonly files: Files;
  readonly from: string;
}

/** To the branch of a pull request; gives the new commit. */
export function pushToPull({ github, desk }: Sandbox, person: Person, push: FurtherPush): string {
  const { number, message, files, from } = push;
  const { pull, state } = findIssue(github, desk, number);
  if (!pull || state === 'closed') throw unprocessable(`#${number} is no open pull request.`);
  refuseStale(github.git(desk), files, from, pull.head_sha);
  if (pull.fork_owner_id !== undefined) return person.pushToFork(number, { title: message, files });
  return person.pushFiles({ branch: pull.head_ref, message, files });
}

/** Nobody's change is lost because two edited the same file. */
function refuseStale(git: GitRepository, files: Files, from: string, now: string): void {
  const blobAt = (commit: string, path: string): string | undefined => {
    const tree = git.commit(commit)?.tree;
    return tree === undefined ? undefined : git.entryAt(tree, path)?.sha;
  };
  const head = git.resolve(now) ?? '';
  for (const path of Object.keys(files))
    if (blobAt(from, path) !== blobAt(head, path))
      throw unprocessable(
        `Somebody changed ${path} while you edited it. Copy your text, discard it here, and edit the file anew.`,
      );
}

/** By the rules of Git for names of references, as far as anybody meets them. */
function isBranchName(name: string): boolean {
  return (
    /^[\w.-]+(?:\/[\w.-]+)*$/.test(name) && !/\.\.|\.lock$|\.$|(^|\/)[.-]/.test(name) && name.length <= 200
  );
}
