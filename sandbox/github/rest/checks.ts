// REST: check runs, which only the app that made them may change.
import { checkSuiteId, pullReference } from '../actions/pulls.ts';
import { app as appBody } from '../bodies/app.ts';
import { demand } from '../actions/issues.ts';
import type { Actor, Body, GitHub } from '../github.ts';
import { required } from '../github.ts';
import { api, html, nodeId } from '../links.ts';
import { forbidden, invalid, notFound, unprocessable } from '../problem.ts';
import type { CheckRunRow, Permissions, RepositoryRow } from '../rows.ts';
import { isObject, optionalObject, optionalObjects, optionalText, requiredText } from './json.ts';
import type { JsonObject } from './json.ts';
import { created, numberParam, ok, onRepository, page } from './route.ts';
import type { Answer, RepositoryCall, Route } from './route.ts';

const write: readonly Permissions[] = [{ checks: 'write' }];
const read: readonly Permissions[] = [{ checks: 'read' }];
const MOST_ANNOTATIONS = 50;
const LONGEST_TEXT = 65_535;
const conclusions = [
  'action_required',
  'cancelled',
  'failure',
  'neutral',
  'success',
  'skipped',
  'stale',
  'timed_out',
];

export const checkRoutes: readonly Route[] = [
  onRepository({ method: 'POST', path: '/check-runs', permissions: write, answer: postRun }),
  onRepository({ method: 'PATCH', path: '/check-runs/:check_run_id', permissions: write, answer: patchRun }),
  onRepository({
    method: 'GET',
    path: '/check-runs/:check_run_id',
    permissions: read,
    answer: (call) => ok(checkRunBody(call.github, runOf(call))),
  }),
  onRepository({
    method: 'GET',
    path: '/check-runs/:check_run_id/annotations',
    permissions: read,
    answer: (call) => page(call, runOf(call).annotations, (one) => one),
  }),
];

function runOf(call: RepositoryCall): CheckRunRow {
  const row = call.github.state.checkRuns.get(numberParam(call, 'check_run_id'));
  if (!row || row.repository_id !== call.repository.id) throw notFound();
  return row;
}

function postRun(call: RepositoryCall): Answer {
  const { github, repository, body, actor } = call;
  if (!actor.app) throw forbidden('You must authenticate via a GitHub App.');
  const head_sha = requiredText(body, 'head_sha', 'CheckRun');
  if (!github.git(repository).commit(head_sha)) throw unprocessable(`No commit found for SHA: ${head_sha}`);
  const row = store(call, {
    id: github.state.nextId('checkRun'),
    repository_id: repository.id,
    app_id: actor.app.id,
    name: requiredText(body, 'name', 'CheckRun'),
    head_sha,
    external_id: optionalText(body, 'external_id') ?? '',
    details_url: null,
    status: 'queued',
    conclusion: null,
    started_at: github.timestamp(),
    completed_at: null,
    title: null,
    summary: null,
    text: null,
    annotations: [],
    actions: [],
  });
  announce(call, 'created', row);
  if (row.status === 'completed') announce(call, 'completed', row);
  return created(checkRunBody(github, row));
}

function patchRun(call: RepositoryCall): Answer {
  const before = runOf(call);
  if (call.actor.app?.id !== before.app_id)
    throw forbidden(
      'Invalid app_id `' +
        before.app_id +
        '` - check run can only be modified by the GitHub App that created it.',
    );
  const row = store(call, before);
  if (row.status === 'completed' && before.status !== 'completed') announce(call, 'completed', row);
  return ok(checkRunBody(call.github, row));
}

