// The one way out to Slack for a workspace: people first, within Slack's limits; a limit delays and never loses.
import type { Instant, Milliseconds } from '../../domain/names.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Log } from '../../engine/ports/log.ts';
import { aborted, lostAnswer, readSetback, SlackFailure, tooLate, type Setback } from './failure.ts';
import type { HealthWatch } from './health.ts';
import { SlackBudget, type SlackPace } from './pace.ts';

/** Who goes first: somebody waits for an answer or a form; what is looked up for one; cards; what merely tells. */
export const lanes = ['answer', 'look-up', 'card', 'notice'] as const;
export type SlackLane = (typeof lanes)[number];

export interface SlackCall {
  readonly lane?: SlackLane;
  /** A call that has not left by then is dropped and never sent. */
  readonly notAfter?: Instant;
  /** Drops a waiting call; one under way is given up as a lost answer. */
  readonly signal?: AbortSignal;
}

export interface SlackJob<T> {
  readonly method: string;
  readonly lane: SlackLane;
  /** Calls for the same message, channel or form go one after the other, in their order. */
  readonly address?: string;
  /** The channel that it posts into. */
  readonly channel?: string;
  /** The channel’s name for messages. */
  readonly about?: string;
  /** Doing it twice is doing it once. */
  readonly repeatable: boolean;
  readonly call: SlackCall;
  /** Finds out what to send, each time that it leaves. Its time is not counted as waiting for Slack. */
  prepare?(): Promise<void>;
  /** Performs it once. */
  send(): Promise<T>;
}

interface Waiting {
  readonly job: Omit<SlackJob<unknown>, 'send'>;
  readonly arrival: number;
  readonly arrivedAt: Milliseconds;
  readonly notAfter: Milliseconds;
  notBefore: Milliseconds;
  tries: number;
  /** Sends it; what comes back hands the answer to the caller. */
  send(): Promise<() => void>;
  fail(error: unknown): void;
}

export interface CallQueueParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly pace: SlackPace;
  readonly health: HealthWatch;
  /** The variable that holds the token, for messages. */
  readonly token: string;
}

/** Whoever has waited for so long goes before all who came later, whatever their lane. */
const longEnough: Milliseconds = 30_000;
const backOff: Milliseconds = 500;
/** Where Slack does not say how long. */
const defaultWait: Milliseconds = 30_000;

/**
 * The rules: of those that may go, the first lane's goes, and within a lane the one that came first; calls to one
 * address never overtake one another within a lane; a limit of a method or a channel holds nothing else back.
 */
export class CallQueue {
  readonly #parts: CallQueueParts;
  readonly #budget: SlackBudget;
  readonly #underWay = new Set<Waiting>();
  #waiting: readonly Waiting[] = [];
  #arrivals = 0;
  #alarm = new AbortController();

  constructor(parts: CallQueueParts) {
    this.#parts = parts;
    this.#budget = new SlackBudget(parts.pace);
  }

  /** Resolves with the answer, rejects with a `SlackFailure`, or with what `prepare` threw. */
  run<T>(job: SlackJob<T>): Promise<T> {
    const { method, call } = job;
    if (call.signal?.aborted) return Promise.reject(aborted(method));
    return new Promise<T>((resolve, reject) => {
      const drop = (): void => this.#dropAborted(waiting);
      const leave = (): void => call.signal?.removeEventListener('abort', drop);
      const waiting: Waiting = {
        job,
        arrival: (this.#arrivals += 1),
        arrivedAt: this.#now(),
        notAfter: call.notAfter === undefined ? Infinity : Date.parse(call.notAfter),
        notBefore: 0,
        tries: 0,
        async send() {
          const answer = await job.send();
          return () => {
            leave();
            resolve(answer);
          };
        },
        fail(error) {
          leave();
          reject(error);
        },
      };
      call.signal?.addEventListener('abort', drop, { once: true });
      this.#waiting = [...this.#waiting, waiting];
      this.#pump();
    });
  }

  /** How long that has waited which waits longest to leave; 0 where nothing waits. */
  get longestWait(): Milliseconds {
    const now = this.#now();
    return this.#waiting.reduce((longest, { arrivedAt }) => Math.max(longest, now - arrivedAt), 0);
  }

  #dropAborted(waiting: Waiting): void {
    if (!this.#waiting.includes(waiting)) return;
    this.#waiting = this.#waiting.filter((other) => other !== waiting);
    waiting.fail(aborted(waiting.job.method));
    this.#pump();
  }

  /** Sends all that may go now, and sets the alarm for the next moment at which something may change. */
  #pump(): void {
    const now = this.#now();
    const late = this.#waiting.filter(({ notAfter }) => now > notAfter);
    this.#waiting = this.#waiting.filter(({ notAfter }) => now <= notAfter);
    for (const { job, fail } of late) fail(tooLate(job.method));
    const taken = new Set([...this.#underWay].map(({ job }) => job.address));
    let next = Infinity;
    for (const waiting of this.#inOrder(now)) {
      if (this.#underWay.size >= this.#parts.pace.atOnce) break;
      const { job, notBefore, notAfter } = waiting;
      next = Math.min(next, notAfter + 1);
      if (job.address !== undefined && taken.has(job.address)) continue;
      taken.add(job.address);
      const spending = { method: job.method, channel: job.channel };
      const at = Math.max(notBefore, this.#budget.affordableAt(spending, now));
      if (at <= now) this.#start(waiting, now);
      else next = Math.min(next, at);
    }
    this.#setAlarm(next, now);
  }

  #inOrder(now: Milliseconds): readonly Waiting[] {
    const rank = ({ job, arrivedAt }: Waiting): number =>
      now - arrivedAt >= longEnough ? 0 : lanes.indexOf(job.lane);
    return this.#waiting.toSorted((a, b) => rank(a) - rank(b) || a.arrival - b.arrival);
  }

  #setAlarm(at: Milliseconds, now: Milliseconds): void {
    this.#alarm.abort();
    if (at === Infinity) return;
    const alarm = new AbortController();
    this.#alarm = alarm;
    void this.#parts.clock.sleep(Math.max(1, at - now), alarm.signal).then(() => {
      if (!alarm.signal.aborted) this.#pump();
    });
  }

