// Runs the sandbox with the real app beside it: one command, and approvals can be tried without any account.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { resolve } from 'node:path';
import { sampleWorld } from './sample-world.ts';
import { startSandbox } from './server.ts';
import type { Sandbox, SandboxOptions } from './server.ts';

export interface RunSandboxOptions {
  /** The app's program and its arguments: `[process.execPath, '--import', 'tsx', 'src/main.ts']`. */
  readonly appCommand: readonly string[];
  /** Its files become the desk's `flows/`. */
  readonly seedFolder: string;
  readonly issueTemplateFolder?: string;
  /** Where the sandbox lives; `.sandbox` unless said. */
  readonly folder?: string;
  readonly port?: number;
  readonly appPort?: number;
  /** Where the app takes webhooks. */
  readonly webhookPath?: string;
  /** What the app needs beside the sandbox's own variables. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly world?: SandboxOptions['world'];
  readonly now?: () => Date;
  readonly print?: (line: string) => void;
}

export interface RunningSandbox {
  readonly sandbox: Sandbox;
  readonly appUrl: string;
  /** The app's process, anew after each restart. */
  app(): ChildProcess;
  stop(): Promise<void>;
}

const PORT = 8740;
const APP_PORT = 8741;
const START_WITHIN_MS = 20_000;
const END_WITHIN_MS = 10_000;
const LONGEST_REST_MS = 10_000;

export async function runSandbox(options: RunSandboxOptions): Promise<RunningSandbox> {
  const print = options.print ?? ((line) => console.log(line));
  const appPort = options.appPort ?? APP_PORT;
  const appUrl = `http://127.0.0.1:${appPort}`;
  const sandbox = await startSandbox({
    port: options.port ?? PORT,
    folder: resolve(options.folder ?? '.sandbox'),
    world: options.world ?? sampleWorld,
    seedFolder: options.seedFolder,
    limits: true,
    webhooks: { url: `${appUrl}${options.webhookPath ?? '/api/github/webhooks'}` },
    ...(options.issueTemplateFolder ? { issueTemplateFolder: options.issueTemplateFolder } : {}),
    ...(options.now ? { now: options.now } : {}),
  }).catch((error: unknown) => {
    if (isAddressInUse(error)) {
      throw new Error(
        `Port ${options.port ?? PORT} is taken: another sandbox may be running. Stop it, or choose another: SANDBOX_PORT=8750 npm start`,
        { cause: error },
      );
    }
    throw error;
  });
  const app = keepRunning(
    options.appCommand,
    {
      ...process.env,
      ...sandbox.environment(),
      HOST: '127.0.0.1',
      PORT: String(appPort),
      COUNTERSIGN_DATA: resolve(options.folder ?? '.sandbox', 'app'),
      ...options.environment,
    },
    print,
  );
  const stop = async (): Promise<void> => {
    await app.stop();
    await sandbox.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void stop().then(() => process.exit(0)));
  }
  await listening(appPort);
  print(`Sandbox   ${sandbox.pageUrl}`);
  print('Try       open an issue as Ann, approve it as Bob, and watch the targets and the ledger.');
  print(`Look      git clone ${sandbox.url}/acme/access.git   (the app itself: ${appUrl})`);
  return { sandbox, appUrl, app: app.child, stop };
}

interface KeptRunning {
  child(): ChildProcess;
  stop(): Promise<void>;
}

/** Starts the command, and starts it again when it ends on its own, resting a little longer each time. */
function keepRunning(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  print: (line: string) => void,
): KeptRunning {
  const [program = '', ...args] = command;
  let stopping = false;
  let restMs = 250;
  let waking: ReturnType<typeof setTimeout> | undefined;
  const start = (): ChildProcess => {
    const began = Date.now();
    const child = spawn(program, args, { env, stdio: 'inherit' });
    child.on('error', (error) => print(`The app could not be started: ${error.message}`));
    child.on('exit', (code, signal) => {
      if (stopping) return;
      restMs = Date.now() - began > 30_000 ? 250 : Math.min(restMs * 2, LONGEST_REST_MS);
      print(`The app ended (${signal ?? `code ${code}`}). Starting it again.`);
      waking = setTimeout(() => (current = start()), restMs);
    });
    return child;
  };
  let current = start();
  return {
    child: () => current,
    stop: async () => {
      stopping = true;
      clearTimeout(waking);
      await end(current);
    },
  };
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined)
    return Promise.resolve();
  return new Promise((done) => {
    const impatient = setTimeout(() => child.kill('SIGKILL'), END_WITHIN_MS);
    child.once('exit', () => {
      clearTimeout(impatient);
      done();
    });
    child.kill('SIGTERM');
  });
}

/** Until the app answers, or has had long enough: it may still come. */
async function listening(port: number): Promise<void> {
  const giveUp = Date.now() + START_WITHIN_MS;
  while (Date.now() < giveUp && !(await answers(port))) {
    await new Promise((done) => setTimeout(done, 100));
  }
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

function isAddressInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
