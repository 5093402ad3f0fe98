// Starts the sandbox: the embedded GitHub, the vault, and the hands to drive them, on one loopback port.
import { getRequestListener } from '@hono/node-server';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { createActivity } from './activity.ts';
import type { Beside } from './beside.ts';
import { createSandboxClock, type SandboxClock } from './clock.ts';
import { controlServer } from './control/serve.ts';
import { actingAs, changingTheWorld } from './driver.ts';
import { repositoryNamed } from './driver.ts';
import type { Person, WorldDriver } from './driver.ts';
import { environmentOf, slackEnvironment } from './environment.ts';
import { Faults } from './faults.ts';
import { openWebFlow } from './github/git/signing.ts';
import { serveGit } from './github/git/smart-http.ts';
import { appPages } from './github/app-pages.ts';
import { GitHub } from './github/github.ts';
import { serveGraphql } from './github/graphql/serve.ts';
import { notFound } from './github/problem.ts';
import { problemAnswer, respond, restServer } from './github/rest/serve.ts';
import type { AppRow, DeliveryRow, OutcomeRow, RepositoryRow } from './github/rows.ts';
import { createState, type PastRow } from './github/state.ts';
import { Webhooks } from './github/webhooks.ts';
import { createLedgerIndex, type LedgerIndex } from './ledger-index.ts';
import { Limits } from './limits.ts';
import { traffic } from './traffic.ts';
import type { LoggedRequest } from './traffic.ts';
import { sampleCompany } from './slack/sample-company.ts';
import { createSlack, type Slack } from './slack/slack.ts';
import { vaultServer } from './vault.ts';
import { holdings, ledgerLog } from './views.ts';
import type { Holdings, LedgerCommit } from './views.ts';
import { createWeather, type Weather } from './weather.ts';
import { buildWorld } from './world.ts';
import type { World } from './world.ts';

export interface SandboxOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Where everything lives, over kill -9 and restarts. */
  readonly folder: string;
  /** Built into an empty folder; a folder with a past keeps its own. */
  readonly world: World;
  readonly now?: () => Date;
  /** Where webhooks of the main app go; may be set later by `setWebhookUrl`. */
  readonly webhooks?: { readonly url?: string };
  /** Its files become the desk's `flows/`. */
  readonly seedFolder?: string;
  /** Its files become the desk's `.github/ISSUE_TEMPLATE/`. */
  readonly issueTemplateFolder?: string;
  /** Whether GitHub's rate limits are enforced; off unless said. */
  readonly limits?: boolean;
  /** For faults with a probability. */
  readonly seed?: number;
  /** Whether there is a Slack beside GitHub, with the same people. */
  readonly slack?: boolean;
  /** Where an empty world begins to make itself a past; the clock then begins there. */
  readonly past?: (now: Date) => PastRow;
}

export interface UnknownRequest {
  readonly method: string;
  readonly path: string;
}

export interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly app: string;
  readonly event: string;
  readonly action: string | null;
  readonly redelivery: boolean;
  readonly at: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Null while it is on its way. */
  readonly outcome: OutcomeRow | null;
}

