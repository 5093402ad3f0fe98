// Moves branches: commits through the API, pushes by people, and the rules that guard a branch.
import { ZERO_SHA } from '../git/repository.ts';
import type { Changes } from '../git/repository.ts';
import type { Signature } from '../git/codec.ts';
import { writeSignedCommit } from '../git/signing.ts';
import { atLeast, roleIn } from '../access.ts';
import type { Actor, GitHub } from '../github.ts';
import { pushPayload } from '../bodies/commit.ts';
import { forbidden, notFound, unprocessable } from '../problem.ts';
import type { RepositoryRow, Rule, RulesetRow } from '../rows.ts';
import { followPush } from './pulls.ts';

export function signatureOf(actor: Actor, date: Date): Signature {
  const { account } = actor;
  const email = account.email ?? `${account.id}+${account.login}@users.noreply.github.com`;
  return { name: account.name ?? account.login, email, date };
}

/** Who GitHub names as committer of what it commits itself. */
export function webFlow(date: Date): Signature {
  return { name: 'GitHub', email: 'noreply@github.com', date };
}

export interface ActiveRule {
  readonly rule: Rule;
  readonly ruleset: RulesetRow;
}

export function rulesOn(github: GitHub, repository: RepositoryRow, branch: string): ActiveRule[] {
  return github.state.rulesets
    .in(repository.id)
    .filter((ruleset) => ruleset.enforcement === 'active')
    .filter((ruleset) => ruleset.include.some((pattern) => matches(pattern, branch, repository)))
    .flatMap((ruleset) => ruleset.rules.map((rule) => ({ rule, ruleset })));
}

