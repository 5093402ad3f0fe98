// What we look up on Slack: who is who, which channel is which, who is in it, and whether a message of ours stands there.
import { plus, type Instant } from '../../domain/names.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import {
  nextCursor,
  readChannels,
  readGroups,
  readIds,
  readMessages,
  readOneChannel,
  readUser,
  type FoundMessage,
  type MessageMetadata,
  type SlackChannel,
  type SlackGroup,
  type SlackIdentity,
  type SlackUser,
} from './answers.ts';
import type { SlackCall } from './call-queue.ts';
import type { Arguments, SlackCaller } from './caller.ts';
import { hasCode } from './failure.ts';
import { withRecentAnswers } from './recent-answers.ts';

/** Undefined, or absent from a list: Slack shows the app no such thing. Answers are up to a minute old. */
export interface SlackLookUps {
  /** By its id, or by its name without `#`. */
  channel(nameOrId: string, signal?: AbortSignal): Promise<SlackChannel | undefined>;
  /** All that the app is in. */
  ownChannels(signal?: AbortSignal): Promise<readonly SlackChannel[]>;
  /** The ids of who is in it, by the channel's id. */
  members(channel: string, signal?: AbortSignal): Promise<readonly string[]>;
  user(id: string, signal?: AbortSignal): Promise<SlackUser | undefined>;
  userByEmail(email: string, signal?: AbortSignal): Promise<SlackUser | undefined>;
  /** By its id, or by its handle without `@`. */
  group(handleOrId: string, signal?: AbortSignal): Promise<SlackGroup | undefined>;
  /** Of all user groups that are not disabled, without `@`. */
  groupHandles(signal?: AbortSignal): Promise<readonly string[]>;
  /** The ids of who is in it, by the group's id. */
  groupMembers(id: string, signal?: AbortSignal): Promise<readonly string[]>;
  /** A message of ours, the newest that fits. Asked each time. */
  findMessage(search: MessageSearch, call?: SlackCall): Promise<FoundMessage | undefined>;
}

export interface MessageSearch {
  readonly channel: string;
  /** In the thread of this message; absent: in the channel itself. */
  readonly thread?: string;
  readonly isIt: (metadata: MessageMetadata) => boolean;
  /** Not older than this, by our clock. */
  readonly since: Instant;
}

export interface LookUpParts {
  readonly caller: SlackCaller;
  readonly clock: Clock;
  readonly identity: () => Promise<SlackIdentity>;
}

/** The largest page that all of these methods take. */
const page = 999;
/** So many pages, for a workspace of a hundred thousand channels; what comes after is not seen. */
const mostPages = 100;
/** A message that was posted a moment ago stands on the first of these. */
const mostPagesOfMessages = 10;

/** As Slack makes them: a letter for the kind, then capitals and digits. */
const channelId = /^[CGD][A-Z0-9]{7,}$/;
const groupId = /^S[A-Z0-9]{7,}$/;

