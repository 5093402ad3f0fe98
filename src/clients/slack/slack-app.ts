// What the rest of the app needs of Slack: our app in each workspace, found by the workspace's id, and whether Slack answers.
import { between, type Milliseconds } from '../../domain/names.ts';
import type { Clock, Log } from '../../engine/ports.ts';
import type { Fetch } from '../http/fetch.ts';
import { createSlackCaller } from './caller.ts';
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
  /** To be called every few seconds: asks Slack whether it is there, where nothing else has done so lately. */
  look(): Promise<void>;
  /** How long that has waited which waits longest to leave for Slack. */
  longestWait(): Milliseconds;
}

/** So long an answer stands for Slack being there. */
const believedFor: Milliseconds = 30_000;

export function createSlackApp(settings: SlackAppSettings): SlackApp {
  const { clock } = settings;
  const health = createHealthWatch(clock);
  const made = settings.connections.map(({ name = '', botToken }) => {
    const caller = createSlackCaller({
      ...settings,
      ...{ token: botToken, variable: variableOf('SLACK_BOT_TOKEN', name), health },
    });
    return { caller, connection: createSlackConnection({ name, caller, clock }) };
  });
  const connections = made.map(({ connection }) => connection);
  const teams = new Map<string, SlackConnection>();
  let looking = false;

  async function identify(connection: SlackConnection): Promise<void> {
    const { team } = await connection.identity();
    if (!teams.has(team)) teams.set(team, connection);
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
      const answered = health.answeredAt();
      const isRecent = answered !== undefined && between(answered, clock.now()) < believedFor;
      const [first] = made;
      if (looking || first === undefined || (health.isReachable() && isRecent)) return;
      looking = true;
      try {
        await first.caller.call('auth.test', {}, { lane: 'answer' }).catch(() => undefined);
      } finally {
        looking = false;
      }
    },
    longestWait: () => Math.max(0, ...connections.map((each) => each.longestWait())),
  };
}
