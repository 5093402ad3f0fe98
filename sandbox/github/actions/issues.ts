// What people and apps do with issues: open, edit, close, reopen, label, transfer, delete.
import { atLeast, roleIn } from '../access.ts';
import { issue as issueBody, label as labelBody } from '../bodies/issue.ts';
import { repository as repositoryBody } from '../bodies/repository.ts';
import type { Actor, Body, GitHub } from '../github.ts';
import { api } from '../links.ts';
import { GitHubProblem, forbidden, invalid, notFound } from '../problem.ts';
import type { IssueRow, LabelRow, RepositoryRow, Role } from '../rows.ts';
import { issueKey } from '../state.ts';

const LONGEST_BODY = 65_536;
const LONGEST_TITLE = 256;

/** What the actor may do here. Apps are judged by their permissions before, and count as writers. */
export function actorRole(github: GitHub, actor: Actor, repository: RepositoryRow): Role | 'none' {
  return actor.app ? 'write' : roleIn(github, repository, actor.account);
}

export function demand(github: GitHub, actor: Actor, repository: RepositoryRow, role: Role): void {
  const has = actorRole(github, actor, repository);
  if (!atLeast(has, 'read')) throw notFound();
  if (repository.archived && role !== 'read') throw forbidden('Repository was archived so is read-only.');
  if (!atLeast(has, role)) throw forbidden('Must have push access to this repository.');
}

export function checkBody(resource: string, body: string): void {
  if (body.length <= LONGEST_BODY) return;
  if ([...body].length <= LONGEST_BODY) return;
  const message = `body is too long (maximum is ${LONGEST_BODY} characters)`;
  throw invalid([{ resource, code: 'custom', field: 'body', message }]);
}

export function findIssue(github: GitHub, repository: RepositoryRow, number: number): IssueRow {
  const issue = github.state.issues.get(issueKey(repository.id, number));
  if (issue) return issue;
  const gone = github.state.goneIssues.get(issueKey(repository.id, number));
  if (!gone) throw notFound();
  if (!gone.moved_to) throw new GitHubProblem({ status: 410, message: 'This issue was deleted' });
  const { repository_id, number: moved } = gone.moved_to;
  const location = api(github.links, `/repositories/${repository_id}/issues/${moved}`);
  throw new GitHubProblem({ status: 301, message: 'Moved Permanently', headers: { location } });
}

export interface NewIssue {
  readonly title: string;
  readonly body?: string | null;
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
}

export function openIssue(
  github: GitHub,
  actor: Actor,
  repository: RepositoryRow,
  input: NewIssue,
): IssueRow {
  demand(github, actor, repository, 'read');
  if (repository.archived) throw forbidden('Repository was archived so is read-only.');
  checkTitle(input.title);
  checkBody('Issue', input.body ?? '');
  const number = takeNumber(github, repository);
  const at = github.timestamp();
  const row = github.state.issues.put({
    id: github.state.nextId('issue'),
    repository_id: repository.id,
    number,
    title: input.title,
    body: input.body ?? null,
    state: 'open',
    state_reason: null,
    user_id: actor.account.id,
    app_id: actor.app?.id ?? null,
    label_ids: labelsFor(github, actor, repository, input.labels ?? []).map((label) => label.id),
    assignee_ids: (input.assignees ?? []).flatMap((login) => github.account(login)?.id ?? []),
    locked: false,
    created_at: at,
    updated_at: at,
    closed_at: null,
    closed_by_id: null,
  });
  announceIssue(github, actor, 'opened', row);
  for (const id of row.label_ids) announceIssue(github, actor, 'labeled', row, labelPart(github, id));
  return row;
}

export function takeNumber(github: GitHub, repository: RepositoryRow): number {
  const current = github.repositoryById(repository.id);
  github.state.repositories.put({ ...current, next_number: current.next_number + 1 });
  return current.next_number;
}

export interface IssueChange {
  readonly title?: string;
  readonly body?: string | null;
  readonly state?: 'open' | 'closed';
  readonly state_reason?: IssueRow['state_reason'];
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
  readonly locked?: boolean;
}

export function changeIssue(
  github: GitHub,
  actor: Actor,
  repository: RepositoryRow,
  number: number,
  change: IssueChange,
): IssueRow {
  const before = findIssue(github, repository, number);
  demand(github, actor, repository, 'read');
  const role = actorRole(github, actor, repository);
  const isAuthor = before.user_id === actor.account.id;
  if (!isAuthor && !atLeast(role, 'triage')) throw forbidden('Must have admin rights to Repository.');
  if (repository.archived) throw forbidden('Repository was archived so is read-only.');
  editText(github, actor, repository, number, change);
  setState(github, actor, repository, number, change);
  if (change.labels && atLeast(role, 'triage')) {
    setLabels(github, actor, repository, number, change.labels);
  }
  if (change.assignees && atLeast(role, 'triage')) {
    const current = findIssue(github, repository, number);
    const assignee_ids = change.assignees.flatMap((login) => github.account(login)?.id ?? []);
    github.state.issues.put({ ...current, assignee_ids });
  }
  return findIssue(github, repository, number);
}

function editText(
  github: GitHub,
  actor: Actor,
  repository: RepositoryRow,
  number: number,
  change: IssueChange,
): void {
  const before = findIssue(github, repository, number);
  if (change.title !== undefined) checkTitle(change.title);
  if (typeof change.body === 'string') checkBody('Issue', change.body);
  const title = change.title ?? before.title;
  const body = change.body === undefined ? before.body : change.body;
  if (title === before.title && body === before.body) return;
  const role = actorRole(github, actor, repository);
  if (before.user_id !== actor.account.id && !atLeast(role, 'write')) {
    throw forbidden('Must have admin rights to Repository.');
  }
  const at = github.timestamp();
  const row = github.state.issues.put({ ...before, title, body, updated_at: at, edited_at: at });
  announceIssue(github, actor, 'edited', row, {
    changes: {
      ...(title === before.title ? {} : { title: { from: before.title } }),
      ...(body === before.body ? {} : { body: { from: before.body ?? '' } }),
    },
  });
}

