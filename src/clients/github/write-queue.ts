// The one way out to GitHub for an installation: revokes first, within GitHub's limits; a limit delays and never loses.
import type { Milliseconds } from '../../domain/names.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Log } from '../../engine/ports/log.ts';
import {
  aborted,
  afterLostTry,
  lostAnswer,
  readSetback,
  tooLate,
  type GitHubFailure,
  type Headers,
  type Setback,
} from './failure.ts';
import { lanes, type Call, type Lane } from './lane.ts';
import { LimitWatch } from './limit-watch.ts';
import { Holds } from './holds.ts';
import { Budget, type Pace } from './pace.ts';
import type { RequestKind } from './request-kind.ts';

export interface Job<T extends { readonly headers: Headers }> {
  readonly lane: Lane;
  readonly kind: RequestKind;
  readonly call: Call;
  /** What must be at hand before it leaves (a token); its time is not counted as waiting for an answer. */
  prepare(): Promise<void>;
  /** Performs it once. */
  send(signal: AbortSignal): Promise<T>;
  /** The token was not accepted: `prepare` is to find another. */
  renew(): void;
}

interface Waiting {
  readonly lane: Lane;
  readonly kind: RequestKind;
  readonly call: Call;
  readonly arrival: number;
  readonly arrivedAt: Milliseconds;
  /** Infinite where it may leave at any time. */
  readonly notAfter: Milliseconds;
  /** The lane's place, or that of a later write to the same address that has to go after it. */
  rank: number;
  notBefore: Milliseconds;
  /** Those that were not answered. */
  tries: number;
  renewed: boolean;
  prepare(): Promise<void>;
  /** Sends it; what comes back hands the answer to the caller. */
  send(signal: AbortSignal): Promise<{ readonly headers: Headers; readonly deliver: () => void }>;
  renew(): void;
  fail(failure: GitHubFailure): void;
}

const ways = ['writes', 'reads'] as const;
type Oldest = { readonly [way in (typeof ways)[number]]: Waiting | undefined };
type Choice = { readonly go: Waiting; readonly oldest: Oldest } | { readonly notBefore: Milliseconds };

/** After so many of other lanes went before the read or write that waits longest, that one is due: no lane starves. */
const mostOvertakes = 20;
/** Being overtaken by a revoke weighs less. */
const weightOf = ({ rank }: Waiting): number => (rank === 0 ? 1 : 5);
const firstBackOff = 1000;

/**
 * The rules, in order:
 * 1. Writes go one at a time; only a revoke does not wait for another lane's write that is under way. Reads go side by side.
 * 2. Of those that may go, the first lane's goes, and within a lane the one that came first.
 * 3. Writes to one address never overtake one another: an earlier one moves up into the later one's lane, and one
 *    that failed is not repeated where one of an earlier lane waits to undo it.
 * 4. A lane leaves a part of the budget to those before it (`pace.ts`).
 * 5. After four overtakes by other lanes, or twenty by revokes, the read or write that waits longest goes next;
 *    revokes alone may still spend what it waits for. A reaction has no such right.
 * 6. While GitHub limits us nothing leaves. Afterwards the first by rule 2 goes alone, then the others.
 */
export class WriteQueue {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #random: () => number;
  readonly #pace: Pace;
  readonly #budget: Budget;
  readonly #holds = new Holds();
  readonly #underWay = new Set<Waiting>();
  /** By rank, then by arrival. */
  #waiting: readonly Waiting[] = [];
  readonly #watch: LimitWatch;
  #arrivals = 0;
  #overtakes = { reads: 0, writes: 0 };
  #alarm = new AbortController();

  constructor(deps: {
    readonly clock: Clock;
    readonly log: Log;
    readonly random: () => number;
    readonly pace: Pace;
  }) {
    this.#clock = deps.clock;
    this.#log = deps.log;
    this.#random = deps.random;
    this.#pace = deps.pace;
    this.#budget = new Budget(deps.pace, this.#now());
    this.#watch = new LimitWatch(deps.log, this.#budget);
  }