function matches(pattern: string, branch: string, repository: RepositoryRow): boolean {
  if (pattern === '~ALL') return true;
  if (pattern === '~DEFAULT_BRANCH') return branch === repository.default_branch;
  const name = pattern.replace(/^refs\/heads\//, '');
  return name.endsWith('*') ? branch.startsWith(name.slice(0, -1)) : branch === name;
}

export interface RefUpdate {
  /** In full: `refs/heads/main`. */
  readonly ref: string;
  readonly before: string | null;
  /** Null deletes. */
  readonly after: string | null;
  readonly forced?: boolean;
}

/** The rules that this update breaks, in GitHub's words. */
export function violations(
  github: GitHub,
  actor: Actor,
  repository: RepositoryRow,
  update: RefUpdate,
): string[] {
  const branch = update.ref.replace(/^refs\/heads\//, '');
  if (branch === update.ref) return [];
  return rulesOn(github, repository, branch)
    .filter(({ ruleset }) => !ruleset.bypass_user_ids.includes(actor.account.id))
    .flatMap(({ rule }) => violation(rule, update));
}

function violation(rule: Rule, update: RefUpdate): string[] {
  const isUpdate = update.before !== null && update.after !== null;
  switch (rule.type) {
    case 'pull_request':
      return isUpdate ? ['Changes must be made through a pull request.'] : [];
    case 'update':
      return isUpdate ? ['Cannot update this protected ref.'] : [];
    case 'creation':
      return update.before === null ? ['Cannot create this protected ref.'] : [];
    case 'deletion':
      return update.after === null ? ['Cannot delete this protected ref.'] : [];
    case 'non_fast_forward':
      return update.forced ? ['Cannot force-push to this branch'] : [];
    default:
      return [];
  }
}

/** Moves a reference if it still is where the caller saw it; false when it is not. Rules are enforced before. */
export function moveRef(github: GitHub, actor: Actor, repository: RepositoryRow, update: RefUpdate): boolean {
  if (repository.archived) throw forbidden('Repository was archived so is read-only.');
  const broken = violations(github, actor, repository, update);
  if (broken.length > 0) {
    throw unprocessable(`Repository rule violations found\n\n${broken.join('\n\n')}\n\n`);
  }
  const git = github.git(repository);
  if (update.after === null) git.deleteRef(update.ref);
  else if (!git.updateRef(update.ref, update.after, update.before)) return false;
  announcePush(github, actor, repository, update);
  return true;
}

export function announcePush(
  github: GitHub,
  actor: Actor,
  repository: RepositoryRow,
  update: RefUpdate,
): void {
  const row = github.state.repositories.put({
    ...github.repositoryById(repository.id),
    pushed_at: github.timestamp(),
  });
  const before = update.before ?? ZERO_SHA;
  const after = update.after ?? ZERO_SHA;
  github.announce({
    event: 'push',
    action: null,
    actor,
    repository: row,
    payload: pushPayload(github, row, {
      ref: update.ref,
      before,
      after,
      actor,
      forced: update.forced ?? false,
    }),
  });
  if (update.after !== null) followPush(github, actor, row, update.ref, update.after);
}

export interface CommitOnBranch {
  readonly branch: string;
  readonly message: string;
  /** Path to new content, or null to delete. */
  readonly files: ReadonlyMap<string, Buffer | null>;
  /** Null: the branch must not exist yet, and begins without a parent. */
  readonly expectedHead: string | null;
}

/** What people do with `git push`: a commit of their own on a branch, made from its head (or from `from`). */
export function pushFiles(
  github: GitHub,
  actor: Actor,
  repository: RepositoryRow,
  push: {
    readonly branch: string;
    readonly message: string;
    readonly files: ReadonlyMap<string, Buffer | null>;
    readonly from?: string;
    /** As if it came through a reviewed pull request. */
    readonly reviewed?: boolean;
  },
): string {
  if (!atLeast(roleIn(github, repository, actor.account), 'write')) throw notFound();
  const git = github.git(repository);
  const ref = `refs/heads/${push.branch}`;
  const before = git.readRef(ref) ?? null;
  const start = before ?? git.resolve(push.from ?? repository.default_branch) ?? null;
  const date = github.now();
  const sha = git.writeCommit({
    tree: git.changeTree(treeOf(github, repository, start), writeBlobs(github, repository, push.files)),
    parents: start ? [start] : [],
    author: signatureOf(actor, date),
    committer: push.reviewed ? webFlow(date) : signatureOf(actor, date),
    message: push.message,
  });
  const update = { ref, before, after: sha };
  if (push.reviewed) {
    git.updateRef(ref, sha, before);
    announcePush(github, actor, repository, update);
  } else {
    moveRef(github, actor, repository, update);
  }
  return sha;
}

/** Commits as GitHub itself does for an API call: author the actor, signed. Undefined when the head has moved. */
export async function commitOnBranch(
  github: GitHub,
  actor: Actor,
  repository: RepositoryRow,
  commit: CommitOnBranch,
): Promise<string | undefined> {
  const git = github.git(repository);
  const ref = `refs/heads/${commit.branch}`;
  const before = git.readRef(ref) ?? null;
  if (before !== commit.expectedHead) return undefined;
  const date = github.now();
  const sha = await writeSignedCommit(github, repository, {
    tree: git.changeTree(treeOf(github, repository, before), writeBlobs(github, repository, commit.files)),
    parents: before ? [before] : [],
    author: signatureOf(actor, date),
    committer: webFlow(date),
    message: commit.message,
  });
  return moveRef(github, actor, repository, { ref, before, after: sha }) ? sha : undefined;
}

function treeOf(github: GitHub, repository: RepositoryRow, commit: string | null): string | null {
  return commit ? (github.git(repository).commit(commit)?.tree ?? null) : null;
}

function writeBlobs(
  github: GitHub,
  repository: RepositoryRow,
  files: ReadonlyMap<string, Buffer | null>,
): Changes {
  const git = github.git(repository);
  return new Map(
    [...files].map(([path, content]) => [
      path,
      content === null ? null : { sha: git.writeBlob(content), mode: '100644' },
    ]),
  );
}
