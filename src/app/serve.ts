// The app as a server: listens, verifies through Probot, and leaves in good order when it is told to.
import { createServer, type RequestListener, type Server } from 'node:http';
import { Probot } from 'probot';
import type { Log } from '../engine/ports.ts';
import { startCountersign, type Countersign, type Given } from './countersign.ts';
import { createDeparture } from './departure.ts';
import { createReadiness } from './readiness.ts';
import { createRoutes } from './routes.ts';
import { createSandboxClock } from './sandbox-clock.ts';
import type { Settings } from './settings.ts';
import { startHint } from './start-hint.ts';
import { logOf, systemClock } from './system.ts';
import { createWebhookEndpoint } from './webhook-endpoint.ts';

/** For what is under way. Orchestrators give ten seconds before they kill, and the store is to be closed in them. */
const graceMs = 8000;

export async function serve(settings: Settings): Promise<void> {
  const probot = new Probot({
    appId: settings.app.appId,
    privateKey: settings.app.privateKey,
    secret: settings.webhookSecret,
    baseUrl: settings.baseUrl,
    logLevel: logLevelOf(settings.logLevel),
    logFormat: settings.logFormat,
  });
  await probot.ready();
  const log = logOf(probot.log);
  const readiness = createReadiness(() => performance.now());
  const life: { running?: Countersign } = {};
  // From the first moment: as the first process of a container, what it does not listen for it does not hear.
  const depart = createDeparture({
    clock: systemClock,
    log,
    async leave() {
      readiness.stopping();
      await life.running?.stop(graceMs);
    },
    exit: (code) => process.exit(code),
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, depart);
  const starting = Promise.resolve().then(() =>
    startCountersign(settings, { log, onBell: readiness.heardBell, ...clockOf(settings) }),
  );
  const webhook = createWebhookEndpoint({
    log,
    // Not `verifyAndReceive`: of what fails there, Probot logs all that was delivered, whoever sent it.
    verify: (payload, signature) => probot.webhooks.verify(payload, signature),
    accept: async (event, payload) => (await starting).acceptWebhook(event, payload),
  });
  const server = await listen(settings, createRoutes({ readiness, webhook })).catch((error: unknown) => {
    refuseToStart(error, log);
    return process.exit(1);
  });
  const running = await starting.catch((error: unknown) => {
    refuseToStart(error, log);
    server.close();
    server.closeAllConnections();
    process.exitCode = 1;
    return undefined;
  });
  if (running === undefined) return;
  life.running = running;
  readiness.started();
  const { host, port, desks } = settings;
  log.info('Countersign is up', { host, port, desks: desks.map(({ name }) => name).join(' ') });
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

function listen({ host, port }: Settings, routes: RequestListener): Promise<Server> {
  const server = createServer(routes);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
function logLevelOf(text: string): LogLevel {
  const levels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
  return levels.find((level) => level === text) ?? 'info';
}
