// Workflows of GitHub Actions as far as they are started from outside: what a file declares, and the runs that come of it.
import { load } from 'js-yaml';
import type { Actor, GitHub } from '../github.ts';
import { notFound, unprocessable } from '../problem.ts';
import type { RepositoryRow, WorkflowRunRow } from '../rows.ts';

export interface Dispatch {
  readonly file: string;
  readonly ref: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

const LONGEST_INPUTS = 65_535;
const MOST_INPUTS = 25;
/** GitHub lists a run a moment after it was made. */
const LISTED_AFTER_MS = 2000;

export function dispatchWorkflow(
  github: GitHub,
  actor: Actor,
  repository: RepositoryRow,
  { file, ref, inputs }: Dispatch,
): WorkflowRunRow {
  if (textOf(github, repository, file, repository.default_branch) === undefined) throw notFound();
  const git = github.git(repository);
  const branch = ref.replace(/^refs\/(heads|tags)\//, '');
  const head = git.readRef(`refs/heads/${branch}`) ?? git.readRef(`refs/tags/${branch}`);
  if (head === undefined) throw unprocessable(`No ref found for: ${ref}`);
  const text = textOf(github, repository, file, head);
  const workflow = text === undefined ? undefined : declared(text);
  if (workflow?.inputs === undefined)
    throw unprocessable("Workflow does not have 'workflow_dispatch' trigger");
  const given = checkInputs(workflow.inputs, inputs);
  const runs = github.state.workflowRuns
    .all()
    .filter((row) => row.file === file && row.repository_id === repository.id);
  return github.state.workflowRuns.put({
    id: github.state.nextId('workflowRun'),
    repository_id: repository.id,
    file,
    name: workflow.name ?? `.github/workflows/${file}`,
    title: titleOf(workflow, given, actor) ?? workflow.name ?? file,
    number: runs.length + 1,
    head_branch: branch,
    head_sha: head,
    actor_id: actor.account.id,
    inputs: given,
    created_at: github.timestamp(),
  });
}

/** Newest first; the newest are not there yet. */
export function listedRuns(
  github: GitHub,
  repository: RepositoryRow,
  file: string,
): readonly WorkflowRunRow[] {
  const now = github.now().getTime();
  return github.state.workflowRuns
    .in(repository.id)
    .filter((row) => row.file === file && Date.parse(row.created_at) + LISTED_AFTER_MS <= now)
    .toReversed();
}

export function isWorkflow(github: GitHub, repository: RepositoryRow, file: string): boolean {
  return textOf(github, repository, file, repository.default_branch) !== undefined;
}

interface Workflow {
  readonly name?: string;
  readonly runName?: string;
  /** Undefined where it cannot be started from outside. */
  readonly inputs:
    Readonly<Record<string, { readonly required: boolean; readonly default?: string }>> | undefined;
}

function textOf(
  github: GitHub,
  repository: RepositoryRow,
  file: string,
  revision: string,
): string | undefined {
  const git = github.git(repository);
  const commit = git.commit(git.resolve(revision) ?? '');
  const entry = commit && git.entryAt(commit.tree, `.github/workflows/${file}`);
  return entry?.type === 'blob' ? git.object(entry.sha)?.content.toString('utf8') : undefined;
}

function declared(text: string): Workflow {
  const read: unknown = load(text);
  const name = valueAt(read, 'name');
  const runName = valueAt(read, 'run-name');
  const on = valueAt(read, 'on');
  const isStarted =
    on === 'workflow_dispatch' ||
    (typeof on === 'object' &&
      on !== null &&
      ('workflow_dispatch' in on || (Array.isArray(on) && on.includes('workflow_dispatch'))));
  const inputs = Object.entries(Object(valueAt(valueAt(on, 'workflow_dispatch'), 'inputs') ?? {}));
  return {
    ...(typeof name === 'string' && { name }),
    ...(typeof runName === 'string' && { runName }),
    inputs: isStarted ? Object.fromEntries(inputs.map(([key, value]) => [key, inputOf(value)])) : undefined,
  };
}

function inputOf(value: unknown): { readonly required: boolean; readonly default?: string } {
  const otherwise = valueAt(value, 'default');
  return {
    required: valueAt(value, 'required') === true,
    ...(otherwise !== undefined && { default: String(otherwise) }),
  };
}

function checkInputs(
  known: NonNullable<Workflow['inputs']>,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> {
  const names = Object.keys(given);
  if (names.length > MOST_INPUTS) throw unprocessable(`you may only define up to ${MOST_INPUTS} \`inputs\``);
  const unexpected = names.filter((name) => !Object.hasOwn(known, name));
  if (unexpected.length > 0) throw unprocessable(`Unexpected inputs provided: ${JSON.stringify(unexpected)}`);
  const odd = Object.entries(given).find(([, value]) => typeof value !== 'string');
  if (odd) throw unprocessable(`Invalid value for input '${odd[0]}'`);
  if (JSON.stringify(given).length > LONGEST_INPUTS) throw unprocessable('inputs are too large.');
  const missing = Object.entries(known).find(
    ([name, input]) => input.required && input.default === undefined && !(name in given),
  );
  if (missing) throw unprocessable(`Required input '${missing[0]}' not provided`);
  const defaults = Object.entries(known).flatMap(([name, input]) =>
    input.default === undefined ? [] : [[name, input.default] as const],
  );
  return Object.fromEntries([
    ...defaults,
    ...Object.entries(given).map(([name, value]) => [name, String(value)]),
  ]);
}

/** The expressions that names of runs have most: an input, and whoever started it. */
function titleOf(
  { runName }: Workflow,
  inputs: Readonly<Record<string, string>>,
  actor: Actor,
): string | undefined {
  return runName
    ?.replaceAll(/\$\{\{\s*inputs\.([\w-]+)\s*\}\}/g, (_, name: string) => inputs[name] ?? '')
    .replaceAll(/\$\{\{\s*github\.actor\s*\}\}/g, actor.account.login);
}

function valueAt(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Object.getOwnPropertyDescriptor(value, key)?.value
    : undefined;
}
