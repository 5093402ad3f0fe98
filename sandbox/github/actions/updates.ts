// Whether a branch would lose commits by an update.
import type { GitRepository } from '../git/repository.ts';

export function isForced(git: GitRepository, before: string, after: string): boolean {
  return git.commit(before) !== undefined && !git.isAncestor(before, after);
}
