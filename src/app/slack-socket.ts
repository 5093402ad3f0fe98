// Slack by Socket Mode: one connection that we open, for where nobody can reach us; it is opened again for as long as we run.
import type { SocketModeReceiver as Receiver } from '@slack/bolt';
import { between, type Instant, type Milliseconds } from '../domain/names.ts';
import { describe } from '../engine/engine.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Log } from '../engine/ports/log.ts';
import { withinTime } from '../engine/time-limit.ts';
import type { Fetch } from '../clients/http/fetch.ts';
import { readSetback } from '../clients/slack/failure.ts';
import { quietSlackLogger } from '../clients/slack/quiet-logger.ts';
import { slackFetch } from '../clients/slack/slack-fetch.ts';
import { variableOf } from '../clients/slack/variable-of.ts';
import type { SlackAnswer, SlackDelivery } from './slack-door.ts';
import { receiverEvent } from './slack-receiver.ts';

export interface SlackSocketParts {
  readonly SocketModeReceiver: typeof Receiver;
  readonly name: string;
  readonly appToken: string;
  readonly apiUrl?: string;
  readonly fetch: Fetch;
  readonly take: (delivery: Omit<SlackDelivery, 'connection'>) => Promise<SlackAnswer>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface SlackSocket {
  /** Since when it is not connected; undefined while it is. */
  deafSince(): Instant | undefined;
  /** When it last came back after it had not been connected for a while. */
  deafEndedAt(): Instant | undefined;
  stop(): Promise<void>;
}

/** To be connected, with Slack's greeting. */
const patience: Milliseconds = 20_000;
/** To connect anew takes moments, in which hardly anybody presses anything. */
const shortestDeafness: Milliseconds = 10_000;
const firstBackOff: Milliseconds = 500;
const longestBackOff: Milliseconds = 30_000;

/** Slack ends each connection within hours, and says so: the next one is opened at once. */
export function createSlackSocket(parts: SlackSocketParts): SlackSocket {
  const { clock, log, name } = parts;
  const stopping = new AbortController();
  let deafSince: Instant | undefined = clock.now();
  let deafEndedAt: Instant | undefined;
  const ended = run();

  async function run(): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      const receiver = createReceiver(parts);
      const gone = new Promise<void>((resolve) => receiver.client.once('disconnected', () => resolve()));
      const isStopped = new Promise<void>((resolve) => {
        stopping.signal.addEventListener('abort', () => resolve(), { once: true });
      });
      try {
        const limit = { clock, ms: patience, who: 'Slack', signal: stopping.signal };
        await withinTime(limit, () => receiver.start());
        if (deafSince !== undefined) {
          log.info('Slack is connected by Socket Mode', { name });
          const now = clock.now();
          if (between(deafSince, now) >= shortestDeafness) deafEndedAt = now;
        }
        deafSince = undefined;
        failures = 0;
        await Promise.race([gone, isStopped]);
      } catch (error) {
        failures += 1;
        if (!stopping.signal.aborted) tell(error, failures);
      }
      deafSince ??= clock.now();
      await receiver.stop().catch(() => undefined);
      const wait = Math.min(longestBackOff, firstBackOff * 2 ** (failures - 1));
      if (failures > 0) await clock.sleep(wait, stopping.signal);
    }
  }

  function tell(error: unknown, failures: number): void {
    const token = variableOf('SLACK_APP_TOKEN', name);
    const setback = readSetback(error, { method: 'apps.connections.open', token });
    const why =
      setback.type === 'limited' ? 'Slack limits how often it is opened' : describe(setback.failure);
    log.warn('Slack is not connected by Socket Mode, trying again', { name, failures, why });
  }

  return {
    deafSince: () => deafSince,
    deafEndedAt: () => deafEndedAt,
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

function createReceiver({
  SocketModeReceiver,
  appToken,
  apiUrl,
  fetch,
  ...parts
}: SlackSocketParts): Receiver {
  const { name, take, clock, log } = parts;
  const receiver = new SocketModeReceiver({
    appToken,
    logger: quietSlackLogger,
    // Its own would give up where Slack cannot be reached, as a rejection that nobody hears.
    autoReconnectEnabled: false,
    installerOptions: {
      clientOptions: {
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        timeout: patience,
        fetch: slackFetch(fetch),
        ...(apiUrl !== undefined && { slackApiUrl: apiUrl }),
      },
    },
    async processEventErrorHandler({ error }) {
      // Not acked: Slack says so to whoever pressed, and sends events again.
      log.warn('A delivery could not be taken now', { door: 'slack', name, error: describe(error) });
      return false;
    },
  });
  receiverEvent(receiver, async ({ body, ack, retry }) => {
    const signedAt = clock.now();
    await ack(await take({ body, signedAt, ...(retry && { retry }) }));
  });
  guard(receiver, () => log.warn('A message of Slack could not be read', { name }));
  return receiver;
}

/** Its reader of messages is asynchronous, and where it breaks nobody would hear of it but the process, which ends. */
function guard({ client }: Receiver, tell: () => void): void {
  const readers = client.listeners('ws_message');
  client.removeAllListeners('ws_message');
  client.on('ws_message', (...message: readonly unknown[]) => {
    for (const reader of readers)
      void Promise.resolve()
        .then(() => Reflect.apply(reader, client, message))
        .catch(tell);
  });
}
