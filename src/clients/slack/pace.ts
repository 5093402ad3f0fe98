// How fast we may go: Slack's published limits for each method, and for each channel, kept from our side.
import type { Milliseconds } from '../../domain/names.ts';
import { minutes } from '../../domain/duration.ts';
import { Bucket, type Rate } from '../token-bucket.ts';

export interface SlackPace {
  /** Calls of a method in a minute; what is not listed has `otherwise`. */
  readonly methods: { readonly [method: string]: number };
  readonly otherwise: number;
  /** Posts into one channel. */
  readonly channel: Rate;
  readonly atOnce: number;
  /** How long we wait for an answer. */
  readonly patience: Milliseconds;
  /** How often a call that may be repeated is sent while Slack does not answer. */
  readonly tries: number;
}

/** Slack's tiers: so many calls of one method in a minute, for one app in one workspace. */
const [tier2, tier3, tier4] = [20, 50, 100];
/** Where Slack says “hundreds” and no number. */
const special = 240;

/** Slack, "Rate limits": the tier of each method that we call is on its page. */
export const slackTiers = {
  'auth.test': special,
  'chat.getPermalink': special,
  'chat.postEphemeral': tier4,
  'chat.postMessage': special,
  'chat.update': tier3,
  'conversations.history': tier3,
  'conversations.info': tier3,
  'conversations.list': tier2,
  'conversations.members': tier4,
  'conversations.open': tier3,
  'conversations.replies': tier3,
  'usergroups.list': tier2,
  'usergroups.users.list': tier2,
  'users.conversations': tier3,
  'users.info': tier4,
  'users.lookupByEmail': tier3,
  'views.open': tier4,
  'views.publish': tier4,
  'views.update': tier4,
} as const;

/** Posts are limited by the channel, one a second. */
export const slackPace: SlackPace = {
  methods: slackTiers,
  otherwise: tier2,
  channel: { burst: 2, refill: 1, per: 1000 },
  atOnce: 20,
  patience: 15_000,
  tries: 2,
};

export interface Spending {
  readonly method: string;
  /** The channel that it posts into. */
  readonly channel: string | undefined;
}

/** Beyond this, channels that nobody posted to lately are forgotten. */
const mostChannels = 1000;

/** What may be spent now in one workspace, and until when Slack told us to wait. */
export class SlackBudget {
  readonly #pace: SlackPace;
  readonly #methods = new Map<string, Bucket>();
  readonly #channels = new Map<string, Bucket>();
  /** By method, or by method and channel. */
  readonly #holds = new Map<string, Milliseconds>();

  constructor(pace: SlackPace) {
    this.#pace = pace;
  }

  /** Not later than `now` where it is at once. */
  affordableAt(spending: Spending, now: Milliseconds): Milliseconds {
    const held = keysOf(spending).map((key) => this.#holds.get(key) ?? 0);
    return Math.max(now, ...held, ...this.#buckets(spending, now).map((bucket) => bucket.holdsAt(1, now)));
  }

  spend(spending: Spending, now: Milliseconds): void {
    for (const bucket of this.#buckets(spending, now)) bucket.take(1, now);
  }

  /**
   * Slack limits us: the channel waits where it was a post, and the method where it was not, or where a second channel
   * met the same. Whatever else goes on; afterwards it begins slowly.
   */
  hold(spending: Spending, wait: Milliseconds, now: Milliseconds): void {
    const until = now + wait;
    const { method, channel } = spending;
    const others = [...this.#holds].some(
      ([key, end]) => end > now && key.startsWith(`${method} `) && key !== `${method} ${channel}`,
    );
    const keys = channel === undefined ? [method] : others ? keysOf(spending) : [`${method} ${channel}`];
    for (const [key, end] of this.#holds) if (end <= now) this.#holds.delete(key);
    for (const key of keys) this.#holds.set(key, Math.max(until, this.#holds.get(key) ?? 0));
    const [ofMethod, ofChannel] = this.#buckets(spending, now);
    if (keys.includes(method)) ofMethod?.take(ofMethod.capacity, until);
    ofChannel?.take(ofChannel.capacity, until);
  }

  #buckets({ method, channel }: Spending, now: Milliseconds): readonly Bucket[] {
    const ofMethod = this.#methods.get(method) ?? newMethod(this.#pace, method, now);
    this.#methods.set(method, ofMethod);
    if (channel === undefined) return [ofMethod];
    const ofChannel = this.#channels.get(channel) ?? new Bucket('posts', this.#pace.channel, now);
    // The one used last stands last.
    this.#channels.delete(channel);
    this.#channels.set(channel, ofChannel);
    const [oldest] = this.#channels.keys();
    if (this.#channels.size > mostChannels && oldest !== undefined) this.#channels.delete(oldest);
    return [ofMethod, ofChannel];
  }
}

function keysOf({ method, channel }: Spending): readonly string[] {
  return channel === undefined ? [method] : [method, `${method} ${channel}`];
}

/** A fifth is kept ready; with what comes in it stays within the limit in any minute. */
function newMethod({ methods, otherwise }: SlackPace, method: string, now: Milliseconds): Bucket {
  const limit = methods[method] ?? otherwise;
  const burst = Math.max(1, Math.floor(limit / 5));
  return new Bucket(method, { burst, refill: limit - burst, per: minutes(1) }, now);
}
