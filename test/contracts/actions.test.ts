// Runs the contract against every registered kind of action; one that is registered and not run here fails.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actionKinds } from '../../src/actions/index.ts';
import { createActions } from '../../src/actions/run-actions.ts';
import type { Settings } from '../../src/domain/flow.ts';
import { deskId, plus, requestId } from '../../src/domain/names.ts';
import { Failure, type ActionCall } from '../../src/engine/ports.ts';
import { testOutside } from '../outside.ts';
import { actionContract, type ActionSubject } from './action.ts';
import { githubWorkflowSubject, httpSubject } from './actions/subjects.ts';
import { openWorld, type World } from './strategies/subject-parts.ts';

const subjects: { readonly [type: string]: () => Promise<ActionSubject> } = {
  'github-workflow': githubWorkflowSubject,
  http: httpSubject,
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

describe('a workflow', () => {
  let world: World;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world.close());

  const run = async (given: Settings, more: Partial<ActionCall> = {}) => {
    const { parts, grantsApp } = world;
    const actions = createActions({ ...parts, kinds: actionKinds, grantsApp });
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
    const actions = createActions({ ...parts, kinds: actionKinds });
    const call = callOf({ run: 'github-workflow', with: { workflow } }, { startedAt: parts.clock.now() });
    await expect(actions.run(call)).rejects.toThrow(/COUNTERSIGN_GRANTS_APP_ID/);
  });

  test('an integration that leads elsewhere than when it was asked for is not called', async () => {
    const { parts, grantsApp } = world;
    const actions = createActions({
      ...parts,
      grantsApp,
      kinds: actionKinds,
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
