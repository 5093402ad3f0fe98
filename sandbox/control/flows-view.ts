// The flows as they are in force, or as a pull request wants them: each file with its text, for the editor.
import type { Commit } from '../github/git/codec.ts';
import { findIssue } from '../github/actions/issues.ts';
import { proposableBranches, type ProposableBranch } from '../github/actions/proposable.ts';
import type { GitHub } from '../github/github.ts';
import { notFound } from '../github/problem.ts';
import type { RepositoryRow } from '../github/rows.ts';

export interface FlowsView {
  /** The commit that was read: what is pushed later says so, and nobody's change in between is lost. */
  readonly commit: string;
  readonly branch: string;
  readonly files: readonly FlowFileView[];
  /** So that a proposed branch has a name of its own. */
  readonly branches: readonly string[];
  /** Pushed, ahead of the default branch, and of no open pull request. */
  readonly proposable: readonly ProposableBranch[];
}

export interface FlowFileView {
  readonly path: string;
  /** Null for what is no text, or too long to be edited here. */
  readonly text: string | null;
}

const folder = 'flows';
const mostFiles = 300;
const longestText = 200_000;

/** Of the default branch, unless a pull request is named. */
export function flowsView(github: GitHub, desk: RepositoryRow, pull?: number): FlowsView {
  const git = github.git(desk);
  const { branch, commit } = placeOf(github, desk, pull);
  const entry = git.entryAt(commit.tree, folder);
  const inside = entry?.type === 'tree' ? [...git.walk(entry.sha, `${folder}/`)] : [];
  return {
    commit: commit.sha,
    branch,
    files: inside
      .filter(({ type }) => type === 'blob')
      .slice(0, mostFiles)
      .map(({ path, sha }) => ({ path, text: textOf(git.object(sha)?.content) }))
      .sort((one, other) => (placeIn(one) < placeIn(other) ? -1 : 1)),
    branches: git.refs('refs/heads/').map(({ name }) => name.slice('refs/heads/'.length)),
    proposable: proposableBranches(github, desk),
  };
}

/** Scenarios follow the flow that they are of. */
function placeIn({ path }: FlowFileView): string {
  return path.replace(/(\.test)?\.ya?ml$/, (_, test?: string) => (test === undefined ? ' 1' : ' 2'));
}

function placeOf(
  github: GitHub,
  desk: RepositoryRow,
  number: number | undefined,
): { readonly branch: string; readonly commit: Commit } {
  const git = github.git(desk);
  const pull = number === undefined ? undefined : findIssue(github, desk, number).pull;
  if (number !== undefined && !pull) throw notFound();
  const branch = pull?.head_ref ?? desk.default_branch;
  const commit = git.commit(pull?.head_sha ?? git.readRef(`refs/heads/${branch}`) ?? '');
  if (!commit) throw notFound();
  return { branch, commit };
}

/** As it is shown and compared; null for what is no text, or too long. */
export function textOf(content: Buffer | undefined): string | null {
  if (!content || content.length > longestText || content.includes(0)) return null;
  return content.toString();
}
