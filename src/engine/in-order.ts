// What people said about a request is decided in the order of its receipt, one after the other: what cannot be decided now is not overtaken.
import type { RequestId } from '../domain/names.ts';
import type { Refusal } from '../domain/refusals.ts';
import { createBackOff } from './back-off.ts';
import type { Clock } from './ports/clock.ts';
import type { Envelope } from './ports/store.ts';
import type { Log } from './ports/log.ts';
import type { Turnstile } from './turnstile.ts';

export interface InOrderParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly turnstile: Turnstile;
  /** Throws where it cannot be decided now. The refusal, where one is owed. */
  decide(envelope: Envelope): Promise<Refusal | undefined>;
  /** Whether all it can do is to end access, or what access waits for. */
  isEnding(envelope: Envelope): boolean;
  /** Whether somebody has access by it, or is about to. */
  hasAccess(request: RequestId): Promise<boolean>;
  /** Throws where it cannot be said now. */
  answer(envelope: Envelope, refusal: Refusal): Promise<void>;
  /** Accepted and not yet settled, in order of receipt. */
  waiting(): Promise<readonly Envelope[]>;
}

export interface InOrder {
  /** As soon as all that was said before it is decided. */
  take(envelope: Envelope): void;
  /** Takes up again what could not be decided or answered, ever less often. */
  resume(): Promise<void>;
  /** Resolves once all that was said of it until now is decided, or cannot be. With the last position that was waited for. */
  past(request: RequestId): Promise<number>;
  idle(): Promise<void>;
}

/** What was said of one request and is not decided yet. However much that is, only one decision of it is under way. */
interface Lane {
  readonly request: RequestId;
  /** By their positions, in their order. */
  readonly waiting: Map<number, Envelope>;
  last: number;
  isSorted: boolean;
  /** The decision under way. */
  step?: Promise<boolean>;
  running?: Promise<void> | undefined;
  /** Something was said since the decision under way began. */
  isAskedAgain: boolean;
}

export function createInOrder(parts: InOrderParts): InOrder {
  const { clock, log, turnstile } = parts;
  const backOff = createBackOff();
  const lanes = new Map<RequestId, Lane>();
  const answering = new Map<number, Promise<void>>();

  function take(envelope: Envelope): void {
    const { refusal } = envelope;
    if (refusal === undefined) start(join(envelope));
    else answer(envelope, refusal);
  }

  function join(envelope: Envelope): Lane {
    const { position, request } = envelope;
    const lane = lanes.get(request) ?? newLane(request);
    lanes.set(request, lane);
    if (lane.waiting.has(position)) return lane;
    lane.waiting.set(position, envelope);
    // Only at a start what was said first may be found last.
    lane.isSorted &&= position > lane.last;
    lane.last = Math.max(lane.last, position);
    return lane;
  }

  /** Whoever says something more does not wait for the next tick: what was said before is tried again. */
  function start(lane: Lane): void {
    lane.isAskedAgain = true;
    lane.running ??= run(lane);
  }

  /** Resolves where nothing is left, or the first cannot be decided now: then what follows waits behind it. */
  async function run(lane: Lane): Promise<void> {
    for (let next = firstOf(lane); next !== undefined; next = firstOf(lane)) {
      lane.isAskedAgain = false;
      lane.step = isDecided(lane, next);
      if (await lane.step) continue;
      await decideEndings(lane);
      if (!lane.isAskedAgain) break;
    }
    // Not a moment later: whoever joins now starts it again.
    lane.running = undefined;
    if (lane.waiting.size === 0) lanes.delete(lane.request);
  }

  /** Behind what cannot be decided now: whoever holds up a decision, or an outage that does, must not hold up an end. */
  async function decideEndings(lane: Lane): Promise<void> {
    const endings = [...lane.waiting.values()].slice(1).filter(parts.isEnding);
    for (const ending of endings)
      if (await hasAccess(lane.request)) await isDecided(lane, ending, `end ${ending.position}`);
  }

  async function hasAccess(request: RequestId): Promise<boolean> {
    return parts.hasAccess(request).catch((error: unknown) => {
      log.warn('What waits could not be looked up', { request, error: say(error) });
      return false;
    });
  }

  async function isDecided(
    { request, waiting }: Lane,
    next: Envelope,
    key: string = request,
  ): Promise<boolean> {
    try {
      const refusal = await turnstile.pass(request, () => keepTrying(key, () => decideInTurn(next)));
      waiting.delete(next.position);
      if (refusal !== undefined) answer(next, refusal);
      return true;
    } catch (error) {
      log.warn('A command could not be decided now', { request, error: say(error) });
      return false;
    }
  }

  /** Wishes of one account come one by one: each is judged by how often they have asked. */
  async function decideInTurn(envelope: Envelope): Promise<Refusal | undefined> {
    const { command } = envelope;
    const decide = () => parts.decide(envelope);
    return command.type === 'request'
      ? turnstile.pass(`${command.desk} ${command.flow} ${command.voice.account}`, decide)
      : decide();
  }

  /** Not in turn: an answer may wait for GitHub for long, and a revoke must not wait for an answer. */
  function answer(envelope: Envelope, refusal: Refusal): void {
    const { position, request } = envelope;
    if (answering.has(position)) return;
    const work = keepTrying(answerKey(envelope), () => parts.answer(envelope, refusal))
      .catch((error: unknown) => {
        // It stays waiting, and is taken up again with a later tick.
        log.warn('A refusal could not be told now', { request, error: say(error) });
      })
      .finally(() => answering.delete(position));
    answering.set(position, work);
  }

  async function keepTrying<T>(key: string, work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      backOff.succeeded(key);
      return result;
    } catch (error) {
      backOff.failed(key, clock.now());
      throw error;
    }
  }

  return {
    take,
    async resume() {
      const now = clock.now();
      for (const envelope of await parts.waiting()) {
        const { refusal } = envelope;
        if (refusal === undefined) join(envelope);
        else if (!backOff.isWaiting(answerKey(envelope), now)) answer(envelope, refusal);
      }
      for (const lane of lanes.values())
        if (lane.running === undefined && !backOff.isWaiting(lane.request, now)) start(lane);
    },
    async past(request) {
      const lane = lanes.get(request);
      if (lane === undefined) return Infinity;
      const upTo = lane.last;
      while (lane.running && (firstOf(lane)?.position ?? Infinity) <= upTo) await lane.step;
      return upTo;
    },
    async idle() {
      for (;;) {
        const running = [...lanes.values()].flatMap((lane) => lane.running ?? []);
        if (running.length + answering.size === 0) return;
        await Promise.all([...running, ...answering.values()]);
      }
    },
  };
}

function newLane(request: RequestId): Lane {
  return { request, waiting: new Map(), last: 0, isSorted: true, isAskedAgain: false };
}

function firstOf(lane: Lane): Envelope | undefined {
  if (!lane.isSorted) sort(lane);
  const [first] = lane.waiting.values();
  return first;
}

/** Once for all that joined out of order. */
function sort(lane: Lane): void {
  const sorted = [...lane.waiting].sort(([a], [b]) => a - b);
  lane.waiting.clear();
  for (const [position, envelope] of sorted) lane.waiting.set(position, envelope);
  lane.isSorted = true;
}

function say(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}

function answerKey({ position }: Envelope): string {
  return `answer ${position}`;
}