/** Puts what the body says over what was there; annotations add up, at most fifty a call. */
function store(call: RepositoryCall, before: CheckRunRow): CheckRunRow {
  const { body, github } = call;
  const conclusion = optionalText(body, 'conclusion');
  if (conclusion !== undefined && !conclusions.includes(conclusion)) {
    throw invalid([{ resource: 'CheckRun', field: 'conclusion', code: 'invalid', value: conclusion }]);
  }
  const status = conclusion === undefined ? (optionalText(body, 'status') ?? before.status) : 'completed';
  if (status === 'completed' && conclusion === undefined && before.conclusion === null) {
    throw invalid([{ resource: 'CheckRun', field: 'conclusion', code: 'missing_field' }]);
  }
  const completedAt = optionalText(body, 'completed_at') ?? before.completed_at ?? github.timestamp();
  return github.state.checkRuns.put({
    ...before,
    name: optionalText(body, 'name') ?? before.name,
    external_id: optionalText(body, 'external_id') ?? before.external_id,
    details_url: optionalText(body, 'details_url') ?? before.details_url,
    started_at: optionalText(body, 'started_at') ?? before.started_at,
    status,
    conclusion: conclusion ?? before.conclusion,
    completed_at: status === 'completed' ? completedAt : null,
    actions: actionsOf(body) ?? before.actions,
    ...outputOf(call, before),
  });
}

const MOST_ACTIONS = 3;
const actionFields = { label: 20, description: 40, identifier: 20 };

/** Buttons that people press, each with few words. */
function actionsOf(body: JsonObject): readonly JsonObject[] | undefined {
  const actions = optionalObjects(body, 'actions');
  if (actions === undefined) return undefined;
  if (actions.length > MOST_ACTIONS)
    throw unprocessable(
      `Invalid request.\n\nNo more than ${MOST_ACTIONS} items are allowed; ${actions.length} were supplied.`,
    );
  for (const action of actions) {
    for (const [field, longest] of Object.entries(actionFields)) {
      const text = requiredText(action, field, 'CheckRun');
      if (text.length > longest)
        throw unprocessable(
          `Invalid request.\n\nOnly ${longest} characters are allowed; ${text.length} were supplied.`,
        );
    }
  }
  return actions;
}

type Output = Pick<CheckRunRow, 'title' | 'summary' | 'text' | 'annotations'>;

function outputOf(call: RepositoryCall, before: CheckRunRow): Output {
  const output = optionalObject(call.body, 'output');
  if (!output) return before;
  const annotations = optionalObjects(output, 'annotations') ?? [];
  if (annotations.length > MOST_ANNOTATIONS) {
    throw unprocessable(
      `Invalid request.\n\nNo more than ${MOST_ANNOTATIONS} items are allowed; ${annotations.length} were supplied.`,
    );
  }
  for (const annotation of annotations) checkAnnotation(annotation);
  const title = requiredText(output, 'title', 'CheckRun');
  const summary = requiredText(output, 'summary', 'CheckRun');
  const text = optionalText(output, 'text') ?? before.text;
  for (const [field, value] of Object.entries({ summary, text: text ?? '' })) {
    if (Buffer.byteLength(value) > LONGEST_TEXT) {
      const message = `${field} exceeds a maximum bytesize of ${LONGEST_TEXT}`;
      throw invalid([{ resource: 'CheckRun', field, code: 'custom', message }]);
    }
  }
  const added = annotations.map((one) => annotationBody(call, before.head_sha, one));
  return { title, summary, text, annotations: [...before.annotations, ...added] };
}

function checkAnnotation(annotation: JsonObject): void {
  for (const field of ['path', 'annotation_level', 'message', 'start_line', 'end_line']) {
    if (annotation[field] === undefined) {
      throw unprocessable(`Invalid request.\n\n"${field}" wasn't supplied.`);
    }
  }
  const level = annotation['annotation_level'];
  if (level !== 'notice' && level !== 'warning' && level !== 'failure') {
    throw unprocessable(
      `Invalid request.\n\n${String(level)} is not a member of ["notice", "warning", "failure"].`,
    );
  }
  const columns = annotation['start_column'] !== undefined || annotation['end_column'] !== undefined;
  if (columns && annotation['start_line'] !== annotation['end_line']) {
    throw unprocessable('Annotations may not have columns over several lines.');
  }
}

