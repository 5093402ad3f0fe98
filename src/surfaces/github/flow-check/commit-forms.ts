// The button beside the check: commits the issue forms that fit the flows to the branch of the pull request, and nowhere else.
import { commitOnBranch } from '../../../clients/github/commit-on-branch.ts';
import type { FormChange } from '../../../desk/forms/stale-forms.ts';
import type { Repository } from '../github-place.ts';
import type { PullFacts } from './touched-flows.ts';

/** Why the forms of this pull request are not ours to commit; undefined where they are. */
export function obstacleTo(
  { isOwnBranch, branch }: PullFacts,
  { defaultBranch }: Repository,
): string | undefined {
  if (!isOwnBranch) return 'the pull request comes from a fork: run countersign forms there, and push';
  // GitHub would take it for the name of another branch.
  if (branch.startsWith('refs/')) return 'GitHub would take the name of its branch for another';
  // What is in force changes by a review alone.
  return branch === defaultBranch ? 'its branch is the one that is in force' : undefined;
}

/**
 * False where somebody pushed meanwhile: what they pushed is checked by itself, and the forms may fit by now. Throws
 * `Failure`.
 */
export async function commitForms(
  { owner, repo, at }: Repository,
  { branch, head }: PullFacts,
  forms: readonly FormChange[],
): Promise<boolean> {
  const wanted = forms.filter(({ is }) => is !== 'own');
  if (wanted.length === 0) return false;
  const made = await commitOnBranch(at('card'), {
    branch: { repositoryNameWithOwner: `${owner}/${repo}`, branchName: branch },
    message: {
      headline: 'Make the issue forms fit the flows',
      body: 'Asked for with the button beside the check.',
    },
    expectedHeadOid: head,
    fileChanges: {
      additions: wanted.flatMap(({ path, text }) =>
        text === undefined ? [] : [{ path, contents: Buffer.from(text).toString('base64') }],
      ),
      deletions: wanted.flatMap(({ path, text }) => (text === undefined ? [{ path }] : [])),
    },
  });
  return 'head' in made;
}