export interface Sandbox {
  readonly port: number;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Everything the embedded GitHub knows. */
  readonly github: GitHub;
  /** Null where there is none. */
  readonly slack: Slack | null;
  readonly faults: Faults;
  readonly weather: Weather;
  readonly clock: SandboxClock;
  /** The repository where people ask. */
  readonly desk: RepositoryRow;
  readonly ledger: LedgerIndex;
  readonly requests: readonly LoggedRequest[];
  /** Requests and GraphQL fields the sandbox does not know: a test should find this empty. */
  readonly unknownRequests: readonly UnknownRequest[];
  readonly world: WorldDriver;
  /** Where to look at it in a browser; carries the token. */
  readonly pageUrl: string;
  /** Where the app itself listens, once it is known. */
  readonly appUrl: string | null;
  as(login: string): Person;
  /** Where its past has come to; undefined where it has none. */
  readonly past: PastRow | undefined;
  /** The app's process and the like; null where the sandbox stands alone, as in most tests. */
  readonly beside: Beside | null;
  standBeside(beside: Beside): void;
  /** Tells the pages to look again. */
  touch(): void;
  enforceLimits(enforced: boolean): void;
  /** How long the app has been silent. */
  readonly idleMs: number;
  /** Resolves once the app has been silent for so long, and no webhook is on its way to it. */
  quiet(ms: number): Promise<void>;
  /** Oldest first. */
  deliveries(): Delivery[];
  settled(): Promise<void>;
  setWebhookUrl(url: string | null, appSlug?: string): void;
  /** Where Slack's app takes what people do there. */
  setSlackUrl(url: string): void;
  redeliver(deliveryId: number): void;
  holdings(): Holdings;
  ledgerLog(repository?: string, branch?: string): LedgerCommit[];
  /** Everything the app needs to find this GitHub, as environment variables. */
  environment(): Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const state = createState(join(options.folder, 'github.jsonl'));
  const { past, from } = pastOf(options, state.apps.size === 0, state.pasts.get('past'));
  const clock = createSandboxClock({
    file: join(options.folder, 'clock'),
    ...(options.now ? { real: options.now } : {}),
    ...(from ? { from } : {}),
  });
  const { now } = clock;
  const github = new GitHub({ state, folder: join(options.folder, 'git'), now });
  const { world } = options;
  if (state.apps.size === 0) {
    buildWorld(github, world, {
      ...(options.seedFolder ? { flows: options.seedFolder } : {}),
      ...(options.issueTemplateFolder ? { issueTemplates: options.issueTemplateFolder } : {}),
    });
  }
  if (past) state.pasts.put(past);
  github.webFlow = await openWebFlow(state);
  const faults = new Faults(options.seed);
  const webhooks = new Webhooks(github, faults);
  const limits = new Limits({ enforced: options.limits ?? false, now });
  const log: LoggedRequest[] = [];
  const unknown: UnknownRequest[] = [];
  const parts = { github, webhooks, limits };
  const pageToken = state.secrets.get('page-token')?.value ?? '';
  const started: { sandbox?: Sandbox; beside?: Beside } = {};
  const server = new Hono<{ Bindings: HttpBindings }>();
  const watchers = new Set<() => void>();
  const changed = (): void => {
    for (const watcher of watchers) watcher();
  };
  github.onAnnouncement(changed);
  webhooks.onChange(changed);
  const slack = options.slack
    ? createSlack({
        clock,
        file: join(options.folder, 'slack.jsonl'),
        base: slackBase,
        limits: options.limits ?? false,
        ...(options.seed === undefined ? {} : { seed: options.seed }),
      })
    : null;
  const slackApp = slack && sampleCompany(slack).app;
  slack?.onChange(changed);
  const activity = createActivity();
  const watched = traffic({ ...parts, faults, activity, log, onRequest: changed });
  const reportUnknown = (request: UnknownRequest): void => {
    unknown.push(request);
    console.error(
      `sandbox: ${request.method} ${request.path} is not known here. If GitHub has it, add it in sandbox/github/.`,
    );
  };
  server.use('/api/*', watched);
  server.use('/service/*', watched);
  server.route('/api/v3', restServer(parts));
  server.post('/api/graphql', (context) =>
    serveGraphql(
      { ...parts, onUnknownField: (field) => reportUnknown({ method: 'GraphQL', path: field }) },
      context,
    ),
  );
  // Where github.com has it too.
  server.get('/web-flow.gpg', (context) => context.text(github.webFlow?.publicKey ?? ''));
  server.route('/', appPages(parts));
  server.route('/service/vault', vaultServer(github, state.secrets.get('vault-token')?.value ?? ''));
  for (const path of ['/info/refs', '/git-upload-pack', '/git-receive-pack']) {
    server.all(`/:owner/:repo${path}`, (context) => serveGit(github, context));
  }
  server.route(
    '/',
    controlServer({
      sandbox: () => whole(started.sandbox),
      desk: world.desk,
      token: pageToken,
      watch: (listener) => {
        watchers.add(listener);
        return () => watchers.delete(listener);
      },
    }),
  );
  server.notFound((context) => {
    if (/^\/(api|service)\//.test(context.req.path)) {
      reportUnknown({ method: context.req.method, path: context.req.path });
    }
    // A person's page, a file's page: GitHub's other pages are not here.
    if (/text\/html/.test(context.req.header('accept') ?? '')) return context.redirect('/');
    return respond(parts, 'nobody', problemAnswer(notFound()));
  });
  server.onError((error, context: Context) => {
    console.error(`sandbox: ${context.req.method} ${context.req.path} broke.`, error);
    return respond(parts, 'nobody', { status: 500, body: { message: 'Server Error' } });
  });

