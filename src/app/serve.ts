// The app as a server: listens, verifies through Probot, and leaves in good order when it is told to.
import { createServer, type RequestListener, type Server } from 'node:http';
import { Probot } from 'probot';
import type { Log } from '../engine/ports/log.ts';
import type { LinkDeciding } from '../surfaces/email/deciding.ts';
import { startCountersign, type Countersign, type Given } from './countersign.ts';
import { createDecideEndpoint } from './decide-endpoint.ts';
import { createDeparture } from './departure.ts';
import { createJsonLog } from './json-log.ts';
import { createReadiness } from './readiness.ts';
import { createRoutes } from './routes.ts';
import { redirectedFetch } from './endpoints.ts';
import { createSandboxClock } from './sandbox-clock.ts';
import type { Settings } from './settings.ts';
import { openSlackDoor, type SlackDoor, type SlackDoorParts, type SlackEars } from './slack-door.ts';
import type { SlackSettings } from './slack-settings.ts';
import { startHint } from './start-hint.ts';
import { logOf, systemClock } from './system.ts';
import { createWebhookEndpoint } from './webhook-endpoint.ts';

/** For what is under way. Orchestrators give ten seconds before they kill, and the store is to be closed in them. */
const graceMs = 8000;

export async function serve(settings: Settings): Promise<void> {
  const json = settings.logFormat === 'json' ? createJsonLog(settings.logLevel) : undefined;
  const probot = new Probot({
    appId: settings.app.appId,
    privateKey: settings.app.privateKey,
    secret: settings.webhookSecret,
    baseUrl: settings.baseUrl,
    logLevel: logLevelOf(settings.logLevel),
    ...(json && { log: json }),
  });
  await probot.ready();
  const log = logOf(json ?? probot.log);
  const readiness = createReadiness(() => performance.now());
  const life: { running?: Countersign; slack?: SlackDoor } = {};
  // From the first moment: as the first process of a container, what it does not listen for it does not hear.
  const depart = createDeparture({
    clock: systemClock,
    log,
    async leave() {
      readiness.stopping();
      await life.slack?.stop();
      await life.running?.stop(graceMs);
    },
    exit: (code) => process.exit(code),
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, depart);
  const deafness = {
    since: () => life.slack?.deafSince(),
    endedAt: () => life.slack?.deafEndedAt(),
  };
  const clocked = Promise.resolve().then(() => clockOf(settings));
  const starting = clocked.then((time) =>
    startCountersign(settings, { log, deafness, onBell: readiness.heardBell, ...time }),
  );
  // Told below, once we listen; until then it must not count as heard by nobody.
  starting.catch(() => undefined);
  const webhook = createWebhookEndpoint({
    log,
    // Not `verifyAndReceive`: of what fails there, Probot logs all that was delivered, whoever sent it.
    verify: (payload, signature) => probot.webhooks.verify(payload, signature),
    accept: async (event, payload) => (await starting).acceptWebhook(event, payload),
  });
  const server = await open().catch((error: unknown) => {
    refuseToStart(error, log);
    return process.exit(1);
  });

  async function open(): Promise<Server> {
    const { clock = systemClock } = await clocked;
    if (settings.slack) life.slack = await openDoor(settings.slack, { settings, starting, clock, log });
    const slack = life.slack?.endpoints;
    const decide = settings.mail?.links && createDecideEndpoint({ deciding, clock, log });
    return listen(
      settings,
      createRoutes({ readiness, webhook, ...(slack && { slack }), ...(decide && { decide }) }),
    );
  }

  /** Whoever follows a link before the app is up waits for it. */
  async function deciding(): Promise<LinkDeciding> {
    const { deciding: found } = await starting;
    if (found === undefined) throw new Error('There are no links.');
    return found;
  }

  const running = await starting.catch((error: unknown) => {
    refuseToStart(error, log);
    server.close();
    server.closeAllConnections();
    process.exitCode = 1;
    return undefined;
  });
  if (running === undefined) return;
  life.running = running;
  life.slack?.connect();
  readiness.started();
  const { host, port, desks } = settings;
  log.info('Countersign is up', { host, port, desks: desks.map(({ name }) => name).join(' ') });
}

/** What comes before the app is up waits for it, and is refused where that takes too long. */
function openDoor(
  slack: SlackSettings,
  {
    settings,
    starting,
    ...around
  }: Pick<SlackDoorParts, 'clock' | 'log'> & {
    readonly settings: Settings;
    readonly starting: Promise<Countersign>;
  },
): Promise<SlackDoor> {
  const ears = async (): Promise<SlackEars> => {
    const { slack: hearing } = await starting;
    if (hearing === undefined) throw new Error('Slack is not heard.');
    return hearing;
  };
  return openSlackDoor({
    slack,
    accept: async (delivery) => (await ears()).accept(delivery),
    teamOf: async (connection) => (await ears()).teamOf(connection),
    fetch: redirectedFetch({
      endpoints: settings.endpoints,
      there: globalThis.fetch,
      otherwise: globalThis.fetch,
    }),
    ...around,
  });
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
