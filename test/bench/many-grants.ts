// A hundred thousand active grants in the embedded store of a stopped app, and the app that is started upon them.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { startChild } from './child.ts';
import type { Bench } from './figure.ts';

export interface ManyGrants {
  /** The store's. */
  readonly data: string;
  /** 64 files of JSON: the state of every request, as `evolve` folds it. */
  readonly plain: string;
}

export interface GrantsWish {
  readonly name: string;
  readonly count: number;
  /** So many of them expire at `dueAt`, all others much later. */
  readonly due?: number;
  readonly dueAt?: number;
}

export const grantCount = 100_000;
const made = new Map<string, Promise<ManyGrants>>();

/** Made once a run for each name. */
export function manyGrants(bench: Bench, wish: GrantsWish): Promise<ManyGrants> {
  const place = join(bench.folder, wish.name);
  const known = made.get(place) ?? make(bench, place, wish);
  made.set(place, known);
  return known;
}

async function make(
  { say }: Bench,
  folder: string,
  { count, due = 0, dueAt = 0 }: GrantsWish,
): Promise<ManyGrants> {
  say(`making ${count} active grants (about a minute for 100,000)`);
  const child = startChild('seed-grants-process.ts', [folder, count, due, dueAt].map(String));
  say(`made, as the process says: ${JSON.stringify(await child.next())}`);
  await child.kill();
  return { data: join(folder, 'data'), plain: join(folder, 'plain') };
}

/** What the app needs to start on this data, beside a GitHub that knows its app and nothing else. */
export async function surroundings(data: string): Promise<{
  readonly environment: NodeJS.ProcessEnv;
  end(): void;
}> {
  const github = createServer((request, response) => {
    const isApp = request.url?.endsWith('/app') === true;
    response
      .writeHead(isApp ? 200 : 404, { 'content-type': 'application/json' })
      .end(JSON.stringify(isApp ? { id: 1001, slug: 'countersign' } : { message: 'Not Found' }));
  });
  await new Promise<void>((resolve) => github.listen(0, '127.0.0.1', resolve));
  const address = github.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    environment: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      TMPDIR: process.env['TMPDIR'],
      APP_ID: '1001',
      PRIVATE_KEY: aPrivateKey(),
      WEBHOOK_SECRET: 'the secret of the bench',
      GHE_HOST: `127.0.0.1:${port}`,
      GHE_PROTOCOL: 'http',
      COUNTERSIGN_DESKS: 'acme/desk#4711',
      COUNTERSIGN_DATA: data,
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'info',
    },
    end() {
      github.closeAllConnections();
      github.close();
    },
  };
}

function aPrivateKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
