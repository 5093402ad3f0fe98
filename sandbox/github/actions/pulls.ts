// Pull requests, as far as a check needs them: opened, followed by pushes, merged or closed.
import { atLeast, roleIn } from '../access.ts';
import { app as appBody } from '../bodies/app.ts';
import { pull as pullBody } from '../bodies/pull.ts';
import { writeSignedCommit } from '../git/signing.ts';
import type { Actor, GitHub } from '../github.ts';
import { api, nodeId } from '../links.ts';
import { conflict, invalid, notFound } from '../problem.ts';
import type { AppRow, IssueRow, PullPart, RepositoryRow } from '../rows.ts';
import { announcePush, signatureOf, webFlow } from './branches.ts';
import { demand, findIssue, takeNumber } from './issues.ts';

export interface NewPull {
  readonly title: string;
  readonly body?: string | null;
  readonly head: string;
  readonly base: string;
}

export function openPull(github: GitHub, actor: Actor, repository: RepositoryRow, input: NewPull): IssueRow {
  demand(github, actor, repository, 'read');
  const git = github.git(repository);
  const head = git.readRef(`refs/heads/${input.head}`);
  if (!head) throw invalid([{ resource: 'PullRequest', field: 'head', code: 'invalid' }]);
  return putPull(github, actor, repository, { ...input, head_sha: head });
}

/** From a fork: its commits are to be had here by their ids, and no branch of this repository holds them. */
export function openPullFromFork(
  github: GitHub,
  actor: Actor,
  repository: RepositoryRow,
  input: NewPull & { readonly files: ReadonlyMap<string, Buffer | null> },
): IssueRow {
  demand(github, actor, repository, 'read');
  const head_sha = commitInFork(github, actor, repository, input, `refs/heads/${input.base}`);
  const row = putPull(github, actor, repository, { ...input, head_sha, fork_owner_id: actor.account.id });
  github.git(repository).updateRef(`refs/pull/${row.number}/head`, head_sha, null);
  return row;
}

/** The author pushes to the fork. */
export function pushToFork(
  github: GitHub,
  actor: Actor,
  repository: RepositoryRow,
  input: {
    readonly number: number;
    readonly title: string;
    readonly files: ReadonlyMap<string, Buffer | null>;
  },
): string {
  const row = findIssue(github, repository, input.number);
  if (row.pull?.fork_owner_id !== actor.account.id) throw notFound();
  const ref = `refs/pull/${row.number}/head`;
  const before = row.pull.head_sha;
  const after = commitInFork(github, actor, repository, input, ref);
  github.git(repository).updateRef(ref, after, before);
  const moved = github.state.issues.put({
    ...row,
    updated_at: github.timestamp(),
    pull: { ...row.pull, head_sha: after },
  });
  announcePull(github, actor, 'synchronize', moved, { before, after });
  return after;
}

function commitInFork(
  github: GitHub,
  actor: Actor,
  repository: RepositoryRow,
  { title, files }: { readonly title: string; readonly files: ReadonlyMap<string, Buffer | null> },
  on: string,
): string {
  const git = github.git(repository);
  const parent = git.readRef(on);
  if (!parent) throw invalid([{ resource: 'PullRequest', field: 'base', code: 'invalid' }]);
  const changes = new Map(
    [...files].map(([path, content]) => [
      path,
      content === null ? null : { sha: git.writeBlob(content), mode: '100644' },
    ]),
  );
  const author = signatureOf(actor, github.now());
  return git.writeCommit({
    tree: git.changeTree(git.commit(parent)?.tree ?? null, changes),
    parents: [parent],
    author,
    committer: author,
    message: title,
  });
}

