// REST: issues, their comments, labels and reactions.
import {
  createComment,
  deleteComment,
  editComment,
  findComment,
  react,
  removeReaction,
  subjectOfComment,
  subjectOfIssue,
} from '../actions/comments.ts';
import { changeIssue, createLabel, findIssue, findLabel, openIssue, setLabels } from '../actions/issues.ts';
import { comment as commentBody, fullIssue, label as labelBody, reaction } from '../bodies/issue.ts';
import { required } from '../github.ts';
import { invalid, notFound } from '../problem.ts';
import type { CommentRow, IssueRow, Permissions } from '../rows.ts';
import { issueKey } from '../state.ts';
import { nullableText, optionalText, optionalTexts, requiredText } from './json.ts';
import { created, noContent, numberParam, ok, onRepository, page, param } from './route.ts';
import type { Answer, RepositoryCall, Route } from './route.ts';

const read: readonly Permissions[] = [{ issues: 'read' }, { pull_requests: 'read' }];
const write: readonly Permissions[] = [{ issues: 'write' }, { pull_requests: 'write' }];

export const issueRoutes: readonly Route[] = [
  onRepository({ method: 'GET', path: '/issues', permissions: read, answer: listIssues }),
  onRepository({
    method: 'POST',
    path: '/issues',
    permissions: [{ issues: 'write' }],
    createsContent: true,
    answer: postIssue,
  }),
  onRepository({
    method: 'GET',
    path: '/issues/comments',
    permissions: read,
    answer: (call) => {
      const rows = call.github.state.comments.all().filter((row) => row.repository_id === call.repository.id);
      return page(call, ordered(call, since(call, rows), 'asc'), (row) => commentBody(call.github, row));
    },
  }),
  onRepository({
    method: 'GET',
    path: '/issues/comments/:comment_id',
    permissions: read,
    answer: (call) => ok(commentBody(call.github, commentOf(call))),
  }),
  onRepository({
    method: 'PATCH',
    path: '/issues/comments/:comment_id',
    permissions: write,
    answer: ({ github, actor, repository, ...call }) => {
      const body = requiredText(call.body, 'body', 'IssueComment');
      const id = Number(call.params['comment_id']);
      return ok(commentBody(github, editComment(github, actor, repository, id, body)));
    },
  }),
  onRepository({
    method: 'DELETE',
    path: '/issues/comments/:comment_id',
    permissions: write,
    answer: (call) => {
      deleteComment(call.github, call.actor, call.repository, numberParam(call, 'comment_id'));
      return noContent();
    },
  }),
  onRepository({
    method: 'GET',
    path: '/issues/:issue_number',
    permissions: read,
    answer: (call) => ok(fullIssue(call.github, issueOf(call))),
  }),
  onRepository({ method: 'PATCH', path: '/issues/:issue_number', permissions: write, answer: patchIssue }),
  onRepository({
    method: 'GET',
    path: '/issues/:issue_number/comments',
    permissions: read,
    answer: (call) => {
      const issue = issueOf(call);
      const rows = call.github.state.comments.in(issueKey(call.repository.id, issue.number));
      return page(call, since(call, rows), (row) => commentBody(call.github, row));
    },
  }),
  onRepository({
    method: 'POST',
    path: '/issues/:issue_number/comments',
    permissions: write,
    createsContent: true,
    answer: ({ github, actor, repository, ...call }) => {
      const body = requiredText(call.body, 'body', 'IssueComment');
      const number = Number(call.params['issue_number']);
      return created(commentBody(github, createComment(github, actor, repository, number, body)));
    },
  }),
  ...reactionRoutes('/issues/:issue_number', (call) => subjectOfIssue(issueOf(call).id)),
  ...reactionRoutes('/issues/comments/:comment_id', (call) => subjectOfComment(commentOf(call).id)),
  onRepository({
    method: 'GET',
    path: '/labels',
    permissions: read,
    answer: (call) =>
      page(call, call.github.state.labels.in(call.repository.id), (row) => labelBody(call.github, row)),
  }),
  onRepository({ method: 'POST', path: '/labels', permissions: write, role: 'write', answer: postLabel }),
  onRepository({
    method: 'GET',
    path: '/labels/:name',
    permissions: read,
    answer: (call) =>
      ok(labelBody(call.github, required(findLabel(call.github, call.repository, param(call, 'name'))))),
  }),
  onRepository({
    method: 'GET',
    path: '/issues/:issue_number/labels',
    permissions: read,
    answer: (call) => page(call, labelsOf(call, issueOf(call)), (row) => row),
  }),
  onRepository({
    method: 'POST',
    path: '/issues/:issue_number/labels',
    permissions: write,
    role: 'triage',
    answer: (call) => {
      const names = namesIn(call);
      const current = currentNames(call);
      return changeLabels(call, [...current, ...names]);
    },
  }),
  onRepository({
    method: 'PUT',
    path: '/issues/:issue_number/labels',
    permissions: write,
    role: 'triage',
    answer: (call) => changeLabels(call, namesIn(call)),
  }),
  onRepository({
    method: 'DELETE',
    path: '/issues/:issue_number/labels/:name',
    permissions: write,
    role: 'triage',
    answer: (call) => {
      const name = param(call, 'name').toLowerCase();
      const current = currentNames(call);
      if (!current.some((one) => one.toLowerCase() === name)) {
        const problem = notFound();
        problem.message = 'Label does not exist';
        throw problem;
      }
      return changeLabels(
        call,
        current.filter((one) => one.toLowerCase() !== name),
      );
    },
  }),
];

