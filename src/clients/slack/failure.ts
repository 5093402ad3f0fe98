// What became of a call to Slack that did not succeed, in words that say what to do: no token, no text, no value.
import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import type { Milliseconds } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';

/**
 * `refused`: Slack answered that it did not do it. `lost`: nobody knows whether it was done; search before posting
 * again. `not-sent`: it never left.
 */
export type SlackFailureKind = 'refused' | 'lost' | 'not-sent';

/** Thrown by everything that calls Slack. */
export class SlackFailure extends Failure {
  readonly kind: SlackFailureKind;
  /** Slack's own (`channel_not_found`), or ours (`too-late`, `aborted`); absent where there was no answer. */
  readonly code: string | undefined;

  constructor(
    message: string,
    options: {
      readonly kind: SlackFailureKind;
      readonly transient: boolean;
      readonly code?: string;
      readonly retryAfter?: Milliseconds;
    },
  ) {
    const { kind, transient, code, retryAfter } = options;
    super(message, { transient, ...(retryAfter !== undefined && { retryAfter }) });
    this.kind = kind;
    this.code = code;
  }
}

/** Whether Slack said one of these. */
export function hasCode(error: unknown, ...codes: readonly string[]): error is SlackFailure {
  return error instanceof SlackFailure && error.code !== undefined && codes.includes(error.code);
}

export function tooLate(method: string): SlackFailure {
  const options = { kind: 'not-sent', transient: false, code: 'too-late' } as const;
  return new SlackFailure(`Slack, ${method}: too late, it was not sent`, options);
}

export function aborted(method: string): SlackFailure {
  const options = { kind: 'not-sent', transient: true, code: 'aborted' } as const;
  return new SlackFailure(`Slack, ${method}: given up before it was sent`, options);
}

export function lostAnswer(method: string, why: string): SlackFailure {
  return new SlackFailure(`Slack, ${method}: ${why}`, { kind: 'lost', transient: true });
}

/** What a call was about, for messages: its method, and the name of the channel where there is one. */
export interface Subject {
  readonly method: string;
  /** `#access` */
  readonly channel?: string;
  /** The variable whose token it was sent with; `SLACK_BOT_TOKEN` unless said. */
  readonly token?: string;
}

/** What the queue has to know about a call that failed. */
export type Setback =
  /** Certainly not performed; `wait` is undefined where Slack does not say how long. */
  | { readonly type: 'limited'; readonly wait: Milliseconds | undefined }
  /** Perhaps performed: Slack is not well. */
  | { readonly type: 'broken'; readonly failure: SlackFailure }
  | { readonly type: 'refused'; readonly failure: SlackFailure };

/** Reads whatever the library threw. */
export function readSetback(error: unknown, subject: Subject): Setback {
  const { method } = subject;
  if (error instanceof SlackFailure)
    return { type: error.kind === 'lost' ? 'broken' : 'refused', failure: error };
  if (error instanceof WebAPIRateLimitedError)
    return { type: 'limited', wait: Math.max(1, error.retryAfter) * 1000 };
  if (error instanceof WebAPIPlatformError) return readCode(error.data.error, subject);
  if (error instanceof WebAPIHTTPError) return readStatus(error.statusCode, method);
  // A 429 that does not say how long: the library throws an error without a class for it.
  if (error instanceof Error && error.message.startsWith('Retry header'))
    return { type: 'limited', wait: undefined };
  const original = error instanceof WebAPIRequestError ? error.original : error;
  return { type: 'broken', failure: lostAnswer(method, networkReason(original)) };
}

/** What Slack says where it is not well itself, or where some of it may have been done. */
const outages = ['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout'];

function readCode(code: unknown, subject: Subject): Setback {
  const { method } = subject;
  // Where the answer is no JSON, the library passes its whole text off as the code.
  if (typeof code !== 'string' || !/^[a-z0-9_.-]{1,80}$/i.test(code))
    return { type: 'broken', failure: lostAnswer(method, 'an answer that is none of Slack’s') };
  if (code === 'ratelimited' || code === 'rate_limited') return { type: 'limited', wait: undefined };
  const said = `Slack, ${method}: ${advice(code, subject)}`;
  return outages.includes(code)
    ? { type: 'broken', failure: new SlackFailure(said, { kind: 'lost', transient: true, code }) }
    : { type: 'refused', failure: new SlackFailure(said, { kind: 'refused', transient: false, code }) };
}

