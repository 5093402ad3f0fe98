// Pull requests as GitHub's API and its webhooks show them.
import type { Body, GitHub } from '../github.ts';
import { api, html, nodeId } from '../links.ts';
import type { IssueRow, PullPart, RepositoryRow } from '../rows.ts';
import { simpleUser } from './account.ts';
import { issue } from './issue.ts';
import { repository } from './repository.ts';

export function pull(github: GitHub, row: IssueRow, part: PullPart): Body {
  const { links } = github;
  const repo = github.repositoryById(row.repository_id);
  const fullName = github.fullName(repo);
  const url = api(links, `/repos/${fullName}/pulls/${row.number}`);
  const issueUrl = api(links, `/repos/${fullName}/issues/${row.number}`);
  const page = html(links, `/${fullName}/pull/${row.number}`);
  const asIssue = issue(github, row);
  const files = changedFiles(github, repo, part);
  const addresses = {
    commits: `${url}/commits`,
    review_comments: `${url}/comments`,
    review_comment: api(links, `/repos/${fullName}/pulls/comments{/number}`),
    comments: `${issueUrl}/comments`,
    statuses: api(links, `/repos/${fullName}/statuses/${part.head_sha}`),
  };
  const merger = part.merged_by_id === null ? null : github.accountById(part.merged_by_id);
  return {
    url,
    id: part.id,
    node_id: nodeId('pull', row.repository_id, part.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issueUrl,
    number: row.number,
    state: row.state,
    locked: row.locked,
    title: row.title,
    user: asIssue['user'],
    body: row.body,
    created_at: row.created_at,
    updated_at: row.updated_at,
    closed_at: row.closed_at,
    merged_at: part.merged_at,
    merge_commit_sha: part.merge_commit_sha,
    assignee: asIssue['assignee'],
    assignees: asIssue['assignees'],
    requested_reviewers: [],
    requested_teams: [],
    labels: asIssue['labels'],
    milestone: null,
    commits_url: addresses.commits,
    review_comments_url: addresses.review_comments,
    review_comment_url: addresses.review_comment,
    comments_url: addresses.comments,
    statuses_url: addresses.statuses,
    head: side(github, repo, part.head_ref, part.head_sha, part.fork_owner_id),
    base: side(github, repo, part.base_ref, part.base_sha),
    _links: Object.fromEntries(
      Object.entries({ self: url, html: page, issue: issueUrl, ...addresses }).map(([name, href]) => [
        name,
        { href },
      ]),
    ),
    author_association: asIssue['author_association'],
    auto_merge: null,
    active_lock_reason: null,
    draft: part.draft,
    merged: part.merged_at !== null,
    mergeable: null,
    rebaseable: null,
    mergeable_state: 'unknown',
    merged_by: merger ? simpleUser(github, merger) : null,
    comments: asIssue['comments'],
    review_comments: 0,
    maintainer_can_modify: false,
    commits: 1,
    additions: files * 2,
    deletions: 0,
    changed_files: files,
  };
}

/** Of a fork there is nothing here but its commits: it is shown by the repository that it was made from. */
function side(github: GitHub, repo: RepositoryRow, ref: string, sha: string, forkOwner?: number): Body {
  const owner = github.accountById(forkOwner ?? repo.owner_id);
  return {
    label: `${owner.login}:${ref}`,
    ref,
    sha,
    user: simpleUser(github, owner),
    repo: forkOwner === undefined ? repository(github, repo) : forkOf(github, repo, forkOwner),
  };
}

function forkOf(github: GitHub, repo: RepositoryRow, owner_id: number): Body {
  return { ...repository(github, { ...repo, id: repo.id + owner_id, owner_id }), fork: true };
}

function changedFiles(github: GitHub, repo: RepositoryRow, part: PullPart): number {
  const git = github.git(repo);
  const head = git.commit(part.head_sha)?.tree ?? null;
  const base = git.commit(git.mergeBase(part.base_sha, part.head_sha) ?? part.base_sha)?.tree ?? null;
  const changed = git.changedFiles(base, head);
  return changed.added.length + changed.modified.length + changed.removed.length;
}