function reactionRoutes(path: string, subject: (call: RepositoryCall) => string): Route[] {
  return [
    onRepository({
      method: 'GET',
      path: `${path}/reactions`,
      permissions: read,
      answer: (call) => {
        const content = call.query.get('content');
        const rows = call.github.state.reactions
          .in(subject(call))
          .filter((row) => content === null || row.content === content);
        return page(call, rows, (row) => reaction(call.github, row));
      },
    }),
    onRepository({
      method: 'POST',
      path: `${path}/reactions`,
      permissions: write,
      answer: (call) => {
        const content = requiredText(call.body, 'content', 'Reaction');
        const result = react(call.github, call.actor, subject(call), content);
        return { status: result.created ? 201 : 200, body: reaction(call.github, result.row) };
      },
    }),
    onRepository({
      method: 'DELETE',
      path: `${path}/reactions/:reaction_id`,
      permissions: write,
      answer: (call) => {
        removeReaction(call.github, call.actor, subject(call), numberParam(call, 'reaction_id'));
        return noContent();
      },
    }),
  ];
}

function issueOf(call: RepositoryCall): IssueRow {
  return findIssue(call.github, call.repository, numberParam(call, 'issue_number'));
}

function commentOf(call: RepositoryCall): CommentRow {
  return findComment(call.github, call.repository, numberParam(call, 'comment_id'));
}

function listIssues(call: RepositoryCall): Answer {
  const { github, query } = call;
  const state = query.get('state') ?? 'open';
  const labels = (query.get('labels') ?? '').split(',').filter((name) => name !== '');
  const creator = query.get('creator');
  const rows = since(call, github.state.issues.in(call.repository.id))
    .filter((row) => state === 'all' || row.state === state)
    .filter((row) => creator === null || github.accountById(row.user_id).login === creator)
    .filter((row) => labels.every((name) => hasLabel(call, row, name)));
  return page(call, ordered(call, rows, 'desc'), (row) => fullIssue(github, row));
}

function hasLabel(call: RepositoryCall, row: IssueRow, name: string): boolean {
  return row.label_ids.some(
    (id) => call.github.state.labels.get(id)?.name.toLowerCase() === name.toLowerCase(),
  );
}

interface Dated {
  readonly id: number;
  readonly created_at: string;
  readonly updated_at: string;
}

function since<Row extends Dated>(call: RepositoryCall, rows: readonly Row[]): Row[] {
  const from = call.query.get('since');
  return rows.filter((row) => from === null || Date.parse(row.updated_at) >= Date.parse(from));
}

