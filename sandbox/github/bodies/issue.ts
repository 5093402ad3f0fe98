// Issues, comments, labels and reactions as GitHub's API and its webhooks show them.
import { isOrganizationMember } from '../access.ts';
import type { Body, GitHub } from '../github.ts';
import { api, html, nodeId } from '../links.ts';
import { reactionContents } from '../rows.ts';
import type { CommentRow, IssueRow, LabelRow, ReactionRow, RepositoryRow } from '../rows.ts';
import { issueKey } from '../state.ts';
import { simpleUser } from './account.ts';
import { app } from './app.ts';

export function label(github: GitHub, row: LabelRow): Body {
  const repository = github.repositoryById(row.repository_id);
  const name = encodeURIComponent(row.name);
  return {
    id: row.id,
    node_id: nodeId('label', row.repository_id, row.id),
    url: api(github.links, `/repos/${github.fullName(repository)}/labels/${name}`),
    name: row.name,
    color: row.color,
    default: false,
    description: row.description,
  };
}

/** What webhooks carry; the API adds `closed_by`. */
export function issue(github: GitHub, row: IssueRow): Body {
  const { links, state } = github;
  const repository = github.repositoryById(row.repository_id);
  const fullName = github.fullName(repository);
  const url = api(links, `/repos/${fullName}/issues/${row.number}`);
  const kind = row.pull ? 'pull' : 'issues';
  const assignees = row.assignee_ids.map((id) => simpleUser(github, github.accountById(id)));
  return {
    url,
    repository_url: api(links, `/repos/${fullName}`),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: html(links, `/${fullName}/${kind}/${row.number}`),
    id: row.id,
    node_id: nodeId(row.pull ? 'pull' : 'issue', row.repository_id, row.id),
    number: row.number,
    title: row.title,
    user: simpleUser(github, github.accountById(row.user_id)),
    labels: row.label_ids.flatMap((id) => {
      const one = state.labels.get(id);
      return one ? [label(github, one)] : [];
    }),
    state: row.state,
    locked: row.locked,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    comments: state.comments.in(issueKey(row.repository_id, row.number)).length,
    created_at: row.created_at,
    updated_at: row.updated_at,
    closed_at: row.closed_at,
    author_association: association(github, repository, row.user_id),
    active_lock_reason: null,
    ...(row.pull ? { draft: row.pull.draft, pull_request: pullLinks(github, fullName, row) } : {}),
    body: row.body,
    reactions: reactionSummary(github, `issue/${row.id}`, url),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: row.app_id === null ? null : app(github, github.appById(row.app_id)),
    state_reason: row.state_reason,
  };
}

function pullLinks(github: GitHub, fullName: string, row: IssueRow): Body {
  const page = html(github.links, `/${fullName}/pull/${row.number}`);
  return {
    url: api(github.links, `/repos/${fullName}/pulls/${row.number}`),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    merged_at: row.pull?.merged_at ?? null,
  };
}

export function fullIssue(github: GitHub, row: IssueRow): Body {
  const closer = row.closed_by_id === null ? null : github.accountById(row.closed_by_id);
  return { ...issue(github, row), closed_by: closer ? simpleUser(github, closer) : null };
}

export function comment(github: GitHub, row: CommentRow): Body {
  const { links } = github;
  const repository = github.repositoryById(row.repository_id);
  const fullName = github.fullName(repository);
  const isPull = github.state.issues.get(issueKey(row.repository_id, row.number))?.pull !== undefined;
  const page = html(links, `/${fullName}/${isPull ? 'pull' : 'issues'}/${row.number}`);
  const url = api(links, `/repos/${fullName}/issues/comments/${row.id}`);
  return {
    url,
    html_url: `${page}#issuecomment-${row.id}`,
    issue_url: api(links, `/repos/${fullName}/issues/${row.number}`),
    id: row.id,
    node_id: nodeId('comment', row.repository_id, row.id),
    user: simpleUser(github, github.accountById(row.user_id)),
    created_at: row.created_at,
    updated_at: row.updated_at,
    body: row.body,
    author_association: association(github, repository, row.user_id),
    reactions: reactionSummary(github, `comment/${row.id}`, url),
    performed_via_github_app: row.app_id === null ? null : app(github, github.appById(row.app_id)),
  };
}

export function reaction(github: GitHub, row: ReactionRow): Body {
  return {
    id: row.id,
    node_id: nodeId('reaction', row.id),
    user: simpleUser(github, github.accountById(row.user_id)),
    content: row.content,
    created_at: row.created_at,
  };
}

function reactionSummary(github: GitHub, subject: string, url: string): Body {
  const reactions = github.state.reactions.in(subject);
  const counts = reactionContents.map((content) => [
    content,
    reactions.filter((one) => one.content === content).length,
  ]);
  return { url: `${url}/reactions`, total_count: reactions.length, ...Object.fromEntries(counts) };
}

function association(github: GitHub, repository: RepositoryRow, userId: number): string {
  if (repository.owner_id === userId) return 'OWNER';
  if (isOrganizationMember(github, repository.owner_id, userId)) return 'MEMBER';
  if (github.state.collaborators.get(`${repository.id}/${userId}`)) return 'COLLABORATOR';
  return 'NONE';
}
