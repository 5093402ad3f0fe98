// The app as a server: listens, verifies through Probot, and leaves in good order when it is told to.
import { createServer, type Server } from 'node:http';
import { Probot } from 'probot';
import type { Log } from '../engine/ports.ts';
import { startCountersign, type Countersign, type Given } from './countersign.ts';
import { deliverTo } from './probot.ts';
import { createSandboxClock } from './sandbox-clock.ts';
import type { Settings } from './settings.ts';
import { startHint } from './start-hint.ts';
import { logOf } from './system.ts';
import { createWebhookEndpoint, webhookPath } from './webhook-endpoint.ts';

/** GitHub and orchestrators give about so long before they kill. */
const graceMs = 8000;

export async function serve(settings: Settings): Promise<void> {
  const probot = new Probot({
    appId: settings.app.appId,
    privateKey: settings.app.privateKey,
    secret: settings.webhookSecret,
    baseUrl: settings.baseUrl,
    logLevel: logLevelOf(settings.logLevel),
  });
  await probot.ready();
  const log = logOf(probot.log);
  const starting = Promise.resolve().then(() => startCountersign(settings, { log, ...clockOf(settings) }));
  await probot.load(deliverTo(() => starting));
  const server = await listen(
    settings,
    createWebhookEndpoint({ log, receive: (delivery) => probot.webhooks.verifyAndReceive(delivery) }),
  ).catch((error: unknown) => {
    refuseToStart(error, log);
    return process.exit(1);
  });
  const running = await starting.catch((error: unknown) => {
    refuseToStart(error, log);
    server.close();
    process.exitCode = 1;
  });
  if (running === undefined) return;
  const { host, port, desks } = settings;
  log.info('Countersign is up', { host, port, desks: desks.map(({ name }) => name).join(' ') });
  leaveInGoodOrder(server, running, () => log.info('Countersign has stopped'));
}

function clockOf({ sandboxClock }: Settings): Pick<Given, 'clock' | 'onPush'> {
  if (sandboxClock === undefined) return {};
  const clock = createSandboxClock(sandboxClock);
  return { clock, onPush: clock.onPush };
}

function refuseToStart(error: unknown, log: Log): void {
  const hint = startHint(error);
  log.error('Countersign does not start', {
    error: error instanceof Error ? error.message : 'unknown',
    ...(hint !== undefined && { hint }),
  });
}

function listen(
  { host, port }: Settings,
  receive: ReturnType<typeof createWebhookEndpoint>,
): Promise<Server> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (path === webhookPath) void receive(request, response);
    else
      response
        .writeHead(path === '/' ? 200 : 404, { 'content-type': 'text/plain; charset=utf-8' })
        .end(path === '/' ? 'Countersign\n' : 'There is nothing here.\n');
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

function leaveInGoodOrder(server: Server, running: Countersign, done: () => void): void {
  let isLeaving = false;
  const leave = async (): Promise<void> => {
    if (isLeaving) return;
    isLeaving = true;
    server.close();
    await running.stop(graceMs);
    done();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void leave());
}

type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
function logLevelOf(text: string): LogLevel {
  const levels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
  return levels.find((level) => level === text) ?? 'info';
}
