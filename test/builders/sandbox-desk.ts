// A desk in a sandbox of its own, and our app's way to it, each call held against GitHub's own description.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleWorld } from '../../sandbox/sample-world.ts';
import { startSandbox, type Sandbox } from '../../sandbox/server.ts';
import { createGitHubApp, type GitHubApp } from '../../src/clients/github/github-app.ts';
import { gitHubPace } from '../../src/clients/github/pace.ts';
import { deskId, instant, type DeskId, type Milliseconds } from '../../src/domain/names.ts';
import type { Clock } from '../../src/engine/ports/clock.ts';
import { checkedFetch } from '../contracts/github/checked-fetch.ts';
import { createGitHubContract } from '../contracts/github/github-contract.ts';
import { printProblem, type Problem } from '../contracts/github/problem.ts';

export interface SandboxDesk {
  readonly sandbox: Sandbox;
  readonly desk: DeskId;
  readonly repository: number;
  readonly botLogin: string;
  readonly github: GitHubApp;
  /** The time, and so much that a test has pushed it on. */
  readonly clock: Clock & { push(ms: Milliseconds): void };
  /** Webhooks go here, and GitHub is told yes once it resolves. */
  hear: (event: string, payload: unknown) => Promise<void>;
  /** Calls of GitHub, as `POST /repos/acme/access/issues`. */
  readonly calls: string[];
  /** Where a call was not as GitHub describes it, or the sandbox did not know it. */
  wrongs(): readonly string[];
  stop(): Promise<void>;
}

const repository = 700_100_001;
const plenty = { burst: 100_000, refill: 100_000, per: 60_000 };

/** `seedFolder`: what becomes the desk's `flows/`. */
export async function aSandboxDesk(seedFolder?: string): Promise<SandboxDesk> {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-desk-'));
  let pushed = 0;
  const now = (): number => Date.now() + pushed;
  const sandbox = await startSandbox({
    port: 0,
    folder,
    world: sampleWorld,
    now: () => new Date(now()),
    ...(seedFolder !== undefined && { seedFolder }),
  });
  const problems: Problem[] = [];
  const calls: string[] = [];
  const clock: SandboxDesk['clock'] = {
    now: () => instant(now()),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    push: (ms) => void (pushed += ms),
  };
  const { APP_ID: appId = '', PRIVATE_KEY: privateKey = '' } = sandbox.environment();
  const checked = checkedFetch(createGitHubContract(), globalThis.fetch, problems);
  const house: SandboxDesk = {
    sandbox,
    desk: deskId('github', repository),
    repository,
    botLogin: 'countersign[bot]',
    clock,
    calls,
    github: createGitHubApp({
      appId,
      privateKey,
      baseUrl: `${sandbox.url}/api/v3`,
      fetch: (url, init) => {
        calls.push(`${init.method ?? 'GET'} ${new URL(url).pathname.replace('/api/v3', '')}`);
        return checked(url, init);
      },
      clock,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      pace: { ...gitHubPace, content: [plenty], restPoints: plenty, graphqlPoints: plenty, tries: 1 },
    }),
    hear: async () => undefined,
    wrongs: () => [
      ...problems.map(printProblem),
      ...sandbox.unknownRequests.map(({ method, path }) => `unknown: ${method} ${path}`),
    ],
    async stop() {
      sandbox.faults.clear();
      hooks.close();
      await sandbox.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  const hooks = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const payload: unknown = JSON.parse(Buffer.concat(chunks).toString());
      house.hear(String(request.headers['x-github-event']), payload).then(
        () => response.writeHead(200).end(),
        () => response.writeHead(500).end(),
      );
    });
  });
  await new Promise<void>((resolve) => hooks.listen(0, '127.0.0.1', resolve));
  const address = hooks.address();
  sandbox.setWebhookUrl(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`);
  return house;
}
