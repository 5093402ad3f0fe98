// What people and apps do below an issue: comment, edit, delete, react.
import { atLeast } from '../access.ts';
import { comment as commentBody, issue as issueBody } from '../bodies/issue.ts';
import type { Actor, Body, GitHub } from '../github.ts';
import { forbidden, invalid, notFound } from '../problem.ts';
import { reactionContents } from '../rows.ts';
import type { CommentRow, ReactionContent, ReactionRow, RepositoryRow } from '../rows.ts';
import { actorRole, checkBody, demand, findIssue } from './issues.ts';

export function createComment(
  github: GitHub,
  actor: Actor,
  repository: RepositoryRow,
  number: number,
  body: string,
): CommentRow {
  demand(github, actor, repository, 'read');
  const issue = findIssue(github, repository, number);
  if (repository.archived) throw forbidden('Repository was archived so is read-only.');
  if (issue.locked && !atLeast(actorRole(github, actor, repository), 'write')) {
    throw forbidden('Unable to create comment because issue is locked.');
  }
  checkNotBlank(body);
  checkBody('IssueComment', body);
  const at = github.timestamp();
  const row = github.state.comments.put({
    id: github.state.nextId('comment'),
    repository_id: repository.id,
    number,
    body,
    user_id: actor.account.id,
    app_id: actor.app?.id ?? null,
    created_at: at,
    updated_at: at,
  });
  github.state.issues.put({ ...issue, updated_at: at });
  announceComment(github, actor, 'created', row);
  return row;
}

export function findComment(github: GitHub, repository: RepositoryRow, id: number): CommentRow {
  const row = github.state.comments.get(id);
  if (!row || row.repository_id !== repository.id) throw notFound();
  return row;
}

/** The author may, and so may everybody who can write to the repository. */
export function editComment(
  github: GitHub,
  actor: Actor,
  repository: RepositoryRow,
  id: number,
  body: string,
): CommentRow {
  const before = findComment(github, repository, id);
  demandOwnOrWrite(github, actor, repository, before);
  checkNotBlank(body);
  checkBody('IssueComment', body);
  if (body === before.body) return before;
  const row = github.state.comments.put({
    ...before,
    body,
    updated_at: github.timestamp(),
    edited_by_id: actor.account.id,
  });
  announceComment(github, actor, 'edited', row, { changes: { body: { from: before.body } } });
  return row;
}

export function deleteComment(github: GitHub, actor: Actor, repository: RepositoryRow, id: number): void {
  const row = findComment(github, repository, id);
  demandOwnOrWrite(github, actor, repository, row);
  github.state.comments.delete(id);
  announceComment(github, actor, 'deleted', row);
}

/** Where a reaction sits. */
export function subjectOfIssue(issueId: number): string {
  return `issue/${issueId}`;
}

export function subjectOfComment(commentId: number): string {
  return `comment/${commentId}`;
}

/** The same reaction twice is answered with the first one. */
export function react(
  github: GitHub,
  actor: Actor,
  subject: string,
  content: string,
): { readonly row: ReactionRow; readonly created: boolean } {
  if (!isReactionContent(content)) {
    throw invalid([{ resource: 'Reaction', code: 'invalid', field: 'content', value: content }]);
  }
  const existing = github.state.reactions
    .in(subject)
    .find((one) => one.user_id === actor.account.id && one.content === content);
  if (existing) return { row: existing, created: false };
  const row = github.state.reactions.put({
    id: github.state.nextId('reaction'),
    subject,
    content,
    user_id: actor.account.id,
    created_at: github.timestamp(),
  });
  return { row, created: true };
}

export function removeReaction(github: GitHub, actor: Actor, subject: string, id: number): void {
  const row = github.state.reactions.get(id);
  if (!row || row.subject !== subject) throw notFound();
  if (row.user_id !== actor.account.id) throw forbidden('Resource not accessible by integration');
  github.state.reactions.delete(id);
}

function isReactionContent(content: string): content is ReactionContent {
  return reactionContents.some((one) => one === content);
}

function checkNotBlank(body: string): void {
  if (body.trim() !== '') return;
  const message = 'body cannot be blank';
  throw invalid([{ resource: 'IssueComment', code: 'unprocessable', field: 'data', message }]);
}

function demandOwnOrWrite(github: GitHub, actor: Actor, repository: RepositoryRow, row: CommentRow): void {
  demand(github, actor, repository, 'read');
  if (row.user_id === actor.account.id) return;
  if (!atLeast(actorRole(github, actor, repository), 'write')) {
    throw forbidden('Must have admin rights to Repository.');
  }
}

function announceComment(
  github: GitHub,
  actor: Actor,
  action: string,
  row: CommentRow,
  more: Body = {},
): void {
  const repository = github.repositoryById(row.repository_id);
  github.announce({
    event: 'issue_comment',
    action,
    actor,
    repository,
    payload: {
      issue: issueBody(github, findIssue(github, repository, row.number)),
      comment: commentBody(github, row),
      ...more,
    },
  });
}
