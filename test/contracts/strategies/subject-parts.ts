// What the subjects of the strategy contract share: a sandbox, the two apps, people, and trouble on the wire.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Octokit } from '@octokit/rest';
import { startSandbox, type Sandbox } from '../../../sandbox/server.ts';
import { sampleWorld } from '../../../sandbox/sample-world.ts';
import { signAppToken } from '../../../src/clients/github/app-token.ts';
import { readSetback } from '../../../src/clients/github/failure.ts';
import { instant, personId, type PersonId } from '../../../src/domain/names.ts';
import { Failure, type AccessControl, type Clock } from '../../../src/engine/ports.ts';
import { createAccessControl, type AccessControlParts } from '../../../src/strategies/access-control.ts';
import { strategies } from '../../../src/strategies/index.ts';
import type { Person } from '../../../src/strategies/strategy.ts';
import type { Trouble } from '../strategy.ts';

export interface World {
  readonly sandbox: Sandbox;
  readonly wire: Wire;
  readonly parts: AccessControlParts;
  close(): Promise<void>;
}

/** One world for a whole suite: to make the apps' keys takes longest. */
export async function openWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-strategy-'));
  const sandbox = await startSandbox({ port: 0, folder, world: sampleWorld });
  const wire = createWire();
  const environment = sandbox.environment();
  const parts: AccessControlParts = {
    strategies,
    clock: quickClock,
    fetch: wire.fetch,
    person: async (_, person) => people.get(person),
    integrations: async () => [],
    githubLogin: async (_, id) => sandbox.github.accountById(id).login,
    grantsApp: grantsApp(sandbox.url, environment, wire.fetch),
    secret: () => undefined,
    sealing: { keys: [], nonce: () => Buffer.alloc(12) },
  };
  return {
    sandbox,
    wire,
    parts,
    async close() {
      await sandbox.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function accessControl(parts: AccessControlParts): AccessControl {
  return createAccessControl(parts);
}

const people = new Map<string, Person>(
  [
    ['ann', 583_231, 'ann@acme.com'],
    ['bob', 583_232, 'bob@acme.com'],
    ['max', 583_234, 'max@acme.com'],
    ['mallory', 666_001, 'mallory@example.com'],
  ].map(([name, id, email]) => [
    String(name),
    { id: personOf(String(name)), email: String(email), github: { id: Number(id) } },
  ]),
);

function personOf(name: string): PersonId {
  return personId(name);
}

/** Real time, but waiting is twenty times as fast. */
const quickClock: Clock = {
  now: () => instant(Date.now()),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const timer = setTimeout(resolve, ms / 20);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    }),
};

export interface Wire {
  readonly fetch: typeof globalThis.fetch;
  readonly writes: number;
  trouble(kind: Trouble | undefined): void;
}

function createWire(): Wire {
  let trouble: Trouble | undefined;
  let writes = 0;
  return {
    get writes() {
      return writes;
    },
    trouble(kind) {
      trouble = kind;
    },
    async fetch(input, init) {
      const method = init?.method ?? 'GET';
      const isWrite = method !== 'GET' && !/\/(graphql|access_tokens)$/.test(String(input));
      if (!isWrite) return fetch(input, init);
      writes += 1;
      if (trouble === 'hang') return hang(init?.signal ?? undefined);
      if (trouble !== undefined && trouble !== 'answer-lost')
        return Response.json({ message: `Refused ${String(input)}` }, { status: trouble.status });
      const response = await fetch(input, init);
      if (trouble !== 'answer-lost') return response;
      await response.arrayBuffer();
      throw new TypeError(`The connection to ${String(input)} broke.`);
    },
  };
}

function hang(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
  });
}

/** The grants app as the client hands it out, without its queue: what throws is what the client throws. */
function grantsApp(
  url: string,
  environment: Readonly<Record<string, string>>,
  wireFetch: typeof globalThis.fetch,
): NonNullable<AccessControlParts['grantsApp']> {
  const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const baseUrl = `${url}/api/v3`;
  const app = signAppToken(
    environment['COUNTERSIGN_GRANTS_APP_ID'] ?? '',
    environment['COUNTERSIGN_GRANTS_PRIVATE_KEY'] ?? '',
    instant(Date.now()),
  );
  const token = new Octokit({ baseUrl, auth: app.jwt, log: quiet }).rest.apps
    .createInstallationAccessToken({ installation_id: 45_100_002 })
    .then(({ data }) => data.token);
  return {
    forOrganization: async () => {
      const auth = await token;
      return {
        id: 45_100_002,
        at(_lane, { signal } = {}) {
          const octokit = new Octokit({
            baseUrl,
            auth,
            log: quiet,
            request: { fetch: wireFetch, ...(signal && { signal }) },
          });
          octokit.hook.error('request', (error) => {
            const setback = readSetback(error, 'the call', Date.now());
            if ('failure' in setback) throw setback.failure;
            throw new Failure('GitHub limits how often it is asked.', { transient: true });
          });
          return octokit;
        },
      };
    },
  };
}
