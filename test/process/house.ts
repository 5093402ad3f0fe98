// A sandbox in this process and the real app in one of its own: started, ended with a signal, started again on the same folder.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sampleWorld } from '../../sandbox/sample-world.ts';
import { startSandbox, type Sandbox } from '../../sandbox/server.ts';
import { builtApp } from '../built.ts';
import { pause, until } from './until.ts';

export interface House {
  readonly sandbox: Sandbox;
  /** Where everything of this house lies. */
  readonly folder: string;
  /** The app's store. */
  readonly dataFolder: string;
  /** Where the app listens. */
  readonly appUrl: string;
  /** Begins a life of the app. There is one at a time. */
  start(): Life;
  /** Whatever all lives have printed. */
  log(): string;
  close(): Promise<void>;
}

export interface Life {
  listens(): Promise<void>;
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<Death>;
}

export interface Death {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly afterMs: number;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The sample world, the repository's own flows, and these more on the desk's default branch. */
export async function openHouse(
  options: {
    readonly flows?: Readonly<Record<string, string>>;
    readonly seed?: number;
    /** More of what the app is told. */
    readonly environment?: Readonly<Record<string, string>>;
  } = {},
): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-process-'));
  const dataFolder = join(folder, 'app');
  const port = await freePort();
  const command = await builtApp();
  const sandbox = await startSandbox({
    port: 0,
    folder: join(folder, 'github'),
    world: sampleWorld,
    seedFolder: join(root, 'flows'),
    issueTemplateFolder: join(root, '.github/ISSUE_TEMPLATE'),
    ...(options.seed !== undefined && { seed: options.seed }),
  });
  const files = Object.entries(options.flows ?? {}).map(([name, text]) => [`flows/${name}.yml`, text]);
  if (files.length > 0)
    sandbox.as('max-p').pushFiles({ message: 'Add flows', files: Object.fromEntries(files), reviewed: true });
  sandbox.setWebhookUrl(`http://127.0.0.1:${port}/api/github/webhooks`);
  const printed: string[] = [];
  let last: Life | undefined;
  const environment = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    ...sandbox.environment(),
    HOST: '127.0.0.1',
    PORT: String(port),
    COUNTERSIGN_DATA: dataFolder,
    LOG_LEVEL: 'info',
    ...options.environment,
  };
  return {
    sandbox,
    folder,
    dataFolder,
    appUrl: `http://127.0.0.1:${port}`,
    start: () => (last = beginLife(command, environment, port, (text) => printed.push(text))),
    log: () => printed.join(''),
    async close() {
      await last?.end('SIGKILL');
      sandbox.setWebhookUrl(null);
      sandbox.faults.clear();
      await sandbox.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function beginLife(
  [program = '', ...args]: readonly string[],
  env: { readonly [name: string]: string | undefined },
  port: number,
  print: (text: string) => void,
): Life {
  const child = spawn(program, args, { cwd: root, env });
  child.stdout.on('data', (text: Buffer) => print(text.toString()));
  child.stderr.on('data', (text: Buffer) => print(text.toString()));
  let death: Omit<Death, 'afterMs'> | undefined;
  const gone = new Promise<Omit<Death, 'afterMs'>>((resolve) => {
    child.on('close', (code, signal) => resolve((death = { code, signal })));
  });
  return {
    async listens() {
      let isHeard = false;
      while (!isHeard) {
        if (death) throw new Error(`The app ended by itself: code ${death.code}, ${death.signal}.`);
        isHeard = await answers(port);
        if (!isHeard) await pause(20);
      }
    },
    async end(signal) {
      const askedAt = performance.now();
      child.kill(signal);
      return { ...(await gone), afterMs: performance.now() - askedAt };
    },
  };
}

/** Until the app has swept the deliveries and read again what is open, and has nothing more to ask of GitHub. */
export async function untilQuiet({ sandbox }: House, quietMs = 1200): Promise<void> {
  let count = -1;
  let since = 0;
  await until('the app to be done', () => {
    const now = performance.now();
    if (sandbox.requests.length !== count) since = now;
    count = sandbox.requests.length;
    return now - since > quietMs;
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
