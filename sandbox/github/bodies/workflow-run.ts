// A run of a workflow as the API and its page show it: it takes a while, and then it went well.
import { html as atHtml, api, nodeId } from '../links.ts';
import { toTimestamp } from '../github.ts';
import type { Body, GitHub } from '../github.ts';
import type { RepositoryRow, WorkflowRunRow } from '../rows.ts';
import { simpleUser } from './account.ts';
import { minimalRepository } from './repository.ts';

const TAKES_MS = 20_000;

export function workflowRunLinks(
  github: GitHub,
  repository: RepositoryRow,
  { id }: WorkflowRunRow,
): { readonly url: string; readonly html_url: string } {
  const fullName = github.fullName(repository);
  return {
    url: api(github.links, `/repos/${fullName}/actions/runs/${id}`),
    html_url: atHtml(github.links, `/${fullName}/actions/runs/${id}`),
  };
}

export function isRunDone(github: GitHub, { created_at }: WorkflowRunRow): boolean {
  return github.now().getTime() >= Date.parse(created_at) + TAKES_MS;
}

export function workflowRun(github: GitHub, repository: RepositoryRow, row: WorkflowRunRow): Body {
  const { url, html_url } = workflowRunLinks(github, repository, row);
  const isDone = isRunDone(github, row);
  const fullName = github.fullName(repository);
  const workflowId = 61_000_000 + (row.repository_id % 1_000_000);
  const actor = simpleUser(github, github.accountById(row.actor_id));
  const where = minimalRepository(github, repository);
  return {
    id: row.id,
    name: row.name,
    node_id: nodeId('checkRun', row.repository_id, row.id),
    check_suite_id: row.id + 1,
    check_suite_node_id: nodeId('checkSuite', row.repository_id, row.id + 1),
    head_branch: row.head_branch,
    head_sha: row.head_sha,
    path: `.github/workflows/${row.file}`,
    display_title: row.title,
    run_number: row.number,
    run_attempt: 1,
    event: 'workflow_dispatch',
    status: isDone ? 'completed' : 'in_progress',
    conclusion: isDone ? 'success' : null,
    workflow_id: workflowId,
    url,
    html_url,
    pull_requests: [],
    created_at: row.created_at,
    updated_at: row.created_at,
    actor,
    triggering_actor: actor,
    run_started_at: row.created_at,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: api(github.links, `/repos/${fullName}/check-suites/${row.id + 1}`),
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: null,
    workflow_url: api(github.links, `/repos/${fullName}/actions/workflows/${workflowId}`),
    head_commit: headCommit(github, repository, row),
    repository: where,
    head_repository: where,
  };
}

function headCommit(github: GitHub, repository: RepositoryRow, { head_sha }: WorkflowRunRow): Body | null {
  const commit = github.git(repository).commit(head_sha);
  if (!commit) return null;
  const { sha, tree, message, author, committer } = commit;
  return {
    id: sha,
    tree_id: tree,
    message,
    timestamp: toTimestamp(committer.date),
    author: { name: author.name, email: author.email },
    committer: { name: committer.name, email: committer.email },
  };
}
