// REST: starting a workflow, and the runs that came of it.
import { dispatchWorkflow, isWorkflow, listedRuns } from '../actions/workflows.ts';
import { workflowRun, workflowRunLinks } from '../bodies/workflow-run.ts';
import { notFound } from '../problem.ts';
import type { Permissions } from '../rows.ts';
import { optionalBoolean, optionalObject, requiredText } from './json.ts';
import { noContent, ok, onRepository, page, param } from './route.ts';
import type { Answer, RepositoryCall, Route } from './route.ts';

const write: readonly Permissions[] = [{ actions: 'write' }];
const read: readonly Permissions[] = [{ actions: 'read' }];

export const workflowRoutes: readonly Route[] = [
  onRepository({
    method: 'POST',
    path: '/actions/workflows/:workflow_id/dispatches',
    permissions: write,
    role: 'write',
    answer: postDispatch,
  }),
  onRepository({
    method: 'GET',
    path: '/actions/workflows/:workflow_id/runs',
    permissions: read,
    answer: getRuns,
  }),
];

function postDispatch(call: RepositoryCall): Answer {
  const { github, actor, repository, body } = call;
  const run = dispatchWorkflow(github, actor, repository, {
    file: param(call, 'workflow_id'),
    ref: requiredText(body, 'ref', 'WorkflowDispatch'),
    inputs: optionalObject(body, 'inputs') ?? {},
  });
  if (optionalBoolean(body, 'return_run_details') !== true) return noContent();
  const { url, html_url } = workflowRunLinks(github, repository, run);
  return ok({ workflow_run_id: run.id, run_url: url, html_url });
}

function getRuns(call: RepositoryCall): Answer {
  const { github, repository, query } = call;
  const file = param(call, 'workflow_id');
  if (!isWorkflow(github, repository, file)) throw notFound();
  const actor = query.get('actor');
  const since = /^>=(.+)$/.exec(query.get('created') ?? '')?.[1];
  const rows = listedRuns(github, repository, file).filter(
    (row) =>
      (since === undefined || Date.parse(row.created_at) >= Date.parse(since)) &&
      (query.get('event') ?? 'workflow_dispatch') === 'workflow_dispatch' &&
      (query.get('branch') ?? row.head_branch) === row.head_branch &&
      (actor === null || github.accountById(row.actor_id).login === actor),
  );
  return page(
    call,
    rows,
    (row) => workflowRun(github, repository, row),
    (workflow_runs) => ({ total_count: rows.length, workflow_runs }),
  );
}