function setState(
  github: GitHub,
  actor: Actor,
  repository: RepositoryRow,
  number: number,
  change: IssueChange,
): void {
  const before = findIssue(github, repository, number);
  if (change.state === undefined || change.state === before.state) return;
  const closing = change.state === 'closed';
  const at = github.timestamp();
  const row = github.state.issues.put({
    ...before,
    state: change.state,
    state_reason: closing ? (change.state_reason ?? 'completed') : 'reopened',
    updated_at: at,
    closed_at: closing ? at : null,
    closed_by_id: closing ? actor.account.id : null,
  });
  announceIssue(github, actor, closing ? 'closed' : 'reopened', row);
}

export function setLabels(
  github: GitHub,
  actor: Actor,
  repository: RepositoryRow,
  number: number,
  names: readonly string[],
): IssueRow {
  demand(github, actor, repository, 'triage');
  const before = findIssue(github, repository, number);
  const label_ids = labelsFor(github, actor, repository, names).map((label) => label.id);
  const added = label_ids.filter((id) => !before.label_ids.includes(id));
  const removed = before.label_ids.filter((id) => !label_ids.includes(id));
  if (added.length + removed.length === 0) return before;
  const row = github.state.issues.put({ ...before, label_ids, updated_at: github.timestamp() });
  for (const id of added) announceIssue(github, actor, 'labeled', row, labelPart(github, id));
  for (const id of removed) announceIssue(github, actor, 'unlabeled', row, labelPart(github, id));
  return row;
}

/** Labels by name; those who may write make the missing ones, for others they are left out. */
function labelsFor(
  github: GitHub,
  actor: Actor,
  repository: RepositoryRow,
  names: readonly string[],
): LabelRow[] {
  const mayCreate = atLeast(actorRole(github, actor, repository), 'write');
  const found = names.flatMap((name) => {
    const label = findLabel(github, repository, name);
    if (label) return [label];
    return mayCreate ? [createLabel(github, repository, { name })] : [];
  });
  return [...new Map(found.map((label) => [label.id, label])).values()];
}

export function findLabel(github: GitHub, repository: RepositoryRow, name: string): LabelRow | undefined {
  const wanted = name.toLowerCase();
  return github.state.labels.in(repository.id).find((label) => label.name.toLowerCase() === wanted);
}

export function createLabel(
  github: GitHub,
  repository: RepositoryRow,
  input: { readonly name: string; readonly color?: string; readonly description?: string | null },
): LabelRow {
  return github.state.labels.put({
    id: github.state.nextId('label'),
    repository_id: repository.id,
    name: input.name,
    color: (input.color ?? 'ededed').replace(/^#/, ''),
    description: input.description ?? null,
  });
}

export function transferIssue(
  github: GitHub,
  actor: Actor,
  from: RepositoryRow,
  number: number,
  to: RepositoryRow,
): IssueRow {
  demand(github, actor, from, 'write');
  demand(github, actor, to, 'write');
  const before = findIssue(github, from, number);
  const moved = github.state.issues.put({
    ...before,
    id: github.state.nextId('issue'),
    repository_id: to.id,
    number: takeNumber(github, to),
    label_ids: [],
    updated_at: github.timestamp(),
    transferred_at: github.timestamp(),
  });
  announceIssue(github, actor, 'transferred', before, {
    changes: { new_issue: issueBody(github, moved), new_repository: repositoryBody(github, to) },
  });
  for (const comment of github.state.comments.in(issueKey(from.id, number))) {
    github.state.comments.put({ ...comment, repository_id: to.id, number: moved.number });
  }
  github.state.issues.delete(issueKey(from.id, number));
  const moved_to = { repository_id: to.id, number: moved.number };
  github.state.goneIssues.put({ key: issueKey(from.id, number), moved_to });
  announceIssue(github, actor, 'opened', moved, {
    changes: { old_issue: issueBody(github, before), old_repository: repositoryBody(github, from) },
  });
  return moved;
}

export function deleteIssue(github: GitHub, actor: Actor, repository: RepositoryRow, number: number): void {
  demand(github, actor, repository, 'admin');
  const row = findIssue(github, repository, number);
  announceIssue(github, actor, 'deleted', row);
  for (const comment of github.state.comments.in(issueKey(repository.id, number))) {
    github.state.comments.delete(comment.id);
  }
  github.state.issues.delete(issueKey(repository.id, number));
  github.state.goneIssues.put({ key: issueKey(repository.id, number), moved_to: null });
}

function checkTitle(title: string): void {
  if (title.trim() === '') throw invalid([{ resource: 'Issue', code: 'missing_field', field: 'title' }]);
  if ([...title].length <= LONGEST_TITLE) return;
  const message = `title is too long (maximum is ${LONGEST_TITLE} characters)`;
  throw invalid([{ resource: 'Issue', code: 'custom', field: 'title', message }]);
}

function labelPart(github: GitHub, id: number): Body {
  const label = github.state.labels.get(id);
  return label ? { label: labelBody(github, label) } : {};
}

function announceIssue(github: GitHub, actor: Actor, action: string, row: IssueRow, more: Body = {}): void {
  if (row.pull) return;
  github.announce({
    event: 'issues',
    action,
    actor,
    repository: github.repositoryById(row.repository_id),
    payload: { issue: issueBody(github, row), ...more },
  });
}
