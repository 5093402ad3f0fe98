// Calls Slack's methods for one workspace: through its own client, with its retries switched off, and our queue before it.
import { WebAPIHTTPError, WebAPIRateLimitedError, WebClient } from '@slack/web-api';
import type { Instant } from '../../domain/names.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Log } from '../../engine/ports/log.ts';
import type { Fetch } from '../http/fetch.ts';
import { CallQueue, type SlackCall, type SlackLane } from './call-queue.ts';
import { hasCode, SlackFailure } from './failure.ts';
import type { HealthWatch } from './health.ts';
import { slackPace, type SlackPace } from './pace.ts';
import { quietSlackLogger } from './quiet-logger.ts';
import { slackFetch } from './slack-fetch.ts';

export interface CallerParts {
  readonly token: string;
  /** What holds it, for messages: `SLACK_BOT_TOKEN`. */
  readonly variable: string;
  /** `https://slack.com/api/` unless said. */
  readonly apiUrl?: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: Log;
  readonly health: HealthWatch;
  readonly pace?: SlackPace;
}

export type Arguments = { readonly [name: string]: unknown };

/** What is sent: as it is, or as it is once the call leaves. */
export type Lately<T> = T | (() => T | Promise<T>);

export interface CallDetails extends SlackCall {
  readonly lane: SlackLane;
  readonly address?: string;
  readonly channel?: string;
  readonly about?: string;
  readonly repeatable?: boolean;
}

export interface SlackCaller {
  /** The answer as it came. Throws `SlackFailure`. */
  call(method: string, sent: Lately<Arguments>, details: CallDetails): Promise<unknown>;
  /** Posts JSON to an address that Slack gave us for one answer. */
  respond(address: string, body: Lately<Arguments>, call: SlackCall): Promise<void>;
  /** How long that has waited which waits longest to leave. */
  longestWait(): number;
  /** Why Slack did not take the token the last time that it was shown; undefined where it did. */
  shutOut(): string | undefined;
  /** When Slack last took it, or did not. */
  judgedAt(): Instant | undefined;
}

/** What Slack says of a token that is good no more, or never was. */
const tokenCodes = [
  'account_inactive',
  'invalid_auth',
  'not_authed',
  'team_access_not_granted',
  'token_expired',
  'token_revoked',
] as const;

const slackApi = 'https://slack.com/api/';

export function createSlackCaller(parts: CallerParts): SlackCaller {
  const { token, variable, apiUrl = slackApi, fetch, clock, log, health, pace = slackPace } = parts;
  const queue = new CallQueue({ clock, log, health, pace, token: variable });
  const client = new WebClient(token, {
    slackApiUrl: apiUrl,
    fetch: slackFetch(fetch),
    logger: quietSlackLogger,
    // Waiting, repeating and how many at once is the queue's.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    maxRequestConcurrency: 1000,
    timeout: pace.patience,
    allowAbsoluteUrls: false,
  });

  async function run<T>(
    method: string,
    sent: Lately<Arguments>,
    details: CallDetails,
    send: (all: Arguments) => Promise<T>,
  ): Promise<T> {
    const { lane, address, channel, about, repeatable = false, ...call } = details;
    let all: Arguments = {};
    return queue.run({
      ...{ method, lane, repeatable, call },
      ...(address !== undefined && { address }),
      ...(channel !== undefined && { channel }),
      ...(about !== undefined && { about }),
      async prepare() {
        all = typeof sent === 'function' ? await sent() : sent;
      },
      send: () => send(all),
    });
  }

  let shutOut: string | undefined;
  let judgedAt: Instant | undefined;

  async function judged<T>(asked: Promise<T>): Promise<T> {
    try {
      const answer = await asked;
      shutOut = undefined;
      judgedAt = clock.now();
      return answer;
    } catch (error) {
      if (hasCode(error, ...tokenCodes)) {
        shutOut = error.message;
        judgedAt = clock.now();
      }
      throw error;
    }
  }

  return {
    call: (method, sent, details) =>
      judged(run<unknown>(method, sent, details, (all) => client.apiCall(method, { ...all }))),
    shutOut: () => shutOut,
    judgedAt: () => judgedAt,
    async respond(address, body, call) {
      const url = responseUrl(address, apiUrl);
      await run('response_url', body, { ...call, lane: call.lane ?? 'answer', address }, async (all) => {
        const answer = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(all),
          redirect: 'error',
          signal: AbortSignal.timeout(pace.patience),
        });
        await answer.body?.cancel();
        if (!answer.ok) throw responseError(answer);
      });
    },
    longestWait: () => queue.longestWait,
  };
}

const responseHosts = ['hooks.slack.com', 'hooks.slack-gov.com'];

/** It came with a signed payload; still, what answers people goes to Slack and nowhere else. */
function responseUrl(address: string, apiUrl: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isSlack = url?.protocol === 'https:' && responseHosts.includes(url.host);
  if (url && (isSlack || url.origin === new URL(apiUrl).origin)) return url.href;
  throw new SlackFailure('Slack, response_url: it leads elsewhere', { kind: 'not-sent', transient: false });
}

function responseError({ status, headers }: Response): Error {
  if (status === 429) return new WebAPIRateLimitedError(Number(headers.get('retry-after') ?? 30) || 30);
  if (status === 404)
    return new SlackFailure('Slack, response_url: it can be answered no more', {
      kind: 'refused',
      transient: false,
      code: 'expired_url',
    });
  return new WebAPIHTTPError(status, '', {}, '');
}
