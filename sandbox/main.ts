// Runs the sandbox with the real app beside it: one command, and approvals can be tried without any account.
import type { ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import type { Beside } from './beside.ts';
import { standingOf } from './control/standing.ts';
import { isRunning, keepRunning } from './keep-running.ts';
import { newPast, playPast } from './past/play.ts';
import type { PastProgress, PlayedPast } from './past/play.ts';
import { ensureAppPort, inWords } from './place.ts';
import { sampleWorld } from './sample-world.ts';
import { startSandbox } from './server.ts';
import type { Sandbox, SandboxOptions } from './server.ts';
import { verifierOf } from './verifier.ts';

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
  /** Where it takes what people do on Slack. */
  readonly slackPath?: string;
  /** What the app needs beside the sandbox's own variables. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly world?: SandboxOptions['world'];
  readonly now?: () => Date;
  readonly print?: (line: string) => void;
  /** Whether a new sandbox makes itself two weeks of requests, while the page can be looked at already. */
  readonly past?: boolean;
  /** The program that verifies a ledger, and its arguments: a folder with a clone of it is added at the end. */
  readonly verifyCommand?: readonly string[];
}

export interface RunningSandbox {
  readonly sandbox: Sandbox;
  readonly appUrl: string;
  /** The app's process, anew after each restart. */
  app(): ChildProcess;
  /** Resolves once the past is there, at once where none is made. */
  readonly past: Promise<void>;
  stop(): Promise<void>;
}

const PORT = 8740;
const APP_PORT = 8741;
const START_WITHIN_MS = 20_000;

export async function runSandbox(options: RunSandboxOptions): Promise<RunningSandbox> {
  const print = options.print ?? ((line) => console.log(line));
  const folder = resolve(options.folder ?? '.sandbox');
  const port = options.port ?? PORT;
  const appPort = options.appPort ?? APP_PORT;
  const appUrl = `http://127.0.0.1:${appPort}`;
  await ensureAppPort(appPort);
  const sandbox = await startSandbox({
    port,
    folder,
    world: options.world ?? sampleWorld,
    seedFolder: options.seedFolder,
    limits: true,
    slack: true,
    webhooks: { url: `${appUrl}${options.webhookPath ?? '/api/github/webhooks'}` },
    ...(options.issueTemplateFolder ? { issueTemplateFolder: options.issueTemplateFolder } : {}),
    ...(options.now ? { now: options.now } : {}),
    ...(options.past ? { past: newPast } : {}),
  }).catch((error: unknown) => {
    throw inWords(error, { port, appPort, folder });
  });
  sandbox.setSlackUrl(`${appUrl}${options.slackPath ?? '/api/slack/events'}`);
  const app = keepRunning({
    command: options.appCommand,
    env: {
      ...process.env,
      ...sandbox.environment(),
      HOST: '127.0.0.1',
      PORT: String(appPort),
      COUNTERSIGN_DATA: join(folder, 'app'),
      COUNTERSIGN_SANDBOX_CLOCK: sandbox.clock.file,
      ...options.environment,
    },
    print,
    changed: () => void look(),
  });
  const beside: { state: Beside['app']['state']; past: PlayedPast | null } = {
    state: 'starting',
    past: null,
  };

  /** Looks until the app answers, or has ended. */
  async function look(): Promise<void> {
    const child = app.child();
    const isCurrent = (): boolean => isRunning(child) && app.child() === child;
    beside.state = isCurrent() ? 'starting' : 'down';
    sandbox.touch();
    const giveUp = Date.now() + START_WITHIN_MS;
    while (isCurrent() && Date.now() < giveUp) {
      if (await answers(appPort)) {
        beside.state = 'up';
        return sandbox.touch();
      }
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  sandbox.standBeside({
    get app() {
      const { pid } = app.child();
      return {
        state: beside.state,
        pid: beside.state === 'down' ? null : (pid ?? null),
        restarts: app.restarts,
      };
    },
    get past() {
      return beside.past;
    },
    kill: app.kill,
    verify: options.verifyCommand ? verifierOf(sandbox, options.verifyCommand) : null,
  });
  const stop = async (): Promise<void> => {
    beside.past?.stop();
    await app.stop();
    await sandbox.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void stop().then(() => process.exit(0)));
  }
  await look();
  const { past } = sandbox;
  const isNew = past !== undefined && !past.finished;
  const waits = isNew
    ? 'In a minute a request waits for Bob: click on his face.'
    : sandbox.ledger.requests().some((request) => standingOf(sandbox, request).waitsFor.includes('bob-l'))
      ? 'A request waits for Bob: click on his face.'
      : 'Open an issue, then be Bob.';
  print(`Open it   ${sandbox.pageUrl}   You are Ann. ${waits}`);
  print(
    `Clone it  git clone ${sandbox.url}/${(options.world ?? sampleWorld).desk}.git   (the app itself: ${appUrl})`,
  );
  print(
    'Break it  under “Trouble” on the page: kill the app, lose webhooks, forge the ledger. Or push the clock.',
  );
  if (isNew) {
    beside.past = playPast(sandbox, past, tellProgress(sandbox, print));
    beside.past.ended.catch((error: unknown) => {
      print(`The past could not be made to its end: ${error instanceof Error ? error.message : 'unknown'}`);
    });
  }
  return { sandbox, appUrl, app: app.child, past: beside.past?.ended ?? Promise.resolve(), stop };
}

/** A line each quarter, and one at the end. */
function tellProgress(sandbox: Sandbox, print: (line: string) => void): (progress: PastProgress) => void {
  const began = Date.now();
  let told = 0;
  return ({ done, of, requests, finished }) => {
    const quarter = Math.floor((4 * done) / of);
    if (finished)
      print(`The past is there: ${requests} requests, in ${Math.round((Date.now() - began) / 1000)} s.`);
    else if (quarter > told && quarter < 4)
      print(`Two weeks of requests are being made: ${requests} so far.`);
    told = Math.max(told, quarter);
    sandbox.touch();
  };
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
