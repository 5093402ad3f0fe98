// The embedded Slack: workspaces, people and apps, the Web API over HTTP, Socket Mode, and the hands to act in it.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Faults } from '../faults.ts';
import { serve, type LoggedCall } from './api/serve.ts';
import { createCompany, there, type Company } from './company.ts';
import { createDelivery, verifyUrl } from './deliver.ts';
import { createEvents } from './events.ts';
import { closeView, submitView } from './forms.ts';
import { press, suggest } from './interactions.ts';
import type { Json } from './json.ts';
import {
  command,
  directMessageWith,
  messageShortcut,
  openHome,
  say,
  shortcut,
  type Hands,
} from './people.ts';
import { createRates } from './rates.ts';
import { createResponseUrls } from './response-urls.ts';
import { join, leave, uninstall } from './membership.ts';
import type { AppRow, ChannelRow, MessageRow, ViewRow } from './rows.ts';
import { messagesSeenBy, seenBy, snapshot } from './snapshot.ts';
import { createSockets } from './sockets.ts';
import { createState, type State } from './state.ts';
import { createTriggers } from './triggers.ts';
import { createSlackWeather, type SlackWeather } from './weather.ts';
import type { World } from './world.ts';

export interface SlackOptions {
  /** The sandbox's clock, or a test's. Its `offset` from the machine's time is negative while a past is being made. */
  readonly clock?: { now(): Date; readonly offset?: number };
  /** Where it is kept over restarts; without it, it lives as long as the process. */
  readonly file?: string;
  /** Before each path, where it shares a port: `/slack`. */
  readonly base?: string;
  /** Whether Slack's rate limits are enforced; off unless said, as the embedded GitHub's. */
  readonly limits?: boolean;
  /** How long an app has to acknowledge, in real milliseconds: 3000 as Slack's, unless a test is in a hurry. */
  readonly ackMs?: number;
  /** For faults with a probability. */
  readonly seed?: number;
}

type Drop<Parts extends readonly unknown[]> = Parts extends readonly [unknown, ...infer Rest] ? Rest : never;
/** What a person does, without the hands that do it. */
type Act<Does extends (hands: Hands, ...rest: never[]) => unknown> = (
  ...rest: Drop<Parameters<Does>>
) => ReturnType<Does>;

