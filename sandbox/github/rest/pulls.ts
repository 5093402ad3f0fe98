// REST: pull requests, as far as reading them and their files goes.
import { findIssue } from '../actions/issues.ts';
import { openPull } from '../actions/pulls.ts';
import { pull as pullBody } from '../bodies/pull.ts';
import { notFound } from '../problem.ts';
import type { IssueRow, Permissions, PullPart } from '../rows.ts';
import { changedFiles } from './commits.ts';
import { nullableText, requiredText } from './json.ts';
import { created, numberParam, ok, onRepository, page } from './route.ts';
import type { Answer, RepositoryCall, Route } from './route.ts';

const read: readonly Permissions[] = [{ pull_requests: 'read' }];
/** However many there are. */
const MOST_FILES = 3000;

export const pullRoutes: readonly Route[] = [
  onRepository({ method: 'GET', path: '/pulls', permissions: read, answer: listPulls }),
  onRepository({
    method: 'POST',
    path: '/pulls',
    permissions: [{ pull_requests: 'write' }],
    createsContent: true,
    answer: postPull,
  }),
  onRepository({
    method: 'GET',
    path: '/pulls/:pull_number',
    permissions: read,
    answer: (call) => {
      const { row, part } = pullOf(call);
      return ok(pullBody(call.github, row, part));
    },
  }),
  onRepository({
    method: 'GET',
    path: '/pulls/:pull_number/files',
    permissions: read,
    answer: listFiles,
  }),
  onRepository({
    method: 'GET',
    path: '/commits/:commit_sha/pulls',
    permissions: read,
    answer: (call) => {
      const sha = call.params['commit_sha'];
      const rows = withPart(call).filter(({ part }) => part.head_sha === sha);
      return page(call, rows, ({ row, part }) => pullBody(call.github, row, part));
    },
  }),
];

interface Pull {
  readonly row: IssueRow;
  readonly part: PullPart;
}

function withPart(call: RepositoryCall): Pull[] {
  return call.github.state.issues
    .in(call.repository.id)
    .flatMap((row) => (row.pull ? [{ row, part: row.pull }] : []));
}

function pullOf(call: RepositoryCall): Pull {
  const row = findIssue(call.github, call.repository, numberParam(call, 'pull_number'));
  if (!row.pull) throw notFound();
  return { row, part: row.pull };
}

function listPulls(call: RepositoryCall): Answer {
  const { query } = call;
  const state = query.get('state') ?? 'open';
  const head = query.get('head')?.replace(/^[^:]*:/, '');
  const base = query.get('base');
  const by = query.get('sort') === 'updated' ? 'updated_at' : 'created_at';
  const sign = (query.get('direction') ?? (by === 'created_at' ? 'desc' : 'asc')) === 'desc' ? -1 : 1;
  const rows = withPart(call)
    .filter(({ row }) => state === 'all' || row.state === state)
    .filter(({ part }) => head === undefined || part.head_ref === head)
    .filter(({ part }) => base === null || part.base_ref === base)
    .sort((a, b) => sign * (Date.parse(a.row[by]) - Date.parse(b.row[by]) || a.row.number - b.row.number));
  return page(call, rows, ({ row, part }) => pullBody(call.github, row, part));
}

function postPull(call: RepositoryCall): Answer {
  const body = nullableText(call.body, 'body');
  const row = openPull(call.github, call.actor, call.repository, {
    title: requiredText(call.body, 'title', 'PullRequest'),
    head: requiredText(call.body, 'head', 'PullRequest').replace(/^[^:]*:/, ''),
    base: requiredText(call.body, 'base', 'PullRequest'),
    ...(body === undefined ? {} : { body }),
  });
  if (!row.pull) throw notFound();
  return created(pullBody(call.github, row, row.pull));
}

async function listFiles(call: RepositoryCall): Promise<Answer> {
  const { part } = pullOf(call);
  const git = call.github.git(call.repository);
  const from = git.mergeBase(part.base_sha, part.head_sha) ?? part.base_sha;
  return page(call, await changedFiles(call, from, part.head_sha, MOST_FILES), (file) => file);
}
