// Keeps to the limits of IAM Identity Center: so many requests a second, so much work at once, one piece for each account; ends go first.
import type { Milliseconds } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';
import { createTurnstile } from '../../engine/turnstile.ts';
import { Bucket, type Rate } from '../token-bucket.ts';
import type { WaysOut } from '../ways-out.ts';
import { isAwsCode } from './aws-failure.ts';

/** From most to least: seeing what became of work makes room for more of it; what ends access overtakes what gives it. */
export type Urgency = 'watch' | 'end' | 'look' | 'grant';

export interface Waiting {
  readonly urgency: Urgency;
  /** It begins work: AWS may refuse it because of work that others began, which says nothing about other requests. */
  readonly begins?: true;
  readonly using: Pick<WaysOut, 'clock' | 'signal'>;
}

interface Turn {
  readonly rank: number;
  /** When its caller first came. */
  readonly since: number;
  /** Only one with the same at a time. */
  readonly account: string;
  begin(): void;
}

const ranks: { readonly [urgency in Urgency]: number } = { watch: 0, end: 1, look: 2, grant: 3 };

/** AWS lets 20 a second through for all of an organization; others want some of it too. */
export const ssoRate: Rate = { burst: 15, refill: 19, per: 1000 };
export const mostOutstanding = 10;
const firstWaitMs = 500;
const longestWaitMs = 4500;

/** One for each connection: `connection.client(SsoPace)`. */
export class SsoPace {
  #bucket: Bucket | undefined;
  #isPumping = false;
  #pausedUntil: Milliseconds = 0;
  readonly #requests: Turn[] = [];
  readonly #work: Turn[] = [];
  readonly #busyAccounts = new Set<string>();
  #places = 0;
  readonly #permissionSets = createTurnstile();
  /** Callers are known by their signals, which are their own. */
  readonly #callers = new WeakMap<AbortSignal, number>();
  #came = 0;

  /**
   * Sends it in its turn. What AWS is too busy for is sent again, later and later, until the caller's time is up: it
   * was not performed. Anything else is the caller's.
   */
  async request<T>(waiting: Waiting, send: () => Promise<T>): Promise<T> {
    const { clock, signal } = waiting.using;
    for (let attempt = 0; ; attempt += 1) {
      const turn = this.#enter(this.#requests, waiting, '');
      if (!this.#isPumping) void this.#pump(clock);
      await turn;
      try {
        return await send();
      } catch (error) {
        const isThrottled = isAwsCode(error, 'ThrottlingException', 'TooManyRequestsException');
        const isConflict = isAwsCode(error, 'ConflictException') && !waiting.begins;
        if (!isThrottled && !isConflict) throw error;
        const wait = backOff(attempt);
        // Everybody lets AWS breathe for a moment; whoever was refused, for longer.
        if (isThrottled && !waiting.begins)
          this.#pausedUntil = Date.parse(clock.now()) + Math.min(wait, firstWaitMs);
        await clock.sleep(wait, signal);
        if (signal.aborted) throw error;
      }
    }
  }

  /**
   * Work that AWS does in its own time: not before there is room for it, and nothing else is under way on the account.
   * Where somebody else is at work there, others go first for a while.
   */
  async work<T>(waiting: Waiting, account: string, run: () => Promise<T>): Promise<T> {
    const { clock, signal } = waiting.using;
    for (let attempt = 0; ; attempt += 1) {
      const turn = this.#enter(this.#work, waiting, account);
      this.#beginWork();
      await turn;
      let isConflict = false;
      try {
        return await run();
      } catch (error) {
        isConflict = isAwsCode(error, 'ConflictException') && !signal.aborted;
        if (!isConflict) throw error;
      } finally {
        this.#places -= 1;
        if (!isConflict) this.#busyAccounts.delete(account);
        this.#beginWork();
      }
      await clock.sleep(backOff(attempt), signal);
      this.#busyAccounts.delete(account);
    }
  }

  /** Those who change the same permission set do so one by one. */
  inOrder<T>(permissionSet: string, run: () => Promise<T>): Promise<T> {
    return this.#permissionSets.pass(permissionSet, run);
  }

  /**
   * Waits behind all that are as urgent and came before: whoever has begun goes on to the end, rather than all of a
   * crowd to the middle. Throws `Failure` where the caller's time is up first.
   */
  #enter(line: Turn[], { urgency, using: { signal } }: Waiting, account: string): Promise<void> {
    const since = this.#callers.get(signal) ?? (this.#came += 1);
    this.#callers.set(signal, since);
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(outOfTime());
      const leave = (): void => {
        line.splice(line.indexOf(turn), 1);
        reject(outOfTime());
      };
      const begin = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const turn: Turn = { rank: ranks[urgency], since, account, begin };
      signal.addEventListener('abort', leave, { once: true });
      const place = line.findIndex((other) => isBefore(turn, other));
      line.splice(place < 0 ? line.length : place, 0, turn);
    });
  }

  #beginWork(): void {
    while (this.#places < mostOutstanding) {
      const next = this.#work.find(({ account }) => !this.#busyAccounts.has(account));
      if (next === undefined) return;
      this.#work.splice(this.#work.indexOf(next), 1);
      this.#busyAccounts.add(next.account);
      this.#places += 1;
      next.begin();
    }
  }

  /** Who is first is settled when there is room, not when they came. */
  async #pump(clock: WaysOut['clock']): Promise<void> {
    this.#isPumping = true;
    const now = (): Milliseconds => Date.parse(clock.now());
    const bucket = (this.#bucket ??= new Bucket('requests to IAM Identity Center', ssoRate, now()));
    while (this.#requests.length > 0) {
      const wait = Math.max(bucket.holdsAt(1, now()), this.#pausedUntil) - now();
      if (wait > 0) {
        await clock.sleep(wait);
        continue;
      }
      bucket.take(1, now());
      this.#requests.shift()?.begin();
    }
    this.#isPumping = false;
  }
}

function isBefore(one: Turn, other: Turn): boolean {
  return one.rank < other.rank || (one.rank === other.rank && one.since < other.since);
}

/** Longer each time, and never the same for two. */
function backOff(attempt: number): Milliseconds {
  const most = Math.min(longestWaitMs, firstWaitMs * 2 ** attempt);
  return Math.round(most * (0.5 + Math.random() / 2));
}

function outOfTime(): Failure {
  return new Failure('IAM Identity Center is busy, and its limits left no time for this.', {
    transient: true,
  });
}