  /** Resolves with the answer, rejects with a `GitHubFailure`. */
  run<T extends { readonly headers: Headers }>(job: Job<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const { lane, kind, call } = job;
      const drop = (): void => this.#dropAborted(waiting);
      const done = (): void => call.signal?.removeEventListener('abort', drop);
      const waiting: Waiting = {
        lane,
        kind,
        call,
        arrival: (this.#arrivals += 1),
        arrivedAt: this.#now(),
        notAfter: call.notAfter === undefined ? Infinity : Date.parse(call.notAfter),
        rank: lanes.indexOf(lane),
        notBefore: 0,
        tries: 0,
        renewed: false,
        prepare: () => job.prepare(),
        renew: () => job.renew(),
        send: async (signal) => {
          const answer = await job.send(signal);
          const deliver = (): void => {
            done();
            resolve(answer);
          };
          return { headers: answer.headers, deliver };
        },
        fail: (failure) => {
          done();
          reject(waiting.tries > 0 && failure.kind !== 'lost' ? afterLostTry(failure) : failure);
        },
      };
      if (call.signal?.aborted) return reject(aborted(kind.name));
      call.signal?.addEventListener('abort', drop, { once: true });
      this.#enqueue(waiting);
      this.#pump();
    });
  }

  /** How long that has waited which waits longest to leave; 0 where nothing waits. */
  get longestWait(): Milliseconds {
    const now = this.#now();
    return this.#waiting.reduce((longest, { arrivedAt }) => Math.max(longest, now - arrivedAt), 0);
  }

  #enqueue(job: Waiting): void {
    const sameAddress = [...this.#sameAddress(job), job].sort((a, b) => b.arrival - a.arrival);
    let rank = Infinity;
    for (const write of sameAddress) rank = write.rank = Math.min(write.rank, rank);
    this.#waiting = [...this.#waiting, job].sort((a, b) => a.rank - b.rank || a.arrival - b.arrival);
  }

  #sameAddress({ kind }: Waiting): readonly Waiting[] {
    return kind.address === undefined
      ? []
      : this.#waiting.filter((other) => other.kind.address === kind.address);
  }

  #dropAborted(job: Waiting): void {
    if (!this.#waiting.includes(job)) return;
    this.#waiting = this.#waiting.filter((other) => other !== job);
    job.fail(aborted(job.kind.name));
    this.#pump();
  }

  /** Sends all that may go now, and sets the alarm for the next moment at which something may change. */
  #pump(): void {
    const now = this.#now();
    const late = this.#waiting.filter(({ notAfter }) => now > notAfter);
    this.#waiting = this.#waiting.filter(({ notAfter }) => now <= notAfter);
    for (const { kind, fail } of late) fail(tooLate(kind.name));
    let choice = this.#choose(now);
    while ('go' in choice) {
      this.#start(choice.go, choice.oldest, now);
      choice = this.#choose(now);
    }
    this.#watch.look(this.#waiting, now);
    this.#setAlarm(choice.notBefore, now);
  }

  /** The next to go, or when to look again. */
  #choose(now: Milliseconds): Choice {
    const free = this.#free();
    const times = free.map((job) => Math.max(job.notBefore, this.#holds.freeAt(job.kind.api)));
    const ready = free.filter((_, index) => (times[index] ?? 0) <= now);
    const oldest = { reads: longestWaiting(ready, 'reads'), writes: longestWaiting(ready, 'writes') };
    const due = ways.flatMap((way) => (this.#overtakes[way] >= mostOvertakes ? (oldest[way] ?? []) : []));
    for (const job of [...due, ...ready]) {
      const keepFor = job.rank === 0 ? undefined : due.find((other) => other !== job)?.kind;
      const lane = lanes[job.rank] ?? job.lane;
      const spending = { kind: job.kind, lane, due: due.includes(job), ...(keepFor && { keepFor }) };
      const at = this.#budget.affordableAt(spending, now);
      if (at <= now) return { go: job, oldest };
      times.push(at);
    }
    return { notBefore: Math.min(...times.filter((time) => time > now)) };
  }

  /** Those that have a place to go and no earlier write to the same address before them. */
  #free(): readonly Waiting[] {
    const underWay = [...this.#underWay];
    if (this.#holds.probing && underWay.length > 0) return [];
    const writes = underWay.filter(({ kind }) => !kind.reads);
    const mayRead = underWay.length - writes.length < this.#pace.readsAtOnce;
    const taken = new Set(writes.map(({ kind }) => kind.address));
    return this.#waiting.filter((job) => {
      if (job.kind.reads) return mayRead;
      const { address } = job.kind;
      const blocked = address !== undefined && taken.has(address);
      taken.add(address);
      return !blocked && (job.rank === 0 ? writes.every(({ rank }) => rank > 0) : writes.length === 0);
    });
  }

  #setAlarm(at: Milliseconds, now: Milliseconds): void {
    this.#alarm.abort();
    const next = this.#waiting.reduce((soonest, { notAfter }) => Math.min(soonest, notAfter + 1), at);
    if (next === Infinity) return;
    const alarm = new AbortController();
    this.#alarm = alarm;
    void this.#clock.sleep(Math.max(1, next - now), alarm.signal).then(() => {
      if (!alarm.signal.aborted) this.#pump();
    });
  }

  #start(job: Waiting, oldest: Oldest, now: Milliseconds): void {
    for (const way of ways) {
      if (oldest[way] === job) this.#overtakes[way] = 0;
      else if (oldest[way] && job.rank < oldest[way].rank) this.#overtakes[way] += weightOf(job);
    }
    this.#waiting = this.#waiting.filter((other) => other !== job);
    this.#underWay.add(job);
    this.#budget.spend(job.kind, now);
    void this.#attempt(job, now).then(() => {
      this.#underWay.delete(job);
      this.#pump();
    });
  }

  async #attempt(job: Waiting, sentAt: Milliseconds): Promise<void> {
    try {
      await this.#unlessAborted(job, 'not-sent', this.#inTime(job, job.prepare()));
      if (this.#now() > job.notAfter) throw tooLate(job.kind.name);
      const { headers, deliver } = await this.#answer(job);
      this.#holds.pass(job.kind.api, headers, sentAt, this.#now());
      deliver();
    } catch (error) {
      this.#judge(job, readSetback(error, job.kind.name, this.#now()), sentAt);
    }
  }

  /** What it needs to leave must be there before it is too late. */
  async #inTime({ kind, notAfter }: Waiting, work: Promise<void>): Promise<void> {
    if (notAfter === Infinity) return work;
    const there = new AbortController();
    const late = this.#clock.sleep(notAfter + 1 - this.#now(), there.signal).then(() => {
      throw tooLate(kind.name);
    });
    return Promise.race([work, late]).finally(() => there.abort());
  }

  /** The answer, or a lost one where it does not come in time. */
  async #answer(job: Waiting): ReturnType<Waiting['send']> {
    const giveUp = new AbortController();
    const answered = new AbortController();
    const { patience } = this.#pace;
    const silence = this.#clock.sleep(patience, answered.signal).then(() => {
      throw lostAnswer(job.kind.name, `no answer within ${patience / 1000} s`);
    });
    try {
      return await this.#unlessAborted(job, 'lost', Promise.race([job.send(giveUp.signal), silence]));
    } finally {
      giveUp.abort();
      answered.abort();
    }
  }

  async #unlessAborted<T>(job: Waiting, kind: 'not-sent' | 'lost', work: Promise<T>): Promise<T> {
    const { signal } = job.call;
    if (signal === undefined) return work;
    let stop = (): void => undefined;
    const abortion = new Promise<never>((_, reject) => {
      stop = () => reject(kind === 'lost' ? lostAnswer(job.kind.name, 'aborted') : aborted(job.kind.name));
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
    });
    return Promise.race([work, abortion]).finally(() => signal.removeEventListener('abort', stop));
  }

  #judge(job: Waiting, setback: Setback, sentAt: Milliseconds): void {
    const { name: request, api } = job.kind;
    const now = this.#now();
    if (setback.type === 'limited') {
      const waitMs = this.#holds.hold(api, setback, sentAt, now);
      this.#overtakes = { reads: 0, writes: 0 };
      this.#log.warn('GitHub limits us, requests wait', { request, waitMs, primary: setback.primary });
      return this.#enqueue(job);
    }
    this.#holds.pass(api, {}, sentAt, now);
    if (setback.type === 'unauthorized' && !job.renewed) {
      job.renewed = true;
      job.renew();
      return this.#enqueue(job);
    }
    if (setback.type === 'broken' && this.#mayRepeat(job, setback.failure, now)) {
      this.#log.warn('GitHub did not answer, trying again', { request, tries: job.tries });
      return this.#enqueue(job);
    }
    job.fail(setback.failure);
  }

  /** Sets when it is sent again; false where it must not be: above all it must not come after what undoes it. */
  #mayRepeat(job: Waiting, { retryAfter }: GitHubFailure, now: Milliseconds): boolean {
    job.tries += 1;
    if (!job.kind.repeatable || job.call.signal?.aborted || job.tries >= this.#pace.tries) return false;
    if (this.#sameAddress(job).some(({ rank }) => rank < job.rank)) return false;
    const backOff = firstBackOff * 2 ** (job.tries - 1) * (1 + this.#random() / 2);
    job.notBefore = now + Math.max(backOff, retryAfter ?? 0);
    return job.notBefore <= job.notAfter;
  }

  #now(): Milliseconds {
    return Date.parse(this.#clock.now());
  }
}

function longestWaiting(jobs: readonly Waiting[], way: keyof Oldest): Waiting | undefined {
  let oldest: Waiting | undefined;
  for (const job of jobs)
    if (
      job.lane !== 'reaction' &&
      job.kind.reads === (way === 'reads') &&
      (oldest === undefined || job.arrival < oldest.arrival)
    )
      oldest = job;
  return oldest;
}
