// Starts a workflow of GitHub Actions by `workflow_dispatch`. Where an answer is lost, it looks for the run before it starts another.
import type { FromSchema } from 'json-schema-to-ts';
import type { Octokit } from '@octokit/rest';
import { demand, isStatus } from '../clients/github/answer.ts';
import type { SettingValue } from '../domain/flow.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { Ran } from '../engine/ports/actions.ts';
import type { ActionKind, RunCall } from './action.ts';

const inputs = {
  type: 'object',
  maxProperties: 25,
  propertyNames: {
    pattern: '^[A-Za-z_][A-Za-z0-9_-]{0,99}$',
    wants: 'a letter or _, then letters, digits, - and _',
  },
  additionalProperties: { type: ['string', 'number', 'boolean', 'array'], items: { type: 'string' } },
  description:
    'What the workflow declares as its inputs. They arrive as text: read them in `env`, and never write `${{ inputs.NAME }}` into a script.',
} as const;

const workflowWith = {
  type: 'object',
  additionalProperties: false,
  required: ['workflow'],
  properties: {
    workflow: {
      type: 'string',
      pattern:
        '^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/[A-Za-z0-9._-]{1,100}/[A-Za-z0-9._-]{1,200}\\.ya?ml@[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$',
      wants: 'OWNER/REPOSITORY/FILE@REF, such as acme/app/migrate.yml@main',
      description:
        'OWNER/REPOSITORY/FILE@REF: a file of `.github/workflows/` that has `on: workflow_dispatch`, and a branch or tag.',
      examples: ['acme/app/migrate.yml@main'],
    },
    inputs,
  },
} as const;

type Options = {
  deserialize: [{ pattern: typeof inputs; output: { readonly [name: string]: SettingValue } }];
};
type WorkflowWith = FromSchema<typeof workflowWith, Options>;
type Call = RunCall<WorkflowWith>;

export const githubWorkflow: ActionKind<WorkflowWith> = {
  type: 'github-workflow',
  service: 'GitHub',
  with: workflowWith,
  takes: { inputs: 'anything' },
  patienceMs: 60_000,

  async run(call) {
    const { owner, repo } = placeOf(call.with.workflow);
    const { octokit, login } = await call.using.github(owner, repo);
    const earlier = call.isRepeated ? await earlierRun(octokit, login, call) : undefined;
    if (earlier) return ran(earlier);
    await call.using.demand();
    return dispatch(octokit, call);
  },
};

interface Place {
  readonly owner: string;
  readonly repo: string;
  readonly workflow_id: string;
  readonly ref: string;
}

/** The schema has seen to its form. */
function placeOf(workflow: string): Place {
  const [path = '', ref = ''] = workflow.split(/@(.*)/s);
  const [owner = '', repo = '', workflow_id = ''] = path.split('/');
  return { owner, repo, workflow_id, ref };
}

const what = 'starting the workflow';

async function dispatch(octokit: Octokit, { with: given }: Call): Promise<Ran> {
  const place = placeOf(given.workflow);
  const texts = Object.fromEntries(
    Object.entries(given.inputs ?? {}).map(([name, value]) => [name, String(value)]),
  );
  const asked = { ...place, inputs: texts };
  const { createWorkflowDispatch } = octokit.rest.actions;
  try {
    const { data }: { readonly data: unknown } = await createWorkflowDispatch({
      ...asked,
      return_run_details: true,
    });
    return started(data, given.workflow);
  } catch (error) {
    // An older GitHub Enterprise Server does not know the word, and has done nothing.
    if (!isStatus(error, 400)) return explain(error);
  }
  await createWorkflowDispatch(asked).catch(explain);
  return started(undefined, given.workflow);
}

/** GitHub says which run it is where it was asked to, and knows the word. */
function started(data: unknown, workflow: string): Ran {
  if (typeof data !== 'object' || data === null || !('workflow_run_id' in data) || !('html_url' in data))
    return { recorded: { workflow } };
  return ran({ id: Number(data.workflow_run_id), html_url: String(data.html_url) });
}

function ran({ id, html_url }: { readonly id: number; readonly html_url: string }): Ran {
  return { recorded: { url: html_url, run: String(id) } };
}

/** GitHub says little of why not; what it can be is short. */
async function explain(error: unknown): Promise<never> {
  if (isStatus(error, 404))
    throw new Failure(
      'GitHub shows no such workflow to the grants app: its file, its repository or the ref is not there.',
      {
        transient: false,
        isUntouched: true,
      },
    );
  if (isStatus(error, 422))
    throw new Failure(
      'GitHub does not start this workflow: it has no workflow_dispatch, is disabled, takes other inputs, or the ref is not there.',
      { transient: false, isUntouched: true },
    );
  const refused = 'The grants app lacks the permission “Actions: write”.';
  return demand(what, Promise.reject(error), refused);
}

interface WorkflowRun {
  readonly id: number;
  readonly html_url: string;
  readonly title: string;
}

/** GitHub lists a run a moment after it was made. */
const looks = 3;
const betweenLooksMs = 4000;
/** GitHub's clock is not ours. */
const skewMs = 60_000;

/** The run that an earlier try of ours made. Throws where one may be ours and nobody can tell. */
async function earlierRun(octokit: Octokit, login: string, call: Call): Promise<WorkflowRun | undefined> {
  for (let look = 1; ; look += 1) {
    const runs = await runsSince(octokit, login, call);
    const own = runs.find(({ title }) => title.includes(call.key));
    if (own) return own;
    // Whatever bears the key of another is another's.
    const [doubtful] = runs.filter(({ title }) => !/[0-9A-HJKMNP-TV-Z]{26}-[1-9]/.test(title));
    if (doubtful)
      throw new Failure(
        `GitHub’s answer was lost, and this run may be the one: ${doubtful.html_url}. Nobody can tell, so it is not started again. A run whose name holds \${{ action.key }} can be told.`,
        { transient: false },
      );
    if (look >= looks) return undefined;
    await call.using.clock.sleep(betweenLooksMs, call.using.signal);
  }
}

/** The newest, which GitHub lists first: more than these it does not make in so short a time. */
const newest = 100;

async function runsSince(
  octokit: Octokit,
  login: string,
  { with: { workflow }, startedAt }: Call,
): Promise<readonly WorkflowRun[]> {
  const { owner, repo, workflow_id } = placeOf(workflow);
  const since = Date.parse(startedAt) - skewMs;
  const search = { owner, repo, workflow_id, event: 'workflow_dispatch', per_page: newest };
  const { data } = await demand(
    'listing the runs of the workflow',
    octokit.rest.actions.listWorkflowRuns(search),
  );
  return data.workflow_runs
    .filter(({ actor, created_at }) => actor?.login === login && Date.parse(created_at) >= since)
    .map(({ id, html_url, display_title }) => ({ id, html_url, title: display_title }));
}
