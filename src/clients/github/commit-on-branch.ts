// One commit on a branch, compare-and-set: GitHub makes it only on top of the commit that is named, and signs it as the app's own.
import type { Octokit } from '@octokit/rest';
import { Failure } from '../../engine/ports/failure.ts';
import { GitHubFailure } from './failure.ts';

/** As GitHub's `CreateCommitOnBranchInput` has it. */
export interface BranchCommit {
  readonly clientMutationId?: string;
  readonly branch: { readonly repositoryNameWithOwner: string; readonly branchName: string };
  readonly message: { readonly headline: string; readonly body?: string };
  readonly expectedHeadOid: string;
  readonly fileChanges: {
    /** `contents` in base64. */
    readonly additions: readonly { readonly path: string; readonly contents: string }[];
    readonly deletions?: readonly { readonly path: string }[];
  };
}

const mutation = `
  mutation ($input: CreateCommitOnBranchInput!) {
    createCommitOnBranch(input: $input) { commit { oid } }
  }`;

/** `conflict`: the branch is elsewhere by now, and nothing was made. Throws `Failure`. */
export async function commitOnBranch(
  octokit: Octokit,
  input: BranchCommit,
): Promise<{ readonly head: string } | { readonly conflict: true }> {
  try {
    return { head: oidOf(await octokit.graphql(mutation, { input })) };
  } catch (error) {
    if (error instanceof GitHubFailure && error.codes.includes('STALE_DATA')) return { conflict: true };
    throw error;
  }
}

/** An answer that does not say which commit was made is as good as lost. */
function oidOf(answer: unknown): string {
  const oid = ['createCommitOnBranch', 'commit', 'oid'].reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    answer,
  );
  if (typeof oid !== 'string')
    throw new Failure('GitHub does not say which commit it made.', { transient: true });
  return oid;
}
