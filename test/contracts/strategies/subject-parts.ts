// What the subjects of the strategy contract share: a sandbox, the two apps, people, and trouble on the wire.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../../../sandbox/server.ts';
import { sampleWorld } from '../../../sandbox/sample-world.ts';
import { createGitHubApp, type GitHubApp } from '../../../src/clients/github/github-app.ts';
import { gitHubPace } from '../../../src/clients/github/pace.ts';
import { instant, personId, type PersonId } from '../../../src/domain/names.ts';
import type { AccessControl, AccessReports } from '../../../src/engine/ports/access.ts';
import type { Clock } from '../../../src/engine/ports/clock.ts';
import { createAccessControl, type AccessControlParts } from '../../../src/strategies/access-control.ts';
import { strategies } from '../../../src/strategies/index.ts';
import type { Person } from '../../../src/strategies/strategy.ts';
import { checkedFetch, loudly, type ProblemSink } from '../github/checked-fetch.ts';
import { createGitHubContract } from '../github/github-contract.ts';
import { testOutside } from '../../outside.ts';
import type { Trouble } from '../strategy.ts';
import { fetchThrough, straight, type Passage } from './passage.ts';

export interface World {
  readonly sandbox: Sandbox;
  readonly wire: Wire;
  readonly parts: AccessControlParts;
  /** Those of another process, each of whose calls takes this way. */
  partsThrough(passage: Passage): AccessControlParts;
  /** The app that reads and writes the desk; the one that grants is among the parts. */
  readonly mainApp: GitHubApp;
  readonly grantsApp: GitHubApp;
  close(): Promise<void>;
}

/** One world for a whole suite: to make the apps' keys takes longest. */
export async function openWorld(clock: Clock = createQuickClock()): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-strategy-'));
  const wire = createWire();
  const now = () => new Date(clock.now());
  const sandbox = await startSandbox({ port: 0, folder, world: sampleWorld, now });
  const environment = sandbox.environment();
  const grantsAppThrough = (passage: Passage): GitHubApp =>
    anApp('COUNTERSIGN_GRANTS_', {
      ...{ url: sandbox.url, environment, clock },
      fetch: fetchThrough(passage, wire.fetch),
    });
  const partsWith = (passage: Passage, app: GitHubApp): AccessControlParts => ({
    strategies,
    clock,
    outside: testOutside({ clock, fetch: fetchThrough(passage, wire.fetch) }),
    person: async (_, person) => people.get(person),
    integrations: async () => [],
    githubLogin: async (_, id) => sandbox.github.accountById(id).login,
    grantsApp: app,
    sealing: { keys: [], nonce: () => Buffer.alloc(12) },
  });
  const grantsApp = grantsAppThrough(straight);
  return {
    sandbox,
    wire,
    parts: partsWith(straight, grantsApp),
    partsThrough: (passage) => partsWith(passage, grantsAppThrough(passage)),
    grantsApp,
    mainApp: anApp('', { url: sandbox.url, environment, fetch: wire.fetch, clock }),
    async close() {
      await sandbox.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function accessControl(parts: AccessControlParts): AccessControl & AccessReports {
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

/** Time that passes twenty times as fast, except for those who give a service a limit: a busy machine needs that. */
export function createQuickClock(): Clock {
  const start = Date.now();
  return {
    now: () => instant(start + (Date.now() - start) * 20),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const timer = setTimeout(resolve, ms < 5_000 ? ms / 20 : ms);
        const wake = (): void => {
          clearTimeout(timer);
          resolve();
        };
        signal?.addEventListener('abort', wake, { once: true });
      }),
  };
}

export interface Wire {
  readonly fetch: typeof globalThis.fetch;
  readonly writes: number;
  trouble(kind: Trouble | undefined): void;
}

/** GitHub explains a refusal in a body, also where its description has none. */
const unlessRefusal: ProblemSink = {
  push: (problem) =>
    /^40[34] comes without a body$/.test(problem.message) ? undefined : loudly.push(problem),
};

/** What reaches GitHub, and what it answers, is as GitHub's own description says. */
function createWire(): Wire {
  const toGitHub = checkedFetch(createGitHubContract(), globalThis.fetch, unlessRefusal);
  const fetch: typeof globalThis.fetch = (input, init) =>
    String(input).includes('/api/') ? toGitHub(input, init) : globalThis.fetch(input, init);
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
      if (trouble !== undefined && trouble !== 'answer-lost') return refusal(trouble.status, String(input));
      const response = await fetch(input, init);
      if (trouble !== 'answer-lost') return response;
      await response.arrayBuffer();
      throw new TypeError(`The connection to ${String(input)} broke.`);
    },
  };
}

function refusal(status: number, url: string): Response {
  const headers: Record<string, string> = status === 429 ? { 'retry-after': '1' } : {};
  return Response.json({ message: `Refused ${url}` }, { status, headers });
}

function hang(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
  });
}

/** The real client. A 5xx is not waited out here, so that whoever asked is seen to pass it on. */
export function anApp(
  prefix: '' | 'COUNTERSIGN_GRANTS_',
  {
    url,
    environment,
    fetch,
    clock,
  }: {
    readonly url: string;
    readonly environment: Readonly<Record<string, string>>;
    readonly fetch: typeof globalThis.fetch;
    readonly clock: Clock;
  },
): GitHubApp {
  return createGitHubApp({
    appId: environment[`${prefix}APP_ID`] ?? '',
    privateKey: environment[`${prefix}PRIVATE_KEY`] ?? '',
    baseUrl: `${url}/api/v3`,
    fetch,
    clock,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    pace: { ...gitHubPace, restPoints: plenty, graphqlPoints: plenty, tries: 1 },
  });
}

const plenty = { burst: 100_000, refill: 100_000, per: 60_000 };