export function createLookUps({ caller, clock, identity }: LookUpParts): SlackLookUps & {
  /** The channel's name, where it was looked up lately: `#access`; else its id. */
  nameOf(channel: string): string;
} {
  const names = new Map<string, string>();

  async function ask(method: string, sent: Arguments, about?: string): Promise<unknown> {
    const details = { lane: 'look-up', repeatable: true, ...(about !== undefined && { about }) } as const;
    return caller.call(method, sent, details);
  }

  async function* pages(method: string, sent: Arguments, about?: string): AsyncGenerator<unknown> {
    let cursor: string | undefined;
    for (let count = 0; count < mostPages; count += 1) {
      const more = cursor === undefined ? {} : { cursor };
      const answer = await ask(method, { ...sent, limit: page, ...more }, about);
      yield answer;
      cursor = nextCursor(answer);
      if (cursor === undefined) return;
    }
  }

  async function all<T>(
    found: AsyncGenerator<unknown>,
    read: (answer: unknown) => readonly T[],
  ): Promise<T[]> {
    const items: T[] = [];
    for await (const answer of found) items.push(...read(answer));
    return items;
  }

  const kinds = 'public_channel,private_channel';
  const channelsOf = withRecentAnswers(clock, async (method): Promise<readonly SlackChannel[]> => {
    const sent = { types: kinds, exclude_archived: false };
    const found = await all(pages(method, sent), readChannels);
    // What the app is in is listed without saying so.
    return method === 'users.conversations' ? found.map((each) => ({ ...each, isMember: true })) : found;
  });
  const channelById = withRecentAnswers(clock, (id) =>
    orNone(['channel_not_found'], async () =>
      readOneChannel(await ask('conversations.info', { channel: id })),
    ),
  );
  const members = withRecentAnswers(clock, (channel) =>
    all(pages('conversations.members', { channel }, nameOf(channel)), (answer) =>
      readIds('conversations.members', answer, 'members'),
    ),
  );
  const noUser = ['user_not_found', 'users_not_found', 'user_not_visible'];
  const user = withRecentAnswers(clock, (id) =>
    orNone(noUser, async () => readUser(await ask('users.info', { user: id }))),
  );
  const userByEmail = withRecentAnswers(clock, (email) =>
    orNone(noUser, async () => readUser(await ask('users.lookupByEmail', { email }))),
  );
  const groups = withRecentAnswers(clock, async (method) =>
    readGroups(await ask(method, { include_disabled: true })),
  );
  const groupMembers = withRecentAnswers(clock, async (id) =>
    readIds('usergroups.users.list', await ask('usergroups.users.list', { usergroup: id }), 'users'),
  );

  const ownChannels = (signal?: AbortSignal): Promise<readonly SlackChannel[]> =>
    channelsOf('users.conversations', signal);

  async function channelByName(name: string, signal?: AbortSignal): Promise<SlackChannel | undefined> {
    const isIt = (each: SlackChannel): boolean => each.name === name;
    // Those that the app is in are few; all that there are may be thousands.
    const own = (await ownChannels(signal)).find(isIt);
    return own ?? (await channelsOf('conversations.list', signal)).find(isIt);
  }

  function nameOf(channel: string): string {
    return names.get(channel) ?? channel;
  }

  return {
    nameOf,
    async channel(nameOrId, signal) {
      const plain = nameOrId.replace(/^#/, '');
      const found = channelId.test(plain)
        ? await channelById(plain, signal)
        : await channelByName(plain, signal);
      if (found && found.name !== '' && !found.isDirect) names.set(found.id, `#${found.name}`);
      return found;
    },
    ownChannels,
    members,
    user,
    userByEmail,
    async group(handleOrId, signal) {
      const plain = handleOrId.replace(/^@/, '');
      const found = await groups('usergroups.list', signal);
      return found.find(({ id, handle }) => (groupId.test(plain) && id === plain) || handle === plain);
    },
    async groupHandles(signal) {
      const found = await groups('usergroups.list', signal);
      return found.filter(({ isDisabled }) => !isDisabled).map(({ handle }) => handle);
    },
    groupMembers,
    async findMessage({ channel, thread, isIt, since }, call = {}) {
      const method = thread === undefined ? 'conversations.history' : 'conversations.replies';
      const { user: self, bot } = await identity();
      const place = { channel, ...(thread !== undefined && { ts: thread }) };
      const sent = {
        ...place,
        oldest: timestampOf(since),
        inclusive: true,
        include_all_metadata: true,
        limit: 200,
      };
      const details = {
        ...call,
        lane: call.lane ?? 'card',
        about: nameOf(channel),
        repeatable: true,
      } as const;
      let newest: FoundMessage | undefined;
      let cursor: string | undefined;
      for (let count = 0; count < mostPagesOfMessages; count += 1) {
        const answer = await caller.call(
          method,
          { ...sent, ...(cursor !== undefined && { cursor }) },
          details,
        );
        for (const message of readMessages(answer)) {
          // Anybody's app may write the same metadata.
          const isOurs = message.user === self || (bot !== '' && message.bot === bot);
          if (!isOurs || message.metadata === undefined || !isIt(message.metadata)) continue;
          if (newest === undefined || message.ts > newest.ts) newest = message;
        }
        cursor = nextCursor(answer);
        if (cursor === undefined) break;
      }
      return newest;
    },
  };
}

/** Slack's clock and ours need not agree. */
const clockSkewMs = 60_000;

function timestampOf(at: Instant): string {
  return (Date.parse(plus(at, -clockSkewMs)) / 1000).toFixed(6);
}

async function orNone<T>(codes: readonly string[], find: () => Promise<T>): Promise<T | undefined> {
  try {
    return await find();
  } catch (error) {
    if (hasCode(error, ...codes)) return undefined;
    throw error;
  }
}