  const hear = getRequestListener(server.fetch);
  const http = createServer((request, response) => {
    if (!slack || !request.url?.startsWith(`${slackBase}/`)) return void hear(request, response);
    slack.handler(request, response).then(
      (isDone) => (isDone ? undefined : hear(request, response)),
      (error: unknown) => {
        console.error(`sandbox: ${request.method} ${request.url} broke.`, error);
        response.writeHead(500).end();
      },
    );
  });
  http.on('upgrade', (request, socket, head) => {
    if (!slack?.upgrade(request, socket, head)) socket.destroy();
  });
  const port = await listen(http, options.port);
  github.links.origin = `http://127.0.0.1:${port}`;
  if (slack) slack.origin = `${github.links.origin}${slackBase}`;
  const [mainApp] = world.apps;
  const appNamed = (slug: string | undefined): AppRow => {
    const row = state.apps.find((app) => app.slug === (slug ?? mainApp?.slug));
    if (!row) throw new Error(`No app in this world is called ${slug}.`);
    return row;
  };
  if (options.webhooks?.url) webhooks.setUrl(appNamed(undefined), options.webhooks.url);
  webhooks.resume();
  const sandbox: Sandbox = {
    port,
    url: github.links.origin,
    pageUrl: `${github.links.origin}/?token=${pageToken}`,
    get appUrl() {
      const url = webhooks.urlOf(appNamed(undefined));
      return url === undefined ? null : new URL(url).origin;
    },
    github,
    slack,
    faults,
    weather: createWeather(faults),
    clock,
    get desk() {
      return repositoryNamed(github, world.desk);
    },
    ledger: createLedgerIndex(github, () => repositoryNamed(github, world.desk)),
    get past() {
      return state.pasts.get('past');
    },
    get beside() {
      return started.beside ?? null;
    },
    standBeside: (beside) => void (started.beside = beside),
    touch: changed,
    enforceLimits: (enforced) => {
      limits.enforce(enforced);
      slack?.enforceLimits(enforced);
    },
    get idleMs() {
      return activity.idleMs;
    },
    quiet: (ms) => activity.quiet(ms, () => webhooks.pending > 0),
    requests: log,
    unknownRequests: unknown,
    world: changingTheWorld(github, world.organization.login, world.desk),
    as: (login) => actingAs(github, world.desk, login),
    deliveries: () => state.deliveries.all().map((row) => deliveryOf(github, row)),
    settled: () => webhooks.settled(),
    setWebhookUrl: (url, slug) => webhooks.setUrl(appNamed(slug), url),
    setSlackUrl: (url) => {
      if (slackApp) slack.company.changeApp(slackApp.id, { request_url: url });
    },
    redeliver: (id) => {
      const row = state.deliveries.get(id);
      if (row) webhooks.redeliver(github.appById(row.app_id), id);
    },
    holdings: () => holdings(github),
    ledgerLog: (repository = world.desk, branch = 'countersign/ledger') =>
      ledgerLog(github, repository, branch),
    environment: () => ({ ...environmentOf(github, world, port), ...(slack ? slackEnvironment(slack) : {}) }),
    stop: async () => {
      await new Promise<void>((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      });
      await Promise.all([webhooks.settled(), slack?.close()]);
      state.close();
    },
  };
  started.sandbox = sandbox;
  return sandbox;
}

/** Before each path of the embedded Slack. */
const slackBase = '/slack';

/** A past that was left unfinished goes on where it was: its next act is not yet over. */
function pastOf(
  { past, now = () => new Date() }: SandboxOptions,
  isEmpty: boolean,
  kept: PastRow | undefined,
): { readonly past?: PastRow; readonly from?: Date } {
  if (kept) return kept.finished ? {} : { from: new Date(kept.reachedAt) };
  const made = isEmpty ? past?.(now()) : undefined;
  return made ? { past: made, from: new Date(made.beganAt) } : {};
}

function whole(sandbox: Sandbox | undefined): Sandbox {
  if (!sandbox) throw new Error('The sandbox is still starting.');
  return sandbox;
}

function listen(http: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, '127.0.0.1', () => {
      const address = http.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

function deliveryOf(github: GitHub, row: DeliveryRow): Delivery {
  return {
    id: row.id,
    guid: row.guid,
    app: github.appById(row.app_id).slug,
    event: row.event,
    action: row.action,
    redelivery: row.redelivery,
    at: row.delivered_at,
    payload: JSON.parse(row.payload),
    headers: row.headers,
    outcome: github.state.outcomes.get(row.id) ?? null,
  };
}