function putPull(
  github: GitHub,
  actor: Actor,
  repository: RepositoryRow,
  input: NewPull & { readonly head_sha: string; readonly fork_owner_id?: number },
): IssueRow {
  const base = github.git(repository).readRef(`refs/heads/${input.base}`);
  if (!base) throw invalid([{ resource: 'PullRequest', field: 'base', code: 'invalid' }]);
  const at = github.timestamp();
  const row = github.state.issues.put({
    id: github.state.nextId('issue'),
    repository_id: repository.id,
    number: takeNumber(github, repository),
    title: input.title,
    body: input.body ?? null,
    state: 'open',
    state_reason: null,
    user_id: actor.account.id,
    app_id: actor.app?.id ?? null,
    label_ids: [],
    assignee_ids: [],
    locked: false,
    created_at: at,
    updated_at: at,
    closed_at: null,
    closed_by_id: null,
    pull: {
      id: github.state.nextId('pull'),
      ...(input.fork_owner_id !== undefined && { fork_owner_id: input.fork_owner_id }),
      head_ref: input.head,
      head_sha: input.head_sha,
      base_ref: input.base,
      base_sha: base,
      draft: false,
      merged_at: null,
      merged_by_id: null,
      merge_commit_sha: null,
    },
  });
  announcePull(github, actor, 'opened', row);
  return row;
}

/** Merges with a merge commit by GitHub, as a person does who has the needed reviews. */
export async function mergePull(
  github: GitHub,
  actor: Actor,
  repository: RepositoryRow,
  number: number,
): Promise<string> {
  if (!atLeast(roleIn(github, repository, actor.account), 'write')) throw notFound();
  const row = findIssue(github, repository, number);
  if (!row.pull || row.state === 'closed') throw conflict('Pull Request is not mergeable');
  const git = github.git(repository);
  const ref = `refs/heads/${row.pull.base_ref}`;
  const before = git.readRef(ref) ?? null;
  const tree = mergedTree(github, repository, row.pull, before);
  const date = github.now();
  const sha = await writeSignedCommit(github, repository, {
    tree,
    parents: [...(before ? [before] : []), row.pull.head_sha],
    author: signatureOf(actor, date),
    committer: webFlow(date),
    message: `Merge pull request #${number} from ${row.pull.head_ref}\n\n${row.title}`,
  });
  if (!git.updateRef(ref, sha, before))
    throw conflict('Base branch was modified. Review and try the merge again.');
  const at = github.timestamp();
  const closed = github.state.issues.put({
    ...row,
    state: 'closed',
    closed_at: at,
    updated_at: at,
    closed_by_id: actor.account.id,
    pull: { ...row.pull, merged_at: at, merged_by_id: actor.account.id, merge_commit_sha: sha },
  });
  announcePush(github, actor, repository, { ref, before, after: sha });
  announcePull(github, actor, 'closed', closed);
  return sha;
}

/**
 * What the head changed since the two parted, put on top of the base. GitHub joins two changes of one file where it can;
 * here that is refused, so that neither is lost.
 */
function mergedTree(github: GitHub, repository: RepositoryRow, part: PullPart, base: string | null): string {
  const git = github.git(repository);
  const treeAt = (commit: string | null | undefined): string | null =>
    commit ? (git.commit(commit)?.tree ?? null) : null;
  const head = treeAt(part.head_sha);
  const parted = treeAt(base ? git.mergeBase(base, part.head_sha) : undefined);
  const changed = git.changedFiles(parted, head);
  const inBase = git.changedFiles(parted, treeAt(base));
  const ofBase = new Set([...inBase.added, ...inBase.modified, ...inBase.removed]);
  for (const path of [...changed.added, ...changed.modified, ...changed.removed])
    if (ofBase.has(path))
      throw conflict(`Pull Request is not mergeable: ${path} has changed on ${part.base_ref} too`);
  const changes = new Map<string, { sha: string; mode: string } | null>();
  for (const path of changed.removed) changes.set(path, null);
  for (const path of [...changed.added, ...changed.modified]) {
    const entry = head ? git.entryAt(head, path) : undefined;
    if (entry) changes.set(path, { sha: entry.sha, mode: entry.mode });
  }
  return git.changeTree(treeAt(base), changes);
}

function pullsWithHead(github: GitHub, repository: RepositoryRow, branch: string): IssueRow[] {
  return github.state.issues
    .in(repository.id)
    .filter(
      ({ pull, state }) => pull?.head_ref === branch && pull.fork_owner_id === undefined && state === 'open',
    );
}