function annotationBody(call: RepositoryCall, sha: string, annotation: JsonObject): Body {
  const path = String(annotation['path']);
  return {
    path,
    blob_href: html(call.github.links, `/${call.github.fullName(call.repository)}/blob/${sha}/${path}`),
    start_line: annotation['start_line'],
    start_column: annotation['start_column'] ?? null,
    end_line: annotation['end_line'],
    end_column: annotation['end_column'] ?? null,
    annotation_level: annotation['annotation_level'],
    title: annotation['title'] ?? null,
    message: annotation['message'],
    raw_details: annotation['raw_details'] ?? null,
  };
}

export function checkRunBody(github: GitHub, row: CheckRunRow): Body {
  const repository = github.repositoryById(row.repository_id);
  const app = required(github.state.apps.get(row.app_id));
  const url = api(github.links, `/repos/${github.fullName(repository)}/check-runs/${row.id}`);
  const page = html(github.links, `/${github.fullName(repository)}/runs/${row.id}`);
  return {
    id: row.id,
    name: row.name,
    node_id: nodeId('checkRun', repository.id, row.id),
    head_sha: row.head_sha,
    external_id: row.external_id,
    url,
    html_url: page,
    details_url: row.details_url ?? page,
    status: row.status,
    conclusion: row.conclusion,
    started_at: row.started_at,
    completed_at: row.completed_at,
    output: {
      title: row.title,
      summary: row.summary,
      text: row.text,
      annotations_count: row.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: checkSuiteId(repository, row.head_sha, app) },
    app: appBody(github, app),
    pull_requests: github.state.issues
      .in(repository.id)
      .flatMap((issue) =>
        issue.pull?.head_sha === row.head_sha && issue.pull.fork_owner_id === undefined
          ? [pullReference(github, repository, issue.number, issue.pull)]
          : [],
      ),
  };
}

/** Whoever may write presses a button that the app put beside its check. */
export function pressAction(
  github: GitHub,
  actor: Actor,
  repository: RepositoryRow,
  { id, identifier }: { readonly id: number; readonly identifier: string },
): void {
  const row = github.state.checkRuns.get(id);
  if (!row || row.repository_id !== repository.id) throw notFound();
  demand(github, actor, repository, 'write');
  if (!row.actions.some((action) => isObject(action) && action['identifier'] === identifier))
    throw notFound();
  announce({ github, repository, actor }, 'requested_action', row, { requested_action: { identifier } });
}

/** Whoever may write presses “Re-run” on one check. */
export function rerequestRun(github: GitHub, actor: Actor, repository: RepositoryRow, id: number): void {
  const row = github.state.checkRuns.get(id);
  if (!row || row.repository_id !== repository.id) throw notFound();
  demand(github, actor, repository, 'write');
  announce({ github, repository, actor }, 'rerequested', row);
}

function announce(
  { github, repository, actor }: Pick<RepositoryCall, 'github' | 'repository' | 'actor'>,
  action: string,
  row: CheckRunRow,
  more: Body = {},
): void {
  const body = checkRunBody(github, row);
  const app = required(github.state.apps.get(row.app_id));
  const id = checkSuiteId(repository, row.head_sha, app);
  github.announce({
    event: 'check_run',
    action,
    actor,
    repository,
    onlyApp: app.id,
    payload: {
      ...more,
      check_run: {
        ...body,
        completed_at: row.completed_at,
        check_suite: {
          id,
          node_id: nodeId('checkSuite', repository.id, id),
          head_branch: null,
          head_sha: row.head_sha,
          status: row.status,
          conclusion: row.conclusion,
          url: api(github.links, `/repos/${github.fullName(repository)}/check-suites/${id}`),
          before: null,
          after: row.head_sha,
          pull_requests: body['pull_requests'],
          app: body['app'],
          created_at: row.started_at,
          updated_at: github.timestamp(),
        },
      },
    },
  });
}