function ordered<Row extends Dated>(call: RepositoryCall, rows: Row[], direction: 'asc' | 'desc'): Row[] {
  const by = call.query.get('sort') === 'updated' ? 'updated_at' : 'created_at';
  const sign = (call.query.get('direction') ?? direction) === 'desc' ? -1 : 1;
  return rows.sort((a, b) => sign * (Date.parse(a[by]) - Date.parse(b[by]) || a.id - b.id));
}

function postIssue(call: RepositoryCall): Answer {
  const { github, actor, repository, body } = call;
  const text = nullableText(body, 'body');
  const row = openIssue(github, actor, repository, {
    title: requiredText(body, 'title', 'Issue'),
    ...(text === undefined ? {} : { body: text }),
    labels: labelNames(body['labels']),
    assignees: optionalTexts(body, 'assignees') ?? [],
  });
  return created(fullIssue(github, row));
}

function patchIssue(call: RepositoryCall): Answer {
  const { github, actor, repository, body } = call;
  const title = optionalText(body, 'title');
  const text = nullableText(body, 'body');
  const state = optionalText(body, 'state');
  const reason = optionalText(body, 'state_reason');
  if (state !== undefined && state !== 'open' && state !== 'closed') {
    throw invalid([{ resource: 'Issue', field: 'state', code: 'invalid', value: state }]);
  }
  const row = changeIssue(github, actor, repository, numberParam(call, 'issue_number'), {
    ...(title === undefined ? {} : { title }),
    ...(text === undefined ? {} : { body: text }),
    ...(state === undefined ? {} : { state }),
    ...(reason === 'completed' || reason === 'not_planned' || reason === 'reopened'
      ? { state_reason: reason }
      : {}),
    ...(body['labels'] === undefined ? {} : { labels: labelNames(body['labels']) }),
    ...(body['assignees'] === undefined ? {} : { assignees: optionalTexts(body, 'assignees') ?? [] }),
  });
  return ok(fullIssue(github, row));
}

function postLabel(call: RepositoryCall): Answer {
  const { github, repository, body } = call;
  const name = requiredText(body, 'name', 'Label');
  const color = optionalText(body, 'color');
  const description = optionalText(body, 'description');
  if (findLabel(github, repository, name)) {
    throw invalid([{ resource: 'Label', code: 'already_exists', field: 'name' }]);
  }
  if (color !== undefined && !/^[0-9a-fA-F]{6}$/.test(color)) {
    throw invalid([{ resource: 'Label', code: 'invalid', field: 'color' }]);
  }
  if ((description ?? '').length > 100) {
    const message = 'description is too long (maximum is 100 characters)';
    throw invalid([{ resource: 'Label', code: 'custom', field: 'description', message }]);
  }
  const row = createLabel(github, repository, {
    name,
    ...(color ? { color } : {}),
    ...(description ? { description } : {}),
  });
  return created(labelBody(github, row));
}

/** Labels come as names, or as objects with a name. */
function labelNames(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: unknown) => {
    if (typeof one === 'string') return [one];
    const name = typeof one === 'object' && one !== null && 'name' in one ? one.name : undefined;
    return typeof name === 'string' ? [name] : [];
  });
}

function namesIn(call: RepositoryCall): string[] {
  return labelNames(call.body['labels']);
}

function currentNames(call: RepositoryCall): string[] {
  return issueOf(call).label_ids.flatMap((id) => call.github.state.labels.get(id)?.name ?? []);
}

function changeLabels(call: RepositoryCall, names: readonly string[]): Answer {
  const number = numberParam(call, 'issue_number');
  return ok(labelsOf(call, setLabels(call.github, call.actor, call.repository, number, names)));
}

function labelsOf(call: RepositoryCall, row: IssueRow): unknown[] {
  return row.label_ids.flatMap((id) => {
    const label = call.github.state.labels.get(id);
    return label ? [labelBody(call.github, label)] : [];
  });
}