  #start(waiting: Waiting, now: Milliseconds): void {
    const { method, channel } = waiting.job;
    this.#waiting = this.#waiting.filter((other) => other !== waiting);
    this.#underWay.add(waiting);
    this.#budget.spend({ method, channel }, now);
    void this.#attempt(waiting).then(() => {
      this.#underWay.delete(waiting);
      this.#pump();
    });
  }

  async #attempt(waiting: Waiting): Promise<void> {
    const { job, notAfter } = waiting;
    try {
      await job.prepare?.();
    } catch (error) {
      return waiting.fail(error);
    }
    if (job.call.signal?.aborted) return waiting.fail(aborted(job.method));
    if (this.#now() > notAfter) return waiting.fail(tooLate(job.method));
    try {
      const deliver = await this.#answer(waiting);
      this.#parts.health.noteAnswer();
      deliver();
    } catch (error) {
      const about = job.about === undefined ? {} : { channel: job.about };
      this.#judge(waiting, readSetback(error, { method: job.method, token: this.#parts.token, ...about }));
    }
  }

  /** The answer, or a lost one where it does not come in time or the caller gives up. */
  async #answer({ job: { method, call }, send }: Waiting): ReturnType<Waiting['send']> {
    const { clock, pace } = this.#parts;
    const done = new AbortController();
    const silence = clock.sleep(pace.patience, done.signal).then(() => {
      throw lostAnswer(method, `no answer within ${pace.patience / 1000} s`);
    });
    const givenUp = new Promise<never>((_, reject) => {
      const stop = (): void => reject(new GivenUp(method));
      call.signal?.addEventListener('abort', stop, { once: true, signal: done.signal });
    });
    try {
      return await Promise.race([send(), silence, givenUp]);
    } finally {
      done.abort();
      silence.catch(() => undefined);
    }
  }

  #judge(waiting: Waiting, setback: Setback): void {
    const { job } = waiting;
    const { method, channel } = job;
    const { health, log } = this.#parts;
    const now = this.#now();
    if (setback.type === 'limited') {
      const waitMs = setback.wait ?? defaultWait;
      health.noteAnswer();
      this.#budget.hold({ method, channel }, waitMs, now);
      log.warn('Slack limits us, these calls wait', { method, waitMs });
      this.#again(waiting);
      return;
    }
    const { failure } = setback;
    if (setback.type === 'refused') {
      if (failure.kind === 'refused') health.noteAnswer();
      return waiting.fail(failure);
    }
    // The caller's impatience says nothing about Slack.
    if (!(failure instanceof GivenUp)) health.noteSilence();
    waiting.tries += 1;
    const { signal } = job.call;
    if (!job.repeatable || signal?.aborted || waiting.tries >= this.#parts.pace.tries)
      return waiting.fail(failure);
    waiting.notBefore = now + backOff;
    this.#again(waiting);
  }

  #again(waiting: Waiting): void {
    if (waiting.job.call.signal?.aborted) return waiting.fail(aborted(waiting.job.method));
    this.#waiting = [...this.#waiting, waiting];
  }

  #now(): Milliseconds {
    return Date.parse(this.#parts.clock.now());
  }
}

class GivenUp extends SlackFailure {
  constructor(method: string) {
    super(`Slack, ${method}: given up while waiting for its answer`, { kind: 'lost', transient: true });
  }
}
