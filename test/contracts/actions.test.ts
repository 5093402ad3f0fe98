// Runs the contract against every registered kind of action; one that is registered and not run here fails.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lambdaActionContract } from '../../src/actions/aws-lambda.ts';
import { actionKinds } from '../../src/actions/index.ts';
import { createActions } from '../../src/actions/run-actions.ts';
import type { Settings } from '../../src/domain/flow.ts';
import { deskId, plus, requestId } from '../../src/domain/names.ts';
import { Failure } from '../../src/engine/ports/failure.ts';
import type { ActionCall } from '../../src/engine/ports/actions.ts';
import { testOutside } from '../outside.ts';
import { actionContract, type ActionSubject } from './action.ts';
import {
  awsLambdaSubject,
  codeSubject,
  githubWorkflowSubject,
  httpSubject,
  noCode,
} from './actions/subjects.ts';
import { account, awsParts, openAwsWorld, region, type AwsWorld } from './strategies/aws-double-parts.ts';
import { createQuickClock, openWorld, type World } from './strategies/subject-parts.ts';

const subjects: { readonly [type: string]: () => Promise<ActionSubject> } = {
  'github-workflow': githubWorkflowSubject,
  http: httpSubject,
  'aws-lambda': awsLambdaSubject,
  code: codeSubject,
};

test('every registered kind of action is held to the contract', () => {
  expect(Object.keys(subjects).sort()).toEqual(actionKinds.map(({ type }) => type).sort());
});

for (const [type, open] of Object.entries(subjects)) actionContract(type, open);

function callOf(
  action: Omit<ActionCall['action'], 'name'>,
  { startedAt, ...more }: Partial<ActionCall> & Pick<ActionCall, 'startedAt'>,
): ActionCall {
  return {
    request: requestId('01JD0000000000000000000001'),
    desk: deskId('github', 1),
    commit: 'c0ffee',
    action: { name: 'it', ...action },
    key: '01JD0000000000000000000001-1',
    startedAt,
    isRepeated: false,
    notAfter: plus(startedAt, 3_600_000),
    isWanted: async () => true,
    signal: new AbortController().signal,
    ...more,
  };
}

describe('a function of AWS Lambda', () => {
  let world: AwsWorld;
  beforeAll(
    async () =>
      void (world = await openAwsWorld({ type: 'aws-lambda', service: 'lambda', writing: /^Invoke$/ })),
  );
  afterAll(() => world.close());

  /** The function answers so; what it throws is an error of its own. */
  const run = async (handler: (event: unknown) => unknown) => {
    world.aws.lambda.add({ account, region, name: 'database-access', qualifiers: ['live'], handler });
    const { clock, outside, integrations } = awsParts(world, { clock: createQuickClock(), people: [] });
    const actions = createActions({ clock, outside, integrations, kinds: actionKinds, code: noCode });
    const action = {
      ...{
        run: 'aws-lambda',
        integration: 'main',
        address: `${region} arn:aws:iam::${account}:role/countersign`,
      },
      with: { function_name: 'database-access:live', payload: { gate: 'north' } },
    };
    const call = callOf(action, { startedAt: clock.now() });
    return actions.run(call).catch((error: unknown) => error);
  };

  test('is told what it is to do, for which request, and by which key the same try is known', async () => {
    const heard: unknown[] = [];
    expect(await run((event) => void heard.push(event))).toEqual({});
    expect(heard).toEqual([
      {
        ...{ version: 1, operation: 'run', desk: 'github:1', request: '01JD0000000000000000000001' },
        ...{ idempotencyKey: '01JD0000000000000000000001-1', payload: { gate: 'north' } },
      },
    ]);
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('password=VALUE');
      },
      true,
      /^The function failed\.$/,
    ],
    [
      'says no',
      () => ({ error: { message: 'Closed for the night.', transient: true } }),
      true,
      /Closed for the night\.$/,
    ],
    [
      'says no for good',
      () => ({ error: { message: 'No such <gate>.', transient: false } }),
      false,
      /No such gate \.$/,
    ],
    ['answers something else', () => ({ password: 'VALUE' }), false, /docs\/actions\.md/],
    ['keeps what is no text', () => ({ recorded: { VALUE: 7 } }), false, /docs\/actions\.md/],
  ])('that %s is understood, and none of its values told', async (_, handler, transient, words) => {
    const failure = await run(handler);
    if (!(failure instanceof Failure)) throw new Error(`It should have failed: ${String(failure)}`);
    expect(failure.transient).toBe(transient);
    expect(failure.message).toMatch(words);
    expect(failure.message).not.toContain('VALUE');
  });

  test('has its contract published as it is kept', () => {
    const path = join(import.meta.dirname, '../../docs/aws-lambda-action.contract.json');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(JSON.parse(JSON.stringify(lambdaActionContract)));
  });
});