export interface Slack {
  /** Workspaces, people, channels, apps and groups: made and changed. */
  readonly company: Company;
  readonly state: State;
  readonly faults: Faults;
  readonly weather: SlackWeather;
  /** Where it is reached, with its base: `http://127.0.0.1:PORT/slack`. Set once the port is known. */
  origin: string;
  /** What the app takes for `SLACK_API_URL`. */
  readonly apiUrl: string;
  /** Resolves to false where the path is none of Slack's. */
  handler(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** Web sockets; false where the path is none of Slack's. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;

  readonly command: Act<typeof command>;
  readonly shortcut: Act<typeof shortcut>;
  readonly messageShortcut: Act<typeof messageShortcut>;
  readonly press: Act<typeof press>;
  readonly suggest: Act<typeof suggest>;
  readonly submitView: Act<typeof submitView>;
  readonly closeView: Act<typeof closeView>;
  readonly openHome: Act<typeof openHome>;
  readonly say: Act<typeof say>;
  /** Adds somebody to a channel, and tells the apps in it. */
  join(user: string, channel: string): void;
  leave(user: string, channel: string): void;
  /** Takes the app out of its workspace: its token is no longer good. */
  uninstall(app: string): void;

  /** The modals that somebody sees, the lowest first. */
  modals(user: string): readonly ViewRow[];
  home(user: string): ViewRow | undefined;
  /** All of a channel, ephemeral ones too, oldest first. */
  messages(channel: string): readonly MessageRow[];
  /** Of a person with an app. */
  directMessage(user: string, app: string): ChannelRow;
  /** For a page. */
  snapshot(): ReturnType<typeof snapshot>;
  seenBy(user: string): ReturnType<typeof seenBy>;
  messagesSeenBy(
    user: string,
    where: { readonly channel: string; readonly thread?: string },
  ): ReturnType<typeof messagesSeenBy>;

  /** Every call of the Web API, oldest first; without tokens. */
  readonly calls: readonly LoggedCall[];
  /** Methods that it does not know: a test should find this empty. */
  readonly unknownMethods: readonly string[];
  enforceLimits(enforced: boolean): void;
  /** Whether the app's address answers the challenge, as Slack asks before it takes one. */
  verifyUrl(app: string): Promise<boolean>;
  /** Asks the app's sockets to connect anew. */
  refreshSockets(app: string): void;
  /** Delivers again the events that are due by now; done by itself about each second. */
  tick(): Promise<void>;
  readonly waitingEvents: number;
  readonly lostEvents: readonly Json[];
  /** Resolves when no event is on its way. */
  settled(): Promise<void>;
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

const MOST_LOGGED = 5000;
/** Further back than that, no library takes what Slack signs: it goes by the machine's time. */
const longestSkewMs = 4 * 60_000;

const TICK_MS = 1000;

export function createSlack(options: SlackOptions = {}): Slack {
  const clock: NonNullable<SlackOptions['clock']> = options.clock ?? { now: () => new Date() };
  const isPast = (): boolean => (clock.offset ?? 0) < -longestSkewMs;
  const now = (): Date => clock.now();
  const base = options.base ?? '';
  const state = createState(options.file ?? null, now);
  const faults = new Faults(options.seed);
  const rates = createRates(now, options.limits ?? false);
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const where = { origin: `http://127.0.0.1${base}` };
  const world: World = {
    state,
    now,
    get origin() {
      return where.origin;
    },
    triggers: createTriggers(now),
    responseUrls: createResponseUrls(now),
    sockets: createSockets(() => where.origin),
    tell(happening) {
      if (!isPast()) events.tell(happening);
    },
    changed,
  };
  const delivery = createDelivery(world, options.ackMs ?? 3000);
  const events = createEvents(world, delivery, faults);
  const weather = createSlackWeather(faults, changed);
  const company = createCompany(state, now, changed);
  const hands: Hands = { world, delivery, events, isDown: () => weather.isDown, offered: new Map() };
  const calls: LoggedCall[] = [];
  const unknownMethods: string[] = [];
  let count = 0;
  const parts = {
    world,
    rates,
    faults,
    base,
    log: (call: Omit<LoggedCall, 'id' | 'at'>): void => {
      if (calls.length >= MOST_LOGGED) calls.splice(0, MOST_LOGGED / 2);
      count += 1;
      calls.push({ id: count, at: now().toISOString(), ...call });
      changed();
    },
    onUnknown: (method: string): void => {
      unknownMethods.push(method);
      console.error(
        `sandbox: Slack's method ${method} is not known here. If Slack has it, add it in sandbox/slack/api/.`,
      );
    },
  };
  const ticking = setInterval(() => void events.tick(), TICK_MS);
  ticking.unref();
  const appCalled = (id: string): AppRow => there(state.apps.get(id), 'app', id);
  return {
    company,
    state,
    faults,
    weather,
    get origin() {
      return where.origin;
    },
    set origin(origin) {
      where.origin = origin;
    },
    get apiUrl() {
      return `${where.origin}/api/`;
    },
    handler: (request, response) => serve(parts, request, response),
    upgrade: (request, socket, head) => world.sockets.upgrade(request, socket, head),
    command: (...rest) => command(hands, ...rest),
    shortcut: (...rest) => shortcut(hands, ...rest),
    messageShortcut: (...rest) => messageShortcut(hands, ...rest),
    press: (...rest) => press(hands, ...rest),
    suggest: (...rest) => suggest(hands, ...rest),
    submitView: (...rest) => submitView(hands, ...rest),
    closeView: (...rest) => closeView(hands, ...rest),
    openHome: (...rest) => openHome(hands, ...rest),
    say: (...rest) => say(hands, ...rest),
    join: (user, channel) => join(hands, company, { user, channel }),
    leave: (user, channel) => leave(hands, company, { user, channel }),
    uninstall: (app) => uninstall(hands, company, app),
    modals: (user) =>
      state.views
        .in(user)
        .filter((row) => row.type === 'modal')
        .sort((a, b) => a.order - b.order),
    home: (user) => state.views.in(user).find((row) => row.type === 'home'),
    messages: (channel) => state.messages.in(channel).sort((a, b) => (a.ts < b.ts ? -1 : 1)),
    directMessage: (user, app) => directMessageWith(world, user, appCalled(app)),
    snapshot: () => snapshot(world),
    seenBy: (user) => seenBy(world, user),
    messagesSeenBy: (user, place) => messagesSeenBy(world, user, place),
    calls,
    unknownMethods,
    enforceLimits: (enforced) => rates.enforce(enforced),
    verifyUrl: (app) => verifyUrl(world, delivery, appCalled(app)),
    refreshSockets: (app) => world.sockets.refresh(appCalled(app)),
    tick: () => events.tick(),
    get waitingEvents() {
      return events.waiting;
    },
    get lostEvents() {
      return events.lost;
    },
    settled: () => events.settled(),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      clearInterval(ticking);
      world.sockets.close();
      await events.settled();
      state.close();
    },
  };
}

export interface StartedSlack extends Slack {
  readonly port: number;
}

/** A Slack on a port of its own, as tests want it. */
export async function startSlack({
  port = 0,
  ...options
}: SlackOptions & { readonly port?: number } = {}): Promise<StartedSlack> {
  const slack = createSlack(options);
  const http = createServer((request, response) => {
    slack.handler(request, response).then(
      (isDone) => {
        if (!isDone) response.writeHead(404).end();
      },
      (error: unknown) => {
        console.error('sandbox: the embedded Slack broke.', error);
        response.writeHead(500).end();
      },
    );
  });
  http.on('upgrade', (request, socket, head) => {
    if (!slack.upgrade(request, socket, head)) socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, '127.0.0.1', resolve);
  });
  const address = http.address();
  const taken = typeof address === 'object' && address ? address.port : port;
  slack.origin = `http://127.0.0.1:${taken}${options.base ?? ''}`;
  const { close } = slack;
  return Object.assign(slack, {
    port: taken,
    close: async (): Promise<void> => {
      await close();
      await new Promise<void>((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      });
    },
  });
}
