// What the action contract needs of each service: the embedded GitHub, and services that do a thing once for each idempotency key.
import { actionKinds } from '../../../src/actions/index.ts';
import { createActions } from '../../../src/actions/run-actions.ts';
import { openCode } from '../../../src/app/open-code.ts';
import type { ActionCode } from '../../../src/engine/ports/actions.ts';
import { testOutside } from '../../outside.ts';
import type { ActionSubject } from '../action.ts';
import { account, awsParts, openAwsWorld, region } from '../strategies/aws-double-parts.ts';
import { demandRunContract } from '../strategies/aws-lambda-subject.ts';
import { createQuickClock, openWorld } from '../strategies/subject-parts.ts';
import type { Trouble } from '../strategy.ts';

export async function githubWorkflowSubject(): Promise<ActionSubject> {
  const { sandbox, wire, parts, grantsApp, close } = await openWorld();
  const { clock } = parts;
  return {
    actions: createActions({ ...parts, kinds: actionKinds, code: noCode, grantsApp }),
    clock,
    action: { run: 'github-workflow' },
    with: (key) => ({
      workflow: 'acme/app/migrate.yml@main',
      inputs: { pull_request: 'https://github.com/acme/app/pull/7', approval: key },
    }),
    ran: (key) =>
      sandbox.github.state.workflowRuns.all().filter(({ inputs }) => inputs['approval'] === key).length,
    trouble: wire.trouble,
    close,
  };
}

export async function httpSubject(): Promise<ActionSubject> {
  const { parts, grantsApp, close } = await openWorld();
  const service = aService();
  const integration = { type: 'http', base_url: 'https://gate.acme.com/v1' };
  return {
    actions: createActions({
      ...parts,
      grantsApp,
      kinds: actionKinds,
      code: noCode,
      outside: testOutside({ clock: parts.clock, fetch: service.fetch }),
      integrations: async () => [integration],
    }),
    clock: parts.clock,
    action: { run: 'http', integration: 'gate', address: integration.base_url },
    with: (key) => ({ path: '/gates/north-gate/open', body: { for: key }, keep: { url: 'links.html' } }),
    ran: service.ran,
    trouble: service.trouble,
    close,
  };
}

/** A function that keeps what it did by its key; all that is said is held against the published contract. */
export async function awsLambdaSubject(): Promise<ActionSubject> {
  const world = await openAwsWorld({ type: 'aws-lambda', service: 'lambda', writing: /^Invoke$/ });
  const done = new Map<string, number>();
  const wrong: string[] = [];
  world.aws.lambda.add({
    ...{ account, region, name: 'database-access', qualifiers: ['live'] },
    handler(event) {
      try {
        const key = demandRunContract(event);
        if (!done.has(key)) done.set(key, 1);
      } catch (error) {
        wrong.push(String(error));
      }
      return { recorded: { url: 'https://logs.acme.com/1' } };
    },
  });
  const clock = createQuickClock();
  const { outside, integrations } = awsParts(world, { clock, people: [] });
  return {
    actions: createActions({ kinds: actionKinds, code: noCode, clock, outside, integrations }),
    clock,
    action: {
      run: 'aws-lambda',
      integration: 'main',
      address: `${region} arn:aws:iam::${account}:role/countersign`,
    },
    with: (key) => ({ function_name: 'database-access:live', payload: { gate: 'north-gate', for: key } }),
    ran: (key) => done.get(key) ?? 0,
    trouble: world.trouble,
    async close() {
      await world.close();
      if (wrong.length > 0) throw new Error(wrong.join('\n'));
    },
  };
}

/** Kinds that run none of it. */
export const noCode: ActionCode = {
  run() {
    throw new Error('No code runs in this test.');
  },
};

/** As docs/actions.md has it. */
const gate = `
import { giveUp, http, output, type Action } from 'countersign/sdk';

export const open_gate: Action = async ({ key, input }) => {
  const { ok, status, json } = await http({
    method: 'POST',
    url: 'https://gate.acme.com/v1/opened',
    headers: { 'idempotency-key': key },
    json: input,
  });
  if (status >= 500) throw new Error('The gate does not answer now.');
  if (!ok) return giveUp('The gate refuses.');
  return output({ url: (json as { links: { html: string } }).links.html });
};
`;

export async function codeSubject(): Promise<ActionSubject> {
  const service = aService();
  const clock = createQuickClock();
  const outside = testOutside({ clock, fetch: service.fetch });
  const desk = { commit: 'c0ffee', flows: new Map(), diagnostics: [], code: { 'flows/gate.ts': gate } };
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const half = openCode(
    { clock, log, fetch: globalThis.fetch },
    {
      github: { app: unused, forRepository: unused, forRepositoryId: unused },
      settings: { baseUrl: 'https://api.github.test', codeRepositories: [] },
      store: { bookmark: async () => undefined, setBookmark: async () => undefined },
      desks: { desk: async () => desk, at: async () => desk },
      directory: { belongs: async () => false },
      outside,
    },
  );
  return {
    actions: createActions({
      ...{ kinds: actionKinds, code: half.actions, clock, outside },
      integrations: async () => [],
    }),
    clock,
    action: { run: 'code' },
    with: (key) => ({
      ...{ file: 'gate.ts', function: 'open_gate', hosts: ['gate.acme.com'] },
      input: { gate: 'north-gate', for: key },
    }),
    ran: service.ran,
    trouble: service.trouble,
    close: () => half.rooms.stop(),
  };
}

interface Service {
  readonly fetch: typeof globalThis.fetch;
  ran(key: string): number;
  trouble(kind: Trouble | undefined): void;
}

/** As strict as services with idempotency keys are: the same key brings the same answer, and nothing happens again. */
function aService(): Service {
  const done = new Map<string, number>();
  let trouble: Trouble | undefined;
  return {
    async fetch(input, init) {
      const key = new Headers(init?.headers).get('idempotency-key');
      if (key === null) throw new Error('A call without a key came.');
      if (typeof trouble === 'object')
        return Response.json({ message: String(input) }, { status: trouble.status });
      if (trouble === 'hang')
        return new Promise((_, reject) => {
          init?.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
        });
      if (!done.has(key)) done.set(key, 1);
      if (trouble === 'answer-lost') throw new TypeError(`The connection to ${String(input)} broke.`);
      return Response.json({ links: { html: 'https://gate.acme.com/opened/1' } }, { status: 201 });
    },
    ran: (key) => done.get(key) ?? 0,
    trouble(kind) {
      trouble = kind;
    },
  };
}

function unused(): never {
  throw new Error('An action has nothing to do with that.');
}