function readStatus(status: number, method: string): Setback {
  const isOutage = status >= 500 || status === 408;
  const options = isOutage
    ? ({ kind: 'lost', transient: true } as const)
    : ({ kind: 'refused', transient: false } as const);
  const failure = new SlackFailure(`Slack, ${method}: ${status}`, options);
  return { type: isOutage ? 'broken' : 'refused', failure };
}

/** A system's error code where there is one (`ECONNRESET`); other texts might quote an address with values in it. */
function networkReason(error: unknown): string {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 4; cause = cause.cause, depth += 1) {
    const code: unknown = Reflect.get(cause, 'code');
    if (typeof code === 'string' && /^[A-Z_]+$/.test(code)) return `no answer (${code})`;
  }
  return 'no answer';
}

const renew = (token: string): string =>
  token.includes('APP_TOKEN')
    ? `Make an app-level token with connections:write under “Basic Information”, and set ${token} to it`
    : `Install the app again in this workspace, and set ${token} to its new token`;

const advices: { readonly [code: string]: (channel: string, token: string) => string } = {
  not_in_channel: (channel) => `the app is not in ${channel}. Invite it there: /invite @Countersign`,
  channel_not_found: (channel) =>
    `there is no ${channel} that the app can see. Check the name; into a private channel somebody has to invite it: /invite @Countersign`,
  is_archived: (channel) => `${channel} is archived. Unarchive it, or name another channel`,
  restricted_action: (channel) =>
    `who may post in ${channel} is restricted. A workspace admin lets the app post there`,
  restricted_action_read_only_channel: (channel) =>
    `${channel} is read-only. A workspace admin lets the app post there`,
  user_not_in_channel: (channel) => `this person is not in ${channel}, and cannot be told anything there`,
  cannot_dm_bot: () => 'this account is a bot, which cannot be written to. Name a person',
  user_not_found: () => 'Slack knows no such account. Check the id in flows/people.yml',
  users_not_found: () => 'Slack knows no such account. Check the e-mail address',
  user_not_visible: () => 'this account is not visible to the app: it is in another workspace',
  user_disabled: () => 'this account was deactivated in Slack',
  messages_tab_disabled: () =>
    'the app takes no direct messages. Enable the Messages tab under “App Home” in its settings',
  no_permission: () => 'the app may not do this. Compare its scopes: npm run doctor',
  missing_scope: () => 'the app lacks a scope. npm run doctor names it; then install the app again',
  not_allowed_token_type: (_, token) =>
    `${token} is a token of another kind. A bot token begins with xoxb-, an app-level token with xapp-`,
  invalid_auth: (_, token) => `${token} is not accepted. ${renew(token)}`,
  not_authed: (_, token) => `${token} is not accepted. ${renew(token)}`,
  token_revoked: (_, token) => `${token} was revoked. ${renew(token)}`,
  token_expired: (_, token) => `${token} has expired. ${renew(token)}`,
  account_inactive: (_, token) => `the app was removed from this workspace. ${renew(token)}`,
  team_access_not_granted: (_, token) => `the app has no access to this workspace. ${renew(token)}`,
  expired_trigger_id: () => 'it took longer than the three seconds for which Slack lets a form be opened',
  exchanged_trigger_id: () => 'a form was opened with this already',
  message_not_found: (channel) => `the message is no longer in ${channel}`,
  cant_update_message: () => 'this message is not the app’s own',
  edit_window_closed: () =>
    'messages may not be edited any more. A workspace admin lifts the limit on editing in the workspace’s settings',
};

function advice(code: string, { channel = 'the channel', token = 'SLACK_BOT_TOKEN' }: Subject): string {
  const words = Object.hasOwn(advices, code) ? advices[code]?.(channel, token) : undefined;
  return words === undefined ? code : `${words} (${code})`;
}
