// Our app in one workspace: everything that we ask of Slack there, as small typed functions.
import type { Milliseconds } from '../../domain/names.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import {
  readIdentity,
  readOpened,
  readPosted,
  readText,
  readView,
  type MessageMetadata,
  type OpenedView,
  type PostedMessage,
  type SlackIdentity,
} from './answers.ts';
import type { SlackCall } from './call-queue.ts';
import type { Arguments, Lately, SlackCaller } from './caller.ts';
import { createLookUps, type SlackLookUps } from './look-ups.ts';

export interface MessageBody {
  /** What notifications and screen readers say; all there is where there are no blocks. */
  readonly text: string;
  readonly blocks?: readonly object[];
  readonly metadata?: MessageMetadata;
}

export interface Post extends SlackCall {
  /** By its id. */
  readonly channel: string;
  /** Replies to this message. */
  readonly thread?: string;
  readonly body: Lately<MessageBody>;
}

export interface SlackConnection extends SlackLookUps {
  /** Empty for the one without a suffix. */
  readonly name: string;
  /** Which workspace this is. Asked once; throws `Failure` while Slack does not say. */
  identity(): Promise<SlackIdentity>;
  /** Not repeated where the answer is lost: look for it by `findMessage` first. */
  postMessage(post: Post): Promise<PostedMessage>;
  /** Edits a message of ours. What the body leaves out is removed. */
  updateMessage(post: Omit<Post, 'thread'> & { readonly message: string }): Promise<void>;
  /** Shown to one person in a channel, until they reload. */
  postEphemeral(post: Post & { readonly user: string }): Promise<void>;
  /** A trigger is good for three seconds, and once. */
  openView(
    opening: SlackCall & { readonly trigger: string; readonly view: Lately<object> },
  ): Promise<OpenedView>;
  updateView(
    update: SlackCall & { readonly view: string; readonly hash?: string; readonly content: Lately<object> },
  ): Promise<OpenedView>;
  publishHome(home: SlackCall & { readonly user: string; readonly view: Lately<object> }): Promise<void>;
  /** The direct message with one person, or with several together (up to eight); its channel. */
  openDirect(users: readonly string[], call?: SlackCall): Promise<string>;
  permalink(message: PostedMessage, call?: SlackCall): Promise<string>;
  /** Answers at the address that came with a command or a button: five times within half an hour. */
  respond(address: string, body: Lately<Arguments>, call?: SlackCall): Promise<void>;
  longestWait(): Milliseconds;
}

export interface ConnectionParts {
  readonly name: string;
  readonly caller: SlackCaller;
  readonly clock: Clock;
}

export function createSlackConnection({ name, caller, clock }: ConnectionParts): SlackConnection {
  const lookUps = createLookUps({ caller, clock, identity });
  let known: Promise<SlackIdentity> | undefined;

  function identity(): Promise<SlackIdentity> {
    if (known !== undefined) return known;
    const asked = caller
      .call('auth.test', {}, { lane: 'answer', repeatable: true })
      .then((answer) => readIdentity(answer));
    known = asked;
    asked.catch(() => (known = undefined));
    return asked;
  }

  async function post(method: string, fixed: Arguments, { channel, thread, body, ...call }: Post) {
    const sent = async (): Promise<Arguments> => ({
      ...(await bodyOf(body)),
      ...{ channel, unfurl_links: false, unfurl_media: false, parse: 'none' },
      ...(thread !== undefined && { thread_ts: thread }),
      ...fixed,
    });
    const about = lookUps.nameOf(channel);
    const lane = call.lane ?? 'card';
    const isPost = method === 'chat.postMessage';
    return caller.call(method, sent, {
      ...{ ...call, lane, about },
      // Otherwise a later post could stand above an earlier one.
      ...(isPost && { channel, address: channel }),
    });
  }

  return {
    name,
    identity,
    ...lookUps,
    async postMessage(message) {
      return readPosted('chat.postMessage', await post('chat.postMessage', {}, message));
    },
    async postEphemeral({ user, ...message }) {
      await post('chat.postEphemeral', { user }, { lane: 'answer', ...message });
    },
    async updateMessage({ channel, message, body, ...call }) {
      const sent = async (): Promise<Arguments> => {
        const all = await bodyOf(body);
        // Without blocks, Slack would keep those that are there.
        return { blocks: [], ...all, channel, ts: message, parse: 'none' };
      };
      await caller.call('chat.update', sent, {
        ...{ ...call, lane: call.lane ?? 'card', about: lookUps.nameOf(channel) },
        ...{ address: `${channel} ${message}`, repeatable: true },
      });
    },
    async openView({ trigger, view, ...call }) {
      const sent = async (): Promise<Arguments> => ({ trigger_id: trigger, view: await bodyOf(view) });
      const answer = await caller.call('views.open', sent, { lane: 'answer', ...call, address: trigger });
      return readView('views.open', answer);
    },
    async updateView({ view, hash, content, ...call }) {
      const sent = async (): Promise<Arguments> => ({
        view_id: view,
        view: await bodyOf(content),
        ...(hash !== undefined && { hash }),
      });
      const answer = await caller.call('views.update', sent, {
        ...{ lane: 'answer', ...call, address: view },
        // With a hash, the second would find what the first has put there.
        repeatable: hash === undefined,
      });
      return readView('views.update', answer);
    },
    async publishHome({ user, view, ...call }) {
      const sent = async (): Promise<Arguments> => ({ user_id: user, view: await bodyOf(view) });
      const details = { lane: call.lane ?? 'card', address: `home ${user}`, repeatable: true };
      await caller.call('views.publish', sent, { ...call, ...details });
    },
    async openDirect(users, call = {}) {
      const sent = { users: [...users].sort().join(',') };
      const details = { ...call, lane: call.lane ?? 'card', repeatable: true };
      return readOpened(await caller.call('conversations.open', sent, details));
    },
    async permalink({ channel, ts }, call = {}) {
      const details = {
        ...call,
        lane: call.lane ?? 'card',
        about: lookUps.nameOf(channel),
        repeatable: true,
      };
      const answer = await caller.call('chat.getPermalink', { channel, message_ts: ts }, details);
      return readText('chat.getPermalink', answer, 'permalink');
    },
    respond: (address, body, call = {}) => caller.respond(address, body, call),
    longestWait: () => caller.longestWait(),
  };
}

async function bodyOf<T>(body: Lately<T>): Promise<T> {
  return isFunction(body) ? body() : body;
}

function isFunction<T>(body: Lately<T>): body is () => T | Promise<T> {
  return typeof body === 'function';
}