/** After a push: open pull requests of the branch move along, and apps that check are asked to. */
export function followPush(
  github: GitHub,
  actor: Actor,
  repository: RepositoryRow,
  ref: string,
  after: string,
): void {
  const branch = ref.replace(/^refs\/heads\//, '');
  if (branch === ref) return;
  for (const row of pullsWithHead(github, repository, branch)) {
    if (!row.pull) continue;
    const before = row.pull.head_sha;
    const moved = github.state.issues.put({
      ...row,
      updated_at: github.timestamp(),
      pull: { ...row.pull, head_sha: after },
    });
    announcePull(github, actor, 'synchronize', moved, { before, after });
  }
  for (const app of github.state.apps.all()) {
    if (app.events.includes('check_suite'))
      requestChecks(github, actor, repository, { app, branch, sha: after, action: 'requested' });
  }
}

/** Whoever may write asks for all checks of an app on a commit once more. `branch` is null for a commit of a fork. */
export function requestChecks(
  github: GitHub,
  actor: Actor,
  repository: RepositoryRow,
  suite: {
    readonly app: AppRow;
    readonly branch: string | null;
    readonly sha: string;
    readonly action: 'requested' | 'rerequested';
  },
): void {
  const head = github.git(repository).commit(suite.sha);
  if (!head) return;
  const id = checkSuiteId(repository, suite.sha, suite.app);
  const url = api(github.links, `/repos/${github.fullName(repository)}/check-suites/${id}`);
  const at = github.timestamp();
  github.announce({
    event: 'check_suite',
    action: suite.action,
    actor,
    repository,
    onlyApp: suite.app.id,
    payload: {
      check_suite: {
        id,
        node_id: nodeId('checkSuite', repository.id, id),
        head_branch: suite.branch,
        head_sha: suite.sha,
        status: 'queued',
        conclusion: null,
        url,
        before: head.parents[0] ?? null,
        after: suite.sha,
        pull_requests: (suite.branch === null ? [] : pullsWithHead(github, repository, suite.branch)).flatMap(
          (row) => (row.pull ? [pullReference(github, repository, row.number, row.pull)] : []),
        ),
        app: appBody(github, suite.app),
        created_at: at,
        updated_at: at,
        ...(suite.action === 'requested' && { rerequestable: true, runs_rerequestable: true }),
        latest_check_runs_count: 0,
        check_runs_url: `${url}/check-runs`,
        head_commit: {
          id: suite.sha,
          tree_id: head.tree,
          message: head.message,
          timestamp: github.timestamp(),
          author: { name: head.author.name, email: head.author.email },
          committer: { name: head.committer.name, email: head.committer.email },
        },
      },
    },
  });
}

/** One suite for each commit and app; its id follows from both. */
export function checkSuiteId(repository: RepositoryRow, sha: string, app: AppRow): number {
  return repository.id + app.id * 1_000_000_000 + (Number.parseInt(sha.slice(0, 8), 16) % 1_000_000);
}

/** The short form of a pull request inside check runs and suites. */
export function pullReference(
  github: GitHub,
  repository: RepositoryRow,
  number: number,
  part: PullPart,
): Readonly<Record<string, unknown>> {
  const url = api(github.links, `/repos/${github.fullName(repository)}`);
  const repo = { id: repository.id, url, name: repository.name };
  return {
    id: part.id,
    number,
    url: `${url}/pulls/${number}`,
    head: { ref: part.head_ref, sha: part.head_sha, repo },
    base: { ref: part.base_ref, sha: part.base_sha, repo },
  };
}

function announcePull(
  github: GitHub,
  actor: Actor,
  action: string,
  row: IssueRow,
  more: Readonly<Record<string, unknown>> = {},
): void {
  if (!row.pull) return;
  github.announce({
    event: 'pull_request',
    action,
    actor,
    repository: github.repositoryById(row.repository_id),
    payload: { number: row.number, ...more, pull_request: pullBody(github, row, row.pull) },
  });
}
