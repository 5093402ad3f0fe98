// What the action contract needs of each service: the embedded GitHub, and a service that does a thing once for each idempotency key.
import { actionKinds } from '../../../src/actions/index.ts';
import { createActions } from '../../../src/actions/run-actions.ts';
import { testOutside } from '../../outside.ts';
import type { ActionSubject } from '../action.ts';
import { openWorld } from '../strategies/subject-parts.ts';
import type { Trouble } from '../strategy.ts';

export async function githubWorkflowSubject(): Promise<ActionSubject> {
  const { sandbox, wire, parts, grantsApp, close } = await openWorld();
  const { clock } = parts;
  return {
    actions: createActions({ ...parts, kinds: actionKinds, grantsApp }),
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
