// What the rest of the app needs of Slack: our app in each workspace, found by the workspace's id, and whether Slack answers.
import { minutes } from '../../domain/duration.ts';
import { between, type Milliseconds } from '../../domain/names.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Log } from '../../engine/ports/log.ts';
import type { Fetch } from '../http/fetch.ts';
import { createSlackCaller, type SlackCaller } from './caller.ts';
import { createHealthWatch, type SlackHealth } from './health.ts';
import type { SlackPace } from './pace.ts';
import { createSlackConnection, type SlackConnection } from './slack-connection.ts';
import { variableOf } from './variable-of.ts';

export interface SlackAppSettings {
  readonly connections: readonly { readonly name?: string; readonly botToken: string }[];
  /** `https://slack.com/api/` unless said. */
  readonly apiUrl?: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: Log;
  readonly pace?: SlackPace;
}

export interface SlackApp {
  /** In the order of the settings. */
  readonly connections: readonly SlackConnection[];
  /**
   * The connection to a workspace; undefined where none of ours leads there. Throws `Failure` where Slack does not say
   * of one that is left which workspace it is.
   */
  connection(team: string): Promise<SlackConnection | undefined>;
  /** Of all connections together: they share one Slack. */
  readonly health: SlackHealth;
  /**
   * To be called every few seconds: asks Slack whether it is there, and whether it still takes our tokens, where nothing
   * else has done so lately.
   */
  look(): Promise<void>;
  /** Something happened to the token of a workspace: it is asked for at the next look. */
  doubt(team: string): void;
  /** The tokens that Slack does not take, each by its variable and with what to do. */
  shutOut(): readonly { readonly token: string; readonly why: string }[];
  /** How long that has waited which waits longest to leave for Slack. */
  longestWait(): Milliseconds;
}

/** So long an answer stands for Slack being there. */
const believedFor: Milliseconds = 30_000;
/** So long a token stands for being good. */
const tokenBelievedFor: Milliseconds = minutes(5);

export function createSlackApp(settings: SlackAppSettings): SlackApp {
  const { clock } = settings;
  const health = createHealthWatch(clock);
  const made = settings.connections.map(({ name = '', botToken }) => {
    const variable = variableOf('SLACK_BOT_TOKEN', name);
    const caller = createSlackCaller({ ...settings, ...{ token: botToken, variable, health } });
    return { variable, caller, connection: createSlackConnection({ name, caller, clock }) };
  });
  const connections = made.map(({ connection }) => connection);
  const teams = new Map<string, SlackConnection>();
  const doubted = new Set<SlackCaller>();
  let looking = false;

  async function identify(connection: SlackConnection): Promise<void> {
    const { team } = await connection.identity();
    if (!teams.has(team)) teams.set(team, connection);
  }

  function dueForALook(): readonly SlackCaller[] {
    const now = clock.now();
    const answered = health.answeredAt();
    const isRecent = answered !== undefined && between(answered, now) < believedFor;
    // While it does not answer, one of them is enough to see that it does again.
    const callers = made.map(({ caller }) => caller);
    if (!health.isReachable() || !isRecent) return callers.slice(0, 1);
    return callers.filter((caller) => {
      const judged = caller.judgedAt();
      return doubted.delete(caller) || judged === undefined || between(judged, now) >= tokenBelievedFor;
    });
  }

  return {
    connections,
    health,
    async connection(team) {
      // One that does not answer keeps nobody from those that did.
      const known = teams.get(team);
      if (known !== undefined) return known;
      const asked = await Promise.allSettled(connections.map(identify));
      for (const one of asked) if (one.status === 'rejected' && !teams.has(team)) throw one.reason;
      return teams.get(team);
    },
    async look() {
      if (looking) return;
      looking = true;
      try {
        for (const caller of dueForALook())
          await caller.call('auth.test', {}, { lane: 'answer' }).catch(() => undefined);
      } finally {
        looking = false;
      }
    },
    doubt(team) {
      const found = made.find(({ connection }) => connection === teams.get(team));
      if (found) doubted.add(found.caller);
    },
    shutOut: () =>
      made.flatMap(({ variable, caller }) => {
        const why = caller.shutOut();
        return why === undefined ? [] : [{ token: variable, why }];
      }),
    longestWait: () => Math.max(0, ...connections.map((each) => each.longestWait())),
  };
}