describe('a workflow', () => {
  let world: World;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world.close());

  const run = async (given: Settings, more: Partial<ActionCall> = {}) => {
    const { parts, grantsApp } = world;
    const actions = createActions({ ...parts, kinds: actionKinds, code: noCode, grantsApp });
    const call = callOf({ run: 'github-workflow', with: given }, { startedAt: parts.clock.now(), ...more });
    return actions.run(call).catch((error: unknown) => error);
  };
  const workflow = 'acme/app/migrate.yml@main';
  const inputs = { pull_request: 'x', approval: 'no key' };
  const runs = () => world.sandbox.github.state.workflowRuns.all();

  test('whose runs have no key is not started again where one may be ours, and the run is named', async () => {
    const startedAt = world.parts.clock.now();
    await run({ workflow, inputs }, { startedAt });
    await world.parts.clock.sleep(3000);
    const [made] = runs();
    const failure = await run({ workflow, inputs }, { startedAt, isRepeated: true });
    expect(failure).toMatchObject({ transient: false });
    expect(String(failure)).toContain(`/acme/app/actions/runs/${made?.id}`);
    expect(runs()).toHaveLength(1);
  });

  test.each([
    ['a file that is not there', { workflow: 'acme/app/nothing.yml@main' }, /no such workflow/],
    ['a ref that is not there', { workflow: 'acme/app/migrate.yml@nowhere', inputs }, /does not start/],
    ['an input that it lacks', { workflow, inputs: { ...inputs, other: '1' } }, /does not start/],
    ['an input that it needs', { workflow, inputs: { approval: 'x' } }, /does not start/],
    ['a repository that the app does not see', { workflow: 'other/app/migrate.yml@main' }, /not installed/],
  ])('is refused for good: %s', async (_, given, words) => {
    const before = runs().length;
    const failure = await run(given);
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ transient: false, isUntouched: true });
    expect(String(failure)).toMatch(words);
    expect(runs()).toHaveLength(before);
  });

  test('gets numbers, yes and no, and lists as text', async () => {
    await run({ workflow, inputs: { pull_request: ['a', 'b'], approval: 7, requester: true } });
    expect(runs().at(-1)?.inputs).toEqual({ pull_request: 'a,b', approval: '7', requester: 'true' });
  });

  test('without a second app, it says what to set', async () => {
    const { grantsApp: _, ...parts } = world.parts;
    const actions = createActions({ ...parts, kinds: actionKinds, code: noCode });
    const call = callOf({ run: 'github-workflow', with: { workflow } }, { startedAt: parts.clock.now() });
    await expect(actions.run(call)).rejects.toThrow(/COUNTERSIGN_GRANTS_APP_ID/);
  });

  test('an integration that leads elsewhere than when it was asked for is not called', async () => {
    const { parts, grantsApp } = world;
    const actions = createActions({
      ...parts,
      grantsApp,
      kinds: actionKinds,
      code: noCode,
      outside: testOutside({ clock: parts.clock }),
      integrations: async () => [{ type: 'http', base_url: 'https://evil.example/v1' }],
    });
    const action = {
      run: 'http',
      integration: 'gate',
      address: 'https://gate.acme.com/v1',
      with: { path: '/x' },
    };
    const call = callOf(action, { startedAt: parts.clock.now() });
    await expect(actions.run(call)).rejects.toThrow('leads elsewhere');
  });
});
